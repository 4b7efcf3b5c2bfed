"""Mail that comes while its lead is being merged, or a merge undone: fetched by Odoo, which tries no mail twice."""

from contextlib import suppress
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.openfire_leads.tests.merge.merge_common import CommittedCase
from odoo.addons.openfire_leads.tools.transactions import again_after_conflict, is_tried_again

ANSWER = b"""\
Message-Id: <answer@example.com>
From: Jeanne Moulin <jeanne.moulin@example.com>
To: contact@company.example
Subject: Re: Devis
In-Reply-To: %(answered)s
References: %(answered)s

Quarante metres carres.
"""


class Mailbox:
    """What Odoo fetches mail from: one mail."""

    def __init__(self, mail):
        self.mail = mail
        self.handled = []

    def check_unread_messages(self):
        return 1

    def retrieve_unread_messages(self):
        yield 1, self.mail

    def handled_message(self, number):
        self.handled.append(number)

    def disconnect(self):
        pass


@tagged("post_install", "-at_install")
class TestMailConcurrency(CommittedCase):
    def make(self, env):
        leads = env["crm.lead"].create([{"name": f"Answered {number}"} for number in range(2)])
        self.ids = leads.ids
        asked = leads[1].message_post(body="Quelle surface ?", subtype_xmlid="mail.mt_comment")
        self.mail = ANSWER % {b"answered": asked.message_id.encode()}
        # what turns Odoo's own job for it on is none of this test's business
        servers = env["fetchmail.server"].with_context(fetchmail_cron_running=True)
        self.server_id = servers.create({"name": "Answers", "state": "done", "server": "mail.example"}).id

    def remove(self, env):
        env["fetchmail.server"].with_context(fetchmail_cron_running=True).browse(self.server_id).unlink()
        self.merges(env).unlink()
        env["crm.lead"].browse(self.ids).exists().unlink()
        env["mail.message"].search([("message_id", "=", "<answer@example.com>")]).unlink()

    def merges(self, env):
        return env["crm.lead.merge"].search([("survivor_res_id", "in", self.ids)])

    def merge(self, cr):
        self.environment(cr)["crm.lead"].browse(self.ids).merge_opportunity()

    def fetch(self, mailbox):
        with self.registry.cursor() as cr:
            server = self.environment(cr)["fetchmail.server"].browse(self.server_id)
            with patch.object(type(server), "_connect__", lambda server: mailbox):
                server._fetch_mail()

    def fetch_during(self, act, end):
        """Fetch the answer while the transaction is open in which ``act`` was done; ``end`` the transaction when the
        mail waits for it; return the id of the lead that has the answer."""
        mailbox = Mailbox(self.mail)
        with self.registry.cursor() as holder:
            act(holder)
            holder.flush()
            with self.waiting_for(holder, lambda: self.fetch(mailbox)):
                end(holder)
        self.assertEqual(mailbox.handled, [1])
        with self.registry.cursor() as cr:
            messages = self.environment(cr)["mail.message"]
            answer = messages.search([("message_id", "=", "<answer@example.com>")])
            self.assertEqual(len(answer), 1, "the mail is lost")
            self.assertEqual(answer.model, "crm.lead")
            return answer.res_id

    @mute_logger("odoo.sql_db")
    def test_a_mail_that_comes_during_a_merge_is_on_the_survivor(self):
        self.assertEqual(self.fetch_during(self.merge, lambda cr: cr.commit()), self.ids[0])

    def test_a_mail_that_comes_during_a_merge_that_is_given_up_is_on_its_lead(self):
        self.assertEqual(self.fetch_during(self.merge, lambda cr: cr.rollback()), self.ids[1])

    @mute_logger("odoo.sql_db")
    def test_a_mail_that_comes_during_an_undo_is_on_the_lead_that_exists_again(self):
        with self.registry.cursor() as cr:
            self.merge(cr)
        self.assertEqual(self.fetch_during(self.undo, lambda cr: cr.commit()), self.ids[1])

    def test_a_mail_that_comes_during_an_undo_that_is_given_up_is_on_the_survivor(self):
        with self.registry.cursor() as cr:
            self.merge(cr)
        self.assertEqual(self.fetch_during(self.undo, lambda cr: cr.rollback()), self.ids[0])

    def undo(self, cr):
        self.merges(self.environment(cr)).action_undo()


@tagged("post_install", "-at_install")
class TestMailThatJoins(CommittedCase):
    """A mail that is on its way into the open lead of its sender while that one is being merged."""

    MAIL = (
        "From: Jeanne Moulin <jeanne.moulin@example.com>\nTo: contact@company.example\nSubject: Devis\n"
        "Message-Id: <joins@example.com>\n\nQuarante metres carres.\n"
    )

    def make(self, env):
        self.team_id = env["crm.team"].create({"name": "Joined", "incoming_known": "join"}).id
        jeanne = {
            "contact_name": "Jeanne Moulin",
            "email_from": "jeanne.moulin@example.com",
            "user_id": False,
        }
        leads = env["crm.lead"].create([{"name": f"Devis {number}", **jeanne} for number in range(2)])
        leads[0].action_set_lost()
        self.ids = leads.ids

    def remove(self, env):
        env["crm.lead.merge"].search([("survivor_res_id", "in", self.ids)]).unlink()
        env["crm.lead.mail.aside"].search([("message_id", "=", "<joins@example.com>")]).unlink()
        env["mail.message"].search([("message_id", "=", "<joins@example.com>")]).unlink()
        env["crm.lead"].with_context(active_test=False).search(
            [("email_normalized", "=", "jeanne.moulin@example.com")]
        ).unlink()
        env["crm.team"].browse(self.team_id).unlink()

    def deliver(self):
        with self.registry.cursor() as cr:
            mail_thread = self.environment(cr)["mail.thread"]
            mail_thread.message_process("crm.lead", self.MAIL, {"team_id": self.team_id})

    def joined(self, end):
        with self.registry.cursor() as holder:
            self.environment(holder)["crm.lead"].browse(self.ids).merge_opportunity()
            holder.flush()
            with self.waiting_for(holder, self.deliver):
                end(holder)
        with self.registry.cursor() as cr:
            (message,) = self.environment(cr)["mail.message"].search(
                [("message_id", "=", "<joins@example.com>")]
            )
            return message.res_id

    @mute_logger("odoo.sql_db")
    def test_it_joins_the_lead_that_remains(self):
        self.assertEqual(self.joined(lambda cr: cr.commit()), self.ids[0])

    def test_it_joins_its_lead_where_the_merge_is_given_up(self):
        self.assertEqual(self.joined(lambda cr: cr.rollback()), self.ids[1])


