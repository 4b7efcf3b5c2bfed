"""Read streets, postcodes and towns."""

from __future__ import annotations

import re

from .text import fold, unique, word_set, words

STREET_TYPES = {
    "av": "avenue", "ave": "avenue", "aven": "avenue", "bd": "boulevard", "bld": "boulevard",
    "blv": "boulevard", "blvd": "boulevard", "boul": "boulevard", "bvd": "boulevard", "r": "rue",
    "rte": "route", "ch": "chemin", "che": "chemin", "chem": "chemin", "imp": "impasse", "pl": "place",
    "all": "allee", "sq": "square", "fg": "faubourg", "fbg": "faubourg", "res": "residence",
    "lot": "lotissement", "pass": "passage", "qu": "quai", "zi": "zone", "za": "zone", "zac": "zone",
    "rd": "road", "ln": "lane", "hwy": "highway", "pkwy": "parkway", "ct": "court", "cres": "crescent",
    "tce": "terrace", "cct": "circuit", "cir": "circle", "str": "strasse", "cl": "close",
}  # fmt: skip
STREET_WORDS = frozenset(STREET_TYPES.values()) | word_set(
    """
    street drive way cours quai venelle ruelle sentier square villa hameau circuit plaza close grove
    parade
    """
)
# what has a name of its own, beside the street that it is in
_ESTATES = frozenset(["/residence", "/lotissement", "/zone", "/hameau", "/villa", "/plaza"])
_HONOURS = {
    "general": "gal", "gen": "gal", "marechal": "mal", "docteur": "dr", "capitaine": "cap",
    "colonel": "col", "commandant": "cdt", "lieutenant": "lt", "president": "pdt", "professeur": "pr",
    "saint": "st", "sainte": "ste", "notre-dame": "nd", "north": "n", "south": "s", "east": "e",
    "west": "w",
    "sth": "s", "nth": "n", "gr": "grand", "gde": "grand", "gd": "grand", "grande": "grand",
}  # fmt: skip
_FILLERS = word_set(
    """
    de du des d la le les l et the of a au aux
    """
)
_ENGLISH = frozenset(["AU", "CA", "GB", "IE", "NZ", "US"])
_LAST_IN_ENGLISH = {"st": "street", "dr": "drive", "pl": "place", "ter": "terrace", "ave": "avenue"}
_REPEATS = {"bis": "b", "ter": "t", "quater": "q"}
_NUMBER = re.compile(r"(\d{1,5})(bis|ter|quater|[a-z])?")
_CEDEX = re.compile(r"\bcedex\b.*|\b\d{1,2} ?(?:e|er|eme|ieme|ème)\b(?: arrondissement| arr)?|\(.*?\)")
# which part of a house: the kind, and what tells it from the others; "3e etage" is written the other way round
_UNIT = re.compile(
    # "rue de la tour 12" names a street
    r"(?<![^\W_])(?<! la )(?<! du )(?<! l')(?:"
    r"(?:(?P<apt>appartements?|appart|appt|apt|app|flat|unit|suite|porte|door|chambre|room|studio|cellule)"
    r"|(?P<bat>batiment|bat|bt|bldg|building|bloc|block|immeuble|imm|tour|tower|aile|wing)"
    r"|(?P<esc>escalier|esc|cage)|(?P<hall>hall|entree|entrance)"
    r"|(?P<stairs>etage|floor|niveau|level)|(?P<lot>lot))"
    # the letter of "porte d'italie" is none
    r"[ .:]*(?:n[°o]?\.? ?)?(?P<value>\d{1,4}[a-z]?|[a-z]\d{0,4})(?![^\W_]|')"
    r"|(?P<before>\d{1,2}) ?(?:er|eme|ieme|nd|nde|rd|st|th|e)? ?(?:etage|floor)(?![^\W_]))"
    r"|# ?(?P<hash>\d{1,5}[a-z]?)(?![^\W_])"
)
# in all that names one: quicker to look for
_UNIT_HINTS = (
    "ap", "flat", "unit", "suite", "porte", "bat", "bt", "bldg", "build", "blo", "esc", "etage", "floor", "lot", "#",
    "tour", "tower", "hall", "entr", "imm", "aile", "wing", "cage", "niveau", "level", "door", "room", "chambre",
    "studio", "cellule",
)  # fmt: skip
# in all that says no more than the town: quicker to look for
_MAYBE_CEDEX = re.compile(r"[\d(]|cedex")
_NO_CODE = re.compile("[^a-z0-9]+")
_POSTCODE = re.compile(r"(?<!\d)\d{4,5}(?!\d)")


