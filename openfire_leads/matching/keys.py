"""Match keys: records that share one are compared, others never."""

from __future__ import annotations

from itertools import combinations

from .emails import email_words, is_provider
from .frequency import term
from .record import Profile
from .scripts import glued
from .table import TAIL


def keys(profile: Profile) -> frozenset[int]:
    """Return the match keys of ``profile``, some ten to fifteen signed 32-bit integers.

    Each stands for a value, or for parts of two values together, that two records of one requester
    are likely to share although one of them was mistyped. A record without any value has none. Should two keys have
    one number, some pairs are compared for nothing.
    """
    found = set()
    for email in profile.emails.split():
        found.update(_email_keys(email))
    found.update("p" + phone[-TAIL:] for phone in profile.phones.split())
    person, company = glued(profile.person.split()), glued(profile.company.split())
    names = person[:3] or company[:3] or email_words(profile.emails)[:2]
    found.update(_name_keys(names, profile))
    for email in profile.emails.split()[:1]:
        found.update(_couples(email_words(email)[:2]))
    if profile.person and profile.company:
        found.update(_couples(company[:2]))
    found.update(_street_keys(profile))
    if len(names) == 1:
        found.add("w" + names[0])
    if not found and profile.subject:
        found.add("t" + profile.subject)
    return frozenset(term("k", key) for key in found)


def _email_keys(email):
    local, _, domain = email.partition("@")
    yield "e" + email
    if len(local) > 4:
        yield "l" + local
    if not is_provider(domain):
        yield "d" + domain


def _couples(names):
    """Two words together, only their beginnings, whatever their order."""
    for one, other in combinations(sorted(set(names)), 2):
        yield f"n{one[:4]} {other[:4]}"


def _name_keys(names, profile):
    yield from _couples(names)
    places = [profile.zip, profile.city[:6]]
    for name in names:
        if len(name) > 1:
            for place in filter(None, places):
                yield f"b{name[:4]} {place}"
                if len(name) > 4:
                    yield f"f{name[-4:]} {place}"


def _street_keys(profile):
    street = [word for word in profile.street.split() if word[0] != "/"]
    if not street:
        return
    place = profile.zip or profile.city[:6]
    yield f"s{street[-1][:5]} {place}"
    if profile.number:
        yield f"a{profile.number} {street[0][:4]}"
