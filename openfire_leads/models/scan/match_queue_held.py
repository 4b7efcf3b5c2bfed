"""What a scan of all leads does with the queue."""

from odoo import api, models
from odoo.tools import SQL

from .crm_lead_scan_batch import COMPARE, PAIR, STORE

# so many hours the queue leaves to a scan what that is to compare; by then it would have been forgotten
HOLD_HOURS = 1


class CrmLeadMatchQueue(models.Model):
    _inherit = "crm.lead.match.queue"

    @api.model
    def _awaiting_sql(self, lead_ids):
        """Add the leads that nobody has compared before the scan that is running."""
        return SQL(
            """
            %s UNION
            SELECT lead.id FROM crm_lead_scan scan CROSS JOIN unnest(%s::int[]) AS lead (id)
             WHERE scan.state = 'running' AND scan.awaiting > 0
               AND EXISTS (SELECT FROM crm_lead_scan_batch WHERE scan_id = scan.id AND step <= %s)
               AND (scan.awaiting >= scan.total OR EXISTS (
                    SELECT FROM crm_lead_scan_batch WHERE scan_id = scan.id AND begun = %s
                       AND lead.id BETWEEN first_id AND last_id
               ))
            """,
            super()._awaiting_sql(lead_ids),
            list(lead_ids),
            COMPARE,
            STORE,
        )

    @api.model
    def _keeps_counts(self):
        """Leave the counts to a scan that is to count all anew anyway: most leads may have no profile yet."""
        scan = self.env["crm.lead.scan"]._running()
        counted = not scan or self.env["crm.lead.scan.batch"]._is_past(scan.id, PAIR)
        return counted and super()._keeps_counts()

    @api.model
    def _hold(self, lead_ids):
        """Have the queue wait with these leads, which a scan is about to compare; return the ids of its rows."""
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE crm_lead_match_queue SET not_before = now() AT TIME ZONE 'UTC' + %s * interval '1 hour'
                 WHERE id IN (
                    SELECT id FROM crm_lead_match_queue WHERE lead_id = ANY(%s) AND error IS NULL
                       FOR UPDATE SKIP LOCKED
                ) RETURNING id
                """,
                HOLD_HOURS,
                list(lead_ids),
            )
        )
        return [queue_id for (queue_id,) in rows]

    @api.model
    def _release(self, queue_ids):
        """Have the queue go on with the rows that :meth:`_hold` returned, those that are still there."""
        if queue_ids:
            self.env.cr.execute(
                SQL("UPDATE crm_lead_match_queue SET not_before = NULL WHERE id = ANY(%s)", list(queue_ids))
            )
            self._wake_up()

    @api.model
    def _drop(self, queue_ids):
        """Take the rows out of the queue that :meth:`_hold` returned: their leads are compared."""
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM crm_lead_match_queue WHERE id IN (
                    SELECT id FROM crm_lead_match_queue WHERE id = ANY(%s) FOR UPDATE SKIP LOCKED
                )
                """,
                list(queue_ids),
            )
        )


class CrmLeadMatch(models.Model):
    _inherit = "crm.lead.match"

    @api.model
    def _behind_condition_sql(self):
        """Add that a scan is running which found leads without a profile, or is yet to look."""
        return SQL(
            "(%s OR EXISTS (SELECT FROM crm_lead_scan WHERE state = 'running' AND awaiting > 0))",
            super()._behind_condition_sql(),
        )
