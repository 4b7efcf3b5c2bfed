"""What follows a scan of all leads."""

from odoo import api, models


class CrmLeadDuplicateGroup(models.Model):
    _inherit = "crm.lead.duplicate.group"

    @api.model
    def _after_scan(self):
        """Hook: a scan of all leads is done and the groups are up to date. Nothing is done here.

        It is called once by the scheduled action that ended the scan, as the superuser, in a transaction of its own
        that begins after the scan's result is committed: it may commit in between. What it raises is logged and takes
        nothing of the scan back. Where the server is killed meanwhile it is not called again.
        """
