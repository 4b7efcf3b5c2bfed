"""The journal of merges, in SQL: opened, added to, closed, and read again. Column values never leave the database.

A merge is a row of ``crm_lead_merge``; each of its leads is a row of ``crm_lead_merge_line``, with the values
before; the rows of one table that it moved, removed or created are an :class:`Entry`, a row of
``crm_lead_merge_link``. Its ``rows`` are, by what was done:

- ``moved``: ``[key, old value, new value]``, and where other columns changed along
  ``[key, old value, new value, {column: value before}, {column: value after}]``
- ``removed``: the whole row
- ``created``: the id, or ``[id, digest of the row, {table: rows that refer to it}]`` where it matters whether
  somebody changed it since; in a table without ids, the whole row
- ``delta``: ``[id, {column: what was added}, whether the row was made by it]``
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from odoo.tools import SQL

from .catalogue import relation
from .planned import execute_planned
from .run import Run

# of what Odoo did by itself, after all links
LAST = 100000


@dataclass(frozen=True)
class Entry:
    """What a merge did to the rows of one table.

    :param kind: what they are, a name in :data:`~.links.KINDS`
    :param action: ``moved``, ``removed``, ``created`` or ``delta``
    :param column: the column that points to a lead
    :param key: the columns that tell a row from the others
    :param count: how many rows
    :param along: other columns of the rows that changed along, or the counters
    """

    id: int
    kind: str
    action: str
    table: str
    column: str | None
    key: tuple[str, ...]
    model: str | None
    count: int
    along: tuple[str, ...] = ()

    @property
    def relation(self) -> SQL:
        """The table, as SQL names it."""
        return relation(self.table)

    @property
    def rows(self) -> SQL:
        """A FROM item ``r`` with one journaled row each, in JSON, as ``r.e``."""
        return SQL(
            "(SELECT x.e FROM crm_lead_merge_link k, jsonb_array_elements(k.rows) x(e) WHERE k.id = %s) r",
            self.id,
        )


def entries(env: Any, merge_id: int) -> tuple[Entry, ...]:
    """Return what a merge did, the last first."""
    rows = env.execute_query(
        SQL(
            """SELECT id, kind, action, table_name, column_name, key_columns, model_name, row_count,
                      ARRAY(SELECT jsonb_object_keys(
                          CASE WHEN action = 'moved' AND jsonb_typeof(rows->0->3) = 'object' THEN rows->0->3
                               WHEN action = 'delta' THEN rows->0->1 ELSE '{}' END))
                 FROM crm_lead_merge_link WHERE merge_id = %s ORDER BY sequence DESC, id DESC""",
            merge_id,
        )
    )
    return tuple(
        Entry(entry_id, kind, action, table, column, tuple(key), model, count, tuple(along))
        for entry_id, kind, action, table, column, key, model, count, along in rows
    )


def record_ids(env: Any, entry: Entry) -> list[int]:
    """Return the ids of the rows of an entry, of a table that has ids."""
    rows = env.execute_query(
        SQL(
            "SELECT CASE jsonb_typeof(r.e) WHEN 'array' THEN (r.e->>0)::bigint ELSE (r.e->>'id')::bigint END FROM %s",
            entry.rows,
        )
    )
    return [row[0] for row in rows]


def moved_ids(env: Any, merge_ids: Sequence[int | None], table: str, column: str) -> list[int]:
    """Return the ids of the rows of ``table`` which these merges moved by ``column``."""
    rows = env.execute_query(
        SQL(
            """SELECT DISTINCT (e->>0)::bigint
                 FROM crm_lead_merge_link l, jsonb_array_elements(l.rows) e
                WHERE l.merge_id = ANY(%s) AND l.table_name = %s AND l.column_name = %s
                  AND l.action = 'moved'""",
            list(merge_ids),
            table,
            column,
        )
    )
    return [row[0] for row in rows]


def note_recomputed(
    env: Any, merge_ids: Sequence[int | None], table: str, column: str, names: Sequence[str]
) -> None:
    """Keep what the ORM made of these columns of the rows of ``table`` that these merges moved by ``column``."""
    now = SQL(", ").join(SQL("%s, %s", name, SQL.identifier("t", name)) for name in names)
    env.cr.execute(
        SQL(
            """UPDATE crm_lead_merge_link k
                  SET rows = (SELECT jsonb_agg(CASE WHEN t.id IS NULL THEN x.e ELSE jsonb_set(
                                         x.e, '{4}', x.e->4 || jsonb_build_object(%s)) END ORDER BY x.place)
                                FROM jsonb_array_elements(k.rows) WITH ORDINALITY x(e, place)
                                LEFT JOIN %s t ON t.id = (x.e->>0)::int)
                WHERE k.merge_id = ANY(%s) AND k.table_name = %s AND k.column_name = %s AND k.action = 'moved'""",
            now,
            SQL.identifier(table),
            list(merge_ids),
            table,
            column,
        )
    )


def created_digests(env: Any, merge_id: int, table: str) -> dict[int, str]:
    """Return ``{id: digest}`` of the rows of ``table`` which a conversion created; see :func:`row_digests`."""
    return _created(env, merge_id, table, SQL("e->>1"))


def created_joined(env: Any, merge_id: int, table: str) -> dict[int, dict[str, int]]:
    """Return ``{id: {table: how many rows}}`` that referred to the rows of ``table`` when a conversion created them."""
    return _created(env, merge_id, table, SQL("COALESCE(e->2, '{}')"))


def _created(env: Any, merge_id: int, table: str, value: SQL) -> dict[int, Any]:
    """Return ``{id: value}`` over what is journaled (``e``) of the rows of ``table`` which a conversion created."""
    rows = env.execute_query(
        SQL(
            """SELECT (e->>0)::int, %s FROM crm_lead_merge_link k, jsonb_array_elements(k.rows) e
                WHERE k.merge_id = %s AND k.action = 'created' AND k.table_name = %s""",
            value,
            merge_id,
            table,
        )
    )
    return dict(rows)


def changed_columns(env: Any, merge_id: int) -> set[str]:
    """Return the columns in which a merge or conversion left its survivor with another value."""
    rows = env.execute_query(
        SQL(
            """SELECT b.key FROM crm_lead_merge_line line CROSS JOIN LATERAL jsonb_each(line.values_before) b
                WHERE line.merge_id = %s AND line.sequence = 0
                  AND b.value IS DISTINCT FROM line.values_after -> b.key""",
            merge_id,
        )
    )
    return {row[0] for row in rows}


def row_digests(env: Any, table: str, ids: Sequence[int]) -> dict[int, str]:
    """Return ``{id: digest}`` of these rows as they are: it changes when any value but the last write's stamps does."""
    rows = env.execute_query(
        SQL(
            "SELECT t.id, md5((to_jsonb(t) - 'write_uid' - 'write_date')::text) FROM %s t WHERE t.id = ANY(%s)",
            SQL.identifier(table),
            list(ids),
        )
    )
    return dict(rows)


