"""One merge (or conversion) while it is being made: its plan, and what its steps learn on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .plan import Plan


@dataclass(eq=False)
class Turn:
    """Whose turn it is of merges that are made one after the other in one environment.

    To find an environment, Odoo compares its context with those of all that are in use.
    """

    run: Run | None = None


@dataclass(eq=False)
class Run:
    """What the steps of one merge hand on to each other.

    :param order: ids of all leads, the survivor first
    :param rule: the survivor rule in force, empty for a conversion
    :param kind: ``merge`` or ``conversion``
    :param unlinks: the merged leads will be deleted
    :param later: ``{field name: value}`` that only one lead may have, for the survivor of leads that stay: it gets
        them when whoever merged deletes those
    :param counted: outcomes (``won``, ``lost``) that predictive scoring has counted for one of the leads already
    :param in_bulk: many merges at once, which share what can be done for all of them together

    Learnt on the way:

    :param merge_id: the journal's record
    :param texts: marks on what comes from a merged lead, by what they mark and by lead
    :param body: in bulk: the note, to be logged with the others'
    :param entered: Odoo's verb has begun
    :param data: what it is to write on the survivor
    :param written: it was written, or is being written now
    :param completed: another merge into the survivor began, and before that all was moved and written
    :param ahead: it was written then, and Odoo's verb is still to come to it
    :param deleted: ids of the merged leads that were deleted already
    :param moved: the links were moved already
    :param counts: how many rows of each table with links had been written by then
    :param recomputed: those of them in whose rows the ORM recomputes columns, see :class:`~.links.rows.RowLink`
    :param doubtful: texts that may name a merged lead and were left as they are: how many, by their link
    :param relations: the rows that the ORM may make anew by itself, as they were before
    :param inner_ids: merges and conversions of the survivor that were made while this one was
    :param last_follower_id: followers with a higher id came with the merge
    :param last_partner_id: customers with a higher id were created by the conversion
    """

    order: tuple[int, ...]
    rule: str = ""
    kind: str = "merge"
    plan: Plan | None = None
    unlinks: bool = True
    later: dict[str, Any] = field(default_factory=dict)
    counted: frozenset[str] = frozenset()
    in_bulk: bool = False
    merge_id: int | None = None
    texts: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    body: Any = None
    entered: bool = False
    data: dict[str, Any] = field(default_factory=dict)
    written: bool = False
    completed: bool = False
    ahead: bool = False
    deleted: set[int] = field(default_factory=set)
    moved: bool = False
    counts: dict[str, int | None] = field(default_factory=dict)
    recomputed: tuple[Any, ...] = ()
    inner_ids: list[int] = field(default_factory=list)
    relations: Any = None
    doubtful: dict[Any, int] = field(default_factory=dict)
    last_follower_id: int = 0
    last_partner_id: int = 0

    @property
    def survivor_id(self) -> int:
        return self.order[0]

    @property
    def merged_ids(self) -> tuple[int, ...]:
        return self.order[1:]
