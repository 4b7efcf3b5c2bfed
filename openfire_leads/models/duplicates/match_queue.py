"""The queue of leads whose pairs are yet to be found."""

from odoo import api, models
from odoo.tools import SQL

from ... import matching


class CrmLeadMatchQueue(models.Model):
    """Leads to compare. Appended to, never updated: writers do not wait for each other nor for the cron.

    A lead on which the comparison failed waits here too, with the error and the time of the next attempt:
    see ``crm_lead_match_queue_work``.
    """

    _name = "crm.lead.match.queue"
    _inherit = "crm.lead.match.table"
    _description = "Lead to Compare"
    _auto = False

    def init(self):
        # it refers to no lead, so that nobody waits for who holds one; the lead may be gone when its turn comes
        self.env.cr.execute("""
            CREATE TABLE IF NOT EXISTS crm_lead_match_queue (
                id bigserial PRIMARY KEY,
                lead_id integer NOT NULL,
                recheck boolean NOT NULL,
                failures smallint NOT NULL DEFAULT 0,
                not_before timestamp,
                error text
            );
            CREATE INDEX IF NOT EXISTS crm_lead_match_queue_lead_id_idx ON crm_lead_match_queue (lead_id);
        """)

    @api.model
    def _append(self, lead_ids):
        """Put leads in the queue, and wake the scheduled action up once the transaction is committed."""
        there = SQL("lead_there AS (SELECT id FROM crm_lead WHERE id = ANY(%s))", list(lead_ids))
        self.env.cr.execute(SQL("WITH %s SELECT", SQL(", ").join([there, *self._append_sql()])))

    @api.model
    def _append_sql(self):
        """Return the common table expressions that do what :meth:`_append` says for the leads of ``lead_there``."""
        return [
            SQL(
                "queue_new AS ("
                "INSERT INTO crm_lead_match_queue (lead_id, recheck) SELECT id, false FROM lead_there)"
            ),
            self._wake_up_sql(),
        ]

    @api.model
    def _append_again(self, lead_ids, failures, minutes=0, error=None):
        """Put leads back in the queue whose comparison came to nothing.

        :param failures: how often in a row it failed
        :param minutes: how long to wait before the next attempt
        :param error: the exception, if it failed
        """
        text = error and f"{type(error).__name__}: {error}"[:500]
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_lead_match_queue (lead_id, recheck, failures, not_before, error)
                SELECT id, false, %s, now() AT TIME ZONE 'UTC' + %s * interval '1 minute', %s
                  FROM crm_lead WHERE id = ANY(%s)
                """,
                min(failures, 1000),
                minutes,
                # what PostgreSQL cannot store must not add a failure
                text and text.encode("utf-8", "replace").decode().replace("\x00", ""),
                list(lead_ids),
            )
        )
        if not minutes:
            self._wake_up()

    @api.model
    def _later_sql(self, lead_ids):
        """Return the statement that puts leads in the queue whose turn is to come in a minute.

        :param lead_ids: the query for their ids, as ``SQL``
        """
        return SQL(
            """
            INSERT INTO crm_lead_match_queue (lead_id, recheck, not_before)
            SELECT id, false, now() AT TIME ZONE 'UTC' + interval '1 minute' FROM crm_lead WHERE id IN (%s)
            """,
            lead_ids,
        )

    @api.model
    def _wake_up(self):
        """Have the scheduled action run once the transaction is committed."""
        self.env.cr.execute(SQL("WITH %s SELECT", self._wake_up_sql()))

    @api.model
    def _wake_up_sql(self):
        """Return the common table expression that has the scheduled action run, and have its workers told.

        As ``ir.cron._trigger`` does, in a part of one statement: every lead that another module creates comes here.
        While the addon is being installed there is no such action yet, and nothing is written.
        """
        self.env.cr.postcommit.add(self.env["ir.cron"]._notifydb)
        return SQL(
            """
            woken AS (
                INSERT INTO ir_cron_trigger (cron_id, call_at, create_uid, create_date, write_uid, write_date)
                SELECT cron.id, %(now)s, %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM ir_cron cron
                  JOIN ir_model_data data ON data.res_id = cron.id AND data.model = 'ir.cron'
                 WHERE data.module = 'openfire_leads' AND data.name = 'ir_cron_match_queue' AND cron.active
            )
            """,
            now=self.env.cr.now(),
            uid=self.env.uid,
        )

    @api.model
    def _recheck_sql(self):
        """Return a common table expression that puts the leads of ``lead_there`` in the queue, as compared.

        The scheduled action's next turn will do, to look again for twins saved at the same instant.
        """
        return SQL(
            "queue_new AS (INSERT INTO crm_lead_match_queue (lead_id, recheck) SELECT id, true FROM lead_there)"
        )

    @api.model
    def _awaiting_sql(self, lead_ids):
        """Return the query for which of ``lead_ids`` have not been compared as they are now.

        Those on which the comparison failed are left out: whoever asks cannot do better than the queue.
        """
        return SQL(
            """
            SELECT lead_id FROM crm_lead_match_queue WHERE lead_id = ANY(%(leads)s) AND NOT recheck
          GROUP BY lead_id HAVING max(failures) = 0
             UNION
            SELECT lead.id FROM crm_lead lead
             WHERE id = ANY(%(leads)s)
               AND NOT EXISTS (SELECT FROM crm_lead_match m WHERE m.lead_id = lead.id AND m.engine = %(engine)s)
               AND NOT EXISTS (SELECT FROM crm_lead_match_queue q WHERE q.lead_id = lead.id AND q.failures > 0)
            """,
            leads=list(lead_ids),
            engine=matching.ENGINE_VERSION,
        )

    @api.model
    def _failed(self):
        """Return ``{lead_id: error}`` of the leads on which the comparison failed and is yet to be tried again."""
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT lead_id, error FROM crm_lead_match_queue queue JOIN crm_lead ON crm_lead.id = lead_id
                     WHERE error IS NOT NULL ORDER BY queue.id
                    """
                )
            )
        )

    @api.model
    def _clear(self, lead_ids=None):
        """Take leads out of the queue; ``None`` for all but those that cannot be compared, which no scan looks at."""
        condition = SQL("error IS NULL") if lead_ids is None else SQL("lead_id = ANY(%s)", list(lead_ids))
        self.env.cr.execute(SQL("DELETE FROM crm_lead_match_queue WHERE %s", condition))

    @api.model
    def _retry_failed(self):
        """Try at once again what failed."""
        self.env.cr.execute("UPDATE crm_lead_match_queue SET not_before = NULL WHERE not_before IS NOT NULL")
        if self.env.cr.rowcount:
            self._wake_up()
