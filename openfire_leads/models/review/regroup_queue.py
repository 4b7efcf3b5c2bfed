"""Which leads are to be grouped anew: noted by the database, whoever changed their pairs."""

from odoo import api, models
from odoo.tools import SQL


class CrmLeadRegroupQueue(models.Model):
    """Leads whose pairs have changed since they were grouped.

    Pairs change at many doors: a lead is saved, scanned, merged, deleted (the database deletes its pairs), a merge is
    undone, somebody dismisses. Triggers on the table of the pairs see them all, and cost who saves a lead no query; so
    does one on the profiles, without which no pair counts.
    Appended to, never updated: writers do not wait for each other, nor for who groups.
    """

    _name = "crm.lead.regroup.queue"
    _inherit = "crm.lead.match.table"
    _description = "Lead to Group"
    _auto = False

    def init(self):
        # The leads may be gone when their turn comes, so the table refers to none.
        # A trigger is replaced in one statement from PostgreSQL 14 on only.
        self.env.cr.execute("""
            CREATE TABLE IF NOT EXISTS crm_lead_regroup_queue (
                id bigserial PRIMARY KEY,
                lead_id integer NOT NULL
            );
            CREATE OR REPLACE FUNCTION openfire_leads_regroup() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO crm_lead_regroup_queue (lead_id)
                SELECT lead_id FROM changed UNION SELECT other_lead_id FROM changed;
                RETURN NULL;
            END $$;
            CREATE OR REPLACE FUNCTION openfire_leads_regroup_updated() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO crm_lead_regroup_queue (lead_id) VALUES (NEW.lead_id), (NEW.other_lead_id);
                RETURN NULL;
            END $$;
            DROP TRIGGER IF EXISTS openfire_leads_regroup_inserted ON crm_lead_duplicate;
            CREATE TRIGGER openfire_leads_regroup_inserted AFTER INSERT ON crm_lead_duplicate
                REFERENCING NEW TABLE AS changed
                FOR EACH STATEMENT EXECUTE FUNCTION openfire_leads_regroup();
            DROP TRIGGER IF EXISTS openfire_leads_regroup_deleted ON crm_lead_duplicate;
            CREATE TRIGGER openfire_leads_regroup_deleted AFTER DELETE ON crm_lead_duplicate
                REFERENCING OLD TABLE AS changed
                FOR EACH STATEMENT EXECUTE FUNCTION openfire_leads_regroup();
            DROP TRIGGER IF EXISTS openfire_leads_regroup_updated ON crm_lead_duplicate;
            CREATE TRIGGER openfire_leads_regroup_updated AFTER UPDATE ON crm_lead_duplicate
                FOR EACH ROW WHEN (
                    (OLD.score, OLD.state, OLD.values_digest) IS DISTINCT FROM
                    (NEW.score, NEW.state, NEW.values_digest)
                ) EXECUTE FUNCTION openfire_leads_regroup_updated();
            -- a pair of a lead that had no profile waited for it
            CREATE OR REPLACE FUNCTION openfire_leads_regroup_profile() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                INSERT INTO crm_lead_regroup_queue (lead_id)
                SELECT NEW.lead_id WHERE EXISTS (SELECT FROM crm_lead_duplicate WHERE lead_id = NEW.lead_id)
                                      OR EXISTS (SELECT FROM crm_lead_duplicate WHERE other_lead_id = NEW.lead_id);
                RETURN NULL;
            END $$;
            DROP TRIGGER IF EXISTS openfire_leads_regroup_profile ON crm_lead_match;
            CREATE TRIGGER openfire_leads_regroup_profile AFTER UPDATE ON crm_lead_match
                FOR EACH ROW WHEN (OLD.engine <> NEW.engine) EXECUTE FUNCTION openfire_leads_regroup_profile();
            DROP TRIGGER IF EXISTS openfire_leads_regroup_new_profile ON crm_lead_match;
            CREATE TRIGGER openfire_leads_regroup_new_profile AFTER INSERT ON crm_lead_match
                FOR EACH ROW EXECUTE FUNCTION openfire_leads_regroup_profile();
        """)

    @api.model
    def _append_all(self):
        """Have all leads that are paired or grouped grouped anew, each once."""
        self._take()
        self.env.cr.execute("""
            INSERT INTO crm_lead_regroup_queue (lead_id)
            SELECT lead_id FROM crm_lead_duplicate UNION SELECT other_lead_id FROM crm_lead_duplicate
             UNION SELECT lead_id FROM crm_lead_duplicate_group_lead_rel ORDER BY lead_id
        """)

    @api.model
    def _take(self, limit=None):
        """Take out the leads that have waited longest; ``limit``: how many rows at most, ``None`` for all.

        :return: the set of their ids
        """
        query = SQL(
            """
            DELETE FROM crm_lead_regroup_queue WHERE id IN (
                SELECT id FROM crm_lead_regroup_queue ORDER BY id LIMIT %s
            ) RETURNING lead_id
            """,
            limit,
        )
        # that somebody else has just taken some is no error: whoever asked starts again
        self.env.cr.execute(query, log_exceptions=False)
        return {lead_id for (lead_id,) in self.env.cr.fetchall()}

    @api.model
    def _take_out(self, lead_ids):
        """Take out these leads, wherever they stand: they are dealt with together with others."""
        query = SQL("DELETE FROM crm_lead_regroup_queue WHERE lead_id = ANY(%s)", list(lead_ids))
        # as in :meth:`_take`
        self.env.cr.execute(query, log_exceptions=False)

    @api.model
    def _is_empty(self):
        return not self.env.execute_query(SQL("SELECT FROM crm_lead_regroup_queue LIMIT 1"))
