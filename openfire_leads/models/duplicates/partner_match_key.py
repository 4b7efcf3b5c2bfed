"""Match keys of customers, contacts and companies, by which leads find them."""

import logging

import psycopg2

from odoo import api, models
from odoo.exceptions import MissingError
from odoo.tools import SQL

from ... import matching

# Every partner whose keys are stored has this one too, so that those without, or of another engine, can be told. No
# key is a number as small: see ``matching/hashing.py``.
DONE = matching.ENGINE_VERSION
# Partners changed in one transaction: up to so many get their keys before it ends, the cron does the rest.
STORE_AT_ONCE = 1000
BATCH = 1000
PENDING = "openfire_leads.partner_match_pending"

_logger = logging.getLogger(__name__)


class CrmPartnerMatchKey(models.Model):
    """Keys of partners, by key. Written by SQL only; the primary key is ``(key, partner_id)``."""

    _name = "crm.partner.match.key"
    _inherit = "crm.lead.match.table"
    _description = "Match Key of a Contact"
    _auto = False

    def init(self):
        self.env.cr.execute("""
            CREATE TABLE IF NOT EXISTS crm_partner_match_key (
                key integer NOT NULL,
                partner_id integer NOT NULL REFERENCES res_partner ON DELETE CASCADE,
                PRIMARY KEY (key, partner_id)
            );
            CREATE INDEX IF NOT EXISTS crm_partner_match_key_partner_id_idx ON crm_partner_match_key (partner_id);
        """)

    @api.model
    def _profiles(self, partners):
        """Return the ``matching`` profiles of ``partners``, in their order."""
        match = self.env["crm.lead.match"]
        return [
            matching.profile(
                self._record(partner), default_country=match._default_country(partner.company_id)
            )
            for partner in partners
        ]

    @api.model
    def _record(self, partner):
        both = self.env["crm.lead.match"]._typed_and_read
        company = partner.name if partner.is_company else partner.parent_id.name or partner.company_name
        return matching.Record(
            id=partner.id,
            contact_name="" if partner.is_company else partner.name or "",
            partner_name=company or "",
            emails=both(partner, "email", "email_normalized"),
            phones=both(partner, "phone", "phone_sanitized"),
            street=partner.street or "",
            street2=partner.street2 or "",
            zip=partner.zip or "",
            city=partner.city or "",
            state=partner.state_id.name or "",
            country_code=partner.country_id.code or "",
        )

    @api.model
    def _store(self, partners, again=False):
        """Write the keys of ``partners``.

        :param again: whether they have just been read anew, for the cache held what the database does not
        """
        rows = [
            (key, partner_id) for partner_id, keys in self._keys_of(partners).items() for key in {DONE, *keys}
        ]
        # A partner that was remembered may be gone, after the transaction went back to a savepoint.
        stored = dict(
            self.env.execute_query(
                SQL(
                    """
                WITH there AS MATERIALIZED (
                        SELECT id, %(stored)s AS stored FROM res_partner WHERE id = ANY(%(partners)s)
                     ),
                     wanted AS (SELECT * FROM unnest(%(keys)s::int[], %(owners)s::int[]) AS one (key, partner_id)),
                     gone AS (
                        DELETE FROM crm_partner_match_key old
                         WHERE partner_id = ANY(%(partners)s) AND NOT EXISTS (
                            SELECT 1 FROM wanted WHERE wanted.key = old.key AND wanted.partner_id = old.partner_id
                         )
                     ),
                     new AS (
                        INSERT INTO crm_partner_match_key (key, partner_id)
                        SELECT key, partner_id FROM wanted JOIN there ON there.id = partner_id
                   ON CONFLICT DO NOTHING
                     )
                SELECT id, stored FROM there
                """,
                    stored=self._stored_values_sql(partners),
                    keys=[key for key, _partner_id in rows],
                    owners=[partner_id for _key, partner_id in rows],
                    partners=partners.ids,
                )
            )
        )
        stale = self._differing(partners, stored)
        if stale and not again:
            stale.invalidate_recordset(flush=False)
            self._store(partners.browse(stored), again=True)

    @api.model
    def _keys_of(self, partners):
        """Return ``{partner_id: match keys}``; one that cannot be read has none, and holds up no other."""
        try:
            profiles = self._profiles(partners)
            return {one: matching.keys(profile) for one, profile in zip(partners.ids, profiles, strict=True)}
        except (psycopg2.Error, MissingError):
            raise
        except Exception:
            if len(partners) > 1:
                return {one: keys for partner in partners for one, keys in self._keys_of(partner).items()}
            _logger.exception("The contact %s cannot be compared with leads", partners.id)
            return {partners.id: ()}

    @api.model
    def _forget(self, partner_ids):
        self.env.cr.execute(
            SQL("DELETE FROM crm_partner_match_key WHERE partner_id = ANY(%s)", list(partner_ids))
        )

    @api.model
    def _store_missing(self, limit=BATCH):
        """Write the keys of partners that have none; return how many there were."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM res_partner p
                 WHERE NOT EXISTS (
                    SELECT 1 FROM crm_partner_match_key WHERE key = %s AND partner_id = p.id
                 ) ORDER BY id LIMIT %s
                """,
                DONE,
                limit,
            )
        )
        partners = self.env["res.partner"].browse(partner_id for (partner_id,) in rows)
        if partners:
            self._store(partners)
        return len(partners)

    @api.model
    def _cron_store_missing(self):
        """Write the keys of partners that came in bulk, or before the addon."""
        cron = self.env["ir.cron"]
        # what the time does not suffice for is done in the next turn, which comes at once
        while (done := self._store_missing()) and cron._commit_progress(done, remaining=done // BATCH):
            self.env.invalidate_all()

    @api.model
    def _candidates(self, keys):
        """Return the ids of partners that share one of ``keys``; what a great many share finds nobody."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT other.ids FROM unnest(%s::int[]) AS own (key)
            CROSS JOIN LATERAL (
                    SELECT array_agg(partner_id) AS ids FROM (
                        SELECT partner_id FROM crm_partner_match_key k WHERE k.key = own.key LIMIT %s
                    ) first
                ) other
                 WHERE cardinality(other.ids) <= %s
                """,
                list(keys),
                matching.MAX_BLOCK + 1,
                matching.MAX_BLOCK,
            )
        )
        return sorted({partner_id for (ids,) in rows for partner_id in ids})
