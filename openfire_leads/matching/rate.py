"""How rare duplicates are: estimated on the database itself, without anybody saying which pairs are right."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .frequency import Statistics
from .model import Model
from .weights import PRIOR

# pairs of one requester for each record where duplicates are as frequent as the standard model takes them to be
USUAL = 0.25
# so many records are needed before anything is learnt of them, and so many pairs count as if they had been seen
FEWEST = 500
_SEEN = 20.0
# bits by which duplicates may turn out rarer, or more frequent
RAREST, MOST_FREQUENT = -4.0, 0.8
# believed less the more of the pairs are neither here nor there, and not at all from this share on
_UNDECIDED = 0.5
_ROUNDS = 100


def estimated_prior(
    scores: Sequence[float] | np.ndarray, statistics: Statistics, model: Model | None = None
) -> float:
    """Return the ``prior`` for a database, from the scores of all pairs that a scan compares.

    The pairs are a mixture of two kinds, of which only the share is unknown: expectation maximisation of this one
    number, with the weights as they are. It stays within :data:`RAREST` and :data:`MOST_FREQUENT` bits of the standard
    one, near it where there are few records or pairs, and nearer the less the scores tell the two kinds apart.

    :param scores: 0 to 100, as ``Model.compare_many`` gives them
    :param statistics: of that database
    :param model: which gave the scores; the standard one by default
    """
    standard = model.prior if model else PRIOR
    values = np.asarray(scores, dtype=float)
    if statistics.records < FEWEST or not len(values):
        return standard
    odds = np.log2(np.clip(values, 1e-5, 100 - 1e-5) / (100 - np.clip(values, 1e-5, 100 - 1e-5)))
    usual = USUAL * statistics.records
    likely = 1 / (1 + np.exp2(-odds))
    undecided = float(np.minimum(likely, 1 - likely).sum() / likely.sum())
    moved = 0.0
    for _round in range(_ROUNDS):
        likely = 1 / (1 + np.exp2(-odds - moved))
        before, moved = moved, float(np.log2((likely.sum() + _SEEN) / (usual + _SEEN)))
        moved = min(max(moved, RAREST), MOST_FREQUENT)
        if abs(moved - before) < 0.001:
            break
    return round(standard + moved * max(0.0, 1 - undecided / _UNDECIDED), 2)
