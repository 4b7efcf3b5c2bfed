"""Read places that were typed where they do not belong: a town as a postcode, an address in a street or a name."""

import re
from functools import lru_cache
from typing import NamedTuple

from .address_text import LINE, NAME, SUBJECT, find_address
from .companies import LEGAL_FORMS, company_words
from .people import person_words
from .places import postcode, street_parts, town_words, units
from .postcodes import form
from .text import fold, word_set

_DIGIT = re.compile("[0-9]")
# a postcode of some country, and few houses' numbers: quickly told
_MAYBE_CODE = re.compile(r"[0-9](?:[0-9]{3}|[0-9]{2} [0-9]|-[0-9]{3}|[A-Za-z]{2}\b|[A-Za-z] ?[0-9])")
# "mulhouse" among what should be a postcode; "1012 ab", "sw1a 2aa" have fewer letters in a row
_WORD = re.compile(r"[^\W\d_]{3}")
# who is called by an address has no other name
_CALLED_BY_PLACE = LEGAL_FORMS | word_set(
    """
    aful agence appart appartement asl batiment boulangerie boutique bureau bureaux copro copropriete coproprietaires
    ecole hotel immeuble immo indivision lot lotissement magasin maison menuiserie pharmacie residence restaurant
    sdc studio syndic syndicat taxi villa
    """
)
# whose whole name is where they are, whoever looks after them
_OWNERS_THERE = word_set(
    "aful asl copro copropriete coproprietaires immeuble indivision residence sdc syndic syndicat"
)
_COUNTRY_MARK = re.compile(r"[a-z]{1,3}-(?=\d{4,5}$)")


class Places(NamedTuple):
    """Where somebody is, as it was typed."""

    street: str
    street2: str
    zip: str
    city: str


def maybe_misplaced(record, names):
    """Tell, quickly, whether a place may be in another field of ``record``, or in ``names``, one text."""
    code, town, street = record.zip, record.city, record.street
    try:
        if code and not code.isdigit() and not _is_slip(code):
            return True
        if code and town:
            return code in street if street else _DIGIT.search(names) is not None
        return bool(
            _DIGIT.search(names)
            or (street and _MAYBE_CODE.search(street))
            or (record.street2 and _MAYBE_CODE.search(record.street2))
            or (town and not street and _MAYBE_CODE.search(town))
        )
    except (AttributeError, TypeError):
        # a value that is no text is looked at as one
        return True


def _is_slip(code):
    """Tell whether a postcode is no digits only because of a slip, or has letters where it belongs."""
    return len(code) < 7 and not (code.isalpha() or " " in code or "-" in code)


def put_right(record, names, country, own, known=False):
    """Return :class:`Places`, ``names`` and the country, each place in its own field.

    What is typed elsewhere counts where its own field is empty: beside another value it may be anybody's. It is
    taken out of a name, unless nothing would be left of that, or its town was known without it.

    A subject tells of where the work is as well: its place counts where nothing else tells who it is.

    :param names: contact, company and subject
    :param own: the code of the lead's country, if it has one; ``country`` is that or a guess
    :param known: whether the record has a mail address or a phone
    """
    reading = _Reading(_places(record), country, own)
    reading.sort_codes()
    reading.read_lines()
    person, company, subject = names
    # a subject is often a name again
    read = {
        person: reading.without(person, NAME, person_words),
        company: reading.without(company, NAME, company_words),
    }
    if not known and not "".join(read).strip():
        read[subject] = reading.without(subject, SUBJECT)
    return reading.places, [read.get(name, name) for name in names], reading.country


def _places(record):
    return Places(*(str(value or "") for value in (record.street, record.street2, record.zip, record.city)))


