"""The most that levels of a model weigh, and the values of records by which that is looked up."""

from __future__ import annotations

from collections import defaultdict
from itertools import product

import numpy as np

from .compare_contacts import ONE_NUMBER
from .signs import COUPLES_OF_AN_EDIT, LETTERS_OF_AN_EDIT, bit_count

# what softens contradictions elsewhere, where numbers tell whether it may be found: of each, which levels that are
SHARED = {
    "mailbox": ("email", {"exact", "exact_own_domain"}),
    "local": ("email", {"same_local"}),
    "phone": ("phone", {*ONE_NUMBER}),
    "street": ("street", {"exact"}),
}


class Weights:
    """The most that levels of a model weigh.

    :param model: a :class:`Model`
    """

    def __init__(self, model):
        self.levels = {name: {level.name: level for level in levels} for name, levels in model.scales.items()}
        # what may soften a level wherever it is found, and what may where one of SHARED is
        self.softened: dict = defaultdict(float)
        # of each level of what is shared, of which there is one only
        self._by_level: dict = defaultdict(lambda: defaultdict(float))
        self.same_place = 0.0
        for fix in model.corrections:
            if fix.weight > 0:
                self._softens(fix)
            elif (
                (fix.first, fix.then) == ("zip", "city")
                and "exact" in fix.first_levels
                and "exact" in fix.then_levels
            ):
                self.same_place = max(self.same_place, -fix.weight)
        self.by_shared = {softened: max(by_level.values()) for softened, by_level in self._by_level.items()}

    def _softens(self, fix):
        causes = [
            cause
            for cause, (name, levels) in SHARED.items()
            if name == fix.first and levels & {*fix.first_levels}
        ]
        told = {level for cause in causes for level in SHARED[cause][1]}
        for level in fix.then_levels:
            if told.issuperset(fix.first_levels):
                for cause, first in product(causes, fix.first_levels):
                    self._by_level[cause, fix.then, level][first] += fix.weight
            else:
                self.softened[fix.then, level] += fix.weight

    def most(self, name, levels, bits=0.0, doubt=0.0):
        """Return the most that one of ``levels`` weighs with no more than ``bits`` of information, of ``doubt``."""
        found = np.full(np.shape(bits), -np.inf)
        for level in levels:
            one = self.levels[name][level]
            value = one.base + max(one.share, 0) * np.asarray(bits, float) + max(one.doubt, 0) * doubt
            if one.speaks:
                value = np.maximum(value, 0) if one.speaks > 0 else np.minimum(value, 0)
            value = np.where(value < 0, np.minimum(value + self.softened[name, level], 0), value)
            found = np.maximum(found, value)
        return found

    def all(self, name, bits=0.0, doubt=0.0):
        """Return the same of all levels there are."""
        return self.most(name, self.levels[name], bits, doubt)

    def soften(self, name, levels, most, shared):
        """Return ``most`` that ``levels`` of a field weigh with what is shared elsewhere softening it.

        :param shared: of each of :data:`SHARED` for which pairs it may be
        """
        for cause, which in shared.items():
            extra = max(self.by_shared.get((cause, name, level), 0.0) for level in levels)
            if extra:
                most = np.where(which & (most < 0), np.minimum(most + extra, 0), most)
        return most


class Value:
    """One value of each record: its number, its signs, and the most that it weighs.

    :param ids: of each record, :data:`MISSING` where it has none
    :param numbers: of each distinct value, the last one for those that are missing
    """

    def __init__(self, ids, letters, couples, edits, **weights):
        self.ids = ids.astype(np.int32)
        self.used = bool((self.ids >= 0).any())
        self.letters, self.couples, self.edits = letters, couples, edits
        self.weights = {name: values.astype(np.float32) for name, values in weights.items()}

    def both(self, left, right):
        """Return for which pairs both have one, and which."""
        first, second = self.ids[left], self.ids[right]
        rows = np.flatnonzero((first | second) >= 0)
        return rows, first[rows], second[rows]

    def may_be_alike(self, first, second):
        """Tell which different values may be as alike as ``edits`` allow, by their signs."""
        edits = np.maximum(self.edits[first], self.edits[second])
        alike = bit_count(self.couples[first] ^ self.couples[second]) <= COUPLES_OF_AN_EDIT * edits
        some = np.flatnonzero(alike)
        letters = self.letters[first[some]] ^ self.letters[second[some]]
        alike[some] = bit_count(letters) <= LETTERS_OF_AN_EDIT * edits[some]
        return alike

    def least(self, name, first, second):
        """Return the lesser of what both may weigh."""
        values = self.weights[name]
        return np.minimum(values[first], values[second])


class Contacts(Value):
    """The same of addresses or phone numbers, of which a record may have several.

    Records of which one has several have the weight ``any`` where two of these may agree.

    :param words: the numbers of those of each string, :data:`MISSING` after the last one
    :param letters: of each of these numbers, as well as ``couples`` and ``edits``
    :param same: arrays of numbers, by which of these are the same: negative where that says nothing
    """

    def __init__(self, ids, words, letters, couples, edits, same, **weights):
        self.words = words.astype(np.int32)
        first = self.words[:, 0]
        super().__init__(ids, letters[first], couples[first], edits[first], **weights)
        self.several = (self.words >= 0).sum(1) > 1
        self.each = Value(ids, letters, couples, edits)
        self.same = same

    def meet(self, first, second):
        """Return for which strings two of their values may be alike or the same in part."""
        met = np.zeros(len(first), bool)
        for ones, others in product(self.words[first].T, self.words[second].T):
            rows = np.flatnonzero(((ones | others) >= 0) & ~met)
            one, other = ones[rows], others[rows]
            found = self.each.may_be_alike(one, other)
            for numbers in self.same:
                found |= (numbers[one] == numbers[other]) & (numbers[one] >= 0)
            met[rows] = found
        return met


def of_rows(shared, rows):
    """Return ``shared`` of ``rows`` only."""
    return {cause: which[rows] for cause, which in shared.items()}
