"""What every kind of link can do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from odoo.tools import SQL

from ..batch import Batch
from ..catalogue import Catalogue, identifier, relation
from ..journal import Entry
from ..tables import Tables


def all_of(*conditions: SQL | None) -> SQL:
    """Return these conditions as one, without those that are None: always true."""
    given = [condition for condition in conditions if condition is not None]
    return SQL(" AND ").join(given) if given else SQL("TRUE")


@dataclass(frozen=True)
class Target:
    """The model whose records are merged.

    :param model: its name
    :param table: its table
    """

    model: str
    table: str

    def reference(self, record_id: SQL) -> SQL:
        """Return how a reference field names one of its records."""
        return SQL("%s || %s", f"{self.model},", record_id)


@dataclass(frozen=True)
class Search:
    """What is looked for, and where.

    :param catalogue: the tables and fields of the database
    :param target: the model that is pointed to
    :param derived: tables whose rows say something of the records as they are: they go with them
    """

    catalogue: Catalogue
    target: Target
    derived: frozenset[str] = frozenset()


class Kind(ABC):
    """Something that a merge does to rows of other tables, and that its journal can take back."""

    kind: ClassVar[str] = ""

    @classmethod
    @abstractmethod
    def restore(cls, env: Any, entry: Entry, tables: Tables, *, survivor_gone: bool) -> int:
        """Take back what a merge did to the rows of one entry; leave alone what has changed since.

        :param survivor_gone: the survivor was deleted: rows it left without a lead may be taken back
        :returns: how many of its rows are as they were
        """


@dataclass(frozen=True)
class Link(Kind):
    """A column that can point to a record of the target. Each kind is a class, and does all for its own rows.

    In SQL, ``t`` is a row of the link's table and ``m`` one of the batch's ``map``.

    :param table: the table
    :param column: the column of it that points
    :param model: the table's model, if it has one
    :param target: what is pointed to
    """

    table: str
    column: str
    model: str | None
    target: Target

    @classmethod
    @abstractmethod
    def find(cls, search: Search) -> Iterator[Link]:
        """Yield all links of this kind that the database has."""

    def prepared(self, env: Any, batch: Batch) -> Link:
        """Return the link with what only the ORM can tell of the rows of these merges."""
        return self

    def looked_into(self, env: Any, batch: Batch) -> Link:
        """Return the link with what must be read of its rows; asked only where there are some."""
        return self

    @abstractmethod
    def probe(self, batch: Batch) -> SQL:
        """Return the condition that rows point to the merged leads, or may do so."""

    def records(self, batch: Batch) -> SQL | None:
        """Return the query ``(record id, id of the merged lead)`` of what to count for people; None if the
        rows mean nothing to them."""
        return None

    def behind(self, batch: Batch) -> SQL | None:
        """Return the query of the merged leads that rows point to, or may do so: see :meth:`really_behind`; None if no
        row can point to a lead that is gone."""
        return None

    def really_behind(self, env: Any, batch: Batch, ids: set[int]) -> set[int]:
        """Return those of the leads found by :meth:`behind` that rows point to, where the query alone cannot tell."""
        return ids

    @abstractmethod
    def moves(self, batch: Batch, sequence: int) -> tuple[SQL, ...]:
        """Return the statements that move the rows of all merges and journal them, from ``sequence`` on."""

    @property
    def relation(self) -> SQL:
        """The table, as SQL names it."""
        return relation(self.table)

    # --- for the kinds ---------------------------------------------------------------------

    @property
    def _column(self) -> SQL:
        return identifier("t", self.column)

    def _is_no_member(self, batch: Batch) -> SQL | None:
        """The row ``t`` is none of the leads of the merges: their values are combined, not moved."""
        if self.table != self.target.table:
            return None
        return SQL("t.id <> ALL(%s)", list(batch.members))


@dataclass(frozen=True)
class HoldingLink(Link):
    """A link whose rows tell by themselves that they point to a lead."""

    def probe(self, batch: Batch) -> SQL:
        return SQL("EXISTS (SELECT FROM %s t WHERE %s)", self.relation, self.holds(batch, batch.old_ids))

    @abstractmethod
    def holds(self, batch: Batch, ids: Any) -> SQL:
        """Return the condition that the row ``t`` points to one of the records ``ids``."""
