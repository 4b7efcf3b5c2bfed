"""Which customer is proposed for a lead: one to link, or a new contact, and the firm to put it in."""

from odoo import models, tools

from ... import matching
from ...matching.compare_contacts import ONE_MAILBOX, ONE_NUMBER
from ...matching.providers import is_provider

# levels of evidence that say "the same", and those that say "another one"
SAME_NAME = {"exact", "very_close"}
SAME_VALUE = {*ONE_MAILBOX, *ONE_NUMBER}
OTHER_NAME = {"different", "other_first_name", "contradicting", "other_in_email", "crosswise_different"}
# below this score, the same name and number are not taken for the same person
EVIDENT_SCORE = 75.0
# customers whose scores differ by no more are about equally likely
EQUAL_SCORES = 3.0


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _propose_customer(self, find_similar=None, exact_only=False):
        """Return what to propose for the customer of this lead.

        In order: its customer; the person with the same e-mail; the customer who is evidently the requester
        (see :meth:`_is_customer_evident`); a new contact in the requester's firm, or the firm itself where the
        lead names no person; else a new customer.

        :param find_similar: answers what :meth:`_find_similar_partners` does, where that is needed for more than this
        :param exact_only: link only to a customer with the same e-mail, for leads that nobody looks at
        :return: ``{"action": "exist" or "create", "partner": res.partner, "firm": res.partner}``
        """
        self.ensure_one()
        matched = self._find_matching_partner()
        firm = self._matched_firm(matched)
        if matched and not firm:
            return self._customer_proposal("exist", partner=matched)
        if not exact_only or firm:
            evident = self._evident_customer((find_similar or self._find_similar_partners)())
            if evident and not (exact_only and evident.email_normalized != self.email_normalized):
                return self._customer_proposal("exist", partner=evident)
        return self._customer_proposal("create", firm=firm or self._find_customer_firm(matched))

    def _customer_proposal(self, action, partner=None, firm=None):
        nobody = self.env["res.partner"]
        return {"action": action, "partner": partner or nobody, "firm": firm or nobody}

    def _matched_firm(self, partner):
        """Return ``partner`` if it is a firm in which this lead's person would be a new contact, else empty."""
        if self.partner_id or not partner.is_company or not self._customer_person(partner.name):
            return self.env["res.partner"]
        return partner

    def _customer_person(self, firm_name=False):
        """Return the name of the person who asks, as far as the lead names one; empty for a firm's own name."""
        name = self.contact_name or tools.mail.parse_contact_from_email(self.email_from)[0] or ""
        firms = {(firm or "").strip().casefold() for firm in (self.partner_name, firm_name)}
        return "" if name.strip().casefold() in firms else name.strip()

    # ------------------------------------------------------------
    # An existing customer
    # ------------------------------------------------------------

    def _evident_customer(self, similar):
        """Return the customer who is evidently the requester; empty where two are about equally likely."""
        lines = [line for line in similar if self._is_customer_evident(line)]
        partners = self.env["res.partner"].browse(line["partner_id"] for line in lines)
        if self._customer_person():
            # a firm is linked only to who names no person; see _matched_firm
            partners = partners.filtered(lambda partner: not self._matched_firm(partner))
        lines = [line for line in lines if line["partner_id"] in partners.ids]
        return self._distinct_customer(lines)

    def _distinct_customer(self, lines):
        """Return the first customer of ``lines``, or the only person among the first ones; empty if unclear."""
        first = [line for line in lines if line["score"] >= lines[0]["score"] - EQUAL_SCORES]
        partners = self.env["res.partner"].browse(line["partner_id"] for line in first)
        if len(partners) > 1:
            partners = partners.filtered(lambda partner: not partner.is_company)
        return partners if len(partners) == 1 else self.env["res.partner"]

    def _is_customer_evident(self, line):
        """Return whether the evidence is enough to propose linking the customer.

        The same name, and the same phone or e-mail, and no other name; or a score that is certain.

        :param line: a line of :meth:`_find_similar_partners`
        """
        model = self.env["crm.lead.duplicate"]._matching_model(of_leads=False)
        if line["score"] >= model.certainty:
            return True
        levels = {one["field"]: one["level"] for one in line["evidence"]}
        names = {levels.get("contact_name"), levels.get("partner_name")}
        named = levels.get("contact_name") if self._customer_person() else levels.get("partner_name")
        reached = {levels.get("phone"), levels.get("email")} & SAME_VALUE
        least = max(EVIDENT_SCORE, model.suspicion)
        return bool(line["score"] >= least and named in SAME_NAME and reached and not names & OTHER_NAME)

    # ------------------------------------------------------------
    # The firm of a new contact
    # ------------------------------------------------------------

    def _find_customer_firm(self, matched=None):
        """Return the company among the customers that is this lead's firm: by e-mail, name, else e-mail domain.

        Empty where the lead names no person who could be its contact, or where several companies fit as well.

        :param matched: the customer with the same e-mail, if known already; may be empty
        """
        self.ensure_one()
        firms = self._matched_firm(self._find_matching_partner() if matched is None else matched)
        if firms or not self._customer_person() or not (self.partner_name or self._own_domain()):
            return firms
        self.env["res.partner"]._match_flush_firms()
        record = self._firm_record()
        country = self.env["crm.lead.match"]._default_country(self.company_id)
        profile = matching.profile(record, default_country=country)
        keys = self.env["crm.partner.match.key"].sudo()
        # sudo: a parent company may be hidden; nothing but the firm found is handed on, filtered for the user
        partners = self.env["res.partner"].sudo().browse(keys._candidates(matching.keys(profile)))
        companies = (partners | partners.commercial_partner_id).filtered("is_company")
        if self.partner_name:
            firms = self._firms_of_same_name(profile, companies)
        else:
            firms = companies.filtered(lambda company: self._is_firm_of_domain(company, partners))
        return self._only_firm(self._usable_partners(firms.ids))

    def _firm_record(self):
        return matching.Record(
            id=0,
            partner_name=self.partner_name or "",
            emails=(self.email_normalized or "",) if self._own_domain() else (),
            zip=self.zip or "",
            city=self.city or "",
            country_code=self.country_id.code or "",
        )

    def _own_domain(self):
        """Return the domain of the lead's e-mail, empty where anybody may have a mailbox."""
        domain = (self.email_normalized or "").rpartition("@")[2]
        return "" if is_provider(domain) else domain

    def _firms_of_same_name(self, profile, companies):
        if not companies:
            return companies
        profiles = self.env["crm.partner.match.key"].sudo()._profiles(companies)
        model = self.env["crm.lead.duplicate"]._matching_model(of_leads=False)
        statistics = self.env["crm.lead.match.term"].sudo()._statistics([profile, *profiles])
        same = [
            companies[position].id
            for position, comparison in model.rank(profile, profiles, statistics, min_score=0)
            if any(
                line["field"] == "partner_name" and line["level"] in SAME_NAME for line in comparison.evidence
            )
        ]
        return companies.browse(same)

    def _is_firm_of_domain(self, company, partners):
        """Return whether the company, or one of its contacts among ``partners``, has the lead's e-mail domain."""
        own = company | partners.filtered(lambda partner: partner.commercial_partner_id == company)
        domain = self._own_domain()
        return any((partner.email_normalized or "").endswith(f"@{domain}") for partner in own)

    def _only_firm(self, firms):
        """Return the firm if it is one; of several the only one in the same place, or with the same domain."""
        if len(firms) <= 1:
            return firms
        domain = self._own_domain()
        for fits in (
            lambda firm: domain and (firm.email_normalized or "").endswith(f"@{domain}"),
            lambda firm: self.zip and firm.zip == self.zip,
            lambda firm: not firm.parent_id,
        ):
            fitting = firms.filtered(fits)
            if len(fitting) == 1:
                return fitting
        return firms.browse()
