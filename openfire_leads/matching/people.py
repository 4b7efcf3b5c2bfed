"""Read people's names: order, titles, particles, couples, mail clients' sender names."""

import re

from .first_names import KNOWN
from .scripts import parted, without_honorific
from .text import fold, unique, word_set, words

TITLES = word_set(
    """
    m mr mme mlle mm mmes mrs ms miss monsieur madame mademoiselle messieurs mesdames messrs sir dr
    docteur doctor me maitre pr prof professeur professor herr frau sr sra srta sig don dona famille
    family familie fam epoux epouse mariage veuve vve et and und y ou or via
    """
)
# what a company's name hardly ever begins with
_ADDRESSED = word_set(
    """
    m mr mme mlle mm mmes mrs ms miss monsieur madame mademoiselle messieurs mesdames famille herr frau
    """
)
_DROPPED = word_set(
    """
    de d von zu of the
    """
)
_GLUED = word_set(
    """
    le la les du des van den der el al ben da dos di del della mc mac o san saint sainte
    """
)
_SAINTS = {"st": "saint", "ste": "sainte"}
# what stands in a contact's field where nobody is named
_NOBODY = word_set(
    """
    a accountant accounting accounts accueil achat achats acheteur acheteuse adjoint adjointe admin administrateur
    administration administrator affaires agence anonyme anonymous applicable architecte assistant assistante aucun
    aucune autre available bureau chantier client clients commercial commerciale communique completer compta
    comptabilite concierge conducteur conductrice confirm confirmed confirmer connu contact coproprietaire
    coproprietaires copropriete coproprietes current customer daffaires demande departement department dept devis
    directeur direction directrice email employe employee entrant entrante facebook formulaire fourni fournie
    gerant gerante gestion gestionnaire google homeowner hotline householder hr humaines incoming inconnu inconnue
    indique indiquee info instagram intern internaute interne internet leasing linkedin locataire magasin mail
    management manager marketing message messagerie messages messenger n na nc neant nom non none notification
    nouvel nouvelle nr nsp null occupant occupier office owner particulier payable personne precise precisee prenom
    procurement proprietaire prospect provided purchase purchasing quelqu reception receptionist renseigne
    renseignee renseigner repondeur resident resources responsable ressources rh rien sait sans secretaire
    secretariat service services site sortant staff standard syndic syndical syndicale syndicat tba tbc tbd
    technicien technicienne technique telephone telephonique tenant test testing tests travaux un unassigned
    undefined une unknown unnamed user utilisateur vente ventes visiteur visitor vocal vocale voicemail webform
    webmaster website whatsapp x xx xxx xxxx zz
    """
)
# beside such words only, for some are surnames: "M. Conseil", "Le", "Nouveau"
_BESIDE = word_set(
    """
    appel au aux be c call caller cf charge chargee chef comme conseil d dans de des desk du en entree et first for
    form from front general generale guest human in is l la last le lead les maire missing name ne new no not notes
    notre nouveau of on page par pas pour request responsables sales sav sur the to voir votre web your
    """
)
# of such words alone
_NOBODY_AT_ALL = frozenset(
    [
        "a rappeler", "appel manque", "front desk", "first name", "last name", "n c", "n d", "n r", "new lead",
        "no name", "voir note", "voir notes", "your name",
    ]
)  # fmt: skip
# before a surname and nothing else: a family's, mostly written in its address (les.martin@)
_FAMILIES = word_set(
    """
    les maison foyer chez
    """
)
# of two people of one name: which of the two
_GENERATIONS = {
    "sr": "/1", "senior": "/1", "pere": "/1", "mere": "/1", "jr": "/2", "junior": "/2", "fils": "/2", "fille": "/2",
    "ii": "/2", "iii": "/3", "1": "/1", "2": "/2", "3": "/3",
}  # fmt: skip
# such words are surnames and initials too: they only count after a whole name
_ELDER = {"aine": "/1", "ainee": "/1", "i": "/1", "cadet": "/2", "cadette": "/2"}
_GENERATION_ASIDE = re.compile(
    r"\((sr|jr|senior|junior|pere|mere|fils|fille|ainee?|cadet(?:te)?|ii?|1|2|3)\.?\)"
)
# letters that make no word: JL, for Jean-Luc
_TWO_INITIALS = re.compile(r"(?!ng)[bcdfghjklmnpqrstvwxz]{2}")
# in all that stands aside: quicker to look for
_MAYBE_ASIDE = re.compile(r"[(<\[]|via|part|p/o")
_ASIDE = re.compile(r"\([^)]*\)|<[^>]*>|\[[^\]]*\]|\bvia\b.*|\bde la part de\b|\bp/o\b")
_DEVICE = re.compile(
    r"^(?:envoye )?(?:de (?:mon|l')? ?)?(?:i?phone|ipad|mobile|pc|mac|samsung)[\w ]* (?:de|d'|of) ?"
)
_DIGITS = re.compile(r"\d+")
_MOST = 6


