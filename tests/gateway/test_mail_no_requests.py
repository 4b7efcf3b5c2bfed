"""What is sent to an alias and is no request makes no lead."""

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.openfire_leads.tests.gateway.mail_common import GATEWAY_LOG, MailCase


@tagged("post_install", "-at_install")
class TestMailNoRequests(MailCase):
    def test_an_automatic_answer_to_a_lead_is_kept_in_its_thread(self):
        lead = self.deliver(self.mail())
        headers = {"Auto-Submitted": "auto-replied", "In-Reply-To": self.outgoing(lead).message_id}
        self.assertFalse(self.deliver(self.mail("Je suis absente jusqu'à lundi", headers)))
        self.assertIn("absente", lead.message_ids[0].body)

    def test_a_sender_allowed_by_the_administrator_may_send_automatic_mails(self):
        self.env["mail.gateway.allowed"].create({"email": "annuaire@portail.example"})
        headers = {"From": "Annuaire <annuaire@portail.example>", "Auto-Submitted": "auto-replied"}
        self.assertEqual(len(self.deliver(self.mail(headers=headers))), 1)

    def test_a_mail_from_ones_own_alias_makes_no_lead(self):
        for address in ("demandes@leads.example", "autres@leads.example", "tout@leads.example"):
            with self.subTest(address=address):
                self.assertFalse(self.deliver(self.mail(headers={"From": address})))

    def test_a_contact_form_that_sends_from_the_alias_makes_one(self):
        headers = {"From": "demandes@leads.example", "Reply-To": "jeanne.moulin@example.com"}
        self.assertEqual(len(self.deliver(self.mail(headers=headers))), 1)

    def test_a_stranger_is_refused_where_the_alias_is_for_known_partners(self):
        self.team.alias_contact = "partners"
        mails = self.env["mail.mail"].search([])
        self.assertFalse(self.deliver(self.mail()))
        refusal = self.env["mail.mail"].search([]) - mails
        self.assertIn("jeanne.moulin@example.com", refusal.email_to)
        self.env["res.partner"].create({"name": "Jeanne", "email": "jeanne.moulin@example.com"})
        self.assertEqual(len(self.deliver(self.mail())), 1)

    def test_a_bounce_makes_no_lead(self):
        self.assertFalse(self.deliver(self.mail(headers={"From": "MAILER-DAEMON@example.com"})))
        self.assertFalse(
            self.deliver(
                self.raw(
                    "From: postmaster@example.com",
                    "To: demandes@leads.example",
                    "Subject: Undelivered",
                    "Content-Type: multipart/report; report-type=delivery-status; boundary=b",
                    "",
                    "--b",
                    "Content-Type: text/plain",
                    "",
                    "Could not deliver",
                    "--b--",
                )
            )
        )

    def test_a_loop_stops(self):
        self.env["ir.config_parameter"].set_param("mail.gateway.loop.threshold", 3)
        with mute_logger(GATEWAY_LOG):
            made = [len(self.deliver(self.mail())) for _turn in range(5)]
        self.assertEqual(made, [1, 1, 1, 0, 0])

    def test_a_sender_without_an_address_is_no_loop_however_many_leads_have_none(self):
        self.env["ir.config_parameter"].set_param("mail.gateway.loop.threshold", 3)
        for number in range(4):
            self.new_lead(contact_name=f"Caller {number}")
        for sender in ("Jeanne Moulin", "<<>>@@", "jeanne.moulin(at)example.com"):
            with self.subTest(sender=sender):
                lines = (f"From: {sender}", "To: demandes@leads.example", "Subject: Devis", "", "Bonjour")
                self.assertEqual(len(self.deliver(self.raw(*lines))), 1)
