"""Columns of strings as numbers: each distinct string is looked at once, however many records have it."""

from __future__ import annotations

from collections import defaultdict
from copy import copy
from functools import cached_property
from itertools import count
from zlib import crc32

import numpy as np

from .first_names import KNOWN, known_by
from .scripts import in_latin, is_glyph, script_of

MISSING = -1
_MOST_IN_LATIN = 8


def numbering() -> dict[str, int]:
    """Return a dictionary that gives each new text the next number."""
    return defaultdict(count().__next__)


class Vocabulary:
    """Distinct strings, numbered, with the information in bits of each.

    :param kind: a kind of term (see ``frequency.KINDS``), empty where frequency does not matter
    :param counted_as: function giving the value by which the frequency of a string is known
    """

    def __init__(self, kind, statistics, counted_as=str):
        self.kind, self.statistics, self.counted_as = kind, statistics, counted_as
        self.numbers = numbering()
        # the number of a text, a new one when it is new
        self.number = self.numbers.__getitem__

    @cached_property
    def strings(self):
        """The strings in order of their numbers, one unused at the end for :data:`MISSING` to point at."""
        return np.array([*self.numbers, ""], dtype=object)

    @cached_property
    def bits(self):
        """How much information each string is; 0 where frequency does not matter."""
        if not self.kind:
            return np.zeros(len(self.strings))
        return np.append(self.statistics.bits(self.kind, map(self.counted_as, self.numbers)), 0.0)

    @cached_property
    def sizes(self):
        """The length of each string."""
        return np.fromiter(map(len, self.strings), dtype=np.int32, count=len(self.strings))

    @cached_property
    def initials(self):
        """The first character of each string, as a number."""
        return np.fromiter(
            (ord(text[0]) if text else 0 for text in self.strings), np.int32, len(self.strings)
        )

    @cached_property
    def digits(self):
        """Which strings are numbers."""
        return np.array([text.isdigit() for text in self.strings])

    @cached_property
    def glyphs(self):
        """Which strings are one Chinese character or Korean syllable; ``None`` where none is."""
        if all(map(str.isascii, self.numbers)):
            return None
        found = [is_glyph(text) for text in self.strings]
        return np.array(found) if any(found) else None

    @cached_property
    def given(self):
        """Which strings are no slip of another: known first names, what tells father from son, Chinese characters.

        ``None`` where the strings are no words of names.
        """
        if self.kind != "n":
            return None
        found = np.array([text in KNOWN or text.startswith("/") for text in self.strings])
        return found if self.glyphs is None else found | self.glyphs

    @cached_property
    def named(self):
        """Which strings are first names for all one can tell: those of :attr:`given`, and what is made of them."""
        made = np.fromiter((bool(known_by(text)) for text in self.strings), bool, len(self.strings))
        return self.given | made

    @cached_property
    def marks(self):
        """A number for each string, the same in every table: it breaks ties always the same way."""
        marks = (crc32(text.encode("utf-8", "replace")) for text in self.strings)
        return np.fromiter(marks, dtype=np.int64, count=len(self.strings))


