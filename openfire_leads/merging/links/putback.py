"""Journaled rows put back into their tables: a column as it was, or whole rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from odoo.tools import SQL

from ..catalogue import Tables
from ..fitting import Refill, journaled
from ..journal import Entry
from .rowkey import RowKey


def put_back(env: Any, entry: Entry, tables: Tables, *, survivor_gone: bool) -> int:
    """Put the rows of an entry back, moved or removed; return how many are as they were."""
    if entry.action == "removed":
        return insert_again(env, entry, tables)
    return move_back(env, entry, tables, survivor_gone=survivor_gone)


def move_back(env: Any, entry: Entry, tables: Tables, *, survivor_gone: bool) -> int:
    """Give rows that still have the value which the merge gave them their former one, and what changed along."""
    assert entry.column
    table = entry.table
    current = SQL.identifier("t", entry.column)
    before, after = (journaled(tables, table, entry.column, position) for position in (1, 2))
    unchanged = SQL("%s IS NOT DISTINCT FROM %s", current, after)
    if survivor_gone:
        unchanged = SQL("(%s OR %s IS NULL)", unchanged, current)
    sets = [SQL("%s = %s", SQL.identifier(entry.column), before)]
    sets += [
        SQL(
            "%s = CASE WHEN %s IS NOT DISTINCT FROM %s THEN %s ELSE %s END",
            SQL.identifier(name),
            SQL.identifier("t", name),
            journaled(tables, table, name, 4, name),
            journaled(tables, table, name, 3, name),
            SQL.identifier("t", name),
        )
        for name in entry.along
        if name in tables.types[table]
    ]
    env.cr.execute(
        SQL(
            "UPDATE %s t SET %s FROM %s WHERE %s AND %s",
            entry.relation,
            SQL(", ").join(sets),
            entry.rows,
            RowKey(entry.key, entry.column).same_as_journaled(tables, table),
            unchanged,
        )
    )
    return env.cr.rowcount


def insert_again(env: Any, entry: Entry, tables: Tables) -> int:
    """Insert rows again, unless what they belong to is gone, or they are there already.

    A link that the database would have emptied is empty where its record is gone.
    """
    refill = Refill(env, tables, entry.table, entry.rows)
    tables.refills.append(refill)
    owned = {
        name
        for name, (_parent, on_delete) in tables.parents.get(entry.table, {}).items()
        if name in refill.names and on_delete != "n"
    }
    valid = [
        SQL("(%s IS NULL OR %s)", SQL.identifier("v", name), refill.exists(name)) for name in sorted(owned)
    ]
    env.cr.execute(
        SQL(
            "INSERT INTO %s (%s) SELECT %s FROM %s WHERE %s ON CONFLICT DO NOTHING",
            entry.relation,
            SQL(", ").join(SQL.identifier(name) for name in refill.names),
            SQL(", ").join(refill.value(name, if_gone=name not in owned) for name in refill.names),
            refill.source,
            SQL(" AND ").join(valid) if valid else SQL("TRUE"),
        )
    )
    return env.cr.rowcount


def take_off(env: Any, entry: Entry, types: Mapping[str, str]) -> int:
    """Take off what was added to counters; rows that it made are left at zero and removed."""
    names = [name for name in entry.along if name in types]
    sets = SQL(", ").join(
        SQL("%s = t.%s - (r.e->1->>%s)::numeric", SQL.identifier(name), SQL.identifier(name), name)
        for name in names
    )
    env.cr.execute(
        SQL("UPDATE %s t SET %s FROM %s WHERE t.id = (r.e->>0)::int", entry.relation, sets, entry.rows)
    )
    env.cr.execute(
        SQL(
            "DELETE FROM %s t USING %s WHERE t.id = (r.e->>0)::int AND (r.e->>2)::boolean AND %s",
            entry.relation,
            entry.rows,
            SQL(" AND ").join(SQL("abs(t.%s) < 0.001", SQL.identifier(name)) for name in names),
        )
    )
    return entry.count
