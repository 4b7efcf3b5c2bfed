"""What the levels that were found weigh together: facts are counted once, nothing is certain without a proof."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .certainty import NAMES_CONTRADICT, Levels, Proof, has_any, proven
from .compare_contacts import ONE_MAILBOX, ONE_NUMBER
from .comparisons import LEVELS, ROW, wanted
from .weights import PRIOR, Correction, Fact, Level

# bits of the odds from which a pair needs a proof (99 in 100), and how much further one gets without (to 99.5)
UNPROVEN, _LEAD = 6.63, 1.0
# bits of how many make a crowd (4), of the odds that two of it are one requester (16 in 17), and of what twice as many
# take off
_CROWD, _OF_A_CROWD, _THINNED = 2.0, 4.0, 1.5
# the place of each comparison's first level where the levels of all are in a row
FIRST_LEVEL = np.cumsum([0, *map(len, LEVELS.values())])[:-1]
# where these agree the records say themselves who it is
_WHOLE_NAME = wanted("person", ("exact", "very_close"))
_CROSSWISE = wanted("cross", ("crosswise",))
_FIRM_WHOLE = wanted("company", ("exact", "very_close"))
# a phone that a household may share, and one person's
ONE_PHONE, MOBILE_PHONE = wanted("phone", ("exact",)), wanted("phone", ("exact_mobile",))
KIN = wanted("person", ("other_first_name",))
_TWO_IN_ADDRESSES = wanted("hint", ("other_in_email",))
_OFFICE = wanted("email", ("exact_own_domain",))
_FIRM_AGREES = wanted("company", ("exact", "very_close", "partial"))
# the rows of what one is found by
FOUND_BY = [ROW[name] for name in ("email", "phone", "street")]
_EXACT = [wanted(list(LEVELS)[row], (*ONE_MAILBOX, *ONE_NUMBER)) for row in FOUND_BY]


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


class Weighing:
    """The part of :class:`Model` that adds up; it reads the model's fields."""

    prior: float
    scales: Mapping[str, tuple[Level, ...]]
    corrections: tuple[Correction, ...]
    household: Fact
    firm: Fact
    proofs: tuple[Proof, ...]
    contradictions: Levels

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
        for (members, usual, by_phone, by_mobile), chosen in zip(
            self._facts, self.limited(levels, same_names), strict=True
        ):
            rows = (chosen & (speaking > usual + room)).nonzero()[0]
            if not len(rows):
                continue
            own = members[FIRST_LEVEL[:, None] + levels[:, rows]]
            phone, two = levels[ROW["phone"], rows], has_any(levels[:, rows], NAMES_CONTRADICT)
            _keep_to(weights, rows, own, usual + by_phone * (ONE_PHONE[phone] & ~two) + room)
            if by_mobile:
                # two people's mobile phone is their household's
                shared = (MOBILE_PHONE[phone] & two).nonzero()[0]
                own[ROW["phone"], shared] = True
                _keep_to(weights, rows[shared], own[:, shared], usual + by_mobile + room)

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
        firm = _FIRM_AGREES[levels[ROW["company"]]] | cls.one_office(levels)
        return ~named & ~firm, ~named & firm & ~itself

    @classmethod
    def requesters(cls, levels, same_names):
        """Return for which pairs the whole names agree, and for which the firm is the requester itself."""
        named = _WHOLE_NAME[levels[ROW["person"]]] | _CROSSWISE[levels[ROW["cross"]]]
        two = _TWO_IN_ADDRESSES[levels[ROW["hint"]]]
        firm = _FIRM_WHOLE[levels[ROW["company"]]] | cls.one_office(levels)
        return named, firm & same_names & ~two

    @staticmethod
    def one_office(levels):
        """Return which pairs one firm's own mailbox says to be of that firm, where no company is compared."""
        return (levels[ROW["company"]] == 0) & _OFFICE[levels[ROW["email"]]]

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
                fact.by_mobile,
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
                (ROW[fix.beside[0]], wanted(*fix.beside)) if fix.beside else None,
            )
            for fix in self.corrections
        ]


def _sum(rows):
    """Return the sum of ``rows``, added in this order however many columns there are: to the last digit the same."""
    total = rows[0].copy()
    for row in rows[1:]:
        total += row
    return total


def _keep_to(weights, rows, own, most):
    """Take off what agrees of some comparisons what makes them more than ``most``.

    :param own: which comparisons, for each of ``rows``
    """
    parts = np.where(own, weights[:, rows], 0)
    agreeing = np.maximum(parts, 0)
    total = _sum(agreeing)
    taken = np.minimum(np.maximum(_sum(parts) - most, 0), total)
    weights[:, rows] -= agreeing * np.divide(taken, total, out=np.zeros(len(rows)), where=total > 0)


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


def concerned(levels, first, first_wanted, then, then_wanted, _weight, beside):
    """Return for which pairs a :class:`Correction` is made."""
    found = first_wanted[levels[first]] & then_wanted[levels[then]]
    if beside:
        row, wanted_beside = beside
        found &= wanted_beside[levels[row]]
    return found.nonzero()[0]


def correct(weights, levels, *fix):
    """Add what ``fix`` says to a weight, within the limits that :class:`Correction` names."""
    first, _first_wanted, then, _then_wanted, weight, _beside = fix
    rows = concerned(levels, *fix)
    if not len(rows):
        return
    own = weights[then, rows]
    if weight > 0:
        weights[then, rows] += np.minimum(weight, np.maximum(-own, 0))
    else:
        weights[then, rows] -= np.minimum(-weight, np.maximum(np.minimum(own, weights[first, rows]), 0))
