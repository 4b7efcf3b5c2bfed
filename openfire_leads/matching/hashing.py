"""A hash that is the same in every process, on every machine, for ever."""

from functools import lru_cache
from hashlib import blake2b


@lru_cache(maxsize=262144)
def stable_hash(text):
    """Return a signed 64-bit integer for ``text``: what PostgreSQL's ``bigint`` holds."""
    return int.from_bytes(
        blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "big", signed=True
    )
