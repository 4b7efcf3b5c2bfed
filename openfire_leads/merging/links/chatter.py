"""What a record's chatter consists of: messages, followers, files."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from odoo.tools import SQL

from ..batch import Batch
from ..catalogue import Unique
from ..journal import Line, journaling
from .base import Search
from .clashes import rows_of_merged
from .pair import PairLink

# put where a message's subject or a file's name goes, in texts made in Python and used in SQL
PLACEHOLDER = "\x01"


def marked(batch: Batch, what: str, column: SQL) -> SQL:
    """Return a text with Odoo's mark on what comes from the merged lead ``m`` ("From …"), put together in SQL.

    :param what: the texts of the batch to take, ``subject`` or ``file``
    """
    return SQL(
        "(SELECT CASE WHEN COALESCE(%(column)s, '') = '' THEN x.v->>0"
        " ELSE replace(x.v->>1, %(placeholder)s, %(column)s) END"
        " FROM (SELECT %(texts)s::jsonb -> m.old_id::text AS v) x)",
        column=column,
        placeholder=PLACEHOLDER,
        texts=json.dumps(batch.texts.get(what, {})),
    )


@dataclass(frozen=True)
class MessageLink(PairLink):
    """The record of a message: its subject tells from which lead it came.

    ``mail_message (id 7, model 'crm.lead', res_id 12, subject 'Quotation')``
    """

    kind = "message"
    place = ("mail_message", "res_id")

    def extras(self, batch: Batch) -> dict[str, SQL]:
        return {"subject": marked(batch, "subject", SQL("t.subject"))}


@dataclass(frozen=True)
class FollowerLink(PairLink):
    """What somebody follows. By the rule ``confidence``, who did not write for 30 days does not follow on.

    ``mail_followers (id 7, res_model 'crm.lead', res_id 12, partner_id 3)``
    """

    kind = "follower"
    place = ("mail_followers", "res_id")

    def lost(self, batch: Batch) -> list[SQL]:
        lost = super().lost(batch)
        if batch.rule == "confidence":
            silent = SQL(
                """NOT EXISTS (SELECT FROM mail_message mm
                                WHERE mm.author_id = t.partner_id AND mm.model = %s
                                  AND mm.res_id = t.res_id AND mm.date > now() - INTERVAL '30 DAY')""",
                self.target.model,
            )
            lost.append(rows_of_merged(self, silent))
        return lost


@dataclass(frozen=True)
class FileLink(PairLink):
    """The record of a file. Its name tells from which lead it came; that of a file in a binary field is the field's.

    ``ir_attachment (id 7, res_model 'crm.lead', res_id 12, res_field NULL, name 'plan.txt')``

    A record has one file per field: a rule of the ORM's that the database does not know. The survivor's
    stays, or else the first. The others go to the record of the journal, so that they can be opened there and
    their content is not collected.

    :param in_fields: the target has fields whose values are files
    """

    kind = "file"
    place = ("ir_attachment", "res_id")

    in_fields: bool = False

    @classmethod
    def _beside(cls, search: Search, columns: Any, model_column: str) -> dict[str, Any] | None:
        details = super()._beside(search, columns, model_column)
        return {**details, "in_fields": _keeps_files(search)} if details else None

    @classmethod
    def _uniques(cls, search: Search, table: str, column: str) -> tuple[Unique, ...]:
        return ()

    def extras(self, batch: Batch) -> dict[str, SQL]:
        name = marked(batch, "file", SQL("t.name"))
        return {"name": SQL("CASE WHEN t.res_field IS NULL THEN %s ELSE t.name END", name)}

    def moves(self, batch: Batch, sequence: int) -> tuple[SQL, ...]:
        if not self.in_fields:
            return super().moves(batch, sequence)
        return (self._set_aside(batch, sequence), *super().moves(batch, sequence + 1))

    def _set_aside(self, batch: Batch, sequence: int) -> SQL:
        """Give the files of fields that lose to the journal's record."""
        ranked = SQL(
            """ranked AS (
                SELECT t.id, m.merge_id AS _merge, row_number() OVER (
                           PARTITION BY COALESCE(m.new_id, t.res_id), t.res_field
                           ORDER BY COALESCE(m.rank, 0), t.id) AS position
                  FROM ir_attachment t LEFT JOIN map m ON m.old_id = t.res_id
                 WHERE t.res_model = %s AND t.res_field IS NOT NULL AND t.res_id = ANY(%s))""",
            self.target.model,
            batch.concerned_ids,
        )
        found = SQL(
            """found AS (
                SELECT t.id AS _key, t.res_id AS _old, t.res_field, r._merge
                  FROM ir_attachment t JOIN ranked r ON r.id = t.id
                 WHERE r.position > 1 AND r._merge IS NOT NULL)"""
        )
        moved = SQL(
            """moved AS (
                UPDATE ir_attachment t
                   SET res_model = 'crm.lead.merge', res_id = f._merge, res_field = NULL
                  FROM found f WHERE t.id = f._key RETURNING f.*)"""
        )
        rows = SQL(
            """jsonb_build_array(_key, _old, _merge,
                   jsonb_build_object('res_model', %s, 'res_field', res_field),
                   jsonb_build_object('res_model', 'crm.lead.merge', 'res_field', NULL))""",
            self.target.model,
        )
        line = Line("moved", self.kind, "moved", self.table, self.column, rows, sequence, model=self.model)
        return journaling([batch.map, ranked, found, moved], [line])


def _keeps_files(search: Search) -> bool:
    fields = search.catalogue.env[search.target.model]._fields.values()
    return any(field.store and field.type in ("binary", "image") and field.attachment for field in fields)
