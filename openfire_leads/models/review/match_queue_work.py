"""Groups are brought up to date with each turn of the queue."""

from odoo import api, models


class CrmLeadMatchQueue(models.Model):
    _inherit = "crm.lead.match.queue"

    @api.model
    def _cron_work_off(self):
        """Group the leads, too, whose pairs have changed."""
        result = super()._cron_work_off()
        self.env["crm.lead.duplicate.group"]._cron_bring_up_to_date()
        return result
