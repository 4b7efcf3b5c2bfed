"""Journaled values as their column takes them today: between a merge and its undo columns come, go and change.

By what a column is now, and what the journal has::

    jsonb, translated          "Oak"                    {"en_US": "Oak"}
    jsonb, per company         12                       {"1": 12, "3": 12}, each company's
    text                       {"en_US": "Oak", …}      "Oak", or else the first
    text                       12                       "12"
    integer                    "12"                     12
    integer                    "twelve"                 left out, and told
    a customer                 5, merged into 9 since   9
    anything, NOT NULL         nothing                  the model's default, the database's, or else zero

A column that the journal lacks takes the model's default, as the rows that were there when it was added did;
a stored computed one is computed by the ORM afterwards (:attr:`Refill.uncomputed`).
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any

from odoo.tools import SQL

from .catalogue import ForeignKey, catalogued, identifier, relation
from .planned import execute_planned
from .tables import Tables

_TEXTS = ("character varying", "text", "character")
_INTEGERS = ("integer", "smallint")
_NUMBERS = ("numeric", "double precision", "real")
_DATES = ("date", "timestamp without time zone", "timestamp with time zone")
_JSON = ("json", "jsonb")

_INTEGER = r"^-?(\d{1,9}|1\d{9}|2(0\d|1[0-3])\d{7})$"
_BIG_INTEGER = r"^-?\d{1,18}$"
_DATE = r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])([ T]\d\d:\d\d(:\d\d(\.\d+)?)?([-+]\d\d(:?\d\d)?|Z)?)?$"
# what a text must look like to become a value of a type
_PATTERNS = {
    **dict.fromkeys(_INTEGERS, _INTEGER),
    "bigint": _BIG_INTEGER,
    **dict.fromkeys(_NUMBERS, r"^-?\d+(\.\d+)?([eE][-+]?\d+)?$"),
    **dict.fromkeys(_DATES, _DATE),
    "boolean": "^(true|false)$",
}
# which values are of a type as they are, see Refill._kinds
_NATURAL = {
    **{name: {"string", "date"} for name in _TEXTS},
    **{name: {"integer"} for name in _INTEGERS},
    **{name: {"integer", "bigint", "number"} for name in _NUMBERS},
    **{name: {"date"} for name in _DATES},
    **{name: {"object", "array"} for name in _JSON},
    "bigint": {"integer", "bigint"},
    "boolean": {"boolean"},
}
# what stands in a column that must not be empty where nobody knows a value
_ZEROS = {
    **dict.fromkeys(_TEXTS, "''"),
    **dict.fromkeys((*_INTEGERS, "bigint", *_NUMBERS), "0"),
    **dict.fromkeys(_DATES, "(now() AT TIME ZONE 'UTC')"),
    **dict.fromkeys(_JSON, "'{}'"),
    "boolean": "FALSE",
}


def _plain(typename: str) -> str:
    """Return a type without its length: ``numeric`` of ``numeric(10,2)``."""
    return re.sub(r"\(.*?\)", "", typename)


def fitted(tables: Tables, table: str, column: str, value: SQL) -> SQL:
    """Return a JSON value of the journal as ``column`` takes it today, in JSON; NULL if it does not."""
    if _plain(tables.types[table][column]) in _JSON:
        return _in_json(tables.field(table, column), value)
    return SQL("to_jsonb(%s)", _typed(tables, table, column, value))


def _typed(tables: Tables, table: str, column: str, value: SQL) -> SQL:
    """Return a JSON value of the journal in the type of ``column``, which is not JSON; NULL if it does not fit.

    Of several values in one, each language's or company's, one is taken. That is rare: a subquery for it alone.
    """
    return SQL(
        """CASE jsonb_typeof(%(value)s) WHEN 'array' THEN NULL WHEN 'object' THEN (
               SELECT %(one)s
                 FROM (SELECT COALESCE(y.v -> 'en_US', (SELECT o.value FROM jsonb_each(y.v) o LIMIT 1)) AS v
                         FROM (SELECT %(value)s AS v) y) x)
           ELSE %(plain)s END""",
        value=value,
        one=_cast(tables, table, column, SQL("(x.v #>> '{}')")),
        plain=_cast(tables, table, column, SQL("(%s #>> '{}')", value)),
    )


def _cast(tables: Tables, table: str, column: str, text: SQL) -> SQL:
    """Return a text in the type of ``column``; NULL if it does not fit."""
    typename = tables.types[table][column]
    result = SQL("%s::%s", text, SQL(typename))
    if tables.parent(table, column) == "res_partner":
        result = SQL(
            "COALESCE((SELECT f.partner_id FROM crm_lead_merge_customer f WHERE f.former_id = %s::int), %s)",
            text,
            result,
        )
    fits = []
    pattern, length = _PATTERNS.get(_plain(typename)), re.match(r"character.*\((\d+)\)$", typename)
    if pattern:
        fits.append(SQL("%s ~ %s", text, pattern))
    if length:
        fits.append(SQL("char_length(%s) <= %s", text, int(length[1])))
    return SQL("CASE WHEN %s THEN %s END", SQL(" AND ").join(fits), result) if fits else result


def _in_json(field: Any, value: SQL) -> SQL:
    if field is not None and field.company_dependent:
        wrapped = SQL("(SELECT jsonb_object_agg(c.id, x.v) FROM res_company c)")
    elif field is not None and field.translate:
        wrapped = SQL("jsonb_build_object('en_US', x.v #>> '{}')")
    else:
        return value
    return SQL(
        "(SELECT CASE WHEN jsonb_typeof(x.v) IN ('object', 'null') THEN x.v WHEN x.v IS NOT NULL THEN %s END"
        " FROM (SELECT %s AS v) x)",
        wrapped,
        value,
    )


def journaled(tables: Tables, table: str, column: str, *path: int | str) -> SQL:
    """Return the value at ``path`` in a journaled row, ``r.e``, as ``column`` takes it today, in its type."""
    # with its type: where the query is prepared, nobody could tell a place in a list from a name
    steps = (SQL("->%s::int", step) if isinstance(step, int) else SQL("->%s::text", step) for step in path)
    value = SQL("(r.e%s)", SQL("").join(steps))
    if _plain(tables.types[table][column]) in _JSON:
        return SQL("NULLIF(%s, 'null')", fitted(tables, table, column, value))
    return _typed(tables, table, column, value)


class Refill:
    """Whole rows of the journal that go back into a table as it is today.

    In SQL, ``v`` is such a row.

    :param env: any environment
    :param tables: the tables as they are
    :param table: the one
    :param rows: a FROM item ``r`` with one journaled row each, in JSON, as ``r.e``
    :param returning: the condition over ``r`` of those that are inserted
    :param alone: they are inserted even where what the database would have removed them with is gone
    """

    def __init__(
        self,
        env: Any,
        tables: Tables,
        table: str,
        rows: SQL,
        returning: SQL | None = None,
        *,
        alone: bool = False,
    ):
        self.env, self.tables, self.table, self.rows = env, tables, table, rows
        self.returning = returning or SQL("TRUE")
        self.alone = alone

    @cached_property
    def _kinds(self) -> dict[str, set[str]]:
        """``{column: kinds of values that the journal has for it}``."""
        rows = execute_planned(
            self.env,
            SQL(
                """SELECT b.key, array_agg(DISTINCT CASE jsonb_typeof(b.value)
                            WHEN 'number' THEN CASE WHEN b.value::text ~ %s THEN 'integer'
                                 WHEN b.value::text ~ %s THEN 'bigint' ELSE 'number' END
                            WHEN 'string' THEN CASE WHEN b.value #>> '{}' ~ %s THEN 'date' ELSE 'string' END
                            ELSE jsonb_typeof(b.value) END)
                     FROM %s CROSS JOIN LATERAL jsonb_each(r.e) b GROUP BY 1""",
                _INTEGER,
                _BIG_INTEGER,
                _DATE,
                self.rows,
            ),
        )
        return {column: set(kinds) for column, kinds in rows}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The columns for which the journal has a value, and those that get one all the same."""
        types = self.tables.types[self.table]
        return tuple(name for name in types if name in self._kinds or self._default(name) is not None)

    @cached_property
    def _refitted(self) -> tuple[str, ...]:
        """The columns whose values do not go back as they are, or may not."""
        return tuple(
            name
            for name in self.tables.types[self.table]
            if name in self._kinds
            and (name in self._doubtful or self.tables.parent(self.table, name) == "res_partner")
        )

    @cached_property
    def _doubtful(self) -> tuple[str, ...]:
        """The columns that may not take all of their values: these are of another type, or may be too long."""
        return tuple(
            name
            for name, typename in self.tables.types[self.table].items()
            if name in self._kinds
            and (
                self._kinds[name] - {"null"} - _NATURAL.get(_plain(typename), self._kinds[name])
                or typename.startswith("character varying(")
            )
        )

    @cached_property
    def uncomputed(self) -> tuple[str, ...]:
        """Names of stored computed fields that the journal lacks."""
        fields = {name: self.tables.field(self.table, name) for name in self.tables.types[self.table]}
        return tuple(
            name
            for name, field in fields.items()
            if field is not None and field.compute and name not in self._kinds
        )

    @cached_property
    def row(self) -> SQL:
        """A journaled row with the values that its columns take today, in JSON."""
        row = SQL("r.e")
        for name in self._refitted:
            value = fitted(self.tables, self.table, name, SQL("r.e -> %s", name))
            row = SQL("%s || jsonb_build_object(%s::text, %s)", row, name, value)
        return row

    @property
    def source(self) -> SQL:
        """A FROM item with the rows ``r`` and, of the table's own type, ``v``."""
        return SQL(
            "%s CROSS JOIN LATERAL jsonb_populate_record(NULL::%s, %s) v",
            self.rows,
            relation(self.table),
            self.row,
        )

    def value(self, column: str) -> SQL:
        """Return the value for ``column``: empty where it refers to a record that is gone, if it may be."""
        value = identifier("v", column)
        for key in self._emptying.get(column, ()):
            value = SQL("CASE WHEN %s THEN %s END", self.exists(key), value)
        default = self._default(column)
        return value if default is None else SQL("COALESCE(%s, %s)", value, default)

    @cached_property
    def keys(self) -> tuple[ForeignKey, ...]:
        """The foreign keys of the table whose columns the journal has."""
        return tuple(
            key for key in self.tables.keys.get(self.table, ()) if set(key.columns) <= set(self.names)
        )

    @cached_property
    def _emptying(self) -> dict[str, list[ForeignKey]]:
        """``{column: the foreign keys by which it may be empty in a row whose record is gone}``."""
        found: dict[str, list[ForeignKey]] = {}
        for key in self.keys:
            for name in self.emptied(key):
                found.setdefault(name, []).append(key)
        return found

    @property
    def belongs(self) -> SQL:
        """The condition that all records exist without which a row cannot be."""
        conditions = [self.exists(key) for key in self.keys if not self.emptied(key)]
        return SQL(" AND ").join(conditions) if conditions else SQL("TRUE")

    def emptied(self, key: ForeignKey) -> tuple[str, ...]:
        """Return the columns of a key that are empty in a row whose record is gone; none if there is no such row."""
        columns = self.tables.columns[self.table]
        if key.on_delete == "c" and not self.alone:
            return ()
        names = key.emptied or key.columns
        optional = tuple(name for name in names if not columns[name].required)
        if optional or not self.alone:
            return optional
        return tuple(name for name in names if self._default(name) is not None)

    def exists(self, key: ForeignKey) -> SQL:
        """Return the condition that the record which a row refers to exists, comes back with the rows, or is none."""
        nothing = SQL(" OR ").join(SQL("%s IS NULL", identifier("v", name)) for name in key.columns)
        found = SQL("EXISTS (SELECT FROM %s p WHERE %s)", relation(key.parent), key.joins("v", "p"))
        if key.parent != self.table:
            return SQL("(%s OR %s)", nothing, found)
        pairs = zip(key.columns, key.references, strict=True)
        along = SQL(" AND ").join(
            SQL("(o.e->>%s) = %s::text", other, identifier("v", own)) for own, other in pairs
        )
        return SQL(
            "(%s OR %s OR EXISTS (SELECT FROM (SELECT r.e FROM %s WHERE %s) o WHERE %s))",
            nothing,
            found,
            self.rows,
            self.returning,
            along,
        )

    def _default(self, column: str) -> SQL | None:
        """Return what a column takes that would be empty otherwise, if it is to take anything."""
        details = self.tables.columns[self.table][column]
        kinds = self._kinds.get(column)
        if kinds and not (details.required and ("null" in kinds or self._may_be_left_out(column))):
            return None
        field = self.tables.field(self.table, column)
        value = None
        if field is not None and field.default:
            # as Odoo does it for the rows that exist when a column is added
            model = self.env[field.model_name]
            value = field.convert_to_write(field.default(model), model)
            value = field.convert_to_column_insert(value, model)
        if value is not None:
            return SQL("%s::%s", value, SQL(details.type))
        if details.default:
            return catalogued(details.default)
        if not details.required:
            return None
        if field is not None and field.type == "selection":
            return SQL("%s::%s", field.get_values(self.env)[0], SQL(details.type))
        zero = _ZEROS.get(_plain(details.type))
        if zero is None or self.tables.parent(self.table, column):
            return None
        return SQL("%s::%s", SQL(zero), SQL(details.type))

    def _may_be_left_out(self, column: str) -> bool:
        return column in self._refitted or self.tables.parent(self.table, column) is not None

    def ids(self) -> list[int]:
        """Return the ids of the rows."""
        return [
            row[0] for row in self.env.execute_query(SQL("SELECT (r.e->>'id')::bigint FROM %s", self.rows))
        ]

    def unfit(self) -> dict[str, int]:
        """Return ``{column: how many rows}`` have a value which the column does not take any more."""
        if not self._doubtful:
            return {}
        counts = SQL(", ").join(
            SQL(
                "count(*) FILTER (WHERE NULLIF(r.e -> %s, 'null') IS NOT NULL AND NULLIF(%s, 'null') IS NULL)",
                name,
                fitted(self.tables, self.table, name, SQL("r.e -> %s", name)),
            )
            for name in self._doubtful
        )
        [found] = self.env.execute_query(SQL("SELECT %s FROM %s WHERE %s", counts, self.rows, self.returning))
        return {name: count for name, count in zip(self._doubtful, found, strict=True) if count}
