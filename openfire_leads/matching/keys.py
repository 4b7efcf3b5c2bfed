"""Match keys: records that share one are compared, others never."""

from .emails import is_provider
from .frequency import term


def keys(profile):
    """Return the match keys of ``profile``, at most some fifteen signed 64-bit integers.

    Each stands for a value, or for two values together, that two records of one requester are
    likely to share. A record without any value has none.
    """
    found = set()
    for email in profile.emails.split():
        local, _, domain = email.partition("@")
        found.add("e " + email)
        if len(local) > 4:
            found.add("l " + local)
        if domain and not is_provider(domain):
            found.add("d " + domain)
    found.update("p " + phone[-8:] for phone in profile.phones.split())
    names = sorted(profile.person.split() or profile.company.split())
    place = profile.zip or profile.city
    for name in names[:3]:
        if place:
            found.add(f"nz {name[:6]} {place}")
    if len(names) > 1:
        found.add("n " + " ".join(names[:2]))
    if profile.number and profile.street:
        found.add(f"a {profile.number} {profile.street.split()[-1]} ")
    if profile.company:
        found.add("o " + profile.company)
    return frozenset(term("k", key) for key in sorted(found)[:16])
