"""The examples of other programs that deal with groups, run as the documentation has them."""

import re
import xmlrpc.client
from pathlib import Path

from odoo.tests import HttpCase, new_test_user, tagged

from .review_common import stranger

EXTEND = Path(__file__).parents[2] / "docs" / "how-to-extend.md"


@tagged("post_install", "-at_install", "openfire_review")
class TestReviewDocumented(HttpCase):
    def setUp(self):
        super().setUp()
        self.env["crm.lead"].with_context(active_test=False).search([]).unlink()
        self.user = new_test_user(
            self.env, "review_rpc", "sales_team.group_sale_manager", password="review_rpc_1"
        )

    def make_leads(self, *numbers):
        """Make leads of the strangers of these numbers."""
        leads = self.env["crm.lead"].create(
            [{"name": "Poêle", **stranger(number), "user_id": self.user.id} for number in numbers]
        )
        self.env.flush_all()
        self.env["crm.lead"]._match_flush()
        return leads

    def run_example(self, word):
        """Run the example with ``word`` in it; return its variables."""
        (example,) = (
            block
            for block in re.findall(r"```python\n(.*?)```", EXTEND.read_text(encoding="utf-8"), re.DOTALL)
            if word in block
        )
        names = {
            "models": xmlrpc.client.ServerProxy(
                self.xmlrpc_url + "object", transport=self.xmlrpc_object._ServerProxy__transport
            ),
            "db": self.env.cr.dbname,
            "uid": self.user.id,
            "key": "review_rpc_1",
        }
        exec(example, names)
        self.env.invalidate_all()
        return names

    def test_groups_are_found_and_dealt_with_by_rpc(self):
        leads = self.make_leads(1, 1, 2, 2, 3, 3, 4)
        names = self.run_example("scan_groups")
        self.assertEqual((names["found"]["leads"], names["found"]["groups"]), (7, 3))
        grouped = {lead_id for group in names["groups"] for lead_id in group["lead_ids"]}
        self.assertEqual(grouped, set(leads[:6].ids))
        groups = self.env["crm.lead.duplicate.group"]
        self.assertEqual(leads.exists(), leads)
        second, third = groups.browse(names["second"]), groups.browse(names["third"])
        self.assertEqual((second.outcome, third.state), ("dismissed", "skipped"))
        self.assertEqual(groups.search([("state", "=", "open")]).lead_ids, leads[:2])

    def test_all_certain_ones_are_merged_and_taken_back_by_rpc(self):
        leads = self.make_leads(1, 1, 2, 2, 3)
        names = self.run_example("merge_certain")
        self.assertEqual((names["told"]["groups"], names["told"]["run_id"]), (2, False))
        self.assertEqual(names["told"]["list"][0]["lead_ids"], leads[:2].ids)
        self.assertEqual((names["done"]["merged"], names["done"]["to_do"]), (2, 0))
        self.assertEqual(names["result"], {"undone": 2, "kept": [], "left": 0})
        self.assertEqual(leads.exists(), leads)
