"""What the leads referred to was merged or deleted between a merge and its undo."""

from odoo.tests import tagged

from .merge_common import MergeCase


@tagged("post_install", "-at_install")
class TestCustomersMergedMeanwhile(MergeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.former, cls.customer, cls.last = cls.env["res.partner"].create(
            [{"name": f"Customer {i}", "email": f"customer{i}@example.com"} for i in range(3)]
        )
        cls.first, cls.second = cls.make_leads(2)

    def merge_customers(self, former, into):
        self.env["base.partner.merge.automatic.wizard"]._merge((former + into).ids, into)

    def undone_merge(self):
        merge = self.env["crm.lead.merge"].search([], limit=1, order="id desc")
        merge.action_undo()
        return merge

    def test_a_lead_comes_back_with_the_customer_its_own_was_merged_into(self):
        self.second.partner_id = self.former
        survivor = (self.first + self.second).merge_opportunity()
        self.assertEqual(survivor.partner_id, self.former)
        self.merge_customers(self.former, self.customer)
        merge = self.undone_merge()
        self.assertEqual(self.second.partner_id, self.customer)
        self.assertFalse(self.first.partner_id, "not taken for a customer chosen since")
        self.assertNotIn("partner_id", [conflict["field"] for conflict in merge.conflicts])

    def test_a_customer_is_followed_through_several_merges(self):
        self.second.partner_id = self.former
        (self.first + self.second).merge_opportunity()
        self.merge_customers(self.former, self.customer)
        self.merge_customers(self.customer, self.last)
        self.undone_merge()
        self.assertEqual(self.second.partner_id, self.last)

    def test_the_survivor_gets_back_the_customer_its_own_was_merged_into(self):
        self.first.partner_id, self.second.partner_id = self.former, self.last
        survivor = (
            (self.first + self.second)
            .with_context(openfire_merge={"picks": {"partner_id": self.second.id}})
            .merge_opportunity()
        )
        self.assertEqual(survivor.partner_id, self.last)
        self.merge_customers(self.former, self.customer)
        self.undone_merge()
        self.assertEqual((self.first.partner_id, self.second.partner_id), (self.customer, self.last))

    def test_a_follower_and_a_row_without_id_are_followed_as_well(self):
        self.env.cr.execute(
            """CREATE TABLE merge_lead_partner (
                   lead_id int NOT NULL REFERENCES crm_lead ON DELETE CASCADE,
                   partner_id int NOT NULL REFERENCES res_partner ON DELETE CASCADE,
                   PRIMARY KEY (lead_id, partner_id));
               INSERT INTO merge_lead_partner VALUES (%s, %s)""",
            (self.second.id, self.former.id),
        )
        (self.first + self.second).message_subscribe(self.former.ids)
        (self.first + self.second).merge_opportunity()
        self.merge_customers(self.former, self.customer)
        merge = self.undone_merge()
        self.assertIn(self.customer, self.second.message_partner_ids)
        self.env.cr.execute("SELECT * FROM merge_lead_partner")
        self.assertEqual(self.env.cr.fetchall(), [(self.second.id, self.customer.id)])
        self.assertFalse(merge.conflicts)

    def test_a_customer_who_was_deleted_stays_away(self):
        self.second.partner_id = self.former
        survivor = (self.first + self.second).merge_opportunity()
        self.merge_customers(self.former, self.customer)
        survivor.partner_id = False
        self.customer.unlink()
        merge = self.undone_merge()
        self.assertFalse(self.second.partner_id)
        self.assertIn("gone", [conflict["type"] for conflict in merge.conflicts])


@tagged("post_install", "-at_install")
class TestStageDeletedMeanwhile(MergeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team, cls.other_team = cls.env["crm.team"].create([{"name": "Ours"}, {"name": "Theirs"}])
        cls.env["crm.stage"].search([]).sequence = 100
        Stage = cls.env["crm.stage"]
        cls.of_others = Stage.create({"name": "Theirs", "sequence": 1, "team_ids": cls.other_team.ids})
        cls.won_first = Stage.create(
            {"name": "Sold", "sequence": 2, "is_won": True, "team_ids": cls.team.ids}
        )
        cls.sensible = Stage.create({"name": "Ours", "sequence": 3, "team_ids": cls.team.ids})
        cls.deleted = Stage.create({"name": "Deleted", "sequence": 4})
        cls.later = Stage.create({"name": "Later", "sequence": 5})
        cls.won_deleted = Stage.create({"name": "Paid", "sequence": 6, "is_won": True})

    def undone_merge(self):
        self.env.flush_all()
        merge = self.env["crm.lead.merge"].search([], limit=1, order="id desc")
        merge.action_undo()
        return merge

    def make_opportunities(self):
        return self.make_leads(2, type="opportunity", user_id=False, team_id=self.team.id)

    def test_a_lead_gets_the_first_stage_of_its_team_that_is_not_won(self):
        first, second = self.make_opportunities()
        first.stage_id, second.stage_id = self.later, self.deleted
        survivor = (first + second).merge_opportunity()
        self.assertEqual(survivor.stage_id, self.later)
        deleted_id = self.deleted.id
        self.deleted.unlink()
        merge = self.undone_merge()
        self.assertEqual(second.stage_id, self.sensible)
        self.assertEqual(
            merge.conflicts,
            [
                {
                    "type": "replaced",
                    "lead_id": second.id,
                    "field": "stage_id",
                    "before": deleted_id,
                    "after": self.sensible.id,
                }
            ],
        )
        self.assertIn("Stage is “Ours” instead", first.message_ids[0].body)

    def test_the_survivor_does_as_well(self):
        first, second = self.make_opportunities()
        first.stage_id, second.stage_id = self.deleted, self.later
        (first + second).merge_opportunity()
        self.deleted.unlink()
        merge = self.undone_merge()
        self.assertEqual((first.stage_id, second.stage_id), (self.sensible, self.later))
        self.assertEqual([conflict["lead_id"] for conflict in merge.conflicts], [first.id])

    def test_a_won_lead_gets_a_won_stage(self):
        first, second = self.make_opportunities()
        first.stage_id = self.later
        second.write({"stage_id": self.won_deleted.id, "probability": 100})
        self.assertEqual(second.won_status, "won")
        survivor = (first + second).merge_opportunity()
        survivor.write({"stage_id": self.won_first.id})
        self.won_deleted.unlink()
        self.undone_merge()
        self.assertEqual(
            (second.stage_id, second.won_status, second.probability), (self.won_first, "won", 100)
        )
