"""Mail that is no request makes no lead and is kept where people find it; what only looks like it makes one."""

import base64

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.openfire_leads.tests.gateway.mail_common import MailCase
from odoo.addons.openfire_leads.tests.gateway.raw_requests import ASIDE, REQUESTS, mail

ASIDE_LOG = "odoo.addons.openfire_leads.models.gateway.crm_lead_mail_aside"


@tagged("post_install", "-at_install")
class TestMailAside(MailCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.aside = cls.env["crm.lead.mail.aside"]

    def set_aside(self, message):
        """Deliver a mail that makes no lead; return what was kept of it."""
        before = self.aside.search([])
        self.assertFalse(self.deliver(message))
        return self.aside.search([]) - before

    def automatic(self, **headers):
        return self.mail("Je suis absente", {"Auto-Submitted": "auto-replied", **headers})

    def test_what_is_no_request_is_set_aside_with_the_reason(self):
        for reason, cases in ASIDE.items():
            for name, lines in cases.items():
                with self.subTest(reason=reason, case=name):
                    kept = self.set_aside(self.raw(*lines))
                    self.assertRecordValues(
                        kept, [{"reason": reason, "team_id": self.team.id, "lead_id": False}]
                    )

    def test_what_only_looks_like_it_makes_a_lead(self):
        for name, lines in REQUESTS.items():
            with self.subTest(case=name):
                self.assertEqual(len(self.deliver(self.raw(*lines))), 1)

    def test_the_mail_is_kept_whole(self):
        message = self.automatic(Subject="Absente")
        message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="plan.pdf")
        raw = message.as_bytes()
        kept = self.set_aside(raw)
        self.assertEqual(base64.b64decode(kept.raw), raw)
        self.assertEqual((kept.name, kept.attachment_names), ("Absente", "plan.pdf"))
        self.assertIn("Je suis absente", kept.body)
        self.assertIn("jeanne.moulin@example.com", kept.email_from)

    def test_no_script_of_a_mail_is_kept_where_it_is_shown(self):
        message = self.mail(
            headers={"Auto-Submitted": "auto-replied"}, html="<p onclick='x()'>a<script>alert(1)</script></p>"
        )
        kept = self.set_aside(message)
        self.assertNotIn("script", kept.body)
        self.assertNotIn("onclick", kept.body)

    def test_a_mail_delivered_twice_is_kept_once(self):
        message = self.automatic()
        self.assertEqual(len(self.set_aside(message)), 1)
        self.assertFalse(self.set_aside(message))

    def test_a_mail_to_two_teams_is_kept_for_each(self):
        kept = self.set_aside(self.automatic(To="demandes@leads.example, autres@leads.example"))
        self.assertEqual(kept.team_id, self.team | self.other_team)

    def test_a_salesperson_makes_a_lead_of_it(self):
        message = self.automatic(Subject="Absente")
        message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="plan.pdf")
        kept = self.set_aside(message)
        # it goes to whom the alias gives it, whose leads this salesperson may not read
        told = kept.with_user(self.salesperson).action_make_lead()
        lead = kept.lead_id
        self.assertIn(lead.user_id.name, told["params"]["message"])
        self.assertRecordValues(
            lead,
            [{"name": "Absente", "team_id": self.team.id, "email_normalized": "jeanne.moulin@example.com"}],
        )
        self.assertEqual(lead.message_ids.attachment_ids.mapped("name"), ["plan.pdf"])
        self.assertIn("Je suis absente", "".join(lead.message_ids.mapped("body")))
        kept.with_user(self.salesperson).action_make_lead()
        self.assertEqual(kept.lead_id, lead)
        self.assertEqual(kept.with_user(self.manager).action_make_lead()["res_id"], lead.id)

    def test_a_lead_is_made_also_where_alias_and_team_are_gone(self):
        kept = self.set_aside(self.automatic(To="autres@leads.example"))
        self.other_team.unlink()
        self.env.invalidate_all()
        kept.with_user(self.manager).action_make_lead()
        self.assertEqual(len(kept.lead_id), 1)

    def test_the_lead_of_a_broken_mail_is_made(self):
        kept = self.set_aside(
            self.raw(
                *("From: a@", "To: demandes@leads.example", "Auto-Submitted: auto-replied"),
                *("Content-Type: text/plain; charset=martian", "", b"po\xeale"),
            )
        )
        kept.action_make_lead()
        self.assertIn("poêle", "".join(kept.lead_id.message_ids.mapped("body")))

    def test_several_at_once(self):
        kept = self.set_aside(self.automatic()) | self.set_aside(self.automatic())
        action = kept.with_user(self.manager).action_make_lead()
        self.assertEqual(action["domain"], [["id", "in", kept.lead_id.ids]])
        self.assertEqual(len(kept.lead_id), 2)

    def test_each_sees_the_mails_of_the_own_team(self):
        kept = self.set_aside(self.automatic())
        for user, sees in (
            (self.salesperson, True),
            (self.all_leads, True),
            (self.manager, True),
            (self.colleague, False),
        ):
            with self.subTest(user=user.login):
                self.assertEqual(bool(self.aside.with_user(user).search([("id", "in", kept.ids)])), sees)
        with self.assertRaises(AccessError):
            kept.with_user(self.colleague).action_make_lead()
        with self.assertRaises(AccessError):
            kept.with_user(self.officer).action_make_lead()

    def test_a_mail_of_another_company_is_not_seen(self):
        self.team.company_id = self.main_company
        kept = self.set_aside(self.automatic())
        self.assertEqual(kept.company_id, self.main_company)
        self.assertFalse(self.aside.with_user(self.foreigner).search([("id", "in", kept.ids)]))

    def test_old_mails_are_deleted(self):
        kept = self.set_aside(self.automatic()) | self.set_aside(self.automatic())
        self.env.cr.execute(
            "UPDATE crm_lead_mail_aside SET create_date = create_date - interval '91 days' WHERE id = %s",
            [kept[0].id],
        )
        self.aside.invalidate_model()
        self.aside._gc_mails()
        self.assertEqual(kept.exists(), kept[1])
        self.env["ir.config_parameter"].set_param("openfire_leads.mail_aside_days", "0")
        self.assertEqual(self.aside._gc_mails(), (0, 0))

    def test_a_client_cannot_say_that_a_mail_is_a_request(self):
        context = {"openfire_incoming": {"is_chosen": True}}
        with mute_logger(ASIDE_LOG):
            self.env["mail.thread"].with_context(**context).message_process(
                False, self.automatic().as_bytes()
            )
        self.assertEqual(len(self.aside.search([])), 1)

    def test_mail_to_another_model_is_not_set_aside(self):
        self.env["mail.alias"].create(
            {
                "alias_name": "contacts",
                "alias_domain_id": self.alias_domain.id,
                "alias_model_id": self.env["ir.model"]._get_id("res.partner"),
            }
        )
        lines = mail(
            "a@example.org", "x", to="contacts@leads.example", headers=["Auto-Submitted: auto-replied"]
        )
        before = self.aside.search([])
        self.assertFalse(self.deliver(self.raw(*lines)))
        self.assertEqual(self.aside.search([]), before)
        self.assertTrue(self.env["res.partner"].search([("email_normalized", "=", "a@example.org")]))
