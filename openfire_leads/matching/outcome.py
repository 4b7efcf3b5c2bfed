"""What comparing one kind of value gives, for many pairs at once."""

from dataclasses import dataclass

import numpy as np


@dataclass(slots=True)
class Outcome:
    """For each pair, as arrays.

    ``level``: the number of the level among the comparison's (0 is "missing"); ``similarity``: 0 to 1;
    ``bits``: the information of what agrees; ``doubt``: the information of what contradicts (a rare
    word that contradicts may be a slip, a common one is somebody else).
    """

    level: np.ndarray
    similarity: np.ndarray
    bits: np.ndarray
    doubt: np.ndarray

    @classmethod
    def missing(cls, size):
        """Return an outcome that says nothing about any of ``size`` pairs."""
        return cls(np.zeros(size, np.int8), *np.zeros((3, size)))

    @classmethod
    def at(cls, size, rows, level, similarity, bits, doubt=0.0):
        """Return an outcome with these values at ``rows``, missing elsewhere."""
        outcome = cls.missing(size)
        outcome.level[rows], outcome.similarity[rows] = level, similarity
        outcome.bits[rows], outcome.doubt[rows] = bits, doubt
        return outcome


def first_level(conditions, otherwise):
    """Return for each pair the number of the first condition that holds: 1, 2, ... or ``otherwise``."""
    return choose(conditions, range(1, len(conditions) + 1), np.full(len(conditions[0]), otherwise, np.int8))


def choose(conditions, values, otherwise):
    """Return for each pair the value of the first condition that holds: ``numpy.select``, quicker on few pairs."""
    for condition, value in zip(reversed(conditions), reversed(values), strict=True):
        otherwise = np.where(condition, value, otherwise)
    return otherwise
