"""Real mails through the gateway, the way Odoo's mail script delivers them: raw, to ``message_process``."""

import base64
import time
from email.message import EmailMessage

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.openfire_leads.tests.common import LeadsCase
from odoo.addons.openfire_leads.tests.raw_mails import BROKEN_ENCODINGS, MALFORMED

GATEWAY_LOG = "odoo.addons.mail.models.mail_thread"


@tagged("post_install", "-at_install")
class TestMailGateway(LeadsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.main_company.email = "contact@company.example"
        cls.alias_domain.write({"bounce_alias": "rebond", "catchall_alias": "tout"})
        cls.count = 0

    # ------------------------------------------------------------
    # Tools
    # ------------------------------------------------------------

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

    # ------------------------------------------------------------
    # New requests
    # ------------------------------------------------------------

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

    # ------------------------------------------------------------
    # Replies
    # ------------------------------------------------------------

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

    # ------------------------------------------------------------
    # What is not a request
    # ------------------------------------------------------------

    def test_an_automatic_answer_makes_no_lead(self):
        for headers in (
            {"Auto-Submitted": "auto-replied"},
            {"Auto-Submitted": "auto-generated; owner-email=x"},
            {"Precedence": "bulk"},
            {"Precedence": "auto_reply"},
            {"X-Auto-Response-Suppress": "All"},
            {"X-Autoreply": "yes"},
            {"X-Autorespond": "Absent"},
            {"Subject": "Réponse automatique : Votre demande"},
            {"Subject": "Out of Office: away"},
            {"Subject": "Automatic reply: Devis"},
        ):
            with self.subTest(headers=headers), mute_logger(GATEWAY_LOG):
                self.assertFalse(self.deliver(self.mail(headers=headers)))

    def test_a_mail_that_is_not_automatic_makes_one(self):
        for headers in (
            {"Auto-Submitted": "no"},
            {"Precedence": "first-class"},
            {"X-Auto-Response-Suppress": "None"},
            {"Subject": "Je suis absent en août, rappelez-moi en septembre"},
            {"Subject": "Out of the box: devis"},
        ):
            with self.subTest(headers=headers):
                self.assertEqual(len(self.deliver(self.mail(headers=headers))), 1)

    def test_an_automatic_answer_to_a_lead_is_kept_in_its_thread(self):
        lead = self.deliver(self.mail())
        headers = {"Auto-Submitted": "auto-replied", "In-Reply-To": self.outgoing(lead).message_id}
        self.assertFalse(self.deliver(self.mail("Je suis absente jusqu'à lundi", headers)))
        self.assertIn("absente", lead.message_ids[0].body)

    def test_a_sender_allowed_by_the_administrator_may_send_automatic_mails(self):
        self.env["mail.gateway.allowed"].create({"email": "annuaire@portail.example"})
        headers = {"From": "Annuaire <annuaire@portail.example>", "Precedence": "bulk"}
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

    # ------------------------------------------------------------
    # Broken mails
    # ------------------------------------------------------------

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
