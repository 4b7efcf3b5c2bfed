"""Turn match keys into pairs to compare, never a quadratic number of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np

# a key shared by more records than this tells nothing of who they are: it makes no pairs
MAX_BLOCK = 60


@dataclass(frozen=True)
class Candidates:
    """Pairs of positions to compare, each once, ``left[i] < right[i]``.

    ``not_compared`` counts, key by key, the pairs that share a key of more than ``max_block`` records.
    """

    left: np.ndarray
    right: np.ndarray
    not_compared: int


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
    return candidate_pairs_of_arrays(
        np.array(owner, dtype=np.int64), np.array(key, dtype=np.int64), max_block
    )


def candidate_pairs_of_arrays(owner: np.ndarray, key: np.ndarray, max_block: int = MAX_BLOCK) -> Candidates:
    """As :func:`candidate_pairs`, from two arrays: ``key[i]`` is a match key of record ``owner[i]``."""
    order = np.lexsort((owner, key))
    owner, key = owner[order], key[order]
    if not len(key):
        empty = np.zeros(0, dtype=np.int64)
        return Candidates(empty, empty, 0)
    start = np.flatnonzero(np.r_[True, key[1:] != key[:-1]])
    size = np.diff(np.r_[start, len(key)])
    skipped = int((size * (size - 1) // 2)[size > max_block].sum())
    group = np.repeat(np.arange(len(start)), size)
    rank = np.arange(len(key)) - start[group]
    reach = np.where(size[group] > max_block, 0, size[group] - rank - 1)
    first = np.repeat(np.arange(len(key)), reach)
    step = np.arange(len(first)) - np.repeat(np.cumsum(reach) - reach, reach) + 1
    pairs = np.unique(owner[first] << np.int64(32) | owner[first + step])
    return Candidates(pairs >> np.int64(32), pairs & np.int64(0xFFFFFFFF), skipped)
