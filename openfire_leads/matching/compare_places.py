"""Compare streets, postcodes, towns and states."""

from collections import defaultdict

import numpy as np

from .align import align, distinct, edit_similarity
from .columns import MISSING
from .outcome import Outcome, choose, first_level

STREET_LEVELS = (
    "missing",
    "exact",
    "no_number",
    "other_number",
    "partial",
    "partial_no_number",
    "same_number",
    "different",
)
LINE_LEVELS = ("missing", "exact", "close", "different")
SECOND_LINE_LEVELS = ("missing", "exact", "close", "other_unit", "different")
ZIP_LEVELS = ("missing", "exact", "close", "same_area", "different")
# how much the same number of a flat says
UNIT_BITS = 3


def compare_streets(table, left, right):
    """Return the :class:`Outcome` of comparing streets: number and name."""
    rows, first, second = table.street.both(left, right)
    if not len(rows):
        return Outcome.missing(len(left))
    found = align(table.street.words[first], table.street.words[second], table.street.vocabulary)
    alike = whole_similarity(table.street, first, second)
    one, other = table.number.ids[left[rows]], table.number.ids[right[rows]]
    unknown, same = (one == MISSING) | (other == MISSING), one == other
    same &= ~unknown
    name = (found.left == 0) & (found.right == 0) | (alike >= 0.8)
    part = ~name & (found.exact + found.close > 0) & ((found.left == 0) | (found.right == 0))
    level = first_level([name & same, name & unknown, name, part & same, part, same], 7)
    # its words are worth no more than the whole
    bits = np.where(
        level == 1, np.minimum(found.bits, table.address_bits[table.address.ids[left[rows]]]), found.bits
    )
    return Outcome.at(len(left), rows, level, alike, bits)


def compare_lines(column, left, right, close, bits=None):
    """Return the :class:`Outcome` of comparing whole texts, alike from the similarity ``close`` on."""
    rows, first, second = column.both(left, right)
    if not len(rows):
        return Outcome.missing(len(left))
    alike = whole_similarity(column, first, second)
    level = first_level([first == second, alike >= close], 3)
    return Outcome.at(len(left), rows, level, alike, _common(bits, first, second))


def compare_towns(table, left, right):
    """Return the :class:`Outcome` of comparing towns; alike is one of whose words the other has more: a part of it."""
    outcome = compare_lines(table.city, left, right, 0.7, table.city_bits)
    rows = np.flatnonzero(outcome.level == 3)
    if len(rows):
        first, second = table.city.ids[left[rows]], table.city.ids[right[rows]]
        one, other = table.city.words[first], table.city.words[second]
        same = ((one[:, :, None] == other[:, None, :]) & (one != MISSING)[:, :, None]).any(2).sum(1)
        outcome.level[rows[same == np.minimum(table.city.counts[first], table.city.counts[second])]] = 2
    return outcome


def compare_second_lines(table, left, right):
    """Return the :class:`Outcome` of comparing second lines, and flats and the like wherever they are written.

    Two flats, buildings, staircases of one house are two; the same one, and nothing else, is the same line.
    """
    outcome = compare_lines(table.street2, left, right, 0.75, table.street2_bits)
    outcome.level[outcome.level == 3] = 4
    rows, first, second = table.unit.both(left, right)
    if len(rows):
        low, high, inverse = distinct(first, second)
        strings = table.unit.strings
        same, other = np.array(
            [_common_units(strings[one], strings[two]) for one, two in zip(low, high, strict=True)]
        ).T[:, inverse]
        same &= ~other
        alone, both = same & (outcome.level[rows] == 0), same & (outcome.level[rows] == 1)
        outcome.level[rows] = choose([other, alone], [3, 1], outcome.level[rows])
        outcome.similarity[rows] = choose([other, alone], [0, 1], outcome.similarity[rows])
        line = outcome.bits[rows]
        outcome.bits[rows] = choose([other, alone, both], [0, UNIT_BITS, np.maximum(line, UNIT_BITS)], line)
    return outcome


def _common_units(first, second):
    """Tell whether any flat (building, staircase...) is the same, and whether any is another one.

    Of one kind there may be several: ``Tour A bât. 3``. One that only one side names is no contradiction.
    """
    one, other = (_by_kind(units) for units in (first, second))
    kinds = one.keys() & other.keys()
    same = any(one[kind] & other[kind] for kind in kinds)
    return same, any(one[kind] - other[kind] and other[kind] - one[kind] for kind in kinds)


def _by_kind(units):
    found = defaultdict(set)
    for unit in units.split():
        kind, value = unit.split(":")
        found[kind].add(value)
    return found


def compare_zips(table, left, right):
    """Return the :class:`Outcome` of comparing postcodes: same, one slip, same first two characters."""
    rows, first, second = table.zip.both(left, right)
    if not len(rows):
        return Outcome.missing(len(left))
    alike = whole_similarity(table.zip, first, second)
    areas = table.zip_areas
    level = first_level([first == second, alike >= 0.75, areas[first] == areas[second]], 4)
    return Outcome.at(len(left), rows, level, alike, _common(table.zip_bits, first, second))


def whole_similarity(column, first, second):
    """Return how alike the whole strings of ``column`` numbered ``first[i]`` and ``second[i]`` are."""
    low, high, inverse = distinct(first, second)
    return edit_similarity(column.strings[low], column.strings[high])[inverse]


def _common(bits, first, second):
    return 0.0 if bits is None else np.minimum(bits[first], bits[second])
