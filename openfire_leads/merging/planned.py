"""Long queries, which PostgreSQL plans once for each connection.

One query asks all tables with links whether they have rows of the leads that are merged; others move those of one
table and journal them, or put them back. To plan such a query takes PostgreSQL longer than to execute it for a few
leads, and the plan is the same each time. So they are prepared
(https://www.postgresql.org/docs/current/sql-prepare.html). A prepared query goes with its connection, and PostgreSQL
itself plans it anew when one of its tables is changed.
"""

from __future__ import annotations

import hashlib
import re
from itertools import count
from typing import Any

import psycopg2

from odoo.tools import SQL

from .catalogue import catalogued

PREFIX = "openfire_"
# of one connection: those of links that are no more stay until it is closed
MOST = 64
_PLACE = re.compile("%[%s]")
# in the cache of the cursor: the names of what its connection has prepared
_CACHE = "openfire_leads_prepared"


def execute_planned(env: Any, query: SQL, *, worth: bool = True) -> list[tuple[Any, ...]]:
    """Return the rows of a query whose text is always the same, and whose parameters alone say what is asked.

    Whatever cannot be prepared is executed as it is.

    :param worth: whether to plan the query takes long beside executing it; otherwise it is executed as it is
    """
    if not worth:
        return list(env.execute_query(query))
    name = PREFIX + hashlib.sha256(query.code.encode()).hexdigest()[:32]
    prepared = _prepared(env)
    if name not in prepared:
        if len(prepared) >= MOST or not _prepare(env, name, query.code):
            return list(env.execute_query(query))
        prepared.add(name)
    statement = SQL("EXECUTE %s(%s)", SQL.identifier(name), SQL(", ").join(query.params))
    return list(env.execute_query(statement))


def _prepared(env: Any) -> set[str]:
    """Return what the connection has prepared: asked once for each transaction, as a pooler may have given it another.

    Until its end, plans are made without regard to the parameters: which one is best does not depend on the ids, and to
    find that out PostgreSQL would plan the first executions one by one.
    """
    cache = env.cr.cache
    if _CACHE not in cache:
        [(names, _mode)] = env.execute_query(
            SQL(
                """SELECT array_agg(name), set_config('plan_cache_mode', 'force_generic_plan', true)
                     FROM pg_prepared_statements WHERE starts_with(name, %s)""",
                PREFIX,
            )
        )
        cache[_CACHE] = set(names or ())
    found: set[str] = cache[_CACHE]
    return found


def _prepare(env: Any, name: str, code: str) -> bool:
    """Prepare a query; return whether PostgreSQL could tell the types of its parameters."""
    numbers = count(1)
    text = _PLACE.sub(lambda place: "%" if place[0] == "%%" else f"${next(numbers)}", code)
    try:
        with env.cr.savepoint(flush=False):
            statement = SQL("PREPARE %s AS %s", SQL.identifier(name), catalogued(text))
            env.cr.execute(statement, log_exceptions=False)
    except (psycopg2.ProgrammingError, psycopg2.NotSupportedError):
        return False
    return True
