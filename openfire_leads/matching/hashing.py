"""A hash that is the same in every process, on every machine, for ever."""

from zlib import crc32

# no hash is one of these numbers: whoever stores hashes may let them stand for something else
RESERVED = 256
_HALF = 1 << 31


def stable_hash(text: str) -> int:
    """Return a signed 32-bit integer for ``text``: what PostgreSQL's ``integer`` holds; never 0 to 255.

    Two texts may have one hash, in a set of a million about one text in four thousand. Whoever uses it must bear that.
    """
    number = crc32(text.encode("utf-8", "replace"))
    if number >= _HALF:
        return number - 2 * _HALF
    return number if number >= RESERVED else number + RESERVED
