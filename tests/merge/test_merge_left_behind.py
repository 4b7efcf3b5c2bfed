"""What is written on a lead while it is merged away, or later under its former id, goes to the survivor."""

import time
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from .merge_common import CommittedCase, MergeCase


def note(lead):
    return lead._message_log(body="Noted")


def notify(lead):
    lead.message_notify(body="Told", partner_ids=lead.env.user.partner_id.ids)
    return lead.env["mail.message"].search([("model", "=", "crm.lead"), ("res_id", "=", lead.id)], limit=1)


def template(lead):
    values = {
        "name": "Thanks",
        "model_id": lead.env["ir.model"]._get_id("crm.lead"),
        "body_html": "<p>Thanks</p>",
    }
    made = lead.env["mail.template"].create({**values, "email_to": "x@example.com"})
    mail = lead.env["mail.mail"].browse(made.send_mail(lead.id))
    made.unlink()
    return mail.mail_message_id


def external_id(lead):
    values = {"module": "__left_behind__", "name": f"lead_{lead.id}", "model": "crm.lead", "res_id": lead.id}
    return lead.env["ir.model.data"].create(values)


def file_linked_later(lead):
    file = lead.env["ir.attachment"].search([("name", "=", "left behind.txt")])
    file.write({"res_model": "crm.lead", "res_id": lead.id})
    return file


def activity_moved(lead):
    activity = lead.env["mail.activity"].search([("summary", "=", "left behind")])
    activity.write({"res_id": lead.id})
    return activity


def message(lead):
    return lead.message_post(body="Said")


def follower(lead):
    lead.message_subscribe(lead.env["res.partner"].search([("name", "=", "Left Behind")]).ids)
    return lead.message_follower_ids.filtered(lambda one: one.partner_id.name == "Left Behind")


DOORS = (note, notify, template, external_id, file_linked_later, activity_moved, message, follower)


@tagged("post_install", "-at_install")
class TestMergeLeftBehind(CommittedCase):
    """Jobs, which nobody tries again: each way in, in both orders of commit."""

    def make(self, env):
        leads = env["crm.lead"].create([{"name": f"Busy {number}"} for number in range(4)])
        self.ids = leads.ids
        env["ir.attachment"].create({"name": "left behind.txt", "raw": b"plan"})
        env["res.partner"].create({"name": "Left Behind"})
        leads[3].activity_schedule("mail.mail_activity_data_todo", summary="left behind", user_id=env.uid)

    def remove(self, env):
        env["crm.lead.merge"].search([("survivor_res_id", "in", self.ids)]).unlink()
        env["mail.message"].search([("model", "=", "crm.lead"), ("res_id", "in", self.ids)]).unlink()
        env["crm.lead"].browse(self.ids).exists().unlink()
        env["ir.model.data"].search([("module", "=", "__left_behind__")]).unlink()
        env["ir.attachment"].search([("name", "=like", "left behind.txt%")]).unlink()
        env["res.partner"].search([("name", "=", "Left Behind")]).unlink()

    def leads(self, cr, *positions):
        return self.environment(cr)["crm.lead"].browse([self.ids[position] for position in positions])

    def place(self, record):
        with self.registry.cursor() as cr:
            return self.environment(cr)[record._name].browse(record.id).res_id

    def each_door(self):
        for number, door in enumerate(DOORS):
            with self.subTest(door.__name__):
                if number:
                    self._clean_up()
                    with self.registry.cursor() as cr:
                        self.make(self.environment(cr))
                yield door

    def undo(self):
        with self.registry.cursor() as cr:
            merges = self.environment(cr)["crm.lead.merge"]
            for merge in merges.search([("survivor_res_id", "in", self.ids), ("state", "=", "done")]):
                merge.action_undo()

    def look_for_it(self):
        with self.registry.cursor() as cr:
            self.environment(cr)["crm.lead.merge"]._cron_take_along()

    def test_what_is_committed_before_the_merge_is_on_the_survivor_when_that_is_committed(self):
        for door in self.each_door():
            with self.registry.cursor() as writer, self.registry.cursor() as merger:
                written = door(self.leads(writer, 1))
                writer.flush()
                self.leads(merger, 0, 1).merge_opportunity()
                writer.commit()
                merger.commit()
            self.assertEqual(self.place(written), self.ids[0])
            self.undo()
            self.assertEqual(self.place(written), self.ids[1])

    def test_what_is_committed_after_the_merge_is_taken_along_by_the_job(self):
        for door in self.each_door():
            with self.registry.cursor() as writer, self.registry.cursor() as merger:
                lead = self.leads(writer, 1)
                lead.mapped("name")  # its snapshot is older than the merge
                self.leads(merger, 0, 1).merge_opportunity()
                merger.commit()
                written = door(lead)
                writer.commit()
            self.assertEqual(self.place(written), self.ids[1])
            self.look_for_it()
            self.assertEqual(self.place(written), self.ids[0])
            self.undo()
            self.assertEqual(self.place(written), self.ids[1])

    def test_a_chain_of_merges_is_followed_and_undone_step_by_step(self):
        with self.registry.cursor() as cr:
            self.leads(cr, 1, 2).merge_opportunity()
            cr.commit()
            self.leads(cr, 0, 1).merge_opportunity()
            cr.commit()
            written = external_id(self.leads(cr, 2))
        self.look_for_it()
        self.assertEqual(self.place(written), self.ids[0])
        with self.registry.cursor() as cr:
            merges = self.environment(cr)["crm.lead.merge"]
            merges.search([("survivor_res_id", "=", self.ids[0])]).action_undo()
        self.assertEqual(self.place(written), self.ids[1])
        self.undo()
        self.assertEqual(self.place(written), self.ids[2])

    def test_a_follower_who_follows_the_survivor_by_now_does_not_stop_the_undo(self):
        with self.registry.cursor() as cr:
            follower(self.leads(cr, 1))
            self.leads(cr, 0, 1).merge_opportunity()
            cr.commit()
            partner = self.environment(cr)["res.partner"].search([("name", "=", "Left Behind")])
            self.environment(cr)["mail.followers"].create(
                {"res_model": "crm.lead", "res_id": self.ids[1], "partner_id": partner.id}
            )
        self.undo()
        with self.registry.cursor() as cr:
            followed = [lead.message_partner_ids.filtered(lambda one: one.name == "Left Behind")
                        for lead in self.leads(cr, 0, 1)]  # fmt: skip
            self.assertEqual([len(partners) for partners in followed], [0, 1])

    def test_of_another_model_with_the_same_id_nothing_is_moved(self):
        with self.registry.cursor() as cr:
            self.leads(cr, 0, 1).merge_opportunity()
            values = {
                "module": "__left_behind__",
                "name": "other",
                "model": "res.partner",
                "res_id": self.ids[1],
            }
            other = self.environment(cr)["ir.model.data"].create(values)
        self.look_for_it()
        self.assertEqual(self.place(other), self.ids[1])

    def test_a_job_that_merges_waits_a_moment_for_a_message_being_written(self):
        held = "odoo.addons.openfire_leads.models.merge.crm_lead_hold.is_tried_again"
        with self.registry.cursor() as user, self.registry.cursor() as merger, ThreadPoolExecutor(1) as pool:
            with patch(held, lambda env: True):
                written = self.leads(user, 1).message_post(body="Wait for me")
                user.flush()
            merging = pool.submit(lambda: self.leads(merger, 0, 1).merge_opportunity())
            time.sleep(0.3)
            self.assertFalse(merging.done())
            user.commit()
            merging.result(timeout=30)
            merger.commit()
        self.assertEqual(self.place(written), self.ids[0])

    def test_a_merge_that_is_being_undone_is_left_alone(self):
        with self.registry.cursor() as cr:
            self.leads(cr, 0, 1).merge_opportunity()
            cr.commit()
            written = external_id(self.leads(cr, 1))
        with self.registry.cursor() as undoer:
            self.environment(undoer)["crm.lead.merge"].search(
                [("survivor_res_id", "=", self.ids[0])]
            )._undo_check()
            self.look_for_it()
            self.assertEqual(self.place(written), self.ids[1])

    def test_a_job_that_writes_on_a_lead_being_merged_neither_waits_nor_fails(self):
        with self.registry.cursor() as writer, self.registry.cursor() as merger:
            lead = self.leads(writer, 1)
            lead.mapped("name")
            self.leads(merger, 0, 1).merge_opportunity()
            merger.flush()
            written = lead.message_post(body="From a job")
            writer.commit()
            merger.commit()
        self.assertEqual(self.place(written), self.ids[0])

    @mute_logger("odoo.addons.openfire_leads.models.merge.crm_lead_left_behind")
    def test_a_merge_stands_though_nothing_could_be_looked_for_afterwards(self):
        failing = patch.object(self.registry["crm.lead.merge"], "_take_along", side_effect=ValueError)
        with failing, self.registry.cursor() as cr:
            self.leads(cr, 0, 1).merge_opportunity()
        with self.registry.cursor() as cr:
            self.assertEqual(self.leads(cr, 0, 1).exists().ids, self.ids[:1])


