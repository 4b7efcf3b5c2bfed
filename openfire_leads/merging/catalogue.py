"""What PostgreSQL's catalogue and the registry tell of tables: columns, references, unique indexes, models."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from odoo.tools import SQL

# how many names are kept as SQL
NAMES = 4096
# how a table is called here: by its name, with its schema before it where that is another one than Odoo's
_NAME = """CASE WHEN {0}.relnamespace = current_schema::regnamespace AND strpos({0}.relname, '.') = 0
                THEN {0}.relname::text
                ELSE (SELECT n.nspname || '.' FROM pg_namespace n WHERE n.oid = {0}.relnamespace) || {0}.relname END"""


def table_name(alias: str) -> SQL:
    """Return the name of the table whose row of ``pg_class`` is ``alias``."""
    return catalogued(_NAME.format(alias))


def catalogued(text: str) -> SQL:
    """Return SQL from the catalogue's own text."""
    return SQL(text.replace("%", "%%"))  # pylint: disable=sql-injection


@lru_cache(NAMES)
def identifier(*names: str) -> SQL:
    """Return a name, or several with dots between them, as SQL quotes it.

    Tables that no module knows may have names that Odoo would not take.
    """
    return catalogued(".".join('"{}"'.format(name.replace('"', '""')) for name in names))


def relation(table: str) -> SQL:
    """Return a table, which may be one of another schema, as SQL names it."""
    schema, _dot, name = table.partition(".")
    return identifier(schema, name) if name else identifier(table)


@dataclass(frozen=True)
class Unique:
    """A unique index or an exclusion constraint, as the catalogue writes them.

    :param expressions: of its key
    :param predicate: the condition of the rows that it is for
    :param operators: of an exclusion constraint, one per expression: two rows clash for which all of them hold
    :param nulls_clash: nothing is the same as nothing (``NULLS NOT DISTINCT``)
    """

    expressions: tuple[str, ...]
    predicate: str | None = None
    operators: tuple[str, ...] = ()
    nulls_clash: bool = False


@dataclass(frozen=True)
class ForeignKey:
    """A foreign key.

    :param table: the table that has it
    :param columns: its columns
    :param parent: the table it refers to
    :param references: the columns there, side by side with ``columns``
    :param on_delete: what happens to its rows: ``a`` or ``r`` refused, ``c`` removed, ``n`` emptied, ``d`` given
        the default
    :param emptied: the columns that are emptied or given the default
    :param readable: Odoo may read and change the table
    """

    table: str
    columns: tuple[str, ...]
    parent: str
    references: tuple[str, ...]
    on_delete: str
    emptied: tuple[str, ...] = ()
    readable: bool = True

    @property
    def column(self) -> str | None:
        """The column that holds the id; None if none does."""
        return self.columns[self.references.index("id")] if "id" in self.references else None

    @property
    def is_plain(self) -> bool:
        """It is one column that holds an id."""
        return self.references == ("id",)

    def joins(self, child: str, parent: str) -> SQL:
        """Return the condition that the row ``child`` refers to the row ``parent``."""
        pairs = zip(self.columns, self.references, strict=True)
        return SQL(" AND ").join(
            SQL("%s = %s", identifier(child, own), identifier(parent, other)) for own, other in pairs
        )


_COLUMN_NAMES = """ARRAY(SELECT (SELECT a.attname::text FROM pg_attribute a
                                 WHERE a.attrelid = con.{relation} AND a.attnum = k.n)
                         FROM unnest({numbers}) WITH ORDINALITY k(n, position) ORDER BY k.{order})"""
# which columns are emptied is told since PostgreSQL 15: in JSON it may be asked for before
_EMPTIED = """CASE WHEN con.confdeltype NOT IN ('n', 'd') THEN '{}' WHEN cardinality(con.conkey) = 1 THEN con.conkey
                   ELSE ARRAY(SELECT x.n::int2 FROM jsonb_array_elements_text(COALESCE(
                            NULLIF(to_jsonb(con) -> 'confdelsetcols', 'null'), to_jsonb(con.conkey))) x(n)) END"""
_FOREIGN_KEYS = SQL(
    """SELECT %s, %s, %s, %s, con.confdeltype::text, %s,
              has_schema_privilege(c.relnamespace, 'USAGE')
                  AND has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'UPDATE')
         FROM pg_constraint con
         JOIN pg_class c ON c.oid = con.conrelid
         JOIN pg_class p ON p.oid = con.confrelid
        WHERE con.contype = 'f' AND con.conparentid = 0""",
    table_name("c"),
    catalogued(_COLUMN_NAMES.format(relation="conrelid", numbers="con.conkey", order="position")),
    table_name("p"),
    catalogued(_COLUMN_NAMES.format(relation="confrelid", numbers="con.confkey", order="position")),
    catalogued(_COLUMN_NAMES.format(relation="conrelid", numbers=_EMPTIED, order="n")),
)


