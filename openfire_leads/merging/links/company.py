"""Values per company."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from odoo.tools import SQL

from ..batch import Batch
from ..catalogue import identifier
from .base import HoldingLink, Search, all_of
from .json_values import KeyedValueLink, path_filter


@dataclass(frozen=True)
class CompanyLink(HoldingLink, KeyedValueLink):
    """A many2one field with a value per company: an object of ids, by the company's.

    ``x_stove (id 7, lead_id {"1": 12, "3": 14})``
    """

    kind = "company"

    @classmethod
    def find(cls, search: Search) -> Iterator[CompanyLink]:
        for table, field in search.catalogue.fields("many2one"):
            if field.company_dependent and field.comodel_name == search.target.model:
                model = search.catalogue.models_by_table.get(table)
                yield cls(table, field.name, model, search.target)

    def holds(self, batch: Batch, ids: Any) -> SQL:
        return SQL("%s @? %s::jsonpath", self._column, self._path(ids))

    def _path(self, ids: Any) -> str:
        """Return the JSON path of the values that are one of these leads."""
        return f"$.* ? ({path_filter(ids)})"

    def behind(self, batch: Batch) -> SQL:
        holds = all_of(self.holds(batch, batch.old_ids), self._is_no_member(batch))
        return self._found_in(self._column, self._path(batch.old_ids), holds)

    def changed(self, batch: Batch) -> SQL:
        return SQL(
            """SELECT t.id AS _key, m.merge_id AS _merge, e.key AS _name, e.value AS _old,
                      to_jsonb(m.new_id) AS _new
                 FROM %s t CROSS JOIN LATERAL jsonb_each(t.%s) e JOIN map m ON e.value = to_jsonb(m.old_id)
                WHERE %s""",
            self.relation,
            identifier(self.column),
            all_of(self.holds(batch, batch.old_ids), self._is_no_member(batch)),
        )