@tagged("post_install", "-at_install")
class TestMergePostsOnSiblings(MergeCase):
    """What an automation rule, or another module's method, does to the merged leads while they are being merged."""

    def merge_posting(self, method, merge):
        """Merge while each call of this method of leads, Odoo's and all modules' included, notes something on leads."""
        model = self.env.registry["crm.lead"]
        original = getattr(model, method)

        def posting(records, *args, **kwargs):
            self.leads[1]._message_log(body=f"On {method}")
            self.leads[1].activity_schedule("mail.mail_activity_data_todo", summary=f"On {method}")
            return original(records, *args, **kwargs)

        with patch.object(model, method, posting):
            merge()

    def assert_on_survivor(self, what):
        survivor = self.leads[0]
        self.assertIn(what, "".join(survivor.message_ids.mapped("body")))
        self.assertIn(what, survivor.activity_ids.mapped("summary"))
        self.env["crm.lead.merge"].search([("survivor_id", "=", survivor.id)]).action_undo()
        self.assertNotIn(what, "".join(survivor.message_ids.mapped("body")))
        self.assertIn(what, "".join(self.leads[1].message_ids.mapped("body")))
        self.assertIn(what, self.leads[1].activity_ids.mapped("summary"))

    def test_what_is_posted_on_a_sibling_during_a_merge_is_on_the_survivor(self):
        for method in ("write", "unlink"):
            for in_bulk in (False, True):
                with self.subTest(method, in_bulk=in_bulk):
                    self.leads = self.make_leads(2)
                    self.leads[1].city = "Lyon"
                    merge = (
                        (lambda: self.leads._merge_in_bulk([self.leads]))
                        if in_bulk
                        else self.leads.merge_opportunity
                    )
                    self.merge_posting(method, merge)
                    self.assert_on_survivor(f"On {method}")

    def test_looking_for_it_takes_one_query(self):
        leads = self.make_leads(2)
        leads.merge_opportunity()
        merge = self.env["crm.lead.merge"].search([], limit=1, order="id desc")
        self.env.flush_all()
        merge._take_along()
        with self.assertQueryCount(2):  # who is gone, and what is on them
            merge._take_along()
