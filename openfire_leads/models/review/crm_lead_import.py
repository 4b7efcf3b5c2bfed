"""The groups of the leads that came with an import."""

from odoo import models

from ...tools import remote_calls


class CrmLeadImport(models.Model):
    _inherit = "crm.lead.import"

    @remote_calls.checked(one=True)
    def action_show_duplicates(self):
        """Return the action that reviews the groups of the imported leads."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "openfire_leads.crm_lead_duplicate_group_action"
        )
        # not the path of all groups: the client would show those where the page is loaded anew
        return {**action, "path": False, "domain": [("lead_ids.import_id", "=", self.id)]}
