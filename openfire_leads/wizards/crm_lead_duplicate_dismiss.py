"""Ask why leads are not duplicates; the answer may stay empty."""

from odoo import api, fields, models


class CrmLeadDuplicateDismiss(models.TransientModel):
    _name = "crm.lead.duplicate.dismiss"
    _description = "Dismiss Pairs of Similar Leads"

    pair_ids = fields.Many2many("crm.lead.duplicate", string="Leads", required=True)
    reason = fields.Char()

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if (
            "pair_ids" in fields
            and "pair_ids" not in values
            and self.env.context.get("active_model") == "crm.lead.duplicate"
        ):
            values["pair_ids"] = self.env.context.get("active_ids", [])
        return values

    def action_dismiss(self):
        self.ensure_one()
        self.pair_ids.action_dismiss(self.reason)
        return {"type": "ir.actions.act_window_close"}
