"""Long queries of a merge are planned once for each connection, and go on finding what they look for."""

from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.openfire_leads.merging import planned
from odoo.addons.openfire_leads.merging.planned import MOST, _prepare, execute_planned

from .merge_common import MergeCase


@tagged("post_install", "-at_install")
class TestMergePlanned(MergeCase):
    def setUp(self):
        super().setUp()
        self.env.cr.execute("DEALLOCATE ALL")
        self.addCleanup(self.env.cr.execute, "DEALLOCATE ALL")
        self.forget()

    def forget(self):
        """Have the next query ask what is prepared, as in another transaction."""
        self.env.cr.cache.pop("openfire_leads_prepared", None)

    def prepared(self):
        """Return the names of what is prepared, and how often each was planned for its parameters alone."""
        # as JSON: PostgreSQL 13 does not count plans
        rows = self.env.execute_query(SQL("SELECT name, to_jsonb(p) FROM pg_prepared_statements p"))
        return {name: told.get("custom_plans", 0) for name, told in rows}

    def test_the_second_merge_prepares_nothing_more_and_plans_nothing_anew(self):
        self.make_leads(2).merge_opportunity()
        first = self.prepared()
        # the looks at all tables, the moves, the journal's beginning and its end
        self.assertGreater(len(first), 5)
        self.forget()
        self.make_leads(2).merge_opportunity()
        second = self.prepared()
        self.assertEqual(second.keys(), first.keys())
        self.assertEqual(set(second.values()), {0})

    def test_an_undo_adds_its_own(self):
        self.make_leads(2).merge_opportunity()
        merging = len(self.prepared())
        self.last_merge().action_undo()
        self.assertGreater(len(self.prepared()), merging)

    def test_nothing_that_is_to_be_planned_once_is_refused(self):
        asked = []

        def prepare(env, name, code):
            asked.append((code, _prepare(env, name, code)))
            return asked[-1][1]

        leads = self.make_leads(2)
        leads[1].message_post(body="Moves")
        leads[1].tag_ids = self.env["crm.tag"].create({"name": "Moves as well"})
        with patch.object(planned, "_prepare", prepare):
            leads.merge_opportunity()
            self.last_merge().action_undo()
        self.assertFalse([code for code, done in asked if not done])
        self.assertTrue([code for code, _done in asked if "INSERT INTO crm_lead (" in code])

    def test_a_statement_that_the_connection_lost_is_prepared_again(self):
        self.make_leads(2).merge_opportunity()
        names = self.prepared().keys()
        self.env.cr.execute("DEALLOCATE ALL")  # as a pooler does before it hands a connection on
        self.forget()
        leads = self.make_leads(2)
        leads[1].message_post(body="Kept")
        leads.merge_opportunity()
        self.assertEqual(self.prepared().keys(), names)
        self.assertIn("Kept", "".join(leads[0].message_ids.mapped("body")))

    def test_a_table_that_changes_after_it_was_planned_is_looked_into_all_the_same(self):
        self.make_leads(2).merge_opportunity()
        self.env.cr.execute("ALTER TABLE mail_activity ADD COLUMN planned_test int DEFAULT 3")
        leads = self.make_leads(2)
        activity = leads[1].activity_schedule("mail.mail_activity_data_todo", summary="Call")
        leads.merge_opportunity()
        self.assertEqual(activity.res_id, leads[0].id)

    def test_what_cannot_be_prepared_is_executed_as_it_is(self):
        query = SQL("SELECT %s IS NULL", None)  # of what type?
        self.assertEqual(execute_planned(self.env, query), [(True,)])
        self.assertFalse(self.prepared())

    def test_a_percent_sign_stays_one(self):
        query = SQL("SELECT x FROM unnest(%s::text[]) x WHERE x LIKE '5%%'", ["50", "15"])
        self.assertEqual(execute_planned(self.env, query), [("50",)])
        self.assertEqual(len(self.prepared()), 1)

    def test_a_connection_keeps_only_so_many(self):
        for number in range(MOST + 3):
            query = SQL("SELECT %s::int AS %s", number, SQL.identifier(f"n{number}"))
            self.assertEqual(execute_planned(self.env, query), [(number,)])
        self.assertEqual(len(self.prepared()), MOST)
