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
        return {**super().extras(batch), "subject": marked(batch, "subject", SQL("t.subject"))}


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

    A record has one file per field: a rule of the ORM's that the database does not know. The one picked stays,
    else the survivor's, or else the first. The others become files of the survivor like any others, named by their
    field and lead. Those that are the same as what stays, that are derived from another file, or that groups keep
    from some users have no such name, and go to the record of the journal.

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
        name = SQL("CASE WHEN t.res_field IS NULL THEN %s ELSE t.name END", name)
        return {**super().extras(batch), "name": name}

    def probe(self, batch: Batch) -> SQL:
        if not batch.file_picks:
            return super().probe(batch)
        # the survivor's own may give way
        held = self.holds(batch, batch.concerned_ids)
        return SQL("EXISTS (SELECT FROM %s t WHERE %s)", self.relation, held)

    def moves(self, batch: Batch, sequence: int) -> tuple[SQL, ...]:
        if not self.in_fields:
            return super().moves(batch, sequence)
        return (self._set_aside(batch, sequence), *super().moves(batch, sequence + 1))

    def _set_aside(self, batch: Batch, sequence: int) -> SQL:
        """Take the files that give way out of their fields."""
        owners = SQL("owner AS (SELECT new_id, min(merge_id) AS merge_id FROM map GROUP BY new_id)")
        survivors, names, picked = zip(*batch.file_picks, strict=True) if batch.file_picks else ((), (), ())
        picks = SQL(
            "pick AS (SELECT * FROM unnest(%s::int[], %s::varchar[], %s::int[]) AS p(lead, field, picked))",
            list(survivors),
            list(names),
            list(picked),
        )
        ranked = SQL(
            """ranked AS (
                SELECT t.id, o.new_id AS _lead, o.merge_id AS _merge, t.checksum,
                       p.picked <> t.res_id AS passed_over,
                       m.old_id IS NOT NULL AND row_number() OVER w > 1 AS behind,
                       first_value(CASE WHEN p.picked = t.res_id OR p.picked IS NULL THEN t.checksum END) OVER w
                           AS kept
                  FROM ir_attachment t
             LEFT JOIN map m ON m.old_id = t.res_id
                  JOIN owner o ON o.new_id = COALESCE(m.new_id, t.res_id)
             LEFT JOIN pick p ON p.lead = o.new_id AND p.field = t.res_field
                 WHERE t.res_model = %s AND t.res_field IS NOT NULL AND t.res_id = ANY(%s)
                WINDOW w AS (PARTITION BY o.new_id, t.res_field
                                 ORDER BY (p.picked = t.res_id) DESC NULLS LAST, COALESCE(m.rank, 0), t.id))""",
            self.target.model,
            batch.concerned_ids,
        )
        found = SQL(
            """found AS (
                SELECT t.id AS _key, t.res_id AS _old, t.res_field AS _field, t.name AS _name, v.name AS _title,
                       CASE WHEN v.name IS NULL THEN r._merge ELSE r._lead END AS _new,
                       CASE WHEN v.name IS NULL THEN 'crm.lead.merge' ELSE t.res_model END AS _model, r._merge
                  FROM ranked r JOIN ir_attachment t ON t.id = r.id
            CROSS JOIN LATERAL (
                       SELECT CASE WHEN r.kept IS DISTINCT FROM r.checksum
                              THEN replace(%(marks)s::jsonb -> t.res_id::text ->> 1, %(placeholder)s,
                                           %(labels)s::jsonb -> t.res_field ->> 0) END AS name) v
                 WHERE r.behind OR r.passed_over)""",
            marks=json.dumps(batch.texts.get("file", {})),
            placeholder=PLACEHOLDER,
            labels=json.dumps(batch.texts.get("label", {})),
        )
        moved = SQL(
            """moved AS (
                UPDATE ir_attachment t
                   SET res_model = f._model, res_id = f._new, res_field = NULL, name = COALESCE(f._title, t.name)
                  FROM found f WHERE t.id = f._key RETURNING f.*)"""
        )
        rows = SQL(
            """jsonb_build_array(_key, _old, _new,
                   jsonb_build_object('res_model', %s, 'res_field', _field, 'name', _name),
                   jsonb_build_object('res_model', _model, 'res_field', NULL, 'name', COALESCE(_title, _name)))""",
            self.target.model,
        )
        line = Line("moved", self.kind, "moved", self.table, self.column, rows, sequence, model=self.model)
        return journaling([batch.map, owners, picks, ranked, found, moved], [line])


def _keeps_files(search: Search) -> bool:
    fields = search.catalogue.env[search.target.model]._fields.values()
    return any(field.store and field.type in ("binary", "image") and field.attachment for field in fields)
