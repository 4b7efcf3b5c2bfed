"""What PostgreSQL's catalogue and the registry tell of tables: columns, references, unique indexes, models."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from odoo.tools import SQL


@dataclass(frozen=True)
class Unique:
    """A unique index: its key expressions and its predicate, as the catalogue writes them."""

    expressions: tuple[str, ...]
    predicate: str | None = None


def catalogued(text: str) -> SQL:
    """Return SQL from the catalogue's own text."""
    return SQL(text.replace("%", "%%"))  # pylint: disable=sql-injection


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


@dataclass(frozen=True)
class Child:
    """A foreign key to a table whose rows a merge may have to remove, and what follows from that.

    :param on_delete: ``c`` for cascade, ``n`` for set null
    """

    table: str
    column: str
    on_delete: str
    has_id: bool
    children: tuple[Child, ...] = ()


class Catalogue:
    """All tables of one database, read when asked for. Costs some tens of milliseconds: keep what it tells.

    :param env: any environment
    """

    def __init__(self, env: Any):
        self.env = env

    @cached_property
    def columns(self) -> dict[str, dict[str, str]]:
        """``{table: {column: type name}}`` of the ordinary tables."""
        rows = self.env.execute_query(
            SQL(
                """SELECT c.relname, a.attname, format_type(a.atttypid, NULL)
                     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
                    WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema::regnamespace
                      AND a.attnum > 0 AND NOT a.attisdropped
                 ORDER BY c.relname, a.attnum"""
            )
        )
        columns: dict[str, dict[str, str]] = {}
        for table, column, typename in rows:
            columns.setdefault(table, {})[column] = typename
        return columns

    @cached_property
    def references(self) -> dict[str, list[tuple[str, str, str]]]:
        """``{referenced table: [(table, column, on delete)]}`` for single-column keys on ``id``."""
        rows = self.env.execute_query(
            SQL(
                """SELECT parent.relname, child.relname, a.attname, con.confdeltype::text
                     FROM pg_constraint con
                     JOIN pg_class child ON child.oid = con.conrelid
                     JOIN pg_class parent ON parent.oid = con.confrelid
                     JOIN pg_attribute a ON a.attrelid = con.conrelid AND a.attnum = con.conkey[1]
                    WHERE con.contype = 'f' AND cardinality(con.conkey) = 1
                      AND child.relnamespace = current_schema::regnamespace
                 ORDER BY 1, 2, 3"""
            )
        )
        references: dict[str, list[tuple[str, str, str]]] = {}
        for parent, table, column, on_delete in rows:
            references.setdefault(parent, []).append((table, column, on_delete))
        return references

    @cached_property
    def unique_indexes(self) -> dict[str, list[tuple[set[str], Unique]]]:
        """``{table: [(columns used, Unique)]}``, primary keys on ``id`` left out."""
        rows = self.env.execute_query(
            SQL(
                """SELECT c.relname,
                          ARRAY(SELECT a.attname::text FROM pg_depend d
                                  JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = d.refobjsubid
                                 WHERE d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid
                                   AND d.refobjid = i.indrelid AND d.refobjsubid > 0)
                       || ARRAY(SELECT a.attname::text FROM pg_attribute a
                                 WHERE a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)),
                          ARRAY(SELECT pg_get_indexdef(i.indexrelid, k, TRUE)
                                  FROM generate_series(1, i.indnkeyatts) k),
                          pg_get_expr(i.indpred, i.indrelid)
                     FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
                    WHERE i.indisunique AND c.relnamespace = current_schema::regnamespace"""
            )
        )
        indexes: dict[str, list[tuple[set[str], Unique]]] = {}
        for table, columns, expressions, predicate in rows:
            if expressions != ["id"]:
                indexes.setdefault(table, []).append((set(columns), Unique(tuple(expressions), predicate)))
        return indexes

    @cached_property
    def models_by_table(self) -> dict[str, str]:
        """``{table: model name}``, the first model of the registry on each table."""
        models: dict[str, str] = {}
        for name, model in self.env.registry.items():
            if not model._abstract and model._auto:
                models.setdefault(model._table, name)
        return models

    @cached_property
    def _fields_by_type(self) -> dict[str, list[tuple[str, Any]]]:
        fields: dict[str, list[tuple[str, Any]]] = {}
        for model in self.env.registry.values():
            columns = self.columns.get(model._table)
            if model._abstract or not columns:
                continue
            for field in model._fields.values():
                if field.name in columns:
                    fields.setdefault(field.type, []).append((model._table, field))
        return fields

    def fields(self, field_type: str) -> list[tuple[str, Any]]:
        """Return ``(table, field)`` of every field of this type that has a column."""
        return self._fields_by_type.get(field_type, [])

    def uniques(self, table: str, column: str) -> tuple[Unique, ...]:
        """Return the unique indexes that ``column`` is part of."""
        return tuple(unique for columns, unique in self.unique_indexes.get(table, ()) if column in columns)

    def recomputed(self, table: str, column: str) -> tuple[str, ...]:
        """Return the columns of ``table`` that the ORM recomputes in a row when ``column`` changes in it, and the
        stamps of the write that does so."""
        model = self.models_by_table.get(table)
        field = self.env[model]._fields.get(column) if model else None
        if field is None or "id" not in self.columns[table] or self.env[model]._transient:
            return ()
        names = [
            dependent.name
            for dependent in self.env.registry.get_dependent_fields(field)
            if dependent.model_name == model
            and dependent.store
            and dependent.compute
            and dependent.name in self.columns[table]
        ]
        stamps = [name for name in ("write_uid", "write_date") if name in self.columns[table]]
        return (*names, *stamps) if names else ()

    def children(self, table: str, seen: tuple[str, ...] = ()) -> tuple[Child, ...]:
        """Return what follows from removing rows of ``table``, down to the last table."""
        return tuple(
            Child(
                child,
                column,
                on_delete,
                "id" in self.columns[child],
                self.children(child, (*seen, table)) if on_delete == "c" else (),
            )
            for child, column, on_delete in self.references.get(table, ())
            if on_delete in ("c", "n") and child not in (*seen, table)
        )


