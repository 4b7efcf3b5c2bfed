from odoo.tests import Form, tagged

from .merge_common import MergeCase


@tagged("post_install", "-at_install")
class TestMergeWizard(MergeCase):
    def wizard(self, leads, user=None, **values):
        return (
            self.env["crm.merge.opportunity"]
            .with_user(user or self.env.user)
            .with_context(active_model="crm.lead", active_ids=leads.ids)
            .create(values)
        )

    def test_merges_from_the_list(self):
        leads = self.make_leads(3)
        action = self.wizard(leads, self.salesman).action_merge()
        self.assertEqual(action["res_id"], leads[0].id)
        self.assertEqual(leads.exists(), leads[0])

    def test_won_ones_stay_selected_and_the_window_says_what_happens(self):
        leads = self.make_leads(3, type="opportunity")
        leads[2].action_set_won()
        wizard = self.wizard(leads)
        self.assertEqual(wizard.opportunity_ids, leads)
        self.assertEqual(wizard.won_ids, leads[2])
        preview = wizard.get_merge_preview(wizard.candidate_ids.ids)
        self.assertIn("Request 2", preview["outcome"]["messages"][0])
        wizard.action_merge()
        self.assertEqual(leads.exists().won_status, "won")

    def test_won_ones_can_be_left_out(self):
        leads = self.make_leads(3, type="opportunity")
        leads[2].action_set_won()
        wizard = self.wizard(leads, include_won=False)
        self.assertEqual(wizard.candidate_ids, leads[:2])
        wizard.action_merge()
        self.assertEqual(leads.exists(), leads[0] + leads[2])
        self.assertEqual(leads[0].won_status, "pending")

    def test_survivor_and_values_can_be_chosen(self):
        leads = self.make_leads(2)
        leads[0].write({"phone": "01 01 01 01 01", "function": "Owner"})
        leads[1].write({"phone": "02 02 02 02 02", "function": "Tenant"})
        wizard = self.wizard(leads, self.salesman)
        self.assertEqual(wizard.survivor_id, leads[0])
        wizard.survivor_id = leads[1]
        wizard.picks = {"phone": leads[0].id}
        preview = wizard.get_merge_preview(leads.ids, leads[1].id, wizard.picks)
        result = {field["name"]: field["result"]["display"] for field in preview["fields"]}
        self.assertEqual((result["phone"], result["function"]), ("01 01 01 01 01", "Tenant"))
        wizard.action_merge()
        self.assertEqual(leads.exists(), leads[1])
        self.assertEqual((leads[1].phone, leads[1].function), ("01 01 01 01 01", "Tenant"))

    def test_form_view_follows_the_choice(self):
        leads = self.make_leads(3, type="opportunity")
        leads[0].action_set_won()
        with Form(
            self.env["crm.merge.opportunity"].with_context(active_model="crm.lead", active_ids=leads.ids)
        ) as form:
            self.assertEqual(form.survivor_id, leads[0])
            self.assertEqual(form.candidate_ids[:], leads)
        form.record.include_won = False
        self.assertEqual(form.record.survivor_id, leads[1], "the oldest of those that remain")
