"""Puts rows back from the journal, in SQL; what has changed since is left alone and reported."""

import json
from functools import cached_property

from odoo.tools import SQL

from .crm_lead_merge_restore_links import RestoreLinksMixin


class MergeRestorer(RestoreLinksMixin):
    """Restores the rows of one merge.

    :param merge: the ``crm.lead.merge`` record
    :param survivor_gone: the survivor was deleted: rows it left without a lead may be taken back
    """

    def __init__(self, merge, *, survivor_gone=False):
        self.merge = merge
        self.env = merge.env
        self.survivor_gone = survivor_gone
        # one dict per thing left as it is, see CrmLeadMerge.action_undo
        self.conflicts = []

    # --- catalogue -------------------------------------------------------------------------

    @cached_property
    def links(self):
        """The journal's links, last first."""
        rows = self.env.execute_query(
            SQL(
                """SELECT id, action, table_name, column_name, key_columns, model_name, row_count
                     FROM crm_lead_merge_link WHERE merge_id = %s ORDER BY sequence DESC, id DESC""",
                self.merge.id,
            )
        )
        names = ("id", "action", "table", "column", "key", "model", "count")
        return [dict(zip(names, row, strict=True)) for row in rows]

    @cached_property
    def types(self):
        """``{table: {column: type}}`` of the tables as they are today; what the database computes is left out."""
        tables = list({"crm_lead", *(link["table"] for link in self.links)})
        rows = self.env.execute_query(
            SQL(
                """SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod)
                     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
                    WHERE c.relname = ANY(%s) AND c.relnamespace = current_schema::regnamespace
                      AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
                      AND a.attgenerated = ''""",
                tables,
            )
        )
        types = {}
        for table, column, typename in rows:
            types.setdefault(table, {})[column] = typename
        return types

    @cached_property
    def parents(self):
        """``{table: {column: referenced table}}`` for the foreign keys of the tables put back."""
        tables = list({"crm_lead", *(link["table"] for link in self.links if link["action"] == "removed")})
        rows = self.env.execute_query(
            SQL(
                """SELECT c.relname, a.attname, p.relname
                     FROM pg_class c
                     JOIN pg_constraint con ON con.conrelid = c.oid AND con.contype = 'f'
                     JOIN pg_class p ON p.oid = con.confrelid
                     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = con.conkey[1]
                    WHERE c.relname = ANY(%s) AND c.relnamespace = current_schema::regnamespace
                      AND cardinality(con.conkey) = 1""",
                tables,
            )
        )
        parents = {}
        for table, column, parent in rows:
            parents.setdefault(table, {})[column] = parent
        return parents

    # --- leads -----------------------------------------------------------------------------

    def restore_leads(self):
        """Insert the merged leads again, with their ids. Links to what no longer exists stay empty.

        :returns: the ids of the leads that were inserted
        """
        columns = [name for name in self.types["crm_lead"] if name in self._journaled_columns]
        rows = self.env.execute_query(
            SQL(
                """INSERT INTO crm_lead (%s) SELECT %s
                     FROM crm_lead_merge_line line
                    CROSS JOIN LATERAL jsonb_populate_record(NULL::crm_lead, line.values_before) r
                    WHERE line.merge_id = %s AND line.sequence > 0
                    ORDER BY line.lead_res_id ON CONFLICT (id) DO NOTHING RETURNING id""",
                SQL(", ").join(SQL.identifier(name) for name in columns),
                SQL(", ").join(self._still_valid(name) for name in columns),
                self.merge.id,
            )
        )
        restored = [row[0] for row in rows]
        if restored:
            self._report_lost_references(restored)
        return restored

    @cached_property
    def _journaled_columns(self):
        rows = self.env.execute_query(
            SQL(
                "SELECT jsonb_object_keys(values_before) FROM crm_lead_merge_line"
                " WHERE merge_id = %s AND sequence = 0",
                self.merge.id,
            )
        )
        return {row[0] for row in rows}

    def _still_valid(self, column):
        """The journaled value of a lead's column, or NULL if it refers to a record that is gone."""
        value = SQL.identifier("r", column)
        parent = self.parents.get("crm_lead", {}).get(column)
        if not parent or parent == "crm_lead":
            return value
        return SQL(
            "CASE WHEN EXISTS (SELECT FROM %s p WHERE p.id = %s) THEN %s END",
            SQL.identifier(parent),
            value,
            value,
        )

    def _report_lost_references(self, lead_ids):
        rows = self.env.execute_query(
            SQL(
                """SELECT l.id, b.key, b.value
                     FROM crm_lead_merge_line line
                     JOIN crm_lead l ON l.id = line.lead_res_id
                    CROSS JOIN LATERAL jsonb_each(line.values_before) b
                    WHERE line.merge_id = %s AND l.id = ANY(%s)
                      AND b.value IS DISTINCT FROM to_jsonb(l) -> b.key""",
                self.merge.id,
                lead_ids,
            )
        )
        for lead_id, column, before in rows:
            self.conflicts.append({"type": "gone", "lead_id": lead_id, "field": column, "before": before})

    # --- the survivor ----------------------------------------------------------------------

    def survivor_changes(self):
        """Return what the merge changed on the survivor: ``{column: (before, after, current)}``,
        and whether its row is still exactly as the merge left it."""
        rows = self.env.execute_query(
            SQL(
                """SELECT b.key, b.value, line.values_after -> b.key, to_jsonb(l) -> b.key,
                          b.value IS DISTINCT FROM line.values_after -> b.key,
                          line.values_after -> b.key IS DISTINCT FROM to_jsonb(l) -> b.key
                     FROM crm_lead_merge_line line
                     JOIN crm_lead l ON l.id = line.lead_res_id
                    CROSS JOIN LATERAL jsonb_each(line.values_before) b
                    WHERE line.merge_id = %s AND line.sequence = 0""",
                self.merge.id,
            )
        )
        touched = any(since for *_values, since in rows)
        changes = {
            key: (before, after, current)
            for key, before, after, current, by_merge, _since in rows
            if by_merge and key in self.types["crm_lead"]
        }
        return changes, not touched

    @staticmethod
    def blend(before, after, current):
        """Take back what the merge changed in a column of several values, and leave the rest as it is now.

        :returns: the column's new value; None if one and the same value was changed by both
        """
        if not all(isinstance(values, dict | None) for values in (before, after, current)):
            return None
        before, after, current = before or {}, after or {}, current or {}
        blended = dict(current)
        for key in before.keys() | after.keys():
            if before.get(key) == after.get(key):
                continue
            if current.get(key) not in (after.get(key), before.get(key)):
                return None
            blended.pop(key, None)
            if key in before:
                blended[key] = before[key]
        return blended

    def restore_blended(self, columns):
        """Give the survivor these values: ``{column: dict}``."""
        for name, value in columns.items():
            self.env.cr.execute(
                SQL(
                    "UPDATE crm_lead SET %s = %s::jsonb WHERE id = %s",
                    SQL.identifier(name),
                    json.dumps(value),
                    self.merge.survivor_res_id,
                )
            )

    def restore_survivor(self, columns):
        """Give the survivor its former values in these columns."""
        if not columns:
            return
        self.env.cr.execute(
            SQL(
                """UPDATE crm_lead l SET %s
                     FROM crm_lead_merge_line line
                    CROSS JOIN LATERAL jsonb_populate_record(NULL::crm_lead, line.values_before) r
                    WHERE line.merge_id = %s AND line.sequence = 0 AND l.id = line.lead_res_id""",
                SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), self._still_valid(name)) for name in columns
                ),
                self.merge.id,
            )
        )
