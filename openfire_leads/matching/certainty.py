"""What makes two records certainly one requester: a rule beside the score.

However much agrees, what is the same fact again, or says which household or firm it is, does not make sure who it is.
A pair is certain only if one of :data:`PROOFS` holds, each of them facts that are independent of each other, and
nothing of :data:`CONTRADICTIONS` is found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from .compare_contacts import ONE_NUMBER
from .comparisons import ROW, wanted

# comparison -> levels of it
Levels = Mapping[str, tuple[str, ...]]
_NONE: Levels = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Proof:
    """Independent facts that together leave no doubt.

    :param facts: of each, one comparison at least has one of the levels named
    :param without: what must not be found beside them
    :param of_firms: the contacts must be the same, or unknown on both sides: the firm itself is the requester
    :param shared: ``(comparison, most)``: so many records at most are expected to have the value that agrees
    """

    facts: tuple[Levels, ...]
    without: Levels = field(default_factory=lambda: _NONE)
    of_firms: bool = False
    shared: tuple[str, float] | None = None


_WHOLE_NAME = ("exact", "very_close")
_WHOLE = {"person": _WHOLE_NAME, "cross": ("crosswise",)}
_NAME = {**_WHOLE, "person": (*_WHOLE_NAME, "short_form")}
_REACHED = {
    "email": ("exact", "exact_own_domain", "same_mailbox", "close", "same_local"),
    "phone": (*ONE_NUMBER, "close"),
}
_TOWN = {"zip": ("exact", "close"), "city": ("exact", "close")}
_ELSEWHERE = {"zip": ("different", "same_area"), "city": ("different",)}
_FIRM = {"company": ("exact", "very_close")}
# two people of the firm
_BRANCH = {**_ELSEWHERE, "email": ("same_domain",)}

PROOFS = (
    Proof((_NAME, _REACHED)),
    # a first name that may be short for the other's may be another one of the family
    Proof((_WHOLE, {"street": ("exact",)}), _ELSEWHERE),
    Proof((_WHOLE, {"street": ("no_number", "partial", "same_number")}, _TOWN), _ELSEWHERE),
    Proof(({"person": _WHOLE_NAME}, {"company": (*_WHOLE_NAME, "partial")})),
    # a name that nobody else is expected to have
    Proof(({"person": _WHOLE_NAME}, _TOWN), shared=("person", 1 / 64)),
    # a mailbox that is not a crowd's, and part of a name
    Proof(
        (
            {"email": ("exact",)},
            {"person": ("partial", "initials"), "hint": ("mentioned", "partly_mentioned"), **_FIRM},
        ),
        shared=("email", 5),
    ),
    Proof(({"email": ("exact", "same_mailbox")}, {"phone": (*ONE_NUMBER, "close")})),
    Proof((_FIRM, {"street": ("exact",)}), _BRANCH, of_firms=True),
    Proof(
        (_FIRM, {"email": ("exact", "exact_own_domain")}, {"phone": (*ONE_NUMBER, "close")}),
        _BRANCH,
        of_firms=True,
    ),
)
CONTRADICTIONS: Levels = MappingProxyType(
    {
        "person": ("other_surname", "other_first_name", "different"),
        "cross": ("crosswise_partial", "crosswise_different"),
        "hint": ("other_in_email",),
        "company": ("contradicting", "different"),
        "street": ("other_number", "different"),
        "street2": ("other_unit",),
    }
)
NAMES_CONTRADICT: Levels = MappingProxyType(
    {name: CONTRADICTIONS[name] for name in ("person", "cross", "hint", "company")}
)
# the names say that they are two
TWO_PEOPLE: Levels = MappingProxyType(
    {
        "person": ("other_first_name", "different"),
        "cross": ("crosswise_different",),
        "hint": ("other_in_email",),
    }
)


def has_any(levels: np.ndarray, any_of: Levels) -> np.ndarray:
    """Return for which pairs a comparison has one of the levels named; a row of ``levels`` for each comparison."""
    found = np.zeros(levels.shape[1], bool)
    for name, names in any_of.items():
        found |= wanted(name, names)[levels[ROW[name]]]
    return found


def proven(
    levels: np.ndarray,
    bits: np.ndarray,
    same_names: np.ndarray,
    room: float,
    proofs: tuple[Proof, ...] = PROOFS,
    contradictions: Levels = CONTRADICTIONS,
) -> np.ndarray:
    """Return for which pairs one of ``proofs`` holds, and nothing contradicts.

    :param levels: the numbers of the levels, a row for each comparison in the order of ``comparisons.LEVELS``
    :param bits: the information of what agrees, likewise
    :param same_names: which pairs have the same contact, word by word, or none both
    :param room: the logarithm to base 2 of how many records there are
    """
    found = np.zeros(levels.shape[1], bool)
    for proof in proofs:
        holds = same_names.copy() if proof.of_firms else np.ones(len(found), bool)
        for fact in proof.facts:
            holds &= has_any(levels, fact)
        if proof.shared:
            name, most = proof.shared
            # a hundredth of a bit for the records that the count and the total are rounded by
            holds &= bits[ROW[name]] >= room - np.log2(most) - 0.01
        found |= holds & ~has_any(levels, proof.without)
    return found & ~has_any(levels, contradictions)


def all_levels(proofs: tuple[Proof, ...], contradictions: Levels) -> list[Levels]:
    """Return everything that names comparisons and levels in ``proofs`` and ``contradictions``."""
    found = [contradictions]
    for proof in proofs:
        found += [*proof.facts, proof.without, {proof.shared[0]: ()} if proof.shared else _NONE]
    return found
