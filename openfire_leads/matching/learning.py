"""What people's judgements teach the model: carefully, and only where judgements held back agree."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from .comparisons import LEVELS
from .errors import ModelError
from .frequency import Statistics
from .judgements import Judgement, Pairs
from .limits import within
from .model import Model, probability
from .record import ENGINE_VERSION

# judgements that it takes before the start of every pair moves, before weights of levels move, and of either kind
FEWEST, FEWEST_FOR_LEVELS, FEWEST_OF_EACH = 50, 150, 12
# so many judged pairs must be at a level before its weight moves
FEWEST_AT_LEVEL = 8
# records in the database before weights of levels move: few records say little of how values compare
FEWEST_RECORDS = 2000
# how far the start, and the weight of a level, is expected to move, in bits: the pull towards today's
START_SPREAD, LEVEL_SPREAD = 0.5, 0.9
# how far they may. Upwards the start moves little: who dismisses nothing seems to say that all is right
START_DOWN, START_UP, LEVEL_MOST = 4.0, 1.0, 2.5
# share of judgements that are taken for slips of the hand
SLIPS = 0.005
# judgements are held back in so many parts; they must be told better by so many bits, beyond the standard error
PARTS, MARGIN = 5, 0.005
# so much F1 may be lost on them at the suspicion score, and so many more be wrong at certainty
LOST, WRONG = 0.01, 1
# how often the right one of two pairs must score higher, for the scores to have to do with the judgements at all
LEAST_TOLD = 0.6
_ROUNDS, _ENOUGH, _STEP = 25, 1e-4, 0.05


@dataclass(frozen=True, slots=True)
class Lesson:
    """What was learnt: the bits that every pair starts from times the records, and how far weights of levels move.

    :param shifts: ``{comparison: {level: bits added to its base}}``
    """

    prior: float
    shifts: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def model(self, standard: Model) -> Model:
        """Return ``standard`` with what was learnt, each weight within its limits.

        :raises ModelError: when a comparison or a level is none, or a number is none
        """
        scales = dict(standard.scales)
        for name, moved in self.shifts.items():
            unknown = moved.keys() - LEVELS.get(name, ())
            if name not in LEVELS or unknown:
                raise ModelError(f"lesson: {name} has no level {', '.join(sorted(unknown))}")
            scales[name] = tuple(
                replace(level, base=level.base + moved.get(level.name, 0.0)) for level in scales[name]
            )
        model = replace(standard, prior=self.prior, scales=scales)
        return within(model, standard) if self.shifts else model

    def dump(self) -> str:
        """Return it as JSON, with the version of the engine that it is of."""
        return json.dumps(
            {"engine": ENGINE_VERSION, "prior": self.prior, "shifts": self.shifts}, sort_keys=True
        )

    @classmethod
    def load(cls, text: str) -> Lesson | None:
        """Return what :meth:`dump` gave; ``None`` when it is of another version of the engine.

        :raises ModelError: when it cannot be read
        """
        try:
            held = json.loads(text)
            if held["engine"] != ENGINE_VERSION:
                return None
            shifts = {
                name: {level: float(moved) for level, moved in levels.items()}
                for name, levels in held["shifts"].items()
            }
            return cls(float(held["prior"]), shifts)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise ModelError(f"lesson: {text[:80]!r} cannot be read ({error!r})") from error

    def distance(self, other: Lesson) -> float:
        """Return by how many bits the two differ in the number in which they differ most."""
        here, there = (
            {(name, level): bits for name, levels in one.shifts.items() for level, bits in levels.items()}
            for one in (self, other)
        )
        moved = [here.get(key, 0.0) - there.get(key, 0.0) for key in here.keys() | there.keys()]
        return max(map(abs, [self.prior - other.prior, *moved]))


class _Fit:
    """Finds the numbers that tell the judgements best, pulled towards those of today: Newton's method.

    :param moving: the levels whose weights move, as numbers of comparison and level
    """

    def __init__(self, model, pairs, same, records, moving):
        self.model, self.pairs, self.same, self.moving = model, pairs, same, moving
        self.start = model.start(Statistics(records))
        of_levels = np.ones(len(moving))
        self.spread = np.r_[START_SPREAD, LEVEL_SPREAD * of_levels]
        self.least = np.r_[-START_DOWN, -LEVEL_MOST * of_levels]
        self.most = np.r_[START_UP, LEVEL_MOST * of_levels]

    def run(self):
        """Return the :class:`Lesson`."""
        numbers = np.zeros(len(self.spread))
        value, odds, moved = self._try(numbers)
        for _round in range(_ROUNDS):
            step = self._step(numbers, odds, moved)
            for size in (1.0, 0.5, 0.25, 0.1, 0.03):
                tried = np.clip(numbers + size * step, self.least, self.most)
                new = self._try(tried)
                if new[0] < value - 1e-9:
                    break
            else:
                break
            gained, numbers, (value, odds, moved) = value - new[0], tried, new
            if gained < _ENOUGH:
                break
        return self._lesson(numbers)

    def _lesson(self, numbers):
        names = list(LEVELS)
        shifts: dict[str, dict[str, float]] = {}
        for (row, level), number in zip(self.moving, numbers[1:], strict=True):
            shifts.setdefault(names[row], {})[LEVELS[names[row]][level]] = round(float(number), 3)
        return Lesson(round(self.model.prior + float(numbers[0]), 3), shifts)

    def _try(self, numbers):
        """Return what is to be least, the odds of the pairs and the model."""
        moved = self._lesson(numbers).model(self.model)
        odds = self.pairs.odds(moved, self.start + numbers[0])
        away = numbers / self.spread
        return float(_surprise(odds, self.same).sum() + away @ away / (2 * np.log(2))), odds, moved

    def _step(self, numbers, odds, moved):
        slopes, right = self._slopes(numbers, moved), probability(odds)
        gradient = slopes @ _slope(odds, self.same) + numbers / self.spread**2 / np.log(2)
        bend = (slopes * (right * (1 - right) * np.log(2))) @ slopes.T
        return -np.linalg.solve(bend + np.diag(1 / self.spread**2 / np.log(2)), gradient)

    def _slopes(self, numbers, moved):
        """Return how the odds of each pair change with each number, through all that is done with weights."""
        found = np.zeros((len(numbers), len(self.pairs)))
        found[0] = 1
        weights = moved.weigh(self.pairs.levels, self.pairs.bits, self.pairs.doubt)
        for place, (row, level) in enumerate(self.moving, 1):
            rows = np.flatnonzero(self.pairs.levels[row] == level)
            speaks = moved.scales[list(LEVELS)[row]][level - 1].speaks
            ends = []
            for step in (_STEP, -_STEP):
                own = weights[:, rows].copy()
                own[row] += step
                own[row, speaks * own[row] < 0] = 0
                ends.append(self.pairs.part(rows).odds_of(moved, own, self.start + numbers[0]))
            found[place, rows] = (ends[0] - ends[1]) / (2 * _STEP)
        return found


def _surprise(odds, same):
    """Return the bits that each judgement surprises by, some of them being slips of the hand."""
    right = probability(odds)
    return -np.log2(SLIPS + (1 - 2 * SLIPS) * np.where(same, right, 1 - right))


def _slope(odds, same):
    """Return how :func:`_surprise` changes with the odds."""
    right = probability(odds)
    said = SLIPS + (1 - 2 * SLIPS) * np.where(same, right, 1 - right)
    change = (1 - 2 * SLIPS) * right * (1 - right) / said
    return np.where(same, -change, change)


@dataclass(frozen=True, slots=True)
class Trial:
    """A change that was tried on judgements held back.

    :param what: ``"start"``, or ``"levels"`` when weights of levels moved as well
    :param before: bits that each judgement surprises by, by the model as it was
    :param after: the same by the model that learnt from the others
    :param error: the standard error of the difference
    :param verdict: ``"better"``; else why the change is not made: ``"no gain"``, ``"worse"`` (fewer pairs are told
        rightly at the suspicion score, or more wrongly at certainty)
    """

    what: str
    before: float
    after: float
    error: float
    verdict: str


@dataclass(frozen=True, slots=True)
class Learnt:
    """What came of learning.

    :param lesson: the :class:`Lesson`; ``None`` when nothing is to be changed
    :param verdict: ``"start"`` or ``"levels"`` when something was learnt, else why not: ``"few"`` judgements,
        ``"few_of_each"`` kind, ``"unrelated"`` to the scores, or the verdict of the best :class:`Trial`
    :param judged: judgements that were used
    :param same: those of them that say one requester
    :param trials: every :class:`Trial`, in order
    """

    lesson: Lesson | None
    verdict: str
    judged: int
    same: int
    trials: tuple[Trial, ...] = ()


def _groups(judgements):
    """Return a number for each judgement: those that hang together by a record have the same."""
    head: dict[Any, Any] = {}

    def find(one):
        while head.setdefault(one, one) != one:
            head[one] = head[head[one]]
            one = head[one]
        return one

    for judgement in judgements:
        head[find(judgement.one)] = find(judgement.other)
    numbers: dict[Any, int] = {}
    return np.array([numbers.setdefault(find(judgement.one), len(numbers)) for judgement in judgements])


def learn(
    judgements: Sequence[Judgement], model: Model | None = None, statistics: Statistics | None = None
) -> Learnt:
    """Return what ``judgements`` teach ``model`` in a database of these ``statistics``.

    People judge what they are shown, mostly what is most alike. So a judgement tells how probable one requester is for
    a pair of just these levels, and nothing of how many such pairs there are: the likelihood is that of the judgement
    given what was compared. Pairs below the suspicion score are left out, for nobody is asked which of them differ; and
    a pair that nobody judged is taken for nothing.

    With few judgements only the start of every pair moves, with more the weights of the levels that they show;
    everything is pulled towards ``model`` and stays within limits. A fifth of the judgements at a time is held back
    (what hangs together by a record, together) and told by what the others teach: what does not tell them better is not
    used.

    :param model: with the start that is estimated without judgements; the standard one by default
    """
    model, records = model or Model(), statistics.records if statistics else 0
    shown = [
        one
        for one in judgements
        if one.score >= model.suspicion and one.grounds.get("engine") == ENGINE_VERSION
    ]
    same = np.array([bool(one.same) for one in shown], bool)
    return learn_of_pairs(Pairs.of(shown), same, _groups(shown), model, records)


def learn_of_pairs(pairs: Pairs, same: np.ndarray, groups: np.ndarray, model: Model, records: int) -> Learnt:
    """Do as :func:`learn` with judged pairs as columns; ``groups`` numbers what hangs together."""
    judged, right = len(same), int(same.sum())
    if judged < FEWEST:
        return Learnt(None, "few", judged, right)
    if min(right, judged - right) < FEWEST_OF_EACH:
        return Learnt(None, "few_of_each", judged, right)
    odds = pairs.odds(model, model.start(Statistics(records)))
    if _told(odds, same) < LEAST_TOLD:
        return Learnt(None, "unrelated", judged, right)
    part, best = _apart(groups, same), None
    moving = _to_move(pairs) if judged >= FEWEST_FOR_LEVELS and records >= FEWEST_RECORDS else []
    trials = []
    for what, moved in [("start", []), *([("levels", moving)] if moving else [])]:
        told = _held_back(model, pairs, same, part, records, moved)
        trials.append(_trial(what, odds, told, same, groups, model))
        if trials[-1].verdict == "better":
            odds, best = told, (what, moved)
    if not best:
        return Learnt(None, trials[-1].verdict, judged, right, tuple(trials))
    lesson = _Fit(model, pairs, same, records, best[1]).run()
    return Learnt(lesson, best[0], judged, right, tuple(trials))


def _to_move(pairs):
    """Return the levels that enough judged pairs have."""
    return [
        (row, level)
        for row, (levels, known) in enumerate(zip(pairs.levels, LEVELS.values(), strict=True))
        for level, count in enumerate(np.bincount(levels, minlength=len(known)))
        if level and count >= FEWEST_AT_LEVEL
    ]


def _apart(groups, same):
    """Return for each judgement in which of :data:`PARTS` it is held back: those of one group together.

    Each part gets its share of either kind. It is the same for the same judgements.
    """
    count = groups.max() + 1
    share = np.bincount(groups, same, count) / np.bincount(groups, minlength=count)
    part = np.empty(count, int)
    part[np.lexsort((np.random.default_rng(0).permutation(count), share))] = np.arange(count) % PARTS
    return part[groups]


def _held_back(model, pairs, same, part, records, moving):
    """Return the odds of each judged pair by what was learnt from the other parts."""
    odds, start = np.zeros(len(same)), model.start(Statistics(records))
    for number in range(PARTS):
        rest, own = np.flatnonzero(part != number), np.flatnonzero(part == number)
        lesson = _Fit(model, pairs.part(rest), same[rest], records, moving).run()
        odds[own] = pairs.part(own).odds(lesson.model(model), start + lesson.prior - model.prior)
    return odds


def _trial(what, before, after, same, groups, model):
    """Return the :class:`Trial` of what gives held-back judgements the odds ``after`` instead of ``before``."""
    surprises = [_surprise(odds, same) for odds in (before, after)]
    gained = surprises[0] - surprises[1]
    of_group = np.bincount(groups, gained - gained.mean())
    error = float(np.sqrt(of_group @ of_group)) / len(same)
    if gained.mean() < MARGIN + error:
        verdict = "no gain"
    else:
        verdict = "worse" if _is_worse(before, after, same, model) else "better"
    told, better = (round(float(surprise.mean()), 4) for surprise in surprises)
    return Trial(what, told, better, round(error, 4), verdict)


def _is_worse(before, after, same, model):
    likely, certain = (_odds_of(score) for score in (model.suspicion, model.certainty))
    f1 = [
        2 * (same & (odds >= likely)).sum() / ((odds >= likely).sum() + same.sum())
        for odds in (before, after)
    ]
    wrong = [(~same & (odds >= certain)).sum() for odds in (before, after)]
    return f1[1] < f1[0] - LOST or wrong[1] > wrong[0] + WRONG


def _odds_of(score):
    share = min(max(score / 100, 2**-60), 1 - 2**-52)
    return float(np.log2(share / (1 - share)))


def _told(odds, same):
    """Return how often the right one of two pairs has better odds, by chance half the time (area under the ROC)."""
    _values, place, count = np.unique(odds, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(count) - (count - 1) / 2)[place]
    right = int(same.sum())
    return float((ranks[same].sum() - right * (right + 1) / 2) / (right * (len(same) - right)))
