"""Rows of merged leads that cannot exist on the survivor: found, journaled and removed, with their children."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from odoo.tools import SQL

from ..batch import Batch
from ..catalogue import Child, ForeignKey, Unique, catalogued, identifier, relation
from ..journal import Line
from .rowkey import RowKey


class Parent(Protocol):
    """What must be known of a table to find the rows that follow from removing some of its own."""

    @property
    def table(self) -> str: ...
    @property
    def key(self) -> RowKey: ...


class Rows(Parent, Protocol):
    """What must be known of a link to find and remove rows of it, see :class:`~.rows.RowLink`."""

    @property
    def kind(self) -> str: ...
    @property
    def relation(self) -> SQL: ...
    @property
    def column(self) -> str: ...
    @property
    def columns(self) -> tuple[str, ...]: ...
    @property
    def model(self) -> str | None: ...
    @property
    def children(self) -> tuple[Child, ...]: ...
    @property
    def own_keys(self) -> tuple[ForeignKey, ...]: ...
    def lost(self, batch: Batch) -> list[SQL]: ...
    def points_to(self, lead_id: SQL) -> SQL: ...
    def matches(self) -> SQL: ...
    def holds(self, batch: Batch, ids: Any) -> SQL: ...


def rows_of_merged(link: Rows, condition: SQL | None = None) -> SQL:
    """Return the query of all rows that point to merged leads: their places, and the merge.

    :param condition: over ``t`` and ``m``, which of them
    """
    return SQL(
        "SELECT %s, m.merge_id AS _merge FROM %s t JOIN map m ON %s WHERE %s",
        link.key.place(),
        link.relation,
        link.matches(),
        condition or SQL("TRUE"),
    )


def rows_taken(link: Rows, batch: Batch, unique: Unique) -> SQL:
    """Return the query of rows whose place in a unique index would be taken, by the survivor's row or an
    earlier lead's: their places, and the merge."""
    places = SQL(", ").join(identifier(name) for name in link.key.place_names)
    keys = [identifier(f"_value_{position}") for position in range(len(unique.expressions))]
    # the values of the index's key, as they will be
    valued = SQL(
        "SELECT %s, _merge, _rank, %s FROM (%s) x WHERE %s",
        places,
        SQL(", ").join(
            SQL("%s AS %s", catalogued(expression), key)
            for expression, key in zip(unique.expressions, keys, strict=True)
        ),
        _mapped(link, batch),
        catalogued(unique.predicate) if unique.predicate else SQL("TRUE"),
    )
    if unique.operators:
        return _rows_excluded(link, unique, valued)
    listed = SQL(", ").join(keys)
    return SQL(
        """SELECT %(places)s, _merge FROM (
            SELECT %(places)s, _merge,
                   row_number() OVER (PARTITION BY %(keys)s ORDER BY _rank, %(places)s) AS _n
              FROM (%(valued)s) v WHERE %(filled)s) y
         WHERE _n > 1 AND _merge IS NOT NULL""",
        places=places,
        keys=listed,
        valued=valued,
        filled=SQL("TRUE") if unique.nulls_clash else SQL("num_nulls(%s) = 0", listed),
    )


def _mapped(link: Rows, batch: Batch) -> SQL:
    """Return the query of the rows of all leads concerned with the survivor in place of the merged leads."""
    columns = SQL(", ").join(
        SQL(
            "COALESCE(%s, %s) AS %s", link.points_to(SQL("m.new_id")), identifier("t", name), identifier(name)
        )
        if name == link.column
        else identifier("t", name)
        for name in link.columns
    )
    return SQL(
        """SELECT %s, %s, m.merge_id AS _merge, COALESCE(m.rank, 0) AS _rank
             FROM %s t LEFT JOIN map m ON %s WHERE %s""",
        columns,
        link.key.place(),
        link.relation,
        link.matches(),
        link.holds(batch, batch.concerned_ids),
    )


def _rows_excluded(link: Rows, unique: Unique, valued: SQL) -> SQL:
    """Return the query of rows that an exclusion constraint does not allow beside those of leads before them."""
    places = link.key.place_names
    clash = SQL(" AND ").join(
        SQL("a.%s %s b.%s", key, catalogued(operator), key)
        for key, operator in zip(
            (identifier(f"_value_{position}") for position in range(len(unique.operators))),
            unique.operators,
            strict=True,
        )
    )

    def order(alias: str) -> SQL:
        return SQL(", ").join(identifier(alias, name) for name in ("_rank", *places))

    return SQL(
        """SELECT %(places)s, a._merge FROM (%(valued)s) a
            WHERE a._merge IS NOT NULL
              AND EXISTS (SELECT FROM (%(valued)s) b WHERE (%(before)s) < (%(own)s) AND %(clash)s)""",
        places=SQL(", ").join(identifier("a", name) for name in places),
        valued=valued,
        before=order("b"),
        own=order("a"),
        clash=clash,
    )


def removal(link: Rows, lost: Sequence[SQL], sequence: int) -> tuple[list[SQL], list[Line]]:
    """Return the CTEs that remove the rows found by the queries ``lost``, and what to journal.

    The first CTE, ``lost``, tells the rows by their places.
    """
    ctes = [SQL("lost AS MATERIALIZED (%s)", _with_own(link, SQL(" UNION ").join(lost)))]
    lines = children_of(link, link.children, "lost", sequence - 2, ctes)
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


