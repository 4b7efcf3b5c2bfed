"""The survivor is deleted before the undo: the merged leads come back with all that was theirs."""

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.openfire_leads.merging import keep_rows

from .merge_common import MergeCase

OF_MESSAGES = {
    "mail_notification": "mail_message_id",
    "mail_tracking_value": "mail_message_id",
    "message_attachment_rel": "message_id",
    "mail_message_res_partner_rel": "mail_message_id",
}


@tagged("post_install", "-at_install")
class TestMergeSurvivorDeleted(MergeCase):
    def busy_lead(self, lead):
        self.give_past(lead)
        lead.message_subscribe(self.colleague.partner_id.ids)
        lead.message_post(
            body="With a file and a notice",
            attachments=[("photo.txt", b"of the stove")],
            partner_ids=self.colleague.partner_id.ids,
            subtype_xmlid="mail.mt_comment",
        )
        self.env.flush_all()
        self.env.cr.flush()
        lead.stage_id = self.env["crm.stage"].search([("id", "!=", lead.stage_id.id)], limit=1)
        self.env.flush_all()
        self.env.cr.flush()  # tracked values are written then

    def rows(self, lead):
        """Return all rows of a lead in the tables where Odoo deletes them with it, and of its messages, as text."""
        self.env.flush_all()
        found = {}
        for table, model in {
            "mail_message": "model",
            "mail_followers": "res_model",
            "mail_activity": "res_model",
            "ir_attachment": "res_model",
            "mail_scheduled_message": "model",
            "ir_model_data": "model",
        }.items():
            found[table] = SQL("t.%s = 'crm.lead' AND t.res_id = %s", SQL.identifier(model), lead.id)
        for table, column in OF_MESSAGES.items():
            message = SQL("SELECT id FROM mail_message WHERE model = 'crm.lead' AND res_id = %s", lead.id)
            found[table] = SQL("t.%s IN (%s)", SQL.identifier(column), message)
        found["crm_tag_rel"] = SQL("t.lead_id = %s", lead.id)
        return {
            table: sorted(
                row
                for (row,) in self.env.execute_query(
                    SQL("SELECT t::text FROM %s t WHERE %s", SQL.identifier(table), condition)
                )
            )
            for table, condition in found.items()
        }

    def assert_rows(self, lead, before):
        for table, rows in self.rows(lead).items():
            self.assertEqual(rows, before[table], table)

    def test_a_merged_lead_comes_back_with_all_that_was_its_own(self):
        leads = self.make_leads(2)
        self.busy_lead(leads[1])
        before = self.rows(leads[1])
        self.assertTrue(all(before.values()), before)
        leads.merge_opportunity()
        merge = self.last_merge()
        leads[0].message_post(body="Came since")
        leads[0].unlink()
        merge.action_undo()
        self.assert_rows(leads[1], before)
        self.assertFalse(merge.conflicts)
        file = self.env["ir.attachment"].search([("res_model", "=", "crm.lead"), ("name", "=", "photo.txt")])
        self.assertEqual(file.raw, b"of the stove")
        self.assertFalse(leads[0].exists())

    def test_what_was_changed_meanwhile_comes_back_as_it_was_at_last(self):
        leads = self.make_leads(2)
        said = leads[1].message_post(body="Said")
        gone = leads[1].message_post(body="Taken back")
        leads.merge_opportunity()
        merge = self.last_merge()
        said.body = "Said better"
        gone.unlink()
        leads[0].unlink()
        merge.action_undo()
        self.assertIn("Said better", "".join(leads[1].message_ids.mapped("body")))
        self.assertNotIn("Taken back", "".join(leads[1].message_ids.mapped("body")))
        self.assertEqual([conflict["count"] for conflict in merge.conflicts], [1])

    def test_a_chain_comes_back_step_by_step(self):
        leads = self.make_leads(3)
        self.busy_lead(leads[2])
        before = self.rows(leads[2])
        (leads[1] + leads[2]).merge_opportunity()
        first = self.last_merge()
        (leads[0] + leads[1]).merge_opportunity()
        second = self.last_merge()
        leads[0].unlink()
        second.action_undo()
        self.assertIn("a notice", "".join(leads[1].message_ids.mapped("body")))
        first.action_undo()
        self.assert_rows(leads[2], before)

    def test_a_meeting_comes_back_with_all_its_links(self):
        leads = self.make_leads(2)
        model_id = self.env["ir.model"]._get_id("crm.lead")
        times = {"start": "2026-02-01 10:00:00", "stop": "2026-02-01 11:00:00"}
        of_lead = {"res_model_id": model_id, "res_id": leads[1].id}
        meetings = self.env["calendar.event"].create(
            [
                {"name": "Both", **times, **of_lead, "opportunity_id": leads[1].id},
                {"name": "Document", **times, **of_lead},
                {"name": "Opportunity", **times, "opportunity_id": leads[1].id},
                {"name": "Changed", **times, **of_lead, "opportunity_id": leads[1].id},
            ]
        )
        fnames = ["name", "opportunity_id", "res_model", "res_model_id", "res_id"]
        self.env.flush_all()
        self.env.invalidate_all()
        before = meetings.read(fnames)
        leads.merge_opportunity()
        merge = self.last_merge()
        self.assertEqual(meetings.opportunity_id, leads[0])
        leads[0].unlink()
        self.env.invalidate_all()
        self.assertFalse(any(meetings.mapped("res_model")))
        # of another number than the leads
        customer = self.env["res.partner"].create([{"name": f"Customer {number}"} for number in range(3)])
        customer = customer.filtered(lambda one: one.id not in leads.ids)[0]
        changed = {"res_model_id": self.env["ir.model"]._get_id("res.partner"), "res_id": customer.id}
        meetings[3].write(changed)
        merge.action_undo()
        self.env.invalidate_all()
        self.assertEqual(meetings[:3].read(fnames), before[:3])
        self.assertEqual((meetings[3].opportunity_id, meetings[3].res_id), (leads[1], customer.id))

    def test_several_survivors_are_deleted_in_as_many_queries_as_one(self):
        def delete(count):
            survivors = self.env["crm.lead"]
            for _number in range(count):
                leads = self.make_leads(2)
                self.busy_lead(leads[1])
                survivors += leads.merge_opportunity()
            self.env.flush_all()
            ids = survivors._merge_ids_of_survivors()
            self.assertEqual(len(ids), count)
            before = self.env.cr.sql_log_count
            keep_rows(self.env, ids)
            return self.env.cr.sql_log_count - before

        self.assertEqual(delete(1), delete(3))

    def test_where_nothing_was_merged_one_query_looks_for_it(self):
        lead = self.make_leads(1)
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.assertFalse(lead._merge_ids_of_survivors())

    def test_who_may_not_delete_a_lead_keeps_nothing_of_it(self):
        leads = self.make_leads(2, user_id=self.colleague.id)
        self.busy_lead(leads[1])
        leads.merge_opportunity()
        merge = self.last_merge()
        kept = len(merge.link_ids)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            leads[0].with_user(self.salesman).unlink()
        self.assertEqual(len(merge.link_ids), kept)

    def test_a_person_erased_afterwards_leaves_nothing_of_what_was_kept(self):
        leads = self.make_leads(2)
        leads[1].message_post(body="My secret", attachments=[("secret.txt", b"file")])
        leads.merge_opportunity()
        merge = self.last_merge()
        leads[0].unlink()
        self.assertTrue(
            self.env["ir.attachment"].search([("res_model", "=", merge._name), ("res_id", "=", merge.id)])
        )
        self.env.cr.execute("SELECT rows::text FROM crm_lead_merge_link WHERE rows::text LIKE '%My secret%'")
        self.assertTrue(self.env.cr.fetchall())
        merge.line_ids[-1:].unlink()
        self.assertFalse(merge.link_ids)
        self.assertFalse(
            self.env["ir.attachment"].search([("res_model", "=", merge._name), ("res_id", "=", merge.id)])
        )