def person_words(name):
    """Return the words of a person's name that identify somebody, in the order written.

    Titles and words for a couple go, an article sticks to the name it belongs to (``le goff`` is
    ``legoff``), digits go. A name that is an e-mail address gives the words of its local part. A name in Chinese
    characters or Korean syllables gives each of them, since it is written with a blank or without. What tells
    father from son (``Jr``, ``père``, ``2``) comes last, marked with ``/``. Who is named by a service or by
    "unknown" is nobody.
    """
    folded = fold(name)
    if not folded:
        return []
    kept = folded
    if _MAYBE_ASIDE.search(kept):
        kept = _ASIDE.sub(" ", _GENERATION_ASIDE.sub(r" \1 ", kept))
    kept = kept.strip(" \"'") or folded
    if device := _DEVICE.match(kept):
        kept = kept[device.end() :]
    if "@" in kept:
        kept = kept.split("@", 1)[0]
    found, generation = _without_generation(words(kept.replace("'", "").replace(".", ". ")))
    if _DIGITS.search(kept):
        found = words(_DIGITS.sub(" ", " ".join(found)))
    found = [word for index, word in enumerate(found) if word not in TITLES or (word == "m" and index)]
    if len(found) == 2 and found[0] in _FAMILIES:
        del found[0]
    if _names_nobody(found):
        return []
    if not folded.isascii():
        found = parted(list(filter(None, map(without_honorific, found))))
    found = [letter for word in found for letter in (word if _is_initials(word) else [word])]
    return unique(_glue(found))[: _MOST - len(generation)] + generation


def _names_nobody(found):
    """Tell whether the words are a service, a form's text or "unknown", not somebody's name."""
    if not found or " ".join(found) in _NOBODY_AT_ALL:
        return True
    told = [word for word in found if word not in _BESIDE]
    return bool(told) and _NOBODY.issuperset(told)


def _without_generation(found):
    """Return the words without the one that tells father from son, and its mark; a number only counts at the end."""
    for index, word in enumerate(found[1:], 1):
        if word in _GENERATIONS and (not word.isdigit() or index == len(found) - 1):
            return found[:index] + found[index + 1 :], [_GENERATIONS[word]]
    *name, last = found or [""]
    # "Jean Paul Cadet" is called Cadet
    if last in _ELDER and len(name) > 1 and not KNOWN.issuperset(name):
        return name, [_ELDER[last]]
    return found, []


def _glue(found):
    """Join articles to what follows and drop nobiliary particles, unless nothing else is left."""
    result, pending = [], ""
    for short in found:
        word = _SAINTS.get(short, short)
        if word in _DROPPED and len(found) > 1:
            continue
        if word in _GLUED:
            pending += word
            continue
        result.append(pending + word)
        pending = ""
    if pending:
        result.append(pending)
    return result


def _is_initials(word):
    return (
        len(word) == 2
        and word not in _GLUED
        and word not in _SAINTS
        and _TWO_INITIALS.fullmatch(word) is not None
    )


def addresses_somebody(name):
    """Tell whether a name typed as a company's is a person's: it begins with a title, "M. et Mme Roux"."""
    found = words(fold(name)[:40])
    return len(found) > 1 and found[0] in _ADDRESSED
