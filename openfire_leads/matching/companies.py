"""Read companies' names: legal forms and filler words say nothing about who it is."""

from .scripts import parted, without_legal_form
from .text import fold, unique, word_set, words

LEGAL_FORMS = word_set(
    """
    sa sas sasu sarl eurl ei eirl sci scp scm scea snc selarl selas scop gie gaec earl asso
    association ets etablissement etablissements ste societe cie compagnie entreprise auto micro
    groupe group holding ltd limited llc llp lp inc incorporated corp corporation co company plc pty
    gmbh mbh ag kg ohg ug gbr ek se bv nv vof srl spa sl slu sprl bvba asbl sàrl oy oyj ab as asa
    aps a/s kft lda ltda sp zoo doo sro
    """
)
_FILLERS = word_set(
    """
    de du des d la le les l et and & of the a au aux en und der die das chez
    """
)
# what stands in a company's field where there is none
_NOTHING = word_set(
    """
    aucun aucune inconnu inconnue na nc neant non none null particulier particuliers prive renseigne renseignee
    rien sans test tests xx xxx xxxx
    """
)
# who runs a town is called by several words
_TOWN_HALL = frozenset(["mairie", "ville", "commune", "municipalite"])
_MOST = 8


def company_words(name):
    """Return the words of a company's name that identify it, without legal form and filler words.

    When nothing else is left (a company called ``La Compagnie``) all words stay.
    """
    found = unique(parted(words(without_legal_form(fold(name)))))
    if _NOTHING.issuperset(found):
        return []
    if len(found) > 1 and found[0] in _TOWN_HALL:
        found = unique(["mairie", *found[1:]])
    return ([word for word in found if word not in LEGAL_FORMS and word not in _FILLERS] or found)[:_MOST]
