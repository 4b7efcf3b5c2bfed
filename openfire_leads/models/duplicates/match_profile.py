"""Match profiles: each lead's compared values, normalised, beside the lead."""

from hashlib import blake2b

from odoo import api, models
from odoo.tools import SQL, ormcache

from ... import matching

# a country for phones of leads that name none, whose company names none either
FALLBACK_COUNTRY = "FR"


class CrmLeadMatch(models.Model):
    """One row per lead: its profile, its match keys, the terms in it, and a digest of the values it was made from.

    The table is written by SQL only and has no ``id``: ``lead_id`` is its key. It holds nothing that
    cannot be made anew from the leads.
    """

    _name = "crm.lead.match"
    _inherit = "crm.lead.match.table"
    _description = "Match Profile of a Lead"
    _auto = False

    def init(self):
        self.env.cr.execute("""
            CREATE TABLE IF NOT EXISTS crm_lead_match (
                digest bigint NOT NULL,
                lead_id integer PRIMARY KEY REFERENCES crm_lead ON DELETE CASCADE,
                engine smallint NOT NULL,
                profile text NOT NULL,
                keys integer[] NOT NULL,
                terms integer[] NOT NULL
            );
            -- fastupdate: a look-up is not to read through what was saved lately
            CREATE INDEX IF NOT EXISTS crm_lead_match_keys_idx
                ON crm_lead_match USING gin (keys) WITH (fastupdate = off);
        """)

    # ------------------------------------------------------------
    # FROM LEADS TO PROFILES
    # ------------------------------------------------------------

    @api.model
    def _records(self, leads):
        """Return one ``matching.Record`` for each of ``leads`` (which may be unsaved), in their order."""
        extra = leads._match_extra_contacts()
        return [
            matching.Record(
                id=lead._origin.id,
                name=lead.name or "",
                contact_name=lead.contact_name or "",
                partner_name=lead.partner_name or "",
                emails=(
                    *self._typed_and_read(lead, "email_from", "email_normalized"),
                    *extra.get(lead._origin.id, {}).get("emails", ()),
                ),
                phones=(
                    *self._typed_and_read(lead, "phone", "phone_sanitized"),
                    *extra.get(lead._origin.id, {}).get("phones", ()),
                ),
                street=lead.street or "",
                street2=lead.street2 or "",
                zip=lead.zip or "",
                city=lead.city or "",
                state=lead.state_id.name or "",
                country_code=lead.country_id.code or "",
            )
            for lead in leads
        ]

    @api.model
    def _typed_and_read(self, record, typed, read):
        """Return a contact's value as it was typed and, where it is another one, as Odoo reads it.

        What Odoo itself holds for the same is the same here, however it was typed.
        """
        value, by_odoo = record[typed] or "", record[read] or ""
        return (value, by_odoo) if by_odoo and by_odoo != value.lower() else (value,)

    @api.model
    def _profiles(self, leads):
        """Return ``[(record, profile), ...]`` of ``leads``, in their order."""
        leads = leads.sudo()  # derived data must not depend on who triggers it
        self.env["res.partner"].flush_model(["country_id"])  # forgets the companies' countries if one changed
        return [
            (
                record,
                matching.profile(record, default_country=self._default_country(self._lead_company(lead))),
            )
            for lead, record in zip(leads, self._records(leads), strict=True)
        ]

    @api.model
    def _lead_company(self, lead):
        """Return the company by whose country phones of ``lead`` are read when it names no country, if any."""
        return lead.company_id or lead.team_id.company_id

    @api.model
    def _default_country(self, company):
        """Return the code of the country by which phones are read where the record names none.

        The company's, else the oldest company's: the same whoever saves it.
        """
        companies = self._company_countries()
        _partner_id, oldest = companies[min(companies)]
        _partner_id, country = companies.get(company.id, (None, None))
        return country or oldest or FALLBACK_COUNTRY

    @api.model
    @ormcache()
    def _company_countries(self):
        """Return ``{company id: (its partner's id, code of its country or None)}``."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT company.id, partner.id, country.code FROM res_company company
                  JOIN res_partner partner ON partner.id = company.partner_id
             LEFT JOIN res_country country ON country.id = partner.country_id
                """
            )
        )
        return {company_id: (partner_id, country) for company_id, partner_id, country in rows}

    @api.model
    def _digest(self, record):
        """Return a signed 64-bit digest of the values in ``record``: it changes when one of them does."""
        values = repr([getattr(record, name) for name in record.__slots__ if name != "id"])
        return int.from_bytes(
            blake2b(values.encode("utf-8", "replace"), digest_size=8).digest(), "big", signed=True
        )

    # ------------------------------------------------------------
    # STORING
    # ------------------------------------------------------------

    @api.model
    def _prepare(self, leads):
        """Return ``({lead_id: profile}, {lead_id: keys}, {lead_id: digest})`` of ``leads``; nothing is stored."""
        profiles, digests = {}, {}
        for record, profile in self._profiles(leads):
            profiles[record.id], digests[record.id] = profile, self._digest(record)
        return profiles, {lead_id: matching.keys(profile) for lead_id, profile in profiles.items()}, digests

    @api.model
    def _store(self, leads, queue=False):
        """Write profile, keys and terms of ``leads``, in one statement.

        :param queue: put the leads in the queue as well
        """
        if leads:
            parts = self._store_sql(*self._prepare(leads))
            if queue:
                parts += self.env["crm.lead.match.queue"]._append_sql()
            # A clash with somebody who stores one of these leads is no error: the transaction starts again.
            self.env.cr.execute(SQL("WITH %s SELECT", SQL(", ").join(parts)), log_exceptions=False)

    @api.model
    def _store_sql(self, profiles, keys, digests, recheck=False):
        """Return the common table expressions that write profile, keys and terms of leads.

        Rows are written of leads that exist only: what was remembered of a lead may be all that is left of it,
        after the transaction went back to a savepoint.

        :param recheck: have the queue look at the leads once more (see ``crm.lead.match.queue``)
        """
        parts = [
            SQL(
                "lead_there AS MATERIALIZED (SELECT id, %s AS stored FROM crm_lead WHERE id = ANY(%s) ORDER BY id)",
                self._stored_values_sql(self.env["crm.lead"]),
                list(profiles),
            ),
            self._store_rows_sql(profiles, keys, digests),
        ]
        if recheck:
            parts.append(self.env["crm.lead.match.queue"]._recheck_sql())
        return parts

    def _store_rows_sql(self, profiles, keys, digests):
        # what is right already is left alone: the queue looks at each lead that was saved once more
        return SQL(
            """
            match_new AS (
                INSERT INTO crm_lead_match AS old (lead_id, engine, digest, profile, keys, terms)
                SELECT lead_id, %(engine)s, digest, profile, keys::int[], terms::int[]
                  FROM unnest(%(leads)s::int[], %(digests)s::bigint[], %(profiles)s::text[], %(keys)s::text[],
                              %(terms)s::text[]) AS new (lead_id, digest, profile, keys, terms)
                  JOIN lead_there ON lead_there.id = lead_id
              ORDER BY lead_id
           ON CONFLICT (lead_id) DO UPDATE
                   SET engine = excluded.engine, digest = excluded.digest, profile = excluded.profile,
                       keys = excluded.keys, terms = excluded.terms
                 WHERE (old.engine, old.digest, old.profile)
                       IS DISTINCT FROM (excluded.engine, excluded.digest, excluded.profile)
            )
            """,
            engine=matching.ENGINE_VERSION,
            leads=list(profiles),
            digests=list(digests.values()),
            profiles=[profile.pack() for profile in profiles.values()],
            keys=[_array(sorted(keys[lead_id])) for lead_id in profiles],
            terms=[_array(sorted(matching.terms(profile))) for profile in profiles.values()],
        )

    @api.model
    def _stored_profile(self, lead_id):
        """Return the lead's profile as stored, ``None`` where it is not there or not of the lead as it is now."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT profile FROM crm_lead_match m WHERE lead_id = %s AND engine = %s
                   AND NOT EXISTS (
                    SELECT FROM crm_lead_match_queue q WHERE q.lead_id = m.lead_id AND NOT q.recheck
                   )
                """,
                lead_id,
                matching.ENGINE_VERSION,
            )
        )
        return matching.Profile.unpack(rows[0][0]) if rows else None

    @api.model
    def _load_profiles(self, lead_ids):
        """Return ``[(lead_id, digest, profile)]`` of those of these leads that have a profile by this engine, in the
        order of the ids."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT lead_id, digest, profile FROM crm_lead_match
                 WHERE engine = %s AND lead_id = ANY(%s) ORDER BY lead_id
                """,
                matching.ENGINE_VERSION,
                list(lead_ids),
            )
        )
        return [(lead_id, digest, matching.Profile.unpack(dump)) for lead_id, digest, dump in rows]

    @api.model
    def _current_digests(self, lead_ids):
        """Return ``{lead_id: digest}`` of those of these leads that have a profile by this version of the engine."""
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT lead_id, digest FROM crm_lead_match WHERE engine = %s AND lead_id = ANY(%s)",
                    matching.ENGINE_VERSION,
                    list(lead_ids),
                )
            )
        )

    @api.model
    def _stale_lead_ids(self):
        """Return the ids of leads without a profile of this engine, and of those in the queue, in order.

        Those that cannot be compared are left to the queue.
        """
        return [lead_id for (lead_id,) in self.env.execute_query(SQL("%s ORDER BY l.id", self._stale_sql()))]

    @api.model
    def _stale_sql(self, queued=True):
        """Return the query for what :meth:`_stale_lead_ids` returns, in any order; more conditions may follow.

        :param queued: also those that have a profile and are in the queue
        """
        return SQL(
            """
            SELECT l.id FROM crm_lead l LEFT JOIN crm_lead_match m ON m.lead_id = l.id
             WHERE (m.engine IS DISTINCT FROM %s %s)
               AND NOT EXISTS (
                SELECT 1 FROM crm_lead_match_queue q WHERE q.lead_id = l.id AND q.error IS NOT NULL
               )
            """,
            matching.ENGINE_VERSION,
            SQL("OR EXISTS (SELECT 1 FROM crm_lead_match_queue q WHERE q.lead_id = l.id)")
            if queued
            else SQL(),
        )

    @api.model
    def _unknown_lead_ids(self, limit):
        """Return the ids of leads without a profile of this engine, in any order; ``limit``: how many at most."""
        query = SQL("%s LIMIT %s", self._stale_sql(queued=False), limit)
        return [lead_id for (lead_id,) in self.env.execute_query(query)]


def _array(numbers):
    """Return ``numbers`` as PostgreSQL writes an array: arrays of arrays of other lengths do not pass as such."""
    return "{%s}" % ",".join(map(str, numbers))  # noqa: UP031 (braces)
