"""An automation merges, deletes or writes while leads are being merged: nothing is lost, and each merge is undone."""

from contextlib import contextmanager
from itertools import product
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.openfire_leads.merging import move

from .merge_common import MergeCase

# when: the note, the links, the survivor's values, the others' deletion, the last word
STEPS = ("_merge_log_summary", "_merge_dependences", "write", "unlink", "_merge_settle")


class WithinCase(MergeCase):
    """Three leads, of which the first two are merged."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leads = cls.make_leads(3)
        cls.first, cls.second, cls.third = cls.leads
        cls.first.write({"website": "https://example.com"})
        cls.second.write({"city": "Lyon", "phone": "+33 4 72 00 00 01", "description": "<p>Oak</p>"})
        cls.third.write(
            {
                "city": "Paris",
                "phone": "+33 1 72 00 00 02",
                "function": "Owner",
                "expected_revenue": 50,
                "description": "<p>Ash</p>",
                "priority": "2",
                "type": "opportunity",
            }
        )
        cls.second.tag_ids = cls.tags[0] + cls.tags[1]
        cls.third.tag_ids = cls.tags[1] + cls.tags[2]
        cls.env.flush_all()

    @contextmanager
    def acting(self, method, act, before=False):
        """Have ``act`` done once, when ``method`` of leads, Odoo's and all modules' included, is called next."""
        model, done = self.env.registry["crm.lead"], []
        original = getattr(model, method)

        def hooked(leads, *args, **kwargs):
            now = not done and not leads.env.context.get("quiet")
            if now and before:
                done.append(True)
                act(leads)
            result = original(leads, *args, **kwargs)
            if now and not before:
                done.append(True)
                act(leads)
            return result

        with patch.object(model, method, hooked):
            yield
        self.assertTrue(done)

    def merge(self, in_bulk=False):
        if in_bulk:
            return self.env["crm.lead"]._merge_in_bulk([self.first + self.second])
        return (self.first + self.second).merge_opportunity()

    def merges(self):
        return self.env["crm.lead.merge"].search([("survivor_res_id", "in", self.leads.ids)])

    def each_way(self, attempt, steps=STEPS, moments=(False, True)):
        """Call ``attempt`` with each way in which something may be done during a merge, and all leads as they were."""
        for way in product(steps, moments, (False, True)):
            step, before, in_bulk = way
            with self.subTest(step=step, before=before, in_bulk=in_bulk):
                savepoint = self.env.cr.savepoint()
                try:
                    attempt(*way)
                finally:
                    savepoint.close(rollback=True)
                    self.env.invalidate_all()

    def assert_everything_is_undone(self, before):
        merges = self.merges()
        merges.action_undo()
        self.assertFalse([merge.conflicts for merge in merges if merge.conflicts])
        self.assert_same_dump(before, self.dump())


@tagged("post_install", "-at_install")
class TestMergeWithinMerge(WithinCase):
    def merge_within(self, way, inner, **choices):
        """Merge the first two, and meanwhile the leads ``inner``; return what the latter merge returned."""
        step, before, in_bulk = way
        result = []

        def act(leads):
            # as an automation: in the environment of what started it, or in one of its own
            env = leads.env if before else self.env(context={"quiet": True})
            merging = inner.with_env(env)
            if choices:
                merging = merging.with_context(openfire_merge=choices)
            result.append(merging._merge_opportunity())

        with self.acting(step, act, before):
            self.assertEqual(self.merge(in_bulk), self.first)
        self.env.flush_all()
        self.env.invalidate_all()
        return result[0].ids

    def assert_all_is_on_the_first(self):
        self.assertEqual(self.leads.exists(), self.first)
        self.assertEqual(self.first.function, "Owner")
        self.assertIn("Oak", self.first.description)
        self.assertIn("Ash", self.first.description)
        self.assertEqual(self.first.tag_ids, self.tags[0] + self.tags[1] + self.tags[2])

    def test_with_the_survivor(self):
        before = self.dump()

        def attempt(*way):
            self.assertEqual(self.merge_within(way, self.first + self.third), self.first.ids)
            self.assert_all_is_on_the_first()
            self.assertEqual(self.first.city, "Lyon")
            self.assert_everything_is_undone(before)

        self.each_way(attempt)

    def test_with_a_lead_that_is_being_merged_away(self):
        before = self.dump()

        def attempt(*way):
            self.assertEqual(self.merge_within(way, self.second + self.third), self.first.ids)
            self.assert_all_is_on_the_first()
            self.assert_everything_is_undone(before)

        self.each_way(attempt)

    def test_into_another_lead_the_first_remains_all_the_same(self):
        before = self.dump()

        def attempt(*way):
            inner = self.first + self.third
            self.assertEqual(self.merge_within(way, inner, survivor_id=self.third.id), self.first.ids)
            self.assert_all_is_on_the_first()
            self.assert_everything_is_undone(before)

        self.each_way(attempt)

    def test_of_the_same_leads_there_is_nothing_to_do(self):
        before = self.dump()

        def attempt(*way):
            self.assertEqual(self.merge_within(way, self.first + self.second), self.first.ids)
            self.assertEqual(self.leads.exists(), self.first + self.third)
            self.assertEqual(len(self.merges()), 1)
            self.assert_everything_is_undone(before)

        self.each_way(attempt)

    def test_of_these_and_others_only_the_others_are_added(self):
        before = self.dump()

        def attempt(*way):
            self.assertEqual(self.merge_within(way, self.leads), self.first.ids)
            self.assert_all_is_on_the_first()
            self.assert_everything_is_undone(before)

        self.each_way(attempt)

    def test_the_inner_merge_undone_alone_leaves_what_the_outer_one_made(self):
        def attempt(*way):
            self.merge_within(way, self.first + self.third)
            self.merges()[0].action_undo()
            self.assertEqual(self.leads.exists(), self.first + self.third)
            self.assertEqual((self.first.city, self.third.city), ("Lyon", "Paris"))
            self.assertIn("Oak", self.first.description)
            self.assertNotIn("Ash", self.first.description)
            self.assertEqual(self.first.tag_ids, self.tags[0] + self.tags[1])
            self.assertFalse(self.first.function)

        self.each_way(attempt)

    def test_an_inner_merge_taken_back_by_its_maker_leaves_the_outer_one_whole(self):
        before = self.dump()
        inner = self.first + self.third

        def in_vain(leads):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                inner.with_context(quiet=True)._merge_opportunity()
                raise UserError("In vain")

        def attempt(step, first, in_bulk):
            with self.acting(step, in_vain, first):
                self.merge(in_bulk)
            self.assertEqual(self.leads.exists(), inner)
            self.assertEqual((self.first.city, self.third.city), ("Lyon", "Paris"))
            self.assertEqual(self.first.tag_ids, self.tags[0] + self.tags[1])
            self.assert_everything_is_undone(before)

        self.each_way(attempt)

    def test_an_inner_merge_that_is_refused_leaves_the_outer_one_whole(self):
        before = self.dump()

        def refused(leads):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                chosen = {"values": {"no_field": 1}}
                (self.first + self.third).with_context(quiet=True, openfire_merge=chosen)._merge_opportunity()

        def attempt(step, first, in_bulk):
            with self.acting(step, refused, first):
                self.merge(in_bulk)
            self.assertEqual(self.first.city, "Lyon")
            self.assert_everything_is_undone(before)

        self.each_way(attempt)

    def test_many_at_once_within_a_merge(self):
        before = self.dump()
        others = self.make_leads(2)
        self.env.flush_all()
        inner = [self.second + self.third, others]
        with self.acting(
            "write", lambda leads: leads.browse().with_context(quiet=True)._merge_in_bulk(inner)
        ):
            self.merge()
        self.env.invalidate_all()
        self.assert_all_is_on_the_first()
        self.assertEqual(others.exists(), others[0])
        others.unlink()
        self.env["crm.lead.merge"].search([("survivor_res_id", "=", others[0].id)]).unlink()
        self.assert_everything_is_undone(before)


@tagged("post_install", "-at_install")
class TestWrittenWithinMerge(WithinCase):
    """What an automation does to a lead while it is being merged away reaches the survivor."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.cr.execute(
            """CREATE TABLE within_loose (lead integer REFERENCES crm_lead ON DELETE CASCADE, note varchar);
               CREATE TABLE within_visit (id serial PRIMARY KEY, lead integer REFERENCES crm_lead ON DELETE SET NULL)"""
        )

    def write_all_over(self, lead):
        """Add a row to each table in which others may have one about a lead."""
        lead = lead.with_context(quiet=True)
        lead.message_post(body="Written within")
        lead.activity_schedule("mail.mail_activity_data_todo", summary="Written within")
        lead.message_subscribe(self.colleague.partner_id.ids)
        lead.tag_ids = [Command.link(self.tags[3].id)]
        env = lead.env
        env["ir.attachment"].create(
            {"name": "within.txt", "raw": b"x", "res_model": "crm.lead", "res_id": lead.id}
        )
        values = {"name": "Within", "start": "2026-02-01 10:00:00", "stop": "2026-02-01 11:00:00"}
        env["calendar.event"].create({**values, "opportunity_id": lead.id})
        env.cr.execute(SQL("INSERT INTO within_loose VALUES (%s, 'x')", lead.id))
        env.cr.execute(SQL("INSERT INTO within_visit (lead) VALUES (%s)", lead.id))

    def found(self, lead):
        """Return which of them a lead has."""
        self.env.flush_all()
        self.env.invalidate_all()
        loose, visits = (
            self.env.execute_query(SQL("SELECT FROM %s WHERE lead = %s", SQL.identifier(table), lead.id))
            for table in ("within_loose", "within_visit")
        )
        of_lead = [("res_model", "=", "crm.lead"), ("res_id", "=", lead.id)]
        return {
            "message": "Written within" in "".join(lead.message_ids.mapped("body")),
            "activity": "Written within" in lead.activity_ids.mapped("summary"),
            "follower": self.colleague.partner_id in lead.message_partner_ids,
            "tag": self.tags[3] in lead.tag_ids,
            "file": "within.txt" in "".join(self.env["ir.attachment"].search(of_lead).mapped("name")),
            "meeting": self.env["calendar.event"].search_count(
                [("opportunity_id", "=", lead.id), ("name", "=", "Within")]
            )
            == 1,
            "loose": len(loose) == 1,
            "visit": len(visits) == 1,
        }

    def assert_found(self, lead, expected=True):
        self.assertEqual(self.found(lead), dict.fromkeys(self.found(lead), expected))

    def test_it_reaches_the_survivor_and_goes_back_where_it_was_written(self):
        def attempt(step, first, in_bulk):
            with self.acting(step, lambda leads: self.write_all_over(self.second), first):
                self.merge(in_bulk)
            self.assert_found(self.first)
            merge = self.merges()
            merge.action_undo()
            self.assertFalse(merge.conflicts)
            self.assert_found(self.second)
            self.assert_found(self.first, False)

        self.each_way(attempt, STEPS[:3])

    def test_it_does_so_too_when_written_as_the_lead_is_deleted(self):
        def attempt(step, first, in_bulk):
            with self.acting(step, lambda leads: self.write_all_over(self.second), first):
                self.merge(in_bulk)
            self.assert_found(self.first)
            self.merges().action_undo()
            self.assert_found(self.second)

        self.each_way(attempt, ("unlink",), (True,))

    def test_a_lead_deleted_meanwhile_leaves_all_to_the_survivor(self):
        self.give_past(self.second)
        self.env.flush_all()
        self.env.cr.flush()
        before = self.dump()

        def attempt(step, first, in_bulk):
            with self.acting(step, lambda leads: self.second.with_context(quiet=True).unlink(), first):
                self.merge(in_bulk)
            self.assertIn("Hello", "".join(self.first.message_ids.mapped("body")))
            self.assertEqual(self.first.city, "Lyon")
            self.assert_everything_is_undone(before)

        self.each_way(attempt, STEPS[:1], (False,))
        self.each_way(attempt, STEPS[1:3])

    def test_where_nothing_was_written_nothing_is_looked_into(self):
        with patch.object(move, "touched", side_effect=move.touched) as touched:
            self.merge()
        looked_into = [{link.table for link in call.args[2]} for call in touched.call_args_list[1:]]
        self.assertLessEqual(set().union(*looked_into), {"crm_lead"})

    def test_what_is_done_to_another_lead_meanwhile_is_as_at_any_time(self):
        partner = self.env["res.partner"].create({"name": "Other", "email": "old@example.com"})
        self.third.write({"partner_id": partner.id, "email_from": "old@example.com"})
        self.env.flush_all()

        def act(leads):
            self.third.with_env(leads.env).write({"email_from": "new@example.com"})

        with self.acting("_merge_dependences", act):
            self.merge()
        self.assertEqual(partner.email, "new@example.com")
