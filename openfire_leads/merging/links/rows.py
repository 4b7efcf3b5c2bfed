"""What links have in common that are one column with one lead: rows that move as a whole."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from odoo.tools import SQL

from ..batch import Batch
from ..catalogue import Child, ForeignKey, Unique, identifier
from ..journal import Entry, Line, journaling
from ..tables import Tables
from .base import HoldingLink, Search, all_of
from .clashes import removal, rows_of_merged, rows_taken
from .putback import put_back
from .rowkey import RowKey


@dataclass(frozen=True)
class RowLink(HoldingLink):
    """Rows of which one column holds a lead: an UPDATE of the column moves them.

    One statement does a table: it removes the rows that cannot exist on the survivor, moves the others,
    and writes both into the journal.

    :param columns: all columns of the table
    :param given: those that the database does not compute by itself
    :param has_id: an id tells the rows from one another
    :param uniques: the unique indexes that the column is part of
    :param children: what cannot stay as it is when rows are removed
    :param own_keys: the foreign keys of the table to itself by which rows are removed with others
    :param holders: the foreign keys by which records hold on to rows, so that these cannot be removed, each with the
        records' model
    :param derived: rows are not moved: they go with the lead, and come back with it
    :param recomputed: columns of the row that change with it by themselves, with the stamps of the last write
    """

    # the only table and column that this kind is for; None for all that are left
    place: ClassVar[tuple[str, str] | None] = None

    columns: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    has_id: bool = True
    uniques: tuple[Unique, ...] = ()
    children: tuple[Child, ...] = ()
    own_keys: tuple[ForeignKey, ...] = ()
    holders: tuple[tuple[ForeignKey, str], ...] = ()
    derived: bool = False
    recomputed: tuple[str, ...] = ()

    @classmethod
    def find(cls, search: Search) -> Iterator[RowLink]:
        for table, column, details in cls._places(search):
            if cls.place in (None, (table, column)):
                yield cls._at(search, table, column, **details)

    @classmethod
    @abstractmethod
    def _places(cls, search: Search) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Yield table, column and the values of the class's own fields, for each link of this kind."""

    @classmethod
    def _at(cls, search: Search, table: str, column: str, **details: Any) -> RowLink:
        catalogue, derived = search.catalogue, table in search.derived
        uniques = cls._uniques(search, table, column)
        return cls(
            table=table,
            column=column,
            model=catalogue.models_by_table.get(table),
            target=search.target,
            columns=tuple(catalogue.all_columns[table]),
            given=catalogue.given_columns(table),
            has_id=catalogue.has_id(table),
            uniques=uniques,
            # the column may be part of what makes rows clash, or be one of two keys that become the same
            **(cls._removed_along(search, table) if uniques or derived or details.get("required") else {}),
            derived=derived,
            recomputed=catalogue.recomputed(table, column),
            **details,
        )

    @staticmethod
    def _removed_along(search: Search, table: str) -> dict[str, Any]:
        """Return what follows from removing rows of a table, or forbids it, as values of the class's fields."""
        return {
            "children": search.catalogue.children(table),
            "own_keys": search.catalogue.own_keys(table),
            "holders": search.catalogue.holders(table),
        }

    @classmethod
    def _uniques(cls, search: Search, table: str, column: str) -> tuple[Unique, ...]:
        return search.catalogue.uniques(table, column)

    @property
    def key(self) -> RowKey:
        return RowKey.of(self.given, self.column, has_id=self.has_id)

    # --- conditions ------------------------------------------------------------------------

    def points_to(self, lead_id: SQL) -> SQL:
        """Return the value of the column for a lead, given as SQL."""
        return lead_id

    def applies(self) -> SQL | None:
        """Return the condition that the column of the row ``t`` is about the target at all, if there is one."""
        return None

    def matches(self) -> SQL:
        """Return the condition that the row ``t`` points to the merged lead ``m.old_id``."""
        return all_of(SQL("%s = %s", self._column, self.points_to(SQL("m.old_id"))), self.applies())

    def holds(self, batch: Batch, ids: Any) -> SQL:
        pointing = SQL("%s = ANY(%s)", self._column, self._values(ids))
        return all_of(pointing, self.applies(), self._is_no_member(batch))

    def _values(self, ids: Any) -> list[Any]:
        """Return the column's values for these leads."""
        return list(ids)

    def _records(self, batch: Batch) -> SQL | None:
        """The answer of :meth:`records` for rows that people know, by their id."""
        if self.derived or not self.key.is_id:
            return None
        return SQL(
            "SELECT t.id, %s FROM %s t WHERE %s",
            self._column,
            self.relation,
            self.holds(batch, batch.old_ids),
        )

    # --- move ------------------------------------------------------------------------------

    def moves(self, batch: Batch, sequence: int) -> tuple[SQL, ...]:
        ctes, lines = [batch.map], []
        lost = self.lost(batch)
        if lost:
            removing, removed = removal(self, lost, sequence)
            ctes += removing
            lines += removed
        if not self.derived:
            extras = self.extras(batch)
            ctes += [self._found(batch, extras, bool(lost)), self._moved(extras)]
            along = {name: value for name, value in extras.items() if name not in self.twins}
            lines.append(self._line("moved", self.column, self._journaled(along), sequence))
            for name in self.twins:
                # by itself: the one column may be gone when the other is taken back
                source, old, new = (f"moved_{name}", f"_old_{name}", f"_new_{name}")
                ctes.append(
                    SQL(
                        "%s AS (SELECT * FROM moved WHERE %s IS DISTINCT FROM %s)",
                        identifier(source),
                        identifier(old),
                        identifier(new),
                    )
                )
                rows = SQL("jsonb_build_array(_key, %s, %s)", identifier(old), identifier(new))
                lines.append(self._line(source, name, rows, sequence))
        return (journaling(ctes, lines),)

    @property
    def twins(self) -> tuple[str, ...]:
        """Those of :meth:`extras` that are links themselves."""
        return ()

    def _line(self, source: str, column: str, rows: SQL, sequence: int) -> Line:
        return Line(
            source=source,
            kind=self.kind,
            action="moved",
            table=self.table,
            column=column,
            rows=rows,
            sequence=sequence,
            key=self.key.columns,
            model=self.model,
        )

    def lost(self, batch: Batch) -> list[SQL]:
        """Return the queries of rows that cannot exist on the survivor: columns of the key, merge."""
        if self.derived:
            return [rows_of_merged(self)]
        return [rows_taken(self, batch, unique) for unique in self.uniques]

    def new_value(self) -> SQL:
        """Return what the column becomes of a row that moves, over ``t`` and ``m``."""
        return self.points_to(SQL("m.new_id"))

    def extras(self, batch: Batch) -> dict[str, SQL]:
        """Return other columns that change with the row, with their values over ``t`` and ``m``.

        Those that the ORM recomputes are journaled as they are, and once more when it has done so.
        """
        return {name: SQL.identifier("t", name) for name in self.recomputed}

    def _found(self, batch: Batch, extras: dict[str, SQL], removes: bool) -> SQL:
        """The CTE ``found``: the rows that move, with their values before and after."""
        others = SQL("").join(
            SQL(
                ", t.%s AS %s, %s AS %s",
                identifier(name),
                identifier(f"_old_{name}"),
                value,
                identifier(f"_new_{name}"),
            )
            for name, value in extras.items()
        )
        return SQL(
            "found AS (SELECT %s, %s AS _key, %s AS _old, %s AS _new, m.merge_id AS _merge%s"
            " FROM %s t JOIN map m ON %s%s)",
            self.key.place(),
            self.key.as_json(),
            self._column,
            self.new_value(),
            others,
            self.relation,
            all_of(self.matches(), self._is_no_member(batch)),
            SQL(" WHERE NOT EXISTS (SELECT FROM lost l WHERE %s)", self.key.same("l")) if removes else SQL(),
        )

    def _moved(self, extras: dict[str, SQL]) -> SQL:
        return SQL(
            "moved AS (UPDATE %s t SET %s = f._new%s FROM found f WHERE %s RETURNING f.*)",
            self.relation,
            identifier(self.column),
            SQL("").join(SQL(", %s = f.%s", identifier(name), identifier(f"_new_{name}")) for name in extras),
            self.key.same("f"),
        )

    @staticmethod
    def _journaled(extras: dict[str, SQL]) -> SQL:
        if not extras:
            return SQL("jsonb_build_array(_key, _old, _new)")
        old, new = (
            SQL(", ").join(SQL("%s::text, %s", name, identifier(prefix + name)) for name in extras)
            for prefix in ("_old_", "_new_")
        )
        return SQL(
            "jsonb_build_array(_key, _old, _new, jsonb_build_object(%s), jsonb_build_object(%s))", old, new
        )

    # --- restore ---------------------------------------------------------------------------

    @classmethod
    def restore(cls, env: Any, entry: Entry, tables: Tables, *, survivor_gone: bool) -> int:
        return put_back(env, entry, tables, survivor_gone=survivor_gone)
