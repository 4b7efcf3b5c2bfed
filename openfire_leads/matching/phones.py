"""Read phone numbers however they are written."""

import re
from functools import lru_cache

import phonenumbers

from .phone_plans import one_form
from .phone_text import SHORTEST, digits_of, has_words, legible, pieces, several
from .text import unique

_KEPT = re.compile(r"[^\d+]")
_ZERO = re.compile(r"\(\s*0\s*\)")
# what phonenumbers makes of these, without asking it; a test compares both
_FRENCH = re.compile(r"(?:0|(?:\+|00)33(?:0)?)([1-79]\d{8})")
_FRENCH_KIND = re.compile(r"33([1-79])\d{8}")
# of the overseas territories; 06 39 98, which is kept for fiction, is in a block of theirs
_OVERSEAS_MOBILE = re.compile(
    r"(?:262(?:639|69[23]|709[23])|590(?:69[01]|7090)|594(?:694|7093)|596(?:69[67]|7091))\d{5,6}"
)
_PLAN_WITHOUT_KINDS = "1"
_ITALY, _ITALIAN_MOBILE = "39", 10
# what a number can be
UNKNOWN, MOBILE, FIXED = 0, 1, 2
_KINDS = {
    phonenumbers.PhoneNumberType.MOBILE: MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE: FIXED,
    phonenumbers.PhoneNumberType.VOIP: FIXED,
}
# so many digits at the beginning tell whose kind a number is
_TELLING = 8
# a number of fifteen digits is the longest there is
_LONGEST = 15
# so many digits at the end are a whole number, whatever the country
_NATIONAL = 8


def phones(values, country, guessed=False):
    """Return the numbers found in ``values`` as digits with country code (``33612345678``).

    A field may hold several numbers, and words, extensions and times of day, which do not count. What is no
    possible number, but has enough digits to tell people apart, stays as digits.

    :param country: ISO code of the country by which numbers written the national way are read
    :param guessed: that country is none of the record's own: a number that is not one of that country's
        stays as digits (``0612345678``), which :func:`one_number` knows again
    """
    return unique(
        number
        for value in values
        if value
        for number in _split(str(value)[:200], country or "FR", guessed)
        # 06 00 00 00 00 is nobody's
        if len(set(number[-_NATIONAL:])) > 1
    )


def one_number(first, second):
    """Tell whether two numbers that :func:`phones` returned are one, of which one lacks the country code."""
    short, long = sorted((first.lstrip("0"), second.lstrip("0")), key=len)
    return len(short) >= _NATIONAL and long.endswith(short)


def kind(number):
    """Return which of :data:`MOBILE` and :data:`FIXED` a number is that :func:`phones` returned, else :data:`UNKNOWN`.

    A mobile phone is one person's, a fixed one a household's or a firm's. Plans like North America's do not tell.
    """
    if match := _FRENCH_KIND.fullmatch(number):
        return MOBILE if match.group(1) in "67" else FIXED
    if _OVERSEAS_MOBILE.fullmatch(number):
        return MOBILE
    if number.startswith(_ITALY):
        # without the 0 of its area, a fixed number of nine digits may begin like a mobile one of ten
        national = number.removeprefix(_ITALY)
        if not national.startswith("3"):
            return FIXED
        return MOBILE if len(national) == _ITALIAN_MOBILE else UNKNOWN
    return UNKNOWN if number.startswith(_PLAN_WITHOUT_KINDS) else _kind(number[:_TELLING], len(number))


@lru_cache(maxsize=65536)
def _kind(beginning, size):
    # what follows the first digits tells nothing more, as long as it is no other length
    try:
        number = phonenumbers.parse("+" + beginning.ljust(size, "2"))
    except phonenumbers.NumberParseException:
        return UNKNOWN
    return _KINDS.get(phonenumbers.number_type(number), UNKNOWN)


@lru_cache(maxsize=65536)
def _split(text, country, guessed):
    number = _french(text, country)
    if number:
        return (number,)
    text = legible(text)
    found = _valid(text, country) or (() if guessed else _possible(text, country))
    return tuple(map(one_form, found)) if found else _as_digits(text, guessed)


def _french(text, country):
    """Return the number that ``text`` is, if it is one written the French way and nothing else can be meant."""
    compact = _KEPT.sub("", _ZERO.sub("", text))
    if (country == "FR" or compact.startswith("+")) and len(compact) <= 14:
        match = _FRENCH.fullmatch(compact)
        if match and compact[-8:].strip(compact[-1]):
            return one_form("33" + match.group(1))
    return None


def _valid(text, country):
    """Return the numbers in ``text`` that exist in the plan of their country, as far as one can know."""
    if not has_words(text) and (whole := _number(text, country, only_valid=True)):
        return [whole]
    return [
        number
        for piece in pieces(text)
        for number in several(piece, lambda digits: _number(digits, country, only_valid=True))
    ]


def _possible(text, country):
    """Return the numbers in ``text`` that have the length of one."""
    if not has_words(text) and (whole := _number(text, country)):
        return [whole]
    parts = [piece for piece in pieces(text) if len(digits_of(piece)) >= SHORTEST] or [text]
    return list(filter(None, (_number(part, country) for part in parts)))


def _as_digits(text, guessed):
    found = [text]
    if has_words(text) or guessed:
        parts = [part for piece in pieces(text) for part in _halves(piece)]
        least = _NATIONAL if len(parts) > 1 else SHORTEST
        found = [part for part in parts if len(digits_of(part)) >= least] or found
    digits = [(one, digits_of(one)[:_LONGEST]) for one in found]
    return tuple(
        one_form(number) if written.lstrip().startswith("+") else number
        for written, number in digits
        if len(number) >= SHORTEST and len(set(number)) > 1
    )


def _halves(piece):
    """Part two numbers between which nothing stands, if they are written the same way."""
    groups = re.findall(r"\d+", piece)
    middle = len(groups) // 2
    first, second = groups[:middle], groups[middle:]
    if list(map(len, first)) == list(map(len, second)) and len("".join(first)) >= _NATIONAL:
        return [" ".join(first), " ".join(second)]
    return [piece]


def _number(text, country, only_valid=False):
    compact = _KEPT.sub("", text)
    if len(compact) < SHORTEST or not compact.lstrip("+").strip(compact[-1]):
        return None
    return parse(text, country, only_valid)


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
