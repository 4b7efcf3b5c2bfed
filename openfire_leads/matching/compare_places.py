"""Compare streets, postcodes, towns and states."""

import numpy as np

from .align import align, distinct, edit_similarity
from .outcome import Outcome, first_level
from .table import MISSING

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
ZIP_LEVELS = ("missing", "exact", "close", "same_area", "different")


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
    return Outcome.at(len(left), rows, level, alike, found.bits)


def compare_lines(column, left, right, close, bits=None):
    """Return the :class:`Outcome` of comparing whole texts, alike from the similarity ``close`` on."""
    rows, first, second = column.both(left, right)
    if not len(rows):
        return Outcome.missing(len(left))
    alike = whole_similarity(column, first, second)
    level = first_level([first == second, alike >= close], 3)
    return Outcome.at(len(left), rows, level, alike, _common(bits, first, second))


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
