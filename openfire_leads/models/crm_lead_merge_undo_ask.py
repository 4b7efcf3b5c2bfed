"""Undoing a merge by hand: values that were changed since are shown first, to choose from."""

from odoo import fields, models


class CrmLeadMerge(models.Model):
    _inherit = "crm.lead.merge"

    def action_ask_undo(self):
        """Undo this merge, or ask first where the survivor was changed since.

        :returns: the action of the undo itself, or of the window that asks
        :raises UserError, AccessError: as :meth:`action_undo`
        """
        self.ensure_one()
        self._undo_check()
        if not self.undo_conflicts():
            return self._undo_and_tell()
        action = self.env["ir.actions.act_window"]._for_xml_id("openfire_leads.crm_lead_merge_undo_action")
        action["context"] = {"default_merge_id": self.id}
        return action

    def _undo_and_tell(self, restore=None):
        """Undo these merges, and tell the user by a notification what exists again.

        :returns: as :meth:`action_undo`
        """
        action = self.action_undo(restore=restore)
        names = [name for merge in self for name in (merge.merged_names or "").split("\n") if name]
        if names:
            message = self.env._("The merge is undone. Existing again: %(names)s.", names=", ".join(names))
        else:
            message = self.env._("The conversion is undone.")
        self.env.user._bus_send("simple_notification", {"type": "success", "message": message})
        return action

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
        if field.type == "datetime" and raw:
            raw = fields.Datetime.to_datetime(raw[:19].replace("T", " "))
        if field.type == "many2one":
            raw = self.env[field.comodel_name].browse(raw or ()).exists()
        return Lead.new({fname: raw})._merge_display(fname)
