from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from odoo.addons.openfire_leads.merging import Choices

from .merge_common import MergeCase


@tagged("post_install", "-at_install")
class TestMergeInBulk(MergeCase):
    def pairs(self, count):
        leads = self.make_leads(2 * count)
        for position, lead in enumerate(leads):
            lead.write(
                {
                    "phone": f"01 00 00 00 {position:02d}",
                    "city": f"City {position}" if position % 2 else False,
                }
            )
            lead.tag_ids = self.tags[position % 4]
        return [leads[i : i + 2] for i in range(0, len(leads), 2)]

    def test_does_what_single_merges_do(self):
        pairs = self.pairs(4)
        for lead in pairs[0]:
            self.give_past(lead)
        survivors = self.env["crm.lead"]._merge_in_bulk(pairs)
        self.assertEqual(survivors.ids, [pair[0].id for pair in pairs])
        for position, (survivor, pair) in enumerate(zip(survivors, pairs, strict=True)):
            self.assertEqual(pair.exists(), survivor)
            self.assertEqual(survivor.city, f"City {2 * position + 1}")
            if position:
                self.assertEqual(len(survivor.tag_ids), 2)
            notes = survivor.message_ids.filtered(lambda m: "Merged into this one" in (m.body or ""))
            self.assertEqual(len(notes), 1)
            self.assertIn(f"01 00 00 00 {2 * position + 1:02d}", notes.body)

    def test_each_merge_is_undone_by_itself(self):
        pairs = self.pairs(3)
        for lead in pairs[1]:
            self.give_past(lead)
        before = self.dump()
        survivors = self.env["crm.lead"]._merge_in_bulk(pairs)
        merges = self.env["crm.lead.merge"].search([("survivor_id", "in", survivors.ids)])
        merges.filtered(lambda merge: merge.survivor_id == survivors[1]).action_undo()
        self.assertEqual(len(pairs[1].exists()), 2)
        self.assertEqual(len(pairs[0].exists()), 1)
        merges.filtered(lambda merge: merge.state == "done").action_undo()
        self.assert_same_dump(before, self.dump())

    def count_queries(self, count):
        pairs = self.pairs(count)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.env["crm.lead"]._merge_in_bulk(pairs)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_more_merges_need_no_more_queries(self):
        self.count_queries(2)  # what is found once for all
        self.assertLessEqual(self.count_queries(12), self.count_queries(3))

    def test_what_another_plan_imagined_before_has_no_part_in_it(self):
        own, other = self.env["crm.team"].create([{"name": "Own"}, {"name": "Other"}])
        seller = new_test_user(self.env, "seller of the other team", groups="sales_team.group_sale_salesman")
        self.env["crm.team.member"].create({"crm_team_id": other.id, "user_id": seller.id})
        stage = self.env["crm.stage"].create({"name": "Own", "sequence": 3, "team_ids": own.ids})
        pairs = self.pairs(2)
        for lead in pairs[0] | pairs[1]:
            lead.write({"team_id": own.id, "user_id": False})
            lead.stage_id = stage
        self.env.flush_all()
        imagined = pairs[0]._merge_plan(Choices(user_id=seller.id))
        self.assertEqual(imagined.values["team_id"], other.id)
        survivors = self.env["crm.lead"]._merge_in_bulk(pairs)
        self.env.flush_all()
        self.env.invalidate_all()
        for survivor in survivors:
            self.assertEqual((survivor.team_id, survivor.stage_id), (own, stage))

    def test_lead_in_two_groups_is_refused(self):
        leads = self.make_leads(3)
        with self.assertRaises(ValueError):
            self.env["crm.lead"]._merge_in_bulk([leads[:2], leads[1:]])

    def test_one_forbidden_lead_stops_them_all(self):
        pairs = self.pairs(2)
        pairs[1][0].user_id = self.colleague
        with self.assertRaises(AccessError):
            self.env["crm.lead"].with_user(self.salesman)._merge_in_bulk(
                [pair.with_user(self.salesman) for pair in pairs]
            )
        self.assertEqual(len(pairs[0].exists()), 2)
