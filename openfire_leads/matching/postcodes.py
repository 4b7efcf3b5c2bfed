"""What postcodes look like, country by country, and which country a text names at its end."""

import re

_FIVE_DIGITS = r"(?!000)\d{5}"
_FORMS = {
    **dict.fromkeys(["AT", "AU", "BE", "BG", "CH", "CY", "DK", "HU", "LI", "LU"], r"[1-9]\d{3}"),
    **dict.fromkeys(["NO", "NZ", "SI", "TN", "ZA"], r"\d{4}"),
    **dict.fromkeys(["CN", "IN", "RO", "RU", "SG"], r"\d{6}"),
    **dict.fromkeys(["CZ", "GR", "SE", "SK"], r"\d{3} ?\d{2}"),
    "CA": r"[a-z]\d[a-z] ?\d[a-z]\d",
    "GB": r"[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}",
    "IE": r"[a-z]\d[\dw] ?[a-z\d]{4}",
    "NL": r"[1-9]\d{3} ?[a-z]{2}",
    "PL": r"\d{2}-\d{3}",
    "PT": r"\d{4}-\d{3}",
    "US": r"\d{5}(?:-\d{4})?",
}
# the postcode stands after the town
CODE_LAST = frozenset(["AU", "CA", "GB", "IE", "NZ", "US"])
_STATES = (
    "al|ak|az|ar|ca|co|ct|dc|fl|ga|hi|id|il|in|ia|ks|ky|me|md|ma|mi|mn|ms|mo|mt|ne|nv|nh|nj|nm|ny|nc|nd|oh|ok|or|pa"
    "|ri|sc|sd|tn|tx|ut|vt|va|wa|wv|wi|wy"
)
# "rue de la 68100" names neither Delaware nor Louisiana
_AMERICAN = re.compile(rf"(?:[^\W_][.,]? (?:{_STATES})|, (?:de|la)) \d{{5}}(?:-\d{{4}})?[\s).]*$")
_TELLING = {
    "GB": re.compile(
        r"\d[a-z]? (?:[\w.'-]+ ){1,4}?(?:street|road|avenue|lane|drive|close|grove|st|rd|ave)\b.*"
        r"[ ,][a-z]{1,2}\d[a-z\d]? \d[a-z]{2}[\s).]*$"
    ),
    "NL": re.compile(
        r"(?:straat|laan|plein|gracht|kade|weg|singel|dijk) \d{1,4}[a-z]?,? [1-9]\d{3} ?[a-z]{2}(?![^\W_])"
    ),
}
_NAMES = {
    "AT": ("austria", "autriche", "osterreich"),
    "AU": ("australia", "australie"),
    "BE": ("belgium", "belgique", "belgie", "belgien"),
    "CA": ("canada",),
    "CH": ("switzerland", "suisse", "schweiz", "svizzera"),
    "DE": ("germany", "allemagne", "deutschland"),
    "DK": ("denmark", "danemark", "danmark"),
    "ES": ("spain", "espagne", "espana"),
    "FI": ("finland", "finlande", "suomi"),
    "FR": ("france",),
    "GB": ("united kingdom", "royaume-uni", "royaume uni", "great britain", "england", "scotland", "uk"),
    "IE": ("ireland", "irlande"),
    "IT": ("italy", "italie", "italia"),
    "LU": ("luxembourg",),
    "MC": ("monaco",),
    "NL": ("netherlands", "the netherlands", "pays-bas", "pays bas", "nederland"),
    "NO": ("norway", "norvege", "norge"),
    "PL": ("poland", "pologne", "polska"),
    "PT": ("portugal",),
    "SE": ("sweden", "suede", "sverige"),
    "US": ("united states", "etats-unis", "etats unis", "usa"),
}
_COUNTRIES = {name: code for code, names in _NAMES.items() for name in names}
_AT_THE_END = re.compile(
    # "12 rue de france" is a street of that name
    r"(?<!\bde)(?<!\bdu)(?<!\bla)(?<!\bof)(?<!\ben)[\s,;(/-]+"
    rf"(?P<name>{'|'.join(sorted(_COUNTRIES, key=len, reverse=True))})[\s).]*$"
)
# a country that is a town as well
_TOWNS = frozenset(["LU", "MC"])


def form(country):
    """Return the pattern, in folded text, of the postcodes of ``country``; most have five digits."""
    return _FORMS.get(country, _FIVE_DIGITS)


def country_by_form(folded):
    """Return the code of the country whose way of writing an address is told by itself, or an empty text."""
    for country, pattern in _TELLING.items():
        if pattern.search(folded):
            return country
    return ""


def is_american(folded):
    """Tell whether folded text ends with the letters of a state and a postcode of the United States."""
    return _AMERICAN.search(folded) is not None


def without_country(folded):
    """Return folded text without the country named at its end, and the country's code.

    Where none is named the text stays, and the code is empty. A town of the same name stays too.
    """
    match = _AT_THE_END.search(folded)
    if not match:
        return folded, ""
    country = _COUNTRIES[match["name"]]
    if country in _TOWNS and folded[: match.start()][-1:].isdigit():
        return folded, country
    return folded[: match.start()], country
