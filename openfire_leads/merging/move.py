"""Moves whatever points to the merged leads: which links have rows, how many, and the move itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg2
from psycopg2.errors import OperationalError

from odoo.tools import SQL

from .batch import Batch
from .errors import LinkError, RefusedError
from .links import Link, TextLink
from .planned import execute_planned
from .refusals import find_refusals
from .tables import inhabited, written_sql

# between two links in the journal: one link may have several entries
STEP = 100
# from so many merged leads on it pays to leave out the tables that have no rows
MANY = 3
# from so many links on a query takes longer to be planned than to be answered
WIDE = 16


@dataclass(frozen=True)
class Moved:
    """What a move did.

    :param touched: the links that had rows: moved, removed or looked at
    :param moved: those of them that moved some
    """

    touched: tuple[Link, ...]
    moved: tuple[Link, ...]


def touched(env: Any, batch: Batch, links: Sequence[Link]) -> tuple[Link, ...]:
    """Return the links which have rows on the merged leads, prepared for these merges: one query for all tables.

    Where many are merged, tables without any rows (of windows, of modules that nobody uses) are told by another one,
    which costs less.
    """
    if len(batch.old_ids) >= MANY:
        tables = inhabited(env, {link.table for link in links})
        links = [link for link in links if link.table in tables]
    prepared = [link.prepared(env, batch) for link in links]
    probes = [SQL("SELECT %s::int WHERE %s", place, link.probe(batch)) for place, link in enumerate(prepared)]
    query = SQL(" UNION ALL ").join(probes)
    rows = execute_planned(env, query, worth=len(probes) >= WIDE) if probes else ()
    return tuple(prepared[place].looked_into(env, batch) for (place,) in sorted(rows))


def left_behind(env: Any, batch: Batch, links: Sequence[Link]) -> set[int]:
    """Return the merged leads to which rows point that no foreign key keeps from it: one query for all tables, and one
    more for each that has something of which the query alone cannot tell whether it is about a lead."""
    queries = [
        SQL(
            "SELECT %s::int, array_agg(DISTINCT x.lead::int) FROM (%s) x(lead) HAVING count(*) > 0",
            place,
            query,
        )
        for place, link in enumerate(links)
        if (query := link.behind(batch)) is not None
    ]
    found = execute_planned(env, SQL(" UNION ALL ").join(queries)) if queries else ()
    return {lead_id for place, ids in found for lead_id in links[place].really_behind(env, batch, set(ids))}


def count_writes(env: Any, links: Sequence[Link]) -> dict[str, int | None]:
    """Return how many rows this transaction has written so far of each table with links: see :func:`came_since`."""
    return dict(execute_planned(env, written_sql({link.table for link in links})))


def came_since(
    env: Any, batch: Batch, links: Sequence[Link], counts: Mapping[str, int | None]
) -> tuple[Link, ...]:
    """Return the links that have rows on the merged leads, of the tables that this transaction has written to since
    :func:`count_writes` returned ``counts``; what others wrote it does not see.

    One query where nothing was written but the survivor: its own table is looked into with the counts.
    """
    own = {place: link for place, link in enumerate(links) if link.table == link.target.table}
    probes = [
        SQL("SELECT NULL, %s::int WHERE %s", place, link.prepared(env, batch).probe(batch))
        for place, link in own.items()
    ]
    rows = execute_planned(
        env, SQL(" UNION ALL ").join([written_sql({link.table for link in links}), *probes])
    )
    found = [own[place] for table, place in rows if table is None]
    own_tables = {link.table for link in own.values()}
    changed = {
        table
        for table, count in rows
        if table and table not in own_tables and (count is None or count != counts.get(table))
    }
    if changed:
        found += touched(env, batch, [link for link in links if link.table in changed])
    places = {(link.table, link.column) for link in found}
    return tuple(link for link in links if (link.table, link.column) in places)


def sequence_before(env: Any, batch: Batch, links: Sequence[Link]) -> int:
    """Return the sequence from which on to journal what is moved later on: taken back when all the rest is.

    What was removed for want of a place comes back when the row that had it has gone back.
    """
    [(lowest,)] = env.execute_query(
        SQL(
            "SELECT COALESCE(min(sequence), 0) FROM crm_lead_merge_link WHERE merge_id = ANY(%s)",
            list(batch.merge_ids),
        )
    )
    return int(min(lowest, 0)) - STEP * (len(links) + 1)


def move_links(env: Any, batch: Batch, links: Sequence[Link], sequence: int = 0) -> Moved:
    """Move the rows of all links, one statement per table for all merges, and journal each row.

    :param sequence: where these are in the order of what the merge did
    :raises RefusedError: there are rows that cannot be moved
    :raises LinkError: the database does not let go of one of them
    :raises OperationalError: somebody else changed the same rows; to be tried again
    """
    found = touched(env, batch, links)
    refused = find_refusals(env, batch, found)
    if refused:
        raise RefusedError(refused)
    moved = []
    for place, link in enumerate(found, 1):
        try:
            # a list, not a generator: all statements are to be executed
            actions = [
                row[0]
                for query in link.moves(batch, sequence + STEP * place)
                for row in execute_planned(env, query, worth=len(batch.old_ids) < MANY)
            ]
        except OperationalError:
            raise
        except psycopg2.Error as error:
            raise LinkError(error, link.table, link.column, link.model) from error
        if "moved" in actions:
            moved.append(link)
    return Moved(found, tuple(moved))


def doubtful_texts(found: Sequence[Link]) -> dict[Link, list[int]]:
    """Return the merged leads that texts name, for all that can be told, which cannot be changed safely: of each
    link one per text.

    :param found: links that were :func:`touched`
    """
    return {link: list(link.doubtful) for link in found if isinstance(link, TextLink) and link.doubtful}


def count_records(env: Any, batch: Batch, links: Sequence[Link]) -> dict[str, dict[int, int]]:
    """Return how many records would move: ``{model, or table without one: {merged lead's id: how many}}``.

    A record that points to leads twice counts once. Windows in use are left out.
    """
    leads: dict[str, dict[int, int]] = {}
    for link in touched(env, batch, links):
        query = link.records(batch)
        if query is None or (link.model in env and env[link.model]._transient):
            continue
        for record_id, lead_id in env.execute_query(query):
            leads.setdefault(link.model or link.table, {}).setdefault(record_id, lead_id)
    counts: dict[str, dict[int, int]] = {}
    for name, by_record in leads.items():
        by_lead = counts.setdefault(name, {})
        for lead_id in by_record.values():
            by_lead[lead_id] = by_lead.get(lead_id, 0) + 1
    return counts
