"""Numbers that are written in two ways with their country's code are brought to one form."""

import re

# numbers of the French overseas territories are dialled the national way in all of France: what was read as
# one of +33 is one of the territory's own code
_OVERSEAS = (
    (re.compile(r"33(26[239]|639|69[23]|7092|7093[5-7])"), "262"),
    (re.compile(r"33(590|69[01]|7090)"), "590"),
    (re.compile(r"33(594|694|7093[0-3])"), "594"),
    (re.compile(r"33(596|69[67]|7091)"), "596"),
)
_FRENCH_LENGTH = 11
_SAINT_PIERRE = "33508"
# Brazil's mobiles have got a ninth digit
_BRAZILIAN_MOBILE = re.compile(r"55(\d\d)([6-9]\d{7})")
# a digit between the country's code and the number: Mexico's 1, Argentina's 9 before mobiles
_EXTRA = re.compile(r"(52)1(\d{10})|(54)9(\d{10})")


def one_form(number):
    """Return digits with country code so that both ways of writing one number are the same.

    ``33692123456`` is ``262692123456``; Italy's 0 after the code, Mexico's 1 and Argentina's 9 go; Brazil's ninth
    digit is put where it is missing.
    """
    start = number[:2]
    if start == "33":
        return _overseas(number)
    if start == "39":
        return "39" + number[2:].lstrip("0")
    if start == "55":
        return _BRAZILIAN_MOBILE.sub(r"55\g<1>9\2", number) if len(number) == 12 else number
    if start in ("52", "54") and (match := _EXTRA.fullmatch(number)):
        return "".join(filter(None, match.groups()))
    return number


def _overseas(number):
    if len(number) != _FRENCH_LENGTH or number[2] not in "2567":
        return number
    if number.startswith(_SAINT_PIERRE):
        return number.removeprefix("33")
    for pattern, code in _OVERSEAS:
        if pattern.match(number):
            return code + number[2:]
    return number
