"""Read subjects: what is left when answers, tags and dots are gone."""

import re

from .text import fold, unique, word_set, words

_PREFIX = re.compile(r"^(?:(?:re|tr|fw|fwd|aw|sv|rv|wg|antw|ref)\s*(?:\[\d+\])?\s*:\s*|\[[^\]]{1,40}\]\s*)+")
_CUT = re.compile(r"(?:\.{2,}|…)\s*$")
_FILLERS = word_set(
    """
    de du des d la le les l et un une a au aux en pour par sur the of for and
    """
)
_MOST = 12


def subject_words(subject):
    """Return the words of a subject, without ``Re:``, tags and filler words.

    The half word before trailing dots goes: a cut subject must not contradict the whole one.
    """
    folded = _PREFIX.sub("", fold(subject)).replace("'", " ")
    cut = _CUT.search(folded)
    found = words(folded)
    if cut and len(found) > 1 and not folded[: cut.start()].endswith(" "):
        found = found[:-1]
    return unique(word for word in found if word not in _FILLERS)[:_MOST]
