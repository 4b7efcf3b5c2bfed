"""Compare two lists of words whatever their order: which agree, which nearly, which are left over."""

from dataclasses import dataclass

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from .columns import MISSING
from .first_names import RELATED, are_two

# one slip in a short word or two in a long one: still the same word
ALIKE = 0.72
# one word is the beginning of the other, or a short form of it: "j" for "jean", "rob" or "bob" for "robert"
INITIAL = 0.55
SHORTENED = 0.6
# two known first names: one in two spellings, one short for the other, two that have nothing to do with each other
_RELATED = {True: 0.9, False: SHORTENED, None: 0.0}
_FEW = 200
_GLYPHS_COUNT = 2


@dataclass(slots=True)
class Alignment:
    """For each pair of lists, as arrays: what the words agree on and what is left over.

    ``exact``, ``close``, ``short``, ``initial``: how many words are the same, alike, one short for the other, or
    its first letter; ``crossed``: an initial meets a whole word that it does not stand for: on both sides one does
    ("Anne B.", "Bruno A."), or it follows a word left over ("Anne B. Martin", "Bruno Martin");
    ``bits``: the information of all that agree; ``left``, ``right``: how many words found no partner;
    ``rarity``: the information of the commonest word left over, on the side where it is rarer (0 where no
    word is left on one side); ``similarity``: 0 to 1; ``free_left``, ``free_right``: which words found no partner, a
    row for each pair.
    """

    exact: np.ndarray
    close: np.ndarray
    short: np.ndarray
    initial: np.ndarray
    crossed: np.ndarray
    bits: np.ndarray
    left: np.ndarray
    right: np.ndarray
    rarity: np.ndarray
    similarity: np.ndarray
    free_left: np.ndarray
    free_right: np.ndarray

    @property
    def agreeing(self):
        """How many words agree in any way."""
        return self.exact + self.close + self.short + self.initial


def align(left, right, vocabulary):
    """Return the :class:`Alignment` of two padded matrices of word numbers, row by row.

    Same words are taken first, then alike ones from the most alike down, each word once. Which list is
    left makes no difference.
    """
    has_left, has_right = left != MISSING, right != MISSING
    same = (left[:, :, None] == right[:, None, :]) & has_left[:, :, None]
    matched = same.any(2)
    free_left, free_right = has_left & ~matched, has_right & ~same.any(1)
    bits = vocabulary.bits
    exact = matched.sum(1)
    info = _information(matched, left, vocabulary)
    close, short, initial, alike = *np.zeros((3, len(left)), int), np.zeros(len(left))
    whole_left, whole_right = np.zeros((2, len(left)), bool)
    letters = []
    for row, one, other, value in _partners(left, right, free_left, free_right, vocabulary):
        slip = value >= ALIKE
        close[row] += slip
        letter = value == INITIAL
        short[row] += ~slip & ~letter
        initial[row] += letter
        longer = vocabulary.sizes[left[row, one]] > vocabulary.sizes[right[row, other]]
        whole_left[row] |= letter & longer
        whole_right[row] |= letter & ~longer
        if letter.any():
            letters += [(row[letter & ~longer], one[letter & ~longer], left, free_left)]
            letters += [(row[letter & longer], other[letter & longer], right, free_right)]
        # of two alike words the rarer one is the slip, the commoner one was meant
        info[row] += exactly(value * np.minimum(bits[left[row, one]], bits[right[row, other]]))
        alike[row] += value
    crossed = whole_left & whole_right
    for row, place, words, free in letters:
        before = np.maximum(place - 1, 0)
        crossed[row] |= (place > 0) & free[row, before] & (vocabulary.sizes[words[row, before]] > 1)
    fewer = np.maximum(np.minimum(has_left.sum(1), has_right.sum(1)), 1)
    rest_left, rest_right = (
        np.where(free, bits[words], np.inf).min(1) for free, words in ((free_left, left), (free_right, right))
    )
    rarity = np.maximum(rest_left, rest_right)
    return Alignment(
        exact, close, short, initial, crossed, info, free_left.sum(1), free_right.sum(1),
        np.where(np.isfinite(rarity), rarity, 0), np.minimum((exact + alike) / fewer, 1), free_left, free_right,
    )  # fmt: skip


