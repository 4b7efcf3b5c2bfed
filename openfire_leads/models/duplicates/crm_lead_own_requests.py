"""Which duplicates are the requester's own beyond doubt: only with these merging is chosen beforehand."""

from odoo import models

from ...matching.compare_contacts import ONE_MAILBOX, ONE_NUMBER
from ...matching.emails import alias_words

# levels of the evidence, field by field
SAME_PERSON = {"exact", "very_close", "initials"}
SAME_EMAIL = set(ONE_MAILBOX)
OTHER_PERSON = {
    "contact_name": {"different", "other_first_name", "crosswise_different", "other_in_email"},
    "partner_name": {"contradicting", "different"},
}


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _own_requests(self, others):
        """Return which of ``others`` are this lead's requester's own, see :meth:`_is_own_request`.

        Those of whom somebody said that they are no duplicates are not.
        """
        self.ensure_one()
        dismissed = {
            other_id for other_id, pair in self._pairs_with(others).items() if pair.state == "dismissed"
        }
        others = others.filtered(lambda other: other.id not in dismissed)
        known = {}
        if not all(self._shares_person(other) for other in others):
            known = self._compare_with(others)
        return others.filtered(lambda other: self._is_own_request(other, *known.get(other.id, (0, []))))

    def _pairs_with(self, others):
        """Return the stored pairs of this lead with ``others``, by the other's id."""
        lead_id = self._origin.id
        if not lead_id or not others:
            return {}
        pairs = self.env["crm.lead.duplicate"].search([
            "|",
            "&", ("lead_id", "=", lead_id), ("other_lead_id", "in", others.ids),
            "&", ("other_lead_id", "=", lead_id), ("lead_id", "in", others.ids),
        ])  # fmt: skip
        return {
            (pair.lead_id.id if pair.lead_id.id != lead_id else pair.other_lead_id.id): pair for pair in pairs
        }

    def _compare_with(self, others):
        """Return ``{other.id: (score, evidence)}`` for each of ``others``, likely duplicate or not."""
        self.ensure_one()
        # superuser: the stored match values, of leads that the user may read
        match = self.env["crm.lead.match"].sudo()
        leads = (self | others).sudo()
        profiles = [profile for _record, profile in match._profiles(leads)]
        statistics = self.env["crm.lead.match.term"].sudo()._statistics(profiles)
        model = self.env["crm.lead.duplicate"]._matching_model()
        left, right = [0] * (len(profiles) - 1), list(range(1, len(profiles)))
        scores = model.compare_many(profiles, left, right, statistics)
        evidence = model.explain(profiles, left, right, statistics)
        return {
            lead_id: (float(score), lines)
            for lead_id, score, lines in zip(leads.ids[1:], scores, evidence, strict=True)
        }

    def _is_own_request(self, other, score, evidence):
        """Return whether ``other`` is beyond doubt the same person's. Override to choose more or less beforehand.

        1. Somebody's own mail address, or one person as customer, is shared; or
        2. nothing says that it is another person or another firm, and either an address of a
           firm or a firm as customer is shared, or it is a certain pair of one name which has the same
           e-mail or phone. A name that is only alike may be a brother's: the e-mail must not differ then.

        :param other: ``crm.lead``
        :param float score: 0 to 100, of the pair
        :param list evidence: as of ``find_duplicates``
        """
        if self._shares_person(other):
            return True
        level = {line["field"]: line["level"] for line in evidence}
        if any(level.get(field) in levels for field, levels in OTHER_PERSON.items()):
            return False
        if self._shares_mailbox(other) or (self.partner_id and self.partner_id == other.partner_id):
            return True
        if score < self.env["crm.lead.duplicate"]._matching_model().certainty:
            return False
        name, email = level.get("contact_name"), level.get("email")
        reached = email in SAME_EMAIL or level.get("phone") in ONE_NUMBER
        return name in SAME_PERSON and reached and (name == "exact" or email != "different")

    def _is_certainly_requester(self, other, score, evidence):
        """Return whether this lead's requester is certainly that of ``other``, so that nobody need look at both.

        1. The pair is certain, as it would be shown; or
        2. a person's own mail address and that person's name are the same, and nothing contradicts. That proves who it
           is, whatever the score: this tells besides how many such pairs there are in this very database.

        :param other: ``crm.lead``
        :param float score: 0 to 100, of the pair
        :param list evidence: as of ``find_duplicates``
        """
        if score >= self.env["crm.lead.duplicate"]._matching_model().certainty:
            return True
        level = {line["field"]: line["level"] for line in evidence}
        if any(level.get(field) in levels for field, levels in OTHER_PERSON.items()):
            return False
        own_address = self._shares_mailbox(other) and bool(alias_words(self.email_normalized))
        return own_address and level.get("contact_name") in SAME_PERSON

    def _shares_person(self, other):
        """Whether both leads have one person as customer, or one mail address that is no firm's role's."""
        customer = self.partner_id
        if customer and customer == other.partner_id and not customer.is_company:
            return True
        return self._shares_mailbox(other) and bool(alias_words(self.email_normalized))

    def _shares_mailbox(self, other):
        return bool(self.email_normalized) and self.email_normalized == other.email_normalized
