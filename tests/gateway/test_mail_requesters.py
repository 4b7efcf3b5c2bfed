"""The lead is of whoever asks, by whatever way the mail came."""

from odoo.tests import tagged

from odoo.addons.openfire_leads.tests.common import needs_french
from odoo.addons.openfire_leads.tests.gateway.mail_common import MailCase
from odoo.addons.openfire_leads.tests.gateway.raw_requests import (
    COLLEAGUE,
    FORMS,
    FORWARDS,
    WORDPRESS,
    mail,
)


@tagged("post_install", "-at_install")
class TestMailRequesters(MailCase):
    def check(self, cases):
        leads = {}
        for name, (lines, expected) in cases.items():
            with self.subTest(case=name):
                lead = self.deliver(self.raw(*lines))
                self.assertEqual(len(lead), 1)
                self.assertEqual({field: lead[field] for field in expected}, expected)
                leads[name] = lead
        return leads

    def test_a_form_makes_a_lead_of_whoever_filled_it(self):
        leads = self.check(FORMS)
        self.assertEqual(leads["French labels without Reply-To"].country_id.code, "FR")

    def test_the_message_shows_who_sent_it_and_all_it_says(self):
        lead = self.deliver(self.raw(*FORMS["French labels without Reply-To"][0]))
        message = lead.message_ids.filtered(lambda one: one.message_type == "email")
        self.assertIn("wordpress@poeles-martin.example", message.email_from)
        self.assertIn("Téléphone : 06 12 34 56 78", message.body)

    def test_a_form_is_nobody_to_answer_to(self):
        lead = self.deliver(self.raw(*FORMS["a form with Reply-To"][0]))
        suggested = lead._message_get_suggested_recipients(reply_discussion=True)
        self.assertEqual([one["email"] for one in suggested], ["jeanne.moulin@example.org"])

    def test_two_requesters_of_one_form_are_two(self):
        leads = [
            self.deliver(self.raw(*mail(WORDPRESS, "Un devis ?", headers=[f"Reply-To: {name}@example.org"])))
            for name in ("jeanne", "paul")
        ]
        self.assertEqual(
            [lead.email_normalized for lead in leads], ["jeanne@example.org", "paul@example.org"]
        )

    def test_a_form_whose_address_is_a_contact_is_not_linked_to_it(self):
        self.env["res.partner"].create({"name": "Site", "email": "wordpress@poeles-martin.example"})
        lead = self.deliver(self.raw(*FORMS["a form with Reply-To"][0]))
        self.assertFalse(lead.partner_id)
        self.assertEqual(lead.contact_name, "Jeanne Moulin")

    def test_a_customer_who_fills_a_form_is_linked_and_not_changed(self):
        customer = self.env["res.partner"].create(
            {"name": "Mme Moulin", "email": "jeanne.moulin@example.org", "city": "Brest"}
        )
        lead = self.deliver(self.raw(*FORMS["French labels without Reply-To"][0]))
        self.assertEqual(lead.partner_id, customer)
        self.assertEqual(lead.contact_name, "Mme Moulin")
        self.assertEqual(lead.phone, "06 12 34 56 78")
        self.assertFalse(customer.phone)
        self.assertEqual((lead.street, lead.city), (False, "Brest"))

    def test_a_phone_that_is_none_and_a_link_fill_nothing(self):
        lines = mail(
            WORDPRESS, "Nom : https://spam.example", "Téléphone : après 18h", "E-mail : a@example.org"
        )
        lead = self.deliver(self.raw(*lines))
        self.assertFalse(lead.phone)
        self.assertFalse(lead.contact_name)

    def test_what_a_mail_quotes_is_not_the_requesters(self):
        quoted = ("Un devis ?", "", "Le 20 nov. 2026 à 10:00, Poêles Martin <a@company.example> a écrit :")
        lines = mail("paul@example.org", *quoted, "> Tél : 02 99 00 00 00", "> E-mail : a@company.example")
        self.assertFalse(self.deliver(self.raw(*lines)).phone)

    def test_a_forwarded_mail_makes_a_lead_of_its_first_sender(self):
        for lead in self.check(FORWARDS).values():
            notes = "".join(lead.message_ids.mapped("body"))
            self.assertIn("Forwarded by Sales Person", notes)
            message = lead.message_ids.filtered(lambda one: one.message_type == "email")
            self.assertEqual(message.author_id, self.salesperson.partner_id)
            self.assertFalse(lead.partner_id)

    @needs_french
    def test_who_forwarded_it_is_noted_in_the_language_of_the_team(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.manager.lang = "fr_FR"
        self.assertEqual(self.team.user_id, self.manager)
        lines, _expected = next(iter(FORWARDS.values()))
        lead = self.deliver(self.raw(*lines))
        self.assertIn("Transféré par Sales Person", "".join(lead.message_ids.mapped("body")))

    def test_a_mail_forwarded_as_a_file_makes_a_lead_of_its_sender(self):
        inner = self.mail(headers={"To": "salesperson@company.example"})
        for sender in (COLLEAGUE, "Anne <anne@company.example>"):
            with self.subTest(sender=sender):
                outer = self.mail("Pour toi", {"From": sender, "Subject": "TR: Devis"})
                outer.add_attachment(inner)
                lead = self.deliver(outer)
                self.assertEqual(lead.email_normalized, "jeanne.moulin@example.com")
                self.assertEqual(lead.contact_name, "Jeanne Moulin")

    def test_a_forwarded_customer_is_linked(self):
        customer = self.env["res.partner"].create({"name": "Jeanne", "email": "jeanne.moulin@example.org"})
        self.assertEqual(self.deliver(self.raw(*FORWARDS["Gmail"][0])).partner_id, customer)

    def test_a_stranger_who_forwards_is_the_requester(self):
        lines = ["From: Paul <paul@example.net>", *FORWARDS["Gmail"][0][1:]]
        lead = self.deliver(self.raw(*lines))
        self.assertEqual(lead.email_normalized, "paul@example.net")
        self.assertNotIn("Forwarded", "".join(lead.message_ids.mapped("body")).split("----------")[0])

    def test_a_colleague_who_writes_is_the_requester(self):
        lead = self.deliver(self.raw(*mail(COLLEAGUE, "Rappeler M. Durand")))
        self.assertEqual(lead.email_normalized, "salesperson@company.example")

    def test_a_colleague_who_answers_is_the_requester(self):
        quoted = ("Le 20 nov. 2026, « Jeanne » <jeanne@example.org> a écrit :", "> Un devis ?")
        lead = self.deliver(self.raw(*mail(COLLEAGUE, "Vu.", "", *quoted, subject="Re: Devis")))
        self.assertEqual(lead.email_normalized, "salesperson@company.example")

    def test_a_forwarded_mail_that_cannot_be_read_makes_a_lead(self):
        outer = self.mail("Pour toi", {"From": COLLEAGUE, "Subject": "TR: Devis"})
        outer.add_attachment(
            b"From: a@[\r\n\r\n\xff", maintype="application", subtype="octet-stream", filename="x.eml"
        )
        self.assertEqual(len(self.deliver(outer)), 1)

    def test_an_alias_with_a_tag_is_the_alias(self):
        for to in ("demandes+site@leads.example", "Demandes+Salon-2026@LEADS.example"):
            with self.subTest(to=to):
                lead = self.deliver(self.raw(*mail("a@example.org", "Un devis ?", to=to)))
                self.assertEqual(lead.team_id, self.team)
                self.assertFalse(lead.message_ids.filtered("incoming_email_to"))

    def test_an_alias_of_the_tagged_name_goes_first(self):
        tagged_alias = self.env["mail.alias"].create(
            {
                "alias_name": "demandes+site",
                "alias_domain_id": self.alias_domain.id,
                "alias_model_id": self.env["ir.model"]._get_id("res.partner"),
            }
        )
        self.assertEqual(tagged_alias.alias_name, "demandes+site")
        lines = mail("a@example.org", "Un devis ?", to="demandes+site@leads.example")
        self.assertFalse(self.deliver(self.raw(*lines)))

    def test_a_tag_of_an_alias_of_something_else_has_no_route(self):
        self.env["mail.alias"].create(
            {
                "alias_name": "contacts",
                "alias_domain_id": self.alias_domain.id,
                "alias_model_id": self.env["ir.model"]._get_id("res.partner"),
            }
        )
        with self.assertRaisesRegex(ValueError, "No possible route"):
            self.deliver(self.raw(*mail("a@example.org", "x", to="contacts+site@leads.example")))
