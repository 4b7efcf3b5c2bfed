import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .merge_common import MergeCase


@tagged("post_install", "-at_install")
class TestMergePreview(MergeCase):
    def field(self, preview, name):
        return next((field for field in preview["fields"] if field["name"] == name), None)

    def test_tells_what_the_merge_then_does(self):
        leads = self.make_leads(3, type="opportunity")
        leads[0].write({"phone": "01 02 03 04 05"})
        leads[1].write({"phone": "09 09 09 09 09", "city": "Lyon", "expected_revenue": 250})
        leads[2].write({"description": "<p>Wants <b>two</b></p>", "tag_ids": self.tags[:2].ids})
        self.give_past(leads[2])
        preview = leads.with_user(self.salesman).preview_merge()
        json.dumps(preview)
        self.assertEqual(preview["survivor_id"], leads[0].id)
        self.assertEqual([lead["id"] for lead in preview["leads"]], leads.ids)
        survivor = leads.merge_opportunity()
        for field in preview["fields"]:
            self.assertEqual(
                survivor._merge_display(field["name"]), field["result"]["display"], field["name"]
            )
        self.assertEqual(self.field(preview, "phone")["result"]["lead_id"], leads[0].id)
        self.assertEqual(self.field(preview, "city")["result"], {"lead_id": leads[1].id, "display": "Lyon"})
        self.assertTrue(self.field(preview, "tag_ids")["combined"])
        self.assertIsNone(self.field(preview, "street"), "no difference, no line")

    def test_counts_what_moves(self):
        leads = self.make_leads(2)
        self.give_past(leads[1])
        links = {link["model"]: link["count"] for link in leads.preview_merge()["links"]}
        self.assertEqual(links["calendar.event"], 1)
        self.assertEqual(links["mail.scheduled.message"], 1)
        self.assertEqual(links["ir.attachment"], 1)

    def test_follows_survivor_and_picks(self):
        leads = self.make_leads(2)
        leads[0].phone = "01 01 01 01 01"
        leads[1].phone = "02 02 02 02 02"
        preview = leads.preview_merge(survivor_id=leads[1].id, picks={"phone": leads[0].id})
        self.assertEqual(preview["survivor_id"], leads[1].id)
        self.assertEqual(self.field(preview, "phone")["result"]["lead_id"], leads[0].id)
        self.assertEqual(self.field(preview, "name")["result"]["lead_id"], leads[1].id)

    def test_says_what_becomes_of_won_and_lost_ones(self):
        leads = self.make_leads(3, type="opportunity")
        leads[1].action_set_won()
        leads[2].action_set_lost()
        outcome = leads.preview_merge()["outcome"]
        self.assertEqual(outcome["won_status"], "won")
        self.assertEqual(len(outcome["messages"]), 2)
        survivor = leads.merge_opportunity()
        self.assertEqual(survivor.won_status, "won")
        self.assertTrue(survivor.active)

    def test_writes_nothing(self):
        leads = self.make_leads(3)
        self.give_past(leads[1])
        before = self.dump()
        leads.preview_merge()
        self.assert_same_dump(before, self.dump(), additions=())

    def test_only_what_the_user_may_read(self):
        leads = self.make_leads(2)
        with self.assertRaises(AccessError):
            leads.with_user(self.colleague).preview_merge()

    def test_names_what_stands_in_the_way(self):
        self.env["ir.config_parameter"].set_param("openfire_leads.merge_max_leads", "2")
        leads = self.make_leads(3).with_user(self.salesman)
        [blocker] = leads.preview_merge()["blockers"]
        self.assertIn("At most 2", blocker)

    def test_one_lead_is_refused(self):
        with self.assertRaises(UserError):
            self.make_leads(1).preview_merge()
