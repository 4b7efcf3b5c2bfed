"""References: the model and the id in one text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from odoo.tools import SQL

from ..batch import Batch
from .base import Search
from .rows import RowLink


@dataclass(frozen=True)
class ReferenceLink(RowLink):
    """A field of type ``reference``.

    ``merge_test (id 7, anything 'crm.lead,12')``
    """

    kind = "reference"

    @classmethod
    def _places(cls, search: Search) -> Iterator[tuple[str, str, dict[str, Any]]]:
        for table, field in search.catalogue.fields("reference"):
            yield table, field.name, {}

    def points_to(self, lead_id: SQL) -> SQL:
        return self.target.reference(lead_id)

    def behind(self, batch: Batch) -> SQL | None:
        if self.derived:
            return None
        lead_id = SQL("split_part(%s, ',', 2)::int", self._column)
        return SQL("SELECT %s FROM %s t WHERE %s", lead_id, self.relation, self.holds(batch, batch.old_ids))

    def _values(self, ids: Any) -> list[Any]:
        return [f"{self.target.model},{lead_id}" for lead_id in ids]


@dataclass(frozen=True)
class ServerActionLink(ReferenceLink):
    """The record that an action sets a field to. It holds the id once more, as text.

    ``ir_act_server (id 7, resource_ref 'crm.lead,12', value '12')``
    """

    kind = "server_action"
    place = ("ir_act_server", "resource_ref")

    def extras(self, batch: Batch) -> dict[str, SQL]:
        value = SQL("CASE WHEN t.value = m.old_id::text THEN m.new_id::text ELSE t.value END")
        return {**super().extras(batch), "value": value}
