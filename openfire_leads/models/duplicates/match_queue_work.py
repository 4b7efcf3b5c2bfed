"""Working the queue off: in batches, and lead by lead where a batch fails."""

import logging

from psycopg2.extensions import TransactionRollbackError

from odoo import api, models
from odoo.tools import SQL

from ...tools.transactions import is_conflict, is_outage

_logger = logging.getLogger(__name__)

# How many leads are compared between two commits.
BATCH = 500
# How often a batch starts again when somebody changed one of its leads meanwhile.
ATTEMPTS = 5
# Minutes to wait after the first failure on a lead, twice as long after each further one, ...
FIRST_WAIT = 10
# ... up to a day: what is wrong may be put right by an upgrade.
LONGEST_WAIT = 24 * 60


class CrmLeadMatchQueue(models.Model):
    """A lead on which the comparison fails must not hold up the others.

    1. A batch is compared at one stroke.
    2. When somebody saved one of its leads meanwhile, it starts again with what is there now.
    3. When it fails, or was disturbed too often, its leads are compared one by one. One that fails stays in the
       queue with the error, which is logged and told in Settings, and is tried again later and later.
    4. One that somebody is at work on is not waited for: it has its turn later.
    5. Where the database is gone, or has no room left, no lead is at fault: all stay in the queue.
    """

    _inherit = "crm.lead.match.queue"

    @api.model
    def _cron_work_off(self):
        """Empty the queue, a batch at a time, as long as the scheduled action has time."""
        cron, attempts, drifting = self.env["ir.cron"], 0, True
        cron._commit_progress(remaining=self._count_due())
        while True:
            try:
                if drifting and self._keeps_counts():  # looked at once, for all leads are counted for it
                    drifting = False
                    self.env["crm.lead.match.term"]._recount_if_drifted()
                done = self._work_off()
            except Exception as error:
                if is_outage(error):
                    raise
                self.env.cr.rollback()
                attempts += 1
                if is_conflict(error) and attempts < ATTEMPTS:
                    continue
                if not is_conflict(error):
                    _logger.exception("Leads cannot be compared together: they are compared one by one")
                done = self._work_off_undisturbed()
            attempts = 0
            self.env["crm.lead.import"]._tell_compared()
            if not done:
                cron._commit_progress(remaining=0)  # whoever compares all leads wakes it up afterwards
                break
            if not cron._commit_progress(done):
                break

    @api.model
    def _work_off(self, limit=BATCH):
        """Compare the leads that have waited longest.

        :return: how many rows of the queue were dealt with
        """
        rows = self._take(limit)
        if rows:
            self._follow_counts()
            leads = self._free({lead_id for lead_id, _failures in rows})
            if leads:
                self.env["crm.lead.duplicate"].sudo().scan(leads.ids)
        return len(rows)

    @api.model
    def _follow_counts(self):
        """Count what the new leads have, and put those in the queue whose pairs rest on what many have by now."""
        if self._keeps_counts() and (lead_ids := self.env["crm.lead.match.term"]._count_new()):
            self._append(lead_ids)

    @api.model
    def _keeps_counts(self):
        """Return whether the queue has the counts of terms follow: nobody else is about to count."""
        return True

    @api.model
    def _work_off_undisturbed(self):
        """Compare leads one by one; return 0 where another worker takes the same ones just then, and goes on."""
        try:
            return self._work_off_singly()
        except TransactionRollbackError:
            self.env.cr.rollback()
            return 0

    @api.model
    def _work_off_singly(self, limit=BATCH):
        """Compare the leads that have waited longest, each on its own.

        :return: how many rows of the queue were dealt with
        """
        rows = self._take(limit)
        failed, most = 0, dict(sorted(rows))  # of several rows of one lead, the most failures
        for lead_id in self._free(most).ids:
            failures = most[lead_id]
            try:
                with self.env.cr.savepoint():
                    self.env["crm.lead.duplicate"].sudo().scan([lead_id])
            except Exception as error:
                if is_outage(error):
                    raise
                if is_conflict(error):
                    # changed by somebody else since this transaction began: a later turn sees it as it is
                    self._append_again([lead_id], failures, minutes=1)
                    continue
                wait = min(FIRST_WAIT * 2 ** min(failures, 10), LONGEST_WAIT)
                self._append_again([lead_id], failures + 1, minutes=wait, error=error)
                # the first one tells where; should all fail, the log is not to drown in the same
                _logger.log(
                    logging.ERROR,
                    "The lead %s cannot be compared (%r): next attempt in %s minutes",
                    lead_id,
                    error,
                    wait,
                    exc_info=not failed,
                )
                failed += 1
        return len(rows)

    @api.model
    def _free(self, lead_ids):
        """Return which of these leads there are and nobody is at work on; the others of them have their turn later."""
        leads = self.env["crm.lead"].browse(sorted(lead_ids)).exists()
        savepoint = self.env.cr.savepoint()
        try:
            query = SQL(
                "SELECT id FROM crm_lead WHERE id = ANY(%s) ORDER BY id FOR SHARE SKIP LOCKED", leads.ids
            )
            # a lead that somebody has changed meanwhile is no error: the batch starts again
            self.env.cr.execute(query, log_exceptions=False)
            rows = self.env.cr.fetchall()
        finally:
            savepoint.close(rollback=True)  # nobody is to wait for a batch
        free = leads.browse(lead_id for (lead_id,) in rows)
        if busy := leads - free:
            self._append_again(busy.ids, failures=0, minutes=1)
        return free

    @api.model
    def _take(self, limit):
        """Take the rows out of the queue that are due and have waited longest: ``[(lead_id, failures), ...]``."""
        query = SQL(
            """
            DELETE FROM crm_lead_match_queue WHERE id IN (
                SELECT id FROM crm_lead_match_queue
                 WHERE %s AND (not_before IS NULL OR not_before <= now() AT TIME ZONE 'UTC')
              ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
            ) RETURNING lead_id, failures
            """,
            self.env["crm.lead.match"]._with_others_sql(),
            limit,
        )
        # that somebody else has just taken some is no error: this turn starts again
        self.env.cr.execute(query, log_exceptions=False)
        return self.env.cr.fetchall()

    @api.model
    def _count_due(self):
        ((count,),) = self.env.execute_query(
            SQL(
                """
                SELECT count(*) FROM crm_lead_match_queue
                 WHERE not_before IS NULL OR not_before <= now() AT TIME ZONE 'UTC'
                """
            )
        )
        return count
