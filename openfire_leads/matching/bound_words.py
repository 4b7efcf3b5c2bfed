"""Which words may be alike, told by numbers; how much the words that two lists may have in common can say."""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

import numpy as np

from .align import ALIKE
from .columns import MISSING
from .first_names import FAMILIES
from .signs import COUPLES_OF_AN_EDIT, LETTERS_OF_AN_EDIT, bit_count, signs

# steps of a bit in which weights are looked up
_STEPS = 4


class Meeting(NamedTuple):
    """How two lists of words may meet, as arrays.

    ``some``: whether any words may; ``met``: how many words on the left may at most; ``left``, ``right``: whether one
    is surely left over on either side; ``bits``: the most information of those that may; ``own``: the same where a
    word may stand on the left twice, and counts twice.
    """

    some: np.ndarray
    met: np.ndarray
    left: np.ndarray
    right: np.ndarray
    bits: np.ndarray
    own: np.ndarray


class _Words(NamedTuple):
    """One word of each pair, on one side: its number (negative where there is none), and what is known of it."""

    numbers: np.ndarray
    letters: np.ndarray
    sizes: np.ndarray
    initials: np.ndarray
    families: np.ndarray

    def at(self, rows):
        return _Words(*(part[rows] for part in self))


class WordSigns:
    """What tells that two words are not alike: signs, lengths, first letters, and what is known of first names."""

    def __init__(self, vocabulary):
        strings = vocabulary.strings
        self.letters, self.couples = signs(strings)
        self.sizes, self.initials = vocabulary.sizes.astype(np.int16), vocabulary.initials.astype(np.int32)
        self.bits, self.families = vocabulary.bits.astype(np.float32), _families(vocabulary)
        longest = int(self.sizes.max(initial=0))
        self.edits = np.floor((1 - ALIKE) * np.arange(longest + 1) + 1e-6).astype(np.int16)

    def meet(self, words, others):
        """Return the :class:`Meeting` of lists of words: a row of word numbers for each pair on either side."""
        size = len(words)
        left, right = self._columns(words), self._columns(others)
        partner, partner_too = np.zeros((len(left), size), bool), np.zeros((len(right), size), bool)
        for (place, one), (place_too, other) in product(enumerate(left), enumerate(right)):
            at = np.flatnonzero((one.numbers | other.numbers) >= 0)
            if 4 * len(at) > 3 * size:
                alike = self._may_be_alike(one, other) & ((one.numbers | other.numbers) >= 0)
                partner[place] |= alike
                partner_too[place_too] |= alike
            elif len(at):
                at = at[self._may_be_alike(one.at(at), other.at(at))]
                partner[place, at] = True
                partner_too[place_too, at] = True
        own, theirs = self._bits_of(left, partner), self._bits_of(right, partner_too)
        count = np.zeros(size, np.int8)
        for which in partner:
            count += which
        return Meeting(
            count > 0,
            count,
            _left_over(left, partner),
            _left_over(right, partner_too),
            np.minimum(own, theirs),
            own,
        )

    def _columns(self, words):
        columns = []
        for place in range(words.shape[1]):
            numbers = np.ascontiguousarray(words[:, place])
            if not (numbers >= 0).any():
                break
            parts = (self.letters, self.sizes, self.initials, self.families)
            columns.append(_Words(numbers, *(part[numbers] for part in parts)))
        return columns

    def _may_be_alike(self, one, other):
        """Tell which words are the same, or may be alike for ``align``."""
        edits = self.edits[np.maximum(one.sizes, other.sizes)]
        alike = bit_count(one.letters ^ other.letters) <= LETTERS_OF_AN_EDIT * edits
        same = one.numbers == other.numbers
        at = np.flatnonzero(alike & ~same)
        couples = self.couples[one.numbers[at]] ^ self.couples[other.numbers[at]]
        alike[at] = bit_count(couples) <= COUPLES_OF_AN_EDIT * edits[at]
        # one may be the beginning of the other
        at = np.flatnonzero((one.initials == other.initials) & ~alike)
        first, second = one.letters[at], other.letters[at]
        common = first & second
        alike[at] = (common == first) | (common == second)
        given = np.flatnonzero(one.families * other.families)
        alike[given] = one.families[given] == other.families[given]
        return alike | same

    def _bits_of(self, columns, chosen):
        total = np.zeros(chosen.shape[1], np.float32)
        for one, which in zip(columns, chosen, strict=True):
            total += self.bits[one.numbers] * which
        return total


def _left_over(columns, partner):
    found = np.zeros(partner.shape[1], bool)
    for one, met in zip(columns, partner, strict=True):
        found |= (one.numbers >= 0) & ~met
    return found


def _families(vocabulary):
    """Return a number for each word: the same for first names that may be one person's, 0 for no first name."""
    found = np.zeros(len(vocabulary.strings), np.int32)
    for index in np.flatnonzero(vocabulary.given) if vocabulary.given is not None else ():
        found[index] = FAMILIES.get(vocabulary.strings[index], -1 - index)
    return found


def grid(most):
    """Return the numbers of bits up to ``most`` for which weights are kept, to be looked up by :func:`step`."""
    return np.arange(_STEPS * (int(most) + 2)) / _STEPS


def step(bits):
    """Return the place in :func:`grid` of ``bits``, rounded up."""
    return np.ceil(bits * _STEPS).astype(np.int32)


def totals(column):
    """Return how much information the words of each string are together."""
    return np.where(column.words == MISSING, 0, column.vocabulary.bits[column.words]).sum(1)
