"""Rows of merged leads that cannot exist on the survivor: found, journaled, removed."""

from odoo.tools import SQL


def raw(text):
    """Return SQL from the catalogue's own text."""
    return SQL(text.replace("%", "%%"))  # pylint: disable=sql-injection


class ClashMixin:
    """The part of :class:`LinkMover` for unique indexes, links of a lead to itself and silent followers."""

    def _lost(self, link):
        """Rows of merged leads that cannot exist on the survivor: key columns, link column, merge."""
        names = list(dict.fromkeys([*link.key, link.column]))
        columns = SQL(", ").join(SQL.identifier(name) for name in names)
        queries = [self._clashing(link, unique, columns) for unique in link.uniques]
        prefixed = SQL(", ").join(SQL.identifier("t", name) for name in names)
        base = SQL(
            "SELECT %s, m.merge_id AS _merge FROM %s t JOIN map m ON %s",
            prefixed,
            SQL.identifier(link.table),
            self._match(link),
        )
        if link.journal_only:
            queries = [base]
        if link.twin:
            twin = SQL.identifier("t", link.twin)
            queries.append(
                SQL(
                    "%s WHERE %s = m.new_id OR %s IN (SELECT old_id FROM map o WHERE o.new_id = m.new_id)",
                    base,
                    twin,
                    twin,
                )
            )
        if self._silent(link):
            queries.append(SQL("%s WHERE %s", base, self._silent(link)))
        return SQL(" UNION ").join(queries)

    def _clashing(self, link, unique, columns):
        """Rows whose key in a unique index would be taken, by the survivor's row or an earlier one."""
        mapped = SQL(", ").join(
            SQL(
                "COALESCE(%s, %s) AS %s",
                self._points_to(link, SQL("m.new_id")),
                SQL.identifier("t", name),
                SQL.identifier(name),
            )
            if name == link.column
            else SQL.identifier("t", name)
            for name in link.columns
        )
        expressions = SQL(", ").join(raw(expression) for expression in unique.expressions)
        original = SQL(", ").join(
            SQL("x._own AS %s", SQL.identifier(name)) if name == link.column else SQL.identifier("x", name)
            for name in dict.fromkeys([*link.key, link.column])
        )
        order = SQL(", ").join(SQL.identifier("x", name) for name in link.key)
        return SQL(
            """SELECT %(columns)s, _merge FROM (
                SELECT %(original)s, x._merge,
                       row_number() OVER (PARTITION BY %(expressions)s ORDER BY x._rank, %(order)s) AS _n
                  FROM (SELECT %(mapped)s, %(own)s AS _own, m.merge_id AS _merge, COALESCE(m.rank, 0) AS _rank
                          FROM %(table)s t LEFT JOIN map m ON %(match)s
                         WHERE %(holds)s) x
                 WHERE num_nulls(%(expressions)s) = 0 AND %(predicate)s) y
             WHERE _n > 1 AND _merge IS NOT NULL""",
            columns=columns,
            original=original,
            expressions=expressions,
            order=order,
            mapped=mapped,
            own=SQL.identifier("t", link.column),
            table=SQL.identifier(link.table),
            match=self._match(link),
            holds=self._holds(link, [*self.old, *dict.fromkeys(self.new)]),
            predicate=raw(unique.predicate) if unique.predicate else SQL("TRUE"),
        )

    def _removed(self, link, parts):
        parts.append(
            SQL(
                "removed AS (DELETE FROM %s t USING lost l WHERE %s RETURNING to_jsonb(t) AS _row, l._merge)",
                SQL.identifier(link.table),
                self._same_row(link, "t", "l"),
            )
        )
        return self._result(
            SQL("removed"),
            "removed",
            link.table,
            link.column,
            SQL("_row"),
            key=link.key,
            model=link.model,
            depth=1,
        )

    def _child_results(self, children, parent, depth, parts):
        """Journal lines for the rows that the database removes or empties together with ``parent``'s."""
        results = []
        for child in children:
            name = SQL.identifier(f"child_{len(parts)}")
            parts.append(
                SQL(
                    "%s AS MATERIALIZED (SELECT c.*, p._merge FROM %s c JOIN %s p ON %s = p.id)",
                    name,
                    SQL(
                        "(SELECT to_jsonb(t) AS _row, t.%s AS _parent%s FROM %s t)",
                        SQL.identifier(child.column),
                        SQL(", t.id") if child.has_id else SQL(),
                        SQL.identifier(child.table),
                    ),
                    parent,
                    SQL("c._parent"),
                )
            )
            emptied = child.on_delete == "n"
            rows = SQL("jsonb_build_array(id, _parent, NULL)") if emptied else SQL("_row")
            results.append(
                self._result(
                    name,
                    "moved" if emptied else "removed",
                    child.table,
                    child.column,
                    rows,
                    key=("id",) if child.has_id else (),
                    depth=2 + depth,
                )
            )
            if not emptied and child.has_id:
                results += self._child_results(child.children, name, depth + 1, parts)
        return results

    def _silent(self, link):
        """Rule ``confidence``: followers that did not write for 30 days do not follow, as in Odoo."""
        if link.table != "mail_followers" or self.runs[0].rule != "confidence":
            return None
        return SQL(
            """NOT EXISTS (SELECT FROM mail_message mm
                            WHERE mm.author_id = t.partner_id AND mm.model = 'crm.lead'
                              AND mm.res_id = t.res_id AND mm.date > now() - INTERVAL '30 DAY')"""
        )