@tagged("post_install", "-at_install")
class TestAgainAfterConflict(CommittedCase):
    def make(self, env):
        self.partner_id = env["res.partner"].create({"name": "Written twice"}).id

    def remove(self, env):
        env["res.partner"].browse(self.partner_id).unlink()

    def write_after_another(self, cr):
        """Return a function that writes to a partner to whom somebody else writes just before, the first time."""
        env = self.environment(cr)
        calls = []

        def write():
            calls.append(1)
            partner = env["res.partner"].browse(self.partner_id)
            seen = partner.name
            if len(calls) == 1:
                with self.registry.cursor() as other:
                    self.environment(other)["res.partner"].browse(self.partner_id).name = "Other"
            partner.comment = f"{len(calls)}: {seen}"
            return partner

        return env, write

    def test_what_begins_a_transaction_is_done_anew_and_sees_what_came_in_its_way(self):
        with self.registry.cursor() as cr, self.assertLogs("odoo.sql_db", "ERROR"):
            env, write = self.write_after_another(cr)
            partner = again_after_conflict(env, write)
            self.assertIn("2: Other", partner.comment)
            cr.rollback()  # it is not committed
            self.assertFalse(partner.comment)

    def test_what_does_not_begin_a_transaction_is_left_to_whoever_began_it(self):
        with self.registry.cursor() as cr, self.assertLogs("odoo.sql_db", "ERROR"):
            env, write = self.write_after_another(cr)
            cr.execute("SELECT 1")

            def write_all():
                write()
                cr.flush()

            with self.assertRaises(SerializationFailure):
                again_after_conflict(env, write_all)
            cr.rollback()

    def test_what_need_not_be_done_anew_fails_as_in_odoo(self):
        with self.registry.cursor() as cr, self.assertLogs("odoo.sql_db", "ERROR"):
            env, write = self.write_after_another(cr)
            with self.assertRaises(SerializationFailure):
                again_after_conflict(env, write, wanted=lambda: False)
            cr.rollback()

    def test_it_is_known_whether_anybody_tries_again(self):
        with self.registry.cursor() as cr:
            env = self.environment(cr)
            self.assertFalse(is_tried_again(env), "a job")
            self.assertTrue(again_after_conflict(env, lambda: is_tried_again(env)))
            self.assertFalse(is_tried_again(env))
            cr.rollback()

            def after_a_savepoint():
                with suppress(ValueError), cr.savepoint():
                    raise ValueError("taken back")
                return is_tried_again(env)

            self.assertTrue(again_after_conflict(env, after_a_savepoint))
            cr.rollback()
            self.assertFalse(again_after_conflict(env, lambda: is_tried_again(env), wanted=lambda: False))


@tagged("post_install", "-at_install")
class TestMailOfOthers(CommittedCase):
    """Mail for another model, whose automation writes on a lead that is being merged."""

    def make(self, env):
        self.ids = env["crm.lead"].create([{"name": f"Written on {number}"} for number in range(2)]).ids

    def remove(self, env):
        env["crm.lead.merge"].search([("survivor_res_id", "in", self.ids)]).unlink()
        env["crm.lead"].browse(self.ids).exists().unlink()
        env["mail.message"].search([("model", "=", "crm.lead"), ("res_id", "in", self.ids)]).unlink()
        env["res.partner"].search([("email", "=", "other@example.com")]).unlink()

    def test_it_neither_waits_for_the_merge_nor_fails_for_it(self):
        mail = "From: other@example.com\nTo: others@others.example\nSubject: x\nMessage-Id: <other@example.com>\n\nx\n"
        partners, lead_id = self.registry["res.partner"], self.ids[1]
        original = partners.message_new

        def message_new(records, *args, **kwargs):
            records.env["crm.lead"].browse(lead_id).sudo().message_post(body="Of another model's mail")
            return original(records, *args, **kwargs)

        with self.registry.cursor() as merger:
            self.environment(merger)["crm.lead"].browse(self.ids).merge_opportunity()
            merger.flush()
            with self.registry.cursor() as cr, patch.object(partners, "message_new", message_new):
                self.environment(cr)["mail.thread"].message_process("res.partner", mail)
        with self.registry.cursor() as cr:
            said = self.environment(cr)["mail.message"].search([("body", "like", "Of another model")])
            self.assertEqual(said.res_id, self.ids[0])
