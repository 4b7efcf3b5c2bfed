"""The comparison model."""

from dataclasses import dataclass
from math import log2

import numpy as np
from rapidfuzz import fuzz

from .errors import ModelError
from .frequency import KINDS, Statistics, term


@dataclass(frozen=True, slots=True)
class Comparison:
    """The outcome of comparing two records.

    ``score`` is 0 to 100; ``evidence`` is a list of ``{"field", "level", "similarity", "weight"}``.
    """

    score: float
    evidence: list


@dataclass(frozen=True)
class Model:
    """How records are compared, and from which score on they are suspected to be one requester."""

    suspicion: float = 50.0
    certainty: float = 99.0

    def __post_init__(self):
        for name in ("suspicion", "certainty"):
            if not 0 <= getattr(self, name) <= 100:
                raise ModelError(f"{name}: {getattr(self, name)!r} is not between 0 and 100")
        if self.suspicion > self.certainty:
            raise ModelError(f"suspicion: {self.suspicion} is above certainty {self.certainty}")

    def compare(self, first, second, statistics=None):
        """Return the :class:`Comparison` of two profiles."""
        statistics = statistics or Statistics()
        evidence = [line for line in self._lines(first, second, statistics) if line]
        bits = sum(line["weight"] for line in evidence) - log2(max(statistics.records, 1000)) - 1
        return Comparison(100 / (1 + 2.0 ** -max(min(bits, 40), -40)), evidence)

    def compare_many(self, profiles, left, right, statistics=None):
        """Return the scores of the pairs ``profiles[left[i]], profiles[right[i]]`` as an array."""
        return np.array(
            [
                self.compare(profiles[a], profiles[b], statistics).score
                for a, b in zip(left, right, strict=True)
            ]
        )

    def explain(self, profiles, left, right, statistics=None):
        """Return the evidence of each pair, in the order of the pairs."""
        return [
            self.compare(profiles[a], profiles[b], statistics).evidence
            for a, b in zip(left, right, strict=True)
        ]

    def rank(self, profile, candidates, statistics=None, min_score=None):
        """Return ``[(position, Comparison), ...]`` of the candidates that reach ``min_score``, best first.

        ``min_score`` is the model's suspicion score by default; equal scores keep the candidates' order.
        """
        least = self.suspicion if min_score is None else min_score
        profiles = [profile, *candidates]
        right = np.arange(1, len(profiles))
        scores = self.compare_many(profiles, np.zeros_like(right), right, statistics)
        chosen = [position for position in np.argsort(-scores, kind="stable") if scores[position] >= least]
        evidence = self.explain(
            profiles, [0] * len(chosen), [position + 1 for position in chosen], statistics
        )
        return [
            (int(position), Comparison(float(scores[position]), lines))
            for position, lines in zip(chosen, evidence, strict=True)
        ]

    def _lines(self, a, b, statistics):
        yield _line("email", "e", a.emails, b.emails, statistics, -1)
        yield _line("phone", "p", a.phones, b.phones, statistics, -1)
        yield _line("contact_name", "n", a.person, b.person, statistics, -6)
        yield _line("partner_name", "n", a.company, b.company, statistics, -3)
        yield _line(
            "street", "r", f"{a.number} {a.street}".strip(), f"{b.number} {b.street}".strip(), statistics, -3
        )
        yield _line("zip", "z", a.zip, b.zip, statistics, -3)
        yield None if a.zip and b.zip else _line("city", "c", a.city, b.city, statistics, -2)
        yield _line("name", "s", a.subject, b.subject, statistics, 0)


def _line(field, kind, first, second, statistics, worst):
    if not first or not second:
        return None
    shared = set(first.split()) & set(second.split())
    similarity = fuzz.token_sort_ratio(first, second) / 100
    weight = min(sum(_bits(kind, value, statistics) for value in shared), 18)
    level = (
        "exact"
        if similarity == 1
        else "very_close"
        if similarity > 0.92
        else "close"
        if similarity > 0.8
        else "different"
    )
    if level == "different":
        weight = max(worst, weight - 8) if shared else worst
    return {"field": field, "level": level, "similarity": round(similarity, 3), "weight": round(weight, 2)}


def _bits(kind, value, statistics):
    count, records = statistics.count(term(kind, value)), statistics.records
    return -log2((count + 1000 * KINDS[kind]) / (records + 1000))
