"""Foreign keys that nobody can move."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from odoo.tools import SQL

from ..batch import Batch
from ..catalogue import ForeignKey, identifier
from ..journal import Entry
from ..tables import Tables
from .base import Link, Search


@dataclass(frozen=True)
class BarredLink(Link):
    """A foreign key that refers to something else of a lead than its id, or whose table Odoo may not change.

    The database would remove or empty such rows with the lead: the merge is refused instead.

    ``plans.flue (lead_code 'A12')``, with ``lead_code`` referring to ``crm_lead (x_code)``

    :param key: the foreign key
    """

    kind = "barred"

    key: ForeignKey

    @classmethod
    def find(cls, search: Search) -> Iterator[BarredLink]:
        for key in search.catalogue.keys_to(search.target.table):
            if not key.column or not key.readable:
                model = search.catalogue.models_by_table.get(key.table)
                yield cls(key.table, key.columns[0], model, search.target, key)

    def probe(self, batch: Batch) -> SQL:
        if not self.key.readable:
            return SQL("TRUE")  # nobody can tell
        return SQL(
            "EXISTS (SELECT FROM %s t JOIN %s l ON %s WHERE l.id = ANY(%s))",
            self.relation,
            identifier(self.target.table),
            self.key.joins("t", "l"),
            list(batch.old_ids),
        )

    def moves(self, batch: Batch, sequence: int) -> tuple[SQL, ...]:
        raise AssertionError(f"{self.table}: a merge with such rows is refused beforehand")

    @classmethod
    def restore(cls, env: Any, entry: Entry, tables: Tables, *, survivor_gone: bool) -> int:
        """There is nothing to take back: a merge with such rows is none."""
        return 0
