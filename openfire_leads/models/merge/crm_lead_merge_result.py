"""What one click in a window merged: told afterwards, and taken back as a whole."""

from contextlib import contextmanager

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools import remote_calls

# more names than that are counted
NAMED = 3


class CrmLeadMergeResult(models.AbstractModel):
    """For windows that merge: what they do within :meth:`_remember_journal` can be told and undone."""

    _name = "crm.lead.merge.result"
    _inherit = ["openfire.chosen.records"]
    _description = "What Was Merged by One Click"

    journal_ids = remote_calls.PlainJson(
        "Journal Entries", readonly=True, help="Ids of the merges and conversions that this window made"
    )

    @contextmanager
    def _remember_journal(self):
        """Remember the merges and conversions that are made meanwhile as this window's.

        Gives the window to make them with: salespeople are told at the end, of what they have got by then.
        """
        [(last,)] = self.env.execute_query(SQL("SELECT COALESCE(max(id), 0) FROM crm_lead_merge"))
        with self.env["crm.lead"]._assigned_told_once() as assigned:
            yield self.with_context(openfire_assigned=assigned)
        made = self.env["crm.lead.merge"].search(
            [
                ("id", ">", last),
                ("user_id", "=", self.env.uid),
                # others' transactions have another date
                ("date", "=", self.env.cr.now()),
                ("kind", "!=", "link"),
            ],
            order="id",
        )
        self.exists().journal_ids = made.ids

    def _journal(self):
        """Return the entries that this window made and that are there still."""
        self.ensure_one()
        ids = remote_calls.ids(self.env, "journal_ids", self.journal_ids or [])
        return self.env["crm.lead.merge"].browse(ids).exists()._filtered_access("read")

    @remote_calls.checked(one=True)
    def get_merge_result(self):
        """Return what to tell after merging, or False if nothing was merged.

        :returns: ``{"merge_ids", "merged_ids": the leads that are gone, "survivor_id": False if there are several,
            "message", "can_undo"}``
        """
        journal = self._journal()
        merges = journal.filtered(lambda entry: entry.kind == "merge")
        if not merges:
            return False
        done = journal.filtered(lambda entry: entry.state == "done")
        return {
            "merge_ids": merges.ids,
            "merged_ids": [lead_id for merge in merges for lead_id in merge.merged_ids or ()],
            "survivor_id": len(merges.survivor_id) == 1 and merges.survivor_id.id,
            "message": merges._told(),
            "can_undo": bool(done) and all(done.mapped("can_undo")),
        }

    @remote_calls.checked(one=True)
    def action_undo_merge(self):
        """Take back what one click did: the merges, and the conversions that came with them."""
        done = self._journal().filtered(lambda entry: entry.state == "done")
        if not done:
            raise UserError(self.env._("Nothing was merged from this window: there is nothing to undo."))
        return done._undo_and_tell() if len(done) > 1 else done.action_undo_or_ask()


class CrmLeadMerge(models.Model):
    _inherit = "crm.lead.merge"

    def _told(self):
        """Return as a sentence what these merges merged into what."""
        names = [name for merge in self for name in (merge.merged_names or "").split("\n") if name]
        survivors = self.env["crm.lead"]._merge_quoted(self.mapped("survivor_name"), NAMED)
        if len(self) > 1:
            return self.env._(
                "%(count)s leads were merged into %(survivors)s.", count=len(names), survivors=survivors
            )
        quoted = self.env["crm.lead"]._merge_quoted(names, NAMED)
        if len(names) > 1:
            return self.env._("%(names)s were merged into %(survivor)s.", names=quoted, survivor=survivors)
        return self.env._("%(name)s was merged into %(survivor)s.", name=quoted, survivor=survivors)
