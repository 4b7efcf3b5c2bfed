"""That somebody chose to link no customer to a lead is remembered: mail does not link one behind their back."""

from odoo import fields, models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    no_customer = fields.Boolean(
        "Without Customer",
        copy=False,
        help="Somebody chose to link no customer; a mail does not link one. Choosing a customer ends it.",
    )

    def write(self, vals):
        if vals.get("partner_id"):
            if self.env.context.get("openfire_mail_links"):
                free = self.filtered(lambda lead: not lead.no_customer)
                return super(CrmLead, free).write(vals)
            if any(lead.no_customer for lead in self):
                vals = {**vals, "no_customer": False}
        return super().write(vals)

    def _message_post_after_hook(self, message, msg_vals):
        """Extend: Odoo links the customer of the same address; not where somebody chose to link none."""
        leads = self.with_context(openfire_mail_links=True)
        return super(CrmLead, leads)._message_post_after_hook(message, msg_vals)
