from datetime import datetime

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestMergeSurvivor(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.env["ir.config_parameter"].set_param("openfire_leads.survivor_rule", False)
        cls.salesman = new_test_user(cls.env, "merge_sales", groups="sales_team.group_sale_salesman")

    def leads(self, count, **values):
        leads = self.env["crm.lead"].create(
            [
                {"name": f"Request {i}", "type": "lead", "user_id": self.salesman.id, **values}
                for i in range(count)
            ]
        )
        for position, lead in enumerate(leads):
            # newest first, so that the order of ids proves nothing
            self.backdate(lead, datetime(2026, 1, 28 - position % 28))
        return leads

    def backdate(self, lead, date):
        lead.flush_recordset()
        self.env.cr.execute("UPDATE crm_lead SET create_date = %s WHERE id = %s", (date, lead.id))
        lead.invalidate_recordset()

    def test_oldest_survives_and_its_values_win(self):
        newer, older = self.leads(2)
        newer.write({"phone": "+33 1 11 11 11 11", "city": "Lyon", "name": "Newer"})
        older.write({"phone": "+33 2 22 22 22 22", "name": "Older"})
        survivor = (newer + older).merge_opportunity()
        self.assertEqual(survivor, older)
        self.assertEqual(survivor.name, "Older")
        self.assertEqual(survivor.phone, "+33 2 22 22 22 22")
        self.assertEqual(survivor.city, "Lyon", "a blank is filled from the other lead")
        self.assertFalse(newer.exists())

    def test_lowest_id_survives_among_leads_of_one_moment(self):
        leads = self.leads(3)
        for lead in leads:
            self.backdate(lead, datetime(2026, 1, 1))
        survivor = leads.browse(reversed(leads.ids)).merge_opportunity()
        self.assertEqual(survivor.id, min(leads.ids))

    def test_confidence_rule_is_odoos(self):
        leads = self.leads(2)
        leads[0].type = "opportunity"
        self.env["ir.config_parameter"].set_param("openfire_leads.survivor_rule", "confidence")
        self.assertEqual(leads.merge_opportunity(), leads[0])

    def test_unknown_rule_counts_as_oldest(self):
        leads = self.leads(2)
        self.env["ir.config_parameter"].set_param("openfire_leads.survivor_rule", "odlest")
        self.assertEqual(leads.merge_opportunity(), leads[1])

    def test_recurring_revenue_comes_with_its_plan(self):
        monthly, yearly = self.env["crm.recurring.plan"].create(
            [{"name": "By month", "number_of_months": 1}, {"name": "By year", "number_of_months": 12}]
        )
        younger, older = self.leads(2, type="opportunity")
        older.recurring_plan = monthly
        younger.write({"recurring_plan": yearly.id, "recurring_revenue": 1200})
        survivor = (older + younger).merge_opportunity()
        self.assertEqual(survivor, older)
        self.assertEqual(survivor.recurring_revenue_monthly, 100)
        younger, older = self.leads(2, type="opportunity")
        older.recurring_revenue = 50
        younger.write({"recurring_plan": yearly.id, "recurring_revenue": 1200})
        survivor = (older + younger).merge_opportunity()
        self.assertEqual(survivor.recurring_revenue_monthly, 50)

    def test_recurring_revenue_that_is_picked_comes_with_its_plan(self):
        monthly, yearly = self.env["crm.recurring.plan"].create(
            [{"name": "By month", "number_of_months": 1}, {"name": "By year", "number_of_months": 12}]
        )
        younger, older = self.leads(2, type="opportunity")
        older.write({"recurring_plan": monthly.id, "recurring_revenue": 50})
        younger.write({"recurring_plan": yearly.id, "recurring_revenue": 1200})
        both = (older + younger).with_context(openfire_merge={"picks": {"recurring_revenue": younger.id}})
        self.assertEqual(both.merge_opportunity().recurring_revenue_monthly, 100)

    def test_chosen_survivor_survives(self):
        leads = self.leads(3)
        survivor = leads.with_context(openfire_merge={"survivor_id": leads[0].id}).merge_opportunity()
        self.assertEqual(survivor, leads[0])

    def test_survivor_outside_the_selection_is_refused(self):
        leads = self.leads(3)
        with self.assertRaisesRegex(UserError, "must be one of those"):
            (leads[0] + leads[1]).with_context(
                openfire_merge={"survivor_id": leads[2].id}
            ).merge_opportunity()
        self.assertEqual(len(leads.exists()), 3)

    def test_salesperson_merges_more_than_five(self):
        leads = self.leads(8).with_user(self.salesman)
        survivor = leads.merge_opportunity()
        self.assertEqual((leads.exists()), survivor)

    def test_too_many_leads_are_refused_with_the_limit(self):
        self.env["ir.config_parameter"].set_param("openfire_leads.merge_max_leads", "6")
        leads = self.leads(7).with_user(self.salesman)
        with self.assertRaisesRegex(UserError, "You selected 7 leads.*At most 6"):
            leads.merge_opportunity()
        self.assertEqual(leads.exists(), leads)

    def test_callers_that_lift_odoos_limit_lift_ours(self):
        self.env["ir.config_parameter"].set_param("openfire_leads.merge_max_leads", "6")
        leads = self.leads(7).with_user(self.salesman)
        leads._merge_opportunity(max_length=0)
        self.assertEqual(len(leads.exists()), 1)

    def test_five_hundred_leads_are_refused_and_stay(self):
        leads = self.leads(500).with_user(self.salesman)
        with self.assertRaisesRegex(UserError, "You selected 500 leads.*At most 100"):
            leads.merge_opportunity()
        self.assertEqual(leads.exists(), leads)
        self.assertFalse(self.env["crm.lead.merge"].search([("survivor_id", "in", leads.ids)]))

    def test_one_lead_or_none_is_refused(self):
        for leads in (self.leads(1), self.env["crm.lead"]):
            with self.assertRaisesRegex(UserError, "at least two"):
                leads.merge_opportunity()

    def test_a_lead_named_twice_counts_once(self):
        newer, older = self.leads(2)
        with self.assertRaisesRegex(UserError, "at least two"):
            (older + older).merge_opportunity()
        self.assertEqual((newer + older + newer + older).merge_opportunity(), older)
        self.assertTrue(older.exists())
        self.assertFalse(newer.exists())

    def test_lead_that_is_gone_is_refused(self):
        leads = self.leads(3)
        leads[0].unlink()
        with self.assertRaisesRegex(UserError, "no longer exist"):
            leads.merge_opportunity()
        self.assertEqual(len(leads.exists()), 2)

    def test_leads_of_two_companies_are_refused(self):
        other = self.env["res.company"].create({"name": "Poêles du Nord"})
        self.env.user.company_ids += other
        leads = self.leads(2, user_id=False, team_id=False)
        leads[0].company_id = self.env.company
        leads[1].company_id = other
        admin = new_test_user(
            self.env,
            "merge_admin",
            groups="sales_team.group_sale_manager",
            company_ids=[(6, 0, [self.env.company.id, other.id])],
        )
        both = leads.with_user(admin).with_context(allowed_company_ids=[self.env.company.id, other.id])
        with self.assertRaisesRegex(UserError, "Poêles du Nord"):
            both.merge_opportunity()
