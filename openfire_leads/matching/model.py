"""The model: how much each level of each comparison weighs, and the score that comes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from .comparisons import FIELDS, LEVELS, outcomes
from .errors import ModelError
from .frequency import PSEUDO_RECORDS, Statistics
from .record import Profile
from .table import Table
from .weights import CORRECTIONS, PRIOR, SCALES, Correction, Level

# pairs looked at together: bounds the memory of a batch
_CHUNK = 100_000
_CERTAIN = 60.0


@dataclass(frozen=True, slots=True)
class Comparison:
    """The outcome of comparing two records.

    ``score`` is 0 to 100; ``evidence`` is a list of ``{"field", "level", "similarity", "weight"}``.
    """

    score: float
    evidence: list


@dataclass(frozen=True)
class Model:
    """How records are compared, and from which score on they are suspected to be one requester.

    :param suspicion: score (0 to 100) from which a pair is worth showing
    :param certainty: score from which a pair may be taken as certain
    :param prior: bits of the odds that any two records are one requester, times the number of records
    :param scales: ``{comparison: (Level, ...)}``, in the order of ``comparisons.LEVELS``
    :param corrections: :class:`Correction` of weights that are not independent
    :raises ModelError: when something of it is unusable, naming what
    """

    suspicion: float = 50.0
    certainty: float = 99.7
    prior: float = PRIOR
    scales: Mapping[str, tuple[Level, ...]] = field(default_factory=lambda: SCALES)
    corrections: tuple[Correction, ...] = CORRECTIONS

    def __post_init__(self):
        self._check_thresholds()
        for name, levels in LEVELS.items():
            if tuple(level.name for level in self.scales.get(name, ())) != levels[1:]:
                raise ModelError(f"{name}: the levels must be {', '.join(levels[1:])}, in this order")
        for name in self.scales:
            if name not in LEVELS:
                raise ModelError(f"{name}: there is no such comparison; there are {', '.join(LEVELS)}")
            for level in self.scales[name]:
                if not np.isfinite([level.base, level.share, level.doubt]).all():
                    raise ModelError(f"{name}, level {level.name}: a weight is not a number")
        for correction in self.corrections:
            self._check_correction(correction)

    def _check_thresholds(self):
        for name in ("suspicion", "certainty"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 100:
                raise ModelError(f"{name}: {value!r} is not a number between 0 and 100")
        if self.suspicion > self.certainty:
            raise ModelError(f"suspicion: {self.suspicion} is above certainty, {self.certainty}")

    @staticmethod
    def _check_correction(correction):
        for name, levels in (
            (correction.first, correction.first_levels),
            (correction.then, correction.then_levels),
        ):
            unknown = [level for level in levels if level not in LEVELS.get(name, ())]
            if unknown or name not in LEVELS:
                raise ModelError(f"correction of {correction.then}: {name} has no level {', '.join(unknown)}")

    def compare(self, first: Profile, second: Profile, statistics: Statistics | None = None) -> Comparison:
        """Return the :class:`Comparison` of two profiles."""
        table = self.table([first, second], statistics)
        scores, found, weights = self._judge(table, np.array([0]), np.array([1]))
        return Comparison(float(scores[0]), _lines(found, weights, 0))

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
        table, left, right = self.table(profiles, statistics), _positions(left), _positions(right)
        scores = np.zeros(len(left))
        for start in range(0, len(left), _CHUNK):
            part = slice(start, start + _CHUNK)
            scores[part] = self._judge(table, left[part], right[part])[0]
        return scores

    def explain(
        self,
        profiles: Sequence[Profile] | Table,
        left: Sequence[int] | np.ndarray,
        right: Sequence[int] | np.ndarray,
        statistics: Statistics | None = None,
    ) -> list[list[dict[str, Any]]]:
        """Return the evidence of each pair, in their order; arguments as in :meth:`compare_many`."""
        table, left, right = self.table(profiles, statistics), _positions(left), _positions(right)
        evidence: list[list[dict[str, Any]]] = []
        for start in range(0, len(left), _CHUNK):
            part = slice(start, start + _CHUNK)
            _scores, found, weights = self._judge(table, left[part], right[part])
            evidence.extend(_lines(found, weights, row) for row in range(len(left[part])))
        return evidence

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
        return [
            (int(row), Comparison(float(scores[row]), _lines(found, weights, row)))
            for row in order
            if scores[row] >= least
        ]

    def table(self, profiles: Sequence[Profile] | Table, statistics: Statistics | None = None) -> Table:
        """Return the columns of ``profiles`` that comparisons work on; a table is returned as it is."""
        return profiles if isinstance(profiles, Table) else Table(profiles, statistics or Statistics())

    def start(self, statistics: Statistics | None = None) -> float:
        """Return the bits every pair starts from: any two records hardly are one requester."""
        records = statistics.records if statistics else 0
        return self.prior - float(np.log2(records + PSEUDO_RECORDS))

    def _judge(self, table, left, right):
        """Return scores, ``{comparison: Outcome}`` and ``{comparison: weights}`` of the pairs."""
        found = outcomes(table, left, right)
        weights = {name: self._weigh(name, outcome) for name, outcome in found.items()}
        for first, first_wanted, then, then_wanted, weight in self._fixes:
            both = first_wanted[found[first].level] & then_wanted[found[then].level]
            if not both.any():
                continue
            speaks_for = weights[then] > 0
            weights[then] += weight * both
            # what agrees may come to say nothing, but not to speak against: the rest is taken off the other one
            rest = np.where(both & speaks_for, np.minimum(weights[then], 0), 0)
            weights[then] -= rest
            weights[first] += rest
        bits = np.full(len(left), self.start(table.statistics))
        for name in LEVELS:
            bits += weights[name]
        scores = 100 / (1 + np.exp2(-np.clip(bits, -_CERTAIN, _CERTAIN)))
        # rounded: the last digits of a power depend on how many are computed at once
        return np.round(scores, 4), found, weights

    def _weigh(self, name, outcome):
        base, share, doubt = (part[outcome.level] for part in self._parts[name])
        return base + share * outcome.bits + doubt * outcome.doubt

    @cached_property
    def _parts(self):
        """For each comparison: base, share and doubt by the number of the level."""
        return {
            name: np.array([(0, 0, 0), *((one.base, one.share, one.doubt) for one in levels)], dtype=float).T
            for name, levels in self.scales.items()
        }

    @cached_property
    def _fixes(self):
        """The corrections, with what they ask for as arrays by the number of the level."""
        return [
            (
                fix.first,
                _wanted(fix.first, fix.first_levels),
                fix.then,
                _wanted(fix.then, fix.then_levels),
                fix.weight,
            )
            for fix in self.corrections
        ]


def _wanted(name, levels):
    return np.array([level in levels for level in LEVELS[name]])


def _positions(positions):
    return np.asarray(positions, dtype=np.int64).reshape(-1)


def _lines(found, weights, row):
    """Return the evidence of the pair in ``row``, what weighs most first in the order of comparisons."""
    return [
        {
            "field": FIELDS[name],
            "level": LEVELS[name][outcome.level[row]],
            "similarity": round(float(outcome.similarity[row]), 3),
            "weight": round(float(weights[name][row]), 2),
        }
        for name, outcome in found.items()
        if outcome.level[row]
    ]