def units(line):
    """Return a line of an address without the flat, building, staircase, floor and lot it names, and these.

    ``12 rue des Lilas Bât. C appt 505`` gives ``12 rue des lilas`` and ``["bat:c", "apt:505"]``.
    """
    folded = fold(line)
    found: list[str] = []
    if not folded or not _may_name_unit(folded):
        return folded, found

    def taken(match):
        parts = match.groupdict()
        value = parts["value"] or parts["before"] or parts["hash"]
        kind = next((name for name in ("bat", "esc", "hall", "lot") if parts[name]), "apt")
        if parts["stairs"] or parts["before"]:
            kind = "floor"
        if kind == "lot" and not value[0].isdigit():
            return match.group()
        found.append(f"{kind}:{value.lstrip('0') or '0'}")
        return " "

    return _UNIT.sub(taken, folded), found


def _may_name_unit(folded):
    # every line is asked: a loop takes half the time of any()
    for hint in _UNIT_HINTS:  # noqa: SIM110
        if hint in folded:
            return True
    return False


def street_parts(street, country):
    """Return ``(number, words)`` of a street line: number and repeat as one, abbreviations expanded.

    The kind of way (rue, avenue) comes first among the words, marked with ``/``: it says less than the name.
    """
    line = street.lower() if street.isascii() else fold(street)
    found = [word for word in words(line.replace("'", " ")) if word not in _FILLERS]
    number = ""
    rest: list[str] = []
    for index, word in enumerate(found):
        match = _NUMBER.fullmatch(word)
        if match and not number and index < 4:
            number = match.group(1).lstrip("0") + _repeat(match.group(2) or "")
        elif number.isdigit() and not rest and _is_repeat(word, found[index + 1 :]):
            number += _repeat(word)
        else:
            rest.append(word)
    return number, _street_words(rest, country)


def swapped(first, second, line2):
    """Tell whether the second line of an address is its street, the first the name of an estate or a house.

    :param first: what :func:`street_parts` gives of the first line, ``second`` that of ``line2``
    """
    (number, found), (number2, found2) = first, second
    if number or not found2 or (found and not number2):
        return False
    if _is_way(found2):
        return True
    # "BP 12" and "Les Iris 3" have numbers too, but not a house's
    return line2[0].isdigit() and not _is_way(found)


def _is_way(found):
    """Tell whether the words of a line begin with a kind of way that is no estate."""
    return bool(found) and found[0][0] == "/" and found[0] not in _ESTATES


def _is_repeat(word, following):
    """Tell whether the word after a number belongs to it: ``bis``, or a letter before the kind of way."""
    if word in _REPEATS:
        return True
    return len(word) == 1 and bool(following) and STREET_TYPES.get(following[0], following[0]) in STREET_WORDS


def _repeat(word):
    return _REPEATS.get(word, word)


def _street_words(found, country):
    kinds: list[str] = []
    names: list[str] = []
    if len(found) > 1 and country in _ENGLISH:
        found = [*found[:-1], _LAST_IN_ENGLISH.get(found[-1], found[-1])]
    for written in found:
        word = STREET_TYPES.get(written, written)
        if word in STREET_WORDS and not kinds and len(found) > 1:
            kinds.append("/" + word)
        else:
            names.append(_HONOURS.get(word, word))
    return kinds + unique(names)[:6]


def town_words(city):
    """Return the words of a town without CEDEX and arrondissement, ``st`` written out."""
    folded = fold(city)
    if _MAYBE_CEDEX.search(folded):
        folded = _CEDEX.sub(" ", folded)
    folded = folded.replace("'", " ")
    folded = folded.replace("s/", "sur ").replace("/", " ")
    found = [{"st": "saint", "ste": "sainte"}.get(word, word) for word in words(folded) if not word.isdigit()]
    return unique(found)[:6]


def postcode(zip_code, city, country):
    """Return the postcode as letters and digits; where there is none, the one in the town's field."""
    # most are digits and nothing else
    plain = isinstance(zip_code, str) and zip_code.isdigit() and zip_code.isascii()
    code = (zip_code if plain else _NO_CODE.sub("", fold(zip_code)))[:10]
    if not code:
        match = _POSTCODE.search(fold(city))
        code = match.group() if match else ""
    if country in ("FR", "") and code.isdigit() and len(code) == 4:
        return code.zfill(5)
    # ZIP+4: no other country has postcodes of nine digits
    return code[:5] if len(code) == 9 and code.isdigit() else code
