"""Read phone numbers however they are written."""

import re
from functools import lru_cache

import phonenumbers

from .text import unique

_KEPT = re.compile(r"[^\d+]")
_ZERO = re.compile(r"\(\s*0\s*\)")
_SEPARATORS = re.compile(r"\s*(?:[/;,|\n]|\bou\b|\bet\b|\bor\b|\band\b|\s-\s)\s*", re.IGNORECASE)
# what phonenumbers makes of these, without asking it; a test compares both
_FRENCH = re.compile(r"(?:0|(?:\+|00)33(?:0)?)([1-79]\d{8})")
_SHORTEST = 6


def phones(values, country):
    """Return the numbers found in ``values`` as digits with country code (``33612345678``).

    ``country`` (ISO code) reads the numbers written the national way. A field may hold several
    numbers. What is no possible number, but has enough digits to tell people apart, stays as digits.
    """
    return unique(number for value in values if value for number in _split(str(value)[:200], country or "FR"))


@lru_cache(maxsize=65536)
def _split(text, country):
    number = _number(text, country)
    if number:
        return (number,)
    parts = [part for part in _SEPARATORS.split(text) if part]
    if len(parts) > 1:
        numbers = [_number(part, country) for part in parts]
        if any(numbers):
            return tuple(filter(None, numbers))
    digits = re.sub(r"\D", "", text)
    return (digits[:15],) if len(digits) >= _SHORTEST and len(set(digits)) > 1 else ()


def _number(text, country):
    compact = _KEPT.sub("", _ZERO.sub("", text))
    if (country == "FR" or compact.startswith("+")) and len(compact) <= 14:
        match = _FRENCH.fullmatch(compact)
        if match and compact[-8:].strip(compact[-1]):
            return "33" + match.group(1)
    if len(compact) < _SHORTEST or not compact.lstrip("+").strip(compact[-1]):
        return None
    return parse(text, country)


def parse(text, country):
    """Return what ``phonenumbers`` reads in ``text`` as digits with country code, or ``None``."""
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)[1:]
