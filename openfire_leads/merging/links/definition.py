"""Definitions of properties."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from odoo.tools import SQL

from ..batch import Batch
from .base import HoldingLink, Search
from .json_values import WholeValueLink, first_merge, mapped, path_filter


@dataclass(frozen=True)
class DefinitionLink(HoldingLink, WholeValueLink):
    """The leads that new records are given by the definition of a property.

    ``crm_team (id 7, lead_properties_definition [{"name": "aaaa1111", "comodel": "crm.lead", "default": 12}])``
    """

    kind = "definition"

    @classmethod
    def find(cls, search: Search) -> Iterator[DefinitionLink]:
        for table, field in search.catalogue.fields("properties_definition"):
            yield cls(table, field.name, search.catalogue.models_by_table.get(table), search.target)

    @property
    def _defaults(self) -> str:
        """The JSON path of the values that name leads."""
        return f'$[*] ? (@.comodel == "{self.target.model}").default'

    def holds(self, batch: Batch, ids: Any) -> SQL:
        return SQL("%s @? %s::jsonpath", self._column, self._path(ids))

    def _path(self, ids: Any) -> str:
        """Return the JSON path of the values that name one of these leads."""
        return f"{self._defaults} ? ({path_filter(ids)})"

    def behind(self, batch: Batch) -> SQL:
        return self._found_in(self._column, self._path(batch.old_ids), self.holds(batch, batch.old_ids))

    def changed(self, batch: Batch) -> SQL:
        named = SQL(
            "EXISTS (SELECT FROM jsonb_path_query(%s, %s::jsonpath) d WHERE d @> to_jsonb(m.old_id))",
            self._column,
            self._defaults,
        )
        return SQL(
            """SELECT t.id AS _key, %(column)s AS _old, h._merge,
                      (SELECT jsonb_agg(
                              CASE WHEN d.value->>'comodel' = %(model)s AND d.value ? 'default'
                              THEN jsonb_set(d.value, '{default}', %(mapped)s) ELSE d.value END
                              ORDER BY d.position)
                         FROM jsonb_array_elements(%(column)s) WITH ORDINALITY d(value, position)) AS _new
                 FROM %(table)s t %(hit)s""",
            column=self._column,
            model=self.target.model,
            mapped=mapped(self.target, SQL("d.value -> 'default'")),
            table=self.relation,
            hit=first_merge(named),
        )
