"""Puts leads, survivor and links back from the journal; what has changed since is left alone and reported."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import psycopg2
from psycopg2.errors import OperationalError

from odoo.tools import SQL

from .catalogue import identifier
from .conflicts import Change, Settlement
from .errors import MissingTargetError, RestoreRuleError
from .fitting import Refill
from .journal import Entry, entries
from .links import KINDS
from .planned import execute_planned
from .tables import Structure, Tables

# who made and last wrote a lead: nobody put that in, and nobody misses it
_STAMPS = {"create_uid", "write_uid"}


class Lost(NamedTuple):
    """A link of a lead to a record that is gone: what it was, and what stands there instead, if anything does."""

    lead_id: int
    column: str
    before: Any
    after: Any


class Restorer:
    """Takes back one merge or conversion.

    :param env: environment
    :param merge_id: the journal's record
    :param survivor_id: id of the survivor, which may exist no longer
    :param structure: returns how the tables of these names are made today
    :param survivor_gone: it was deleted: rows it left without a lead may be taken back

    ``conflicts`` lists what is left as it is::

        {"type": "gone", "lead_id": 12, "field": "team_id", "before": 3}         a link to a deleted record
        {"type": "replaced", "lead_id": 12, "field": "stage_id", "before": 3, "after": 4}     it is another one
        {"type": "changed", "table": "mail_message", "model": "mail.message", "count": 2}    moved on or deleted
        {"type": "missing", "table": "x_stove", "model": None, "count": 1}       of a module that is uninstalled
        {"type": "unfit", "table": "crm_lead", "model": "crm.lead", "field": "x_area", "count": 1}
                                                     a value that its column, changed since, does not take
    """

    def __init__(
        self,
        env: Any,
        merge_id: int,
        survivor_id: int,
        structure: Callable[[tuple[str, ...]], Structure],
        *,
        survivor_gone: bool = False,
    ):
        self.env = env
        self._structure = structure
        self.merge_id = merge_id
        self.survivor_id = survivor_id
        self.survivor_gone = survivor_gone
        self.conflicts: list[dict[str, Any]] = []
        self._survivor_unfit: list[str] = []

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """What the merge did to other tables, the last first."""
        return entries(self.env, self.merge_id)

    @cached_property
    def _tables(self) -> Tables:
        """The tables to put rows back into, as they are today."""
        names = tuple(sorted({"crm_lead", *(entry.table for entry in self.entries)}))
        return Tables(self.env, self._structure(names))

    @cached_property
    def _leads(self) -> Refill:
        """The leads' rows as the journal has them, those before the merge and those after it."""
        rows = SQL(
            """(SELECT side.e, line.lead_res_id, line.sequence, side.before
                  FROM crm_lead_merge_line line
                 CROSS JOIN LATERAL (VALUES (line.values_before, TRUE), (line.values_after, FALSE)) side(e, before)
                 WHERE line.merge_id = %s AND side.e IS NOT NULL) r""",
            self.merge_id,
        )
        return Refill(
            self.env, self._tables, "crm_lead", rows, SQL("r.before AND r.sequence > 0"), alone=True
        )

    def uncomputed(self, lead_ids: Sequence[int]) -> Iterator[tuple[str, tuple[str, ...], Sequence[int]]]:
        """Yield the stored computed fields that the journal lacks, of rows that exist again: model, names, ids.

        :param lead_ids: of the leads that exist again
        """
        if lead_ids and self._leads.uncomputed:
            yield "crm.lead", self._leads.uncomputed, lead_ids
        for refill in self._tables.refills:
            model = self._tables.model(refill.table)
            if model and refill.uncomputed:
                yield model, refill.uncomputed, refill.ids()

    def survivor_changes(self) -> tuple[dict[str, Change], bool]:
        """Return what the merge changed on the survivor, by column, and whether its row is still exactly as
        the merge left it."""
        rows = execute_planned(
            self.env,
            SQL(
                """WITH side AS MATERIALIZED (
                       SELECT r.before, r.e AS raw, %(fit)s AS fit FROM %(rows)s WHERE r.sequence = 0),
                   s AS MATERIALIZED (
                       SELECT b.raw AS raw_before, a.raw AS raw_after, b.fit AS before, a.fit AS after,
                              to_jsonb(l) AS current
                         FROM crm_lead l JOIN side b ON b.before LEFT JOIN side a ON NOT a.before
                        WHERE l.id = %(survivor)s),
                   value AS (
                       SELECT b.key, b.value, s.after -> b.key AS after, s.current -> b.key AS current,
                              s.raw_before -> b.key IS DISTINCT FROM s.raw_after -> b.key AS by_merge,
                              s.after -> b.key IS DISTINCT FROM s.current -> b.key AS since,
                              b.value = 'null' AND s.raw_before -> b.key <> 'null' AS unfit
                         FROM s CROSS JOIN LATERAL jsonb_each(s.before) b)
                   SELECT key, value, after, current, by_merge, since, unfit
                     FROM value WHERE by_merge OR since""",
                rows=self._leads.rows,
                fit=self._leads.row,
                survivor=self.survivor_id,
            ),
        )
        changed = [row for row in rows if row[4] and row[0] in self._tables.types["crm_lead"]]
        self._survivor_unfit = [column for column, *_values, unfit in changed if unfit]
        changes = {
            column: Change(before, after, current)
            for column, before, after, current, _by_merge, _since, unfit in changed
            if not unfit
        }
        return changes, not any(since for *_values, since, _unfit in rows)

    def restore(
        self, settlement: Settlement, *, unique: Collection[str] = (), with_leads: bool = True
    ) -> list[int]:
        """Put everything back.

        :param settlement: what becomes of the survivor's columns
        :param unique: columns whose value only one lead may have: the survivor gives them up first
        :param with_leads: the merged leads were deleted
        :returns: the ids of the leads that exist again
        :raises MissingTargetError: a lead cannot exist without a record deleted since
        :raises RestoreRuleError: the database does not take one of the rows
        :raises OperationalError: somebody else changed the same rows; to be tried again
        """
        if with_leads:
            self._check_targets()
        try:
            self.restore_survivor([column for column in settlement.restored if column in unique])
            restored = self.restore_leads() if with_leads else {}
            self.restore_links()
            self.restore_survivor([column for column in settlement.restored if column not in unique])
            self.restore_blended(settlement.blended)
            self._report_lost(self._lost_by_survivor(settlement.restored))
            for lost in restored.values():
                self._report_lost(lost)
            self._report_unfit()
        except OperationalError:
            raise
        except psycopg2.Error as error:
            raise RestoreRuleError(error) from error
        return list(restored)

    # --- leads -----------------------------------------------------------------------------

    def _check_targets(self) -> None:
        """Refuse by name what the database would refuse: a lead without a record that it must refer to."""
        leads = self._leads
        for key in leads.keys:
            if leads.emptied(key):
                continue
            missing = self.env.execute_query(
                SQL(
                    """SELECT v.%s::text FROM %s
                        WHERE %s AND NOT EXISTS (SELECT FROM crm_lead l WHERE l.id = r.lead_res_id) AND NOT %s
                        LIMIT 1""",
                    identifier(key.columns[0]),
                    leads.source,
                    leads.returning,
                    leads.exists(key),
                )
            )
            for (value,) in missing:
                raise MissingTargetError(key.columns[0], key.parent, value)

    def restore_leads(self) -> dict[int, list[Lost]]:
        """Insert the merged leads again, with their ids. Links to what no longer exists stay empty.

        :returns: the ids of the leads that were inserted, with the links that each has lost
        """
        leads = self._leads
        rows = execute_planned(
            self.env,
            SQL(
                """WITH put AS (
                       INSERT INTO crm_lead (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM %s WHERE %s
                        ORDER BY r.lead_res_id ON CONFLICT (id) DO NOTHING RETURNING *)
                   SELECT put.id, lost.* FROM put LEFT JOIN LATERAL (%s) lost ON TRUE""",
                SQL(", ").join(identifier(name) for name in leads.names),
                SQL(", ").join(leads.value(name) for name in leads.names),
                leads.source,
                leads.returning,
                self._lost("put", self._linking),
            ),
        )
        restored: dict[int, list[Lost]] = {}
        for lead_id, *lost in sorted(rows, key=lambda row: row[:1]):
            restored.setdefault(lead_id, [])
            if lost[0] is not None:
                restored[lead_id].append(Lost(lead_id, *lost))
        return restored

    def _lost_by_survivor(self, columns: Collection[str]) -> list[Lost]:
        """Return the links that the survivor has lost, of the columns that it got back."""
        linking = self._linking & set(columns)
        if not linking:
            return []
        rows = self.env.execute_query(
            SQL(
                "SELECT l.id, lost.* FROM crm_lead l CROSS JOIN LATERAL (%s) lost WHERE l.id = %s",
                self._lost("l", linking),
                self.survivor_id,
            )
        )
        return [Lost(*row) for row in rows]

    @cached_property
    def _linking(self) -> set[str]:
        """The leads' columns that are empty, or another record, where what they refer to is gone."""
        return {
            name for key in self._leads.keys for name in self._leads.emptied(key) or key.columns
        } - _STAMPS

    def _lost(self, lead: str, columns: Collection[str]) -> SQL:
        """Return the query of the links in ``columns`` that a row of leads no longer has: column, before, now."""
        return SQL(
            """SELECT b.key, b.value, now.e -> b.key
                 FROM %s CROSS JOIN LATERAL jsonb_each(%s) b
                -- by itself, or PostgreSQL would make it anew for each of the columns
                CROSS JOIN LATERAL (SELECT to_jsonb(%s) AS e OFFSET 0) now
                WHERE r.before AND r.lead_res_id = %s AND b.key = ANY(%s) AND b.value <> 'null'
                  AND b.value IS DISTINCT FROM now.e -> b.key
             ORDER BY b.key""",
            self._leads.rows,
            self._leads.row,
            identifier(lead),
            identifier(lead, "id"),
            sorted(columns),
        )

    def _report_lost(self, links: Iterable[Lost]) -> None:
        """Tell which of the leads' links refer to a record that is gone."""
        for lead_id, column, before, after in links:
            conflict = {"type": "gone", "lead_id": lead_id, "field": column, "before": before}
            self.conflicts.append(
                conflict if after is None else {**conflict, "type": "replaced", "after": after}
            )

    def _report_unfit(self) -> None:
        """Tell which values their columns, changed since, do not take."""
        merged = self._leads.unfit()
        for column in self._survivor_unfit:
            merged[column] = merged.get(column, 0) + 1
        found = [("crm_lead", merged), *((refill.table, refill.unfit()) for refill in self._tables.refills)]
        for table, counts in found:
            for column, count in counts.items():
                self.conflicts.append(
                    {
                        "type": "unfit",
                        "table": table,
                        "model": self._tables.model(table),
                        "field": column,
                        "count": count,
                    }
                )

    # --- the survivor ----------------------------------------------------------------------

    def restore_survivor(self, columns: Iterable[str]) -> None:
        """Give the survivor its former values in these columns."""
        leads = self._leads
        required = {name for key in leads.keys if not leads.emptied(key) for name in key.columns}
        sets = [
            # what must not be empty is kept where the former record is gone
            SQL("%s = CASE WHEN %s THEN %s ELSE l.%s END", name, self._exist(column), value, name)
            if column in required
            else SQL("%s = %s", name, value)
            for column in columns
            for name, value in [(identifier(column), leads.value(column))]
        ]
        if not sets:
            return
        self.env.cr.execute(
            SQL(
                "UPDATE crm_lead l SET %s FROM %s WHERE r.sequence = 0 AND r.before AND l.id = r.lead_res_id",
                SQL(", ").join(sets),
                leads.source,
            )
        )

    def _exist(self, column: str) -> SQL:
        """Return the condition that the records exist which a column of the row ``v`` refers to."""
        keys = (key for key in self._leads.keys if column in key.columns)
        return SQL(" AND ").join(self._leads.exists(key) for key in keys)

    def restore_blended(self, values: Mapping[str, dict[str, Any]]) -> None:
        """Give the survivor these values in columns of several values."""
        for column, value in values.items():
            self.env.cr.execute(
                SQL(
                    "UPDATE crm_lead SET %s = %s::jsonb WHERE id = %s",
                    identifier(column),
                    json.dumps(value),
                    self.survivor_id,
                )
            )

    # --- links -----------------------------------------------------------------------------

    def restore_links(self) -> None:
        """Put back what was moved, removed, created or counted, in the other direction than the merge."""
        for entry in self.entries:
            columns = self._tables.types.get(entry.table, {})
            needed = {*entry.key, entry.column} if entry.action == "moved" else set()
            if not columns or not needed <= columns.keys():
                self._report(entry, entry.count, "missing")
                continue
            restored = KINDS[entry.kind].restore(
                self.env, entry, self._tables, survivor_gone=self.survivor_gone
            )
            if restored < entry.count:
                self._report(entry, entry.count - restored, "changed")

    def _report(self, entry: Entry, count: int, what: str) -> None:
        self.conflicts.append({"type": what, "table": entry.table, "model": entry.model, "count": count})