@dataclass(frozen=True)
class Line:
    """What one statement did to the rows of one table, to be journaled as one entry per merge.

    :param source: the statement's CTE of these rows, with their merge as ``_merge``
    :param rows: what is kept of each, as SQL over the CTE's columns
    :param sequence: entries are taken back from the highest down
    """

    source: str
    kind: str
    action: str
    table: str
    column: str
    rows: SQL
    sequence: int
    key: tuple[str, ...] = ("id",)
    model: str | None = None

    @property
    def select(self) -> SQL:
        return SQL(
            """SELECT _merge, %s::int, %s::varchar, %s::varchar, %s::varchar, %s::varchar, %s::jsonb, %s::varchar,
                      count(*), jsonb_agg(%s) FROM %s GROUP BY _merge""",
            self.sequence,
            self.kind,
            self.action,
            self.table,
            self.column,
            json.dumps(self.key),
            self.model,
            self.rows,
            SQL.identifier(self.source),
        )


def journaling(ctes: Sequence[SQL], lines: Sequence[Line]) -> SQL:
    """Return the statement of these CTEs that journals ``lines``; it returns the action of each entry."""
    return SQL(
        "WITH %s INSERT INTO crm_lead_merge_link (merge_id, sequence, kind, action, table_name, column_name,"
        " key_columns, model_name, row_count, rows) %s RETURNING action",
        SQL(", ").join(ctes),
        SQL(" UNION ALL ").join(line.select for line in lines),
    )


