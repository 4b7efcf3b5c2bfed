"""The model: how much each level of each comparison weighs, and the score that comes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import starmap
from typing import Any

import numpy as np

from .bound import Bound
from .certainty import (
    CONTRADICTIONS,
    PROOFS,
    TWO_PEOPLE,
    Levels,
    Proof,
    all_levels,
    has_any,
)
from .comparisons import FIELDS, LEVELS, ROW, outcomes
from .errors import ModelError
from .frequency import PSEUDO_RECORDS, Statistics
from .record import Profile
from .table import Table
from .weighing import KIN, ONE_PHONE, Weighing
from .weights import CORRECTIONS, FIRM, HOUSEHOLD, PRIOR, SCALES, Correction, Fact, Level

# pairs looked at together: bounds the memory of a batch
_CHUNK = 100_000
_CERTAIN = 60.0
# how much more a score says than it is, at most, by being rounded
_ROUNDED_BY = 1e-4
# what names that contradict leave of the odds of two whom a third record links
_LINKED = 1 / 8


@dataclass(frozen=True, slots=True)
class Comparison:
    """The outcome of comparing two records.

    ``score`` is 0 to 100; ``evidence`` is a list of ``{"field", "level", "similarity", "weight"}``.
    """

    score: float
    evidence: list


@dataclass(frozen=True)
class Model(Weighing):
    """How records are compared, and from which score on they are suspected to be one requester.

    :param suspicion: score (0 to 100) from which a pair is worth showing
    :param certainty: score from which a pair may be taken as certain
    :param prior: bits of the odds that any two records are one requester, times the number of records
    :param scales: ``{comparison: (Level, ...)}``, in the order of ``comparisons.LEVELS``
    :param corrections: :class:`Correction` of weights that are not independent
    :param household: the :class:`Fact` of living at one place
    :param firm: the :class:`Fact` of belonging to one firm
    :param proofs: each :class:`Proof` that it is one requester: without any, no pair is more than all but certain
    :param contradictions: ``{comparison: levels}`` beside which no proof holds
    :raises ModelError: when something of it is unusable, naming what
    """

    suspicion: float = 50.0
    certainty: float = 99.7
    prior: float = PRIOR
    scales: Mapping[str, tuple[Level, ...]] = field(default_factory=lambda: SCALES)
    corrections: tuple[Correction, ...] = CORRECTIONS
    household: Fact = HOUSEHOLD
    firm: Fact = FIRM
    proofs: tuple[Proof, ...] = PROOFS
    contradictions: Levels = field(default_factory=lambda: CONTRADICTIONS)

    def __post_init__(self):
        self._check_thresholds()
        if not np.isfinite(self.prior):
            raise ModelError(f"prior: {self.prior} is not a number of bits")
        for name, levels in LEVELS.items():
            if tuple(level.name for level in self.scales.get(name, ())) != levels[1:]:
                raise ModelError(f"{name}: the levels must be {', '.join(levels[1:])}, in this order")
        for name in self.scales:
            if name not in LEVELS:
                raise ModelError(f"{name}: there is no such comparison; there are {', '.join(LEVELS)}")
            for level in self.scales[name]:
                if not np.isfinite([level.base, level.share, level.doubt]).all():
                    raise ModelError(f"{name}, level {level.name}: a weight is not a number")
        self._check_all_levels()

    def _check_thresholds(self):
        for name in ("suspicion", "certainty"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 100:
                raise ModelError(f"{name}: {value!r} is not a number between 0 and 100")
        if self.suspicion > self.certainty:
            raise ModelError(f"suspicion: {self.suspicion} is above certainty, {self.certainty}")

    def _check_all_levels(self):
        for correction in self.corrections:
            self._check_levels("correction", correction.first, correction.first_levels)
            self._check_levels("correction", correction.then, correction.then_levels)
            if correction.beside:
                self._check_levels("correction", *correction.beside)
        for fact in (self.household, self.firm):
            for name, levels in fact.members:
                self._check_levels("fact", name, levels)
        for named in all_levels(self.proofs, self.contradictions):
            for name, levels in named.items():
                self._check_levels("proof", name, levels)

    @staticmethod
    def _check_levels(what, name, levels):
        unknown = [level for level in levels if level not in LEVELS.get(name, ())]
        if unknown or name not in LEVELS:
            raise ModelError(f"{what}: {name} has no level {', '.join(unknown)}")

    def compare(self, first: Profile, second: Profile, statistics: Statistics | None = None) -> Comparison:
        """Return the :class:`Comparison` of two profiles."""
        table = self.table([first, second], statistics)
        scores, found, weights = self._judge(table, np.array([0]), np.array([1]))
        return Comparison(float(scores[0]), _evidence(found, weights, [0])[0])

    def compare_many(
        self,
        profiles: Sequence[Profile] | Table,
        left: Sequence[int] | np.ndarray,
        right: Sequence[int] | np.ndarray,
        statistics: Statistics | None = None,
    ) -> np.ndarray:
        """Return the scores of the pairs ``profiles[left[i]], profiles[right[i]]`` as an array.

        :param profiles: profiles, or the :meth:`table` made of them when several batches use the same
        """
        judged = self._judge_many(profiles, left, right, statistics)
        return np.concatenate([scores for scores, _found, _weights in judged] or [np.zeros(0)])

    def compare_linked(
        self,
        profiles: Sequence[Profile] | Table,
        left: Sequence[int] | np.ndarray,
        right: Sequence[int] | np.ndarray,
        statistics: Statistics | None = None,
    ) -> np.ndarray:
        """Return the scores of pairs that a third record links, for :func:`cluster`; as :meth:`compare_many` otherwise.

        Two first names count more against than elsewhere: that they share the rest with the third record is no news.
        Nor is their phone, where it is what made each of the two links more than the household.
        """
        linked = [np.zeros(0)]
        for scores, found, _weights in self._judge_many(profiles, left, right, statistics):
            levels = _stacked(found, "level")
            two = has_any(levels, TWO_PEOPLE)
            kin = ONE_PHONE[levels[ROW["phone"]]] & KIN[levels[ROW["person"]]]
            # a rare word may be a slip: of two known first names none is
            kin &= found["person"].doubt == 0
            odds = scores / np.maximum(100 - scores, 1e-9) * np.where(two, _LINKED, 1.0)
            odds *= np.where(kin, np.exp2(-2 * self.household.by_phone), 1.0)
            linked.append(np.round(100 * odds / (1 + odds), 4))
        return np.concatenate(linked)

    def likely(
        self,
        profiles: Sequence[Profile] | Table,
        left: Sequence[int] | np.ndarray,
        right: Sequence[int] | np.ndarray,
        statistics: Statistics | None = None,
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return which of many pairs reach the suspicion score, and their scores; arguments as in :meth:`compare_many`.

        These are exactly the pairs and the scores that :meth:`compare_many` gives, but most others are never compared.

        :return: positions in ``left`` and ``right``, in order, and the scores of the pairs there
        """
        table, left, right = self.table(profiles, statistics), np.asarray(left), np.asarray(right)
        found = self._may_reach(table, left, right)
        scores = self.compare_many(table, left[found], right[found])
        reached = scores >= self.suspicion
        return found[reached], scores[reached]

    def explain_likely(
        self,
        profiles: Sequence[Profile] | Table,
        left: Sequence[int] | np.ndarray,
        right: Sequence[int] | np.ndarray,
        statistics: Statistics | None = None,
    ) -> tuple[np.ndarray, np.ndarray, list[list[dict[str, Any]]]]:
        """Return what :meth:`likely` does, and the evidence of each pair there, as :meth:`explain` does."""
        table, left, right = self.table(profiles, statistics), np.asarray(left), np.asarray(right)
        found = self._may_reach(table, left, right)
        all_scores, evidence = [np.zeros(0)], []
        for scores, outcome, weights in self._judge_many(table, left[found], right[found], None):
            all_scores.append(scores)
            evidence += _evidence(outcome, weights, np.flatnonzero(scores >= self.suspicion))
        joined = np.concatenate(all_scores)
        reached = joined >= self.suspicion
        return found[reached], joined[reached], evidence

    def _may_reach(self, table, left, right):
        """Return the positions of the pairs of which it cannot be told that they do not reach the suspicion score."""
        # a score is rounded, maybe up to the one that is asked for
        bits = float(bits_of(self.suspicion - _ROUNDED_BY, 0)) if self.suspicion > _ROUNDED_BY else -np.inf
        return np.flatnonzero(self._bound(table, bits).reach(left, right))

    def _bound(self, table, bits):
        """Return the :class:`Bound` of ``table`` for this model, which the table keeps."""
        if table.bound is None or table.bound[0] is not self:
            table.bound = self, Bound(self, table, bits)
        return table.bound[1]

    def explain(
        self,
        profiles: Sequence[Profile] | Table,
        left: Sequence[int] | np.ndarray,
        right: Sequence[int] | np.ndarray,
        statistics: Statistics | None = None,
    ) -> list[list[dict[str, Any]]]:
        """Return the evidence of each pair, in their order; arguments as in :meth:`compare_many`."""
        return [
            lines
            for scores, found, weights in self._judge_many(profiles, left, right, statistics)
            for lines in _evidence(found, weights, np.arange(len(scores)))
        ]

    def rank(
        self,
        profile: Profile,
        candidates: Sequence[Profile],
        statistics: Statistics | None = None,
        min_score: float | None = None,
    ) -> list[tuple[int, Comparison]]:
        """Return ``[(position, Comparison), ...]`` of the candidates that reach ``min_score``, best first.

        ``min_score`` is the model's suspicion score by default; equal scores keep the candidates' order.
        """
        least = self.suspicion if min_score is None else min_score
        table = self.table([profile, *candidates], statistics)
        right = np.arange(1, len(table))
        scores, found, weights = self._judge(table, np.zeros_like(right), right)
        order = np.argsort(-scores, kind="stable")
        order = order[scores[order] >= least]
        ranked = zip(scores[order].tolist(), _evidence(found, weights, order), strict=True)
        return list(zip(order.tolist(), starmap(Comparison, ranked), strict=True))

    def table(self, profiles: Sequence[Profile] | Table, statistics: Statistics | None = None) -> Table:
        """Return the columns of ``profiles`` that comparisons work on; a table is returned as it is."""
        return profiles if isinstance(profiles, Table) else Table.of(profiles, statistics or Statistics())

    def start(self, statistics: Statistics | None = None) -> float:
        """Return the bits every pair starts from: any two records hardly are one requester."""
        records = statistics.records if statistics else 0
        return self.prior - float(np.log2(records + PSEUDO_RECORDS))

    def _judge_many(self, profiles, left, right, statistics):
        """Yield what :meth:`_judge` returns, for as many pairs at a time as memory is to hold."""
        table, left, right = self.table(profiles, statistics), _positions(left), _positions(right)
        for start in range(0, len(left), _CHUNK):
            part = slice(start, start + _CHUNK)
            yield self._judge(table, left[part], right[part])

    def _judge(self, table, left, right):
        """Return scores, ``{comparison: Outcome}`` and ``{comparison: weights}`` of the pairs."""
        found = outcomes(table, left, right)
        levels, agreeing, doubt = (_stacked(found, part) for part in ("level", "bits", "doubt"))
        weights = self.weigh(levels, agreeing, doubt)
        same_names = table.person.ids[left] == table.person.ids[right]
        start = self.start(table.statistics)
        bits = self.add_up(weights, levels, agreeing, same_names, start)
        bits = self.hold(weights, levels, agreeing, same_names, bits, self.prior - start)
        # rounded: the last digits of a power depend on how many are computed at once
        return np.round(100 * probability(bits), 4), found, dict(zip(found, weights, strict=True))


