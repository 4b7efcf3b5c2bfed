"""Find an address in running text: a street, a postcode, and the town beside it."""

import re
from functools import lru_cache
from typing import NamedTuple

from .places import STREET_TYPES, STREET_WORDS, town_words
from .postcodes import CODE_LAST, country_by_form, form, is_american, without_country
from .strays import COUNTED
from .text import word_set

# where an address stands: in a line of its own, after a name, among whatever a subject says
LINE, NAME, SUBJECT = "line", "name", "subject"


class Address(NamedTuple):
    """What was found, and ``rest``: the text without it (without postcode and town, in a line of an address)."""

    rest: str
    street: str = ""
    code: str = ""
    town: str = ""
    country: str = ""


# kinds of ways, after a house's number
_WAYS = (
    "rue|avenue|ave?|boulevard|b(?:l?v?d|oul)|impasse|chemin|route|rte|allee|quai|faubourg|r|imp|chem?|che?|place|pl"
    "|square|sq|cours|fbg?|lotissement|passage|sentier|hameau|zi|za|zac"
)
_HOUSE = r"(?<![^\W_])(?<!\d[.,-])\d{1,4}(?:[/-]\d{1,4})?(?: ?(?:bis|ter|quater|[a-e])(?![^\W_]))?,? "
_NUMBER_FIRST = re.compile(rf"{_HOUSE}(?:{_WAYS})\b\.? ?[^\W\d_]")
_NUMBER_LAST = re.compile(
    r"(?<![^\W_])(?:rue|avenue|boulevard|place|quai|chaussee|via|viale|piazza|piazzale|corso|largo|calle|plaza|paseo"
    r"|avenida|rua|rambla|ronda)(?: [^\W\d_][^\s\d,;]*){1,6},? \d{1,4}[a-z]?$"
)
# "adi-dassler-strasse 1"; where it stands apart, "adi dassler strasse 1", nothing tells where the street begins
_GLUED = re.compile(
    r"(?<![^\W_])[^\W\d_][\w.-]{2,}(?:strasse|str|straat|laan|weg|allee|plein|gasse|gatan|vej|gracht|kade|platz|singel|dijk)"
    r"\.? \d{1,4}[a-z]?$"
)
_ENGLISH_WAYS = (
    "street|road|avenue|lane|drive|boulevard|highway|parade|crescent|terrace|close|grove|court|way|square|place|st|rd"
    "|ave|ln|dr|blvd|hwy|cres|tce|ct|pl|sq"
)
_ENGLISH = re.compile(rf"(?<![^\W_])\d{{1,5}}[a-z]? (?:[\w.'-]+ ){{1,4}}?(?:{_ENGLISH_WAYS})\b")
_TOWN_AFTER_NUMBER = re.compile(r"^(.*[^\W_] \d{1,4}[a-z]?),? ([^\W\d_][^\d,]*)$")
_TOWN_AFTER_WAY = re.compile(rf"^(.*\d.*\b(?:{_ENGLISH_WAYS})\b\.?),? +([^\W\d_][^\d,]*)$")
# a name ends with its legal form, or where a comma stands; what follows is a street if a house's number is in it
_HOUSE_WITHIN = r"(?=\d{1,3}[a-z]? [^\W\d_]|[^\W\d_].* \d{1,3}[a-z]?$)"
_AFTER_FORM = re.compile(
    r".*[^\W_] \(?(?:sasu?|sarl|s\.a\.r\.l\.?|eurl|snc|ltd|limited|llc|llp|plc|inc|corp|corporation|gmbh"
    r"|aktiengesellschaft|kgaa|ag|kg|se|srl|s[. ]?p[. ]?a|s[. ]?a|n[. ]?v|b[. ]?v)\b[.)]? ?[,;-]? ?"
    + _HOUSE_WITHIN
)
_AFTER_MARK = re.compile(r"[^,;|]*?[^\W_] ?(?:[,;|]| - ) ?" + _HOUSE_WITHIN)
_POST_BOX = re.compile(r"(?<![^\W_])(?:bp|b\.p\.|cs|tsa|postfach|po box) ?\d+(?: [^\W\d_]+)?$")
_STREETS = (_NUMBER_LAST, _NUMBER_FIRST, _GLUED, _POST_BOX)
_TOWN = r"[^\W\d_](?:[^\d,;:|()\[\]/@]{0,44}?[^\W\d_])?"
_END = r"\s*(?:$|[)\],;|]| [-/] |: |(?=[(\[]))"
# "(mulhouse 68100)" among names, "12 rue des lilas, mulhouse 68100" in a line
_TOWN_BEFORE = {LINE: re.compile(rf"^.*\d.*(?P<mark>,) ?(?P<town>{_TOWN})$")}
_TOWN_BEFORE[NAME] = _TOWN_BEFORE[SUBJECT] = re.compile(rf"(?P<mark>[(\[]) ?(?P<town>{_TOWN})$")
_MARKS = " ,;:|/-([)]"
# numbers of other things than places
_OTHER_NUMBER = re.compile(
    r"(?:^|[^\w])(?:bp|b\.p\.|cs|tsa|box|boite|boite postale|n|no|nr|naf|ape|lot|modele|type|serie|article|art|affaire"
    r"|bon|client|code|compte|contrat|devis|offre|offer|quote|quotation|appt?|apt|appartement|digicode|interphone|km"
    r"|bat|batiment|parcelle|rd|rn|chantier|projet|sav|intervention|fa|matricule|janvier|fevrier|mars|avril|mai|juin"
    r"|juillet|aout|septembre|octobre|novembre|decembre)[ .:°-]*$"
)
# before a house's number: "amis du 20 avenue foch" are called so
_PART_OF_NAME = re.compile(r"(?:^| )(?:de|des|du|d'|le|la|les|of|the)$")
# what there are thousands of
_THINGS = word_set(
    """
    abonnes annees ans boites btu cartons clients contacts cycles dollars emails employes eur euro euros exemplaires
    flyers foyers habitants heures ht hz jours kg km kw kwh leads lieues litres logements lots lumens m mails m2 metres
    mensuels mois pas personnes pieces places plants points rpm salaries steres tickets tonnes tours ttc unites units
    usd v visiteurs volts vues w watts
    """
)
_NO_TOWNS = word_set(
    """
    ag bv gmbh inc llc ltd nv sa sarl sas sasu snc eurl plus pro bis bte boite bus box sud nord est ouest
    """
)


