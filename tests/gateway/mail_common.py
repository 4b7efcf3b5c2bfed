"""Raw mails for the tests of the mail gateway, delivered the way Odoo's mail script does: to ``message_process``."""

import time
from email.message import EmailMessage

from odoo.addons.openfire_leads.tests.common import LeadsCase

GATEWAY_LOG = "odoo.addons.mail.models.mail_thread"


class MailCase(LeadsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.main_company.email = "contact@company.example"
        cls.alias_domain.write({"bounce_alias": "rebond", "catchall_alias": "tout"})
        cls.count = 0

    def mail(self, content="Bonjour, je voudrais un devis.", headers=None, html=None):
        """Return an EmailMessage from a stranger to the team's alias; a header given as None is left out."""
        type(self).count += 1
        message = EmailMessage()
        defaults = {
            "From": "Jeanne Moulin <jeanne.moulin@example.com>",
            "To": "demandes@leads.example",
            "Subject": "Devis poêle à bois",
            "Message-Id": f"<{self.count}.{time.time()}@example.com>",
            "Date": "Fri, 20 Nov 2026 10:00:00 +0100",
        }
        for name, value in {**defaults, **(headers or {})}.items():
            if value is not None:
                message[name] = value
        message.set_content(content)
        if html:
            message.add_alternative(html, subtype="html")
        return message

    def raw(self, *lines):
        """Return a raw message of which every byte is given."""
        type(self).count += 1
        head = [b"Message-Id: <%d.%d@example.com>" % (self.count, time.time_ns())]
        return b"\r\n".join(head + [line.encode() if isinstance(line, str) else line for line in lines])

    def deliver(self, message):
        """Deliver, return the leads that it made."""
        raw = message if isinstance(message, bytes) else message.as_bytes()
        before = self.env["crm.lead"].with_context(active_test=False).search([])
        self.env["mail.thread"].message_process(False, raw)
        self.env.flush_all()
        return self.env["crm.lead"].with_context(active_test=False).search([]) - before

    def outgoing(self, lead):
        """Return a message that was sent from a lead to its requester."""
        return lead.message_post(
            body="Quelle surface ?", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