def foreign_keys(env: Any, condition: SQL) -> list[ForeignKey]:
    """Return the foreign keys that meet a condition on their tables ``c`` and those they refer to, ``p``."""
    rows = env.execute_query(SQL("%s AND %s ORDER BY 3, 1, con.conkey, con.oid", _FOREIGN_KEYS, condition))
    return [
        ForeignKey(table, tuple(columns), parent, tuple(references), on_delete, tuple(emptied), readable)
        for table, columns, parent, references, on_delete, emptied, readable in rows
    ]


@dataclass(frozen=True)
class Child:
    """A table with rows that cannot stay as they are when rows of another one are removed.

    :param keys: its foreign keys to the other table, by which its rows are found
    :param columns: its columns
    :param has_id: an id tells its rows from one another
    :param on_delete: ``n`` if they are emptied or given a default, ``c`` if the database removes them by itself,
        ``a`` if it refuses to: they are removed beforehand
    :param defaults: the defaults of the columns that are emptied, as the catalogue writes them
    :param children: what follows from removing its rows
    """

    table: str
    keys: tuple[ForeignKey, ...]
    columns: tuple[str, ...]
    has_id: bool
    on_delete: str
    defaults: tuple[str | None, ...] = ()
    children: tuple[Child, ...] = ()


# how often one table may occur in a chain of removals: rows that refer to rows of the same table are found anyway
_ROUNDS = 3


