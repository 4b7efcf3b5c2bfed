"""What keeps a weight sensible, whoever moves it: the fit to labelled sets, or what a database's own people judge."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from .model import Model
from .weights import SITE, Level

# from, to: the bits that a level may weigh before its information counts; a place alone vetoes nothing
BASES, BASES_OF_A_PLACE = (-8.0, 6.0), (-5.0, 6.0)
PLACES = frozenset(name for name, _levels in SITE)
# agreement less good never weighs more, whatever the rarity
ORDERS = {
    "email": ("exact", "same_mailbox", "close"),
    "phone": ("exact_mobile", "exact", "close"),
    "person": ("exact", "very_close", "short_form"),
    "company": ("exact", "very_close", "partial"),
    "cross": ("crosswise", "crosswise_surname", "crosswise_partial"),
    "street": ("exact", "other_number"),
    "city": ("exact", "close"),
    "subject": ("exact", "partial"),
}
# the most bits of information that a value has in any database
RAREST = 20


def base_limits(comparison: str) -> tuple[float, float]:
    """Return the least and the most bits that a level of ``comparison`` may weigh by itself."""
    return BASES_OF_A_PLACE if comparison in PLACES else BASES


def within(model: Model, standard: Model) -> Model:
    """Return ``model`` with each base within its limits, and the levels of :data:`ORDERS` in order.

    Lesser agreement weighs more than better agreement by no more than in ``standard``, at no information and at the
    most there is.
    """
    scales = dict(model.scales)
    for name, levels in scales.items():
        least, most = base_limits(name)
        scales[name] = tuple(replace(level, base=min(max(level.base, least), most)) for level in levels)
    for name, order in ORDERS.items():
        by_name = {level.name: level for level in scales[name]}
        usual = {level.name: level for level in standard.scales[name]}
        for better, worse in pairwise(order):
            excess = [
                _excess(by_name[better], by_name[worse], known)
                - max(_excess(usual[better], usual[worse], known), 0)
                for known in (0, RAREST)
            ]
            level = by_name[worse]
            by_name[worse] = replace(level, base=level.base - max(*excess, 0))
        scales[name] = tuple(by_name.values())
    return replace(model, scales=scales)


def _excess(better: Level, worse: Level, known: float) -> float:
    """Return by how many bits ``worse`` weighs more than ``better`` for a value of so many bits of information."""
    most = better.base + better.share * known
    return worse.base + worse.share * known - (max(most, 0) if better.speaks > 0 else most)
