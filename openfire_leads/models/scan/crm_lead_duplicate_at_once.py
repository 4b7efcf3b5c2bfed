"""The scan at one stroke, beside the workers who do the same in parts."""

from psycopg2.extensions import TransactionRollbackError

from odoo import api, models
from odoo.tools import SQL

from .crm_lead_scan_progress import LATELY


class CrmLeadDuplicate(models.Model):
    _inherit = "crm.lead.duplicate"

    @api.model
    def _scan_all(self):
        """Compare all leads at one stroke, unless others are at work on leads: then it is left to the background.

        A scan in the background that nobody is at work on is done with that. Whoever saves one of the leads meanwhile
        goes first, and the scan in the background compares all as they are then.

        :return: as ``scan()``; ``scan_id`` where it is left to the background, where nothing is counted yet
        """
        scans = self.env["crm.lead.scan"]
        if scans._running()._is_at_work() or not self.env["crm.lead.match"]._works_alone():
            return scans._start()._report()
        try:
            with self.env.cr.savepoint():
                report = super()._scan_all()
                scans._running()._close_as_done(report)
        except TransactionRollbackError:
            return scans._start()._report()
        self.env["crm.lead.match.queue"]._wake_up()
        return {**report, "scan_id": False, "message": False}


class CrmLeadScan(models.Model):
    _inherit = "crm.lead.scan"

    def _is_at_work(self):
        """Return whether a part of this scan was done lately: between two parts nobody holds the lock."""
        self.flush_recordset()
        return bool(
            self.env.execute_query(
                SQL(
                    """
                    SELECT FROM crm_lead_scan_batch WHERE scan_id = ANY(%s)
                       AND changed_on > clock_timestamp() AT TIME ZONE 'UTC' - %s * interval '1 second' LIMIT 1
                    """,
                    self.ids,
                    LATELY,
                )
            )
        )

    def _close_as_done(self, report):
        """Note that the leads of this scan were compared at one stroke, which came to ``report``."""
        if self:
            self._close("done")
            names = ("compared", "pairs", "not_compared")
            self.write({
                "total": report["leads"],
                "done": report["leads"],
                "basis": self._basis(),
                **{name: report[name] for name in names},
            })  # fmt: skip

    def _report(self):
        """Return what ``crm.lead.duplicate.scan()`` returns where this scan does it in the background.

        Whoever kept away from a scan at one stroke goes on with it.
        """
        self._wake_up()
        self.env["crm.lead.match.queue"]._wake_up()
        return {
            "leads": self.total,
            "compared": 0,
            "pairs": 0,
            "not_compared": 0,
            "scan_id": self.id,
            "message": self.env._(
                "Other leads are being compared just now, so all leads are compared in the background. “Scans of All "
                "Leads” shows how far that is."
            ),
        }
