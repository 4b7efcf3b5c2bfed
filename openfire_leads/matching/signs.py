"""Signs of strings in 64 bits, by which most strings that are not alike are told without comparing them."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

# what one edit (a letter more, less or another, two exchanged) changes of the signs of two strings at most: a letter
# on either side; of the couples of neighbouring letters, ends included, three on either side
LETTERS_OF_AN_EDIT, COUPLES_OF_AN_EDIT = 2, 6
_BITS = 63


def signs(strings: Iterable[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return two arrays of 64-bit signs of ``strings``: which letters each has, and which couples of neighbours.

    Several letters or couples may share a bit, so that signs differ by no more than the strings do.
    """
    strings = list(strings)
    if not strings:
        return np.zeros(0, np.uint64), np.zeros(0, np.uint64)
    text = "\0" + "\0".join(strings) + "\0"
    chars = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    sizes = np.fromiter(map(len, strings), np.int64, len(strings))
    # the place before each string: where its first couple begins
    before = np.cumsum(sizes + 1) - sizes - 1
    one = np.uint64(1)
    letters = np.bitwise_or.reduceat(one << (chars & _BITS).astype(np.uint64), before)
    couples = one << ((chars[:-1] * np.uint32(37) ^ chars[1:] * np.uint32(11)) & _BITS).astype(np.uint64)
    return letters, np.bitwise_or.reduceat(couples, before)


def _count_by_hand(numbers):
    """Return how many bits of each are set: what ``numpy.bitwise_count`` does from numpy 2 on."""
    one, two, four = (
        np.uint64(mask) for mask in (0x5555555555555555, 0x3333333333333333, 0x0F0F0F0F0F0F0F0F)
    )
    numbers = numbers - (numbers >> np.uint64(1) & one)
    numbers = (numbers & two) + (numbers >> np.uint64(2) & two)
    numbers = numbers + (numbers >> np.uint64(4)) & four
    return (numbers * np.uint64(0x0101010101010101) >> np.uint64(56)).astype(np.uint8)


bit_count = getattr(np, "bitwise_count", _count_by_hand)
