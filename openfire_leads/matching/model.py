"""The model: how much each level of each comparison weighs, and the score that comes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from .bound import Bound
from .certainty import (
    CONTRADICTIONS,
    NAMES_CONTRADICT,
    PROOFS,
    TWO_PEOPLE,
    Levels,
    Proof,
    all_levels,
    has_any,
    proven,
)
from .comparisons import FIELDS, LEVELS, ROW, outcomes, wanted
from .errors import ModelError
from .frequency import PSEUDO_RECORDS, Statistics
from .record import Profile
from .table import Table
from .weights import CORRECTIONS, FIRM, HOUSEHOLD, PRIOR, SCALES, Correction, Fact, Level

# pairs looked at together: bounds the memory of a batch
_CHUNK = 100_000
_CERTAIN = 60.0
# how much more a score says than it is, at most, by being rounded
_ROUNDED_BY = 1e-4
# bits of the odds from which a pair needs a proof (99 in 100), and how much further one gets without (to 99.5)
UNPROVEN, _LEAD = 6.63, 1.0
# bits of how many make a crowd (4), of the odds that two of it are one requester (16 in 17), and of what twice as many
# take off
_CROWD, _OF_A_CROWD, _THINNED = 2.0, 4.0, 1.5
# what names that contradict leave of the odds of two whom a third record links
_LINKED = 1 / 8


@dataclass(frozen=True, slots=True)
class Comparison:
    """The outcome of comparing two records.

    ``score`` is 0 to 100; ``evidence`` is a list of ``{"field", "level", "similarity", "weight"}``.
    """

    score: float
    evidence: list


@dataclass(frozen=True, slots=True)
class Crowd:
    """Pairs of which all that they are found by, many records have.

    :param rows: their numbers
    :param shared: by which of :data:`FOUND_BY` each of them is found
    :param one_fact: that, and what only says of which household or firm they are, of all comparisons
    :param without: the bits that are left of each, when it is not found by any of it
    :param most: the most bits of that one fact
    """

    rows: np.ndarray
    shared: np.ndarray
    one_fact: np.ndarray
    without: np.ndarray
    most: np.ndarray


@dataclass(frozen=True)
class Model:
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
            kin = _ONE_PHONE[levels[ROW["phone"]]] & _KIN[levels[ROW["person"]]]
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
        # a score is rounded, maybe up to the one that is asked for
        bits = float(bits_of(self.suspicion - _ROUNDED_BY, 0)) if self.suspicion > _ROUNDED_BY else -np.inf
        found = np.flatnonzero(self._bound(table, bits).reach(left, right))
        scores = self.compare_many(table, left[found], right[found])
        reached = scores >= self.suspicion
        return found[reached], scores[reached]

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
            _lines(found, weights, row)
            for scores, found, weights in self._judge_many(profiles, left, right, statistics)
            for row in range(len(scores))
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

    def weigh(self, levels, bits, doubt):
        """Return what each comparison weighs by its level alone: a row for each, in the order of ``LEVELS``."""
        place = FIRST_LEVEL[:, None] + levels
        base, share, doubtful, speaks = (part[place] for part in self._parts)
        weights = base + share * bits + doubtful * doubt
        weights[speaks * weights < 0] = 0
        return weights

    def add_up(self, weights, levels, agreeing, same_names, start):
        """Return the bits of the odds of each pair. ``weights`` become what each comparison adds to them.

        :param weights: what :meth:`weigh` gave
        :param levels: the numbers of the levels, likewise
        :param agreeing: the information of what agrees, likewise
        :param same_names: which pairs have the same contact, word by word, or none both
        :param start: bits that each pair starts from
        """
        crowd = self.crowd(weights, levels, agreeing, same_names, start)
        self._settle(weights, levels, same_names, self.prior - PRIOR - start)
        thin(weights, crowd)
        return _sum(weights) + start

    def _settle(self, weights, levels, same_names, room):
        # most of a few pairs lack most values
        told = levels.any(1).tolist()
        for fix in self._fixes:
            if told[fix[0]] and told[fix[2]]:
                correct(weights, levels, *fix)
        self.limit(weights, levels, same_names, room)

    def crowd(self, weights, levels, agreeing, same_names, start):
        """Return the :class:`Crowd` among the pairs, of weights that are not settled yet; arguments as :meth:`add_up`.

        An e-mail, a phone, a street that many records have is a fair's, a directory's, a house's, or made up. All of it
        together, with postcode and town, is one fact, worth no more than that it is one requester among so many:
        whatever is rarest of it tells how many. Where the whole names agree, or a firm is the requester itself, it may
        be worth more.
        """
        room = self.prior - start
        shared = np.array([exact[levels[row]] for row, exact in zip(FOUND_BY, _EXACT, strict=True)])
        rarest = np.where(shared, agreeing[FOUND_BY], -np.inf).max(0)
        named, itself = self.requesters(levels, same_names)
        rows = np.flatnonzero((rarest < room - _CROWD) & np.isfinite(rarest) & ~named & ~itself)
        if not len(rows):
            return None
        shared, without, others = shared[:, rows], weights[:, rows], levels[:, rows]
        without[FOUND_BY] *= ~shared
        others[FOUND_BY] *= ~shared
        self._settle(without, others, same_names[rows], room - PRIOR)
        places = FIRST_LEVEL[:, None] + levels[:, rows]
        household, firm = (members[places] for members, *_most in self._facts)
        one_fact = np.where(self.limited(levels, same_names)[1][rows], firm, household)
        one_fact[FOUND_BY] |= shared
        most = room - PRIOR + _OF_A_CROWD - _THINNED * (room - rarest[rows] - _CROWD)
        return Crowd(rows, shared, one_fact, _sum(without), most)

    def limit(self, weights, levels, same_names, room):
        """Let what is one fact be worth no more than that, where the names do not say that it is one person or firm.

        A firm whose contacts are the same, or unknown on both sides, is the requester itself.

        :param room: bits between what a pair starts from and even odds
        """
        speaking = _sum(np.maximum(weights, 0))
        for (members, usual, by_phone), chosen in zip(
            self._facts, self.limited(levels, same_names), strict=True
        ):
            rows = (chosen & (speaking > usual + room)).nonzero()[0]
            if not len(rows):
                continue
            most = usual + by_phone * self.one_phone(levels[:, rows]) if by_phone else usual
            own = np.where(members[FIRST_LEVEL[:, None] + levels[:, rows]], weights[:, rows], 0)
            agreeing = np.maximum(own, 0)
            total = _sum(agreeing)
            taken = np.minimum(np.maximum(_sum(own) - (most + room), 0), total)
            weights[:, rows] -= agreeing * np.divide(taken, total, out=np.zeros(len(rows)), where=total > 0)

    def hold(self, weights, levels, agreeing, same_names, bits, room):
        """Return ``bits`` with those held below certainty that nothing proves; ``weights`` follow.

        They stay in the order they had: what they lead by counts less and less.

        :param weights: what each comparison adds to the odds, after :meth:`add_up`
        :param agreeing: the information of what agrees
        :param bits: what :meth:`add_up` gave
        :param room: the logarithm to base 2 of how many records there are
        """
        rows = (bits > UNPROVEN).nonzero()[0]
        if len(rows):
            rows = rows[
                ~proven(
                    levels[:, rows],
                    agreeing[:, rows],
                    same_names[rows],
                    room,
                    self.proofs,
                    self.contradictions,
                )
            ]
        if not len(rows):
            return bits
        excess = bits[rows] - UNPROVEN
        taken = excess - excess * _LEAD / (excess + _LEAD)
        speaking = np.maximum(weights[:, rows], 0)
        total = _sum(speaking)
        weights[:, rows] -= speaking * np.divide(taken, total, out=np.zeros(len(rows)), where=total > 0)
        held = bits.copy()
        held[rows] -= taken
        return held

    @classmethod
    def limited(cls, levels, same_names):
        """Return for which pairs the household says no more than it does, and for which the firm."""
        named, itself = cls.requesters(levels, same_names)
        firm = _FIRM_AGREES[levels[ROW["company"]]]
        return ~named & ~firm, ~named & firm & ~itself

    @staticmethod
    def one_phone(levels):
        """Return for which pairs the phone agrees and no name contradicts."""
        return _ONE_PHONE[levels[ROW["phone"]]] & ~has_any(levels, NAMES_CONTRADICT)

    @staticmethod
    def requesters(levels, same_names):
        """Return for which pairs the whole names agree, and for which the firm is the requester itself."""
        named = _WHOLE_NAME[levels[ROW["person"]]] | _CROSSWISE[levels[ROW["cross"]]]
        two = _TWO_IN_ADDRESSES[levels[ROW["hint"]]]
        return named, _FIRM_WHOLE[levels[ROW["company"]]] & same_names & ~two

    @cached_property
    def _parts(self):
        """Base, share, doubt and what they speak for, of all levels of all comparisons in a row."""
        return np.array(
            [
                part
                for name in LEVELS
                for part in (
                    (0, 0, 0, 0),
                    *((one.base, one.share, one.doubt, one.speaks) for one in self.scales[name]),
                )
            ],
            dtype=float,
        ).T.copy()

    @cached_property
    def _facts(self):
        """Which levels belong to a household and to a firm, of all comparisons in a row, and the most that says."""
        return [
            (
                np.concatenate([wanted(name, dict(fact.members).get(name, ())) for name in LEVELS]),
                fact.most,
                fact.by_phone,
            )
            for fact in (self.household, self.firm)
        ]

    @cached_property
    def _fixes(self):
        """The corrections, with what they ask for as arrays by the number of the level."""
        return [
            (
                ROW[fix.first],
                wanted(fix.first, fix.first_levels),
                ROW[fix.then],
                wanted(fix.then, fix.then_levels),
                fix.weight,
            )
            for fix in self.corrections
        ]


def _sum(rows):
    """Return the sum of ``rows``, added in this order however many columns there are: to the last digit the same."""
    total = rows[0].copy()
    for row in rows[1:]:
        total += row
    return total


def _stacked(found, part):
    return np.array([getattr(outcome, part) for outcome in found.values()])


# the place of each comparison's first level where the levels of all are in a row
FIRST_LEVEL = np.cumsum([0, *map(len, LEVELS.values())])[:-1]
# where these agree the records say themselves who it is
_WHOLE_NAME = wanted("person", ("exact", "very_close"))
_CROSSWISE = wanted("cross", ("crosswise",))
_FIRM_WHOLE = wanted("company", ("exact", "very_close"))
_ONE_PHONE = wanted("phone", ("exact",))
_KIN = wanted("person", ("other_first_name",))
_TWO_IN_ADDRESSES = wanted("hint", ("other_in_email",))
_FIRM_AGREES = wanted("company", ("exact", "very_close", "partial"))
# the rows of what one is found by
FOUND_BY = [ROW[name] for name in ("email", "phone", "street")]
_EXACT = [wanted(list(LEVELS)[row], ("exact", "exact_own_domain")) for row in FOUND_BY]


def probability(bits):
    """Return the probability, from 0 to 1, that the odds of ``bits`` are."""
    return 1 / (1 + np.exp2(-np.clip(bits, -_CERTAIN, _CERTAIN)))


def bits_of(scores, margin):
    """Return the odds in bits of ``scores`` from 0 to 100, each ``margin`` away from both at least."""
    values = np.clip(np.asarray(scores, dtype=float), margin, 100 - margin)
    return np.log2(values / (100 - values))


def thin(weights, crowd):
    """Take off what the pairs of ``crowd`` are found by what is too much, so that none of it ever counts against.

    :param crowd: a :class:`Crowd`, or ``None``
    :return: how many bits are taken of each of its pairs
    """
    if crowd is None:
        return np.zeros(0)
    agreeing = np.maximum(weights[:, crowd.rows], 0)
    found = agreeing[FOUND_BY] * crowd.shared
    total = _sum(found)
    spare = np.minimum(total, _sum(weights[:, crowd.rows]) - crowd.without)
    taken = np.clip(_sum(agreeing * crowd.one_fact) - crowd.most, 0, np.maximum(spare, 0))
    part = np.divide(taken, total, out=np.zeros(len(total)), where=total > 0)
    weights[np.ix_(FOUND_BY, crowd.rows)] -= found * part
    return taken


def correct(weights, levels, first, first_wanted, then, then_wanted, weight):
    """Add ``weight`` to what ``then`` weighs, within the limits that :class:`Correction` names."""
    rows = (first_wanted[levels[first]] & then_wanted[levels[then]]).nonzero()[0]
    if not len(rows):
        return
    own = weights[then, rows]
    if weight > 0:
        weights[then, rows] += np.minimum(weight, np.maximum(-own, 0))
    else:
        weights[then, rows] -= np.minimum(-weight, np.maximum(np.minimum(own, weights[first, rows]), 0))


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
