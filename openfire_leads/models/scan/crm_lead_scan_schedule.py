"""The scan that starts by itself."""

import logging

from odoo import api, models
from odoo.tools import SQL
from odoo.tools.json import scriptsafe as json

from ... import matching
from ..duplicates.crm_lead_duplicate_refresh import LEARNT, RATE
from .crm_lead_scan_batch import COMPARE

_logger = logging.getLogger(__name__)


class CrmLeadScan(models.Model):
    _inherit = "crm.lead.scan"

    @api.model
    def _cron_start(self):
        """Start a scan, unless it would find what the last one found."""
        if self._nothing_changed():
            _logger.info("No scan of all leads: nothing has changed since the last one")
            return
        self._start()

    @api.model
    def _start_anew(self):
        """Start a scan because all leads are to be compared anew; one that is running gives way to it."""
        self._running()._close("stopped")
        return self._start(awaited=True)

    def _takes_over(self):
        """Return whether the scan before this one was to compare leads that nobody had compared, and did not."""
        before = self.search([("id", "<", self.id)], limit=1)
        return before.state in ("stopped", "failed") and before.awaiting > 0

    @api.model
    def _is_yet_to_compare(self):
        """Return whether a scan is running that will compare all leads as they are to be compared from now on."""
        running = self._running()
        return bool(running) and not self.env["crm.lead.scan.batch"]._is_past(running.id, COMPARE)

    @api.model
    def _nothing_changed(self):
        """Return whether neither leads nor the way they are compared have changed since the last scan."""
        last = self.search([("state", "in", ("done", "running"))], limit=1)
        if not last or last.state == "running" or last.basis != self._basis():
            return False
        self.env["crm.lead"].flush_model()
        # a lead that was being written while the scan began counts as written since
        [(unchanged,)] = self.env.execute_query(
            SQL(
                """
                SELECT count(*) = %s AND coalesce(max(write_date) < %s, true) FROM crm_lead
                """,
                last.total,
                last.started_on,
            )
        )
        return unchanged and not self.env.execute_query(
            SQL("%s LIMIT 1", self.env["crm.lead.match"]._stale_sql())
        )

    @api.model
    def _basis(self):
        """Return by what leads are compared, as a text."""
        get_param = self.env["ir.config_parameter"].sudo().get_param
        model = self.env["crm.lead.duplicate"]._matching_model()
        return json.dumps(
            [matching.ENGINE_VERSION, model.suspicion, get_param(RATE) or None, get_param(LEARNT) or None]
        )
