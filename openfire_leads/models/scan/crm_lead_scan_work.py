"""Working a scan off: part by part, by as many scheduled actions as there are, each part a transaction."""

import logging
import time
from contextlib import suppress

import psycopg2

from odoo import api, models

from ...tools.transactions import is_conflict, is_outage
from .crm_lead_scan_batch import COUNT, PAIR, QUEUED

_logger = logging.getLogger(__name__)

# How often a part is tried that fails, whose leads somebody changes, or whose worker is killed.
ATTEMPTS = 5
# the scheduled actions that work on a scan
CRONS = ("openfire_leads.ir_cron_lead_scan", "openfire_leads.ir_cron_lead_scan_helper")


class CrmLeadScan(models.Model):
    """A worker takes a part, does it, commits, and takes the next.

    1. The attempt is noted and committed, then the part is locked: another worker passes it over.
    2. It is done; what it found and that it is done are committed together. Where the server is killed in between,
       the part is as it was, and the next worker takes it.
    3. Where it fails, it is tried again after the others. After the last attempt a range of leads is left to the
       queue, which compares them one by one; where it is no range, the scan has failed.
    4. Where the database is gone, or has no room left, that counts as no attempt.
    """

    _inherit = "crm.lead.scan"

    @api.model
    def _cron_work_off(self):
        """Work on the scan that is running, as long as the scheduled action has time."""
        cron, batches, step = self.env["ir.cron"], self.env["crm.lead.scan.batch"], None
        while True:
            batch = self._next_batch()
            if not batch:
                if self._read_ahead():
                    continue  # there may be something to do by now
                # whoever is at the rest goes on with it, or compares all leads at one stroke
                cron._commit_progress(remaining=0)
                return
            if step not in (None, batch.step):
                self._wake_up()  # there may be work for more than one again
            step = batch.step
            scan = self.browse(batch.scan_id)
            ended = self._work_on(scan, batch)
            time_left = cron._commit_progress(1, remaining=batches._count_open(scan.id))
            if ended:
                self._follow(scan)
            if not time_left:
                return

    @api.model
    def _wake_up(self):
        """Have the scheduled actions run once the transaction is committed."""
        for xml_id in CRONS:
            # sudo: who may have leads scanned may have the scheduled actions run that do it
            if cron := self.env.ref(xml_id, raise_if_not_found=False):
                cron.sudo()._trigger()

    @api.model
    def _next_batch(self):
        """Take a part and commit that; return the batch, ``None`` where there is none to take."""
        for _attempt in range(ATTEMPTS):
            try:
                batch = self.env["crm.lead.scan.batch"]._claim()
                self.env["ir.cron"]._commit_progress()
            except psycopg2.Error as error:
                if not is_conflict(error):
                    raise
                self.env.cr.rollback()  # another worker was faster
            else:
                return batch
        return None

    def _read_ahead(self):
        """Read what is to be compared while another worker makes ready for it; forget it where nothing is.

        :return: whether something was read
        """
        match, scan = self.env["crm.lead.match"], self._running()
        if not scan:
            match._forget_whole()
            return False
        return self.env["crm.lead.scan.batch"]._step_of(scan.id) in (COUNT, PAIR) and match._read_ahead(
            scan.id
        )

    def _work_on(self, scan, batch):
        """Do a part, or give it up; what it raises is noted with the part.

        :return: whether the scan is done with it
        """
        try:
            return self._do(scan, batch)
        except Exception as error:
            if is_outage(error):
                self._take_attempt_back(batch, error)
                raise
            self.env.cr.rollback()
            # where somebody has changed one of the leads, or stopped the scan, it starts again with what is there now
            if is_conflict(error):
                _logger.info("A part of the scan of all leads starts again (step %s): %s", batch.step, error)
            else:
                _logger.exception("A part of the scan of all leads failed, attempt %s", batch.attempts)
                self.env["crm.lead.scan.batch"]._note_error(batch, error)
        return False

    def _take_attempt_back(self, batch, error):
        """Count no attempt that the part is not at fault for; where the database is gone, that remains undone."""
        with suppress(psycopg2.Error):
            self.env.cr.rollback()
            self.env["crm.lead.scan.batch"]._note_error(batch, error, back=1)
            self.env["ir.cron"]._commit_progress()

    def _do(self, scan, batch):
        batches = self.env["crm.lead.scan.batch"]
        if not batches._lock(batch):
            return False
        if batch.attempts > ATTEMPTS:
            self._give_up(scan, batch)
            return False
        start = time.monotonic()
        step, values = self._step(scan, batch)
        if step:
            batches._go_on(batch, step, time.monotonic() - start, **values)
        self.env.flush_all()  # a conflict with what is written is found here
        return not step

    def _give_up(self, scan, batch):
        batches = self.env["crm.lead.scan.batch"]
        if not batch.is_range:
            error = batches._column(batch, "error") or self.env._("The server was ended in the middle of it.")
            _logger.error("The scan of all leads failed: %s", error)
            scan._close("failed", error)
            return
        _logger.error(
            "The leads from %s to %s cannot be compared together: they are left to the queue",
            batch.first_id,
            batch.last_id,
        )
        leads = self.env["crm.lead"].with_context(active_test=False)
        self.env["crm.lead.match.queue"]._append(
            leads.search([("id", ">=", batch.first_id), ("id", "<=", batch.last_id)], order="id").ids
        )
        batches._go_on(batch, QUEUED)

    def _follow(self, scan):
        """Tell who started the scan, and do what follows it."""
        try:
            scan._tell_starter()
            self.env["crm.lead.duplicate.group"]._after_scan()
            self.env["ir.cron"]._commit_progress()
        except Exception:
            self.env.cr.rollback()
            _logger.exception("What follows a scan of all leads failed")
