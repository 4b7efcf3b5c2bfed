"""Some tables as they are today: whether they may have rows, how they are made, and where rows are put back into."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from odoo.tools import SQL

from .catalogue import Catalogue, ForeignKey, foreign_keys, table_name
from .planned import execute_planned


@dataclass(frozen=True)
class Column:
    """A column as it is today.

    :param type: its type, with its length
    :param required: it is NOT NULL
    :param default: the database's own default, as the catalogue writes it
    """

    type: str
    required: bool = False
    default: str | None = None


def _among(names: Collection[str]) -> SQL:
    """Return the condition that a row ``c`` of ``pg_class`` is one of these tables."""
    # without their schemas: by these PostgreSQL has an index
    bare = [name.partition(".")[2] or name for name in names]
    return SQL("c.relname = ANY(%s) AND %s = ANY(%s)", bare, table_name("c"), list(names))


def inhabited(env: Any, names: Collection[str]) -> set[str]:
    """Return which of these tables may have rows: those that take up room. None of them is looked into."""
    rows = env.execute_query(
        SQL(
            """SELECT %s FROM pg_class c
                WHERE %s AND (c.relkind <> 'r' OR c.relhassubclass OR pg_relation_size(c.oid) IS DISTINCT FROM 0)""",
            table_name("c"),
            _among(names),
        )
    )
    return {row[0] for row in rows}


def written_sql(names: Collection[str]) -> SQL:
    """Return the query ``(table, how many rows of it this transaction has written so far)`` for these tables; null
    where that is not counted.

    It costs little, whatever is in the tables: PostgreSQL counts for its statistics.
    """
    return SQL(
        """SELECT %s, CASE WHEN c.relkind = 'r' AND NOT c.relhassubclass AND current_setting('track_counts')::bool
                           THEN pg_stat_get_xact_tuples_inserted(c.oid) + pg_stat_get_xact_tuples_updated(c.oid)
                      END
             FROM pg_class c WHERE %s""",
        table_name("c"),
        _among(names),
    )


@dataclass(frozen=True)
class Structure:
    """Some tables as they are made. It is of no environment, so that it can be kept: see :func:`made_at`.

    :param columns: ``{table: {name: column}}``; what the database computes by itself is left out
    :param keys: ``{table: its foreign keys}``
    :param models: ``{table: model name}`` of the tables that have one
    """

    columns: Mapping[str, Mapping[str, Column]]
    keys: Mapping[str, Sequence[ForeignKey]]
    models: Mapping[str, str]

    @classmethod
    def of(cls, env: Any, names: Collection[str]) -> Structure:
        """Read how these tables are made. Costs some milliseconds."""
        rows = env.execute_query(
            SQL(
                """SELECT %s, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
                          CASE WHEN a.atthasdef THEN (
                              SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef d
                               WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum) END
                     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
                    WHERE %s AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
                      AND a.attgenerated = ''""",
                table_name("c"),
                _among(names),
            )
        )
        columns: dict[str, dict[str, Column]] = {}
        for table, name, *details in rows:
            columns.setdefault(table, {})[name] = Column(*details)
        keys: dict[str, list[ForeignKey]] = {}
        for key in foreign_keys(env, _among(names)):
            keys.setdefault(key.table, []).append(key)
        models = Catalogue(env).models_by_table
        return cls(columns, keys, {name: models[name] for name in names if name in models})

    @cached_property
    def types(self) -> dict[str, dict[str, str]]:
        """``{table: {column: type}}``."""
        return {
            table: {name: column.type for name, column in columns.items()}
            for table, columns in self.columns.items()
        }

    @cached_property
    def parents(self) -> dict[tuple[str, str], str]:
        """``{(table, column): table whose ids the column holds by a foreign key}``."""
        return {
            (table, key.columns[0]): key.parent
            for table, keys in self.keys.items()
            for key in reversed(keys)
            if key.is_plain
        }


def made_at(env: Any, names: Collection[str]) -> tuple[tuple[Any, ...], ...]:
    """Return what changes whenever one of these tables is made otherwise, whoever does so: as long as it is the same,
    so is their :class:`Structure`.

    PostgreSQL writes a row of its catalogue anew when something of it changes: by another transaction, or at least in
    another place.
    """
    rows = execute_planned(
        env,
        SQL(
            """SELECT c.oid::bigint, concat_ws(' ', c.xmin, c.ctid),
                      (SELECT string_agg(concat_ws(' ', a.xmin, a.ctid, format_type(a.atttypid, NULL)),
                              ',' ORDER BY a.attnum)
                         FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0),
                      (SELECT string_agg(pg_get_expr(d.adbin, d.adrelid), ',' ORDER BY d.adnum)
                         FROM pg_attrdef d WHERE d.adrelid = c.oid),
                      (SELECT string_agg(concat_ws(' ', k.oid, k.xmin, k.ctid, p.xmin, p.ctid,
                                  p.relnamespace::regnamespace,
                                  -- the first column is the id, whose name is the same for ever
                                  CASE WHEN k.confkey <> '{1}' THEN (
                                      SELECT string_agg(a.attname, ' ') FROM pg_attribute a
                                       WHERE a.attrelid = k.confrelid AND a.attnum = ANY(k.confkey)) END),
                              ',' ORDER BY k.oid)
                         FROM pg_constraint k JOIN pg_class p ON p.oid = k.confrelid
                        WHERE k.conrelid = c.oid AND k.contype = 'f')
                 FROM pg_class c WHERE %s ORDER BY c.oid""",
            _among(names),
        ),
    )
    return tuple(rows)


class Tables:
    """Some tables as they are today, to put rows back into.

    :param env: any environment
    :param structure: how they are made

    ``refills`` holds what whole rows were put back, see :class:`~.fitting.Refill`.
    """

    def __init__(self, env: Any, structure: Structure):
        self.env = env
        self.columns = structure.columns
        self.types = structure.types
        self.keys = structure.keys
        self._structure = structure
        self.refills: list[Any] = []

    def parent(self, table: str, column: str) -> str | None:
        """Return the table whose ids a column holds by a foreign key."""
        return self._structure.parents.get((table, column))

    def model(self, table: str) -> str | None:
        """Return the name of a table's model, if it has one."""
        return self._structure.models.get(table)

    def field(self, table: str, column: str) -> Any:
        """Return the stored field of a column, if there is one."""
        name = self.model(table)
        field = self.env[name]._fields.get(column) if name else None
        return field if field is not None and field.store else None
