"""Keeps in the journal what merges moved to a survivor, before that is deleted: their undo brings it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from odoo.tools import SQL

from .catalogue import Catalogue, Child, identifier, relation
from .fitting import journaled
from .journal import LAST, Line, journaling
from .links import KINDS, FileLink, Kept, RowLink
from .links.clashes import children_of
from .links.rowkey import RowKey
from .move import STEP
from .tables import Structure, Tables

# whose rows others refer to: they come back first
_FIRST = "mail_message"


@dataclass(frozen=True)
class _Place:
    """Where merges moved rows to: a column of a table."""

    kind: str
    table: str
    column: str
    key: RowKey
    model: str | None

    def entry(self, merge_ids: Sequence[int]) -> SQL:
        """The CTE ``r(e, _merge)`` of the rows that were moved, as they are journaled."""
        return SQL(
            """r AS MATERIALIZED (
                SELECT x.e, k.merge_id AS _merge FROM crm_lead_merge_link k, jsonb_array_elements(k.rows) x(e)
                 WHERE k.merge_id = ANY(%s) AND k.action = 'moved' AND k.kind = %s
                   AND k.table_name = %s AND k.column_name = %s)""",
            list(merge_ids),
            self.kind,
            self.table,
            self.column,
        )


def keep_rows(env: Any, merge_ids: Sequence[int]) -> tuple[str, ...]:
    """Journal the rows which these merges moved to their survivors and which are there still, as whole rows of the
    leads that they came from; one statement per table. Files become the journal's own, with their content.

    :param merge_ids: merges whose survivors will be deleted in this transaction
    :returns: the tables of rows that may be there still when they are, see :func:`keep_emptied`
    """
    places = _places(env, merge_ids)
    if not places:
        return ()
    tables = Tables(env, Structure.of(env, {place.table for place in places}))
    catalogue = Catalogue(env)
    for number, place in enumerate(places, 1):
        if not {*place.key.columns, place.column} <= tables.types.get(place.table, {}).keys():
            continue  # of a module that is uninstalled
        sequence = LAST + STEP * number
        if KINDS[place.kind] is FileLink:
            query = _files(place, merge_ids, sequence)
        else:
            query = _rows(place, merge_ids, sequence, tables, catalogue.children(place.table))
        env.cr.execute(query)
    return tuple(
        {place.table: None for place in places if place.key.is_id and KINDS[place.kind] is not FileLink}
    )


def keep_emptied(env: Any, merge_ids: Sequence[int], tables: Sequence[str]) -> None:
    """Journal which columns were emptied, in rows that :func:`keep_rows` has kept, when the survivors were deleted: the
    link to the lead, another link of the same row, the model beside it. They are filled again with the undo, where they
    are empty still. For Odoo the id of no record beside no model is 0.

    :param tables: those in which to look
    """
    for table in tables:
        env.cr.execute(
            SQL(
                """INSERT INTO crm_lead_merge_link (merge_id, sequence, kind, action, table_name, column_name,
                                                    key_columns, model_name, row_count, rows)
                   SELECT k.merge_id, k.sequence - 1, k.kind, 'moved', k.table_name, c.key, k.key_columns, k.model_name,
                          count(*), jsonb_agg(jsonb_build_array(x.e -> 'id', c.value, n.e -> c.key))
                     FROM crm_lead_merge_link k
                    CROSS JOIN LATERAL jsonb_array_elements(k.rows) x(e)
                     JOIN %s t ON t.id = (x.e ->> 'id')::bigint
                    CROSS JOIN LATERAL (SELECT to_jsonb(t) AS e) n
                    CROSS JOIN LATERAL jsonb_each(x.e) c
                    WHERE k.merge_id = ANY(%s) AND k.kind = %s AND k.action = 'removed' AND k.table_name = %s
                      AND c.value <> 'null'
                      AND (n.e -> c.key = 'null' OR n.e -> c.key = '0' AND c.value IN (
                               SELECT to_jsonb(l.lead_res_id) FROM crm_lead_merge_line l WHERE l.merge_id = k.merge_id))
                 GROUP BY k.id, c.key""",
                relation(table),
                list(merge_ids),
                Kept.kind,
                table,
            )
        )


def _places(env: Any, merge_ids: Sequence[int]) -> list[_Place]:
    """Return where these merges moved rows, in the order in which these are to be kept."""
    rows = env.execute_query(
        SQL(
            """SELECT DISTINCT kind, table_name, column_name, key_columns, model_name FROM crm_lead_merge_link
                WHERE merge_id = ANY(%s) AND action = 'moved' AND column_name IS NOT NULL
                  AND table_name != 'crm_lead'""",
            list(merge_ids),
        )
    )
    found = [
        _Place(kind, table, column, RowKey(tuple(key), column), model)
        for kind, table, column, key, model in rows
    ]
    found = [place for place in found if issubclass(KINDS[place.kind], RowLink)]
    return sorted(found, key=lambda place: (place.table == _FIRST, place.table, place.column))


def _rows(
    place: _Place, merge_ids: Sequence[int], sequence: int, tables: Tables, children: tuple[Child, ...]
) -> SQL:
    key = place.key
    column = identifier("t", place.column)
    # of rows that are the same in all columns, as many as were moved
    lost = SQL(
        """wanted AS MATERIALIZED (
            SELECT r.*, row_number() OVER (PARTITION BY r.e->0, r.e->2 ORDER BY r._merge) AS n FROM r),
        present AS MATERIALIZED (
            SELECT %(place)s, %(key)s AS _key, to_jsonb(t) AS _row, to_jsonb(%(column)s) AS _lead,
                   row_number() OVER (PARTITION BY %(key)s, to_jsonb(%(column)s)) AS n
              FROM %(table)s t WHERE %(column)s IN (SELECT %(after)s FROM r)),
        lost AS MATERIALIZED (
            SELECT %(places)s, w._merge, p._row || jsonb_build_object(%(name)s, w.e->1) AS _row
              FROM present p JOIN wanted w ON w.e->0 = p._key AND w.e->2 = p._lead AND w.n = p.n)""",
        place=key.place(),
        key=key.as_json(),
        column=column,
        table=relation(place.table),
        after=journaled(tables, place.table, place.column, 2),
        places=SQL(", ").join(identifier("p", name) for name in key.place_names),
        name=place.column,
    )
    ctes = [place.entry(merge_ids), lost]
    line = Line(
        "lost",
        Kept.kind,
        "removed",
        place.table,
        place.column,
        SQL("_row"),
        sequence,
        key.columns,
        place.model,
    )
    lines = children_of(place, children, "lost", sequence - 1, ctes, kind=Kept.kind, removes=False)
    return journaling(ctes, [line, *lines])


def _files(place: _Place, merge_ids: Sequence[int], sequence: int) -> SQL:
    """Give the files to the journal's record; the undo gives them to the survivor's id, and so on from there."""
    found = SQL(
        """found AS (
            SELECT t.id AS _key, t.res_id AS _old, t.res_field, t.res_model, r._merge
              FROM ir_attachment t JOIN r ON t.id = (r.e->>0)::int AND t.res_id = (r.e->>2)::int
             WHERE t.res_model = 'crm.lead')"""
    )
    moved = SQL(
        """moved AS (
            UPDATE ir_attachment t SET res_model = 'crm.lead.merge', res_id = f._merge, res_field = NULL
              FROM found f WHERE t.id = f._key RETURNING f.*)"""
    )
    rows = SQL(
        """jsonb_build_array(_key, _old, _merge,
               jsonb_build_object('res_model', res_model, 'res_field', res_field),
               jsonb_build_object('res_model', 'crm.lead.merge', 'res_field', NULL))"""
    )
    line = Line("moved", place.kind, "moved", place.table, place.column, rows, sequence, model=place.model)
    return journaling([place.entry(merge_ids), found, moved], [line])
