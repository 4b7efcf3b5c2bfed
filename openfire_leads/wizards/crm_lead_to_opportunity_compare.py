"""From the convert window to the merge window and back: compare, choose, merge, convert."""

from odoo import fields, models
from odoo.fields import Command


class CrmLead2opportunityPartner(models.TransientModel):
    _inherit = "crm.lead2opportunity.partner"

    def action_compare(self):
        """Open the merge window on the lead and the opportunities to merge it with."""
        self.ensure_one()
        action = (self.duplicated_lead_ids | self.lead_id)._open_merge_window()
        action["context"]["default_convert_id"] = self.id
        return action


class CrmMergeOpportunity(models.TransientModel):
    _inherit = "crm.merge.opportunity"

    convert_id = fields.Many2one(
        "crm.lead2opportunity.partner",
        "Conversion",
        ondelete="set null",
        help="The convert window from which this one was opened: it converts and assigns the result",
    )

    def _merge_and_redirect(self):
        """Leave merging to the convert window that this one was opened from, if there is one."""
        if not self.convert_id:
            return super()._merge_and_redirect()
        leads = self.opportunity_ids
        lead = self.convert_id.lead_id if self.convert_id.lead_id in leads else leads[0]
        values = {"name": "merge", "duplicated_lead_ids": [Command.set(leads.ids)]}
        if lead != self.convert_id.lead_id:
            values["lead_id"] = lead.id
        self.convert_id.write(values)
        return self.convert_id.action_apply()
