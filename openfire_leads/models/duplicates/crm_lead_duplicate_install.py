"""Installing and upgrading: a lead that cannot be compared is no reason not to."""

import logging

import psycopg2

from odoo import api, models

_logger = logging.getLogger(__name__)

# a database of more leads than this is scanned by the queue after the installation or an upgrade
SCAN_AT_INSTALL = 5000


class CrmLeadDuplicate(models.Model):
    _inherit = "crm.lead.duplicate"

    @api.model
    def _scan_stale(self):
        """Compare the leads that this version of the engine has not seen: at once when there are few leads in
        all, else by the queue. Called when the addon is installed or upgraded.

        What could not be compared so far is tried again: the upgrade may have put it right. Where the scan fails,
        the queue looks at each lead by itself.
        """
        queue, match = self.env["crm.lead.match.queue"], self.env["crm.lead.match"]
        queue._retry_failed()
        stale = match._stale_lead_ids()
        if not stale:
            return
        if self.env["crm.lead"].with_context(active_test=False).search_count([]) > SCAN_AT_INSTALL:
            queue._append(stale)
            return
        try:
            with self.env.cr.savepoint():
                self.scan()
        except psycopg2.Error:
            raise
        except Exception:
            _logger.exception("Leads cannot be compared together: the queue compares them")
            queue._append(match._stale_lead_ids())
