"""Columns that hold several values (JSON): translations, values per company, properties. Combined key by key."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

BLANKS: tuple[Any, ...] = (None, False, "", [], 0)
# a lead's id and the value of one of its columns
Row = tuple[int, Mapping[str, Any]]


def text_origin(rows: Sequence[Row], picked: int | None = None) -> int:
    """Return the lead whose text stays, in all its languages: translations of two texts do not mix.

    :param picked: the lead chosen by hand, else it is the first that has a text
    """
    if picked is not None:
        return picked
    return next((lead_id for lead_id, own in rows if any(own.values())), rows[0][0])


def outside(rows: Sequence[Row], inside: Collection[int]) -> list[Row]:
    """Return the rows of a link to leads without those between the leads ``inside``, to which no link remains."""
    return [
        (lead_id, {key: value for key, value in own.items() if value not in inside}) for lead_id, own in rows
    ]


def by_company(rows: Sequence[Row], picks: Mapping[str, int] | None = None) -> dict[str, Any]:
    """Return the first value of each company.

    :param picks: ``{company: lead id}``, chosen by hand
    """
    combined = first_by_key(own for _lead_id, own in rows)
    values = dict(rows)
    for key, lead_id in (picks or {}).items():
        combined.pop(key, None)
        if key in values[lead_id]:
            combined[key] = values[lead_id][key]
    return combined


def origin_of(rows: Sequence[Row], key: str, value: Any) -> int:
    """Return the first lead that has this value under a key, the survivor where none has."""
    return next((lead_id for lead_id, own in rows if own.get(key) == value), rows[0][0])


def given_up(own: Mapping[str, Any], kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a lead says, key by key, and the result does not.

    >>> given_up({"a": 1, "b": 2, "c": ""}, {"a": 1, "b": 3})
    {'b': 2}
    """
    return {key: value for key, value in own.items() if value not in BLANKS and value != kept.get(key)}


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
