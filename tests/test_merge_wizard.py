from odoo.tests import tagged

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
