"""Read people's names: order, titles, particles, couples, mail clients' sender names."""

import re

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
    le la les du des van den der el al ben da dos di del della mc mac o san st saint
    """
)
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
    characters or Korean syllables gives each of them, since it is written with a blank or without.
    """
    folded = fold(name)
    if not folded:
        return []
    kept = _ASIDE.sub(" ", folded).strip(" \"'")
    kept = _DEVICE.sub("", kept or folded)
    if "@" in kept:
        kept = kept.split("@", 1)[0]
    found = words(_DIGITS.sub(" ", kept).replace("'", "").replace(".", ". "))
    found = [word for index, word in enumerate(found) if word not in TITLES or (word == "m" and index)]
    if not folded.isascii():
        found = parted(list(filter(None, map(without_honorific, found))))
    return unique(_glue(found))[:_MOST]


def _glue(found):
    """Join articles to what follows and drop nobiliary particles, unless nothing else is left."""
    result, pending = [], ""
    for word in found:
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


def addresses_somebody(name):
    """Tell whether a name typed as a company's is a person's: it begins with a title, "M. et Mme Roux"."""
    found = words(fold(name)[:40])
    return len(found) > 1 and found[0] in _ADDRESSED