class Tables:
    """Some tables as they are today, to put rows back into.

    :param env: any environment
    :param names: the tables

    ``refills`` holds what whole rows were put back, see :class:`~.fitting.Refill`.
    """

    def __init__(self, env: Any, names: Iterable[str]):
        self.env = env
        self.names = list(names)
        self.refills: list[Any] = []

    @cached_property
    def columns(self) -> dict[str, dict[str, Column]]:
        """``{table: {name: column}}``; what the database computes by itself is left out."""
        rows = self.env.execute_query(
            SQL(
                """SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
                          pg_get_expr(d.adbin, d.adrelid)
                     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
                LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
                    WHERE c.relname = ANY(%s) AND c.relnamespace = current_schema::regnamespace
                      AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
                      AND a.attgenerated = ''""",
                self.names,
            )
        )
        columns: dict[str, dict[str, Column]] = {}
        for table, name, *details in rows:
            columns.setdefault(table, {})[name] = Column(*details)
        return columns

    @cached_property
    def types(self) -> dict[str, dict[str, str]]:
        """``{table: {column: type}}``."""
        return {
            table: {name: column.type for name, column in columns.items()}
            for table, columns in self.columns.items()
        }

    @cached_property
    def parents(self) -> dict[str, dict[str, tuple[str, str]]]:
        """``{table: {column: (referenced table, on delete)}}`` for the foreign keys of the tables."""
        rows = self.env.execute_query(
            SQL(
                """SELECT c.relname, a.attname, p.relname, con.confdeltype::text
                     FROM pg_class c
                     JOIN pg_constraint con ON con.conrelid = c.oid AND con.contype = 'f'
                     JOIN pg_class p ON p.oid = con.confrelid
                     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = con.conkey[1]
                    WHERE c.relname = ANY(%s) AND c.relnamespace = current_schema::regnamespace
                      AND cardinality(con.conkey) = 1""",
                self.names,
            )
        )
        parents: dict[str, dict[str, tuple[str, str]]] = {}
        for table, column, parent, on_delete in rows:
            parents.setdefault(table, {})[column] = (parent, on_delete)
        return parents

    def parent(self, table: str, column: str) -> str | None:
        """Return the table to which a foreign key refers."""
        return self.parents.get(table, {}).get(column, (None, ""))[0]

    @cached_property
    def _models(self) -> dict[str, str]:
        return Catalogue(self.env).models_by_table

    def model(self, table: str) -> str | None:
        """Return the name of a table's model, if it has one."""
        return self._models.get(table)

    def field(self, table: str, column: str) -> Any:
        """Return the stored field of a column, if there is one."""
        name = self.model(table)
        field = self.env[name]._fields.get(column) if name else None
        return field if field is not None and field.store else None
