from odoo import api, models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.model
    def _merge_ignored_models(self):
        """Groups are made anew from the pairs: a merge leaves them alone."""
        return [*super()._merge_ignored_models(), "crm.lead.duplicate.group"]
