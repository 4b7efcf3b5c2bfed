"""Compare names of people and companies, wherever they were written."""

import numpy as np

from .align import align
from .outcome import Outcome, choose, first_level
from .table import MISSING

PERSON_LEVELS = ("missing", "exact", "very_close", "initials", "partial", "other_first_name", "different")
COMPANY_LEVELS = ("missing", "exact", "very_close", "partial", "contradicting", "different")
CROSS_LEVELS = ("missing", "crosswise", "crosswise_partial", "crosswise_different")
HINT_LEVELS = ("missing", "mentioned", "not_mentioned", "other_in_email")


def compare_people(table, left, right):
    """Return the :class:`Outcome` of comparing contacts.

    Two words must agree for a whole name. Where some agree and both sides have another one left, it
    is somebody else of that name: ``other_first_name``. The same letters with a blank elsewhere are the same name.
    Names in two scripts agree where the transliterated ones do; else nothing can be said.
    """
    rows, first, second = table.person.both(left, right)
    if not len(rows):
        return Outcome.missing(len(left))
    found = align(table.person.words[first], table.person.words[second], table.person.vocabulary)
    some, clash = found.agreeing > 0, (found.left > 0) & (found.right > 0)
    whole = (found.agreeing > 1) & ~clash
    level = first_level(
        [whole & (found.close + found.short == 0), whole & (found.short == 0), whole, some & ~clash, some], 6
    )
    outcome = Outcome.at(len(left), rows, level, found.similarity, found.bits, found.rarity)
    _join(outcome, rows, first, second, table.person)
    _transliterate(outcome, (table.person, table.person_latin), left, right, PERSON_LEVELS)
    return outcome


def _join(outcome, rows, first, second, column):
    """Make those exact whose letters are the same while the number of words is not: ``Jean Marc``, ``Jeanmarc``."""
    alike = (column.sizes[first] == column.sizes[second]) & (column.counts[first] != column.counts[second])
    for index in np.flatnonzero(alike & (outcome.level[rows] != 1)):
        one, other = first[index], second[index]
        if sorted(column.strings[one].replace(" ", "")) == sorted(column.strings[other].replace(" ", "")):
            row, bits = rows[index], column.vocabulary.bits
            outcome.level[row], outcome.similarity[row], outcome.doubt[row] = 1, 1, 0
            outcome.bits[row] = min(bits[column.words[one]].sum(), bits[column.words[other]].sum())


def _transliterate(outcome, columns, left, right, levels):
    """Compare names in two scripts as they sound; where they sound otherwise that is no contradiction."""
    column, latin = columns
    rows = np.flatnonzero(column.foreign(left, right))
    if not len(rows):
        return
    first, second = latin.words[latin.ids[left[rows]]], latin.words[latin.ids[right[rows]]]
    found = align(first, second, latin.vocabulary)
    alike = (found.exact + found.close > 0) & ((found.left == 0) | (found.right == 0))
    names = [levels.index("very_close"), levels.index("partial")]
    outcome.level[rows] = choose([alike & (found.agreeing > 1), alike], names, 0)
    outcome.similarity[rows], outcome.bits[rows], outcome.doubt[rows] = found.similarity, found.bits, 0


def compare_companies(table, left, right):
    """Return the :class:`Outcome` of comparing companies; all words of both must agree for a whole name."""
    rows, first, second = table.company.both(left, right)
    if not len(rows):
        return Outcome.missing(len(left))
    found = align(table.company.words[first], table.company.words[second], table.company.vocabulary)
    some, whole = found.agreeing > 0, (found.left == 0) & (found.right == 0)
    clash = (found.left > 0) & (found.right > 0)
    level = first_level([whole & (found.close + found.short == 0), whole & some, some & ~clash, some], 5)
    outcome = Outcome.at(len(left), rows, level, found.similarity, found.bits)
    _transliterate(outcome, (table.company, table.company_latin), left, right, COMPANY_LEVELS)
    return outcome


def compare_crosswise(table, left, right, person, company):
    """Return the :class:`Outcome` of comparing all names where contact and company do not fit each other.

    That is when neither can be compared, or when they were typed into each other's field. In that case,
    seen from all words of one side being among the other's, ``person`` and ``company`` are withdrawn.
    """
    silent = (person.level == 0) & (company.level == 0)
    unlike = np.isin(person.level, (0, len(PERSON_LEVELS) - 1)) & np.isin(company.level, (0, 4, 5))
    foreign = table.names.foreign(left, right) | table.person.foreign(left, right)
    chosen = np.flatnonzero(unlike & ~foreign)
    rows, first, second = table.names.both(left[chosen], right[chosen])
    rows = chosen[rows]
    if not len(rows):
        return Outcome.missing(len(left))
    found = align(table.names.words[first], table.names.words[second], table.names.vocabulary)
    some, within = found.agreeing > 0, (found.left == 0) | (found.right == 0)
    level = first_level([some & within, some], 3)
    counts = silent[rows] | (within & (found.agreeing > 1))
    for withdrawn in (person, company):
        withdrawn.level[rows[counts]] = 0
    rows = rows[counts]
    return Outcome.at(len(left), rows, level[counts], found.similarity[counts], found.bits[counts])


def compare_hints(table, left, right, applies):
    """Return the :class:`Outcome` of looking for one record's name in the other's address and subject.

    :param applies: for which pairs; of these, those where exactly one record names its contact, or
        anybody at all, are compared
    """
    outcome = Outcome.missing(len(left))
    for one, other in ((left, right), (right, left)):
        silent = (table.person.ids[other] == MISSING) & (
            (table.person.ids[one] != MISSING) | (table.company.ids[other] == MISSING)
        )
        names, hints = table.called.ids[one], table.hints.ids[other]
        rows = np.flatnonzero(applies & silent & (names != MISSING) & (hints != MISSING))
        if not len(rows):
            continue
        called = table.called_latin.ids[one[rows]]
        found = align(
            table.called_latin.words[called], table.hints.words[hints[rows]], table.called.vocabulary
        )
        nameless = table.alias.ids[other[rows]] == MISSING
        foreign = table.called.foreign(one[rows], other[rows], table.alias)
        level = first_level([found.exact + found.close > 0, nameless], 3)
        outcome.level[rows] = np.where(foreign & (level > 1), 0, level)
        outcome.similarity[rows], outcome.bits[rows] = found.similarity, found.bits
    return outcome
