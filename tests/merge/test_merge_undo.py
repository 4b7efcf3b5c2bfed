from contextlib import ExitStack, nullcontext
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from .merge_common import MergeCase


@tagged("post_install", "-at_install")
class TestMergeUndo(MergeCase):
    def test_undo_restores_every_row_of_every_table(self):
        leads = self.make_leads(3, type="opportunity")
        for lead in leads:
            self.give_past(lead)
        leads[0].write({"phone": "01 02 03 04 05", "expected_revenue": 100.25})
        leads[1].write(
            {"city": "Lyon", "zip": "69001", "expected_revenue": 250, "description": "<p>Notes</p>"}
        )
        leads[2].write({"email_from": "x@example.com", "priority": "2", "lost_reason_id": False})
        self.env.flush_all()
        before = self.dump()
        leads.merge_opportunity()
        self.last_merge().action_undo()
        self.assert_same_dump(before, self.dump())

    def make_past(self):
        """Have every row written last by somebody else, long ago."""
        self.env.flush_all()
        for table in (
            "crm_lead",
            "mail_activity",
            "mail_message",
            "calendar_event",
            "ir_attachment",
            "crm_tag",
        ):
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET write_date = '2026-01-02 03:04:05.678901', write_uid = %s",
                    SQL.identifier(table),
                    self.colleague.id,
                )
            )
        self.env.invalidate_all()

    def test_undo_leaves_stamps_and_names_of_documents_as_they_were(self):
        leads = self.make_leads(2, type="opportunity")
        for lead in leads:
            self.give_past(lead)
            lead.activity_schedule("mail.mail_activity_data_todo", summary="Of somebody else")
        # the activities keep the former name: nothing recomputes it
        leads[0].name, leads[1].name = "Renamed", "Renamed as well"
        leads[1].city = "Lyon"
        self.make_past()
        before = self.dump()
        leads.merge_opportunity()
        self.assertEqual(set(leads.exists().activity_ids.mapped("res_name")), {"Renamed", "Request 0"})
        self.last_merge().action_undo()
        self.assert_same_dump(before, self.dump())

    def test_an_activity_changed_since_is_written_last_by_who_changed_it(self):
        leads = self.make_leads(2, type="opportunity")
        activity = leads[1].activity_schedule("mail.mail_activity_data_todo", summary="To do")
        self.make_past()
        leads.merge_opportunity()
        self.env.flush_all()
        self.env.cr.execute("UPDATE mail_activity SET summary = 'Else', write_date = '2026-05-05'")
        self.env.invalidate_all()
        self.last_merge().action_undo()
        self.env.invalidate_all()
        self.assertEqual(
            (activity.res_id, activity.res_name, activity.summary), (leads[1].id, "Request 1", "Else")
        )
        self.assertEqual(str(activity.write_date), "2026-05-05 00:00:00")

    def test_merge_moves_everything(self):
        leads = self.make_leads(2)
        for lead in leads:
            self.give_past(lead)
        messages, activities = leads.message_ids, leads.with_context(active_test=False).activity_ids
        followers = leads.message_partner_ids
        survivor = leads.merge_opportunity()
        self.assertLessEqual(messages, survivor.message_ids)
        self.assertEqual(activities.mapped("res_id"), [survivor.id] * len(activities))
        self.assertEqual(survivor.message_partner_ids, followers)
        for model, domain in (
            ("calendar.event", [("opportunity_id", "=", survivor.id), ("res_id", "=", survivor.id)]),
            ("ir.attachment", [("res_model", "=", "crm.lead"), ("res_id", "=", survivor.id)]),
            ("mail.scheduled.message", [("model", "=", "crm.lead"), ("res_id", "=", survivor.id)]),
            ("ir.model.data", [("model", "=", "crm.lead"), ("res_id", "=", survivor.id)]),
        ):
            self.assertEqual(self.env[model].search_count(domain), 2, model)
        self.assertIn("From Request 1: Quotation", survivor.message_ids.mapped("subject"))
        self.assertIn("From Request 1", survivor.message_ids.mapped("subject"))
        files = self.env["ir.attachment"].search(
            [("res_model", "=", "crm.lead"), ("res_id", "=", survivor.id)]
        )
        self.assertEqual(set(files.mapped("name")), {"plan.txt", "plan.txt (from Request 1)"})

    def test_what_changed_since_is_kept_and_listed(self):
        leads = self.make_leads(2)
        leads[1].write({"city": "Lyon", "phone": "01 11 11 11 11"})
        survivor = leads.merge_opportunity()
        self.assertEqual(survivor.city, "Lyon")
        survivor.city = "Paris"
        merge = self.last_merge()
        self.assertEqual([c["field"] for c in merge.undo_conflicts()], ["city"])
        merge.action_undo()
        self.assertEqual(survivor.city, "Paris")
        self.assertFalse(survivor.phone)
        [conflict] = [c for c in merge.conflicts if c["type"] == "value"]
        self.assertEqual(
            (conflict["field"], conflict["before"], conflict["current"]), ("city", None, "Paris")
        )
        self.assertEqual(leads[1].city, "Lyon")

    def test_changed_value_is_given_back_when_asked(self):
        leads = self.make_leads(2)
        leads[1].write({"city": "Lyon"})
        survivor = leads.merge_opportunity()
        survivor.city = "Paris"
        self.last_merge().action_undo(restore=["city"])
        self.assertFalse(survivor.city)

    def test_row_moved_on_since_stays_where_it_is(self):
        leads = self.make_leads(3)
        self.give_past(leads[1])
        meeting = self.env["calendar.event"].search([("opportunity_id", "=", leads[1].id)])
        (leads[0] + leads[1]).merge_opportunity()
        meeting.opportunity_id = leads[2]
        merge = self.last_merge()
        merge.action_undo()
        self.assertEqual(meeting.opportunity_id, leads[2])
        self.assertIn("calendar.event", [c.get("model") for c in merge.conflicts])

    def test_chain_is_undone_in_reverse_or_refused(self):
        leads = self.make_leads(3)
        before = self.dump()
        (leads[1] + leads[2]).merge_opportunity()
        first = self.last_merge()
        (leads[0] + leads[1]).merge_opportunity()
        second = self.last_merge()
        with self.assertRaisesRegex(UserError, "Undo first.*Request 1 → Request 0"):
            first.action_undo()
        second.action_undo()
        self.assertEqual(first.survivor_id, leads[1])
        first.action_undo()
        self.assert_same_dump(before, self.dump())

    def test_the_older_of_two_merges_that_do_not_overlap_is_undone_alone(self):
        leads = self.make_leads(3)
        leads[1].phone, leads[2].function = "+33 4 72 00 00 01", "Owner"
        leads[1].message_post(body="Of the second")
        leads[2].message_post(body="Of the third")
        before = leads.read(["phone", "function", "name", "type", "stage_id"])
        (leads[0] + leads[1]).merge_opportunity()
        first = self.last_merge()
        (leads[0] + leads[2]).merge_opportunity()
        second = self.last_merge()
        self.assertTrue(first.can_undo)
        first.action_undo()
        self.assertEqual((leads[0].phone, leads[0].function), (False, "Owner"))
        self.assertIn("Of the second", str(leads[1].message_ids.mapped("body")))
        self.assertIn("Of the third", str(leads[0].message_ids.mapped("body")))
        second.action_undo()
        self.assertEqual(leads.read(["phone", "function", "name", "type", "stage_id"]), before)

    def merges_that_overlap(self):
        """Return three leads, the second and then the third merged into the first, and the first merge."""
        leads = self.make_leads(3)
        leads[1].description, leads[2].description = "<p>Oak</p>", "<p>Ash</p>"
        (leads[0] + leads[1]).merge_opportunity()
        first = self.last_merge()
        (leads[0] + leads[2]).merge_opportunity()
        return leads, first

    def test_merges_that_overlap_are_undone_in_reverse_and_say_so(self):
        _leads, first = self.merges_that_overlap()
        self.assertFalse(first.can_undo)
        with self.assertRaisesRegex(UserError, "Undo first"):
            first.action_undo()

    def test_an_erased_merge_stands_in_nobodys_way(self):
        leads, first = self.merges_that_overlap()
        self.last_merge().line_ids.filtered(lambda line: line.lead_res_id == leads[2].id).unlink()
        self.assertTrue(first.can_undo)
        first.action_undo()
        self.assertTrue(leads[1].exists())

    def test_whose_lead_it_is_now_may_undo_and_who_merged_is_told(self):
        leads = self.make_leads(2)
        survivor = leads.with_user(self.salesman).merge_opportunity()
        merge = self.last_merge()
        survivor.sudo().user_id = self.colleague
        self.assertFalse(merge.with_user(self.salesman).can_undo)
        with self.assertRaisesRegex(AccessError, "Its salesperson, or a manager, can undo"):
            merge.with_user(self.salesman).action_undo()
        self.assertTrue(merge.with_user(self.colleague).can_undo)
        merge.with_user(self.colleague).action_undo()
        self.assertEqual(len(leads.exists()), 2)

    def test_chain_is_undone_at_once_in_the_right_order(self):
        leads = self.make_leads(4)
        before = self.dump()
        (leads[0] + leads[1]).merge_opportunity()
        (leads[0] + leads[2] + leads[3]).merge_opportunity()
        merges = self.env["crm.lead.merge"].search([("survivor_res_id", "=", leads[0].id)])
        self.assertEqual(len(merges), 2)
        merges.action_undo()
        self.assert_same_dump(before, self.dump())

    def test_second_undo_is_refused(self):
        leads = self.make_leads(2)
        leads.merge_opportunity()
        merge = self.last_merge()
        merge.action_undo()
        with self.assertRaisesRegex(UserError, "already undone by"):
            merge.action_undo()

    def test_only_who_merged_and_managers_undo(self):
        leads = self.make_leads(2, user_id=False)
        leads.with_user(self.salesman).merge_opportunity()
        merge = self.last_merge()
        self.assertEqual(merge.user_id, self.salesman)
        with self.assertRaisesRegex(AccessError, "merge_sales"):
            merge.with_user(self.colleague).action_undo()
        self.assertFalse(merge.with_user(self.colleague).can_undo)
        merge.with_user(self.salesman).action_undo()
        self.assertEqual(merge.undo_user_id, self.salesman)
        leads.with_user(self.salesman).merge_opportunity()
        self.last_merge().with_user(self.manager).action_undo()

    def test_undo_after_survivor_was_deleted_is_for_managers(self):
        leads = self.make_leads(2)
        leads[1].city = "Lyon"
        self.give_past(leads[1])
        leads.with_user(self.salesman).merge_opportunity()
        meeting = self.env["calendar.event"].search([("opportunity_id", "=", leads[0].id)])
        merge = self.last_merge()
        leads[0].unlink()
        with self.assertRaisesRegex(UserError, "was deleted after the merge"):
            merge.with_user(self.salesman).action_undo()
        merge.with_user(self.manager).action_undo()
        self.assertEqual(leads[1].city, "Lyon")
        self.assertEqual(meeting.opportunity_id, leads[1])
        self.assertEqual(merge.state, "undone")

    def test_undo_after_team_was_deleted(self):
        team = self.env["crm.team"].create({"name": "Showroom"})
        leads = self.make_leads(2, user_id=False)
        leads[1].team_id = team
        leads[0].team_id = False
        survivor = leads.merge_opportunity()
        self.assertEqual(survivor.team_id, team)
        team.unlink()
        merge = self.last_merge()
        merge.action_undo()
        self.assertFalse(leads[1].team_id)
        [gone] = [c for c in merge.conflicts if c["type"] == "gone"]
        self.assertEqual((gone["lead_id"], gone["field"], gone["before"]), (leads[1].id, "team_id", team.id))

    def test_who_wrote_a_lead_and_was_deleted_since_is_not_told(self):
        leads = self.make_leads(2)
        leaver = new_test_user(self.env, "merge_leaver", groups="sales_team.group_sale_manager")
        leads[1].with_user(leaver).write({"city": "Lyon"})
        self.env.flush_all()
        leads.merge_opportunity()
        leaver.unlink()
        merge = self.last_merge()
        merge.action_undo()
        self.assertEqual(leads[1].city, "Lyon")
        self.assertFalse(merge.conflicts)

    def test_leads_never_deleted_get_their_rows_back(self):
        leads = self.make_leads(2)
        self.give_past(leads[1])
        before = self.dump()
        leads._merge_opportunity(auto_unlink=False)
        self.last_merge().action_undo()
        self.assert_same_dump(before, self.dump())


