from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .merge_common import MergeCase


@tagged("post_install", "-at_install")
class TestMergeJournal(MergeCase):
    def merge(self, count=2, user=None, **values):
        leads = self.make_leads(count, **values)
        leads.with_user(user or self.env.user).merge_opportunity()
        return self.last_merge()

    # --- who sees what ---------------------------------------------------------------------

    def test_salesperson_reads_own_merges_and_those_of_own_leads(self):
        by_other = self.merge(user=self.manager)
        own = self.merge(user=self.salesman)
        foreign = self.merge(user=self.manager, user_id=self.colleague.id)
        visible = self.env["crm.lead.merge"].with_user(self.salesman).search([])
        self.assertIn(by_other, visible)
        self.assertIn(own, visible)
        self.assertNotIn(foreign, visible)
        self.assertEqual(own.with_user(self.salesman).line_ids.mapped("name"), ["Request 0", "Request 1"])
        for records in (foreign, foreign.line_ids, foreign.link_ids):
            with self.assertRaises(AccessError):
                records.with_user(self.salesman).read(["display_name"])

    def test_managers_read_all(self):
        merge = self.merge(user=self.salesman)
        self.assertIn(merge, self.env["crm.lead.merge"].with_user(self.manager).search([]))

    def test_others_read_none(self):
        self.merge()
        user = new_test_user(self.env, "merge_nobody", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.env["crm.lead.merge"].with_user(user).search([])

    def test_nobody_writes_by_hand(self):
        merge = self.merge(user=self.salesman)
        admin = new_test_user(
            self.env, "merge_admin", groups="sales_team.group_sale_manager,base.group_system"
        )
        for user in (self.salesman, self.manager, admin):
            for records, values in (
                (merge, {"state": "undone"}),
                (merge.line_ids, {"name": "x"}),
                (merge.link_ids, {"row_count": 0}),
            ):
                with self.assertRaises(AccessError):
                    records.with_user(user).write(values)
                with self.assertRaises(AccessError):
                    records.with_user(user).create(values)
        for user in (self.salesman, self.manager):
            with self.assertRaises(AccessError):
                merge.with_user(user).unlink()

    def test_former_rows_are_for_administrators(self):
        merge = self.merge(user=self.salesman)
        with self.assertRaises(AccessError):
            merge.with_user(self.salesman).line_ids.read(["values_before"])

    def test_journal_of_another_company_stays_there(self):
        company = self.env["res.company"].create({"name": "North"})
        merge = self.merge(team_id=False, user_id=False, company_id=company.id)
        self.assertEqual(merge.company_id, company)
        self.assertNotIn(merge, self.env["crm.lead.merge"].with_user(self.manager).search([]))

    def test_lead_that_may_be_read_but_not_written_stops_the_merge(self):
        leads = self.make_leads(2)
        leads[1].user_id = self.colleague
        with self.assertRaises(AccessError):
            leads.with_user(self.salesman).merge_opportunity()
        self.assertEqual(leads.exists(), leads)

    # --- what it says ----------------------------------------------------------------------

    def test_note_names_every_losing_value_escaped(self):
        leads = self.make_leads(2)
        leads[0].write({"phone": "01 01 01 01 01", "city": "Lyon", "zip": "69001"})
        leads[1].write({"phone": "02 02 02 02 02", "city": "Lyon", "function": "<b>Boss</b>"})
        leads[0].function = "Owner"
        survivor = leads.merge_opportunity()
        body = survivor.message_ids.filtered(
            lambda message: "Merged into this one" in (message.body or "")
        ).body
        self.assertIn("02 02 02 02 02", body)
        self.assertIn("&lt;b&gt;Boss&lt;/b&gt;", body)
        self.assertIn("Request 1", body)
        self.assertNotIn("Lyon", body, "both say so")
        self.assertIn(f"/odoo/crm-merges/{self.last_merge().id}", body)

    def test_names_and_counts(self):
        merge = self.merge(3)
        self.assertEqual(merge.display_name, "Request 1, Request 2 → Request 0")
        self.assertEqual(merge.lead_count, 3)
        links = merge.link_ids.filtered(lambda link: link.action != "created")
        self.assertEqual(merge.row_count, sum(links.mapped("row_count")))

    # --- how long it is kept ---------------------------------------------------------------

    def test_old_merges_are_cleared_when_asked(self):
        old, recent = self.merge(), self.merge()
        old.sudo().date -= timedelta(days=40)
        self.env["crm.lead.merge"]._gc_merges()
        self.assertTrue(old.exists(), "kept for ever by default")
        self.env["ir.config_parameter"].set_param("openfire_leads.merge_retention_days", "30")
        self.env["crm.lead.merge"]._gc_merges()
        self.assertFalse(old.exists())
        self.assertTrue(recent.exists())

    def test_erased_person_cannot_come_back(self):
        merge = self.merge()
        merge.line_ids.filtered(lambda line: line.name == "Request 1").unlink()
        self.assertFalse(merge.link_ids)
        self.assertFalse(merge.line_ids.values_before)
        with self.assertRaisesRegex(UserError, "erased"):
            merge.action_undo()

    def test_settings_are_stored(self):
        settings = self.env["res.config.settings"].create(
            {"merge_survivor_rule": "confidence", "merge_max_leads": 0, "merge_retention_days": 30}
        )
        settings.execute()
        leads = self.env["crm.lead"]
        self.assertEqual(leads._merge_survivor_rule(), "confidence")
        self.assertEqual(leads._merge_max_leads(), 0)
        self.assertEqual(self.env["res.config.settings"].create({}).merge_retention_days, 30)
