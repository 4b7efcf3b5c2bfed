"""The merges that are made together, as arrays side by side, and as a table for SQL."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from odoo.tools import SQL

from .run import Run


@dataclass(frozen=True)
class Batch:
    """Several merges at once, none of whose leads is in two of them.

    One merged lead per position: it becomes ``new_ids[i]``, in the merge ``merge_ids[i]``, and is its
    ``ranks[i]``-th lead in order of precedence (the survivor has rank 0 and no position).

    :param members: ids of all leads, survivors too
    :param rule: the survivor rule in force
    :param texts: the marks of all merges together, see :class:`~.run.Run`
    :param file_picks: ``(survivor, field, lead whose file stays)`` where that was picked
    """

    old_ids: tuple[int, ...]
    new_ids: tuple[int, ...]
    merge_ids: tuple[int | None, ...]
    ranks: tuple[int, ...]
    members: tuple[int, ...]
    rule: str
    texts: dict[str, dict[str, list[str]]]
    file_picks: tuple[tuple[int, str, int], ...] = ()

    @classmethod
    def of(cls, runs: Sequence[Run]) -> Batch:
        rows = [
            (lead_id, run.survivor_id, run.merge_id, rank)
            for run in runs
            for rank, lead_id in enumerate(run.merged_ids, 1)
        ]
        old_ids, new_ids, merge_ids, ranks = zip(*rows, strict=True)
        texts: dict[str, dict[str, list[str]]] = {}
        for run in runs:
            for what, by_lead in run.texts.items():
                texts.setdefault(what, {}).update(by_lead)
        members = tuple(lead_id for run in runs for lead_id in run.order)
        file_picks = tuple(
            (run.survivor_id, name, lead_id)
            for run in runs
            if run.plan
            for name, lead_id in run.plan.file_picks.items()
        )
        return cls(old_ids, new_ids, merge_ids, ranks, members, runs[0].rule, texts, file_picks)

    @property
    def map(self) -> SQL:
        """The CTE ``map(old_id, new_id, merge_id, rank)``, one row per merged lead."""
        arrays = (self.old_ids, self.new_ids, self.merge_ids, self.ranks)
        return SQL(
            "map AS MATERIALIZED (SELECT * FROM unnest(%s) AS m(old_id, new_id, merge_id, rank))",
            side_by_side(arrays),
        )

    @property
    def concerned_ids(self) -> list[int]:
        """Merged leads, and the survivors of those."""
        return [*self.old_ids, *dict.fromkeys(self.new_ids)]


def side_by_side(arrays: Iterable[Iterable[Any]]) -> SQL:
    """Return arrays of integers as the arguments of ``unnest``."""
    return SQL(", ").join(SQL("%s::int[]", list(array)) for array in arrays)
