"""Nothing is added to a lead while it is being merged away."""

from odoo import models
from odoo.tools import SQL


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def message_post(self, **kwargs):
        """Hold the lead while a message is added to it.

        A message is tied to its lead by no foreign key: without this, one posted while the lead is being
        merged would stay behind on a lead that no longer exists. Now it waits for the merge, and the
        request is tried again, or the merge is told that somebody is at work.
        """
        if self.ids:
            self.env.cr.execute(SQL("SELECT FROM crm_lead WHERE id IN %s FOR KEY SHARE", tuple(self.ids)))
        return super().message_post(**kwargs)
