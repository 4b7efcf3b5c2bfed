from odoo import api, models
from odoo.tools import SQL


class CrmLeadMatchQueue(models.Model):
    _inherit = "crm.lead.match.queue"

    @api.model
    def _cron_work_off(self):
        """Group the leads, too, whose pairs have changed."""
        result = super()._cron_work_off()
        self.env["crm.lead.duplicate.group"]._cron_bring_up_to_date()
        return result

    @api.model
    def _count_waiting(self):
        """Return how many leads have not been compared as they are now, without those where that failed."""
        [(count,)] = self.env.execute_query(
            SQL("SELECT count(DISTINCT lead_id) FROM crm_lead_match_queue WHERE NOT recheck AND failures = 0")
        )
        return count
