"""Foreign keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from odoo.tools import SQL

from ..batch import Batch
from .base import Search
from .rows import RowLink


@dataclass(frozen=True)
class KeyLink(RowLink):
    """A foreign key in a table with ids, known to the registry or not.

    ``sale_order (id 7, opportunity_id 12)``
    """

    kind = "key"

    @classmethod
    def _places(cls, search: Search) -> Iterator[tuple[str, str, dict[str, Any]]]:
        catalogue = search.catalogue
        for table, column in catalogue.references(search.target.table):
            if catalogue.has_id(table):
                yield table, column, {}

    def records(self, batch: Batch) -> SQL | None:
        return self._records(batch)


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
