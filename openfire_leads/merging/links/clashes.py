"""Rows of merged leads that cannot exist on the survivor: found, journaled and removed, with their children."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from odoo.tools import SQL

from ..batch import Batch
from ..catalogue import Child, Unique, catalogued
from ..journal import Line
from .rowkey import RowKey


class Rows(Protocol):
    """What must be known of a link to find and remove rows of it, see :class:`~.rows.RowLink`."""

    @property
    def kind(self) -> str: ...
    @property
    def table(self) -> str: ...
    @property
    def relation(self) -> SQL: ...
    @property
    def column(self) -> str: ...
    @property
    def columns(self) -> tuple[str, ...]: ...
    @property
    def model(self) -> str | None: ...
    @property
    def key(self) -> RowKey: ...
    @property
    def children(self) -> tuple[Child, ...]: ...
    def points_to(self, lead_id: SQL) -> SQL: ...
    def matches(self) -> SQL: ...
    def holds(self, batch: Batch, ids: Any) -> SQL: ...


def rows_of_merged(link: Rows, condition: SQL | None = None) -> SQL:
    """Return the query of all rows that point to merged leads: columns of the key, merge.

    :param condition: over ``t`` and ``m``, which of them
    """
    return SQL(
        "SELECT %s, m.merge_id AS _merge FROM %s t JOIN map m ON %s WHERE %s",
        SQL(", ").join(SQL.identifier("t", name) for name in link.key.names),
        link.relation,
        link.matches(),
        condition or SQL("TRUE"),
    )


def rows_taken(link: Rows, batch: Batch, unique: Unique) -> SQL:
    """Return the query of rows whose place in a unique index would be taken, by the survivor's row or an
    earlier lead's: columns of the key, merge."""
    mapped = SQL(", ").join(
        SQL(
            "COALESCE(%s, %s) AS %s",
            link.points_to(SQL("m.new_id")),
            SQL.identifier("t", name),
            SQL.identifier(name),
        )
        if name == link.column
        else SQL.identifier("t", name)
        for name in link.columns
    )
    expressions = SQL(", ").join(catalogued(expression) for expression in unique.expressions)
    original = SQL(", ").join(
        SQL("x._own AS %s", SQL.identifier(name)) if name == link.column else SQL.identifier("x", name)
        for name in link.key.names
    )
    return SQL(
        """SELECT %(columns)s, _merge FROM (
            SELECT %(original)s, x._merge,
                   row_number() OVER (PARTITION BY %(expressions)s ORDER BY x._rank, %(order)s) AS _n
              FROM (SELECT %(mapped)s, %(own)s AS _own, m.merge_id AS _merge, COALESCE(m.rank, 0) AS _rank
                      FROM %(table)s t LEFT JOIN map m ON %(matches)s
                     WHERE %(holds)s) x
             WHERE num_nulls(%(expressions)s) = 0 AND %(predicate)s) y
         WHERE _n > 1 AND _merge IS NOT NULL""",
        columns=SQL(", ").join(SQL.identifier(name) for name in link.key.names),
        original=original,
        expressions=expressions,
        order=SQL(", ").join(SQL.identifier("x", name) for name in link.key.columns),
        mapped=mapped,
        own=SQL.identifier("t", link.column),
        table=link.relation,
        matches=link.matches(),
        holds=link.holds(batch, batch.concerned_ids),
        predicate=catalogued(unique.predicate) if unique.predicate else SQL("TRUE"),
    )


def removal(link: Rows, lost: Sequence[SQL], sequence: int) -> tuple[list[SQL], list[Line]]:
    """Return the CTEs that remove the rows found by the queries ``lost``, and what to journal.

    The first CTE, ``lost``, tells the rows by their key.
    """
    ctes = [SQL("lost AS MATERIALIZED (%s)", SQL(" UNION ").join(lost))]
    lines = _children(link.children, "lost", sequence - 2, ctes)
    ctes.append(
        SQL(
            "removed AS (DELETE FROM %s t USING lost l WHERE %s RETURNING to_jsonb(t) AS _row, l._merge)",
            link.relation,
            link.key.same("l"),
        )
    )
    lines.append(
        Line(
            source="removed",
            kind=link.kind,
            action="removed",
            table=link.table,
            column=link.column,
            rows=SQL("_row"),
            sequence=sequence - 1,
            key=link.key.columns,
            model=link.model,
        )
    )
    return ctes, lines


def _children(children: Iterable[Child], parent: str, sequence: int, ctes: list[SQL]) -> list[Line]:
    """Add the CTEs of the rows that the database removes or empties together with those of ``parent``."""
    lines = []
    for child in children:
        name = f"child_{len(ctes)}"
        ctes.append(
            SQL(
                "%s AS MATERIALIZED (SELECT c.*, p._merge FROM"
                " (SELECT to_jsonb(t) AS _row, t.%s AS _parent%s FROM %s t) c JOIN %s p ON c._parent = p.id)",
                SQL.identifier(name),
                SQL.identifier(child.column),
                SQL(", t.id") if child.has_id else SQL(),
                SQL.identifier(child.table),
                SQL.identifier(parent),
            )
        )
        emptied = child.on_delete == "n"
        lines.append(
            Line(
                source=name,
                kind="key",
                action="moved" if emptied else "removed",
                table=child.table,
                column=child.column,
                rows=SQL("jsonb_build_array(id, _parent, NULL)") if emptied else SQL("_row"),
                sequence=sequence,
                key=("id",) if child.has_id else (),
            )
        )
        if not emptied and child.has_id:
            lines += _children(child.children, name, sequence - 1, ctes)
    return lines
