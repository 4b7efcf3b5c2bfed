"""Match keys: records that share one are compared, others never."""

from __future__ import annotations

from itertools import combinations

from .emails import email_words, mailbox
from .frequency import term
from .providers import is_provider
from .record import Profile
from .scripts import glued
from .table import TAIL


def keys(profile: Profile) -> frozenset[int]:
    """Return the match keys of ``profile``, some ten signed 32-bit integers.

    Each stands for a value, or for parts of two values together, that two records of one requester
    are likely to share although one of them was mistyped. A record without any value has none. Should two keys have
    one number, some pairs are compared for nothing.
    """
    emails = profile.emails.split()
    found = {"p" + phone[-TAIL:] for phone in profile.phones.split()}
    for email in emails:
        found.update(_email_keys(mailbox(email)))
    person, company = glued(profile.person.split()), glued(profile.company.split())
    named = email_words(emails[0]) if emails else []
    # who is named nowhere else is named in the subject, if at all
    names = person[:3] or company[:3] or email_words(profile.emails)[:2] or profile.subject.split()[:4]
    found.update(_couples(names), _couples(named[:2]), _name_keys(names, profile), _street_keys(profile))
    if person and company:
        found.update(_couples(company[:2]))
    if len(names) == 1:
        found.add("w" + names[0])
    if not found and profile.subject:
        found.add("t" + profile.subject)
    return frozenset([term("k", key) for key in found])


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
    """The beginning of each word with either place; its end with the town, for a slip at the beginning."""
    postcode, town = profile.zip, profile.city[:6]
    for name in names:
        if len(name) < 2:
            continue
        if postcode:
            yield f"b{name[:4]} {postcode}"
        if town:
            yield f"b{name[:4]} {town}"
            if len(name) > 4:
                yield f"f{name[-4:]} {town}"


def _street_keys(profile):
    street = [word for word in profile.street.split() if word[0] != "/"]
    if not street:
        return
    if place := profile.zip or profile.city[:6]:
        yield f"s{street[-1][:5]} {place}"
    if profile.number:
        yield f"a{profile.number} {street[0][:4]}"
