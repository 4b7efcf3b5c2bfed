"""A reply joins the thread of its lead, whatever became of the lead."""

from odoo.tests import tagged

from odoo.addons.openfire_leads.tests.gateway.mail_common import MailCase


@tagged("post_install", "-at_install")
class TestMailReplies(MailCase):
    def test_a_reply_joins_the_thread(self):
        lead = self.deliver(self.mail())
        sent = self.outgoing(lead)
        reply = self.mail(
            "20 m²", {"In-Reply-To": sent.message_id, "References": sent.message_id, "Subject": "Re: x"}
        )
        self.assertFalse(self.deliver(reply))
        self.assertIn("20 m²", lead.message_ids[0].body)

    def test_a_reply_without_references_joins_the_thread(self):
        lead = self.deliver(self.mail())
        sent = self.outgoing(lead)
        self.assertFalse(self.deliver(self.mail("20 m²", {"In-Reply-To": sent.message_id})))
        self.assertIn("20 m²", lead.message_ids[0].body)

    def test_a_reply_whose_references_are_foreign_joins_the_thread(self):
        lead = self.deliver(self.mail())
        sent = self.outgoing(lead)
        headers = {"In-Reply-To": sent.message_id, "References": "<unknown.1@elsewhere.example>"}
        self.assertFalse(self.deliver(self.mail("20 m²", headers)))
        self.assertIn("20 m²", lead.message_ids[0].body)

    def test_a_reply_to_the_requesters_own_mail_joins_the_thread(self):
        first = self.mail()
        lead = self.deliver(first)
        self.assertFalse(self.deliver(self.mail("J'oubliais", {"References": first["Message-Id"]})))
        self.assertIn("J'oubliais", lead.message_ids[0].body)

    def test_a_reply_to_the_other_teams_alias_joins_the_thread(self):
        lead = self.deliver(self.mail())
        headers = {"In-Reply-To": self.outgoing(lead).message_id, "To": "autres@leads.example"}
        self.assertFalse(self.deliver(self.mail("20 m²", headers)))
        self.assertEqual(lead.team_id, self.team)

    def test_a_reply_to_a_deleted_lead_makes_a_new_one(self):
        lead = self.deliver(self.mail())
        message_id = self.outgoing(lead).message_id
        lead.unlink()
        self.assertEqual(len(self.deliver(self.mail(headers={"In-Reply-To": message_id}))), 1)

    def test_a_reply_to_a_merged_lead_joins_the_survivor(self):
        first, second = self.deliver(self.mail()), self.deliver(self.mail())
        message_ids = [self.outgoing(lead).message_id for lead in (first, second)]
        survivor = (first | second).merge_opportunity()
        for message_id in message_ids:
            self.assertFalse(self.deliver(self.mail("Encore", {"In-Reply-To": message_id})))
            self.assertIn("Encore", survivor.message_ids[0].body)

    def test_a_reply_after_an_undone_merge_joins_its_own_lead(self):
        first, second = self.deliver(self.mail()), self.deliver(self.mail())
        message_ids = [self.outgoing(lead).message_id for lead in (first, second)]
        survivor = (first | second).merge_opportunity()
        self.env["crm.lead.merge"].search([("survivor_id", "=", survivor.id)]).action_undo()
        for lead, message_id in zip((first, second), message_ids, strict=True):
            self.assertTrue(lead.exists())
            self.assertFalse(self.deliver(self.mail("Encore", {"In-Reply-To": message_id})))
            self.assertIn("Encore", lead.message_ids[0].body)

    def test_a_reply_sent_while_merged_stays_readable_after_the_undo(self):
        first, second = self.deliver(self.mail()), self.deliver(self.mail())
        message_id = self.outgoing(second).message_id
        survivor = (first | second).merge_opportunity()
        self.deliver(self.mail("Entre-temps", {"In-Reply-To": message_id}))
        self.env["crm.lead.merge"].search([("survivor_id", "=", survivor.id)]).action_undo()
        bodies = "".join((first | second).message_ids.mapped("body"))
        self.assertIn("Entre-temps", bodies)
        self.assertFalse(self.deliver(self.mail("Encore", {"In-Reply-To": message_id})))
        self.assertIn("Encore", second.message_ids[0].body)

    def test_a_reply_with_attachments_joins_the_thread_with_them(self):
        lead = self.deliver(self.mail())
        reply = self.mail("Voici", {"In-Reply-To": self.outgoing(lead).message_id}, html="<p>Voici</p>")
        reply.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="plan.pdf")
        self.assertFalse(self.deliver(reply))
        self.assertEqual(lead.message_ids[0].attachment_ids.mapped("name"), ["plan.pdf"])

    def test_a_reply_to_an_archived_lead_joins_it(self):
        lead = self.deliver(self.mail())
        message_id = self.outgoing(lead).message_id
        lead.action_set_lost()
        self.assertFalse(self.deliver(self.mail("Finalement", {"In-Reply-To": message_id})))
        self.assertIn("Finalement", lead.message_ids[0].body)
