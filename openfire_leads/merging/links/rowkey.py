"""What tells a row from the others of its table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from odoo.tools import SQL

from ..catalogue import identifier


@dataclass(frozen=True)
class RowKey:
    """The id; in a table without one, all columns together.

    ``RowKey(("id",), "lead_id")`` of ``crm_lead_x (id, lead_id, …)``,
    ``RowKey(("tag_id",), "lead_id")`` of ``crm_tag_rel (lead_id, tag_id)``.

    Two rows of a table without ids may be the same in all columns, and columns may be empty or of a type that knows
    no equality. So a statement tells them by where they are stored, and the journal by their values, in JSON: of
    rows that are the same, as many are taken back as were moved.

    :param columns: the columns beside the one that points
    :param link: the column that points: its value is another after the move
    """

    columns: tuple[str, ...]
    link: str

    @classmethod
    def of(cls, columns: Iterable[str], link: str, *, has_id: bool) -> RowKey:
        """Return the key of a table with these columns.

        :param has_id: the column ``id`` tells rows from one another
        """
        if has_id:
            return cls(("id",), link)
        others = tuple(column for column in columns if column != link)
        # a column that is called so without being a key: with the one that points it is not taken for one
        return cls((*others, link) if others == ("id",) else others, link)

    @property
    def is_id(self) -> bool:
        return self.columns == ("id",)

    @property
    def place_names(self) -> tuple[str, ...]:
        """What :meth:`place` calls its columns."""
        return ("_id",) if self.is_id else ("_table", "_place")

    def place(self, alias: str = "t") -> SQL:
        """Return the columns by which a statement tells the row ``alias``, for a SELECT."""
        row = identifier(alias)
        return (
            SQL("%s.id AS _id", row)
            if self.is_id
            else SQL("%s.tableoid AS _table, %s.ctid AS _place", row, row)
        )

    def same(self, other: str, alias: str = "t") -> SQL:
        """Return the condition that the row ``alias`` is the one at the place that the CTE ``other`` tells."""
        row, place = identifier(alias), identifier(other)
        if self.is_id:
            return SQL("%s.id = %s._id", row, place)
        return SQL("%s.ctid = %s._place AND %s.tableoid = %s._table", row, place, row, place)

    def as_json(self) -> SQL:
        """Return the key of ``t`` as the journal keeps it: the id, or the list of the columns' values."""
        if self.is_id:
            return SQL("to_jsonb(t.id)")
        return SQL("jsonb_build_array(%s)", SQL(", ").join(identifier("t", name) for name in self.columns))
