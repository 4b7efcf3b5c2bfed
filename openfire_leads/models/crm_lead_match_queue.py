"""The queue of leads whose pairs are yet to be found."""

import logging

from psycopg2.errors import SerializationFailure

from odoo import api, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

# How many leads are compared between two commits.
BATCH = 500
# How often a batch starts again when somebody changed one of its leads meanwhile.
ATTEMPTS = 5


class CrmLeadMatchQueue(models.Model):
    """Leads to compare. Appended to, never updated: writers do not wait for each other nor for the cron."""

    _name = "crm.lead.match.queue"
    _inherit = "crm.lead.match.table"
    _description = "Lead to Compare"
    _auto = False

    def init(self):
        self.env.cr.execute("""
            CREATE TABLE IF NOT EXISTS crm_lead_match_queue (
                id bigserial PRIMARY KEY,
                lead_id integer NOT NULL REFERENCES crm_lead ON DELETE CASCADE,
                recheck boolean NOT NULL
            );
            CREATE INDEX IF NOT EXISTS crm_lead_match_queue_lead_id_idx ON crm_lead_match_queue (lead_id);
        """)

    @api.model
    def _append(self, lead_ids):
        """Put leads in the queue, and wake the scheduled action up once the transaction is committed."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_lead_match_queue (lead_id, recheck)
                SELECT id, false FROM crm_lead WHERE id = ANY(%s)
                """,
                list(lead_ids),
            )
        )
        cron_id = self.env["ir.model.data"]._xmlid_to_res_id("openfire_leads.ir_cron_match_queue")
        if cron_id:  # not yet, while the addon is being installed
            self.env["ir.cron"].sudo().browse(cron_id)._trigger()

    @api.model
    def _recheck_sql(self, lead_ids):
        """Return a common table expression that puts leads in the queue which have been compared.

        The scheduled action's next turn will do, to look again for twins saved at the same instant.
        """
        return SQL(
            """
            queue_new AS (
                INSERT INTO crm_lead_match_queue (lead_id, recheck) SELECT unnest(%s::int[]), true
            )
            """,
            lead_ids,
        )

    @api.model
    def _awaiting(self, lead_ids):
        """Return which of ``lead_ids`` have not been compared as they are now, as a set."""
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT lead_id FROM crm_lead_match_queue WHERE lead_id = ANY(%s) AND NOT recheck",
                list(lead_ids),
            )
        )
        return {lead_id for (lead_id,) in rows}

    @api.model
    def _clear(self, lead_ids=None):
        """Take leads out of the queue; ``None`` for all."""
        condition = SQL("TRUE") if lead_ids is None else SQL("lead_id = ANY(%s)", list(lead_ids))
        self.env.cr.execute(SQL("DELETE FROM crm_lead_match_queue WHERE %s", condition))

    @api.model
    def _work_off(self, limit=BATCH):
        """Compare the leads that have waited longest.

        :return: how many rows of the queue were dealt with
        """
        rows = self.env.execute_query(
            SQL(
                """
                DELETE FROM crm_lead_match_queue WHERE id IN (
                    SELECT id FROM crm_lead_match_queue ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
                ) RETURNING lead_id
                """,
                limit,
            )
        )
        if rows:
            self.env["crm.lead.match.term"]._recount_if_drifted()
            self.env["crm.lead.duplicate"].sudo().scan(sorted({lead_id for (lead_id,) in rows}))
        return len(rows)

    @api.model
    def _cron_work_off(self):
        """Empty the queue, a batch at a time, as long as the scheduled action has time."""
        cron, attempts = self.env["ir.cron"], 0
        ((remaining,),) = self.env.execute_query(SQL("SELECT count(*) FROM crm_lead_match_queue"))
        cron._commit_progress(remaining=remaining)
        while True:
            try:
                done = self._work_off()
            except SerializationFailure:
                # somebody saved one of these leads meanwhile: the batch starts again with what is there now
                self.env.cr.rollback()
                attempts += 1
                if attempts >= ATTEMPTS:
                    raise
                continue
            attempts = 0
            if not done or not cron._commit_progress(done):
                break
