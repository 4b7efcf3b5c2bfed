"""Ids beside the model that they are of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from odoo.tools import SQL

from ..batch import Batch
from ..catalogue import Catalogue, identifier
from .base import Search
from .rows import RowLink

# columns that hold an id, by the end of their names, and what the column with the model ends with
PAIR_NAMES = {
    "res_id": ("res_model", "model", "res_model_id", "model_id", "model_name"),
    "force_thread_id": ("model_id",),
    "parent_thread_id": ("parent_model_id",),
}


@dataclass(frozen=True)
class PairLink(RowLink):
    """An id beside the column that tells of which model: by its name, or by the id of its ``ir.model``.

    ``mail_activity (id 7, res_model 'crm.lead', res_id 12)``

    Found by the names of the columns, known to the registry or not, and by what fields say.

    :param model_column: the column with the model
    :param model_value: what it holds for the target
    """

    kind = "pair"

    model_column: str = ""
    model_value: str | int = ""

    @classmethod
    def _places(cls, search: Search) -> Iterator[tuple[str, str, dict[str, Any]]]:
        catalogue = search.catalogue
        tables = catalogue.columns if cls.place is None else {cls.place[0]} & catalogue.columns.keys()
        for table in tables:
            columns = catalogue.columns[table]
            for column, typename in columns.items():
                if typename in ("integer", "bigint"):
                    named = (cls._beside(search, columns, name) for name in model_columns(column))
                    details = next(filter(None, named), None)
                    if details:
                        yield table, column, details
        for table, field in catalogue.fields("many2one_reference"):
            details = cls._beside(search, catalogue.columns[table], field.model_field)
            if details:
                yield table, field.name, details

    @classmethod
    def _beside(cls, search: Search, columns: Mapping[str, str], model_column: str) -> dict[str, Any] | None:
        """Return the class's own fields for this column with the model, if there is such a one."""
        typename = columns.get(model_column)
        if typename in ("character varying", "text"):
            return {"model_column": model_column, "model_value": search.target.model}
        if typename == "integer":
            return {
                "model_column": model_column,
                "model_value": _model_id(search.catalogue, search.target.model),
            }
        return None

    def applies(self) -> SQL:
        return SQL("%s = %s", identifier("t", self.model_column), self.model_value)

    def records(self, batch: Batch) -> SQL | None:
        return self._records(batch)

    def behind(self, batch: Batch) -> SQL | None:
        if self.derived:
            return None
        return SQL(
            "SELECT %s FROM %s t WHERE %s", self._column, self.relation, self.holds(batch, batch.old_ids)
        )


def _model_id(catalogue: Catalogue, model: str) -> int:
    return int(catalogue.env["ir.model"]._get_id(model))


def model_columns(column: str) -> list[str]:
    """Return the names under which the model of an id in ``column`` may stand beside it."""
    for ending, model_endings in PAIR_NAMES.items():
        if column.endswith(ending):
            prefix = column[: -len(ending)]
            return [prefix + model_ending for model_ending in model_endings]
    return []
