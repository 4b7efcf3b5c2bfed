"""Profiles as columns of numbers."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import numpy as np

from .columns import MISSING, Column, Either, Joined, Vocabulary, numbering
from .emails import alias_words, is_tagged, mailbox, names_somebody
from .first_names import is_whole_name
from .frequency import whole
from .phones import kind
from .providers import is_provider
from .record import Profile

# digits at the end of a phone number that do not depend on the country it was read for
TAIL = 8


class Table:
    """The columns of many profiles, with the frequencies of ``statistics`` looked up once for each value.

    :param columns: one :class:`Profile` whose values are lists, for each field the values of all profiles
    """

    @classmethod
    def of(cls, profiles, statistics):
        """Return the table of ``profiles``."""
        values: list[Any] = list(zip(*profiles, strict=True)) or [()] * len(Profile._fields)
        return cls(Profile(*values), statistics)

    @classmethod
    def of_packed(cls, texts, statistics=None):
        """Return the same of profiles as :meth:`Profile.pack` gave them.

        :param statistics: may come later, by :meth:`count_by`
        :raises ProfileError: when one of them cannot be read
        """
        with _uncollected():
            return cls(Profile.unpack_columns(texts), statistics)

    def __init__(self, columns, statistics):
        self.statistics = statistics
        # what ``Model.likely`` has made of the table, and for which model
        self.bound: Any = None
        email, phone, name, way, topic, plain = self._vocabularies = [
            Vocabulary("e", statistics, mailbox),
            *(Vocabulary(kind, statistics) for kind in ("p", "n", "r", "s", "")),
        ]
        self.emails = Column(columns.emails, email, 8)
        self.phones = Column(columns.phones, phone, 8)
        person = Column(columns.person, name, 8)
        self.person = person.first(6)
        self.company = Column(columns.company, name, 8)
        self.names = Joined(person, self.company, 8)
        self.called = Either(person, self.company)
        # the same names transliterated, for comparison with those in another script
        self.person_latin, self.company_latin = self.person.in_latin(), self.company.in_latin()
        self.called_latin = self.called.in_latin()
        aliases = [" ".join(alias_words(address)) for address in email.strings]
        # of each address, and of the first of each record
        self.aliases, first = Column(aliases, name, 4), self.emails.words[self.emails.ids, 0]
        self.alias = self.aliases.of(first)
        # a name is looked for where none was written
        silent = np.flatnonzero(self.person.ids == MISSING)
        hints = [
            _hints(aliases[number], columns.subject[record])
            for record, number in zip(silent.tolist(), first[silent].tolist(), strict=True)
        ]
        self.hints = Column(hints, name, 14).at(silent, len(self))
        self.number = Column(columns.number, plain, 0)
        self.unit = Column(columns.unit, plain, 0)
        self.street = Column(columns.street, way, 7)
        self.address = Column(map(_address, columns.number, columns.street), plain, 0)
        self.street2 = Column(columns.street2, way, 7)
        self.zip = Column(columns.zip, plain, 0)
        self.city = Column(columns.city, plain, 6)
        self.state = Column(columns.state, plain, 0)
        self.subject = Column(columns.subject, topic, 12)
        self.topic = self._topics(columns, topic, name)

    def __len__(self):
        return len(self.person.ids)

    def count_by(self, statistics):
        """Look frequencies up in ``statistics``: of a table that was made without, before anything is compared."""
        self.statistics = statistics
        for vocabulary in self._vocabularies:
            vocabulary.statistics = statistics

    def _topics(self, columns, topic, name):
        """Return the words of the subjects without the record's own names: these are compared as names already."""
        numbers = np.array([name.numbers.get(text, MISSING) for text in topic.numbers] + [MISSING], np.int32)
        words = numbers[self.subject.words][self.subject.ids]
        named = np.zeros(len(self), bool)
        for column in (self.person, self.company):
            for own in column.words[column.ids].T:
                named |= ((words == own[:, None]) & (words != MISSING)).any(1)
        records = np.flatnonzero(named)
        texts = [
            _topic(columns.subject[record], columns.person[record], columns.company[record])
            for record in records.tolist()
        ]
        return Either(Column(texts, topic, 12).at(records, len(self)), self.subject.without(records))

    @cached_property
    def names_somebody(self):
        """Which aliases are a name of somebody's, not just a word."""
        return np.array([names_somebody(text.split()) for text in self.alias.strings])

    @cached_property
    def like_a_person(self):
        """Which companies may be somebody's name, none at the end: a first name, and another or a surname."""
        return np.array([is_whole_name(text.split()) for text in self.company.strings])

    @cached_property
    def at_own_domain(self):
        """Which records' first address is at a domain of one's own."""
        first = self.emails.words[self.emails.ids, 0]
        return self.mailboxes.own_domain[first] & (first != MISSING)

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
        return Mailboxes(self.emails.vocabulary, self.aliases, self.statistics)

    @cached_property
    def phone_tails(self):
        """A number for the last digits of each phone: the same ones may have been read for two countries."""
        return _numbered([text[-TAIL:] for text in self.phones.vocabulary.strings])

    @cached_property
    def phone_kinds(self):
        """Whether each phone number is a mobile phone's or a fixed one, see ``phones.kind``."""
        return np.fromiter(map(kind, self.phones.vocabulary.strings), np.int8)

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
    """For each e-mail address: the numbers of its mailbox, its local part and its domain, and what they say.

    :param aliases: the column of the names that addresses are made of
    """

    def __init__(self, addresses, aliases, statistics):
        local, domain = Vocabulary("l", statistics), Vocabulary("d", statistics)
        boxes = list(map(mailbox, addresses.strings))
        locals_, typed = ([one.partition("@")[0] for one in among] for among in (boxes, addresses.strings))
        domains = [box.partition("@")[2] for box in boxes]
        self.number = _numbered(boxes)
        counted = np.fromiter(map(local.number, locals_), np.int64, len(boxes))
        # at another provider, dots are part of a name
        self.local = _numbered(typed)
        self.domain = np.fromiter(map(domain.number, domains), np.int64, len(boxes))
        self.local_bits, self.domain_bits = local.bits[counted], domain.bits[self.domain]
        # contact@ one firm and contact@ another have nothing to do with each other
        self.personal = aliases.ids != MISSING
        # another tag is another person
        self.tagged = np.fromiter(map(is_tagged, addresses.strings), bool, len(boxes))
        # more than a name or a word: marc.roux@, marc7@
        self.distinctive = ~np.fromiter(map(str.isalpha, locals_), bool, len(boxes))
        self.domains = domain.strings[self.domain]
        self.own_domain = ~np.array([is_provider(text) for text in domain.strings])[self.domain]


@contextmanager
def _uncollected():
    """Look for no garbage meanwhile: what is made is kept, and to look through it takes a tenth of the time."""
    usual = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if usual:
            gc.enable()


def _numbered(texts):
    numbers = numbering()
    return np.fromiter(map(numbers.__getitem__, texts), np.int64, len(texts))


def _address(number, street):
    return f"{number} {street}" if number and street else ""


def _hints(alias, subject):
    """Return the words of an e-mail address's alias and of a subject, among which a name may be found."""
    if not alias:
        return subject
    return " ".join(dict.fromkeys(f"{alias} {subject}".split()))


def _topic(subject, person, company):
    """Return the words of a subject that are none of these names."""
    names = {*person.split(), *company.split()}
    return " ".join([word for word in subject.split() if word not in names])
