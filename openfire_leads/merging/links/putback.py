"""Journaled rows put back into their tables: a column as it was, or whole rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from odoo.tools import SQL

from ..catalogue import identifier, relation
from ..fitting import Refill, journaled
from ..journal import Entry
from ..planned import execute_planned
from ..tables import Tables
from .rowkey import RowKey


def put_back(env: Any, entry: Entry, tables: Tables, *, survivor_gone: bool) -> int:
    """Put the rows of an entry back, moved or removed; return how many are as they were."""
    if entry.action == "removed":
        return insert_again(env, entry, tables)
    return move_back(env, entry, tables, survivor_gone=survivor_gone)


def move_back(env: Any, entry: Entry, tables: Tables, *, survivor_gone: bool) -> int:
    """Give rows that still have the value which the merge gave them their former one, and what changed along.

    Where the survivor is gone, also those that it left without a lead, and those that were inserted again.
    """
    assert entry.column
    if not RowKey(entry.key, entry.column).is_id:
        return _move_back_by_value(env, entry, tables, survivor_gone=survivor_gone)
    table = entry.table
    current = identifier("t", entry.column)
    unchanged = SQL("%s IS NOT DISTINCT FROM %s", current, journaled(tables, table, entry.column, 2))
    if survivor_gone:
        before = journaled(tables, table, entry.column, 1)
        unchanged = SQL("(%s OR %s IS NULL OR %s = %s)", unchanged, current, current, before)
    execute_planned(
        env,
        SQL(
            "UPDATE %s t SET %s FROM %s WHERE t.id = (r.e->>0)::bigint AND %s AND %s",
            entry.relation,
            _former_values(env, entry, tables),
            entry.rows,
            unchanged,
            _target_exists(entry, tables),
        ),
    )
    return env.cr.rowcount


def _former_values(env: Any, entry: Entry, tables: Tables) -> SQL:
    """Return what an UPDATE of ``t`` sets to give the journaled row ``r.e`` its values of before the merge."""
    assert entry.column
    table = entry.table
    sets = [SQL("%s = %s", identifier(entry.column), journaled(tables, table, entry.column, 1))]
    sets += [
        SQL(
            "%s = CASE WHEN %s IS NOT DISTINCT FROM %s THEN %s ELSE %s END",
            identifier(name),
            identifier("t", name),
            journaled(tables, table, name, 4, name),
            journaled(tables, table, name, 3, name),
            identifier("t", name),
        )
        for name in entry.along
        if name in tables.types[table]
    ]
    return SQL(", ").join(sets)


def _target_exists(entry: Entry, tables: Tables) -> SQL:
    """Return the condition that what the journaled row ``r.e`` referred to before the merge exists."""
    assert entry.column
    parent = tables.parent(entry.table, entry.column)
    if not parent:
        return SQL("TRUE")
    before = journaled(tables, entry.table, entry.column, 1)
    return SQL(
        "EXISTS (SELECT FROM (SELECT %s AS id) b WHERE b.id IS NULL OR EXISTS (SELECT FROM %s p WHERE p.id = b.id))",
        before,
        relation(parent),
    )


def _move_back_by_value(env: Any, entry: Entry, tables: Tables, *, survivor_gone: bool) -> int:
    """The same in a table without ids: of rows that are the same in all columns, as many as were moved."""
    assert entry.column
    extras = [name for name in entry.along if name in tables.types[entry.table]]
    names = [name for name in dict.fromkeys((*entry.key, entry.column, *extras))]
    # the journaled row as the merge left it
    after = SQL(
        "jsonb_build_object(%s)",
        SQL(", ").join(SQL("%s::text, x.e->0->%s::int", name, place) for place, name in enumerate(entry.key)),
    )
    after = SQL("%s || jsonb_build_object(%s::text, x.e->2) || COALESCE(x.e->4, '{}')", after, entry.column)
    rows = SQL(
        """(SELECT %s AS e, x.e AS entry FROM crm_lead_merge_link k, jsonb_array_elements(k.rows) x(e)
             WHERE k.id = %s) r""",
        after,
        entry.id,
    )
    refill = Refill(env, tables, entry.table, rows)
    link = SQL("to_jsonb(t.%s)", identifier(entry.column))
    if survivor_gone:
        link = SQL("COALESCE(%s, (SELECT to_jsonb(w.link) FROM wanted w LIMIT 1))", link)
    execute_planned(
        env,
        SQL(
            """WITH wanted AS MATERIALIZED (
                   SELECT r.entry AS e, v.%(column)s AS link, %(wanted)s AS same,
                          row_number() OVER (PARTITION BY %(wanted)s) AS n
                     FROM %(source)s),
               present AS MATERIALIZED (
                   SELECT t.tableoid AS _table, t.ctid AS _place, %(present)s AS same,
                          row_number() OVER (PARTITION BY %(present)s ORDER BY t.tableoid, t.ctid) AS n
                     FROM %(table)s t
                    WHERE %(gone)s t.%(column)s IN (SELECT link FROM wanted) OR t.%(column)s IS NULL
                      AND EXISTS (SELECT FROM wanted WHERE link IS NULL))
               UPDATE %(table)s t SET %(sets)s
                 FROM present h JOIN wanted r ON r.same = h.same AND r.n = h.n
                WHERE t.ctid = h._place AND t.tableoid = h._table AND %(exists)s""",
            column=identifier(entry.column),
            wanted=_as_object(names, "v", entry.column, SQL("to_jsonb(v.%s)", identifier(entry.column))),
            present=_as_object(names, "t", entry.column, link),
            source=refill.source,
            table=entry.relation,
            gone=SQL("t.%s IS NULL OR", identifier(entry.column)) if survivor_gone else SQL(),
            sets=_former_values(env, entry, tables),
            exists=_target_exists(entry, tables),
        ),
    )
    return _count_former(env, entry) if survivor_gone else env.cr.rowcount


def _count_former(env: Any, entry: Entry) -> int:
    """Return of how many journaled rows there is one like it, with the value of before the merge."""
    assert entry.column
    env.cr.execute(
        SQL(
            "SELECT count(*) FROM %s WHERE EXISTS (SELECT FROM %s t WHERE %s = r.e->0 AND to_jsonb(%s) = r.e->1)",
            entry.rows,
            entry.relation,
            RowKey(entry.key, entry.column).as_json(),
            identifier("t", entry.column),
        )
    )
    return int(env.cr.fetchone()[0])


def _as_object(names: list[str], row: str, column: str, value: SQL) -> SQL:
    """Return these columns of ``row`` in JSON, with ``value`` as the one of ``column``."""
    values = [
        SQL("%s::text, %s", name, value if name == column else SQL("to_jsonb(%s)", identifier(row, name)))
        for name in names
    ]
    return SQL("jsonb_build_object(%s)", SQL(", ").join(values))


def insert_again(env: Any, entry: Entry, tables: Tables) -> int:
    """Insert rows again, unless what they belong to is gone, or they are there already.

    A link that may be empty is so where its record is gone.
    """
    refill = Refill(env, tables, entry.table, entry.rows)
    tables.refills.append(refill)
    env.cr.execute(
        SQL(
            # the ids that the database would give by itself are those the rows had
            "INSERT INTO %s (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM %s WHERE %s ON CONFLICT DO NOTHING",
            entry.relation,
            SQL(", ").join(identifier(name) for name in refill.names),
            SQL(", ").join(refill.value(name) for name in refill.names),
            refill.source,
            refill.belongs,
        )
    )
    inserted = int(env.cr.rowcount)
    return inserted if inserted == entry.count else max(inserted, _count_there(env, entry, tables))


def _count_there(env: Any, entry: Entry, tables: Tables) -> int:
    """Return how many of the journaled whole rows are in their table as they were, whoever put them there."""
    assert entry.column
    env.cr.execute(
        SQL(
            "SELECT count(*) FROM %s"
            " WHERE EXISTS (SELECT FROM %s t WHERE t.%s = (r.e->>%s)::%s AND to_jsonb(t) @> r.e)",
            entry.rows,
            entry.relation,
            identifier(entry.column),
            entry.column,
            SQL(tables.types[entry.table][entry.column]),
        )
    )
    return int(env.cr.fetchone()[0])


def take_off(env: Any, entry: Entry, types: Mapping[str, str]) -> int:
    """Take off what was added to counters; rows that it made are left at zero and removed."""
    names = [name for name in entry.along if name in types]
    sets = SQL(", ").join(
        SQL("%s = t.%s - (r.e->1->>%s)::numeric", identifier(name), identifier(name), name) for name in names
    )
    env.cr.execute(
        SQL("UPDATE %s t SET %s FROM %s WHERE t.id = (r.e->>0)::bigint", entry.relation, sets, entry.rows)
    )
    env.cr.execute(
        SQL(
            "DELETE FROM %s t USING %s WHERE t.id = (r.e->>0)::bigint AND (r.e->>2)::boolean AND %s",
            entry.relation,
            entry.rows,
            SQL(" AND ").join(SQL("abs(t.%s) < 0.001", identifier(name)) for name in names),
        )
    )
    return entry.count
