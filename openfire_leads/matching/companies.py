"""Read companies' names: legal forms and filler words say nothing about who it is."""

import re

from .company_forms import spelled_out
from .scripts import parted, without_legal_form
from .text import fold, unique, word_set, words

LEGAL_FORMS = word_set(
    """
    sa sas sasu sarl eurl ei eirl sci scp scm scea snc selarl selas scop gie gaec earl asso
    association associates associes ets etablissement etablissements ste societe cie compagnie entreprise auto micro
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
# a site's name is the company's: x.com, www.x.fr; "ets.de France" is none
_SITE = re.compile(
    r"\bhttps?://|\bwww\.|(?<=[^\W_])\.(?:(?:com|net|org|biz|info|eu)(?:\.[a-z]{2})?|co\.[a-z]{2}|fr)(?![\w.]*\w)"
    r"|(?<=[^\W_]{3})\.(?:at|au|be|ca|ch|cz|de|dk|es|ie|io|it|lu|nl|pl|pro|pt|re|se|uk|us)(?=\W*$)"
)
# int'l, nat'l, gov't, ass'n
_ELIDED = re.compile(r"(?<=[a-z]{2})'(?=[lnt]\b)")
_MOST = 8


def company_words(name):
    """Return the words of a company's name that identify it, without legal form and filler words.

    Abbreviations are written out, a site's name is without its ending. When nothing else is left
    (a company called ``La Compagnie``) all words stay.
    """
    folded = without_legal_form(fold(name))
    if "." in folded or "://" in folded:
        folded = _SITE.sub(" ", folded)
    if "'" in folded:
        folded = _ELIDED.sub("", folded)
    found = unique(parted(spelled_out(words(folded))))
    if _NOTHING.issuperset(found):
        return []
    if len(found) > 1 and found[0] in _TOWN_HALL:
        found = unique(["mairie", *found[1:]])
    return ([word for word in found if word not in LEGAL_FORMS and word not in _FILLERS] or found)[:_MOST]
