"""Profiles as columns of numbers: each distinct value is looked at once, however many records have it."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from itertools import chain, count
from typing import Any
from zlib import crc32

import numpy as np

from .emails import alias_words, is_provider, is_tagged, names_somebody
from .first_names import KNOWN
from .frequency import whole
from .record import Profile
from .scripts import in_latin, is_glyph, script_of

MISSING = -1
# digits at the end of a phone number that do not depend on the country it was read for
TAIL = 8
_MOST_IN_LATIN = 8


class Vocabulary:
    """Distinct strings, numbered, with the information in bits of each.

    :param kind: a kind of term (see ``frequency.KINDS``), empty where frequency does not matter
    """

    def __init__(self, kind, statistics):
        self.kind, self.statistics = kind, statistics
        self.numbers: dict[str, int] = defaultdict(count().__next__)
        # the number of a text, a new one when it is new
        self.number = self.numbers.__getitem__

    @cached_property
    def strings(self):
        """The strings in order of their numbers, one unused at the end for :data:`MISSING` to point at."""
        return np.array([*self.numbers, ""], dtype=object)

    @cached_property
    def bits(self):
        """How much information each string is; 0 where frequency does not matter."""
        if not self.kind:
            return np.zeros(len(self.strings))
        return np.append(self.statistics.bits(self.kind, self.numbers), 0.0)

    @cached_property
    def sizes(self):
        """The length of each string."""
        return np.fromiter(map(len, self.strings), dtype=np.int32, count=len(self.strings))

    @cached_property
    def initials(self):
        """The first character of each string, as a number."""
        return np.fromiter(
            (ord(text[0]) if text else 0 for text in self.strings), np.int32, len(self.strings)
        )

    @cached_property
    def digits(self):
        """Which strings are numbers."""
        return np.array([text.isdigit() for text in self.strings])

    @cached_property
    def glyphs(self):
        """Which strings are one Chinese character or Korean syllable; ``None`` where none is."""
        if all(map(str.isascii, self.numbers)):
            return None
        found = [is_glyph(text) for text in self.strings]
        return np.array(found) if any(found) else None

    @cached_property
    def given(self):
        """Which strings are no slip of another: known first names, what tells father from son, Chinese characters.

        ``None`` where the strings are no words of names.
        """
        if self.kind != "n":
            return None
        found = np.array([text in KNOWN or text.startswith("/") for text in self.strings])
        return found if self.glyphs is None else found | self.glyphs

    @cached_property
    def marks(self):
        """A number for each string, the same in every table: it breaks ties always the same way."""
        marks = (crc32(text.encode("utf-8", "replace")) for text in self.strings)
        return np.fromiter(marks, dtype=np.int64, count=len(self.strings))


class Column:
    """Strings of words: the number of each record's string, and the numbers of each string's words.

    :param most: so many words of each string at most; 0 where only the whole string counts
    """

    def __init__(self, texts, vocabulary, most):
        numbers = defaultdict(count().__next__)
        numbers[""] = MISSING
        self.ids = np.fromiter(map(numbers.__getitem__, texts), np.int32)
        del numbers[""]
        self.vocabulary = vocabulary
        self.texts = numbers
        numbers.default_factory = None
        if most:
            self.words = self._words(most)

    def _words(self, most):
        if not self.texts:
            return np.full((1, 1), MISSING, np.int32)
        counts = np.fromiter((text.count(" ") + 1 for text in self.texts), np.int64, len(self.texts))
        words = chain.from_iterable(map(str.split, self.texts))
        numbers = np.fromiter(map(self.vocabulary.number, words), np.int32, counts.sum())
        place = np.arange(len(numbers)) - np.repeat(np.cumsum(counts) - counts, counts)
        found = np.full((len(counts) + 1, min(int(counts.max()), most)), MISSING, np.int32)
        used = place < most
        found[np.repeat(np.arange(len(counts)), counts)[used], place[used]] = numbers[used]
        return found

    @cached_property
    def strings(self):
        """The distinct strings in order of their numbers, an empty one at the end."""
        return np.array([*self.texts, ""], dtype=object)

    def in_latin(self, texts):
        """Return a column of ``texts``, from which this one was made, in Latin letters."""
        return self if self.only_latin else Column(map(in_latin, texts), self.vocabulary, _MOST_IN_LATIN)

    @cached_property
    def scripts(self):
        """The scripts of each string, as bits."""
        return np.fromiter(map(script_of, self.strings), np.int32, len(self.strings))

    @cached_property
    def only_latin(self):
        """Whether no string is in another script, which is quickly told."""
        return all(map(str.isascii, self.texts))

    @cached_property
    def counts(self):
        """How many words each string has."""
        return (self.words != MISSING).sum(1)

    @cached_property
    def sizes(self):
        """How many letters each string has, without the blanks."""
        lengths = np.fromiter(map(len, self.strings), np.int32, len(self.strings))
        return lengths - np.maximum(self.counts - 1, 0)

    def foreign(self, left, right, other=None):
        """Return for which pairs both records have a string, in scripts that have no letter in common.

        :param other: the column of ``right``, where it is another one
        """
        other = other or self
        if self.only_latin and other.only_latin:
            return np.zeros(len(left), bool)
        first, second = self.scripts[self.ids[left]], other.scripts[other.ids[right]]
        return (first != 0) & (second != 0) & (first & second == 0)

    def both(self, left, right):
        """Return for which pairs both records have a string, and the strings' numbers there."""
        first, second = self.ids[left], self.ids[right]
        rows = np.flatnonzero((first != MISSING) & (second != MISSING))
        return rows, first[rows], second[rows]


