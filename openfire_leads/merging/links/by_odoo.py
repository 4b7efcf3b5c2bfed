"""What Odoo did by itself while it merged or converted: no links, but journaled with them and taken back."""

from __future__ import annotations

from typing import Any

from odoo.tools import SQL

from ..catalogue import identifier
from ..journal import Entry
from ..tables import Tables
from .base import Kind
from .putback import take_off


class Created(Kind):
    """Rows that were made: somebody follows the survivor, a customer exists.

    ``mail_followers (id 7)``, journaled as ``7``
    """

    kind = "created"

    @classmethod
    def restore(cls, env: Any, entry: Entry, tables: Tables, *, survivor_gone: bool) -> int:
        """Delete the rows. What somebody removed already needs no undoing."""
        # a customer goes by the ORM, if nothing was built on it
        if entry.table != "res_partner":
            env.cr.execute(
                SQL(
                    "DELETE FROM %s t USING %s WHERE t.id = (r.e #>> '{}')::bigint",
                    entry.relation,
                    entry.rows,
                )
            )
        return entry.count


class Joined(Kind):
    """Rows that were made in a table without ids: a computed many2many field got them.

    ``crm_lead_industry_rel (lead_id 12, industry_id 3)``, journaled as ``{"lead_id": 12, "industry_id": 3}``
    """

    kind = "joined"

    @classmethod
    def restore(cls, env: Any, entry: Entry, tables: Tables, *, survivor_gone: bool) -> int:
        """Delete the rows. What somebody removed already needs no undoing."""
        assert entry.column
        env.cr.execute(
            SQL(
                "DELETE FROM %s t USING %s WHERE t.%s = (r.e->>%s)::int AND to_jsonb(t) = r.e",
                entry.relation,
                entry.rows,
                identifier(entry.column),
                entry.column,
            )
        )
        return entry.count


class Delta(Kind):
    """Counters that went up or down: how often a value was seen in won and lost leads.

    ``crm_lead_scoring_frequency (id 7, won_count 4.1)``, journaled as ``[7, {"won_count": 1.0}, false]``
    """

    kind = "delta"

    @classmethod
    def restore(cls, env: Any, entry: Entry, tables: Tables, *, survivor_gone: bool) -> int:
        return take_off(env, entry, tables.types[entry.table])