class Catalogue:
    """All tables of one database, read when asked for. Costs some tens of milliseconds: keep what it tells.

    Those of other schemas than Odoo's are called ``schema.table``.

    :param env: any environment
    """

    def __init__(self, env: Any):
        self.env = env

    @cached_property
    def _attributes(self) -> dict[str, dict[str, tuple[str, bool, bool, str | None]]]:
        """``{table: {column: (type name, required, computed, default)}}``."""
        rows = self.env.execute_query(
            SQL(
                """SELECT %s, a.attname, format_type(a.atttypid, NULL), a.attnotnull, a.attgenerated <> '',
                          pg_get_expr(d.adbin, d.adrelid)
                     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
                     JOIN pg_namespace s ON s.oid = c.relnamespace
                LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
                    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
                      AND s.nspname <> 'information_schema' AND s.nspname !~ '^pg_'
                      AND a.attnum > 0 AND NOT a.attisdropped
                 ORDER BY 1, a.attnum""",
                table_name("c"),
            )
        )
        attributes: dict[str, dict[str, tuple[str, bool, bool, str | None]]] = {}
        for table, column, *details in rows:
            attributes.setdefault(table, {})[column] = tuple(details)
        return attributes

    @cached_property
    def all_columns(self) -> dict[str, dict[str, str]]:
        """``{table: {column: type name}}`` of the ordinary tables."""
        return {
            table: {column: details[0] for column, details in columns.items()}
            for table, columns in self._attributes.items()
        }

    @cached_property
    def columns(self) -> dict[str, dict[str, str]]:
        """The same of the tables of Odoo's own schema."""
        return {table: columns for table, columns in self.all_columns.items() if "." not in table}

    def given_columns(self, table: str) -> tuple[str, ...]:
        """Return the columns of a table that the database does not compute by itself."""
        return tuple(column for column, details in self._attributes[table].items() if not details[2])

    def required(self, table: str, column: str) -> bool:
        """Return whether a column is NOT NULL."""
        return self._attributes[table][column][1]

    def has_id(self, table: str) -> bool:
        """Return whether an id tells the rows of a table from one another: a number, unique, never empty."""
        typename, required, *_details = self._attributes[table].get("id", ("", False))
        return required and typename in ("integer", "bigint") and table in self._unique_ids

    @cached_property
    def _keys_by_parent(self) -> dict[str, list[ForeignKey]]:
        keys: dict[str, list[ForeignKey]] = {}
        for key in foreign_keys(self.env, SQL("TRUE")):
            keys.setdefault(key.parent, []).append(key)
        return keys

    def keys_to(self, table: str) -> list[ForeignKey]:
        """Return the foreign keys to a table, those of several columns and of other schemas too."""
        return self._keys_by_parent.get(table, [])

    def references(self, table: str) -> list[tuple[str, str]]:
        """Return the tables and columns that hold ids of ``table`` by a foreign key."""
        found = [(key.table, key.column) for key in self.keys_to(table) if key.column and key.readable]
        return list(dict.fromkeys(found))

    @cached_property
    def _indexes(self) -> list[tuple[str, set[str], Unique]]:
        """Table, columns used, and what is unique about it."""
        rows = self.env.execute_query(
            SQL(
                """SELECT %s,
                          ARRAY(SELECT a.attname::text FROM pg_depend d
                                  JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = d.refobjsubid
                                 WHERE d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid
                                   AND d.refobjid = i.indrelid AND d.refobjsubid > 0)
                       || ARRAY(SELECT a.attname::text FROM pg_attribute a
                                 WHERE a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)),
                          ARRAY(SELECT pg_get_indexdef(i.indexrelid, k, TRUE)
                                  FROM generate_series(1, i.indnkeyatts) k),
                          pg_get_expr(i.indpred, i.indrelid),
                          ARRAY(SELECT format('OPERATOR(%%I.%%s)', s.nspname, o.oprname)
                                  FROM pg_constraint x, unnest(x.conexclop) WITH ORDINALITY e(operator, position)
                                  JOIN pg_operator o ON o.oid = e.operator
                                  JOIN pg_namespace s ON s.oid = o.oprnamespace
                                 WHERE x.conindid = i.indexrelid AND x.contype = 'x' ORDER BY e.position),
                          COALESCE((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, FALSE)
                     FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
                    WHERE (i.indisunique OR i.indisexclusion) AND NOT c.relispartition""",
                table_name("c"),
            )
        )
        return [
            (table, set(columns), Unique(tuple(expressions), predicate, tuple(operators), nulls_clash))
            for table, columns, expressions, predicate, operators, nulls_clash in rows
        ]

    @cached_property
    def _unique_ids(self) -> set[str]:
        return {table for table, _columns, unique in self._indexes if unique == Unique(("id",))}

    @cached_property
    def unique_indexes(self) -> dict[str, list[tuple[set[str], Unique]]]:
        """``{table: [(columns used, Unique)]}``, primary keys on ``id`` left out."""
        indexes: dict[str, list[tuple[set[str], Unique]]] = {}
        for table, columns, unique in self._indexes:
            if unique.expressions != ("id",):
                indexes.setdefault(table, []).append((columns, unique))
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
        """Return what follows from removing rows of ``table``, down to the last table.

        Rows of the table itself that are removed with them are no children: see :meth:`own_keys`.
        """
        found = []
        removing: dict[str, list[ForeignKey]] = {}
        for key in self.keys_to(table):
            if key.table not in self._attributes:
                continue
            if key.on_delete in ("n", "d"):
                found.append(self._emptied(key))
            elif key.table != table and seen.count(key.table) < _ROUNDS and self._is_removed_along(key):
                removing.setdefault(key.table, []).append(key)
        for child, keys in removing.items():
            by_itself = all(key.on_delete == "c" for key in keys)
            found.append(
                Child(
                    child,
                    tuple(keys),
                    self.given_columns(child),
                    self.has_id(child),
                    "c" if by_itself else "a",
                    children=self.children(child, (*seen, table)),
                )
            )
        return tuple(found)

    def _is_removed_along(self, key: ForeignKey) -> bool:
        """Return whether rows of a key are removed with those they refer to.

        Where the database would refuse, a model means it so: its records are not set aside, the merge is refused. A
        table that no module knows means nothing by it.
        """
        return key.on_delete == "c" or key.table not in self.models_by_table

    def own_keys(self, table: str) -> tuple[ForeignKey, ...]:
        """Return the foreign keys of a table to itself by which rows are removed with others."""
        return tuple(
            key
            for key in self.keys_to(table)
            if key.table == table and key.on_delete not in ("n", "d") and self._is_removed_along(key)
        )

    def holders(self, table: str) -> tuple[tuple[ForeignKey, str], ...]:
        """Return the foreign keys by which records hold on to rows of a table, each with the records' model.

        Not those of tables that lose such rows by another key at the same time.
        """
        keys = [key for key in self.keys_to(table) if key.on_delete not in ("n", "d") and key.readable]
        removed = {key.table for key in keys if self._is_removed_along(key)}
        return tuple(
            (key, self.models_by_table[key.table])
            for key in keys
            if key.table not in removed and self.has_id(key.table)
        )

    def _emptied(self, key: ForeignKey) -> Child:
        attributes = self._attributes[key.table]
        defaults = tuple(attributes[name][3] if key.on_delete == "d" else None for name in key.emptied)
        columns = self.given_columns(key.table)
        return Child(key.table, (key,), columns, self.has_id(key.table), "n", defaults)
