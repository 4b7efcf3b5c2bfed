"""What links have in common that are inside JSON: values which are rewritten, not rows which move."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any

from odoo.tools import SQL

from ..batch import Batch
from ..catalogue import identifier
from ..journal import Entry, Line, journaling
from ..tables import Tables
from .base import Link, Target


def mapped(target: Target, value: SQL) -> SQL:
    """Return a JSON value with the survivors in place of the merged leads: an id, a reference, or a list of ids."""
    return SQL(
        """CASE jsonb_typeof(%(value)s) WHEN 'array' THEN COALESCE((
               SELECT jsonb_agg(y.value ORDER BY y.position)
                 FROM (SELECT COALESCE(to_jsonb(m.new_id), x.value) AS value, min(x.position) AS position
                         FROM jsonb_array_elements(%(value)s) WITH ORDINALITY x(value, position)
                         LEFT JOIN map m ON to_jsonb(m.old_id) = x.value
                     GROUP BY 1) y), '[]')
           ELSE COALESCE(
               (SELECT to_jsonb(m.new_id) FROM map m WHERE to_jsonb(m.old_id) = %(value)s),
               (SELECT to_jsonb(%(new)s) FROM map m WHERE to_jsonb(%(old)s) = %(value)s),
               %(value)s) END""",
        value=value,
        new=target.reference(SQL("m.new_id")),
        old=target.reference(SQL("m.old_id")),
    )


def first_merge(condition: SQL) -> SQL:
    """Return a FROM item ``h``: the first of the merges whose merged lead ``m`` meets the condition, as ``_merge``."""
    return SQL(
        "JOIN LATERAL (SELECT min(m.merge_id) AS _merge FROM map m WHERE %s) h ON h._merge IS NOT NULL",
        condition,
    )


def path_filter(ids: Any) -> str:
    """Return the condition of a JSON path that the value is one of these numbers.

    Halved again and again: PostgreSQL reads a path by recursion, and thousands in one chain exceed its stack.
    """
    conditions = [f"@ == {int(lead_id)}" for lead_id in ids]
    while len(conditions) > 2:
        pairs = zip(conditions[::2], conditions[1::2], strict=False)
        odd = conditions[-1:] if len(conditions) % 2 else []
        conditions = [f"({one} || {other})" for one, other in pairs] + odd
    return " || ".join(conditions)


@dataclass(frozen=True)
class JsonLink(Link):
    """A JSON column whose value names leads, among others. Its rows stay where they are, with another value."""

    def _found_in(self, column: SQL, path: str, condition: SQL) -> SQL:
        """Return the query of the ids that the values at a JSON path of a column name, or end with.

        :param condition: of the rows ``t``
        """
        return SQL(
            """SELECT substring(x #>> '{}' FROM '\\d+$')::int FROM %s t, jsonb_path_query(%s, %s::jsonpath) x
                WHERE %s""",
            self.relation,
            column,
            path,
            condition,
        )

    def _line(self, sequence: int) -> Line:
        rows = SQL("jsonb_build_array(_key, _old, _new)")
        return Line("moved", self.kind, "moved", self.table, self.column, rows, sequence, model=self.model)

    @classmethod
    def restore(cls, env: Any, entry: Entry, tables: Tables, *, survivor_gone: bool) -> int:
        """Give single keys of objects their former values, and lists as a whole."""
        assert entry.column
        if tables.types[entry.table][entry.column] != "jsonb":
            return 0
        rows = env.execute_query(
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
                table=entry.relation,
                column=identifier(entry.column),
                rows=entry.rows,
                same=SQL("t.id = (r.e->>0)::bigint"),
            )
        )
        return sum(bool(row[0]) for row in rows)


@dataclass(frozen=True)
class WholeValueLink(JsonLink):
    """A JSON column that is rewritten as a whole."""

    @abstractmethod
    def changed(self, batch: Batch) -> SQL:
        """Return the query of the rows to rewrite: ``_key``, ``_old``, ``_new``, ``_merge``."""

    def moves(self, batch: Batch, sequence: int) -> tuple[SQL, ...]:
        moved = SQL(
            "moved AS (UPDATE %s t SET %s = f._new FROM found f WHERE t.id = f._key RETURNING f.*)",
            self.relation,
            identifier(self.column),
        )
        found = SQL("found AS (%s)", self.changed(batch))
        return (journaling([batch.map, found, moved], [self._line(sequence)]),)


@dataclass(frozen=True)
class KeyedValueLink(JsonLink):
    """A column with a JSON object of which single keys are rewritten.

    Each merge journals its own keys only, so that merges which touch one row can be undone one by one.
    """

    @abstractmethod
    def changed(self, batch: Batch) -> SQL:
        """Return the query of the keys to rewrite: ``_key`` of the row, ``_name`` of the key in its object,
        ``_old``, ``_new``, ``_merge``."""

    def moves(self, batch: Batch, sequence: int) -> tuple[SQL, ...]:
        column = identifier(self.column)
        rewritten = SQL(
            """rewritten AS (
                UPDATE %s t SET %s = t.%s || c._new
                  FROM (SELECT _key, jsonb_object_agg(_name, _new) AS _new FROM changed GROUP BY 1) c
                 WHERE t.id = c._key)""",
            self.relation,
            column,
            column,
        )
        moved = SQL(
            """moved AS (
                SELECT _key, _merge, jsonb_object_agg(_name, _old) AS _old, jsonb_object_agg(_name, _new) AS _new
                  FROM changed GROUP BY 1, 2)"""
        )
        changed = SQL("changed AS MATERIALIZED (%s)", self.changed(batch))
        return (journaling([batch.map, changed, rewritten, moved], [self._line(sequence)]),)