def _information(matched, left, vocabulary):
    """Return the information of the words that are the same.

    The characters of a name that is written without blanks say as much together as the two rarest of them:
    other names are two words.
    """
    info = np.where(matched, vocabulary.bits[left], 0)
    if vocabulary.glyphs is None:
        return info.sum(1)
    of_glyphs = np.where(vocabulary.glyphs[left], info, 0)
    return (info - of_glyphs).sum(1) + np.sort(of_glyphs, axis=1)[:, -_GLYPHS_COUNT:].sum(1)


def _partners(left, right, free_left, free_right, vocabulary):
    """Yield the best remaining partners, at most one couple of words for each row at a time.

    The words they take are struck out in ``free_left`` and ``free_right``.
    """
    row, one, other = np.nonzero(free_left[:, :, None] & free_right[:, None, :])
    if not len(row):
        return
    first, second = left[row, one], right[row, other]
    value = similarities(first, second, vocabulary)
    kept = value > 0
    row, one, other, value = row[kept], one[kept], other[kept], value[kept]
    tie = (vocabulary.marks[first] ^ vocabulary.marks[second])[kept]
    order = np.lexsort((tie, -value, row))
    row, one, other, value = row[order], one[order], other[order], value[order]
    while len(row):
        best = np.flatnonzero(np.r_[True, row[1:] != row[:-1]])
        taken = row[best], one[best], other[best]
        free_left[taken[0], taken[1]] = free_right[taken[0], taken[2]] = False
        yield (*taken, value[best])
        usable = free_left[row, one] & free_right[row, other]
        row, one, other, value = row[usable], one[usable], other[usable], value[usable]


def similarities(first, second, vocabulary):
    """Return how alike the words numbered ``first[i]`` and ``second[i]`` are; 0 below :data:`ALIKE`."""
    low, high, inverse = distinct(first, second)
    if not len(low):
        return np.zeros(0)
    strings, sizes = vocabulary.strings, vocabulary.sizes
    short, long = np.minimum(sizes[low], sizes[high]), np.maximum(sizes[low], sizes[high])
    result = np.zeros(len(low))
    chosen = np.flatnonzero((short >= ALIKE * long) & (short > 1))
    result[chosen] = edit_similarity(strings[low[chosen]], strings[high[chosen]], ALIKE)
    beginning = vocabulary.initials[low] == vocabulary.initials[high]
    for index in np.flatnonzero(beginning & (result == 0) & (short < long) & (short != 2)):
        one, other = sorted((strings[low[index]], strings[high[index]]), key=len)
        if other.startswith(one):
            result[index] = INITIAL if len(one) == 1 else SHORTENED
    if vocabulary.given is not None:
        _judge_first_names(result, low, high, vocabulary)
    return result[inverse]


def _judge_first_names(result, low, high, vocabulary):
    """Let what is known of first names overrule their letters: Jeanne is no slip of Jean, Bob is Robert."""
    strings = vocabulary.strings
    for index in np.flatnonzero(vocabulary.given[low] & vocabulary.given[high]):
        result[index] = _RELATED[RELATED.get((strings[low[index]], strings[high[index]]))]
    # a name that is not known may be made of the one that is
    for index in np.flatnonzero((vocabulary.given[low] ^ vocabulary.given[high]) & (result >= ALIKE)):
        if are_two(strings[low[index]], strings[high[index]]):
            result[index] = 0


def edit_similarity(first, second, cutoff=0.0):
    """Return 1 - edits / length of each two strings, 0 below ``cutoff``; exchanged letters are one edit."""
    if not len(first):
        return np.zeros(0)
    return cpdist(first, second, scorer=OSA.normalized_similarity, score_cutoff=cutoff, dtype=np.float64)


def distinct(first, second):
    """Return the distinct pairs of numbers, whatever their order, and where each given pair went.

    Of a few numbers repetitions are kept: to look for them would take longer than to compare them twice.
    """
    low, high = np.minimum(first, second), np.maximum(first, second)
    if len(low) < _FEW:
        return low, high, np.arange(len(low))
    pairs, inverse = np.unique(low.astype(np.int64) << 32 | high, return_inverse=True)
    return pairs >> 32, pairs & 0xFFFFFFFF, inverse.reshape(-1)


def exactly(bits):
    """Round to what floating point adds up without error, so that no order of adding makes a difference."""
    return np.round(bits * 1024) / 1024
