"""Where somebody chose to link no customer, mail does not link one; choosing one ends that."""

from odoo.tests import tagged

from odoo.addons.openfire_leads.tests.gateway.mail_common import MailCase


@tagged("post_install", "-at_install")
class TestMailNoCustomer(MailCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls.new_lead(email_from="jeanne.moulin@example.com")
        cls.other = cls.new_lead(email_from="jeanne.moulin@example.com")
        cls.lead._apply_customer_choice("nothing", cls.env["res.partner"], cls.env["res.partner"])
        cls.customer = cls.env["res.partner"].create({"name": "Jeanne", "email": "jeanne.moulin@example.com"})

    def write_to_customer(self, lead):
        return lead.message_post(
            body="Bonjour",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.customer.ids,
        )

    def test_a_message_to_the_requester_links_nobody(self):
        self.write_to_customer(self.lead)
        self.assertFalse(self.lead.partner_id)

    def test_a_message_on_another_lead_of_the_requester_links_that_one(self):
        self.write_to_customer(self.other)
        self.assertEqual(self.other.partner_id, self.customer)
        self.assertFalse(self.lead.partner_id)

    def test_a_reply_of_the_requester_links_nobody(self):
        sent = self.write_to_customer(self.lead)
        self.assertFalse(self.deliver(self.mail("20 m²", {"In-Reply-To": sent.message_id})))
        self.assertIn("20 m²", self.lead.message_ids[0].body)
        reply = self.lead.message_ids[0]
        self.lead.message_post(body="Merci", parent_id=reply.id, partner_ids=reply.author_id.ids)
        self.assertFalse(self.lead.partner_id)

    def test_choosing_a_customer_later_ends_it(self):
        self.lead.partner_id = self.customer
        self.assertFalse(self.lead.no_customer)
        self.lead.partner_id = False
        self.write_to_customer(self.lead)
        self.assertEqual(self.lead.partner_id, self.customer)

    def test_a_copy_is_without_it(self):
        self.assertFalse(self.lead.copy().no_customer)
