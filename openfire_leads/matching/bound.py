"""The most that a pair can score, from columns of numbers: what cannot reach a score is dropped before it is compared.

No string is compared. Values that are the same are told by their numbers; of values that are not, their signs
(``signs.py``) tell most of those that cannot be alike. What cannot be told counts as what weighs most. Exact:

- A level weighs no more than at the most information that the pair can have in common: each side's own.
- A correction that takes the same fact back, the limits of household, firm and crowd, and what is held back for lack of
  a proof only ever lower a weight, so that they may be left out. Of these only "same postcode, same town" is applied.
- A correction that softens a contradiction makes it no more than nothing: each is taken to apply wherever it may.
- Who is called by another script is always compared.
"""

from __future__ import annotations

import numpy as np

from .bound_names import Names
from .bound_values import SHARED, Contacts, Value, Weights, of_rows
from .bound_words import WordSigns, grid, step, totals
from .columns import MISSING
from .compare_contacts import ONE_NUMBER
from .compare_places import UNIT_BITS
from .phones import FIXED, MOBILE
from .signs import signs

# pairs looked at together
_CHUNK = 1 << 19
# bits that rounding may take from a sum
_ROUNDED = 1e-3
# what two house numbers are, and the levels of streets that are the same, may be alike, and are not
_NUMBERS = ("same", "other", "unknown")
_STREETS = {
    "same": ["exact"],
    "other": ["other_number"],
    "unknown": ["no_number"],
    "same_differ": ["exact", "partial", "same_number"],
    "other_differ": ["other_number", "partial_no_number", "different"],
    "unknown_differ": ["no_number", "partial_no_number", "different"],
    "same_apart": ["same_number"],
    "other_apart": ["different"],
    "unknown_apart": ["different"],
}


