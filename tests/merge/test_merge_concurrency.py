"""Two users at once, each with a transaction of their own; what they do is committed and cleaned up."""

from datetime import timedelta
from unittest.mock import patch

import psycopg2

from odoo import fields
from odoo.exceptions import LockError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .merge_common import CommittedCase


@tagged("post_install", "-at_install")
class TestMergeConcurrency(CommittedCase):
    def setUp(self):
        super().setUp()
        # as requests, which Odoo tries again
        for name in ("crm_lead_hold", "crm_lead_merge"):
            asked = f"odoo.addons.openfire_leads.models.merge.{name}.is_tried_again"
            self.startPatcher(patch(asked, lambda env: True))

    def make(self, env):
        self.partner_id = env["res.partner"].create({"name": "Concurrent"}).id
        self.ids = env["crm.lead"].create([{"name": f"Concurrent {i}"} for i in range(3)]).ids

    def remove(self, env):
        env["crm.lead.merge"].search([("survivor_res_id", "in", self.ids)]).unlink()
        env["crm.lead"].browse(self.ids).exists().unlink()
        env["res.partner"].browse(self.partner_id).unlink()

    def leads(self, cr, *positions):
        return self.environment(cr)["crm.lead"].browse([self.ids[position] for position in positions])

    def test_overlapping_merges_one_goes_on_the_other_is_told(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            self.leads(first, 0, 1).merge_opportunity()
            with self.assertRaisesRegex(LockError, "Somebody else is changing “Concurrent 1”"):
                self.leads(second, 1, 2).merge_opportunity()
            second.rollback()
            first.commit()
            with self.assertRaisesRegex(UserError, "merged “Concurrent 1” into “Concurrent 0”"):
                self.leads(second, 1, 2).merge_opportunity()
            second.rollback()
            self.assertEqual(len(self.leads(second, 0, 1, 2).exists()), 2)

    def test_merge_during_a_write_is_told_and_changes_nothing(self):
        with self.registry.cursor() as writer, self.registry.cursor() as merger:
            lead = self.leads(writer, 1)
            lead.city = "Lyon"
            lead.flush_recordset()
            with self.assertRaises(LockError):
                self.leads(merger, 0, 1).merge_opportunity()
            merger.rollback()
            writer.commit()
            survivor = self.leads(merger, 0, 1).merge_opportunity()
            self.assertEqual(survivor.city, "Lyon")

    def test_message_being_posted_is_not_left_behind(self):
        with self.registry.cursor() as poster, self.registry.cursor() as merger:
            self.leads(poster, 1).message_post(body="Wait for me")
            with self.assertRaises(LockError):
                self.leads(merger, 0, 1).merge_opportunity()
            merger.rollback()
            poster.commit()
            survivor = self.leads(merger, 0, 1).merge_opportunity()
            self.assertIn("Wait for me", "".join(survivor.message_ids.mapped("body")))

    def test_what_is_being_added_without_a_foreign_key_is_not_left_behind(self):
        def activity(lead):
            return lead.activity_schedule("mail.mail_activity_data_todo", user_id=lead.env.uid)

        def file(lead):
            values = {"name": "plan.txt", "raw": b"plan", "res_model": "crm.lead", "res_id": lead.id}
            return lead.env["ir.attachment"].create(values)

        def scheduled(lead):
            values = {"model": "crm.lead", "res_id": lead.id, "body": "Later"}
            author = lead.env.user.partner_id.id
            values.update(author_id=author, scheduled_date=fields.Datetime.now() + timedelta(days=9))
            return lead.env["mail.scheduled.message"].create(values)

        def follower(lead):
            partner = lead.env["res.partner"].browse(self.partner_id)
            lead.message_subscribe(partner.ids)
            return lead.message_follower_ids.filtered(lambda follower: follower.partner_id == partner)

        for add in (activity, file, scheduled, follower):
            with self.subTest(add.__name__), self.registry.cursor() as user, self.registry.cursor() as merger:
                added = add(self.leads(user, 1))
                user.flush()
                with self.assertRaises(LockError):
                    self.leads(merger, 0, 1).merge_opportunity()
                merger.rollback()
                user.commit()
                self.leads(merger, 0, 1).merge_opportunity()
                moved = self.environment(merger)[added._name].browse(added.id)
                self.assertEqual(moved.res_id, self.ids[0])
                merger.rollback()

    @mute_logger("odoo.sql_db")
    def test_merge_after_an_unseen_write_is_tried_again(self):
        with self.registry.cursor() as merger, self.registry.cursor() as writer:
            merger.execute("SELECT 1 FROM crm_lead LIMIT 1")  # its snapshot is older than the write
            self.leads(writer, 1).city = "Lyon"
            writer.commit()
            # the server runs the request again when it sees this error
            with self.assertRaises(psycopg2.errors.SerializationFailure):
                self.leads(merger, 0, 1).merge_opportunity()
            merger.rollback()
            self.assertEqual(self.leads(merger, 0, 1).merge_opportunity().city, "Lyon")

    def test_undo_during_a_merge_is_told(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            self.leads(first, 0, 1).merge_opportunity()
            first.commit()
            self.leads(first, 0, 2).merge_opportunity()
            merge = self.environment(second)["crm.lead.merge"].search([("survivor_res_id", "=", self.ids[0])])
            with self.assertRaises(LockError):
                merge.action_undo()
            second.rollback()
            first.rollback()
            merge.action_undo()
            self.assertEqual(len(self.leads(second, 0, 1, 2).exists()), 3)

    def test_merge_during_an_undo_is_told(self):
        with self.registry.cursor() as undoer, self.registry.cursor() as merger:
            self.leads(undoer, 0, 1).merge_opportunity()
            undoer.commit()
            self.merge_of(undoer).action_undo()
            with self.assertRaisesRegex(LockError, "Somebody else is changing “Concurrent 0”"):
                self.leads(merger, 0, 2).merge_opportunity()
            merger.rollback()
            undoer.commit()
            self.leads(merger, 0, 1, 2).merge_opportunity()
            self.assertEqual(self.leads(merger, 0, 1, 2).exists().ids, self.ids[:1])

    def test_of_two_undos_at_once_one_goes_on_the_other_is_told(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            self.leads(first, 0, 1).merge_opportunity()
            first.commit()
            self.merge_of(first).action_undo()
            with self.assertRaisesRegex(LockError, "Somebody else is undoing this merge"):
                self.merge_of(second).action_undo()
            second.rollback()
            first.commit()
            with self.assertRaisesRegex(UserError, "already undone by"):
                self.merge_of(second).action_undo()
            second.rollback()
            self.assertEqual(len(self.leads(second, 0, 1).exists()), 2)

    def test_undo_during_a_write_to_the_survivor_is_told_and_changes_nothing(self):
        with self.registry.cursor() as writer, self.registry.cursor() as undoer:
            self.leads(undoer, 0, 1).merge_opportunity()
            undoer.commit()
            lead = self.leads(writer, 0)
            lead.city = "Lyon"
            lead.flush_recordset()
            with self.assertRaisesRegex(LockError, "Somebody else is changing “Concurrent 0”"):
                self.merge_of(undoer).action_undo()
            undoer.rollback()
            writer.commit()
            self.merge_of(undoer).action_undo()
            self.assertEqual(self.leads(undoer, 0).city, "Lyon")
            self.assertEqual(len(self.leads(undoer, 0, 1).exists()), 2)

    def merge_of(self, cr):
        return self.environment(cr)["crm.lead.merge"].search([("survivor_res_id", "=", self.ids[0])], limit=1)
