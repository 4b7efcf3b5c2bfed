"""How common each value is: measured on the database, guessed where nothing was measured."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from itertools import repeat

import numpy as np

from .emails import mailbox
from .hashing import stable_hash, stable_hashes
from .providers import is_provider
from .record import Profile

# The kinds of term, each with the share of records that a value is taken to have before any is counted:
# so "Martin" does not look unique in a database of ten leads.
KINDS = {
    "e": 0.0,  # e-mail address
    "l": 0.002,  # local part of an e-mail address
    "d": 0.001,  # domain of an e-mail address
    "p": 0.0,  # phone number
    "n": 0.004,  # word of a person's or company's name
    "w": 0.0,  # whole name of a contact, its words in order of letters
    "r": 0.004,  # word of a street
    "a": 0.0005,  # number and street, or the second line of an address
    "z": 0.002,  # postcode
    "c": 0.002,  # town
    "s": 0.01,  # word of a subject
    "t": 0.005,  # whole subject
}
# one requester has so many records at most, as a rule: what more of them share is not one's own
MANY = 8
# the guesses weigh as much as this many records
PSEUDO_RECORDS = 1000


def term(kind, value):
    """Return the stable integer of 32 bits under which the frequency of ``value`` is counted.

    Should two values have one number, each counts as common as both together. Of a million records with a million
    values that two or more of them have, that happens to one value in four thousand, most of the time with a value
    that few have: where it agrees, it says a bit less than it could.
    """
    return stable_hash(f"{kind}:{value}")


def terms_of(kind, values):
    """Return the :func:`term` of each of ``values``."""
    return stable_hashes(f"{kind}:", values)


def whole(name):
    """Return the words of a name so that their order makes no difference."""
    return " ".join(sorted(name.split()))


def values_of(profile):
    """Yield ``(kind, value)`` for everything in ``profile`` whose frequency matters."""
    for email in map(mailbox, profile.emails.split()):
        local, _, domain = email.partition("@")
        yield "e", email
        yield "l", local
        if not is_provider(domain):
            yield "d", domain
    for phone in profile.phones.split():
        yield "p", phone
    for kind, text in (
        ("n", f"{profile.person} {profile.company}"),
        ("r", f"{profile.street} {profile.street2}"),
        ("s", profile.subject),
    ):
        for word in text.split():
            yield kind, word
    if " " in profile.person:
        yield "w", whole(profile.person)
    if profile.number and profile.street:
        yield "a", f"{profile.number} {profile.street}"
    if profile.street2:
        yield "a", profile.street2
    for kind, value in (("z", profile.zip), ("c", profile.city), ("t", profile.subject)):
        if value:
            yield kind, value


def terms(profile: Profile) -> frozenset[int]:
    """Return the set of terms of ``profile`` whose frequency matters, as signed 32-bit integers."""
    return frozenset([stable_hash(f"{kind}:{value}") for kind, value in values_of(profile)])


class Statistics:
    """Counts of terms among ``records`` records.

    :param records: how many records were counted
    :param counts: mapping of term (see :func:`terms`) to the number of records that have it; it may
        hold only the terms that are about to be needed, or leave out those that occur once
    """

    def __init__(self, records: int = 0, counts: Mapping[int, int] | None = None):
        self.records = records
        self.counts = counts or {}

    @classmethod
    def of(cls, profiles: Iterable[Profile]) -> Statistics:
        """Return the statistics measured on ``profiles``; terms that one of them only has are left out."""
        found, total = array("i"), 0
        for profile in profiles:
            found.extend(terms(profile))
            total += 1
        numbers, counts = np.unique(np.frombuffer(found, np.int32), return_counts=True)
        several = counts > 1
        return cls(total, dict(zip(numbers[several].tolist(), counts[several].tolist(), strict=True)))

    def count(self, wanted):
        """Return in how many records the term ``wanted`` was counted."""
        return self.counts.get(wanted, 0)

    def bits(self, kind, values):
        """Return an array: how many bits of information it is that a record has each of ``values``."""
        counted = self._counted(kind, values)
        guessed = 1 + PSEUDO_RECORDS * KINDS[kind]
        found = -np.log2((counted + guessed) / (self.records + PSEUDO_RECORDS + guessed))
        # rounded to what adds up without error: single and batch comparison must not differ in the last digit
        return np.round(np.maximum(found, 0) * 1024) / 1024

    def most_bits(self, kind, values):
        """Return an array: how many bits each of ``values`` can be, by how many more than :data:`MANY` records have it.

        What no more have is limited by little.
        """
        counted = self._counted(kind, values)
        found = np.log2(self.records + PSEUDO_RECORDS + 1) - np.log2(np.maximum(counted - MANY, 2.0**-8))
        return np.round(np.maximum(found, 0) * 1024) / 1024

    def _counted(self, kind, values):
        # one that is compared was seen once at least, whether or not such are kept
        counts = map(self.counts.get, terms_of(kind, values), repeat(1))
        return np.fromiter(counts, np.float64)
