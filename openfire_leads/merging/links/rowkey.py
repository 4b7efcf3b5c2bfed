"""What tells a row from the others of its table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from odoo.tools import SQL

from ..catalogue import Tables
from ..fitting import journaled


@dataclass(frozen=True)
class RowKey:
    """The id; in a table without one, the column that points together with all others.

    ``RowKey(("id",), "lead_id")`` of ``crm_lead_x (id, lead_id, …)``,
    ``RowKey(("tag_id",), "lead_id")`` of ``crm_tag_rel (lead_id, tag_id)``.

    :param columns: the columns beside the one that points
    :param link: the column that points: its value is another after the move
    """

    columns: tuple[str, ...]
    link: str

    @classmethod
    def of(cls, columns: Iterable[str], link: str) -> RowKey:
        """Return the key of a table with these columns."""
        columns = tuple(columns)
        return cls(("id",) if "id" in columns else tuple(c for c in columns if c != link), link)

    @property
    def is_id(self) -> bool:
        return self.columns == ("id",)

    @property
    def names(self) -> tuple[str, ...]:
        """The columns by which a row is found before it moves, the one that points included."""
        return tuple(dict.fromkeys((*self.columns, self.link)))

    def selected(self, prefix: str) -> SQL:
        """Return the columns of ``t`` for a SELECT, their names prefixed."""
        return SQL(", ").join(
            SQL("%s AS %s", SQL.identifier("t", name), SQL.identifier(prefix + name)) for name in self.columns
        )

    def as_json(self) -> SQL:
        """Return the key of ``t`` as the journal keeps it: the id, or the list of the columns' values."""
        if self.is_id:
            return SQL("to_jsonb(t.id)")
        return SQL(
            "jsonb_build_array(%s)", SQL(", ").join(SQL.identifier("t", name) for name in self.columns)
        )

    def same(self, other: str, prefix: str = "", link: str | None = None) -> SQL:
        """Return the condition that ``t`` is the row of the CTE ``other``.

        :param prefix: before the names of the key's columns in ``other``
        :param link: what the column that points is called there, if not by its own name
        """
        conditions = [
            SQL("%s = %s", SQL.identifier("t", name), SQL.identifier(other, prefix + name))
            for name in self.columns
        ]
        if not self.is_id:
            conditions.append(
                SQL("%s = %s", SQL.identifier("t", self.link), SQL.identifier(other, link or self.link))
            )
        return SQL(" AND ").join(conditions)

    def same_as_journaled(self, tables: Tables, table: str) -> SQL:
        """Return the condition that ``t``, a row of ``table``, has the key of the journaled row ``r.e``.

        :param tables: the tables as they are today
        """
        if self.is_id:
            return SQL("t.id = (r.e->>0)::int")
        return SQL(" AND ").join(
            SQL("%s = %s", SQL.identifier("t", name), journaled(tables, table, name, 0, position))
            for position, name in enumerate(self.columns)
        )