def find_address(folded, kind, own="", guess=""):
    """Return the :class:`Address` in folded text, or ``None``.

    :param kind: where it stands, :data:`LINE`, :data:`NAME` or :data:`SUBJECT`
    :param own: the code of the lead's country, if it has one; ``guess`` that of most others
    """
    text, named = without_country(folded)
    where = named or own or country_by_form(text) or guess
    # nothing writes out "St" and "Dr" of such a street where the lead does not say that it is American
    if where != "US" and is_american(text):
        return None
    if where in CODE_LAST:
        found = _code_last(text, kind, where, bool(named))
        # what most leads are says little of one that has no country: "68100 mulhouse" is written nowhere there
        if found or named or own:
            return found
    # most postcodes of other countries than the guessed one have five digits
    pattern = _code_first(form(where) if where != guess or own else f"{form(where)}|{form('')}")
    match = pattern.search(text)
    while match:
        found = _judged(match, kind, named)
        if found:
            return found._replace(country=named)
        match = pattern.search(text, match.start("code") + 1)
    return None if kind == LINE else _street_alone(text, kind, named)


@lru_cache
def _code_first(code):
    return re.compile(
        rf"(?<![\w+#-])(?<!\d[.,/])(?P<label>(?:code postal|cp) ?:? ?)?(?:[a-z]{{1,2}}-)?(?P<code>{code})(?![\w€%$])"
        rf"(?:[ ,-]{{1,3}}(?P<town>{_TOWN})(?: ?\d{{1,2}} ?(?:er|e|eme|ieme)?(?: arr(?:ondissement)?\.?)?)?)?{_END}"
    )


def _judged(match, kind, named):
    """Return the :class:`Address` that a postcode and its town are part of, or ``None`` where they may be none."""
    before, code, town = match.string[: match.start()].rstrip(), match["code"], match["town"] or ""
    if COUNTED.search(before) or _OTHER_NUMBER.search(before) or (town and not _may_be_town(town)):
        return None
    if not town and (parts := _TOWN_BEFORE[kind].search(before.rstrip(" -"))) and _may_be_town(parts["town"]):
        before, town = before[: parts.end("mark")], parts["town"]
    if kind == LINE:
        # "1200" at the end of a line may be a house's number
        if not town and (len(code) < 5 or not re.search(r"\d", before)):
            return None
        return Address(_joined(before, match.string[match.end() :]), "", code, town)
    start = _street_start(before, kind == NAME)
    if start is None and not named and not _is_set_off(match, before, town):
        return None
    name, street = (before, "") if start is None else (before[:start], before[start:].strip(_MARKS))
    if street and kind == NAME and _PART_OF_NAME.search(name.rstrip()):
        return None
    return Address(_joined(name, match.string[match.end() :]), street, code, town)


