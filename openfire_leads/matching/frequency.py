"""How common each value is: measured on the database, guessed where nothing was measured."""

from collections import Counter

from .hashing import stable_hash

# the kinds of term, with what share of records a value never seen is taken to have
KINDS = {
    "e": 1e-6,  # e-mail address
    "p": 1e-6,  # phone number
    "n": 2e-4,  # word of a person's or company's name
    "r": 1e-4,  # word of a street
    "z": 5e-5,  # postcode
    "c": 5e-5,  # town
    "s": 5e-4,  # word of a subject
    "t": 1e-4,  # whole subject
}


def term(kind, value):
    """Return the stable 64-bit integer under which the frequency of ``value`` is counted."""
    return stable_hash(kind + ":" + value)


def terms(profile):
    """Return the set of terms of ``profile`` whose frequency matters, as signed 64-bit integers."""
    found = {term("e", value) for value in profile.emails.split()}
    found.update(term("p", value) for value in profile.phones.split())
    found.update(term("n", value) for value in f"{profile.person} {profile.company}".split())
    found.update(term("r", value) for value in profile.street.split())
    found.update(term("s", value) for value in profile.subject.split())
    for kind, value in (("z", profile.zip), ("c", profile.city), ("t", profile.subject)):
        if value:
            found.add(term(kind, value))
    return frozenset(found)


class Statistics:
    """Counts of terms among ``records`` records.

    :param records: how many records were counted
    :param counts: mapping of term (see :func:`terms`) to the number of records that have it; it may
        hold only the terms that are about to be needed, or leave out those that occur once
    """

    def __init__(self, records=0, counts=None):
        self.records = records
        self.counts = counts or {}

    @classmethod
    def of(cls, profiles):
        """Return the statistics measured on ``profiles``."""
        counts, total = Counter(), 0
        for total, profile in enumerate(profiles, 1):  # noqa: B007 (the last number is the total)
            counts.update(terms(profile))
        return cls(total, counts)

    def count(self, wanted):
        """Return in how many records the term ``wanted`` was counted."""
        return self.counts.get(wanted, 0)
