"""What is kept of the merged leads' own when their survivor is deleted, and comes back with them."""

from __future__ import annotations

from typing import Any

from ..journal import Entry
from ..tables import Tables
from .base import Kind
from .putback import put_back


class Kept(Kind):
    """Rows that may go with the survivor to which a merge had moved them, and the rows that go with these.

    ``mail_message (id 7, model 'crm.lead', res_id 12)``, the whole row, on the lead that it was moved from
    """

    kind = "kept"

    @classmethod
    def restore(cls, env: Any, entry: Entry, tables: Tables, *, survivor_gone: bool) -> int:
        """Insert the rows that are gone, fill what was emptied in the others.

        Whether all are as they were is for the entry of the move to tell."""
        put_back(env, entry, tables, survivor_gone=survivor_gone)
        return entry.count
