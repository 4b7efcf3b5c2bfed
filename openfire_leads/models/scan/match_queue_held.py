"""What a scan of all leads does with the queue."""

from odoo import api, models
from odoo.tools import SQL

# so many hours the queue leaves to a scan what that is to compare; by then it would have been forgotten
HOLD_HOURS = 1


class CrmLeadMatchQueue(models.Model):
    _inherit = "crm.lead.match.queue"

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
