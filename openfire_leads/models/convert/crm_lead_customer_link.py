"""The customer of a lead: who chose to link none is obeyed; what gives way to one is noted, journaled, matched on."""

import re

from odoo import api, fields, models, tools

from ...merging import Journal, Run


class CrmLead(models.Model):
    _inherit = "crm.lead"

    no_customer = fields.Boolean(
        "Without Customer",
        copy=False,
        help="Somebody chose to link no customer; a mail does not link one. Choosing a customer ends it.",
    )

    def write(self, vals):
        """Keep what the customer's own values replace: Odoo takes the customer's e-mail, phone, names and address.

        A merge keeps what it replaces itself. By a mail no customer is linked behind the back of who chose none.
        """
        if not vals.get("partner_id"):
            return super().write(vals)
        leads = self
        if self.env.context.get("openfire_mail_links"):
            leads = self.filtered(lambda lead: not lead.no_customer)
        elif any(lead.no_customer for lead in self):
            vals = {**vals, "no_customer": False}
        if self._merge_own_run():
            return super(CrmLead, leads).write(vals)
        field = self._fields["partner_id"]
        partner = self.env["res.partner"].browse(
            field.convert_to_cache(vals["partner_id"], self, validate=False)
        )
        linked = leads.filtered(lambda lead: lead.partner_id != partner)
        before = {lead: lead._customer_values() for lead in linked}
        runs, journal = linked._customer_link_open(partner, vals)
        result = super(CrmLead, leads).write(vals)
        linked._customer_link_note(before, {**linked._conversion_runs(), **runs})
        linked._customer_link_close(runs, journal)
        return result

    def _message_post_after_hook(self, message, msg_vals):
        """Extend: Odoo links the customer of the same address; not where somebody chose to link none."""
        leads = self.with_context(openfire_mail_links=True)
        return super(CrmLead, leads)._message_post_after_hook(message, msg_vals)

    @api.model
    def _customer_value_fields(self):
        """Return the names of the fields that Odoo fills from the customer."""
        return [
            "contact_name", "partner_name", "email_from", "phone", "function", "website",
            "street", "street2", "zip", "city", "state_id", "country_id",
        ]  # fmt: skip

    def _customer_values(self):
        """Return ``{field: (value, text)}`` of what this lead says where a customer may say otherwise."""
        return {
            name: (self[name], self._merge_display(name))
            for name in self._customer_value_fields()
            if not self._merge_is_blank(name)
        }

    def _customer_link_open(self, partner, vals):
        """Start a journal for leads whose e-mail or phone will give way.

        A conversion that is going on has one already.

        :return: ``({lead id: run}, journal)``, empty if there is nothing to journal
        """
        conversions = self._conversion_runs()
        leads = self.filtered(
            lambda lead: lead.id not in conversions and lead._contact_gives_way(partner, vals)
        )
        if not leads:
            return {}, None
        self.env.flush_all()
        runs = {lead.id: Run(lead._ids, kind="link") for lead in leads}
        journal = Journal(self.env, list(runs.values()))
        journal.open()
        return runs, journal

    def _contact_gives_way(self, partner, vals):
        """Return whether the lead's e-mail or phone is about to be replaced by another one."""
        email = vals.get("email_from", partner.email)
        if email and self.email_from and email != self.email_from:
            own, other = (tools.email_normalize(value) or value for value in (self.email_from, email))
            if own != other:
                return True
        phone = vals.get("phone", partner.phone)
        return bool(phone and self.phone and phone != self.phone and not self._is_same_number(phone))

    def _is_same_number(self, number):
        """Return whether ``number`` is this lead's phone, however it is written."""
        return self._comparable_number(number) == self._comparable_number(self.phone)

    def _comparable_number(self, number):
        # what Odoo cannot read as one number of the lead's country is compared by its digits
        return self._phone_format(number=number) or re.sub(r"\D", "", number or "")

    def _customer_link_note(self, before, runs):
        """Log which values gave way. Logged, not posted: it notifies nobody.

        :param runs: ``{lead id: run}`` of those that are journaled
        """
        bodies = {}
        for lead in self:
            replaced = [
                self.env._(
                    "%(label)s: %(value)s", label=self._fields[name]._description_string(self.env), value=text
                )
                for name, (value, text) in before[lead].items()
                if lead[name] != value and not (name == "phone" and lead._is_same_number(value))
            ]
            if replaced:
                bodies[lead.id] = self.env["ir.qweb"]._render(
                    "openfire_leads.crm_lead_customer_note",
                    {
                        "customer": lead.sudo().partner_id.display_name,
                        "replaced": replaced,
                        "merge_id": runs[lead.id].merge_id if lead.id in runs else "",
                    },
                    minimal_qcontext=True,
                )
        if bodies:
            self.browse(bodies)._message_log_batch(bodies=bodies)

    def _customer_link_close(self, runs, journal):
        """Keep the leads as they are now, and have them found by what gave way."""
        if runs:
            self.env.flush_all()
            journal.close()
            self.browse(runs)._refresh_match()
