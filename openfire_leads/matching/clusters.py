"""Group pairs into requesters, without letting a chain of weak links join strangers."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any


def cluster(pairs: Iterable[tuple[Any, Any, float]], max_size: int = 50) -> list[list[Any]]:
    """Return groups of records that are one requester, largest first, each a sorted list.

    :param pairs: iterable of ``(a, b, score)``
    :param max_size: groups never grow beyond this

    Pairs join groups from the best score down. Two groups of several records are joined only when at
    least half of the smaller one's records have a pair with the other group: one bridge is no proof.
    """
    group: dict[Hashable, Hashable] = {}
    members: dict[Hashable, set[Any]] = {}
    linked: dict[Hashable, set[Any]] = {}
    for a, b, _score in sorted(pairs, key=lambda pair: (-pair[2], str(pair[0]), str(pair[1]))):
        linked.setdefault(a, set()).add(b)
        linked.setdefault(b, set()).add(a)
        first, second = group.setdefault(a, a), group.setdefault(b, b)
        if first == second:
            continue
        one, other = members.setdefault(first, {first}), members.setdefault(second, {second})
        small, large = sorted((one, other), key=len)
        bridges = sum(not large.isdisjoint(linked.get(record, ())) for record in small)
        if 2 * bridges < len(small) or len(one) + len(other) > max_size:
            continue
        for record in members.pop(second):
            group[record] = first
            one.add(record)
    found = [sorted(records) for records in members.values() if len(records) > 1]
    return sorted(found, key=lambda records: (-len(records), records))
