"""What a lead takes from the mail that made it."""

from odoo import api, models
from odoo.tools.mail import parse_contact_from_email


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Extend: the sender's display name is the contact, unless a known customer says better."""
        values = dict(custom_values or {})
        name, address = parse_contact_from_email(msg_dict.get("email_from") or "")
        if (
            address
            and name
            and "@" not in name
            and not (msg_dict.get("author_id") or values.get("partner_id"))
        ):
            values.setdefault("contact_name", name)
        return super().message_new(msg_dict, custom_values=values)
