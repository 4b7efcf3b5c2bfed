"""Undoing a merge by hand: values that were changed since are shown first, to choose from."""

from odoo import models

from ...tools import client_actions, remote_calls
from .crm_lead_merge_result import NAMED


class CrmLeadMerge(models.Model):
    _inherit = "crm.lead.merge"

    @remote_calls.checked(one=True)
    def action_undo_or_ask(self):
        """Undo this merge; where the survivor was changed since, ask first what to keep.

        :returns: the action of the undo itself, or of the window that asks
        :raises UserError, AccessError: as :meth:`action_undo`
        """
        self._undo_check()
        return self.action_ask_undo() if self.undo_conflicts() else self._undo_and_tell()

    @remote_calls.checked(one=True)
    def action_ask_undo(self):
        """Return the action of the window that asks what to keep and then undoes this merge.

        :raises UserError, AccessError: where :meth:`action_undo` would be refused
        """
        self._undo_check()
        action = self.env["ir.actions.act_window"]._for_xml_id("openfire_leads.crm_lead_merge_undo_action")
        action["name"] = self._in_words("window")
        action["context"] = {"default_merge_id": self.id}
        return action

    def _undo_and_tell(self, restore=None):
        """Undo these merges, and tell the user by a notification what exists again.

        :returns: as :meth:`action_undo`; where messages came since that seem to belong to a lead that exists again,
            an action that shows the same and the window that proposes to move them
        """
        action = self.action_undo(restore=restore)
        self.env.user._bus_send("simple_notification", {"type": "success", "message": self._told_undone()})
        window = self._arrived_window()
        return client_actions.show_undone(action, window) if window else action

    def _told_undone(self):
        """Return as a sentence what the undo of these merges and conversions brought back."""
        merges = self.filtered(lambda merge: merge.kind == "merge")
        if not merges:
            return (
                self.env._("The conversion is undone.")
                if len(self) == 1
                else self.env._("The conversions are undone.")
            )
        names = [name for merge in merges for name in (merge.merged_names or "").split("\n") if name]
        quoted = self.env["crm.lead"]._merge_quoted(names, NAMED)
        if len(merges) > 1:
            return self.env._("The merges are undone. Existing again: %(names)s.", names=quoted)
        return self.env._("The merge is undone. Existing again: %(names)s.", names=quoted)

    @remote_calls.checked(one=True)
    def undo_choices(self):
        """Return what is to choose from before an undo, as texts.

        :returns: ``[{"field", "label", "current", "before"}]``, in the order of the labels
        """
        choices = [
            {
                "field": conflict["field"],
                "label": conflict["label"],
                "current": self._undo_value_text(conflict["field"], conflict["current"]),
                "before": self._undo_value_text(conflict["field"], conflict["before"]),
            }
            for conflict in self.undo_conflicts()
        ]
        return sorted(choices, key=lambda choice: choice["label"])

    def _undo_value_text(self, fname, raw):
        """Return a column's value, as the journal keeps it in JSON, as text for people."""
        Lead = self.env["crm.lead"]
        field = Lead._fields.get(fname)
        if field is None or field.type in ("properties", "json"):
            return ""
        if isinstance(raw, dict):  # a value per language or per company
            key = self.env.lang or "en_US" if field.translate else str(self.env.company.id)
            raw = raw.get(key, next(iter(raw.values()), False))
        return Lead._merge_display_raw(fname, raw)
