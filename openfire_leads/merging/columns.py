"""Columns that hold several values (JSON): translations, values per company, properties. Combined key by key."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

BLANKS: tuple[Any, ...] = (None, False, "", [], 0)
# a lead's id and the value of one of its columns
Row = tuple[int, Mapping[str, Any]]


def translations(rows: Sequence[Row]) -> Mapping[str, Any]:
    """Return all languages of the first lead that has a text: translations of two texts do not mix."""
    return next((value for _lead_id, value in rows if value), {})


def by_company(rows: Sequence[Row], inside: Collection[int] = ()) -> dict[str, Any]:
    """Return the first value of each company.

    :param inside: for links to leads: those that become one, to which no link remains
    """
    return first_by_key(
        {key: value for key, value in own.items() if not inside or value not in inside}
        for _lead_id, own in rows
    )


def first_by_key(values: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return each key's first value that is not blank, else its first one.

    >>> first_by_key([{"a": "", "b": 1}, {"a": "x", "b": 2}])
    {'a': 'x', 'b': 1}
    """
    combined: dict[str, Any] = {}
    for own in values:
        for key, value in own.items():
            if combined.get(key) in BLANKS and (key not in combined or value not in BLANKS):
                combined[key] = value
    return combined


def properties(
    rows: Sequence[Row],
    known: Collection[str],
    picks: Mapping[str, int],
    links: Collection[str] = (),
    inside: Collection[int] = (),
) -> tuple[dict[str, Any], dict[str, int]]:
    """Return the properties after the merge, and the lead that each of the known ones comes from.

    What the survivor has and its team does not define stays in its column, unseen, as Odoo leaves it.

    :param rows: the survivor first
    :param known: names that the result can hold: those that its team defines
    :param picks: ``{name: lead id}``, chosen by hand
    :param links: names whose values are ids of leads; such to leads ``inside`` do not remain
    """
    rows = [(lead_id, without(own, links, inside)) for lead_id, own in rows]
    values = {lead_id: own for lead_id, own in rows}
    combined: dict[str, Any] = {}
    origins: dict[str, int] = {}
    for position, (lead_id, own) in enumerate(rows):
        for name, value in own.items():
            if position and name not in known:
                continue
            if combined.get(name) in BLANKS and (name not in combined or value not in BLANKS):
                combined[name] = value
                if name in known:
                    origins[name] = lead_id
    for name, lead_id in picks.items():
        if name in known:
            combined[name], origins[name] = values.get(lead_id, {}).get(name), lead_id
    return combined, origins


def without(own: Mapping[str, Any], links: Collection[str], inside: Collection[int]) -> dict[str, Any]:
    """Return properties whose ``links`` lead to none of the leads ``inside``."""

    def outside(value: Any) -> Any:
        if isinstance(value, list):
            return [item for item in value if item not in inside]
        return False if value in inside else value

    return {name: outside(value) if name in links else value for name, value in own.items()}
