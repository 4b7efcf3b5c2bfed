"""How rare duplicates are, and how alike strangers look: estimated on the database, without anybody judging a pair."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .frequency import Statistics
from .model import Model, bits_of
from .weights import PRIOR

# pairs of one requester for each record where duplicates are as frequent as the standard model takes them to be
USUAL = 0.25
# so many records are needed before anything is learnt of them, and so many pairs count as if they had been seen
FEWEST = 500
_SEEN = 20.0
# bits by which the start of every pair may be moved, in the steps that are tried
LOWEST, HIGHEST, _STEP = -5.0, 7.0, 0.25
# how far from the share of duplicates alone the move is expected, in bits; and from no move at all, down and up
_SPREAD, _FREEDOM = 0.4, 2
_USUAL_SPREAD = (1.5, 2.5)
# the estimate comes out so many bits too low on labelled sets; it is raised by half of that where so many records are
_TOO_LOW, _HALF_RAISED = 1.2, 1200
# pairs are counted by bits of their odds between these: where strangers end and requesters begin
_FROM, _TO = -12, 4
# how much the logarithm of a count of strangers is off a smooth curve, and of the odds for each bit of them
_ROUGH, _ROUGH_ODDS = 0.4, 0.25
_ROUNDS = 100


def estimated_prior(
    scores: Sequence[float] | np.ndarray,
    statistics: Statistics,
    model: Model | None = None,
    share: float = 1.0,
) -> float:
    """Return the ``prior`` for a database, from the scores of all pairs that a scan compares.

    Two things are known without labels. The posteriors add up to the pairs of one requester, which gives their share
    (expectation maximisation of this one number). And strangers get rarer the more alike they look, without
    a second rise: the counts of pairs by score, divided by the odds that the score claims, must be
    log-concave and falling. Where the counts rise again at low scores, these pairs are hardly strangers. It is the
    exponential tilt model of a mixture with an empirical null: J. Qin, "Empirical likelihood ratio based confidence
    intervals for mixture proportions", Annals of Statistics 27 (1999); B. Efron, "Large-scale simultaneous hypothesis
    testing: the choice of a null hypothesis", JASA 99 (2004).

    The answer is the mean over all moves tried, each as probable as it fits; those near the usual are taken to be more
    probable beforehand. It stays within :data:`LOWEST` and :data:`HIGHEST` bits of the model's prior; with fewer
    than :data:`FEWEST` records nothing moves.

    :param scores: 0 to 100, as ``Model.compare_many`` gives them
    :param statistics: of that database
    :param model: which gave the scores; the standard one by default
    :param share: of the pairs that are compared, how large a part was scored, from 0 to 1
    """
    standard = model.prior if model else PRIOR
    odds = bits_of(scores, 1e-5)
    if statistics.records < FEWEST or not len(odds):
        return standard
    moves = np.arange(LOWEST, HIGHEST + _STEP, _STEP)
    expected = _by_share(odds, statistics.records * share)
    unlikely = _misfit(odds, moves)
    unlikely += (_FREEDOM + 1) / 2 * np.log1p(((moves - expected) / _SPREAD) ** 2 / _FREEDOM)
    unlikely += (moves / np.where(moves < 0, *_USUAL_SPREAD)) ** 2 / 2
    likely = np.exp(unlikely.min() - unlikely)
    raised = _TOO_LOW * statistics.records / (statistics.records + _HALF_RAISED)
    return round(standard + raised + float(likely @ moves / likely.sum()), 2)


def _by_share(odds, records):
    """Return the bits by which pairs of one requester are more frequent than usual, by expectation maximisation."""
    usual, moved = USUAL * records, 0.0
    for _round in range(_ROUNDS):
        likely = 1 / (1 + np.exp2(-odds - moved))
        before, moved = moved, float(np.log2((likely.sum() + _SEEN) / (usual + _SEEN)))
        if abs(moved - before) < 0.001:
            break
    return min(max(moved, LOWEST), HIGHEST)


def _misfit(odds, moves):
    """Return for each of ``moves`` how badly the strangers that it leaves fit a log-concave, falling curve.

    It is the negative logarithm of a Gaussian likelihood: of the logarithm of the number of pairs at each bit.
    """
    counts, edges = np.histogram(odds, np.arange(_FROM, _TO + 1))
    middle = (edges[1:] + edges[:-1]) / 2
    seen = np.log(counts + 0.5)
    place = (middle - middle[0]) / (_TO - _FROM)
    powers = np.stack([np.ones_like(place), -place, -(place**2)], 1)
    found = []
    for move in moves:
        claimed = middle + move
        right = 1 / (1 + np.exp2(-claimed))
        strangers = seen - np.logaddexp2(0, claimed) * np.log(2)
        spread = 1 / (counts + 0.5) + ((1 - right) * _ROUGH) ** 2
        spread += (right * (_ROUGH_ODDS * np.abs(claimed) + _ROUGH)) ** 2
        away = strangers - _falling(powers, strangers, 1 / spread)
        found.append(float((away**2 / spread + np.log(spread)).sum()) / 2)
    return np.array(found)


def _falling(powers, values, weights):
    """Return the weighted least-squares curve through ``values`` among those of second degree that fall ever faster.

    Of the curves with some of the terms, all of which fall, it is the nearest: where one term would rise, the other one
    may take its part.
    """
    nearest, least = None, np.inf
    for terms in ((0, 1, 2), (0, 2), (0, 1), (0,)):
        part = powers[:, terms]
        scaled = part.T * weights
        numbers = np.linalg.solve(scaled @ part + 1e-9 * np.eye(len(terms)), scaled @ values)
        curve = part @ numbers
        away = float((weights * (values - curve) ** 2).sum())
        if (numbers[1:] >= 0).all() and away < least:
            nearest, least = curve, away
    return nearest
