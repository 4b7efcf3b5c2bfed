"""A hash that is the same in every process, on every machine, for ever."""

from collections.abc import Iterable
from itertools import repeat
from zlib import crc32

import numpy as np

# no hash is one of these numbers: whoever stores hashes may let them stand for something else
RESERVED = 256
_HALF = 1 << 31
_ENCODING = "utf-8", "replace"


def stable_hash(text: str) -> int:
    """Return a signed 32-bit integer for ``text``: what PostgreSQL's ``integer`` holds; never 0 to 255.

    Two texts may have one hash, in a set of a million about one text in four thousand. Whoever uses it must bear that.
    """
    number = crc32(text.encode(*_ENCODING))
    if number >= _HALF:
        return number - 2 * _HALF
    return number if number >= RESERVED else number + RESERVED


def stable_hashes(start: str, texts: Iterable[str]) -> list[int]:
    """Return the :func:`stable_hash` of each of ``texts`` with ``start`` before it."""
    begun = crc32(start.encode(*_ENCODING))
    encoded = map(str.encode, texts, *map(repeat, _ENCODING))
    numbers = np.fromiter(map(crc32, encoded, repeat(begun)), np.uint32).astype(np.int32)
    numbers[(numbers >= 0) & (numbers < RESERVED)] += RESERVED
    found: list[int] = numbers.tolist()
    return found
