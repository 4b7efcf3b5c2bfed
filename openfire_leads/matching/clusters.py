"""Group pairs into requesters, without letting a chain of weak links join strangers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from .model import bits_of

# bits of odds: two groups are joined when the pairs between them are at this on average, each counted from the first
# to the last of these, and none is below the first
_AVERAGE, _LEAST, _MOST = -1.0, -8.0, 6.0
# what a pair counts that was neither given nor can be compared
_UNKNOWN = -4.0
# scores this close to 0 and to 100 are all the same
_MARGIN = 1e-4
# of how many records that resemble one record it is looked up beforehand how they resemble each other
_TOGETHER = 10


def cluster(
    pairs: Iterable[tuple[Any, Any, float]],
    max_size: int = 50,
    *,
    apart: Iterable[tuple[Any, Any]] = (),
    compare: Callable[[list[Any], list[Any]], Sequence[float] | np.ndarray] | None = None,
) -> list[list[Any]]:
    """Return groups of records that are one requester, largest first, each a sorted list.

    Pairs join groups from the best score down. Two groups are joined only when the pairs between them, of which most
    were not suspected, are not far from even odds on average, and when none of them is out of the question: one
    bridge is no proof, while a record that says little of two others may be what links them. So a suspected pair may
    end in two groups, and a group holds pairs that were not suspected.

    :param pairs: iterable of ``(a, b, score)``, those that are suspected
    :param max_size: groups never grow beyond this
    :param apart: pairs ``(a, b)`` that are not one requester: no group holds both, whatever links them
    :param compare: function of two lists of records, giving the score of each pair ``(first[i], second[i])``: it is
        asked for pairs that a group would imply and ``pairs`` does not hold, first for many at once, then for few
        (``Model.compare_linked`` with the table of the profiles, where records are their positions). Without it such
        pairs are taken to be unlike, if not out of the question.
    """
    known = _Known(pairs, apart, compare)
    group: dict[Any, Any] = {}
    members: dict[Any, list[Any]] = {}
    refused: set[tuple[Any, int, Any, int]] = set()
    for a, b in known.links:
        first, second = group.setdefault(a, a), group.setdefault(b, b)
        one, other = members.setdefault(first, [first]), members.setdefault(second, [second])
        # groups only grow: with the same sizes they are the same
        tried = (first, len(one), second, len(other))
        if first == second or len(one) + len(other) > max_size or tried in refused:
            continue
        if not known.join(one, other):
            refused.update((tried, tried[2:] + tried[:2]))
            continue
        for record in members.pop(second):
            group[record] = first
            one.append(record)
    found = [sorted(records) for records in members.values() if len(records) > 1]
    return sorted(found, key=lambda records: (-len(records), records))


def weakest_links(groups: Iterable[Sequence[Any]], pairs: Iterable[tuple[Any, Any, float]]) -> list[float]:
    """Return for each group the score of the weakest pair that it takes to hold it together.

    It is the least score in a spanning tree of the best pairs (Kruskal, 1956): without the pairs below it the group
    hangs together as well, without it a part falls off.

    :param groups: groups as :func:`cluster` returns them; no record is in two
    :param pairs: iterable of ``(a, b, score)``, among them those that link the groups
    """
    groups = list(groups)
    home = {record: number for number, records in enumerate(groups) for record in records}
    part = {record: record for record in home}

    def root(record):
        while part[record] != record:
            part[record] = record = part[part[record]]
        return record

    weakest = [100.0] * len(groups)
    for a, b, score in sorted(pairs, key=lambda pair: -pair[2]):
        if a in home and home[a] == home.get(b):
            one, other = root(a), root(b)
            if one != other:
                part[one] = other
                weakest[home[a]] = score
    return weakest


class _Known:
    """What is known of pairs of records: given, told apart, or compared on demand."""

    def __init__(self, pairs, apart, compare):
        self.compare = compare
        self.apart = {self.key(a, b) for a, b in apart}
        scores: dict[tuple[Any, Any], float] = {}
        for a, b, score in pairs:
            pair = self.key(a, b)
            scores[pair] = max(score, scores.get(pair, 0.0))
        order = sorted(scores, key=lambda pair: (-scores[pair], str(pair[0]), str(pair[1])))
        self.links = [pair for pair in order if pair not in self.apart]
        self.bits = dict(zip(scores, bits_of(list(scores.values()), _MARGIN).tolist(), strict=True))
        if compare:
            self.look_up(self.implied())

    @staticmethod
    def key(a, b):
        """Return the pair of two records, whichever comes first."""
        return (a, b) if str(a) <= str(b) else (b, a)

    def implied(self):
        """Return the pairs that two links to one record imply, of the best links of each."""
        linked: dict[Any, list[Any]] = {}
        for a, b in self.links:
            linked.setdefault(a, []).append(b)
            linked.setdefault(b, []).append(a)
        return [self.key(a, b) for others in linked.values() for a, b in combinations(others[:_TOGETHER], 2)]

    def look_up(self, wanted):
        """Compare those of the pairs ``wanted`` of which nothing is known yet."""
        new = [pair for pair in dict.fromkeys(wanted) if pair not in self.bits and pair not in self.apart]
        if new:
            scores = self.compare(*map(list, zip(*new, strict=True)))
            self.bits.update(zip(new, bits_of(scores, _MARGIN).tolist(), strict=True))

    def join(self, one, other):
        """Tell whether two groups are one requester."""
        between = [self.key(a, b) for a in one for b in other]
        if not self.apart.isdisjoint(between) or self.out_of_question(between):
            return False
        if self.compare:
            self.look_up(between)
        found = [min(max(self.bits.get(pair, _UNKNOWN), _LEAST), _MOST) for pair in between]
        return not self.out_of_question(between) and sum(found) >= _AVERAGE * len(found)

    def out_of_question(self, between):
        """Tell whether, as far as is known, one of the pairs is nobody's."""
        return any(self.bits.get(pair, _UNKNOWN) < _LEAST for pair in between)
