"""Bring e-mail addresses to one form, and take names out of them."""

import re
from functools import lru_cache

from rapidfuzz.distance import OSA

from .email_slips import mended_address
from .first_names import KNOWN, are_two, given_and_family
from .providers import LARGE, is_provider
from .surnames import COMMON
from .text import fold, unique, word_set

_DIGITS = re.compile(r"\d+")
_LETTERS = re.compile(r"[^\W\d_]+")
# what needs no mending; anything else is looked at closely
_PLAIN = re.compile(r"[a-z0-9][a-z0-9._+'-]*@(?!www\.)[a-z0-9]+(?:[.-][a-z0-9]+)+")
_ADDRESS = re.compile(r"[^\s<>,;:\"()\[\]@]+@[^\W_][\w.'-]*")
_DOTS = re.compile(r"\.{2,}")
# what clings to an address where several stand together, or where it was copied from a web page
_EDGE = re.compile(r"^(?:[&+/|!?*=.'-]+|(?:www\.)+(?=.))+|[/|=]+$")
_ODD = re.compile(r"\.\.|^www\.|[/|=]$")
_DOTS_IGNORED = frozenset(["gmail.com"])
_SAME = {
    "googlemail.com": "gmail.com",
    "gmail.fr": "gmail.com",
    "gmail.co": "gmail.com",
    "gmail.con": "gmail.com",
}
# from how much of it being the same on a word may be another with slips
_ALIKE = 0.7
# long enough that one slip cannot be another domain that people really use
_CORRECTED = tuple(sorted(domain for domain in LARGE if len(domain) >= 9))


def emails(values):
    """Return the addresses found in ``values``, one for each :func:`mailbox`; machines' are left out.

    Blanks around @ and dots, ``(at)``, ``@@``, ``www.`` and the like are read as what was meant.
    """
    boxes: dict[str, str] = {}
    for address in unique(
        _canonical(address) for value in values if value for address in _found(fold(value))
    ):
        boxes.setdefault(mailbox(address), address)
    return list(boxes.values())


def mailbox(address):
    """Return what all ways to write ``address``, as :func:`emails` gives it, have in common: Gmail ignores dots."""
    local, _, domain = address.rpartition("@")
    return f"{local.replace('.', '')}@{domain}" if domain in _DOTS_IGNORED else address


def _found(folded):
    if not folded:
        return ()
    return (folded,) if _PLAIN.fullmatch(folded) else _ADDRESS.findall(mended_address(folded))


def _canonical(address):
    local, _, domain = address.rpartition("@")
    domain = _domain(domain.strip(".'-"))
    local = _local(local)
    return f"{local[:64]}@{domain}" if domain and local and not is_machine(local) else ""


def _local(local):
    """Return the local part without slips, and without its ``+tag`` unless the tag is all that tells who it is."""
    local = local.strip(".'")
    if not local[:1].isalnum() or not local.isascii() or _ODD.search(local):
        local = _DOTS.sub(".", _EDGE.sub("", local))
    if "+" not in local:
        return local
    name, _plus, tag = local.partition("+")
    return local if is_relay(name, tag) else name


@lru_cache(maxsize=65536)
def _domain(domain):
    """Return the domain, with the usual slips in the names of large providers corrected."""
    domain = _DOTS.sub(".", domain).removeprefix("www.")
    if "xn--" in domain:
        domain = _unicode(domain)
    domain = _SAME.get(domain, domain)[:64]
    if is_provider(domain) or "." not in domain:
        return domain
    near = [known for known in _CORRECTED if OSA.distance(domain, known, score_cutoff=1) <= 1]
    return near[0] if len(near) == 1 else domain


def _unicode(domain):
    try:
        return fold(domain.encode("ascii").decode("idna"))
    except UnicodeError:
        return domain


