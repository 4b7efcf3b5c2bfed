"""Default values of fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from odoo.tools import SQL

from ..batch import Batch
from ..journal import Entry
from ..tables import Tables
from .base import HoldingLink, Search
from .json_values import WholeValueLink, first_merge, mapped, path_filter
from .putback import put_back


@dataclass(frozen=True)
class DefaultLink(HoldingLink, WholeValueLink):
    """The default value of a field that refers to leads, as JSON in a text.

    ``ir_default (id 7, field_id 815, json_value '[12, 14]')``, or ``'12'``, or ``'"crm.lead,12"'``
    """

    kind = "default"

    @classmethod
    def find(cls, search: Search) -> Iterator[DefaultLink]:
        if "ir_default" in search.catalogue.columns:
            yield cls("ir_default", "json_value", "ir.default", search.target)

    @property
    def _refers_to_target(self) -> SQL:
        """The field is one that may hold leads: the same number means something else in another."""
        return SQL(
            """t.field_id IN (SELECT id FROM ir_model_fields WHERE ttype = 'reference'
                  OR relation = %s AND ttype IN ('many2one', 'one2many', 'many2many'))""",
            self.target.model,
        )

    def holds(self, batch: Batch, ids: Any) -> SQL:
        return SQL("%s::jsonb @? %s::jsonpath AND %s", self._column, self._path(ids), self._refers_to_target)

    def _path(self, ids: Any) -> str:
        """Return the JSON path of the values that name one of these leads."""
        among = path_filter(ids)
        among += "".join(f' || @ == "{self.target.model},{int(lead_id)}"' for lead_id in ids)
        return f"$ ? ({among})"

    def behind(self, batch: Batch) -> SQL:
        value = SQL("%s::jsonb", self._column)
        return self._found_in(value, self._path(batch.old_ids), self.holds(batch, batch.old_ids))

    def changed(self, batch: Batch) -> SQL:
        value = SQL("t.json_value::jsonb")
        named = SQL(
            "%s @> to_jsonb(m.old_id) OR %s = to_jsonb(%s)",
            value,
            value,
            self.target.reference(SQL("m.old_id")),
        )
        return SQL(
            "SELECT t.id AS _key, t.json_value AS _old, h._merge, (%s)::text AS _new FROM ir_default t %s WHERE %s",
            mapped(self.target, value),
            first_merge(named),
            self._refers_to_target,
        )

    @classmethod
    def restore(cls, env: Any, entry: Entry, tables: Tables, *, survivor_gone: bool) -> int:
        # text, for the database
        return put_back(env, entry, tables, survivor_gone=survivor_gone)