class _Reading:
    """The places of one lead while its fields are read one after the other."""

    def __init__(self, places, country, own):
        self.places, self.country, self.own = places, country, own

    def sort_codes(self):
        """Give postcode and town what the other's field holds."""
        if self.places.zip.isdigit():
            return
        code, city = fold(self.places.zip), fold(self.places.city)
        if match := _COUNTRY_MARK.match(code):
            self.places = self.places._replace(zip=code[match.end() :])
        elif _WORD.search(code):
            if not _DIGIT.search(code):
                # the other way round: a town as the postcode, a postcode as the town
                if _DIGIT.search(city) and not _WORD.search(city):
                    self.places = self.places._replace(zip=city, city=code)
            elif match := _code_beside_town(form(self.country)).match(code):
                town = match["after"] or match["before"]
                self.places = self.places._replace(
                    zip=match["code"] or match["last"], city=self.places.city or town
                )

    def read_lines(self):
        """Take postcode and town off the end of the lines of the street, and a street out of the town's field."""
        for field in ("street", "street2"):
            found = self._in_line(getattr(self.places, field))
            # nothing but a town, said in its own field too, is left where it is
            if found and self._agrees(found) and (found.rest or self._nowhere()):
                self._fill(found)
                self.places = self.places._replace(**{field: found.rest})
        if self.places.street or self.places.street2:
            return
        found = self._in_line(self.places.city)
        if found and found.town and _DIGIT.search(found.rest):
            self.places = self.places._replace(city=found.town, street=found.rest)
            self._fill(found)

    def _in_line(self, line):
        return find_address(fold(line), LINE, self.own, self.country) if _MAYBE_CODE.search(line) else None

    def without(self, text, kind, words_of=None):
        """Return a name or a subject without the address in it, and keep this.

        :param words_of: what gives the words of such a name
        """
        if not _DIGIT.search(text):
            return text
        found = find_address(fold(text), kind, self.own, self.country)
        if not found or not self._agrees(found) or self._only_half(found):
            return text
        goes = self._is_new(found) and (_names(words_of(found.rest)) if words_of else found.rest)
        self._fill(found)
        return found.rest if goes else text

    def _nowhere(self):
        return not (self.places.zip or self.places.city)

    def _is_new(self, found):
        """Tell whether its street or its town are not known yet: else a name would lose words, and little be gained."""
        if found.street and not (self.places.street or self.places.street2):
            return True
        return bool(found.code) and self._nowhere()

    def _only_half(self, found):
        """Tell whether of postcode and town it has one, and the lead the other: they may be two places."""
        own = self.places
        return bool(
            (found.code and not found.town and own.city) or (found.town and not found.code and own.zip)
        )

    def _agrees(self, found):
        """Tell whether nothing of an :class:`Address` is another than in its own field."""
        own = self.places
        codes = {postcode(own.zip, own.city, self.country), postcode(found.code, "", self.country)} - {""}
        towns = [set(town_words(town)) for town in (own.city, found.town)]
        if len(codes) > 1 or not (towns[0] <= towns[1] or towns[1] <= towns[0]):
            return False
        lines = [street_parts(units(line)[0], self.country) for line in (own.street, own.street2) if line]
        return not (found.street and lines) or street_parts(units(found.street)[0], self.country) in lines

    def _fill(self, found):
        own = self.places
        self.country = self.own or found.country or self.country
        self.places = own._replace(
            street=own.street or ("" if own.street2 else found.street),
            zip=own.zip or found.code,
            city=own.city if town_words(own.city) else found.town or own.city,
        )


def _names(found):
    """Tell whether words are a name, more than numbers, single letters and what is called by its address."""
    return not _OWNERS_THERE.intersection(found[:1]) and any(
        len(word) > 1 and not word.isdigit() and word not in _CALLED_BY_PLACE for word in found
    )


@lru_cache
def _code_beside_town(code):
    code = rf"{code}|\d{{4,5}}"
    return re.compile(
        rf"(?:[a-z]{{1,3}}-)?(?P<code>{code})[ ,;/(-]+(?P<after>[^\W\d_].*)$"
        rf"|(?P<before>[^\W\d_][^\d]*?)[ ,;/(-]+(?P<last>{code})\)?$"
    )