def _is_set_off(match, before, town):
    """Tell whether the postcode after ``before``, with no street, is no number of another thing.

    Where a misread number is another place than the one a lead has, a duplicate is lost: a number is a postcode where
    it is called one, or stands last, apart from the name, with nothing between it and its town.
    """
    if match["label"]:
        return True
    mark = before[-1:]
    if match["town"] and match.string[match.end("code") : match.start("town")].strip():
        return False
    last = not match.string[match.end() :].strip(_MARKS)
    return bool(town) and len(match["code"]) > 4 and mark != "" and mark in _MARKS and last


def _joined(before, after):
    return f"{before.rstrip(_MARKS)} {after.strip(_MARKS)}".strip()


def _may_be_town(text):
    found = text.replace("'", " ").replace("-", " ").split()
    return bool(
        len(found) < 8
        and found[0] not in _THINGS
        and found[0] not in _NO_TOWNS
        and len(max(found, key=len)) > 1
        and not any(word in STREET_WORDS or word in STREET_TYPES for word in found)
        and town_words(text)
    )


def _street_start(before, after_name=False):
    """Return where in the text before a postcode or a country its street begins, or ``None``.

    :param after_name: it follows a name, that a legal form or a comma may end
    """
    before = before.rstrip(_MARKS)
    for pattern in _STREETS:
        if match := pattern.search(before):
            return match.start()
    return _end_of_name(before) if after_name else None


def _end_of_name(text):
    """Return where a name ends that a legal form or a mark parts from a house's number, or ``None``."""
    match = _AFTER_FORM.match(text) or _AFTER_MARK.match(text)
    return match.end() if match else None


def _street_alone(text, kind, named):
    """Return the :class:`Address` that is a street with a house's number and a country, or ``None``.

    Without either postcode or country it may be a name: "Studio 54 Avenue Montaigne".
    """
    if kind == SUBJECT or not named:
        return None
    line, town = text, ""
    if (parts := _TOWN_AFTER_NUMBER.match(text)) and _may_be_town(parts[2]):
        line, town = parts.groups()
    start = _street_start(line)
    return None if not start else Address(text[:start].rstrip(_MARKS), line[start:], "", town, named)


@lru_cache
def _last(country):
    state = r"(?:[ ,]+(?!(?:apt|box|bp|cs|po|no)\b)[a-z]{2,3})?" if country in ("AU", "CA", "US") else ""
    return re.compile(
        rf"^(?P<before>.*?[^\W_][.)]?)(?P<state>{state})[ ,(]+(?P<code>{form(country)})[\s).]*$"
    )


def _code_last(text, kind, country, named):
    """Return the :class:`Address` whose postcode stands after the town, as it is written in English."""
    match = _last(country).match(text)
    if not match:
        return None
    before, code = match["before"], match["code"]
    if _OTHER_NUMBER.search(before) and not match["state"]:
        return None
    street = _ENGLISH.search(before)
    start = 0 if kind == LINE else street.start() if street else None
    if start is None and kind == NAME:
        start = _end_of_name(before)
    # digits alone may be any number
    if not street and not match["state"] and not named and code.isdigit():
        return None
    if start is None and kind == SUBJECT:
        return None
    name, line = (before, "") if start is None else (before[:start], before[start:])
    town = ""
    if parts := _TOWN_AFTER_WAY.match(line) or re.match(r"^(.*\d.*), *([^\W\d_][^\d,]*)$", line):
        line, town = parts.groups()
    elif start is None and (parts := re.match(r"^(.+), *([^\W\d_][^\d,]*)$", name)):
        name, town = parts.groups()
    if kind == LINE:
        return Address(line.rstrip(_MARKS), "", code, town, country if named else "")
    return Address(name.rstrip(_MARKS), line.strip(_MARKS), code, town, country if named else "")
