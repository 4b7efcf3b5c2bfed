"""Turn match keys into pairs to compare, never a quadratic number of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

# a key shared by more records than this tells nothing of who they are: it makes no pairs
MAX_BLOCK = 60
_LOW = np.int64(0xFFFFFFFF)


@dataclass(frozen=True)
class Candidates:
    """Pairs of positions to compare, each once, ``left[i] < right[i]``.

    ``not_compared`` counts, key by key, the pairs that share a key of more than ``max_block`` records.
    """

    left: np.ndarray
    right: np.ndarray
    not_compared: int


class Blocks:
    """The records that share each match key, kept so that pairs can be had in parts.

    It takes 12 bytes for each key that a record shares with another, and while it is made 16 for each key of a record.

    :param owner: for each key of a record the record: a position, or an id, from 0 to 2**31 - 1
    :param key: these keys, signed 32-bit integers; a record has each of its keys once
    :param max_block: a key shared by more records than this makes no pairs: these are counted in ``not_compared``, and
        ``common`` has these keys and how many records share each, as two arrays
    """

    def __init__(self, owner: np.ndarray, key: np.ndarray, max_block: int = MAX_BLOCK):
        # a key and its record as one number: sorted by key, then by record
        entries = np.asarray(key, np.int64) << 32
        entries |= np.asarray(owner, np.int64)
        entries.sort()
        start = np.flatnonzero(_is_first(entries >> 32))
        size = np.diff(np.append(start, len(entries)))
        common = size > max_block
        self.common = (entries[start[common]] >> 32).astype(np.int32), size[common]
        big = size[common]
        self.not_compared = int((big * (big - 1) // 2).sum())
        telling = (size > 1) & (size <= max_block)
        entries = entries[np.repeat(telling, size)]
        size = size[telling]
        self._member = (entries & _LOW).astype(np.int32)
        del entries
        # how many of its block come after each: with these it is compared
        end = np.repeat(np.cumsum(size), size)
        follow = end - np.arange(len(end)) - 1
        # the places of each record's keys, record by record; what comes last in its block makes no pair
        places = np.flatnonzero(follow)
        by_record = self._member[places].astype(np.int64) << 32
        by_record |= places
        by_record.sort()
        self._place = (by_record & _LOW).astype(np.int32)
        self._record = (by_record >> 32).astype(np.int32)
        self._follow = follow[self._place].astype(np.int32)

    def pairs(self, first: int = 0, last: int = 2**31 - 1) -> tuple[np.ndarray, np.ndarray]:
        """Return the pairs whose left record is from ``first`` to ``last``, both included.

        They are in the order of the right record: whoever looks both up goes through one of them from end to end, and
        the few left ones stay at hand. In the order of the left record it takes a fifth longer.

        :return: two arrays of 32-bit integers, left and right, ``left[i] < right[i]``; each pair once
        """
        part = slice(*np.searchsorted(self._record, [first, int(last) + 1]))
        follow = self._follow[part]
        total = np.cumsum(follow, dtype=np.int64)
        # the members that follow each place: the place itself, and one, two, three... more
        step = np.arange(1, (total[-1] if len(total) else 0) + 1, dtype=np.int64)
        step += np.repeat(self._place[part] - total + follow, follow)
        pairs = self._member[step].astype(np.int64) << 32
        del step
        pairs |= np.repeat(self._record[part], follow)
        pairs.sort()
        pairs = pairs[_is_first(pairs)]
        return (pairs & _LOW).astype(np.int32), (pairs >> 32).astype(np.int32)

    def ranges(self, most: int) -> Iterator[tuple[int, int]]:
        """Yield ``(first, last)`` of ranges of left records that together give all pairs, in order.

        :param most: so many pairs :meth:`pairs` gives for a range at most, unless it is one record's
        """
        start = 0
        while start < len(self._records):
            before = self._until[start - 1] if start else 0
            end = max(int(np.searchsorted(self._until, before + most, side="right")), start + 1)
            yield int(self._records[start]), int(self._records[end - 1])
            start = end

    @property
    def most(self) -> int:
        """How many pairs there are at most: those that share several keys count for each of these."""
        return int(self._until[-1]) if len(self._until) else 0

    def most_until(self, records: np.ndarray) -> np.ndarray:
        """Return how many pairs there are at most whose left record is none that comes after each of ``records``."""
        until = np.append(0, self._until)
        found: np.ndarray = until[np.searchsorted(self._records, records, "right")]
        return found

    @cached_property
    def _records(self):
        """The records that are the left one of a pair, in order."""
        return self._record[self._is_last]

    @cached_property
    def _until(self):
        """How many pairs there are at most up to each of these records."""
        return np.cumsum(self._follow, dtype=np.int64)[self._is_last]

    @cached_property
    def _is_last(self):
        return _is_first(self._record[::-1])[::-1]


def _is_first(numbers):
    """Return which of ``numbers``, in order, are another one than the one before."""
    first = np.ones(len(numbers), bool)
    np.not_equal(numbers[1:], numbers[:-1], out=first[1:])
    return first


def candidate_pairs(keys: Iterable[Collection[int]], max_block: int = MAX_BLOCK) -> Candidates:
    """Return the :class:`Candidates` among records whose match keys are ``keys``, in that order.

    :param keys: one iterable of match keys for each record
    :param max_block: a key shared by more records than this makes no pairs: these are counted
    """
    owner: list[int] = []
    key: list[int] = []
    for position, own in enumerate(keys):
        owner.extend([position] * len(own))
        key.extend(own)
    blocks = Blocks(np.array(owner, dtype=np.int32), np.array(key, dtype=np.int32), max_block)
    return Candidates(*blocks.pairs(), blocks.not_compared)
