"""Groups are found: by every filter of their search view, and by its panel."""

from lxml import etree

from odoo.tests import tagged
from odoo.tools.safe_eval import datetime, safe_eval

from .review_common import ReviewCase


@tagged("post_install", "-at_install", "openfire_review")
class TestGroupsFound(ReviewCase):
    def setUp(self):
        super().setUp()
        self.team = self.env["crm.team"].create({"name": "Nord"})
        self.leads = self._lead(team_id=self.team.id) | self._lead(type="opportunity")
        self.group = self.groups(*self.leads)

    def test_every_filter_can_be_applied(self):
        view = self.env.ref("openfire_leads.crm_lead_duplicate_group_view_search")
        groups = self.Group.with_user(self.seller)
        found = {}
        for node in etree.fromstring(view.arch).iter("filter"):
            if node.get("domain"):
                domain = safe_eval(node.get("domain"), {"uid": self.seller.id, "datetime": datetime})
                found[node.get("name")] = groups.search(domain)
        empty = {name for name, of_filter in found.items() if not of_filter}
        self.assertLessEqual(
            {"skipped", "done", "hidden", "won", "lost", "unassigned", "reason_company"}, empty
        )
        for name in ("open", "mine", "leads", "opportunities", "reason_email", "reason_phone"):
            self.assertIn(self.group, found[name], name)

    def test_with_hidden_leads(self):
        hidden = self._lead(user_id=self.manager.id)
        group = self.groups(*self.leads, hidden)
        self.assertFalse(self.Group.search([("with_hidden", "=", True)]))
        seen = self.Group.with_user(self.seller)
        self.assertEqual(seen.search([("with_hidden", "=", True)]), group)

    def test_the_panel_can_be_opened_as_the_view_has_it(self):
        arch = self.Group.get_view(view_type="search")["arch"]
        for field in etree.fromstring(arch).iterfind(".//searchpanel/field"):
            with self.subTest(field=field.get("name")):
                told = self.Group.with_user(self.seller).search_panel_select_multi_range(
                    field.get("name"),
                    enable_counters=bool(field.get("enable_counters")),
                    expand=bool(field.get("expand")),
                )
                self.assertTrue(told["values"])
                chosen = [(field.get("name"), "in", [value["id"] for value in told["values"]])]
                self.assertEqual(self.Group.with_user(self.seller).search(chosen), self.group)

    def test_by_a_name_where_a_record_is_picked(self):
        self.assertEqual(self.Group.name_search("vandenbr")[0][0], self.group.id)
        self.assertEqual(self.Group.search([("anything", "=", "vandenbroucke")]), self.group)
        self.assertFalse(self.Group.search([("anything", "=", False)]))
        self.assertFalse(self.Group.search([("display_name", "ilike", "nobody")]))

    def test_certain_ones_and_others(self):
        for certain, found in (([True], self.group), ([False], self.Group), ([True, False], self.group)):
            self.assertEqual(self.Group.search([("certain", "in", certain)]) & self.group, found)
            self.assertEqual(bool(self.Pair.search([("certain", "in", certain)])), bool(found))

    def test_by_reasons_that_are_none(self):
        for value in (False, 5, "nothing"):
            self.assertFalse(self.Group.search([("reason", "=", value)]))
            self.assertIn(self.group, self.Group.search([("reason", "!=", value)]))

    def test_what_refers_to_a_group_names_none_of_its_hidden_leads(self):
        hidden = self._lead(user_id=self.manager.id, contact_name="Théodule V. Secret")
        group = self.groups(*self.leads, hidden)
        self.assertIn(hidden, group.lead_ids)
        line = self.run_of(group.with_user(self.seller).action_plan_merges()).line_ids.with_user(self.seller)
        self.env.invalidate_all()
        self.assertEqual(line.read(["group_id"])[0]["group_id"], (group.id, "Théodule Vandenbroucke"))

    def test_by_the_id_of_a_hidden_lead_nothing_is_found(self):
        hidden = self._lead(user_id=self.manager.id)
        group = self.groups(*self.leads, hidden)
        seen = self.Group.with_user(self.seller)
        self.assertEqual(self.Group.search([("lead_ids", "in", hidden.ids)]), group)
        for operator, value in (("in", hidden.ids), ("=", hidden.id), ("in", [False, hidden.id])):
            domain = [("lead_ids", operator, value)]
            self.assertFalse(seen.search(domain))
            self.assertEqual(seen.search(["!", *domain]), group)
            self.assertFalse(seen.search([("id", "any", domain)]))
        self.assertEqual(seen.review_page(limit=10**30)["total"], 1)
        self.assertFalse(seen.review_page(lead_ids=hidden.ids)["found_id"])
        self.assertEqual(seen.search([("lead_ids", "in", [hidden.id, self.leads[0].id])]), group)
        self.leads[0].active = False
        self.assertEqual(seen.search([("lead_ids", "in", [False, self.leads[0].id])]), group)

    def test_the_panel_lists_whose_leads_they_are(self):
        self._lead(self.stranger, user_id=self.manager.id)
        self._lead(self.stranger, user_id=self.manager.id)
        self.Group._bring_up_to_date(limit=None)
        groups = self.Group.with_user(self.seller)
        for name, owners in (("user_ids", self.seller), ("team_ids", self.leads.team_id)):
            values = groups.search_panel_select_multi_range(name, search_domain=[])["values"]
            self.assertEqual({value["id"] for value in values}, set(owners.ids), name)
        values = groups.search_panel_select_multi_range("reason", expand=True)["values"]
        self.assertIn("phone", [value["id"] for value in values])
        values = groups.search_panel_select_multi_range("band", enable_counters=True)["values"]
        self.assertEqual([value["__count"] for value in values], [1])
        domain = [("user_ids", "in", self.seller.ids), ("reason", "in", ["phone", "name"])]
        self.assertEqual(groups.search(domain), self.group)
