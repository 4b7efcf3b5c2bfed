"""The most that names can weigh, wherever they were written, without comparing them."""

from __future__ import annotations

import numpy as np

from .bound_values import of_rows
from .bound_words import WordSigns, grid, step, totals
from .columns import MISSING
from .compare_names import ACRONYM_BITS, MOST_DOUBT
from .signs import signs

# contacts of no more words are compared word by word
_FEW = 3
_OF_ONE_WORD = ["completed", "partial"]
_CLASHING = ["other_surname", "other_first_name", "different"]


class Names:
    """For pairs of one table, the most that contact, company, and what is compared crosswise weigh together.

    Where contact and company are compared crosswise they are withdrawn; where a contact is looked for in the other's
    address or subject, one of them has none.

    :param weights: the :class:`bound.Weights` of a model
    :param table: a :class:`Table`
    """

    def __init__(self, weights, table):
        self.weights, self.table = weights, table
        person, company = table.person, table.company
        bits = totals(person)
        self.firm_bits = totals(company)
        of_person, of_company = bits[person.ids], self.firm_bits[company.ids]
        self.person = person.ids.astype(np.int32)
        self.firm = company.ids.astype(np.int32)
        own = np.minimum(bits, table.person_most)
        self.words = person.words[:, :_FEW].astype(np.int32)
        self.counts = person.counts.astype(np.int8)
        self.sizes = person.sizes.astype(np.int16)
        self.bits = own.astype(np.float32)
        self.signs = WordSigns(person.vocabulary)
        self.same = np.where(
            self.counts > 1, weights.most("person", ["exact"], own), weights.most("person", _OF_ONE_WORD, own)
        ).astype(np.float32)
        spelled = [level for level in weights.levels["person"] if level != "completed"]
        self.any = weights.all("person", own, MOST_DOUBT).astype(np.float32)
        self.spelled = weights.most("person", spelled, own, MOST_DOUBT).astype(np.float32)
        # an acronym says so much
        self.company = weights.all("company", np.maximum(of_company, ACRONYM_BITS)).astype(np.float32)
        self.cross = weights.all("cross", of_person + of_company).astype(np.float32)
        called = np.where(self.person != MISSING, of_person, of_company)
        self.hint = np.maximum(weights.all("hint", called), 0).astype(np.float32)
        self.different = np.float32(weights.most("person", ["different"], 0.0, MOST_DOUBT))
        # by information, in steps
        most = max(values.max(initial=0) for values in (of_person + of_company, bits))
        steps = grid(most)
        self.whole = weights.all("person", steps, MOST_DOUBT).astype(np.float32)
        self.spelled_whole = weights.most("person", spelled, steps, MOST_DOUBT).astype(np.float32)
        self.clash = weights.most("person", _CLASHING, steps, MOST_DOUBT).astype(np.float32)
        self.companies = weights.all("company", steps).astype(np.float32)
        self.acronym = weights.most("company", ["partial"], ACRONYM_BITS).astype(np.float32)
        self.other_company = weights.most("company", ["different"]).astype(np.float32)
        self.crosswise = weights.all("cross", steps).astype(np.float32)
        self.partly = weights.most("cross", ["crosswise_partial", "crosswise_different"], steps).astype(
            np.float32
        )
        self.no_cross = weights.most("cross", ["crosswise_different"]).astype(np.float32)
        self.alias_letters = signs(text.replace(" ", "") for text in table.alias.strings)[0]

    def most(self, left, right):
        """Return the most that the names weigh, by what they are worth alone."""
        one, other = self.person[left], self.person[right]
        found = self._as_they_are(one, other)
        found[(one | other) < 0] = 0
        rows = np.flatnonzero((self.firm[left] | self.firm[right]) >= 0)
        found[rows] += np.minimum(self.company[left[rows]], self.company[right[rows]])
        return self.with_others(found, left, right)

    def with_others(self, named, left, right):
        """Return the most that names weigh, as :meth:`most`, from what contact and company do.

        :param named: the most that these do
        """
        silent = (self.person[left] | self.person[right]) < 0
        found = np.where(silent, named + np.maximum(self.hint[left], self.hint[right]), named)
        return np.maximum(
            found, np.where((self.firm[left] & self.firm[right]) >= 0, self.cross[left], -np.inf)
        )

    def named(self, left, right, shared):
        """Return the most that contact and company weigh, looked at word by word.

        :param shared: what may soften contradictions, see ``bound_values.SHARED``
        """
        one, other = self.person[left], self.person[right]
        found = np.zeros(len(left), np.float32)
        rows = np.flatnonzero((one | other) >= 0)
        found[rows] = self._people(one[rows], other[rows], of_rows(shared, rows))
        firm, firm_too = self.firm[left], self.firm[right]
        rows = np.flatnonzero((firm | firm_too) >= 0)
        value = self._companies(firm[rows], firm_too[rows])
        found[rows] += self.weights.soften(
            "company", self.weights.levels["company"], value, of_rows(shared, rows)
        )
        return found

    def with_others_closer(self, named, left, right, shared):
        """Return the same as :meth:`with_others`, looked at word by word."""
        silent = (self.person[left] | self.person[right]) < 0
        found = named.copy()
        rows = np.flatnonzero(silent)
        found[rows] += self._hints(left[rows], right[rows])
        firm, firm_too = self.firm[left], self.firm[right]
        # where contact or company is the same they are not compared crosswise
        one, other = self.person[left], self.person[right]
        same = (one == other) & (one >= 0) | (firm == firm_too)
        rows = np.flatnonzero(((firm & firm_too) >= 0) & ~same)
        silent = silent[rows] & ((firm[rows] | firm_too[rows]) < 0)
        value, counts = self._crosswise(left[rows], right[rows], silent)
        value = self.weights.soften("cross", self.weights.levels["cross"], value, of_rows(shared, rows))
        # where neither contact nor company can be compared nothing else counts, but that an address names the contact
        value = np.where(silent & (found[rows] <= 0), value, np.maximum(found[rows], value))
        found[rows] = np.where(counts, value, found[rows])
        return found

    def _as_they_are(self, one, other):
        """Return the most that two contacts weigh, by what each is worth alone."""
        most = np.minimum(self.any[one], self.any[other])
        spelled = np.minimum(self.spelled[one], self.spelled[other])
        found = np.where(self._several_words(one, other), spelled, most)
        return np.where(one == other, self.same[one], found)

    def _several_words(self, one, other):
        """Return for which pairs no address completes a name: both are more than a surname."""
        return (self.counts[one] > 1) & (self.counts[other] > 1)

    def _people(self, one, other, shared):
        found = self._as_they_are(one, other)
        # the same letters with a blank elsewhere are the same name
        joined = (self.counts[one] != self.counts[other]) & (self.sizes[one] == self.sizes[other])
        few = (self.counts[one] <= _FEW) & (self.counts[other] <= _FEW)
        rows = np.flatnonzero((one != other) & few & ~joined)
        found[rows] = self._other_people(one[rows], other[rows], of_rows(shared, rows))
        return found

    def _other_people(self, one, other, shared):
        met = self.signs.meet(self.words[one], self.words[other])
        bits = np.minimum(met.bits, np.minimum(self.bits[one], self.bits[other]))
        # who has a word left over on both sides is somebody else
        place = step(bits)
        soften = self.weights.soften
        clash = soften("person", _CLASHING, self.clash[place], shared)
        different = soften("person", ["different"], np.full(len(one), self.different), shared)
        whole = np.where(self._several_words(one, other), self.spelled_whole[place], self.whole[place])
        value = np.where(met.left & met.right, clash, whole)
        return np.where(met.some, value, different)

    def _companies(self, one, other):
        words, others = self.table.company.words[one], self.table.company.words[other]
        met = self.signs.meet(words, others)
        value = self.companies[step(met.bits)]
        value[~met.some] = self.other_company
        counts, sizes = self.table.company.counts, self.table.company.sizes
        # the same letters with a blank elsewhere
        joined = np.flatnonzero((counts[one] != counts[other]) & (sizes[one] == sizes[other]))
        bits = np.minimum(self.firm_bits[one[joined]], self.firm_bits[other[joined]])
        value[joined] = np.maximum(value[joined], self.companies[step(bits)])
        # an acronym of the other
        short = (counts[one] == 1) != (counts[other] == 1)
        return np.where(short, np.maximum(value, self.acronym), value)

    def _crosswise(self, left, right, silent):
        """Return the most that all names weigh together, and for which pairs that may count.

        It does where neither contact nor company can be compared, or else where two words meet.
        """
        names = self.table.names
        one, other = names.ids[left], names.ids[right]
        met = self.signs.meet(names.words[one], names.words[other])
        # a word of both contact and company counts twice
        place = step(met.own)
        value = np.where(met.left & met.right, self.partly[place], self.crosswise[place])
        value[~met.some] = self.no_cross
        counts = silent | (~(met.left & met.right) & (met.met > 1))
        return value, counts & ((one | other) >= 0)

    def _hints(self, left, right):
        """Return the most that a contact says who is looked for in the address or subject of one who names none."""
        found = np.zeros(len(left), np.float32)
        called, hints, alias = self.table.called_latin, self.table.hints, self.table.alias
        for one, other in ((left, right), (right, left)):
            rows = np.flatnonzero((called.ids[one] >= 0) & (hints.ids[other] >= 0) & (self.person[other] < 0))
            names, told, mailbox = called.ids[one[rows]], hints.ids[other[rows]], alias.ids[other[rows]]
            met = self.signs.meet(called.words[names], hints.words[told])
            # or the address is the name written as one word: then it has all letters of a word of it
            words = called.words[names]
            letters = self.signs.letters[words]
            within = (letters & ~self.alias_letters[mailbox][:, None]) == 0
            glued = (within & (words >= 0)).any(1) & (mailbox >= 0)
            value = np.where(met.some | glued, self.hint[one[rows]], 0)
            found[rows] = np.maximum(found[rows], value)
        return found