def held(link: Rows, batch: Batch, key: ForeignKey) -> SQL:
    """Return the query of rows that would be removed, but that records hold on to by ``key``: id, id of the record."""
    own = SQL("NOT EXISTS (SELECT FROM lost o WHERE %s)", link.key.same("o", alias="h"))
    return SQL(
        """WITH %(map)s, lost AS MATERIALIZED (%(lost)s)
           SELECT DISTINCT %(id)s, h.id FROM %(holder)s h JOIN %(table)s t ON %(joins)s JOIN lost l ON %(same)s
            WHERE %(own)s""",
        map=batch.map,
        lost=_with_own(link, SQL(" UNION ").join(link.lost(batch))),
        id=SQL("t.id") if link.key.is_id else SQL("NULL::int"),
        holder=relation(key.table),
        table=link.relation,
        joins=key.joins("h", "t"),
        same=link.key.same("l"),
        own=own if key.table == link.table else SQL("TRUE"),
    )


def _with_own(link: Rows, lost: SQL) -> SQL:
    """Return the query ``lost`` with the rows of the same table that are removed along with its own."""
    if not link.own_keys:
        return lost
    return SQL(
        """WITH RECURSIVE lost_along AS (
               (%s) UNION SELECT %s, l._merge FROM %s t JOIN %s p ON %s JOIN lost_along l ON %s)
           SELECT * FROM lost_along""",
        lost,
        link.key.place(),
        link.relation,
        link.relation,
        SQL(" OR ").join(SQL("(%s)", key.joins("t", "p")) for key in link.own_keys),
        link.key.same("l", alias="p"),
    )


def children_of(
    link: Parent,
    children: Iterable[Child],
    parent: str,
    sequence: int,
    ctes: list[SQL],
    key: RowKey | None = None,
    kind: str = "key",
    removes: bool = True,
) -> list[Line]:
    """Add the CTEs of the rows that are removed or emptied together with those of ``parent``.

    :param parent: the CTE that tells the rows of the parent's table by their places
    :param key: the key of that table, if it is not the link's own
    :param kind: as what they are journaled
    :param removes: whether those are removed that the database does not remove by itself
    :returns: what to journal
    """
    lines = []
    parent_key = key or link.key
    for child in children:
        name = f"child_{len(ctes)}"
        [pointing, *_others] = child.keys
        column = (pointing.emptied or pointing.columns)[0]
        child_key = RowKey.of(child.columns, column, has_id=child.has_id)
        ctes.append(_child_rows(link, child, child_key, name, parent, parent_key))
        if child.on_delete == "n":
            lines.append(_emptied(child, child_key, name, sequence, kind))
            continue
        lines.append(
            Line(
                source=name,
                kind=kind,
                action="removed",
                table=child.table,
                column=column,
                rows=SQL("_row"),
                sequence=sequence,
                key=child_key.columns,
            )
        )
        lines += children_of(link, child.children, name, sequence - 1, ctes, child_key, kind, removes)
        if child.on_delete == "a" and removes:
            ctes.append(
                SQL(
                    "%s AS (DELETE FROM %s t USING %s l WHERE %s)",
                    identifier(f"{name}_removed"),
                    relation(child.table),
                    identifier(name),
                    child_key.same("l"),
                )
            )
    return lines


def _child_rows(link: Parent, child: Child, key: RowKey, name: str, parent: str, parent_key: RowKey) -> SQL:
    """Return the CTE of the rows of ``child`` that refer to those of ``parent``."""
    own = SQL("TRUE")
    if child.table == link.table:
        own = SQL("NOT EXISTS (SELECT FROM lost o WHERE %s)", key.same("o"))
    [pointing, *_others] = child.keys
    return SQL(
        """%(name)s AS MATERIALIZED (
            SELECT DISTINCT ON (%(places)s) %(place)s, %(key)s AS _key, to_jsonb(t) AS _row, l._merge
              FROM %(table)s t JOIN %(parent_table)s p ON %(joins)s JOIN %(parent)s l ON %(same)s WHERE %(own)s)""",
        name=identifier(name),
        places=SQL(", ").join(identifier(place) for place in key.place_names),
        place=key.place(),
        key=key.as_json(),
        table=relation(child.table),
        parent_table=relation(pointing.parent),
        joins=SQL(" OR ").join(SQL("(%s)", one.joins("t", "p")) for one in child.keys),
        parent=identifier(parent),
        same=parent_key.same("l", alias="p"),
        own=own,
    )


def _emptied(child: Child, key: RowKey, source: str, sequence: int, kind: str) -> Line:
    """Return what to journal of rows of which the database empties columns."""
    [pointing] = child.keys
    first, *others = pointing.emptied
    after = {
        name: SQL("to_jsonb(%s)", catalogued(default)) if default else SQL("NULL::jsonb")
        for name, default in zip(pointing.emptied, child.defaults, strict=True)
    }
    rows = [SQL("_key"), SQL("_row -> %s", first), after[first]]
    if others:
        rows += [
            SQL(
                "jsonb_build_object(%s)", SQL(", ").join(SQL("%s, _row -> %s", name, name) for name in others)
            ),
            SQL(
                "jsonb_build_object(%s)", SQL(", ").join(SQL("%s, %s", name, after[name]) for name in others)
            ),
        ]
    return Line(
        source=source,
        kind=kind,
        action="moved",
        table=child.table,
        column=first,
        rows=SQL("jsonb_build_array(%s)", SQL(", ").join(rows)),
        sequence=sequence,
        key=key.columns,
    )
