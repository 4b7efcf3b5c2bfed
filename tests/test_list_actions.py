"""The Action menu of leads and opportunities, in the list and in the kanban."""

from odoo.tests import tagged

from odoo.addons.openfire_leads.tests.common import LeadsCase

ENGLISH = [
    "Mark as lost",
    "Convert to opportunities",
    "Merge leads/opportunities",
    "Mass mailing to leads/opportunities",
    "Send an SMS",
]


@tagged("post_install", "-at_install")
class TestListActions(LeadsCase):
    def entries(self, view_type, view=None, user=None):
        model = self.env["crm.lead"].with_user(user or self.salesperson)
        view_id = self.env.ref(view).id if view else False
        views = model.get_views([(view_id, view_type)], {"toolbar": True})["views"]
        return [action["name"] for action in views[view_type]["toolbar"].get("action", [])]

    def test_every_documented_entry_is_there_in_the_documented_order(self):
        for view_type, view in (
            ("list", "crm.crm_case_tree_view_leads"),
            ("list", "crm.crm_case_tree_view_oppor"),
            ("kanban", "crm.view_crm_lead_kanban"),
            ("kanban", "crm.crm_case_kanban_view_leads"),
        ):
            for user in (self.salesperson, self.all_leads, self.manager):
                with self.subTest(view=view, user=user.name):
                    self.assertEqual(self.entries(view_type, view, user)[: len(ENGLISH)], ENGLISH)

    def test_nothing_else_changes_without_the_module_that_sends_sms(self):
        self.env.ref("crm_sms.crm_lead_act_window_sms_composer_single").unlink()
        self.assertEqual(self.entries("list")[: len(ENGLISH) - 1], ENGLISH[:-1])

    def test_the_names_in_the_database_stay_odoos(self):
        self.entries("list")
        self.assertEqual(self.env.ref("crm.action_merge_opportunities").name, "Merge")

    def test_a_name_given_by_an_administrator_stays(self):
        self.env.ref("crm.action_merge_opportunities").name = "Put together"
        self.assertIn("Put together", self.entries("list"))
        self.assertNotIn("Merge leads/opportunities", self.entries("list"))

    def test_an_entry_taken_away_by_an_administrator_stays_away(self):
        self.env.ref("crm.action_lead_mass_mail").binding_model_id = False
        self.assertNotIn("Mass mailing to leads/opportunities", self.entries("list"))

    def test_the_form_has_no_more_entries_than_odoos(self):
        self.assertNotIn("Merge leads/opportunities", self.entries("form"))
        self.assertIn("Mark as lost", self.entries("form"))

    def test_the_entries_of_other_models_are_untouched(self):
        partner = self.env["res.partner"].get_views([(False, "list")], {"toolbar": True})
        self.assertTrue(partner["views"]["list"]["toolbar"])
