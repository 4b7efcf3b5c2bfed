"""Foreign keys in tables without ids."""

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
class Many2manyLink(RowLink):
    """A foreign key in a table without ids: a row is nothing but what it joins. Those of many2many fields are so.

    ``crm_tag_rel (lead_id 12, tag_id 3)``

    :param twin: between leads and leads, the other column: no lead is joined to itself
    """

    kind = "many2many"

    twin: str | None = None

    @classmethod
    def _places(cls, search: Search) -> Iterator[tuple[str, str, dict[str, Any]]]:
        catalogue = search.catalogue
        references = catalogue.references(search.target.table)
        for table, column in references:
            if not catalogue.has_id(table):
                twins = [other for name, other in references if name == table and other != column]
                yield table, column, {"twin": twins[0] if twins else None}

    def lost(self, batch: Batch) -> list[SQL]:
        lost = super().lost(batch)
        if self.twin:
            twin = identifier("t", self.twin)
            itself = SQL(
                "(%s = m.new_id OR %s IN (SELECT old_id FROM map o WHERE o.new_id = m.new_id))", twin, twin
            )
            lost.append(rows_of_merged(self, itself))
        return lost
