"""Compare subjects: generic phrases say little, which their frequency tells."""

import numpy as np

from .align import align
from .columns import MISSING
from .outcome import Outcome, first_level

SUBJECT_LEVELS = ("missing", "exact", "partial", "different")


def compare_subjects(table, left, right):
    """Return the :class:`Outcome` of comparing subjects.

    The records' own names are left out: they are compared as names. What is left says no more than the whole does.
    """
    rows, first, second = table.subject.both(left, right)
    if not len(rows):
        return Outcome.missing(len(left))
    one, other = table.topic.ids[left[rows]], table.topic.ids[right[rows]]
    found = align(table.topic.words[one], table.topic.words[other], table.topic.vocabulary)
    same = first == second
    nothing = (one == MISSING) | (other == MISSING)
    level = np.where(nothing, 0, first_level([same, found.exact + found.close > 0], 3))
    whole = np.maximum(table.subject_bits[first], table.subject_bits[second])
    bits = np.where(same, whole, np.minimum(found.bits, whole))
    return Outcome.at(len(left), rows, level, np.where(same, 1, found.similarity), bits)
