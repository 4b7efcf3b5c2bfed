"""A mail to an alias makes a lead or an opportunity, in the right team, with all that was sent."""

from odoo.tests import tagged

from odoo.addons.openfire_leads.tests.gateway.mail_common import MailCase


@tagged("post_install", "-at_install")
class TestMailRequests(MailCase):
    def test_a_plain_mail_makes_an_opportunity_in_the_team(self):
        lead = self.deliver(self.mail())
        self.assertRecordValues(
            lead,
            [
                {
                    "name": "Devis poêle à bois",
                    "type": "opportunity",
                    "team_id": self.team.id,
                    "email_from": '"Jeanne Moulin" <jeanne.moulin@example.com>',
                    "contact_name": "Jeanne Moulin",
                    "partner_id": False,
                }
            ],
        )
        self.assertIn("je voudrais un devis", "".join(lead.message_ids.mapped("body")))

    def test_a_mail_makes_a_lead_where_the_team_uses_leads(self):
        self.team.lead_mode = "leads"
        self.assertEqual(self.deliver(self.mail()).type, "lead")
        self.save_settings(group_use_lead=True)
        self.assertEqual(self.deliver(self.mail(headers={"To": "autres@leads.example"})).type, "lead")
        self.save_settings(group_use_lead=False)
        self.assertEqual(self.deliver(self.mail(headers={"To": "autres@leads.example"})).type, "opportunity")

    def test_html_and_attachments_are_kept(self):
        message = self.mail(html="<p>Bonjour <b>tous</b> <img src='cid:plan'/></p><script>alert(1)</script>")
        message.add_attachment(
            b"%PDF-1.4 plan", maintype="application", subtype="pdf", filename="plan été.pdf"
        )
        message.add_attachment(
            b"\x89PNG", maintype="image", subtype="png", filename="photo.png", cid="<plan>"
        )
        lead = self.deliver(message)
        post = lead.message_ids.filtered("attachment_ids")
        self.assertIn("<b>tous</b>", post.body)
        self.assertNotIn("script", post.body)
        self.assertEqual(sorted(post.attachment_ids.mapped("name")), ["photo.png", "plan été.pdf"])
        self.assertEqual(set(post.attachment_ids.mapped("res_id")), {lead.id})

    def test_a_known_customer_is_linked(self):
        partner = self.env["res.partner"].create({"name": "Mme Moulin", "email": "Jeanne.Moulin@Example.com"})
        lead = self.deliver(self.mail())
        self.assertEqual(lead.partner_id, partner)
        self.assertEqual(lead.contact_name, "Mme Moulin")

    def test_two_aliases_make_one_in_each_team(self):
        leads = self.deliver(
            self.mail(headers={"To": "demandes@leads.example, autres@leads.example, demandes@leads.example"})
        )
        self.assertEqual(leads.team_id, self.team | self.other_team)
        self.assertEqual(len(leads), 2)
        for lead in leads:
            self.assertIn("je voudrais", "".join(lead.message_ids.mapped("body")))

    def test_an_alias_in_copy_counts_too(self):
        lead = self.deliver(self.mail(headers={"To": "autre@example.org", "Cc": "Demandes@LEADS.example"}))
        self.assertEqual(lead.team_id, self.team)

    def test_the_same_mail_delivered_twice_makes_one(self):
        message = self.mail()
        self.assertEqual(len(self.deliver(message)), 1)
        self.assertFalse(self.deliver(message))

    def test_a_mail_of_20_megabytes_is_kept_whole(self):
        message = self.mail()
        content = b"0123456789abcdef" * (15 * 1024 * 1024 // 16)
        message.add_attachment(content, maintype="application", subtype="zip", filename="photos.zip")
        self.assertGreater(len(message.as_bytes()), 20_000_000)
        lead = self.deliver(message)
        self.assertEqual(lead.message_ids.attachment_ids.raw, content)

    def test_an_alias_that_only_the_mail_server_names_counts_too(self):
        headers = {"To": "autre@example.org", "Delivered-To": "demandes@leads.example"}
        self.assertEqual(self.deliver(self.mail(headers=headers)).team_id, self.team)

    def test_a_mail_of_several_senders_makes_one_of_the_first(self):
        headers = {"From": "Jeanne Moulin <jeanne@example.com>, paul@example.com"}
        lead = self.deliver(self.mail(headers=headers))
        self.assertEqual(lead.email_normalized, "jeanne@example.com")
        self.assertEqual(lead.contact_name, "Jeanne Moulin")

    def test_a_request_forwarded_by_a_mailing_list_makes_one(self):
        headers = {
            "To": "contact@company.example",
            "Delivered-To": "demandes@leads.example",
            "Precedence": "list",
            "List-Id": "Contact <contact.company.example>",
            "List-Unsubscribe": "<mailto:contact+unsubscribe@company.example>",
            "Sender": "contact@company.example",
        }
        lead = self.deliver(self.mail(headers=headers))
        self.assertEqual(lead.email_normalized, "jeanne.moulin@example.com")

    def test_a_contact_form_that_sends_from_the_alias_makes_one_of_whom_to_reply_to(self):
        headers = {"From": "Site <demandes@leads.example>", "Reply-To": "Paul Tissot <paul@example.com>"}
        lead = self.deliver(self.mail(headers=headers))
        self.assertEqual(lead.email_normalized, "paul@example.com")
        self.assertEqual(lead.contact_name, "Paul Tissot")
