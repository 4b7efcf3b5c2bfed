"""A mail from somebody who has an open lead joins it where the team wants that, and nothing else does."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.openfire_leads.tests.gateway.mail_common import MailCase
from odoo.addons.openfire_leads.tests.gateway.raw_mails import BROKEN_ENCODINGS, MALFORMED

JOIN_LOG = "odoo.addons.openfire_leads.models.gateway.crm_lead_mail_join"
THREAD_LOG = "odoo.addons.openfire_leads.models.gateway.mail_thread"


class JoinCase(MailCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.incoming_known = "join"
        cls.aside = cls.env["crm.lead.mail.aside"]
        cls.jeanne = {"contact_name": "Jeanne Moulin", "email_from": "jeanne.moulin@example.com"}
        cls.open = cls.new_lead("Poêle", type="opportunity", **cls.jeanne)
        cls.env.flush_all()
        cls.env["crm.lead"]._match_flush()

    def joins(self, message, lead=None):
        """Deliver a mail that joins; return the message that it is there."""
        lead = lead or self.open
        before = lead.message_ids
        self.assertFalse(self.deliver(message), "it made a lead")
        lead.invalidate_recordset()
        return (lead.message_ids - before).filtered(lambda one: one.message_type == "email")

    def notices(self):
        return self.env["mail.message"].search(
            [
                *(("model", "=", "crm.lead"), ("res_id", "=", self.open.id)),
                *(("message_type", "=", "user_notification"), ("subject", "like", "joined")),
            ]
        )

    def kept(self, posted):
        return self.aside.search([("joined_message_id", "=", posted.id)])


@tagged("post_install", "-at_install")
class TestMailJoin(JoinCase):
    def test_a_mail_of_its_requester_joins_the_open_one(self):
        message = self.mail("Et aussi un insert.")
        message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="plan.pdf")
        posted = self.joins(message)
        self.assertEqual(len(posted), 1)
        self.assertIn("Et aussi un insert.", posted.body)
        self.assertIn("jeanne.moulin@example.com", posted.email_from)
        self.assertEqual(posted.subtype_id, self.env.ref("mail.mt_comment"))
        self.assertEqual(posted.message_id, message["Message-Id"])
        self.assertEqual(posted.attachment_ids.mapped("name"), ["plan.pdf"])
        self.assertEqual(posted.attachment_ids.res_id, self.open.id)

    def test_an_answer_to_it_goes_to_the_open_one_too(self):
        posted = self.joins(self.mail())
        self.team.incoming_known = "lead"
        self.joins(self.mail("J'oubliais", {"References": posted.message_id}))

    def test_unless_the_team_wants_it_each_mail_makes_a_lead(self):
        self.team.incoming_known = "lead"
        lead = self.deliver(self.mail())
        self.assertIn(self.open, lead.duplicate_lead_ids)
        self.assertEqual(self.env["crm.team"].create({"name": "New"}).incoming_known, "lead")

    def test_the_salesperson_is_told_with_the_mail(self):
        posted = self.joins(self.mail())
        self.assertIn(self.salesperson.partner_id, posted.notified_partner_ids)
        note = self.open.message_ids[0]
        self.assertEqual(note.subtype_id, self.env.ref("mail.mt_note"))
        self.assertIn("same e-mail", note.body)
        self.assertIn(f"/odoo/crm-mails-set-aside/{self.kept(posted).id}", note.body)

    def test_a_salesperson_who_does_not_follow_is_told_as_well(self):
        self.open.message_unsubscribe(self.salesperson.partner_id.ids)
        posted = self.joins(self.mail())
        self.assertNotIn(self.salesperson.partner_id, posted.notified_partner_ids)
        notices = self.notices()
        self.assertEqual(notices.notified_partner_ids, self.salesperson.partner_id)
        self.assertIn("Poêle", notices.subject)

    def test_of_one_that_is_nobody_s_the_team_s_leader_is_told(self):
        self.open.user_id = False
        self.open.message_unsubscribe(self.salesperson.partner_id.ids)
        self.joins(self.mail())
        notices = self.notices()
        self.assertEqual(notices.notified_partner_ids, self.manager.partner_id)

    def test_an_open_lead_of_another_team_is_joined(self):
        self.open.team_id = self.other_team
        self.joins(self.mail())

    def test_a_certain_pair_by_other_facts_is_joined(self):
        self.open.write(
            {"phone": "06 39 98 12 34", "street": "3 rue des Lilas", "zip": "64000", "city": "Pau"}
        )
        headers = {"From": "Jeanne Moulin <jm@elsewhere.example>"}
        lines = ("Nom : Jeanne Moulin", "Téléphone : 0639981234", "Adresse : 3 rue des Lilas", "Ville : Pau")
        self.joins(self.mail("\n".join((*lines, "Code postal : 64000")), headers))

    def test_a_mail_that_a_colleague_forwards_joins_the_requester_s(self):
        forwarded = (
            "Pour toi\n\n---------- Forwarded message ---------\n"
            "From: Jeanne Moulin <jeanne.moulin@example.com>\nDate: Fri, 20 Nov 2026 at 10:00\n"
            "Subject: Devis\nTo: <contact@company.example>\n\nEt un insert ?\n"
        )
        posted = self.joins(
            self.mail(forwarded, {"From": "Officer <officer@company.example>", "Subject": "Fwd: Devis"})
        )
        self.assertIn("Et un insert ?", posted.body)

    def test_a_mail_to_two_aliases_joins_once(self):
        self.other_team.write({"incoming_known": "join", "user_id": self.manager.id})
        posted = self.joins(self.mail(headers={"To": "demandes@leads.example, autres@leads.example"}))
        self.assertEqual(len(posted), 1)

    def test_a_mail_to_two_aliases_of_which_one_wants_leads_does_both(self):
        before = self.open.message_ids
        lead = self.deliver(self.mail(headers={"To": "demandes@leads.example, autres@leads.example"}))
        self.assertEqual(lead.team_id, self.other_team)
        joined = (self.open.message_ids - before).filtered(lambda one: one.message_type == "email")
        self.assertEqual(len(joined), 1)

    def test_by_the_address_of_a_merged_lead_it_joins_the_lead_that_remains(self):
        merged = self.new_lead("Insert", contact_name="Jeanne Moulin", email_from="jeanne.m@example.net")
        (self.open | merged).with_context(openfire_merge={"survivor_id": self.open.id}).merge_opportunity()
        self.env["crm.lead"]._match_flush()
        self.assertFalse(merged.exists())
        self.open.email_from = "jeanne.moulin@example.com"
        self.open.phone = "06 39 98 12 34"
        self.joins(
            self.mail(
                "Nom : Jeanne Moulin\nTél : 06 39 98 12 34", {"From": "Jeanne Moulin <jeanne.m@example.net>"}
            )
        )

    def test_a_robot_that_writes_again_and_again_is_stopped_as_in_a_conversation(self):
        self.env["ir.config_parameter"].set_param("mail.gateway.loop.threshold", "3")
        for _time in range(3):
            self.joins(self.mail())
        self.assertFalse(self.joins(self.mail()))

    def test_whom_else_it_names_gets_no_answers(self):
        others = {"To": "demandes@leads.example, to@evil.example", "Cc": "cc@evil.example"}
        self.joins(self.mail(headers=others))
        self.assertFalse(self.open.email_cc)
        suggested = self.open._message_get_suggested_recipients(reply_discussion=True)
        self.assertEqual({one["email"] for one in suggested}, {"jeanne.moulin@example.com"})

    def test_a_fresh_joined_mail_leaves_the_lead_s_own_values(self):
        self.joins(self.mail("Téléphone : 05 59 00 11 22\nVille : Pau"))
        self.assertFalse(self.open.phone or self.open.city)


@tagged("post_install", "-at_install")
class TestMailDoesNotJoin(JoinCase):
    def makes_lead(self, message=None):
        lead = self.deliver(message or self.mail())
        self.assertEqual(len(lead), 1)
        self.assertFalse(self.open.message_ids.filtered(lambda one: one.message_type == "email"))
        self.assertFalse(self.aside.search([("reason", "=", "joined")]))
        return lead

    def test_who_is_only_likely_the_same(self):
        cases = {
            "another first name": {"From": "Pierre Moulin <jeanne.moulin@example.com>"},
            "another address": {"From": "Jeanne Moulin <jmoulin@elsewhere.example>"},
            "no name": {"From": "jeanne.moulin@example.com"},
        }
        for case, headers in cases.items():
            with self.subTest(case=case):
                self.makes_lead(self.mail(headers=headers)).unlink()

    def test_a_role_s_address_with_the_same_words_before_it(self):
        self.open.write({"contact_name": "Annuaire Travaux", "email_from": "contact@annuaire.example"})
        self.makes_lead(self.mail(headers={"From": "Annuaire Travaux <contact@annuaire.example>"}))

    def test_what_is_won_lost_or_archived(self):
        self.open.action_set_won()
        self.makes_lead().unlink()
        self.open.stage_id = self.env["crm.stage"].search([("is_won", "=", False)], limit=1)
        self.open.probability = 10
        self.open.action_set_lost()
        self.makes_lead().unlink()
        self.open.write({"active": True, "probability": 10})
        self.open.active = False
        self.assertEqual(self.open.won_status, "pending")
        self.makes_lead().unlink()
        self.open.active = True
        self.joins(self.mail())

    def test_two_open_ones(self):
        self.new_lead("Insert", **self.jeanne)
        self.makes_lead()

    def test_one_open_and_one_lost_are_no_doubt(self):
        self.new_lead("Insert", **self.jeanne).action_set_lost()
        self.joins(self.mail())

    def test_one_of_another_company(self):
        self.open.write(
            {"team_id": False, "user_id": self.foreigner.id, "company_id": self.second_company.id}
        )
        self.assertEqual(self.open.company_id, self.second_company)
        self.makes_lead()

    def test_one_of_a_company_where_the_mail_is_everybody_s(self):
        self.team.user_id = False
        self.assertEqual(self.open.company_id, self.main_company)
        self.assertFalse(self.makes_lead().company_id)

    def test_an_automatic_answer(self):
        before = self.open.message_ids
        self.assertFalse(self.deliver(self.mail(headers={"Auto-Submitted": "auto-replied"})))
        self.assertEqual(self.open.message_ids, before)
        self.assertEqual(self.aside.search([]).reason, "automatic")

    def test_a_mail_set_aside_of_which_somebody_wants_a_lead(self):
        self.deliver(self.mail(headers={"Auto-Submitted": "auto-replied"}))
        mail = self.aside.search([])
        mail.action_make_lead()
        self.assertTrue(mail.lead_id)
        self.assertNotEqual(mail.lead_id, self.open)

    def test_where_leads_cannot_be_compared_a_lead_is_made(self):
        with (
            patch.object(type(self.open), "_likely_duplicates", side_effect=ValueError("no")),
            mute_logger(JOIN_LOG),
        ):
            self.deliver(self.mail())
        self.assertEqual(
            self.env["crm.lead"].search_count([("email_normalized", "=", "jeanne.moulin@example.com")]), 2
        )

    def test_where_it_cannot_be_posted_a_lead_is_made(self):
        def fails(lead, *args, **kwargs):
            lead.write({"city": "Pau"})
            raise UserError("no")

        message = self.mail("Tout y est.")
        message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="plan.pdf")
        with patch.object(type(self.open), "message_update", fails), mute_logger(THREAD_LOG):
            lead = self.makes_lead(message)
        self.assertIn("Tout y est.", lead.message_ids[-1].body + lead.message_ids[0].body)
        self.assertEqual(lead.message_ids.attachment_ids.mapped("name"), ["plan.pdf"])
        self.assertEqual(lead.contact_name, "Jeanne Moulin")
        self.assertFalse(self.open.city, "what failed leaves nothing")

    def test_where_telling_of_it_fails_a_lead_is_made(self):
        with (
            patch.object(type(self.open), "_mail_joined_note", side_effect=ValueError("no")),
            mute_logger(THREAD_LOG),
        ):
            self.makes_lead()

    def test_a_broken_mail_is_lost_neither_way(self):
        self.env["ir.config_parameter"].set_param("mail.gateway.loop.threshold", "1000")
        for name, lines in {**BROKEN_ENCODINGS, **MALFORMED}.items():
            with self.subTest(case=name):
                self.assertEqual(len(self.deliver(self.raw(*lines))), 1)

    def test_a_broken_mail_of_its_requester_joins(self):
        self.open.write({"contact_name": "A B", "email_from": "jeanne.moulin@example.com"})
        raw = self.raw(
            "From: Jeanne Moulin <jeanne.moulin@example.com>",
            *("To: demandes@leads.example", "Subject: x", "Content-Type: text/plain; charset=martian", ""),
            "poêle".encode("latin-1"),
        )
        self.open.contact_name = "Jeanne Moulin"
        self.assertIn("poêle", self.joins(raw).body)


@tagged("post_install", "-at_install")
class TestMailJoinedTakenBack(JoinCase):
    def joined(self):
        message = self.mail("Pour ma mère.", {"Subject": "Autre devis"})
        message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="plan.pdf")
        posted = self.joins(message)
        return posted, self.kept(posted)

    def assert_taken(self, posted, kept):
        lead = kept.lead_id
        self.assertNotEqual(lead, self.open)
        self.assertRecordValues(
            lead,
            [
                {
                    **{"name": "Autre devis", "team_id": self.team.id, "entry_channel": "mail"},
                    **{"contact_name": "Jeanne Moulin", "email_normalized": "jeanne.moulin@example.com"},
                }
            ],
        )
        self.assertEqual((posted.model, posted.res_id), ("crm.lead", lead.id))
        self.assertEqual(posted.attachment_ids.res_id, lead.id)
        self.assertFalse(posted.parent_id)
        self.assertEqual(len(lead.message_ids.filtered(lambda one: one.message_type == "email")), 1)
        return lead

    def test_a_mail_that_joined_becomes_a_lead_with_its_files(self):
        posted, kept = self.joined()
        kept.with_user(self.manager).action_make_lead()
        lead = self.assert_taken(posted, kept)
        self.assertIn(f"/odoo/crm.lead/{lead.id}", self.open.message_ids[0].body)
        kept.with_user(self.manager).action_make_lead()
        self.assertEqual(kept.lead_id, lead, "once")

    def test_answers_go_to_the_new_one_from_then_on(self):
        posted, kept = self.joined()
        kept.action_make_lead()
        self.joins(self.mail("J'oubliais", {"References": posted.message_id}), kept.lead_id)

    def test_the_salesperson_of_the_open_one_may_do_so_whatever_team_it_came_to(self):
        self.open.write({"team_id": self.other_team.id, "user_id": self.colleague.id})
        posted, kept = self.joined()
        kept.with_user(self.colleague).action_make_lead()
        self.assert_taken(posted, kept)

    def test_who_may_not_write_the_open_one_takes_nothing_off_it(self):
        self.open.write({"team_id": self.other_team.id, "user_id": self.colleague.id})
        posted, kept = self.joined()
        mail = kept.with_user(self.salesperson)
        self.assertEqual(mail.reason, "joined", "it came to the salesperson's team")
        for act in (
            mail.action_make_lead,
            mail.action_open_joined,
            lambda: mail.read(["joined_lead_id"]),
            lambda: mail.read(["joined_message_id"]),
        ):
            with self.assertRaises(AccessError):
                act()
        self.assertEqual(posted.res_id, self.open.id)
        self.assertEqual(kept.with_user(self.colleague).action_open_joined()["res_id"], self.open.id)

    def test_after_a_merge_it_is_taken_off_the_lead_that_remains(self):
        posted, kept = self.joined()
        other = self.new_lead("Other", **self.jeanne)
        (self.open | other).with_context(openfire_merge={"survivor_id": other.id}).merge_opportunity()
        self.assertEqual(posted.res_id, other.id)
        kept.with_user(self.manager).action_make_lead()
        self.assertEqual(posted.res_id, kept.lead_id.id)
        self.assertNotEqual(kept.lead_id, other)

    def test_where_the_message_is_gone_the_lead_is_made_all_the_same(self):
        posted, kept = self.joined()
        posted.unlink()
        kept.with_user(self.manager).action_make_lead()
        mails = kept.lead_id.message_ids.filtered(lambda one: one.message_type == "email")
        self.assertIn("Pour ma mère.", mails.body)
        self.assertEqual(mails.attachment_ids.mapped("name"), ["plan.pdf"])

    def test_where_the_lead_is_gone_the_mail_is_not(self):
        _posted, kept = self.joined()
        self.open.unlink()
        with self.assertRaises(UserError):
            kept.with_user(self.manager).action_open_joined()
        kept.with_user(self.manager).action_make_lead()
        self.assertIn("Pour ma mère.", "".join(kept.lead_id.message_ids.mapped("body")))

    def test_mails_that_joined_are_none_to_look_at(self):
        _posted, kept = self.joined()
        action = self.env.ref("openfire_leads.crm_lead_mail_aside_action")
        self.assertIn("search_default_to_look_at", action.context)
        found = self.aside.search([("lead_id", "=", False), ("reason", "!=", "joined")])
        self.assertFalse(found)
        self.assertEqual(self.aside.search([("reason", "=", "joined")]), kept)

    def test_the_team_s_form_has_the_choice(self):
        with Form(self.team, "sales_team.crm_team_view_form") as form:
            form.incoming_known = "lead"
        self.assertEqual(self.team.incoming_known, "lead")