@tagged("post_install", "-at_install")
class TestMergeUndoOfOtherModules(MergeCase):
    """Records of modules that this one does not know, and tables that no module knows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_model("Visit", "x_merge_visit")
        cls.env.flush_all()
        cls.env.cr.execute(
            """CREATE TABLE merge_loose (lead integer REFERENCES crm_lead ON DELETE CASCADE, note varchar);
               CREATE SCHEMA merge_elsewhere;
               CREATE TABLE merge_elsewhere.visit (lead integer PRIMARY KEY REFERENCES crm_lead ON DELETE CASCADE)"""
        )
        cls.leads = cls.make_leads(3)
        cls.first, cls.second, cls.third = cls.leads
        cls.second.city = "Lyon"
        cls.visits = cls.env["x_merge_visit"].create(
            [{"x_lead_id": lead.id, "x_typed": f"Typed {lead.id}"} for lead in cls.leads]
        )
        for lead in cls.leads:
            cls.env.cr.execute(
                "INSERT INTO merge_loose VALUES (%s, NULL); INSERT INTO merge_elsewhere.visit VALUES (%s)",
                (lead.id, lead.id),
            )
        cls.env.flush_all()

    def typed(self):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.visits.mapped("x_typed")

    def test_undo_restores_every_row_of_every_table(self):
        before = self.dump()
        (self.first + self.second).merge_opportunity()
        merge = self.last_merge()
        merge.action_undo()
        self.assertFalse(merge.conflicts)
        self.assert_same_dump(before, self.dump())

    def test_what_was_typed_stays_and_what_is_only_computed_follows(self):
        typed = self.typed()
        (self.first + self.second).merge_opportunity()
        self.assertEqual(self.typed(), typed)
        self.assertEqual(self.visits.mapped("x_derived"), ["Lyon", "Lyon", False])
        self.last_merge().action_undo()
        self.assertEqual(self.typed(), typed)
        self.assertEqual(self.visits.mapped("x_derived"), [False, "Lyon", False])

    def test_what_was_typed_stays_in_many_merges_at_once(self):
        typed = self.typed()
        self.env["crm.lead"]._merge_in_bulk([self.first + self.second])
        self.assertEqual(self.typed(), typed)


@tagged("post_install", "-at_install")
class TestMergeUndoWhateverHappened(MergeCase):
    """Undo exactly whatever joined in during the merge, and whatever happened between it and the undo."""

    # what joined in, and what came meanwhile, stays: rows that are new
    ADDED = (
        *(
            "mail_message",
            "mail_tracking_value",
            "mail_notification",
            "mail_activity",
            "mail_mail",
            "mail_followers",
        ),
        *(
            "crm_tag_rel",
            "mail_message_res_partner_rel",
            "mail_mail_res_partner_rel",
            "mail_followers_mail_message_subtype_rel",
        ),
        *("mail_message_mail_tracking_duration_rel", "res_partner"),
    )
    SCHEMA = {
        "crm_lead": "integer DEFAULT 7",
        "crm_tag_rel": "varchar",
        "mail_message": "boolean NOT NULL DEFAULT TRUE",
        "x_merge_call": "integer",
        "happened_loose": "varchar DEFAULT 'new'",
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_model("Call", "x_merge_call")
        cls.add_fields([("x_seen", "char", {})])
        cls.env.flush_all()
        cls.env.cr.execute(
            """CREATE TABLE happened_loose (lead integer REFERENCES crm_lead ON DELETE CASCADE, note varchar);
               CREATE TABLE happened_kept (id serial PRIMARY KEY,
                   lead integer NOT NULL UNIQUE REFERENCES crm_lead ON DELETE CASCADE);
               CREATE TABLE happened_child (parent integer REFERENCES happened_kept ON DELETE CASCADE)"""
        )
        cls.rule_tag = cls.env["crm.tag"].create({"name": "Of a rule"})
        cls.leads = cls.make_leads(3, type="opportunity")
        cls.first, cls.second, cls.third = cls.leads
        cls.second.write({"city": "Lyon", "phone": "+33 4 72 00 00 01", "description": "<p>Oak</p>"})
        cls.third.write({"city": "Bron", "expected_revenue": 250.25, "email_from": "third@example.com"})
        for lead in cls.leads:
            cls.env["x_merge_call"].create({"x_lead_id": lead.id, "x_typed": f"Typed {lead.id}"})
            cls.env.cr.execute(
                """INSERT INTO happened_loose VALUES (%(lead)s, NULL), (%(lead)s, NULL);
                   WITH kept AS (INSERT INTO happened_kept (lead) VALUES (%(lead)s) RETURNING id)
                   INSERT INTO happened_child SELECT id FROM kept""",
                {"lead": lead.id},
            )
        cls.env.flush_all()

    def setUp(self):
        super().setUp()
        for lead in self.leads:
            self.give_past(lead)
        self.env.flush_all()
        self.env.cr.flush()

    def automated(self):
        """Return a context in which a rule posts on all three, plans, tags and writes, whenever a lead is written or
        deleted."""
        model, busy = self.env.registry["crm.lead"], []

        def ruled(name):
            original = getattr(model, name)

            def method(leads, *args, **kwargs):
                if leads & self.leads and not busy:
                    busy.append(True)
                    for lead in self.leads:
                        lead.message_post(body=f"Rule on {name}")
                        lead.activity_schedule("mail.mail_activity_data_todo", summary=f"Rule on {name}")
                        lead.tag_ids = [Command.link(self.rule_tag.id)]
                    self.first.x_seen = name
                    busy.clear()
                return original(leads, *args, **kwargs)

            return patch.object(model, name, method)

        stack = ExitStack()
        for name in ("write", "unlink"):
            stack.enter_context(ruled(name))
        return stack

    def receive(self, message):
        """Receive an answer to a message, and a mail that nobody asked for."""
        answered = message.message_id
        for number, reference in enumerate((answered, "<unknown@example.com>")):
            mail = f"""From: Somebody <somebody{number}@example.com>
