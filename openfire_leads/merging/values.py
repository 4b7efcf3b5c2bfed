"""Which value stays: the rules on plain values, without a database.

The leads come as sheets, in order of precedence: the survivor first, then by age.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from odoo.fields import Command

from .plan import COMBINED, FILLED, SURVIVOR, Decision


@dataclass(frozen=True)
class Sheet:
    """One lead as plain values.

    :param values: ``{field name: value as write() takes it}``
    :param said: names of the fields in which it says something that means something after the merge: no
        blanks, no links between the leads that become one
    :param standing: where it is in the pipeline
    """

    id: int
    values: Mapping[str, Any]
    said: frozenset[str]
    standing: Standing


@dataclass(frozen=True)
class Standing:
    """Where a lead is in the pipeline.

    :param won_status: ``won``, ``lost`` or ``pending``
    :param probability: per cent
    :param automated: the probability is the predicted one
    """

    type: str
    won_status: str
    active: bool
    stage_id: int | bool = False
    stage_sequence: int = 0
    probability: float = 0.0
    automated: bool = False
    date_closed: Any = None


def first_said(sheets: Sequence[Sheet], name: str) -> Sheet:
    """Return the first sheet that says something in a field, else the survivor's."""
    return next((sheet for sheet in sheets if name in sheet.said), sheets[0])


def decision(sheets: Sequence[Sheet], name: str, origin: Sheet, how: str | None = None) -> Decision:
    """Return the decision to take a field from one sheet; what it does not say stays empty."""
    value = origin.values[name] if name in origin.said or not origin.values[name] else False
    return Decision(name, value, how or (SURVIVOR if origin is sheets[0] else FILLED), origin.id)


def fill(sheets: Sequence[Sheet], names: Iterable[str], companions: Mapping[str, str]) -> dict[str, Decision]:
    """Return ``{field name: Decision}``: the survivor's value, its blanks filled from the others.

    :param companions: ``{field: field that its value means nothing without}``: an amount and its currency
        come from one lead
    """
    filled, together = {}, {}
    for name in names:
        origin = first_said(sheets, name)
        filled[name] = decision(sheets, name, origin)
        companion = companions.get(name)
        if companion and origin is not sheets[0]:
            together[companion] = decision(sheets, companion, origin)
    return {**filled, **together}


def traced(sheets: Sequence[Sheet], name: str, value: Any) -> Decision:
    """Return the decision for a value that somebody else combined, with the lead that has the same one."""
    said = value or False
    for sheet in sheets:
        if (sheet.values.get(name) or False) == said:  # as in same()
            return Decision(name, value, SURVIVOR if sheet is sheets[0] else FILLED, sheet.id)
    return Decision(name, value, COMBINED)


def same(value: Any, other: Any) -> bool:
    """Return whether two values of a field are one; all blanks are."""
    return (value or False) == (other or False)


def many_ids(value: Any) -> Any:
    """Return what a module says for a field of many records, ids or commands, as ids; as it is where that cannot be."""
    ids = []
    for command in value or ():
        if isinstance(command, int):
            ids.append(command)
        elif command[0] == Command.LINK:
            ids.append(command[1])
        elif command[0] == Command.SET:
            ids = list(command[2])
        else:
            return value
    return ids


def many_differ(value: Iterable[Any], ids: Iterable[int]) -> bool:
    """Return whether writing ``value``, as :func:`many_ids` returns it, would change a field of many records.

    :param ids: of the records that there are
    """
    given = list(value)
    return not all(isinstance(record_id, int) for record_id in given) or set(given) != set(ids)


def address(sheets: Sequence[Sheet], names: Sequence[str], areas: frozenset[str]) -> dict[str, Decision]:
    """Return the address: the first lead's that has one, completed by those that agree with it.

    Two addresses agree when no part contradicts and they have a part in common; an area alone agrees with
    any address in it. So no address is ever mixed from two places.

    :param names: the fields of an address
    :param areas: those of them that many addresses share: state, country
    """
    parts: dict[str, Sheet] = {}
    for sheet in sheets:
        other = {name: sheet.values[name] for name in names if sheet.values[name]}
        own = {name: origin.values[name] for name, origin in parts.items()}
        if not parts or _agree(own, other, areas):
            for name in other:
                parts.setdefault(name, sheet)
    return {
        name: decision(sheets, name, parts[name])
        if name in parts
        else Decision(name, sheets[0].values[name], SURVIVOR, sheets[0].id)
        for name in names
    }


def _agree(own: Mapping[str, Any], other: Mapping[str, Any], areas: frozenset[str]) -> bool:
    common = own.keys() & other.keys()
    if any(_plain(own[name]) != _plain(other[name]) for name in common):
        return False
    return bool(common) or own.keys() <= areas or other.keys() <= areas


def _plain(value: Any) -> Any:
    return " ".join(value.casefold().split()) if isinstance(value, str) else value


def furthest(sheets: Sequence[Sheet]) -> Sheet:
    """Return the lead whose stage and chances the survivor takes.

    1. Opportunities before leads, but nothing that is lost before something that is not: who asks again
       is no lost case.
    2. Won before open before lost, then the later stage, the higher probability, the order of precedence.
    3. Among leads only, the survivor.
    """
    alive = [sheet for sheet in sheets if sheet.standing.won_status != "lost"]
    candidates = alive or list(sheets)
    opportunities = [sheet for sheet in candidates if sheet.standing.type == "opportunity"]
    if not opportunities and sheets[0] in candidates:
        return sheets[0]
    return max(
        opportunities or candidates,
        key=lambda sheet: (
            sheet.standing.won_status == "won",
            sheet.standing.stage_sequence,
            sheet.standing.probability,
        ),
    )