def _stacked(found, part):
    return np.array([getattr(outcome, part) for outcome in found.values()])


def probability(bits):
    """Return the probability, from 0 to 1, that the odds of ``bits`` are."""
    return 1 / (1 + np.exp2(-np.clip(bits, -_CERTAIN, _CERTAIN)))


def bits_of(scores, margin):
    """Return the odds in bits of ``scores`` from 0 to 100, each ``margin`` away from both at least."""
    values = np.clip(np.asarray(scores, dtype=float), margin, 100 - margin)
    return np.log2(values / (100 - values))


def _positions(positions):
    return np.asarray(positions, dtype=np.int64).reshape(-1)


def _evidence(found, weights, rows):
    """Return the evidence of the pairs in ``rows``, each in the order of comparisons."""
    evidence: list[list[dict[str, Any]]] = [[] for _row in rows]
    for name, outcome in found.items():
        levels = LEVELS[name]
        columns = (part[rows].tolist() for part in (outcome.level, outcome.similarity, weights[name]))
        for lines, level, similarity, weight in zip(evidence, *columns, strict=True):
            if level:
                lines.append(
                    {
                        "field": FIELDS[name],
                        "level": levels[level],
                        "similarity": round(similarity, 3),
                        "weight": round(weight, 2),
                    }
                )
    return evidence
