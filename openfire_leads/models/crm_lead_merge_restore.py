"""Puts rows back from the journal, in SQL; what has changed since is left alone and reported."""

from functools import cached_property

from odoo.tools import SQL


class MergeRestorer:
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
        """``{table: {column: type}}`` of the tables as they are today."""
        tables = list({"crm_lead", *(link["table"] for link in self.links)})
        rows = self.env.execute_query(
            SQL(
                """SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod)
                     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
                    WHERE c.relname = ANY(%s) AND c.relnamespace = current_schema::regnamespace
                      AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped""",
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

    # --- links -----------------------------------------------------------------------------

    def restore_links(self):
        """Put back what was moved and removed, in the other direction than the merge."""
        for link in self.links:
            columns = self.types.get(link["table"], {})
            needed = {*link["key"], link["column"]} if link["action"] == "moved" else set()
            if not columns or not needed <= columns.keys():
                self._report(link, link["count"], "missing")
                continue
            restored = getattr(self, f"_restore_{link['action']}")(link, columns)
            if restored < link["count"]:
                self._report(link, link["count"] - restored, "changed")

    def _report(self, link, count, what):
        self.conflicts.append({"type": what, "table": link["table"], "model": link["model"], "count": count})

    def _rows(self, link):
        return SQL(
            "(SELECT e FROM crm_lead_merge_link k, jsonb_array_elements(k.rows) e WHERE k.id = %s) r",
            link["id"],
        )

    @staticmethod
    def _typed(path, typename):
        """A journaled value as its column's type."""
        if typename in ("jsonb", "json"):
            return SQL("NULLIF(r.e%s, 'null')", SQL(path))
        head, _arrow, last = path.rpartition("->")
        return SQL("(r.e%s->>%s)::%s", SQL(head), SQL(last), SQL(typename))

    def _restore_moved(self, link, columns):
        column = link["column"]
        typename = columns[column]
        current = SQL.identifier("t", column)
        unchanged = SQL("%s IS NOT DISTINCT FROM %s", current, self._typed("->2", typename))
        if self.survivor_gone:
            unchanged = SQL("(%s OR %s IS NULL)", unchanged, current)
        sets = [SQL("%s = %s", SQL.identifier(column), self._typed("->1", typename))]
        for name in self._extra_columns(link):
            if name in columns:
                path = f"'{name}'"
                sets.append(
                    SQL(
                        "%s = CASE WHEN %s IS NOT DISTINCT FROM %s THEN %s ELSE %s END",
                        SQL.identifier(name),
                        SQL.identifier("t", name),
                        self._typed(f"->4->{path}", columns[name]),
                        self._typed(f"->3->{path}", columns[name]),
                        SQL.identifier("t", name),
                    )
                )
        self.env.cr.execute(
            SQL(
                "UPDATE %s t SET %s FROM %s WHERE %s AND %s",
                SQL.identifier(link["table"]),
                SQL(", ").join(sets),
                self._rows(link),
                self._same_key(link, columns),
                unchanged,
            )
        )
        return self.env.cr.rowcount

    def _extra_columns(self, link):
        rows = self.env.execute_query(
            SQL(
                "SELECT jsonb_object_keys(rows->0->3) FROM crm_lead_merge_link WHERE id = %s"
                " AND jsonb_typeof(rows->0->3) = 'object'",
                link["id"],
            )
        )
        return [row[0] for row in rows]

    def _same_key(self, link, columns):
        if link["key"] == ["id"]:
            return SQL("t.id = (r.e->>0)::int")
        return SQL(" AND ").join(
            SQL("%s = %s", SQL.identifier("t", name), self._typed(f"->0->{position}", columns[name]))
            for position, name in enumerate(link["key"])
        )

    def _restore_removed(self, link, columns):
        """Insert the rows again, unless what they belong to is gone, or they are there already."""
        table = link["table"]
        keys = self.env.execute_query(
            SQL("SELECT jsonb_object_keys(rows->0) FROM crm_lead_merge_link WHERE id = %s", link["id"])
        )
        names = [name for (name,) in keys if name in columns]
        valid = [
            SQL(
                "(%s IS NULL OR EXISTS (SELECT FROM %s p WHERE p.id = %s))",
                SQL.identifier("v", name),
                SQL.identifier(parent),
                SQL.identifier("v", name),
            )
            for name, parent in self.parents.get(table, {}).items()
            if name in names and parent != table
        ]
        self.env.cr.execute(
            SQL(
                "INSERT INTO %s (%s) SELECT %s FROM %s CROSS JOIN LATERAL"
                " jsonb_populate_record(NULL::%s, r.e) v WHERE %s ON CONFLICT DO NOTHING",
                SQL.identifier(table),
                SQL(", ").join(SQL.identifier(name) for name in names),
                SQL(", ").join(SQL.identifier("v", name) for name in names),
                self._rows(link),
                SQL.identifier(table),
                SQL(" AND ").join(valid) if valid else SQL("TRUE"),
            )
        )
        return self.env.cr.rowcount

    def _restore_created(self, link, _columns):
        if link["table"] == "res_partner":
            return link["count"]  # a customer goes by the ORM: see crm_lead_merge_conversion
        self.env.cr.execute(
            SQL(
                "DELETE FROM %s t USING %s WHERE t.id = (r.e #>> '{}')::int",
                SQL.identifier(link["table"]),
                self._rows(link),
            )
        )
        # what somebody removed already needs no undoing
        return link["count"]

    def _restore_delta(self, link, columns):
        """Take off what the merge added to counters; rows that it made are left at zero and removed."""
        names = [name for name in self._delta_columns(link) if name in columns]
        sets = SQL(", ").join(
            SQL("%s = t.%s - (r.e->1->>%s)::numeric", SQL.identifier(name), SQL.identifier(name), name)
            for name in names
        )
        self.env.cr.execute(
            SQL(
                "UPDATE %s t SET %s FROM %s WHERE t.id = (r.e->>0)::int",
                SQL.identifier(link["table"]),
                sets,
                self._rows(link),
            )
        )
        self.env.cr.execute(
            SQL(
                "DELETE FROM %s t USING %s WHERE t.id = (r.e->>0)::int AND (r.e->>2)::boolean AND %s",
                SQL.identifier(link["table"]),
                self._rows(link),
                SQL(" AND ").join(SQL("abs(t.%s) < 0.001", SQL.identifier(name)) for name in names),
            )
        )
        return link["count"]

    def _delta_columns(self, link):
        rows = self.env.execute_query(
            SQL("SELECT jsonb_object_keys(rows->0->1) FROM crm_lead_merge_link WHERE id = %s", link["id"])
        )
        return [row[0] for row in rows]

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
