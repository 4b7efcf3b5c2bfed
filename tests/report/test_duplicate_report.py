"""What was found, merged, dismissed and undone is counted once each, for whoever may read it."""

from datetime import datetime, timedelta

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from odoo.addons.openfire_leads.tests.review.review_common import ReviewCase


@tagged("post_install", "-at_install", "openfire_report")
class TestDuplicateReport(ReviewCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team = cls.env["crm.team"].create({"name": "Team of the Report", "company_id": False})
        cls.person = {**cls.person, "team_id": cls.team.id}
        cls.env["crm.lead.merge"].search([]).unlink()
        cls.Report = cls.env["crm.lead.duplicate.report"]

    def rows(self, user=None, domain=(), companies=None):
        """Return ``{event: [row, …]}`` as ``user`` reads them, the manager if ``None``."""
        self.env.flush_all()
        self.env["crm.lead"]._match_flush()
        self.Group._bring_up_to_date(limit=None)
        self.env.invalidate_all()
        report = self.Report.with_user(user or self.manager)
        if companies:
            report = report.with_context(allowed_company_ids=companies.ids)
        rows = {}
        for row in report.search_read(list(domain), load=None):
            rows.setdefault(row["event"], []).append(row)
        return rows

    def counts(self, *args, **kwargs):
        return {event: len(rows) for event, rows in self.rows(*args, **kwargs).items()}

    def test_a_group_is_found_when_it_is_made(self):
        self._lead(), self._lead(), self._lead()
        (row,) = self.rows()["found"]
        self.assertEqual((row["lead_count"], row["leads_fewer"]), (3, 0))
        self.assertEqual((row["team_id"], row["user_id"]), (self.team.id, self.seller.id))
        self.assertFalse(row["done_by_id"])
        self.assertEqual(row["band"], "99.7")
        self.assertGreater(row["score"], 99)
        self.assertLess(abs(row["date"] - datetime.now()), timedelta(minutes=5))

    def test_a_group_that_is_merged_was_found_and_merged(self):
        one, two = self._lead(), self._lead()
        self.groups(one, two).with_user(self.manager).action_merge()
        rows = self.rows()
        self.assertEqual({event: len(own) for event, own in rows.items()}, {"found": 1, "merged": 1})
        (merged,) = rows["merged"]
        self.assertEqual((merged["lead_count"], merged["leads_fewer"]), (2, 1))
        self.assertEqual((merged["done_by_id"], merged["user_id"]), (self.manager.id, self.seller.id))
        self.assertEqual(merged["band"], "99.7")

    def test_the_door_is_that_of_the_newest_lead(self):
        one, two = self._lead(entry_channel="mail"), self._lead(entry_channel="import")
        group = self.groups(one, two).with_user(self.manager)
        (found,) = self.rows()["found"]
        self.assertEqual(found["entry_channel"], "import")
        group.action_merge()
        self.assertEqual(
            self.rows()["merged"][0]["entry_channel"], "import", "the lead is gone, the journal knows"
        )
        group.action_undo()
        self.assertEqual(self.rows()["undone"][0]["entry_channel"], "import")
        self._pair(one, two).with_user(self.manager).action_dismiss()
        self.assertEqual(self.rows()["dismissed"][0]["entry_channel"], "import")

    def test_leads_merged_by_another_door_had_been_found_too(self):
        one, two, three = self._lead(), self._lead(), self._lead(self.stranger)
        self.rows()
        (one | two).with_user(self.manager).merge_opportunity()
        rows = self.rows()
        self.assertEqual({event: len(own) for event, own in rows.items()}, {"found": 1, "merged": 1})
        self.assertEqual(rows["found"][0]["band"], rows["merged"][0]["band"])
        self.assertTrue(rows["found"][0]["band"])
        # those that nobody had found were merged, not found
        (one.exists() | two.exists() | three).with_user(self.manager).merge_opportunity()
        self.assertEqual(self.counts(), {"found": 1, "merged": 2})
        (unlike,) = self.rows(domain=[("band", "=", False)])["merged"]
        self.assertEqual(unlike["score"], 0)

    def test_a_merge_that_is_undone_counts_as_both_and_the_leads_are_there_again(self):
        one, two = self._lead(), self._lead()
        (one | two).with_user(self.manager).merge_opportunity()
        merge = self.env["crm.lead.merge"].search([])
        merge.with_user(self.manager).action_undo()
        rows = self.rows()
        self.assertEqual(
            {event: len(own) for event, own in rows.items()}, {"found": 1, "merged": 1, "undone": 1}
        )
        self.assertEqual(rows["undone"][0]["done_by_id"], self.manager.id)
        total = self.Report.with_user(self.manager).formatted_read_group([], [], ["leads_fewer:sum"])
        self.assertEqual(total[0]["leads_fewer:sum"], 0)

    def test_a_dismissal_counts_once_as_a_group_or_as_a_pair(self):
        one, two, three = self._lead(), self._lead(), self._lead()
        self.groups(one, two, three).with_user(self.manager).action_dismiss("Three brothers")
        self.assertEqual(self.counts(), {"found": 1, "dismissed": 1})
        (row,) = self.rows()["dismissed"]
        self.assertEqual((row["lead_count"], row["done_by_id"]), (3, self.manager.id))
        four, five = self._lead(self.stranger), self._lead(self.stranger)
        self.rows()
        self._pair(four, five).with_user(self.manager).action_dismiss()
        self.assertEqual(self.counts()["dismissed"], 2)
        self._pair(four, five).with_user(self.manager).action_suspect()
        self.assertEqual(self.counts()["dismissed"], 1)

    def test_only_managers_read_it(self):
        self._lead(), self._lead()
        for user in (self.seller, self.seller_of_all):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.rows(user)

    def test_of_another_company_nothing_is_counted(self):
        second = self.env["res.company"].create({"name": "Second Company"})
        both = self.env.company | second
        manager = new_test_user(
            self.env, "report_manager", "sales_team.group_sale_manager", company_id=second.id,
            company_ids=[(6, 0, both.ids)],
        )  # fmt: skip
        here = {"company_id": self.env.company.id, "user_id": False, "team_id": False}
        there = {**here, "company_id": second.id}
        self._lead(**here), self._lead(**here)
        self._lead(self.stranger, **there), self._lead(self.stranger, **there)
        self.assertEqual(self.counts(manager, companies=both), {"found": 2})
        self.assertEqual(self.counts(manager, companies=second), {"found": 1})
        leads = self.Lead.search([("company_id", "=", second.id)])
        leads.with_user(manager).with_context(allowed_company_ids=second.ids).merge_opportunity()
        self.assertEqual(self.counts(manager, companies=second), {"found": 1, "merged": 1})
        self.assertEqual(self.counts(manager, companies=self.env.company), {"found": 1})
        self.assertEqual(self.counts(), {"found": 1}, "whose company is the first one alone")

    def test_a_group_of_leads_of_two_companies_is_told_by_the_lead_that_the_reader_may_read(self):
        second = self.env["res.company"].create({"name": "Second Company"})
        manager = new_test_user(
            self.env, "report_manager", "sales_team.group_sale_manager", company_id=second.id,
            company_ids=[(6, 0, second.ids)],
        )  # fmt: skip
        other_team = self.env["crm.team"].create({"name": "Other", "company_id": False})
        self._lead(company_id=self.env.company.id)
        self._lead(company_id=second.id, user_id=False, team_id=other_team.id)
        (row,) = self.rows(manager)["found"]
        self.assertEqual((row["company_id"], row["team_id"]), (second.id, other_team.id))
        self.assertFalse(row["user_id"])

    def test_it_is_grouped_by_what_the_dashboard_groups_by(self):
        self._lead(), self._lead()
        self.rows()
        report = self.Report.with_user(self.manager)
        for name in ("date:month", "event", "team_id", "user_id", "done_by_id", "company_id", "band"):
            with self.subTest(name=name):
                groups = report.formatted_read_group([], [name], ["__count", "lead_count:sum", "score:avg"])
                self.assertEqual([(one["__count"], one["lead_count:sum"]) for one in groups], [(1, 2)])

    def test_its_menus_are_the_managers(self):
        menus = self.env.ref("openfire_leads.crm_lead_duplicate_report_menu") | self.env.ref(
            "openfire_leads.crm_lead_matching_precision_menu"
        )
        for user, seen in ((self.manager, menus.ids), (self.seller, [])):
            visible = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            self.assertEqual(sorted(visible & set(menus.ids)), seen)
