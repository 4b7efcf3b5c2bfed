"""A mail that is not as it should be is kept all the same, or refused in words."""

import base64

from odoo.tests import tagged

from odoo.addons.openfire_leads.tests.gateway.mail_common import MailCase
from odoo.addons.openfire_leads.tests.gateway.raw_mails import BROKEN_ENCODINGS, MALFORMED


@tagged("post_install", "-at_install")
class TestBrokenMails(MailCase):
    def test_a_mail_without_from_makes_a_lead(self):
        lead = self.deliver(self.mail(headers={"From": None}))
        self.assertEqual(len(lead), 1)
        self.assertFalse(lead.email_from)
        self.assertFalse(lead.partner_id)

    def test_an_unreadable_from_makes_a_lead(self):
        for sender in ("Jeanne", "<>", "@", "Jeanne Moulin <jeanne at example>"):
            with self.subTest(sender=sender):
                raw = self.raw(f"From: {sender}", "To: demandes@leads.example", "Subject: x", "", "Bonjour")
                self.assertEqual(len(self.deliver(raw)), 1)

    def test_a_mail_without_subject_or_body_makes_a_lead(self):
        lead = self.deliver(self.mail("", {"Subject": None}))
        self.assertTrue(lead.name)
        lead = self.deliver(self.raw("From: a@example.com", "To: demandes@leads.example"))
        self.assertTrue(lead.name)

    def test_broken_encodings_are_read_as_well_as_can_be(self):
        for name, lines in BROKEN_ENCODINGS.items():
            with self.subTest(case=name):
                lead = self.deliver(self.raw(*lines))
                self.assertEqual(len(lead), 1)
                self.assertTrue(lead.name)
                if name.endswith(" charset") and "attachment" not in name:
                    self.assertIn("poêle", "".join(lead.message_ids.mapped("body")))

    def test_malformed_structures_make_a_lead(self):
        for name, lines in MALFORMED.items():
            with self.subTest(case=name):
                self.assertEqual(len(self.deliver(self.raw(*lines))), 1)

    def test_a_damaged_address_is_read_as_well_as_can_be(self):
        raw = self.raw(
            "From: Jeanne <jeanne@example.com>, b@",
            "To: demandes@leads.example, c@",
            "Subject: x",
            "",
            "Bonjour",
        )
        self.assertEqual(self.deliver(raw).email_normalized, "jeanne@example.com")

    def test_a_huge_subject_and_name_make_a_lead(self):
        headers = {"Subject": "poêle " * 2000, "From": f'"{"x" * 2000}" <a@example.com>'}
        self.assertEqual(len(self.deliver(self.mail(headers=headers))), 1)

    def test_a_mail_to_nobody_is_refused_in_words(self):
        for to in ("personne@leads.example", None):
            with self.subTest(to=to), self.assertRaisesRegex(ValueError, "No possible route"):
                self.deliver(self.mail(headers={"To": to}))

    def test_the_gateway_accepts_what_rpc_delivers(self):
        raw = base64.b64decode(base64.b64encode(self.mail().as_bytes()))
        self.assertEqual(len(self.deliver(raw)), 1)
