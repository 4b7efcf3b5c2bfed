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
# so many digits at the end are a whole number, whatever the country
_NATIONAL = 8


def phones(values, country, guessed=False):
    """Return the numbers found in ``values`` as digits with country code (``33612345678``).

    A field may hold several numbers. What is no possible number, but has enough digits to tell people apart,
    stays as digits.

    :param country: ISO code of the country by which numbers written the national way are read
    :param guessed: that country is none of the record's own: a number that is not one of that country's
        stays as digits (``0612345678``), which :func:`one_number` knows again
    """
    return unique(
        number for value in values if value for number in _split(str(value)[:200], country or "FR", guessed)
    )


def one_number(first, second):
    """Tell whether two numbers that :func:`phones` returned are one, of which one lacks the country code."""
    short, long = sorted((first.lstrip("0"), second.lstrip("0")), key=len)
    return len(short) >= _NATIONAL and long.endswith(short)


@lru_cache(maxsize=65536)
def _split(text, country, guessed):
    number = _number(text, country, guessed)
    if number:
        return (number,)
    parts = [part for part in _SEPARATORS.split(text) if part]
    if len(parts) > 1:
        numbers = [_number(part, country, guessed) for part in parts]
        if not any(numbers) and guessed:
            numbers = [digits for digits in map(_digits, parts) if len(digits) >= _NATIONAL]
        if any(numbers):
            return tuple(filter(None, numbers))
    digits = _digits(text)
    return (digits[:15],) if len(digits) >= _SHORTEST and len(set(digits)) > 1 else ()


def _digits(text):
    return re.sub(r"\D", "", text)


def _number(text, country, guessed):
    compact = _KEPT.sub("", _ZERO.sub("", text))
    if (country == "FR" or compact.startswith("+")) and len(compact) <= 14:
        match = _FRENCH.fullmatch(compact)
        if match and compact[-8:].strip(compact[-1]):
            return "33" + match.group(1)
    if len(compact) < _SHORTEST or not compact.lstrip("+").strip(compact[-1]):
        return None
    return parse(text, country, only_valid=guessed)


def parse(text, country, only_valid=False):
    """Return what ``phonenumbers`` reads in ``text`` as digits with country code, or ``None``.

    :param only_valid: what has the right length only will not do
    """
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    found = phonenumbers.is_valid_number if only_valid else phonenumbers.is_possible_number
    if not found(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)[1:]
