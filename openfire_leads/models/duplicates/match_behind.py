"""Leads whose profiles are not stored yet, where many came at once: who is looked up finds them all the same."""

import logging

import psycopg2
from psycopg2.extensions import TransactionRollbackError

from odoo import api, models
from odoo.tools import SQL

from ... import matching

_logger = logging.getLogger(__name__)

# so many of them are compared at most with what is looked up
MOST = 50


class CrmLeadMatch(models.Model):
    """After the addon was installed, or many leads were imported, it takes a while until all have profile and keys.

    Until then they are found by what Odoo itself has an index on: the e-mail address and the phone number. They are
    found by the query that looks for keys; where nothing is waiting, it asks for nothing more.
    """

    _inherit = "crm.lead.match"

    @api.model
    def _behind_condition_sql(self):
        """Return the condition that there are leads without a profile, cheap to tell, and true too often at worst."""
        return SQL("EXISTS (SELECT FROM crm_lead_match_queue WHERE NOT recheck AND failures = 0)")

    @api.model
    def _behind_sql(self, leads, condition=None):
        """Return the query for the ids of leads without a profile that have an e-mail or phone of ``leads``.

        :param leads: records, saved or not
        :param condition: a condition on the lead ``other``, if not all are looked for
        """
        emails, phones = _values(leads, "email_normalized"), _values(leads, "phone_sanitized")
        found = []
        if emails:
            # Odoo has a plain index on the address or domain that it compares, none on the address itself
            criteria = _values(leads, "email_domain_criterion")
            found.append(
                SQL(
                    "other.email_domain_criterion = ANY(%s) AND other.email_normalized = ANY(%s)",
                    criteria,
                    emails,
                )
            )
        if phones:
            found.append(SQL("other.phone_sanitized = ANY(%s)", phones))
        if not found:
            return SQL("SELECT NULL::int AS id WHERE false")
        return SQL(
            """
            SELECT other.id FROM crm_lead other
             WHERE %(waiting)s AND (%(found)s) AND %(condition)s AND other.id != ALL(%(leads)s)
               AND NOT EXISTS (SELECT FROM crm_lead_match m WHERE m.lead_id = other.id AND m.engine = %(engine)s)
             LIMIT %(most)s
            """,
            waiting=self._behind_condition_sql(),
            found=SQL(" OR ").join(found),
            condition=condition or SQL("TRUE"),
            leads=leads._origin.ids,
            engine=matching.ENGINE_VERSION,
            most=MOST,
        )

    @api.model
    def _prepare_each(self, leads):
        """Return what :meth:`_prepare` does, of those of ``leads`` that can be compared."""
        try:
            return self._prepare(leads)
        except psycopg2.Error:
            raise
        except Exception:
            if len(leads) > 1:
                profiles, keys, digests = {}, {}, {}
                for lead in leads:
                    for all_of_them, own in zip(
                        (profiles, keys, digests), self._prepare_each(lead), strict=True
                    ):
                        all_of_them.update(own)
                return profiles, keys, digests
            _logger.info("The lead %s cannot be compared yet: the queue tries it", leads.id, exc_info=True)
            return {}, {}, {}

    @api.model
    def _store_behind(self, profiles, keys, digests):
        """Store profiles and keys of leads that had none, unless somebody else is just doing that.

        Nobody waits for who stores them: what is not stored now will be.
        """
        try:
            with self.env.cr.savepoint(flush=False):
                rows = self.env.execute_query(
                    SQL(
                        "SELECT id FROM crm_lead WHERE id = ANY(%s) ORDER BY id FOR UPDATE SKIP LOCKED",
                        list(profiles),
                    )
                )
                free = {lead_id for (lead_id,) in rows}
                parts = self._store_sql(
                    *({one: value for one, value in those.items() if one in free}
                      for those in (profiles, keys, digests))
                )  # fmt: skip
                self.env.cr.execute(SQL("WITH %s SELECT", SQL(", ").join(parts)), log_exceptions=False)
        except TransactionRollbackError:
            _logger.debug("Somebody else stored the profiles of these leads: %s", list(profiles))


def _values(leads, name):
    return [value for value in set(leads.mapped(name)) if value]
