"""What came between a merge and its undo: told after the undo, moved by one click, and answered where it belongs."""

import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .merge_common import MergeCase

MAIL = """\
Message-Id: <%(name)s@customer.example>
From: %(sender)s
To: contact@company.example
Subject: Re: Devis
References: %(references)s

%(name)s
"""


@tagged("post_install", "-at_install")
class TestMergeArrived(MergeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.survivor, cls.lead = cls.make_leads(2)
        cls.survivor.email_from = "survivor@customer.example"
        cls.lead.email_from = "merged@customer.example"
        cls.asked = cls.lead.with_user(cls.salesman).message_post(
            body="Which one?", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        cls.asked_survivor = cls.survivor.with_user(cls.salesman).message_post(
            body="Which one?", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        cls.env.flush_all()

    def setUp(self):
        super().setUp()
        (self.survivor + self.lead).with_user(self.salesman).merge_opportunity()
        self.merge = self.env["crm.lead.merge"].search([], limit=1, order="id desc")
        # one transaction has one time: what is written from now on came since
        self.env.cr.execute(
            "UPDATE crm_lead_merge SET date = date - interval '1 minute' WHERE id = %s", (self.merge.id,)
        )
        self.env.cr.execute(
            "UPDATE mail_message SET create_date = create_date - interval '1 hour' WHERE model = 'crm.lead'"
        )
        self.env.invalidate_all()

    def receive(self, name, answered, sender="Somebody <somebody@else.example>"):
        references = " ".join(message.message_id for message in answered)
        mail = MAIL % {"name": name, "references": references, "sender": sender}
        self.env["mail.thread"].message_process(None, mail)
        return self.env["mail.message"].search([("message_id", "=", f"<{name}@customer.example>")])

    def undo(self, user=None):
        """Undo as the client does; return the window that proposes to move messages, or none."""
        action = self.merge.with_user(user or self.salesman)._undo_and_tell()
        if action["type"] != "ir.actions.client":
            return self.env["crm.lead.merge.arrived"]
        self.assertEqual(action["params"]["shown"]["res_model"], "crm.lead")
        window = action["params"]["window"]
        return self.env[window["res_model"]].with_user(user or self.salesman).browse(window["res_id"])

    def proposed(self, window):
        return {line.message_id: line.lead_id for line in window.line_ids}

    def test_an_answer_to_the_merged_lead_is_proposed_and_moved_with_its_file(self):
        answer = self.receive("answer", self.asked)
        self.assertEqual(answer.res_id, self.survivor.id)
        file = self.env["ir.attachment"].create(
            {"name": "plan", "raw": b"x", "res_model": "crm.lead", "res_id": self.survivor.id}
        )
        answer.attachment_ids = file
        window = self.undo()
        self.assertEqual(self.proposed(window), {answer: self.lead})
        self.assertEqual(window.line_ids.subject, "Re: Devis")
        window.action_move()
        self.assertEqual((answer.res_id, file.res_id), (self.lead.id, self.lead.id))
        self.assertIn(answer, self.lead.message_ids)

    def test_an_answer_to_the_survivor_stays_and_nothing_is_asked(self):
        answer = self.receive("answer", self.asked_survivor)
        self.assertFalse(self.undo())
        self.assertEqual(answer.res_id, self.survivor.id)

    def test_what_answers_an_answer_belongs_to_the_same_lead(self):
        answer = self.receive("answer", self.asked)
        reply = self.survivor.with_user(self.salesman).message_post(
            body="Thanks", message_type="comment", subtype_xmlid="mail.mt_comment", parent_id=answer.id
        )
        once_more = self.receive("more", reply)
        window = self.undo()
        self.assertEqual(self.proposed(window), dict.fromkeys(answer + reply + once_more, self.lead))

    def test_sender_and_addressee_tell_where_the_thread_does_not(self):
        post = self.survivor.with_context(mail_create_nosubscribe=True).message_post
        own = post(body="x", message_type="email", email_from="merged@customer.example", parent_id=False)
        others = post(body="y", message_type="email", email_from="survivor@customer.example")
        (own + others).parent_id = False
        customer = self.env["res.partner"].create({"name": "Merged", "email": "merged@customer.example"})
        written = post(
            body="z", message_type="comment", subtype_xmlid="mail.mt_comment", partner_ids=customer.ids
        )
        noted = post(body="A note", message_type="comment", subtype_xmlid="mail.mt_note")
        (written + noted).parent_id = False
        self.assertEqual(self.proposed(self.undo()), {own: self.lead, written: self.lead})

    def test_later_answers_go_to_the_lead_whether_it_was_moved_or_not(self):
        answer = self.receive("answer", self.asked)
        self.undo()
        self.assertEqual(self.receive("unmoved", self.asked + answer).res_id, self.lead.id)
        self.assertEqual(self.receive("direct", answer).res_id, self.lead.id)
        mine = self.receive("survivor", self.asked_survivor)
        self.assertEqual(self.receive("again", mine).res_id, self.survivor.id)
        self.merge.action_show_arrived()
        self.env["crm.lead.merge.arrived"].search([], limit=1, order="id desc").action_move()
        self.assertEqual(answer.res_id, self.lead.id)
        self.assertEqual(self.receive("moved", answer).res_id, self.lead.id)

    def test_only_leads_that_the_user_may_write_are_proposed(self):
        self.receive("answer", self.asked)
        self.env.cr.execute(
            "UPDATE crm_lead_merge_line SET values_before = values_before || %s::jsonb WHERE merge_id = %s"
            " AND sequence = 1",
            (json.dumps({"user_id": self.colleague.id}), self.merge.id),
        )
        self.assertFalse(self.undo())
        self.assertEqual(self.lead.user_id, self.colleague)
        with self.assertRaisesRegex(UserError, "seems to belong"):
            self.merge.with_user(self.salesman).action_show_arrived()
        self.assertTrue(self.merge.with_user(self.manager)._arrived())

    def test_a_window_made_by_hand_moves_nothing_that_is_not_proposed_to_be_moved(self):
        self.receive("answer", self.asked)
        self.undo()
        other = self.make_leads(1, user_id=self.colleague.id)
        secret = other.message_post(body="Secret")
        windows = self.env["crm.lead.merge.arrived"].with_user(self.salesman)
        line = {"message_id": secret.id, "lead_id": self.lead.id}
        with self.assertRaises(AccessError):
            windows.create({"merge_ids": self.merge.ids, "line_ids": [(0, 0, line)]})
        own = self.make_leads(1)
        note = own.message_post(body="Mine")
        line = {"message_id": note.id, "lead_id": self.lead.id}
        window = windows.create({"merge_ids": self.merge.ids, "line_ids": [(0, 0, line)]})
        with self.assertRaises(UserError):
            window.action_move()
        self.assertEqual(note.res_id, own.id)
