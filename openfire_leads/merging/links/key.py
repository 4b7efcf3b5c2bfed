"""Foreign keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from odoo.tools import SQL

from ..batch import Batch
from ..catalogue import identifier
from .base import Search
from .clashes import rows_of_merged
from .rows import RowLink


@dataclass(frozen=True)
class KeyLink(RowLink):
    """A foreign key in a table with ids, known to the registry or not.

    ``sale_order (id 7, opportunity_id 12)``

    A row may have two such keys and join a lead to another one, which becomes the same lead: no lead is joined to
    itself. One of the keys is emptied then, the later one if both may be; a row of which neither may be is set aside.

    :param emptied: other columns that are emptied where this one moves to the lead that they hold
    :param main: other columns beside which this one is emptied
    :param required: other columns that must hold a lead, as this one must
    """

    kind = "key"

    emptied: tuple[str, ...] = ()
    main: tuple[str, ...] = ()
    required: tuple[str, ...] = ()

    @classmethod
    def _places(cls, search: Search) -> Iterator[tuple[str, str, dict[str, Any]]]:
        catalogue = search.catalogue
        references = catalogue.references(search.target.table)
        for table, column in references:
            if catalogue.has_id(table):
                others = [other for name, other in references if name == table and other != column]
                # a lead that refers to two others is none of them
                yield (
                    table,
                    column,
                    cls._beside(search, table, column, others) if table != search.target.table else {},
                )

    @staticmethod
    def _beside(search: Search, table: str, column: str, others: list[str]) -> dict[str, Any]:
        """Return what becomes of the table's other keys to leads, as values of the class's fields."""
        order = list(search.catalogue.all_columns[table])
        found: dict[str, tuple[str, ...]] = {}
        own = search.catalogue.required(table, column)
        for other in others:
            theirs = search.catalogue.required(table, other)
            if own and theirs:
                name = "required"
            elif own == theirs:
                name = "emptied" if order.index(column) < order.index(other) else "main"
            else:
                name = "emptied" if own else "main"
            found[name] = (*found.get(name, ()), other)
        return found

    def _becomes_same(self, other: str) -> SQL:
        """Return the condition that ``other`` holds another lead of the merge than the column that moves."""
        value = identifier("t", other)
        return SQL(
            "(%s <> %s AND (%s = m.new_id OR %s IN (SELECT o.old_id FROM map o WHERE o.new_id = m.new_id)))",
            value,
            self._column,
            value,
            value,
        )

    def lost(self, batch: Batch) -> list[SQL]:
        lost = super().lost(batch)
        if not self.derived:
            lost += [rows_of_merged(self, self._becomes_same(other)) for other in self.required]
        return lost

    def new_value(self) -> SQL:
        value = super().new_value()
        for other in self.main:
            value = SQL("CASE WHEN %s THEN NULL ELSE %s END", self._becomes_same(other), value)
        return value

    @property
    def twins(self) -> tuple[str, ...]:
        return (*self.emptied, *self.main, *self.required)

    def extras(self, batch: Batch) -> dict[str, SQL]:
        # a row that holds one lead twice goes on doing so
        cases = {
            other: SQL("WHEN %s = %s THEN m.new_id", identifier("t", other), self._column)
            for other in self.twins
        }
        for other in self.emptied:
            cases[other] = SQL("%s WHEN %s THEN NULL", cases[other], self._becomes_same(other))
        return super().extras(batch) | {
            other: SQL("CASE %s ELSE %s END", case, identifier("t", other)) for other, case in cases.items()
        }


@dataclass(frozen=True)
class MeetingLink(KeyLink):
    """The opportunity of a meeting. One without a model holds the id once more: Odoo takes it along.

    ``calendar_event (id 7, opportunity_id 12, res_model NULL, res_id 12)``
    """

    kind = "meeting"
    place = ("calendar_event", "opportunity_id")

    def extras(self, batch: Batch) -> dict[str, SQL]:
        return {
            **super().extras(batch),
            "res_id": SQL(
                "CASE WHEN t.res_id = m.old_id AND COALESCE(t.res_model, %s) = %s THEN m.new_id ELSE t.res_id END",
                self.target.model,
                self.target.model,
            ),
        }
