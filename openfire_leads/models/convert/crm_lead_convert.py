"""Conversion of leads: what can be converted, and the customer exactly as chosen."""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import email_split


class CrmLead(models.Model):
    _inherit = "crm.lead"

    # ------------------------------------------------------------
    # What can be converted
    # ------------------------------------------------------------

    def _conversion_obstacle(self):
        """Return why this lead cannot be converted into an opportunity, as a sentence, or False.

        1. deleted, or merged into another one, meanwhile;
        2. won;
        3. lost, or archived: it is to be restored first, for that is a decision of its own;
        4. an opportunity already.
        """
        self.ensure_one()
        if not self.exists():
            return self._explain_missing()
        if self.won_status == "won":
            return self.env._("“%(name)s” is won already: there is nothing left to convert.", name=self.name)
        if self.won_status == "lost":
            return self.env._(
                "“%(name)s” is marked as lost. Restore it before converting it.", name=self.name
            )
        if not self.active:
            return self.env._("“%(name)s” is archived. Restore it before converting it.", name=self.name)
        if self.type == "opportunity":
            return self.env._(
                "“%(name)s” is an opportunity already: somebody converted it meanwhile.", name=self.name
            )
        return False

    def _check_convertible(self):
        """Raise a UserError that says why, when one of these leads cannot be converted."""
        for lead in self:
            obstacle = lead._conversion_obstacle()
            if obstacle:
                raise UserError(obstacle)

    def redirect_lead_opportunity_view(self):
        """Extend: who handed the opportunity to a colleague and may not see it any more goes back to the leads."""
        if self.has_access("read"):
            return super().redirect_lead_opportunity_view()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("The opportunity is now your colleague's."),
                "next": {
                    **self.env["ir.actions.act_window"]._for_xml_id("crm.crm_lead_all_leads"),
                    "target": "main",
                },
            },
        }

    # ------------------------------------------------------------
    # Customer
    # ------------------------------------------------------------

    def _apply_customer_choice(self, choice, partner, parent):
        """Link, create or leave out the customer, exactly as chosen.

        :param str choice: ``exist``, ``create`` or ``nothing``
        :param partner: ``res.partner`` to link, for ``exist``
        :param parent: ``res.partner``, the company to put a new contact in, for ``create``; may be empty
        """
        if choice == "exist":
            self._handle_partner_assignment(force_partner_id=partner.id, create_missing=False)
        elif choice == "create":
            for lead in self:
                lead._create_own_customer(parent)
        else:
            self._unlink_customer()
            self.no_customer = True

    def _unlink_customer(self):
        """Take the customer off, and keep what the lead itself knows.

        Odoo empties the names when the customer goes, for they were filled from it.
        """
        for lead in self.filtered("partner_id"):
            kept = {name: lead[name] for name in self._customer_names()}
            lead.write({"partner_id": False, **kept})

    @api.model
    def _customer_names(self):
        return ["contact_name", "partner_name"]

    def _create_own_customer(self, parent):
        """Create a customer for this lead and link it, whoever else has the same name or mail address.

        :param parent: ``res.partner``, the company to put the new contact in; may be empty
        :returns: the new ``res.partner``
        :raises UserError: the lead says nothing that a customer could be called by
        """
        self.ensure_one()
        if not self._customer_name():
            raise UserError(self._explain_nameless())
        self._unlink_customer()
        if self._customer_person(parent.name) or (self.partner_name and not parent):
            self._handle_partner_assignment(create_missing=True, with_parent=parent)
        else:
            # Odoo takes the company itself, which is not new, or calls the customer by the subject
            values = self._prepare_customer_values(
                self._customer_name(of_person=True), is_company=False, parent_id=parent.id
            )
            self.partner_id = self.env["res.partner"].create(values)
        return self.partner_id

    def _customer_name(self, of_person=False):
        """Return what a customer created for this lead is called: person, else company, e-mail or phone.

        The subject is no name: without any of these the answer is empty.

        :param of_person: not by the company, for a contact within it
        """
        self.ensure_one()
        email = self.email_normalized or next(iter(email_split(self.email_from)), False)
        company = self.partner_name or self.contact_name
        return self._customer_person() or (not of_person and company) or email or self.phone or company

    def _explain_nameless(self):
        """Return, as a sentence, that no customer can be created for this lead as it is."""
        return self.env._(
            "“%(name)s” names nobody: it has no contact name, company, e-mail or phone. Fill in the contact name "
            "to create a customer.",
            name=self.name,
        )