class Column:
    """Strings of words: the number of each record's string, and the numbers of each string's words.

    :param texts: the string of each record
    :param most: so many words of each string at most; 0 where only the whole string counts
    """

    def __init__(self, texts, vocabulary, most):
        numbers = numbering()
        numbers[""] = MISSING
        self.ids = np.fromiter(map(numbers.__getitem__, texts), np.int32)
        del numbers[""]
        # the distinct ones, in order of their numbers
        self.texts = list(numbers)
        self.vocabulary = vocabulary
        if most:
            self.words = self._words(most)

    def _words(self, most):
        if not self.texts:
            return np.full((1, 1), MISSING, np.int32)
        counts = np.fromiter((text.count(" ") + 1 for text in self.texts), np.int64, len(self.texts))
        words = " ".join(self.texts).split(" ")
        numbers = np.fromiter(map(self.vocabulary.number, words), np.int32, len(words))
        place = np.arange(len(numbers)) - np.repeat(np.cumsum(counts) - counts, counts)
        found = np.full((len(counts) + 1, min(int(counts.max()), most)), MISSING, np.int32)
        used = place < most
        found[np.repeat(np.arange(len(counts)), counts)[used], place[used]] = numbers[used]
        return found

    @cached_property
    def strings(self):
        """The distinct strings in order of their numbers, an empty one at the end."""
        return np.array([*self.texts, ""], dtype=object)

    def in_latin(self):
        """Return the same column in Latin letters."""
        if self.only_latin:
            return self
        return Column([in_latin(text) for text in self.strings], self.vocabulary, _MOST_IN_LATIN).of(self.ids)

    def of(self, records):
        """Return the column in which record ``i`` has the string that record ``records[i]`` of this one has."""
        column = copy(self)
        column.ids = self.ids[records]
        return column

    def at(self, records, size):
        """Return the column of ``size`` records in which record ``records[i]`` has the string of record ``i``."""
        column = copy(self)
        column.ids = np.full(size, MISSING, np.int32)
        column.ids[records] = self.ids
        return column

    def first(self, most):
        """Return the column with so many words of each string at most."""
        column = copy(self)
        column.words = self.words[:, :most]
        return column

    def without(self, records):
        """Return the column in which these records have no string."""
        column = copy(self)
        column.ids = self.ids.copy()
        column.ids[records] = MISSING
        return column

    @cached_property
    def scripts(self):
        """The scripts of each string, as bits."""
        return np.fromiter(map(script_of, self.strings), np.int32, len(self.strings))

    @cached_property
    def only_latin(self):
        """Whether no string is in another script, which is quickly told."""
        return all(map(str.isascii, self.strings))

    @cached_property
    def counts(self):
        """How many words each string has."""
        return (self.words != MISSING).sum(1)

    @cached_property
    def sizes(self):
        """How many letters each string has, without the blanks."""
        lengths = np.fromiter(map(len, self.strings), np.int32, len(self.strings))
        return lengths - np.maximum(self.counts - 1, 0)

    def foreign(self, left, right, other=None):
        """Return for which pairs both records have a string, in scripts that have no letter in common.

        :param other: the column of ``right``, where it is another one
        """
        other = other or self
        if self.only_latin and other.only_latin:
            return np.zeros(len(left), bool)
        first, second = self.scripts[self.ids[left]], other.scripts[other.ids[right]]
        return (first != 0) & (second != 0) & (first & second == 0)

    def both(self, left, right):
        """Return for which pairs both records have a string, and the strings' numbers there."""
        first, second = self.ids[left], self.ids[right]
        rows = np.flatnonzero((first != MISSING) & (second != MISSING))
        return rows, first[rows], second[rows]


class Either(Column):
    """The string of one column, or else that of another."""

    def __init__(self, first, second):
        self.vocabulary = first.vocabulary
        others = np.where(second.ids == MISSING, MISSING, second.ids + len(first.words) - 1)
        self.ids = np.where(first.ids == MISSING, others, first.ids).astype(np.int32)
        self.parts = first, second
        width = max(part.words.shape[1] for part in self.parts)
        self.words = np.full((len(first.words) + len(second.words) - 1, width), MISSING, np.int32)
        self.words[: len(first.words) - 1, : first.words.shape[1]] = first.words[:-1]
        self.words[len(first.words) - 1 :, : second.words.shape[1]] = second.words

    @cached_property
    def strings(self):
        first, second = self.parts
        return np.append(first.strings[:-1], second.strings)

    def in_latin(self):
        return self if self.only_latin else Either(*(part.in_latin() for part in self.parts))


class Joined(Column):
    """The words of two columns, those of one before those of the other, so many at most."""

    def __init__(self, first, second, most):
        self.vocabulary, self.parts = first.vocabulary, (first, second)
        # the last string of each is none
        height, width = len(first.words), len(second.words)
        pairs = (first.ids % height).astype(np.int64) * width + second.ids % width
        distinct, numbers = np.unique(np.append(pairs, height * width - 1), return_inverse=True)
        self.ids = np.where(numbers == len(distinct) - 1, MISSING, numbers)[:-1].astype(np.int32)
        self.chosen = distinct // width, distinct % width
        words = np.hstack([part.words[chosen] for part, chosen in zip(self.parts, self.chosen, strict=True)])
        order = np.argsort(words == MISSING, axis=1, kind="stable")[:, :most]
        self.words = np.take_along_axis(words, order, 1)

    @cached_property
    def strings(self):
        pairs = zip(
            *(part.strings[chosen] for part, chosen in zip(self.parts, self.chosen, strict=True)), strict=True
        )
        return np.array([f"{one} {other}".strip() for one, other in pairs], dtype=object)

    @cached_property
    def only_latin(self):
        return all(part.only_latin for part in self.parts)