class Bound:
    """For pairs of one table, whether they may reach a score.

    :param model: a :class:`Model`
    :param table: a :class:`Table`
    :param bits: the odds to be reached
    """

    def __init__(self, model, table, bits):
        self.table, self.weights = table, Weights(model)
        self.room = bits - _ROUNDED - model.start(table.statistics)
        self.email, self.phone = self._emails(), self._phones()
        self.zip = self._whole("zip", table.zip, table.zip_bits, 0.25)
        self.city = self._whole("city", table.city, table.city_bits, 0.3)
        self.city_words = table.city.words.astype(np.int32)
        self.state = self._whole("state", table.state, np.zeros(len(table.state.strings)), 0.3)
        self.number = table.number.ids.astype(np.int32)
        self.street = self._streets()
        self.subject = self._subjects()
        self.second = self._second_lines()
        self.names = Names(self.weights, table)
        self.odd = self._odd()

    def reach(self, left, right):
        """Return for which pairs of records ``left[i], right[i]`` it cannot be told that they do not."""
        found = np.ones(len(left), bool)
        for start in range(0, len(left), _CHUNK):
            part = slice(start, start + _CHUNK)
            found[part] = self._reach(left[part], right[part])
        return found

    def _reach(self, left, right):
        size, names = len(left), self.names
        shared = {cause: np.zeros(size, bool) for cause in SHARED}
        by_names = names.most(left, right)
        most = by_names.astype(np.float32)
        email, phone = self._compare_emails(left, right, shared), self._compare_phones(left, right, shared)
        shared["street"] |= self._numbers(left, right) == 0
        for name, (rows, value) in (("email", email), ("phone", phone)):
            most[rows] += self.weights.soften(name, self.weights.levels[name], value, of_rows(shared, rows))
        streets, subjects = self._streets_at_most(left, right, shared), self._subjects_at_most(left, right)
        most += streets + subjects + self._second_lines_at_most(left, right)
        self._add_places(most, left, right, shared)
        odd = self.odd[left] | self.odd[right] if self.odd is not None else np.zeros(size, bool)
        rows = np.flatnonzero((most >= self.room) & ~odd)
        # each step looks closer at fewer pairs
        named = names.named(left[rows], right[rows], of_rows(shared, rows))
        closer = np.minimum(names.with_others(named, left[rows], right[rows]), by_names[rows])
        most[rows] += closer - by_names[rows]
        still = np.flatnonzero(most[rows] >= self.room)
        rows, named, closer = rows[still], named[still], closer[still]
        value = names.with_others_closer(named, left[rows], right[rows], of_rows(shared, rows))
        most[rows] += np.minimum(value - closer, 0)
        for before, look in ((streets, self._streets_closer), (subjects, self._subjects_closer)):
            rows = rows[most[rows] >= self.room]
            most[rows] += np.minimum(look(left[rows], right[rows], of_rows(shared, rows)) - before[rows], 0)
        return (most >= self.room) | odd

    # -- mailboxes and phones

    def _contacts(self, name, column, bits, exact, edits, same, **more):
        """Return the :class:`Contacts` of a column.

        :param bits: the most information of each value
        :param exact: levels of values that are the same
        :param edits: how many edits make values that are still alike
        :param same: numbers by which values are the same in part
        """
        first = column.words[:, 0]
        present = column.words != MISSING
        most_bits = np.where(present, bits[column.words], 0).max(1)
        weights = {
            "exact": self.weights.most(name, exact, bits[first]),
            "close": self.weights.most(name, ["close"], bits[first]),
            "any": self.weights.all(name, most_bits),
            **{key: values[first] for key, values in more.items()},
        }
        letters, couples = signs(column.vocabulary.strings)
        edits = np.full(len(letters), edits, np.int16)
        return Contacts(column.ids, column.words, letters, couples, edits, same, **weights)

    def _emails(self):
        column, boxes = self.table.emails, self.table.mailboxes
        words = column.vocabulary
        personal = boxes.personal & ~boxes.tagged
        local = np.where(personal, boxes.local, MISSING)
        domain = np.where(boxes.own_domain & ~boxes.tagged, boxes.domain, MISSING)
        self.local, self.domain = (
            numbers[column.words[:, 0]].astype(np.int32) for numbers in (local, domain)
        )
        self.box = boxes.number[column.words[:, 0]].astype(np.int32)
        bits = np.maximum(np.maximum(words.bits, boxes.local_bits), boxes.domain_bits)
        return self._contacts(
            "email", column, bits, ["exact", "exact_own_domain"], 2, (boxes.number, local, domain),
            box=self.weights.most("email", ["same_mailbox"], words.bits),
            local=self.weights.most("email", ["same_local"], boxes.local_bits),
            domain=self.weights.most("email", ["same_domain"], boxes.domain_bits),
        )  # fmt: skip

    def _phones(self):
        column = self.table.phones
        words = column.vocabulary
        self.tail = self.table.phone_tails[column.words[:, 0]].astype(np.int32)
        self.kind = self.table.phone_kinds[column.words[:, 0]]
        # two numbers of these kinds
        most = [self.weights.most("phone", [level]) for level in ("different", "other_mobile", "other_kind")]
        self.two_phones = np.full((3, 3), most[0], np.float32)
        self.two_phones[MOBILE, MOBILE] = most[1]
        self.two_phones[MOBILE, FIXED] = self.two_phones[FIXED, MOBILE] = most[2]
        return self._contacts("phone", column, words.bits, [*ONE_NUMBER], 1, (self.table.phone_tails,))

    def _compare_emails(self, left, right, shared):
        value = self.email
        rows, first, second = value.both(left, right)
        same, box = first == second, self.box[first] == self.box[second]
        local = (self.local[first] == self.local[second]) & (self.local[first] >= 0)
        domain = (self.domain[first] == self.domain[second]) & (self.domain[first] >= 0)
        most = np.full(len(rows), self.weights.most("email", ["different"]), np.float32)
        alike = value.may_be_alike(first, second)
        for which, name in (
            (alike, "close"),
            (local, "local"),
            (domain, "domain"),
            (box, "box"),
            (same, "exact"),
        ):
            at = np.flatnonzero(which)
            most[at] = np.maximum(most[at], value.least(name, first[at], second[at]))
        at = self._several(value, first, second, most)
        shared["mailbox"][rows] = same
        shared["local"][rows] = local
        shared["mailbox"][rows[at]] = shared["local"][rows[at]] = True
        return rows, most

    def _compare_phones(self, left, right, shared):
        value = self.phone
        rows, first, second = value.both(left, right)
        tail = self.tail[first] == self.tail[second]
        most = self.two_phones[self.kind[first], self.kind[second]]
        most[value.several[first] | value.several[second]] = self.two_phones.max()
        at = np.flatnonzero(value.may_be_alike(first, second) | tail)
        most[at] = np.maximum(most[at], value.least("close", first[at], second[at]))
        at = np.flatnonzero(tail)
        most[at] = np.maximum(most[at], value.least("exact", first[at], second[at]))
        at = self._several(value, first, second, most)
        shared["phone"][rows] = tail
        shared["phone"][rows[at]] = True
        return rows, most

    def _several(self, value, first, second, most):
        """Correct ``most`` where a record has several values; return where two of these may agree."""
        at = np.flatnonzero(value.several[first] | value.several[second])
        met = at[value.meet(first[at], second[at])]
        most[met] = value.least("any", first[met], second[met])
        return met

    # -- places

    def _whole(self, name, column, bits, unlike):
        """Return the :class:`Value` of whole strings, alike where so large a part of them is edited at most."""
        letters, couples = signs(column.strings)
        sizes = np.fromiter(map(len, column.strings), np.int32, len(column.strings))
        levels = [
            level for level in self.weights.levels[name] if level not in ("exact", "close", "other_unit")
        ]
        return Value(
            column.ids, letters, couples, np.floor(unlike * sizes + 1e-6).astype(np.int16),
            exact=self.weights.most(name, ["exact"], bits),
            close=self.weights.most(name, ["close"], bits),
            rest=self.weights.most(name, levels, bits),
        )  # fmt: skip

    def _add_places(self, most, left, right, shared):
        """Add postcode, town and state; town and postcode that are the same are one fact."""
        same_zip = np.full(len(left), -np.inf, np.float32)
        for name, value in (("zip", self.zip), ("city", self.city), ("state", self.state)):
            if not value.used:
                continue
            rows, first, second = value.both(left, right)
            same = first == second
            weight = np.where(same, value.weights["exact"][first], value.least("rest", first, second))
            other = np.flatnonzero(~same)
            first, second = first[other], second[other]
            alike = value.may_be_alike(first, second)
            if name == "city":
                alike |= self._within(first, second)
            at = other[alike]
            weight[at] = np.maximum(weight[at], value.least("close", first[alike], second[alike]))
            if name == "zip":
                same_zip[rows[same]] = weight[same]
            elif name == "city":
                heard = np.clip(np.minimum(weight, same_zip[rows]), 0, self.weights.same_place)
                weight = np.where(same, weight - heard, weight)
            levels = [level for level in self.weights.levels[name] if level != "exact"]
            most[rows] += self.weights.soften(name, levels, weight, of_rows(shared, rows))

    def _within(self, first, second):
        """Tell of which towns one has all words of the other."""
        letters, within = self.city.letters, np.zeros(len(first), bool)
        common = letters[first] & letters[second]
        rows = np.flatnonzero((common == letters[first]) | (common == letters[second]))
        first, second = first[rows], second[rows]
        words, more = self.city_words[first], self.city_words[second]
        same = np.zeros(len(first), np.int16)
        for place in range(words.shape[1]):
            word = words[:, place]
            at = np.flatnonzero(word >= 0)
            same[at] += (word[at, None] == more[at]).any(1)
        counts = self.table.city.counts
        within[rows] = same == np.minimum(counts[first], counts[second])
        return within

    def _streets(self):
        column, weights = self.table.street, self.weights
        bits = totals(column)
        self.street_words = WordSigns(column.vocabulary)
        steps = grid(bits.max(initial=0))
        self.street_steps = {
            name: weights.most("street", levels, steps).astype(np.float32)
            for name, levels in _STREETS.items()
        }
        letters, couples = signs(column.strings)
        sizes = np.fromiter(map(len, column.strings), np.int32, len(column.strings))
        return Value(
            column.ids, letters, couples, np.floor(0.2 * sizes + 1e-6).astype(np.int16),
            **{name: weights.most("street", levels, bits) for name, levels in _STREETS.items()},
        )  # fmt: skip

    def _streets_at_most(self, left, right, shared):
        """Return the most that streets weigh, by what they are worth alone, and of which pairs both are known."""
        rows, first, second = self.street.both(left, right)
        equal = first == second
        weight = np.zeros(len(rows), np.float32)
        for number, name in enumerate(_NUMBERS):
            here = self._numbers(left[rows], right[rows]) == number
            at = np.flatnonzero(here & equal)
            weight[at] = self.street.weights[name][first[at]]
            at = np.flatnonzero(here & ~equal)
            weight[at] = self.street.least(name + "_differ", first[at], second[at])
        most = np.zeros(len(left), np.float32)
        most[rows] = self.weights.soften(
            "street", self.weights.levels["street"], weight, of_rows(shared, rows)
        )
        return most

    def _streets_closer(self, left, right, shared):
        """Return the same, streets that differ looked at word by word."""
        most = self._streets_at_most(left, right, shared)
        rows, first, second = self.street.both(left, right)
        differ = np.flatnonzero(first != second)
        rows, first, second = rows[differ], first[differ], second[differ]
        words = self.table.street.words
        met = self.street_words.meet(words[first], words[second])
        alike = self.street.may_be_alike(first, second) | (met.some & ~(met.left & met.right))
        number, place = self._numbers(left[rows], right[rows]), step(met.bits)
        weight = np.zeros(len(rows), np.float32)
        for value, name in enumerate(_NUMBERS):
            for which, kind in ((alike, "_differ"), (~alike, "_apart")):
                at = np.flatnonzero((number == value) & which)
                weight[at] = self.street_steps[name + kind][place[at]]
        most[rows] = np.minimum(
            most[rows],
            self.weights.soften("street", self.weights.levels["street"], weight, of_rows(shared, rows)),
        )
        return most

    def _numbers(self, left, right):
        """Return for each pair the place in :data:`_NUMBERS` of what the house numbers are."""
        one, other = self.number[left], self.number[right]
        return np.where((one | other) < 0, 2, one != other)

    # -- subjects, second lines

    def _subjects(self):
        column, weights = self.table.subject, self.weights
        self.subject_words = WordSigns(column.vocabulary)
        steps = grid(totals(self.table.topic).max(initial=0))
        self.subject_steps = np.maximum(weights.most("subject", ["partial", "different"], steps), 0)
        words = totals(column)
        return Value(
            column.ids, None, None, None,
            same=np.maximum(weights.most("subject", ["exact"], self.table.subject_bits), 0),
            differ=np.maximum(weights.most("subject", ["partial", "different"], words), 0),
        )  # fmt: skip

    def _second_lines(self):
        """The most that the second line of a street and its flats weigh, nothing where a record has neither."""
        table = self.table
        bits = np.maximum(table.street2_bits, UNIT_BITS)[table.street2.ids]
        weight = np.maximum(self.weights.all("street2", bits), 0)
        return np.where((table.street2.ids == MISSING) & (table.unit.ids == MISSING), 0, weight).astype(
            np.float32
        )

    def _subjects_at_most(self, left, right):
        found = np.zeros(len(left), np.float32)
        rows, first, second = self.subject.both(left, right)
        same = self.subject.weights["same"][first]
        found[rows] = np.where(first == second, same, self.subject.least("differ", first, second))
        return found

    def _subjects_closer(self, left, right, _shared):
        """Return the same, subjects that differ looked at word by word."""
        found = self._subjects_at_most(left, right)
        topic = self.table.topic
        one, other = topic.ids[left], topic.ids[right]
        rows = np.flatnonzero(((one | other) >= 0) & (self.subject.ids[left] != self.subject.ids[right]))
        met = self.subject_words.meet(topic.words[one[rows]], topic.words[other[rows]])
        value = np.where(met.some, self.subject_steps[step(met.bits)], 0)
        found[rows] = np.minimum(found[rows], value)
        return found

    def _second_lines_at_most(self, left, right):
        return np.minimum(self.second[left], self.second[right]) if self.second.any() else np.float32(0)

    def _odd(self):
        """Which records have values in another script, by which contradictions do not count."""
        table = self.table
        columns = (
            table.emails, table.person, table.company, table.street, table.street2, table.city, table.state,
            table.subject,
        )  # fmt: skip
        odd = None
        for column in columns:
            if not column.only_latin:
                foreign = np.array([not text.isascii() for text in column.strings])[column.ids]
                odd = foreign if odd is None else odd | foreign
        return odd