To: sales@example.com
Subject: Re: Quotation
Message-Id: <happened{number}@example.com>
In-Reply-To: {reference}
References: {reference}
Date: Fri, 20 Nov 2026 10:00:00 +0100

Agreed.
"""
            self.env["mail.thread"].message_process(
                "crm.lead" if not number else "res.partner", mail.encode()
            )

    def change_schema(self):
        """Add columns, as the installation of a module does; return what takes them away again."""
        self.env.flush_all()
        for table, definition in self.SCHEMA.items():
            self.env.cr.execute(
                SQL("ALTER TABLE %s ADD COLUMN x_happened %s", SQL.identifier(table), SQL(definition))
            )

        def drop():
            for table in self.SCHEMA:
                self.env.cr.execute(SQL("ALTER TABLE %s DROP COLUMN x_happened", SQL.identifier(table)))

        return drop

    def assert_undone_exactly(self, joining_in=nullcontext, happening=None):
        before = self.dump()
        with joining_in():
            self.leads.merge_opportunity()
        after = happening() if happening else None
        merge = self.last_merge()
        merge.action_undo()
        self.env.flush_all()
        if after:
            after()
        self.assertFalse(merge.conflicts)
        self.assert_same_dump(before, self.dump(), additions=self.ADDED)

    def test_exactly_where_nothing_happened(self):
        self.assert_undone_exactly()

    def test_exactly_though_a_rule_joined_in(self):
        self.assert_undone_exactly(self.automated)
        for lead in self.leads:
            said = "".join(lead.message_ids.mapped("body"))
            self.assertIn("Rule on write", said)
            self.assertIn(self.rule_tag, lead.tag_ids)
        self.assertFalse(self.first.x_seen)

    def test_exactly_though_mail_came_meanwhile(self):
        message = self.second.message_post(
            body="Offer", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self.env.flush_all()

        def happening():
            self.receive(message)

        self.assert_undone_exactly(happening=happening)
        self.assertIn("Agreed", "".join(self.first.message_ids.mapped("body")))

    def test_exactly_though_columns_came_meanwhile(self):
        self.assert_undone_exactly(happening=self.change_schema)

    def test_exactly_though_all_of_that_happened(self):
        message = self.second.message_post(
            body="Offer", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self.env.flush_all()

        def happening():
            self.receive(message)
            return self.change_schema()

        self.assert_undone_exactly(self.automated, happening)