class Table:
    """The columns of ``profiles``, with the frequencies of ``statistics`` looked up once for each value."""

    def __init__(self, profiles, statistics):
        width = len(Profile._fields)
        # the same names, for all profiles at once
        values: list[Any] = list(zip(*profiles, strict=True)) or [()] * width
        columns = Profile(*values)
        self.statistics = statistics
        # what ``Model.likely`` has made of the table, and for which model
        self.bound: Any = None
        email, phone, name, way, topic, plain = (
            Vocabulary(kind, statistics) for kind in ("e", "p", "n", "r", "s", "")
        )
        self.emails = Column(columns.emails, email, 8)
        self.phones = Column(columns.phones, phone, 8)
        self.person = Column(columns.person, name, 6)
        self.company = Column(columns.company, name, 8)
        self.names = Column(map(_joined, columns.person, columns.company), name, 8)
        self.called = Column(
            (one or other for one, other in zip(columns.person, columns.company, strict=True)), name, 8
        )
        # the same names transliterated, for comparison with those in another script
        self.person_latin = self.person.in_latin(columns.person)
        self.company_latin = self.company.in_latin(columns.company)
        self.called_latin = self.called.in_latin(
            one or other for one, other in zip(columns.person, columns.company, strict=True)
        )
        aliases = [" ".join(alias_words(emails)) if emails else "" for emails in columns.emails]
        self.alias = Column(aliases, name, 4)
        self.hints = Column(map(_hints, aliases, columns.subject), name, 14)
        self.number = Column(columns.number, plain, 0)
        self.unit = Column(columns.unit, plain, 0)
        self.street = Column(columns.street, way, 7)
        self.address = Column(map(_address, columns.number, columns.street), plain, 0)
        self.street2 = Column(columns.street2, way, 7)
        self.zip = Column(columns.zip, plain, 0)
        self.city = Column(columns.city, plain, 6)
        self.state = Column(columns.state, plain, 0)
        self.subject = Column(columns.subject, topic, 12)
        self.topic = Column(map(_topic, columns.subject, columns.person, columns.company), topic, 12)

    def __len__(self):
        return len(self.person.ids)

    @cached_property
    def names_somebody(self):
        """Which aliases are a name of somebody's, not just a word."""
        return np.array([names_somebody(text.split()) for text in self.alias.strings])

    @cached_property
    def person_most(self):
        """The most that each contact says: what very many records share (an agent, a programme) is nobody's own."""
        return np.append(self.statistics.most_bits("w", map(whole, self.person.texts)), 0.0)

    @cached_property
    def called_bits(self):
        """How much information each name is in Latin letters, its two rarest words."""
        column = self.called_latin
        bits = np.where(column.words == MISSING, 0, column.vocabulary.bits[column.words])
        return np.sort(bits, axis=1)[:, -2:].sum(1)

    @cached_property
    def mailboxes(self):
        """The e-mail addresses' :class:`Mailboxes`."""
        return Mailboxes(self.emails.vocabulary, self.statistics)

    @cached_property
    def phone_tails(self):
        """A number for the last digits of each phone: the same ones may have been read for two countries."""
        return _numbered([text[-TAIL:] for text in self.phones.vocabulary.strings])

    @cached_property
    def zip_areas(self):
        """A number for the first two characters of each postcode."""
        return _numbered([text[:2] for text in self.zip.strings])

    @cached_property
    def zip_bits(self):
        """How much information each postcode is."""
        return self._whole("z", self.zip)

    @cached_property
    def address_bits(self):
        """How much information each street with its number is."""
        return self._whole("a", self.address)

    @cached_property
    def street2_bits(self):
        """How much information each second line of a street is: that of its words, or of the whole where it is less."""
        words = self.street2.vocabulary.bits[self.street2.words].sum(1)
        return np.minimum(words, self._whole("a", self.street2))

    @cached_property
    def city_bits(self):
        """How much information each town is."""
        return self._whole("c", self.city)

    @cached_property
    def subject_bits(self):
        """How much information each subject is as a whole."""
        return self._whole("t", self.subject)

    def _whole(self, kind, column):
        return np.append(self.statistics.bits(kind, column.texts), 0.0)


class Mailboxes:
    """For each e-mail address: the numbers of its local part and its domain, and what they say."""

    def __init__(self, addresses, statistics):
        local, domain = Vocabulary("l", statistics), Vocabulary("d", statistics)
        parts = [address.partition("@") for address in addresses.strings]
        self.local = np.array([local.number(part[0]) for part in parts], dtype=np.int64)
        self.domain = np.array([domain.number(part[2]) for part in parts], dtype=np.int64)
        self.local_bits, self.domain_bits = local.bits[self.local], domain.bits[self.domain]
        # contact@ one firm and contact@ another have nothing to do with each other
        self.personal = np.array([bool(alias_words(address)) for address in addresses.strings])
        # another tag is another person
        self.tagged = np.array([is_tagged(address) for address in addresses.strings])
        # more than a name or a word: marc.roux@, marc7@
        self.distinctive = np.array([not part[0].isalpha() for part in parts])
        self.own_domain = ~np.array([is_provider(text) for text in domain.strings])[self.domain]


def _numbered(texts):
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(text, len(numbers)) for text in texts], dtype=np.int64)


def _address(number, street):
    return f"{number} {street}" if number and street else ""


def _joined(person, company):
    return f"{person} {company}" if person and company else person or company


def _hints(alias, subject):
    """Return the words of an e-mail address's alias and of a subject, among which a name may be found."""
    if not alias:
        return subject
    return " ".join(dict.fromkeys(f"{alias} {subject}".split()))


def _topic(subject, person, company):
    """Return the words of a subject without the record's own names: these are compared as names already."""
    words = subject.split()
    names = {*person.split(), *company.split()}
    return subject if names.isdisjoint(words) else " ".join([word for word in words if word not in names])