class Journal:
    """Writes the journal of merges that are made together.

    :param env: the environment of the user who merges
    :param runs: one per merge
    """

    # in the cache of the cursor: the journals that are open
    _OPEN = "openfire_leads_journals"

    def __init__(self, env: Any, runs: Sequence[Run]):
        self.env = env
        self.runs = runs

    def open(self) -> None:
        """Insert the merges and the leads as they are now; set ``merge_id`` on each run."""
        self._insert()
        self.env.cr.cache.setdefault(self._OPEN, []).append(self)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Open the journal; where the block fails, whoever goes on all the same finds it open no longer."""
        self.open()
        try:
            yield
        except BaseException:
            self._forget()
            raise

    @classmethod
    def being_made(cls, env: Any) -> list[tuple[Journal, Run]]:
        """Return the merges and conversions of this transaction that are not finished, each with its journal."""
        return [(journal, run) for journal in env.cr.cache.get(cls._OPEN, ()) for run in journal.runs]

    def _forget(self) -> list[Journal]:
        """Take this journal from those that are open; return the others."""
        others = [one for one in self.env.cr.cache.get(self._OPEN, ()) if one is not self]
        self.env.cr.cache[self._OPEN] = others
        return others

    def _insert(self) -> None:
        leads: list[int] = []
        owners: list[int] = []
        positions: list[int] = []
        for run in self.runs:
            leads += run.order
            owners += [run.survivor_id] * len(run.order)
            positions += range(len(run.order))
        rows = execute_planned(
            self.env,
            SQL(
                """
                WITH member AS MATERIALIZED (
                    SELECT * FROM unnest(%(leads)s::int[], %(owners)s::int[], %(positions)s::int[])
                               AS r(lead, owner, position)),
                merged AS (
                    SELECT r.owner, jsonb_agg(l.id ORDER BY r.position) AS ids
                      FROM member r JOIN crm_lead l ON l.id = r.lead
                     WHERE r.position > 0 GROUP BY r.owner),
                merge AS (
                    INSERT INTO crm_lead_merge (
                        kind, state, survivor_id, survivor_res_id,
                        merged_ids, lead_count, row_count, rule, user_id, date, last_frequency_id,
                        company_id, team_id, create_uid, create_date, write_uid, write_date)
                    SELECT %(kind)s, 'done', s.id, s.id, COALESCE(m.ids, '[]'),
                           COALESCE(jsonb_array_length(m.ids), 0) + 1, 0, %(rule)s, %(uid)s, %(now)s,
                           (SELECT CASE WHEN is_called THEN last_value ELSE 0 END
                              FROM crm_lead_scoring_frequency_id_seq),
                           s.company_id, s.team_id, %(uid)s, %(now)s, %(uid)s, %(now)s
                      FROM member r
                      JOIN crm_lead s ON s.id = r.lead
                      LEFT JOIN merged m ON m.owner = s.id
                     WHERE r.position = 0
                 RETURNING id, survivor_res_id)
                INSERT INTO crm_lead_merge_line (
                    merge_id, sequence, lead_res_id, lead_id, name, type, contact_name, partner_name, email_from,
                    email_normalized, phone, phone_sanitized, partner_id, create_date, values_before)
                SELECT merge.id, r.position, l.id, l.id, l.name, l.type, l.contact_name, l.partner_name,
                       l.email_from, l.email_normalized, l.phone, l.phone_sanitized, l.partner_id,
                       l.create_date, to_jsonb(l)
                  FROM member r
                  JOIN merge ON merge.survivor_res_id = r.owner
                  JOIN crm_lead l ON l.id = r.lead
             RETURNING merge_id, sequence, lead_res_id, (SELECT last_value FROM mail_followers_id_seq)""",
                leads=leads,
                owners=owners,
                positions=positions,
                kind=self.runs[0].kind,
                rule=self.runs[0].rule or None,
                uid=self.env.uid,
                now=self.env.cr.now(),
            ),
            worth=len(self.runs) == 1,
        )
        by_survivor: dict[int, Run] = {run.survivor_id: run for run in self.runs}
        for merge_id, sequence, lead_id, last_follower_id in rows:
            if sequence == 0:
                run = by_survivor[lead_id]
                run.merge_id, run.last_follower_id = merge_id, last_follower_id

    def add(self, kind: str, table: str, rows: Mapping[int, Sequence[Any]]) -> None:
        """Insert what Odoo did by itself: rows ``created``, or a ``delta`` of counters.

        :param rows: ``{merge id: rows}``
        """
        found = {merge_id: own for merge_id, own in rows.items() if own}
        if not found:
            return
        self.env.cr.execute(
            SQL(
                """INSERT INTO crm_lead_merge_link
                        (merge_id, sequence, kind, action, table_name, key_columns, row_count, rows)
                   SELECT own.merge, %s, %s, %s, %s, '["id"]', jsonb_array_length(own.rows), own.rows
                     FROM unnest(%s::int[], %s::jsonb[]) AS own(merge, rows)""",
                LAST,
                kind,
                kind,
                table,
                list(found),
                [json.dumps(own) for own in found.values()],
            )
        )

    def amend(self, run: Run, columns: Sequence[str]) -> None:
        """Have what the survivor got in these columns, after a merge was closed, belong to the merge."""
        self.env.cr.execute(
            SQL(
                """UPDATE crm_lead_merge_line line
                      SET values_after = line.values_after || now.values,
                          values_before = CASE WHEN line.merge_id = %(merge)s THEN line.values_before
                                               ELSE line.values_before || now.values END
                     FROM (SELECT jsonb_object_agg(v.key, v.value) AS values
                             FROM crm_lead l CROSS JOIN LATERAL jsonb_each(to_jsonb(l)) v
                            WHERE l.id = %(survivor)s AND v.key = ANY(%(columns)s)) now
                    WHERE line.merge_id >= %(merge)s AND line.lead_res_id = %(survivor)s AND line.sequence = 0""",
                merge=run.merge_id,
                survivor=run.survivor_id,
                columns=list(columns),
            )
        )
        self.env["crm.lead.merge.line"].invalidate_model(["values_before", "values_after"])

    def close(self) -> None:
        """Keep the survivors as the merge left them, who began to follow them, and how many rows it touched."""
        execute_planned(
            self.env,
            SQL(
                """
                WITH run AS MATERIALIZED (
                    SELECT * FROM unnest(%(merges)s::int[], %(survivors)s::int[], %(followers)s::bigint[])
                               AS r(merge, survivor, last_follower)),
                closed AS (
                    UPDATE crm_lead_merge_line line SET values_after = to_jsonb(l)
                      FROM run r JOIN crm_lead l ON l.id = r.survivor
                     WHERE line.merge_id = r.merge AND line.sequence = 0),
                followed AS (
                    INSERT INTO crm_lead_merge_link
                           (merge_id, sequence, kind, action, table_name, key_columns, row_count, rows)
                    SELECT r.merge, %(last)s, 'created', 'created', 'mail_followers', '["id"]', count(*),
                           jsonb_agg(f.id)
                      FROM run r
                      JOIN mail_followers f ON f.res_model = 'crm.lead' AND f.res_id = r.survivor
                       AND f.id > r.last_follower
                     WHERE NOT EXISTS (
                           SELECT FROM crm_lead_merge_link k, jsonb_array_elements(k.rows) x(e)
                            WHERE k.merge_id >= r.merge AND k.table_name = 'mail_followers' AND k.action = 'moved'
                              AND (x.e->>0)::int = f.id)
                  GROUP BY r.merge)
                UPDATE crm_lead_merge m SET row_count = t.rows
                  FROM (SELECT merge_id, sum(row_count) AS rows FROM crm_lead_merge_link
                         WHERE merge_id = ANY(%(merges)s) GROUP BY merge_id) t
                 WHERE m.id = t.merge_id""",
                last=LAST,
                merges=[run.merge_id for run in self.runs],
                survivors=[run.survivor_id for run in self.runs],
                followers=[run.last_follower_id for run in self.runs],
            ),
            worth=len(self.runs) == 1,
        )
        for run in self.runs:
            self._take_apart(run)
        self._leave()
        self.env["crm.lead.merge"].invalidate_model()

    def _leave(self) -> None:
        """Tell the journals within which this one was written, and that are open still."""
        by_survivor = {run.survivor_id: run for run in self.runs}
        for outer in (run for journal in self._forget() for run in journal.runs):
            inner = by_survivor.get(outer.survivor_id)
            if inner and inner.merge_id:
                outer.inner_ids.append(inner.merge_id)

    def _take_apart(self, run: Run) -> None:
        """Tell what a merge changed on its survivor from what others changed that were made within it.

        They are kept as if they had been made after it, one after the other: so they are undone first, and leave the
        survivor as this one left it without them.
        """
        for merge_id in sorted(run.inner_ids, reverse=True):
            self.env.cr.execute(
                SQL(
                    """WITH rebased AS (
                           SELECT i.id AS inner_id, o.id AS outer_id, o.values_after AS after,
                                  o.values_after || COALESCE((
                                      SELECT jsonb_object_agg(b.key, b.value) FROM jsonb_each(i.values_before) b
                                       WHERE b.value IS DISTINCT FROM i.values_after -> b.key), '{}') AS before
                             FROM crm_lead_merge_line i, crm_lead_merge_line o
                            WHERE i.merge_id = %s AND i.sequence = 0 AND o.merge_id = %s AND o.sequence = 0)
                       UPDATE crm_lead_merge_line line
                          SET values_before = CASE line.id WHEN inner_id THEN before ELSE line.values_before END,
                              values_after = CASE line.id WHEN inner_id THEN after ELSE before END
                         FROM rebased WHERE line.id IN (inner_id, outer_id)""",
                    merge_id,
                    run.merge_id,
                )
            )
