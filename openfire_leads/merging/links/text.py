"""Texts in Python's notation that name leads: saved filters, domains, default values of a mail alias."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from odoo.tools import SQL

from ..batch import Batch
from ..catalogue import identifier
from ..journal import Entry
from ..literals import FORMS, Doubt, rewritten
from ..tables import Tables
from .base import HoldingLink, Search, all_of
from .json_values import WholeValueLink
from .putback import put_back


class Place(NamedTuple):
    """A column with such texts.

    :param model_column: the column that tells of which model the text speaks, by name or by the id of its
        ``ir.model``; None if all of them speak of the same
    :param form: how it speaks, one of :data:`~..literals.FORMS`
    """

    table: str
    column: str
    model_column: str | None
    form: str


PLACES = (
    Place("mail_alias", "alias_defaults", "alias_model_id", "values"),
    Place("ir_filters", "domain", "model_id", "domain"),
    Place("ir_filters", "context", "model_id", "context"),
    Place("ir_act_window", "domain", "res_model", "domain"),
    Place("ir_act_window", "context", "res_model", "context"),
    Place("base_automation", "filter_domain", "model_id", "domain"),
    Place("base_automation", "filter_pre_domain", "model_id", "domain"),
    Place("mailing_mailing", "mailing_domain", "mailing_model_id", "domain"),
    Place("mailing_filter", "mailing_domain", "mailing_model_id", "domain"),
    Place("crm_team", "assignment_domain", None, "domain"),
    Place("crm_team_member", "assignment_domain", None, "domain"),
)


@dataclass(frozen=True)
class TextLink(HoldingLink, WholeValueLink):
    """Ids in a text, where the fields beside them say that they are leads'. The rest of the text stays as it is.

    ``ir_filters (id 7, model_id 'sale.order', domain "[('opportunity_id', '=', 12)]")``

    :param place: the column
    :param about: the model of which all texts of the column speak, where it is one
    :param model_by_id: its model column holds an id
    :param new_texts: what to write, of each row: id, text before, text after, merge
    :param found: the merged leads that these texts name
    :param doubtful: rows that name a merged lead, for all that can be told: its id, and how many such rows
    """

    kind = "text"

    place: Place = PLACES[0]
    about: str = ""
    model_by_id: bool = False
    new_texts: tuple[tuple[int, str, str, int | None], ...] = ()
    doubtful: tuple[int, ...] = ()
    found: frozenset[int] = frozenset()

    @classmethod
    def find(cls, search: Search) -> Iterator[TextLink]:
        for place in PLACES:
            columns = search.catalogue.columns.get(place.table, {})
            if columns.get(place.column) in ("text", "character varying") and (
                place.model_column is None or place.model_column in columns
            ):
                by_id = columns.get(place.model_column or "") == "integer"
                yield cls._at(search, place, search.target.model, model_by_id=by_id)
        for table, field in search.catalogue.fields("serialized"):
            # fields that are kept together in one column, in JSON, which is read alike
            yield cls._at(search, Place(table, field.name, None, "values"), field.model_name)

    @classmethod
    def _at(cls, search: Search, place: Place, about: str, *, model_by_id: bool = False) -> TextLink:
        model = search.catalogue.models_by_table.get(place.table)
        return cls(
            place.table,
            place.column,
            model,
            search.target,
            place=place,
            about=about,
            model_by_id=model_by_id,
        )

    def holds(self, batch: Batch, ids: Any) -> SQL:
        return all_of(SQL("%s ~ %s", self._column, self._pattern(ids)), self._is_no_member(batch))

    def _pattern(self, ids: Any) -> str:
        """Return the pattern of any of these numbers in a text: what it means is seen when it is read."""
        return rf"\m({'|'.join(str(int(lead_id)) for lead_id in ids)})\M"

    def behind(self, batch: Batch) -> SQL:
        return SQL(
            "SELECT (regexp_matches(%s, %s, 'g'))[1]::int FROM %s t WHERE %s",
            self._column,
            self._pattern(batch.old_ids),
            self.relation,
            self.holds(batch, batch.old_ids),
        )

    def really_behind(self, env: Any, batch: Batch, ids: set[int]) -> set[int]:
        return set(self.looked_into(env, batch).found)

    def looked_into(self, env: Any, batch: Batch) -> TextLink:
        survivors = dict(zip(batch.old_ids, batch.new_ids, strict=True))
        merges = dict(zip(batch.old_ids, batch.merge_ids, strict=True))
        rows = env.execute_query(
            SQL(
                "SELECT t.id, %s, %s FROM %s t WHERE %s ORDER BY t.id",
                self._column,
                self._model_name,
                self.relation,
                self.holds(batch, batch.old_ids),
            )
        )
        texts, doubtful, named = [], [], set()
        for row_id, text, model in rows:
            try:
                new, found = rewritten(
                    text, FORMS[self.place.form], self._refers(env, model), self.target.model, survivors
                )
            except Doubt as doubt:
                doubtful.append(doubt.record_id)
                continue
            named |= found
            if found:
                texts.append((row_id, text, new, merges[min(found)]))
        return replace(self, new_texts=tuple(texts), doubtful=tuple(doubtful), found=frozenset(named))

    @property
    def _model_name(self) -> SQL:
        if self.place.model_column is None:
            return SQL("%s", self.about)
        column = identifier("t", self.place.model_column)
        return SQL("(SELECT o.model FROM ir_model o WHERE o.id = %s)", column) if self.model_by_id else column

    def _refers(self, env: Any, model: str | None) -> Any:
        """Return the function that tells whether a field, by its path from ``model``, holds ids of the target.

        It returns None where another field, or the text, decides.
        """

        def refers(path: str) -> bool | None:
            current = model
            field = None
            for name in path.split("."):
                if current not in env:
                    return False
                field = env[current]._fields.get(name)
                if field is None:
                    return False
                current = current if name == "id" else field.comodel_name
            if field is not None and field.type == "many2one_reference":
                return None
            return current == self.target.model

        return refers

    def changed(self, batch: Batch) -> SQL:
        ids, old, new, merges = (list(values) for values in zip(*self.new_texts, strict=True))
        return SQL(
            """SELECT r.* FROM unnest(%s::int[], %s::text[], %s::text[], %s::int[]) AS r(_key, _old, _new, _merge)""",
            ids,
            old,
            new,
            merges,
        )

    def moves(self, batch: Batch, sequence: int) -> tuple[SQL, ...]:
        return super().moves(batch, sequence) if self.new_texts else ()

    @classmethod
    def restore(cls, env: Any, entry: Entry, tables: Tables, *, survivor_gone: bool) -> int:
        # text, for the database
        return put_back(env, entry, tables, survivor_gone=survivor_gone)
