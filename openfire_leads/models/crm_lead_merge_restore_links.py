"""Puts the rows of other tables back where a merge found them: moved, removed, created, counted ones."""

from odoo.tools import SQL


class RestoreLinksMixin:
    """The part of :class:`MergeRestorer` for what pointed to the merged leads."""

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
        if typename == "jsonb" and link["key"] == ["id"]:
            return self._restore_json(link, columns)
        before, after = self._typed("->1", typename), self._typed("->2", typename)
        unchanged = SQL("%s IS NOT DISTINCT FROM %s", current, after)
        if self.survivor_gone:
            unchanged = SQL("(%s OR %s IS NULL)", unchanged, current)
        sets = [SQL("%s = %s", SQL.identifier(column), before)]
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

    def _restore_json(self, link, columns):
        """Give single keys of JSON objects their former values, and lists as a whole.

        :returns: how many rows have all of theirs
        """
        rows = self.env.execute_query(
            SQL(
                """UPDATE %(table)s t SET %(column)s = CASE jsonb_typeof(r.e->1)
                      WHEN 'object' THEN t.%(column)s || (
                           SELECT COALESCE(jsonb_object_agg(o.key, o.value), '{}') FROM jsonb_each(r.e->1) o
                            WHERE t.%(column)s -> o.key = r.e->2->o.key)
                      ELSE r.e->1 END
                     FROM %(rows)s
                    WHERE %(same)s AND (jsonb_typeof(r.e->1) = 'object' OR t.%(column)s = r.e->2)
                RETURNING CASE jsonb_typeof(r.e->1)
                     WHEN 'object' THEN NOT EXISTS (
                          SELECT FROM jsonb_each(r.e->1) o WHERE t.%(column)s -> o.key IS DISTINCT FROM o.value)
                     ELSE TRUE END""",
                table=SQL.identifier(link["table"]),
                column=SQL.identifier(link["column"]),
                rows=self._rows(link),
                same=self._same_key(link, columns),
            )
        )
        return sum(bool(row[0]) for row in rows)

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