# mailboxes named after what they are for, not after who reads them
_ROLES = word_set(
    """
    acceuil accounts accueil achat achats admin administration agence amministrazione anfrage annonce architecte
    assistant assistante association atelier atencion auftrag batiment bestellung bienvenue billing bonjour booking
    boutique buero bureau bureauetudes cabinet caisse camping cgt chantier chantiers chauffage chef cheminee cheminees
    client clientele clients commande commandes commerce commercial commerciaux communication compta comptabilite
    comptable conseil conseiller conseillers contact contacts copro copropriete courrier cuisine customer dechets
    demande demandes depannage depot devis dg directeur direction directrice domaine domicile ecole einkauf email
    emploi empfang enquiries enquiry entretien equipe etude etudes expedition expo export facturation facture factures
    fax finance finances formation fournisseurs frontdesk garage general gerance gerant gestion gestionlocative gite
    hello help home hotel hotline immo import info infos information informatique internet job jobs juridique kontakt
    labo livraison location logistique lycee magasin mail maintenance mairie manager marketing materiel media
    menuiserie metre no notaire office onthaal order orders owner paie pao patrimoine patron pedidos personnel
    pharmacie planning poele pose post presse president pro production produits projet projets promo purchase qualite
    quote quotes ramonage rdv reception recrutement regie reklamation reparation reply reservation residence
    restaurant rh sales salle sav secretaire secretariat service services shop showroom siege site social solution
    solutions standard station stock store studio support syndic tableau team technico technik technique technicien
    transport travaux tresorerie ufficio urbanisme usine vendite vente ventas ventes verkauf verkoop versand
    vertrieb verwaltung voirie web webmaster welcome werkstatt workshop zentrale
    """
)
# below that many letters a word may be anything
_SHORTEST_NAME = 4
# mailboxes of a marketplace that pass messages on: which of its users it is, only the tag tells
_RELAYS = word_set(
    """
    annonce annonces chat client conversation conversations forward inbound lead leads member membre message
    messagerie messages messaging msg post relais relay reply replies reponse reponses thread ticket user users
    """
)
# mailboxes that nobody reads, or from which mail for everybody comes
_MACHINE = re.compile(
    r"(?:(?:no|not?|do|dont|don't|ne|nepas|pas|sans|kein|keine|nicht|non|nao|niet|de)[._-]?){1,4}"
    r"(?:reply|replies|respond|response|repondre|repondez|reponse|antwort|antworten|responder|responda|respuesta"
    r"|rispondere|risposta|resposta|beantwoorden)\b.*"
    r"|(?:auto[._-]?(?:reply|mailer|responder|mate|matic)|automated?|bounces?|daemon|mailer(?:[._-]?daemon)?|nobody"
    r"|notifications?|notify|notifier|notif|postmaster|robot|root|system|web-?forms?|wordpress|www-?data)"
    r"(?![^\W\d_]).*"
)


def is_machine(local):
    """Tell whether the local part of an address is a machine's: whoever has it in common has nothing in common."""
    return _MACHINE.fullmatch(local) is not None


def is_relay(name, tag):
    """Tell whether an address ``name+tag@`` is one person's by its tag: a mailbox that passes messages on.

    Such a tag was made by a program; one that a person adds (``contact+devis@``) says what for, not who.
    """
    parts = _LETTERS.findall(name)
    if not tag or not parts:
        return False
    return not _RELAYS.isdisjoint(parts) or (not _ROLES.isdisjoint(parts) and any(map(str.isdigit, tag)))


def is_tagged(address):
    """Tell whether ``address``, as :func:`emails` gives it, tells persons apart by its tag only."""
    return "+" in address


def alias_words(addresses):
    """Return the words of a name that the first of ``addresses`` seems to be made of, if any."""
    return _words_of(addresses.partition(" ")[0].partition("@")[0])


def _words_of(local):
    found = _LETTERS.findall(local)
    if "+" in local or not _ROLES.isdisjoint(found):
        return []
    return given_and_family(found[0]) if len(found) == 1 else found[:4]


def names_somebody(words):
    """Tell whether the words of an address are somebody's name: a first name or initial, and another word."""
    given = [word for word in words if word in KNOWN or len(word) == 1]
    return bool(given) and len(words) > 1 and any(len(word) > 2 for word in words)


def made_of(letters, names):
    """Tell whether the letters of an address are two of ``names``, or one and an initial, in any order."""
    return any(
        letters in (one + other, one + other[0], one[0] + other)
        for one in names
        for other in names
        if one is not other and (len(one) > 2 or len(other) > 2) and len(letters) > 3
    )


def is_a_name(word, firm, domain):
    """Tell whether the one word of an address at a firm is a name, of somebody there: a known one, maybe an initial.

    It is not what the firm or its domain is called.
    """
    if word in firm.replace(" ", "") or word in domain:
        return False
    # the name with an initial before it: mthomas
    return any(len(name) >= _SHORTEST_NAME and (name in KNOWN or name in COMMON) for name in (word, word[1:]))


def may_be(word, name):
    """Tell whether the one word of an address may be made of ``name``, with slips, cut short, or with an initial."""
    parts = name.split()
    # a first name and a surname may be one person's, written in part
    if len(parts) == 1 and (name[0] in (word[0], word[-1]) or (name in KNOWN) != (word in KNOWN)):
        return True
    cuts = (word, word[1:], word[:-1])
    return any(
        word[:3] == part[:3]
        or word in part
        or any(OSA.normalized_similarity(cut, part) >= _ALIKE for cut in cuts)
        for part in (*parts, "".join(parts))
    )


def of_two_people(first, second):
    """Tell whether two addresses that look alike are two people's: of two first names, or two numbers of one name."""
    one, other = (address.partition("@")[0] for address in (first, second))
    if _LETTERS.findall(one) == _LETTERS.findall(other) and one != other:
        return any(map(str.isdigit, one + other)) and _DIGITS.findall(one) != _DIGITS.findall(other)
    words, others = _words_of(one), _words_of(other)
    left, right = set(words) - set(others), set(others) - set(words)
    return any(are_two(mine, theirs) for mine in left for theirs in right)


def email_words(addresses):
    """Return the words that the local parts of ``addresses`` (parted by spaces) are made of."""
    return [
        word
        for address in addresses.split()
        for word in _LETTERS.findall(address.partition("@")[0])
        if word[2:]
    ]
