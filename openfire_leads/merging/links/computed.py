"""Ids beside a model that no column holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from odoo.tools import SQL

from ..batch import Batch
from .base import Search
from .rows import RowLink


@dataclass(frozen=True)
class ComputedLink(RowLink):
    """An id whose model is a field that is only computed: the ORM alone can tell it.

    ``merge_test (id 7, about 12)``, with a field ``about_model`` that is not stored

    :param model_field: the field that tells the model
    :param row_ids: of the rows on leads of the merges, those that are about the target
    """

    kind = "computed"

    model_field: str = ""
    row_ids: tuple[int, ...] = ()

    @classmethod
    def _places(cls, search: Search) -> Iterator[tuple[str, str, dict[str, Any]]]:
        catalogue = search.catalogue
        for table, field in catalogue.fields("many2one_reference"):
            if field.model_field not in catalogue.columns[table]:
                yield table, field.name, {"model_field": field.model_field}

    def prepared(self, env: Any, batch: Batch) -> ComputedLink:
        # sudo: rows the user may not see move as well
        model = env[self.model].sudo().with_context(active_test=False)
        rows = model.search([(self.column, "in", batch.concerned_ids)])
        of_target = rows.filtered(lambda row: row[self.model_field] == self.target.model)
        return replace(self, row_ids=tuple(of_target.ids))

    def behind(self, batch: Batch) -> SQL:
        # of whatever model: the ORM tells which are about the target
        return SQL(
            "SELECT %s FROM %s t WHERE %s = ANY(%s)",
            self._column,
            self.relation,
            self._column,
            list(batch.old_ids),
        )

    def really_behind(self, env: Any, batch: Batch, ids: set[int]) -> set[int]:
        prepared = self.prepared(env, batch)
        found = env.execute_query(
            SQL(
                "SELECT DISTINCT %s FROM %s t WHERE %s",
                self._column,
                self.relation,
                prepared.holds(batch, batch.old_ids),
            )
        )
        return {row[0] for row in found}

    def applies(self) -> SQL:
        return SQL("t.id = ANY(%s)", list(self.row_ids))
