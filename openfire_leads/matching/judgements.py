"""What people said of pairs, kept as what the comparison found of them; and how right scores turned out by it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .comparisons import LEVELS, outcomes
from .frequency import Statistics
from .model import Model
from .record import ENGINE_VERSION, Profile
from .table import Table

# from, to below: what is claimed between them is held against what is judged
BANDS = ((50.0, 80.0), (80.0, 95.0), (95.0, 99.7), (99.7, 100.1))


@dataclass(frozen=True, slots=True)
class Judgement:
    """What people said of a pair that they were shown.

    :param one: what tells the first record from all others
    :param other: likewise the second
    :param same: whether both are one requester
    :param score: what the pair scored when it was judged; below the suspicion score nobody was shown it
    :param grounds: what :func:`grounds` gave of it then
    """

    one: Any
    other: Any
    same: bool
    score: float
    grounds: Mapping[str, Any]


@dataclass(frozen=True)
class Pairs:
    """What was compared of some pairs, as arrays with a column for each: what :meth:`Model.weigh` takes."""

    levels: np.ndarray
    bits: np.ndarray
    doubt: np.ndarray
    same_names: np.ndarray

    @classmethod
    def of(cls, judgements: Sequence[Judgement]) -> Pairs:
        """Return those of ``judgements``."""
        size = len(judgements)
        levels = np.zeros((len(LEVELS), size), np.int8)
        bits, doubt = np.zeros((2, len(LEVELS), size))
        for column, judgement in enumerate(judgements):
            for row, (name, known) in enumerate(LEVELS.items()):
                if name in judgement.grounds["levels"]:
                    level, bits[row, column], doubt[row, column] = judgement.grounds["levels"][name]
                    levels[row, column] = known.index(level)
        same_names = np.array([bool(judgement.grounds["same_names"]) for judgement in judgements], bool)
        return cls(levels, bits, doubt, same_names)

    def __len__(self):
        return len(self.same_names)

    def part(self, rows: np.ndarray) -> Pairs:
        """Return those numbered ``rows``."""
        return Pairs(self.levels[:, rows], self.bits[:, rows], self.doubt[:, rows], self.same_names[rows])

    def odds(self, model: Model, start: float) -> np.ndarray:
        """Return the bits of the odds of each by ``model``, from what every pair starts from."""
        return self.odds_of(model, model.weigh(self.levels, self.bits, self.doubt), start)

    def odds_of(self, model: Model, weights: np.ndarray, start: float) -> np.ndarray:
        """Return the same, where the levels weigh ``weights``; these become what each comparison adds."""
        odds = model.add_up(weights, self.levels, self.bits, self.same_names, start)
        return model.hold(weights, self.levels, self.bits, self.same_names, odds, model.prior - start)


@dataclass(frozen=True, slots=True)
class Band:
    """What judgements say of the scores from ``least`` to below ``most``.

    :param judged: how many pairs that scored so were judged
    :param same: how many of them are one requester
    :param claimed: what they scored on average
    """

    least: float
    most: float
    judged: int
    same: int
    claimed: float


def measured(judgements: Iterable[Judgement]) -> list[Band]:
    """Return for each of :data:`BANDS` what the judgements say of the scores that the pairs had then."""
    judged = list(judgements)
    found = []
    for least, most in BANDS:
        own = [one for one in judged if least <= one.score < most]
        claimed = sum(one.score for one in own) / (len(own) or 1)
        found.append(Band(least, most, len(own), sum(bool(one.same) for one in own), round(claimed, 1)))
    return found


def grounds(
    profiles: Sequence[Profile] | Table,
    left: Sequence[int] | np.ndarray,
    right: Sequence[int] | np.ndarray,
    statistics: Statistics | None = None,
) -> list[dict[str, Any]]:
    """Return of each pair what can be learnt from, for JSON to hold: levels and bits of what agrees, no values."""
    table = profiles if isinstance(profiles, Table) else Table.of(profiles, statistics or Statistics())
    left, right = np.asarray(left, np.int64), np.asarray(right, np.int64)
    found = outcomes(table, left, right)
    same_names = table.person.ids[left] == table.person.ids[right]
    return [
        {
            "engine": ENGINE_VERSION,
            "same_names": bool(same_names[row]),
            "levels": {
                name: [
                    LEVELS[name][one.level[row]],
                    round(float(one.bits[row]), 3),
                    round(float(one.doubt[row]), 3),
                ]
                for name, one in found.items()
                if one.level[row]
            },
        }
        for row in range(len(left))
    ]
