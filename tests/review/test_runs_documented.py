"""The example of other programs that merge in bulk, run as the documentation has it."""

import re
import xmlrpc.client
from pathlib import Path

from odoo.tests import HttpCase, new_test_user, tagged

from .review_common import stranger

EXTEND = Path(__file__).parents[2] / "docs" / "how-to-extend.md"


@tagged("post_install", "-at_install", "openfire_review")
class TestRunsDocumented(HttpCase):
    def test_all_certain_ones_are_merged_and_taken_back_by_rpc(self):
        self.env["crm.lead"].with_context(active_test=False).search([]).unlink()
        user = new_test_user(self.env, "runs_rpc", "sales_team.group_sale_manager", password="runs_rpc_1")
        leads = self.env["crm.lead"].create(
            [{"name": "Poêle", **stranger(number), "user_id": user.id} for number in (1, 1, 2, 2, 3)]
        )
        self.env.flush_all()
        self.env["crm.lead"]._match_flush()
        (example,) = (
            block
            for block in re.findall(r"```python\n(.*?)```", EXTEND.read_text(encoding="utf-8"), re.DOTALL)
            if "merge_certain" in block
        )
        names = {
            "models": xmlrpc.client.ServerProxy(
                self.xmlrpc_url + "object", transport=self.xmlrpc_object._ServerProxy__transport
            ),
            "db": self.env.cr.dbname,
            "uid": user.id,
            "key": "runs_rpc_1",
        }
        exec(example, names)
        self.assertEqual((names["told"]["groups"], names["told"]["run_id"]), (2, False))
        self.assertEqual(names["told"]["list"][0]["lead_ids"], leads[:2].ids)
        self.assertEqual((names["done"]["merged"], names["done"]["to_do"]), (2, 0))
        self.assertEqual(names["result"], {"undone": 2, "kept": [], "left": 0})
        self.assertEqual(leads.exists(), leads)
