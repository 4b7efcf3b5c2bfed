"""Mail for anything but leads is read, or refused, as if the addon were not there."""

from odoo.tests import tagged

from odoo.addons.openfire_leads.tests.gateway.mail_common import MailCase


@tagged("post_install", "-at_install")
class TestMailOtherModels(MailCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["mail.alias"].create(
            {
                "alias_name": "contacts",
                "alias_domain_id": cls.alias_domain.id,
                "alias_model_id": cls.env["ir.model"]._get_id("res.partner"),
            }
        )
        cls.partner = cls.env["res.partner"].create({"name": "Jeanne", "email": "jeanne.moulin@example.com"})

    def lines(self, to, *headers):
        return self.raw(f"To: {to}", "Subject: x", *headers, "", b"po\xeale")

    def received(self, message):
        """Return the messages that a mail made, wherever."""
        messages = self.env["mail.message"]
        before = messages.search([])
        self.assertFalse(self.deliver(message))
        return (messages.search([]) - before).filtered(lambda one: one.message_type == "email")

    def test_a_charset_that_nobody_knows_is_refused_as_odoo_does(self):
        headers = ("From: a@example.com", "Content-Type: text/plain; charset=martian")
        with self.assertRaises(LookupError):
            self.deliver(self.lines("contacts@leads.example", *headers))
        self.assertEqual(len(self.deliver(self.lines("demandes@leads.example", *headers))), 1)

    def test_a_mail_to_leads_too_is_read_for_them(self):
        headers = ("From: a@example.com", "Content-Type: text/plain; charset=martian")
        leads = self.deliver(self.lines("contacts@leads.example, demandes@leads.example", *headers))
        self.assertEqual(len(leads), 1)

    def test_an_answer_to_a_lead_is_read_for_it(self):
        lead = self.deliver(self.mail())
        raw = self.raw(
            *("From: a@example.com", "To: tout@leads.example", "Subject: x"),
            *(
                f"In-Reply-To: {self.outgoing(lead).message_id}",
                "Content-Type: text/plain; charset=martian",
                "",
            ),
            b"po\xeale",
        )
        self.assertFalse(self.deliver(raw))
        self.assertIn("poêle", lead.message_ids[0].body)

    def test_a_mail_server_of_leads_reads_for_them(self):
        raw = self.lines(
            "x@elsewhere.example", "From: a@example.com", "Content-Type: text/plain; charset=martian"
        )
        lead = self.env["crm.lead"].browse(self.env["mail.thread"].message_process("crm.lead", raw))
        self.assertIn("poêle", "".join(lead.message_ids.mapped("body")))

    def test_the_sender_of_a_form_stays_the_author(self):
        headers = {
            "From": "wordpress@site.example",
            "Reply-To": "a@example.com",
            "To": "contacts@leads.example",
        }
        message = self.received(self.mail(headers=headers))
        self.assertEqual(message.email_from, "wordpress@site.example")

    def test_foreign_references_are_followed_no_further_than_odoo_does(self):
        sent = self.partner.message_post(body="x", message_type="comment", subtype_xmlid="mail.mt_comment")
        headers = {"In-Reply-To": sent.message_id, "References": "<unknown.1@elsewhere.example>"}
        message = self.received(self.mail(headers={**headers, "To": "contacts@leads.example"}))
        self.assertNotEqual(message.res_id, self.partner.id)

    def test_a_comma_in_a_name_is_read_as_odoo_does(self):
        headers = ("From: Dupont, Jean <jean@example.com>", "Content-Type: text/plain; charset=latin-1")
        message = self.received(self.lines("contacts@leads.example", *headers))
        self.assertEqual(message.email_from, '"Jean" <jean@example.com>')

    def test_a_mail_to_nobody_is_refused_as_odoo_does(self):
        with self.assertRaisesRegex(ValueError, "No possible route"):
            self.deliver(self.lines("nobody@leads.example", "From: a@example.com"))
