"""Installing and upgrading: a lead that cannot be compared is no reason not to."""

import logging

import psycopg2

from odoo import api, models

_logger = logging.getLogger(__name__)


class CrmLeadDuplicate(models.Model):
    _inherit = "crm.lead.duplicate"

    @api.model
    def _scan_stale(self):
        """Leave it to the queue, which looks at each lead by itself, where the scan fails.

        What could not be compared so far is tried again: the upgrade may have put it right.
        """
        self.env["crm.lead.match.queue"]._retry_failed()
        try:
            with self.env.cr.savepoint():
                return super()._scan_stale()
        except psycopg2.Error:
            raise
        except Exception:
            _logger.exception("Leads cannot be compared together: the queue compares them")
            return self.env["crm.lead.match.queue"]._append(self.env["crm.lead.match"]._stale_lead_ids())
