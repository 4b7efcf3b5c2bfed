"""Leads that are all to be compared: few of them at once, many in the background."""

import logging

import psycopg2

from odoo import api, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

# a database of more leads than this is compared in the background, whoever asks for it
AT_ONCE = 5000


class CrmLeadDuplicate(models.Model):
    _inherit = "crm.lead.duplicate"

    @api.model
    def _scan_stale(self):
        """Compare the leads that this version of the engine has not seen: at once when there are few leads in
        all, else in the background. Called when the addon is installed or upgraded.

        However many leads there are, installing the addon reads no more of them than :data:`AT_ONCE`. What could not
        be compared so far is tried again: the upgrade may have put it right. Where the comparison fails, the queue
        looks at each lead by itself.
        """
        queue, match = self.env["crm.lead.match.queue"], self.env["crm.lead.match"]
        queue._retry_failed()
        unknown = match._unknown_lead_ids(AT_ONCE + 1)
        if not unknown:
            return
        if len(unknown) > AT_ONCE:
            self.env["crm.lead.scan"]._start_anew()
            return
        if self._are_many():
            queue._append(unknown)
            return
        try:
            with self.env.cr.savepoint():
                self.scan()
        except psycopg2.Error:
            raise
        except Exception:
            _logger.exception("Leads cannot be compared together: the queue compares them")
            queue._append(unknown)

    @api.model
    def _queue_all(self):
        """Have all leads compared anew: many of them by a scan, which does it faster than the queue."""
        scans = self.env["crm.lead.scan"]
        if not self._are_many():
            super()._queue_all()
        elif not scans._is_yet_to_compare():
            scans._start_anew()

    @api.model
    def _are_many(self):
        """Return whether there are too many leads to compare all of them in the transaction of whoever asks."""
        return bool(self.env.execute_query(SQL("SELECT FROM crm_lead OFFSET %s LIMIT 1", AT_ONCE)))
