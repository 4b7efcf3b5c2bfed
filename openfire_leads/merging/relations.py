"""What the ORM makes by itself of the rows of many2many fields that it computes, journaled."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from odoo.tools import SQL

from .catalogue import identifier, relation
from .journal import LAST
from .run import Run

# rows of one table, as JSON texts with how many there are of each, by lead
Seen = Mapping[tuple[str, str], Mapping[int, Mapping[str, int]]]


class Relations:
    """The rows of some tables that join survivors to other records, before and after the ORM had its way.

    :param env: any environment
    :param places: table and the column that holds the lead, for each of them; with none, nothing is done
    """

    def __init__(self, env: Any, places: Iterable[tuple[str, str]]):
        self.env = env
        self.places = tuple(places)
        self._before: Seen = {}

    def look(self, lead_ids: Sequence[int]) -> None:
        """Remember the rows of these leads as they are."""
        self._before = self._rows(lead_ids)

    def journal(self, runs: Sequence[Run]) -> None:
        """Journal which rows of the survivors are gone since :meth:`look`, and which are new."""
        if not self.places:
            return
        after = self._rows([run.survivor_id for run in runs])
        for run in runs:
            for place in self.places:
                old = self._before.get(place, {}).get(run.survivor_id, {})
                new = after.get(place, {}).get(run.survivor_id, {})
                self._add(run, "many2many", "removed", place, _more(old, new))
                self._add(run, "joined", "created", place, _more(new, old))

    def _rows(self, lead_ids: Sequence[int]) -> Seen:
        if not self.places or not lead_ids:
            return {}
        queries = [
            SQL(
                "SELECT %s, t.%s, to_jsonb(t)::text FROM %s t WHERE t.%s = ANY(%s)",
                number,
                identifier(column),
                relation(table),
                identifier(column),
                list(lead_ids),
            )
            for number, (table, column) in enumerate(self.places)
        ]
        found: dict[tuple[str, str], dict[int, dict[str, int]]] = {}
        for number, lead_id, row in self.env.execute_query(SQL(" UNION ALL ").join(queries)):
            rows = found.setdefault(self.places[number], {}).setdefault(lead_id, {})
            rows[row] = rows.get(row, 0) + 1
        return found

    def _add(self, run: Run, kind: str, action: str, place: tuple[str, str], rows: Sequence[str]) -> None:
        if not rows:
            return
        table, column = place
        self.env.cr.execute(
            SQL(
                """INSERT INTO crm_lead_merge_link
                        (merge_id, sequence, kind, action, table_name, column_name, key_columns, row_count, rows)
                   VALUES (%s, %s, %s, %s, %s, %s, '[]', %s, %s::jsonb)""",
                run.merge_id,
                LAST,
                kind,
                action,
                table,
                column,
                len(rows),
                json.dumps([json.loads(row) for row in rows]),
            )
        )


def _more(rows: Mapping[str, int], others: Mapping[str, int]) -> list[str]:
    """Return the rows of which there are more than among the others, each as often."""
    return [row for row, count in rows.items() for _time in range(count - others.get(row, 0))]
