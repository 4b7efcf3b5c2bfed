"""Compare names of people and companies, wherever they were written."""

import numpy as np

from .align import align
from .outcome import Outcome, first_level
from .table import MISSING

PERSON_LEVELS = ("missing", "exact", "very_close", "initials", "partial", "other_first_name", "different")
COMPANY_LEVELS = ("missing", "exact", "very_close", "partial", "contradicting", "different")
CROSS_LEVELS = ("missing", "crosswise", "crosswise_partial", "crosswise_different")
HINT_LEVELS = ("missing", "mentioned", "not_mentioned", "other_in_email")


def compare_people(table, left, right):
    """Return the :class:`Outcome` of comparing contacts.

    Two words must agree for a whole name. Where some agree and both sides have another one left, it
    is somebody else of that name: ``other_first_name``.
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
    return Outcome.at(len(left), rows, level, found.similarity, found.bits, found.rarity)


def compare_companies(table, left, right):
    """Return the :class:`Outcome` of comparing companies; all words of both must agree for a whole name."""
    rows, first, second = table.company.both(left, right)
    if not len(rows):
        return Outcome.missing(len(left))
    found = align(table.company.words[first], table.company.words[second], table.company.vocabulary)
    some, whole = found.agreeing > 0, (found.left == 0) & (found.right == 0)
    clash = (found.left > 0) & (found.right > 0)
    level = first_level([whole & (found.close + found.short == 0), whole & some, some & ~clash, some], 5)
    return Outcome.at(len(left), rows, level, found.similarity, found.bits)


def compare_crosswise(table, left, right, person, company):
    """Return the :class:`Outcome` of comparing all names where contact and company do not fit each other.

    That is when neither can be compared, or when they were typed into each other's field. In that case,
    seen from all words of one side being among the other's, ``person`` and ``company`` are withdrawn.
    """
    silent = (person.level == 0) & (company.level == 0)
    unlike = np.isin(person.level, (0, len(PERSON_LEVELS) - 1)) & np.isin(company.level, (0, 4, 5))
    chosen = np.flatnonzero(unlike)
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
        found = align(
            table.called.words[names[rows]], table.hints.words[hints[rows]], table.called.vocabulary
        )
        nameless = table.alias.ids[other[rows]] == MISSING
        outcome.level[rows] = first_level([found.exact + found.close > 0, nameless], 3)
        outcome.similarity[rows], outcome.bits[rows] = found.similarity, found.bits
    return outcome
