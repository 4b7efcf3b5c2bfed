"""A scan where no scheduled action runs: whoever waits for it does the work."""

from odoo import api, fields, models

from ...tools import remote_calls


class CrmLeadScan(models.Model):
    """In a neutralised copy of a database, or without the scheduler, a scan would wait for ever.

    The page that shows how far it is has it go on, a few seconds of each scheduled action at a time: contacts, the
    queue, then the scan. Odoo commits what they do as it does in the background; whoever leaves the page goes on later.
    """

    _inherit = "crm.lead.scan"

    is_background_stopped = fields.Boolean(
        "Scheduled Actions Do Not Run", compute="_compute_is_background_stopped"
    )

    def _compute_is_background_stopped(self):
        self.is_background_stopped = self.env["crm.lead.duplicate"]._is_background_stopped()

    @api.model
    @remote_calls.checked()
    def work_along(self):
        """Go on for some seconds with the scan that is running, and with all else that waits to be compared.

        Nothing is done where the scheduled actions do it.

        :return: as ``scan_progress()``
        :raises AccessError: for others than sales managers
        """
        self._check_manager()
        duplicates = self.env["crm.lead.duplicate"]
        if not duplicates._is_background_stopped():
            return self.scan_progress()
        for cron in duplicates._background_crons():
            # who has another page open may be at it
            if cron.try_lock_for_update(allow_referencing=True):
                cron.method_direct_trigger()
        # this transaction sees the scan as it was before they worked, in transactions of their own
        with self.env.registry.cursor() as cr:
            return self.with_env(self.env(cr=cr)).scan_progress()
