"""What is compared: a record as it was typed, and its normalised profile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from .companies import company_words
from .emails import emails
from .errors import ProfileError
from .misplaced import maybe_misplaced, put_right
from .people import addresses_somebody, person_words
from .phones import phones
from .places import postcode, street_parts, swapped, town_words, units
from .strays import Strays, maybe_stray
from .subjects import subject_words
from .text import fold

# Raise it whenever a profile, key, term or score of unchanged records may come out differently:
# whoever stores profiles makes those of an older version anew.
ENGINE_VERSION = 13
# between the values of a packed profile, none of which holds a control character
_BETWEEN = "\t"


@dataclass(frozen=True, slots=True)
class Record:
    """One lead or contact as somebody typed it. Every value may be empty or ``False``."""

    id: int | str | None = None
    name: str = ""
    contact_name: str = ""
    partner_name: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    street: str = ""
    street2: str = ""
    zip: str = ""
    city: str = ""
    state: str = ""
    country_code: str = ""


class Profile(NamedTuple):
    """A record normalised for comparison: each value is a string of words parted by spaces."""

    emails: str = ""
    phones: str = ""
    person: str = ""
    company: str = ""
    number: str = ""
    street: str = ""
    street2: str = ""
    zip: str = ""
    city: str = ""
    state: str = ""
    subject: str = ""
    unit: str = ""

    def pack(self) -> str:
        """Return one text to store: the values with a tab between each two, without the empty ones at the end."""
        return _BETWEEN.join(self).rstrip(_BETWEEN)

    @classmethod
    def unpack(cls, text: str) -> Profile:
        """Return the profile that :meth:`pack` gave.

        :raises ProfileError: when ``text`` is no text of at most as many values as a profile has
        """
        if not isinstance(text, str):
            raise ProfileError(f"a stored profile is a text: {text!r:.100}")
        values = text.split(_BETWEEN)
        if len(values) > len(cls._fields):
            raise ProfileError(f"no stored profile: {text!r:.100}")
        return cls(*values)

    @classmethod
    def unpack_columns(cls, texts: Sequence[str]) -> Profile:
        """Return one profile of lists, for each field the values of all ``texts``, as :meth:`unpack` gives them.

        :raises ProfileError: as :meth:`unpack`
        """
        width = len(cls._fields)
        try:
            # each text with as many values as there are fields: then one split makes them all
            missing = [_BETWEEN * (width - 1 - count) for count in range(width)]
            values = _BETWEEN.join([text + missing[text.count(_BETWEEN)] for text in texts]).split(_BETWEEN)
        except (IndexError, TypeError, AttributeError):
            for text in texts:
                cls.unpack(text)
            raise
        columns: list[Any] = [values[place::width] if texts else [] for place in range(width)]
        return cls(*columns)


def profile(record: Record, default_country: str = "FR") -> Profile:
    """Return the :class:`Profile` of ``record``; ``default_country`` reads phones of records without one.

    A mail address, a phone number or an address in contact, company or subject counts as if it stood in its own field,
    where that has none: beside one it may be anybody's. So does a postcode or a town in another field of the address.
    """
    own = _code(record.country_code)
    country = own or _code(default_country)
    person, company, subject = _text(record.contact_name), _text(record.partner_name), _text(record.name)
    addresses = emails(_values(record.emails))
    numbers = phones(_values(record.phones), country, guessed=not own)
    names = f"{person}\n{company}\n{subject}"
    if maybe_stray(names):
        strays = Strays(country, not own)
        person, company, subject = map(strays.taken_out, (person, company, subject))
        addresses = addresses or emails(strays.emails)
        numbers = numbers or phones(strays.phones, country, guessed=not own)
    places = record
    if maybe_misplaced(record, names):
        places, (person, company, subject), country = put_right(
            record, (person, company, subject), country, own, bool(addresses or numbers)
        )
    if not person.strip() and addresses_somebody(company):
        person, company = company, ""
    line, unit = units(places.street)
    line2, unit2 = units(places.street2)
    first, second = street_parts(line, country), street_parts(line2, country)
    if swapped(first, second, line2):
        first, second = second, first
    (number, street), (number2, street2) = first, second
    return Profile(
        emails=" ".join(addresses[:8]),
        phones=" ".join(numbers[:8]),
        person=" ".join(person_words(person)),
        company=" ".join(company_words(company)),
        number=number,
        street=" ".join(street),
        street2=" ".join([number2, *street2] if number2 else street2),
        zip=postcode(places.zip, places.city, country),
        city=" ".join(town_words(places.city)),
        state=fold(record.state)[:20],
        subject=" ".join(subject_words(subject)),
        unit=" ".join(sorted({*unit, *unit2})[:4]),
    )


def _code(code):
    """Return the code of a country; what is no text is none."""
    return code.strip().upper() if isinstance(code, str) else ""


def _text(value):
    if isinstance(value, str):
        return value
    return str(value) if value and value is not True else ""


def _values(values):
    """Return the values of a field that may have several; one that stands alone is one of them."""
    if isinstance(values, (tuple, list)):
        return values
    return (values,) if values else ()
