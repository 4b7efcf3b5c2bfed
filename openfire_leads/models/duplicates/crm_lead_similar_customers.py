"""Customers, contacts and companies that are likely the requester of a lead."""

import logging

import psycopg2

from odoo import models

from ... import matching

_logger = logging.getLogger(__name__)


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _find_similar_partners(self, limit=5):
        """Return the customers, contacts and companies that are likely this lead's requester.

        Compared by the same model as leads are. Only active ones that the user may read and that the lead's
        company may use are named.

        :param limit: how many to name
        :return: ``[{"partner_id", "score", "evidence"}, ...]``, the likeliest first
        """
        self.ensure_one()
        self.env["res.partner"]._match_flush()
        profile = self._match_profile()
        if not profile:
            return []
        keys = self.env["crm.partner.match.key"].sudo()
        partners = self._usable_partners(keys._candidates(matching.keys(profile)))
        if not partners:
            return []
        # Compared as superuser, for a parent company may be hidden; they were filtered for the user above.
        profiles = keys._profiles(partners.sudo())
        statistics = self.env["crm.lead.match.term"].sudo()._statistics([profile, *profiles])
        model = self.env["crm.lead.duplicate"]._matching_model(of_leads=False)
        return [
            {
                "partner_id": partners[position].id,
                "score": comparison.score,
                "evidence": comparison.evidence,
            }
            for position, comparison in model.rank(profile, profiles, statistics)[:limit]
        ]

    def _match_profile(self):
        """Return the lead's profile, stored or made on the spot; ``None`` if it cannot be made."""
        self._match_flush()
        match = self.env["crm.lead.match"].sudo()
        stored = isinstance(self.id, int) and match._stored_profile(self.id)
        if stored:
            return stored
        try:
            ((_record, profile),) = match._profiles(self)
        except psycopg2.Error:
            raise
        except Exception:
            # the window that converts the lead opens all the same
            _logger.exception("The lead %s cannot be compared with contacts", self.id)
            return None
        return profile

    def _usable_partners(self, partner_ids):
        """Return those of ``partner_ids`` that may be linked to this lead by the user."""
        partners = self.env["res.partner"].browse(sorted(partner_ids))
        # sudo: for a look at who is active, and in which company; then filtered for the user
        usable = partners.sudo().filtered(
            lambda partner: (
                partner.active
                and (not self.company_id or not partner.company_id or partner.company_id == self.company_id)
            )
        )
        return partners.browse(usable.ids)._filtered_access("read")
