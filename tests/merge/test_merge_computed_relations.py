"""Fields of several records that the ORM computes: their rows are no promise that is broken, and come back."""

from odoo.fields import Command
from odoo.tests import tagged

from .merge_common import MergeCase

FIELDS = {
    # computed of the customer, edited by hand afterwards
    "x_edited_ids": (False, "lead.partner_id.category_id"),
    # computed of the customer only
    "x_derived_ids": (True, "lead.partner_id.category_id"),
}


@tagged("post_install", "-at_install")
class TestMergeComputedRelations(MergeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.add_fields(
            (
                name,
                "many2many",
                {
                    "relation": relation,
                    "relation_table": f"{name}_rel",
                    "store": True,
                    "readonly": readonly,
                    "depends": "partner_id",
                    "compute": f"for lead in self: lead['{name}'] = {value}",
                },
            )
            for name, relation, readonly, value in (
                *((name, "res.partner.category", *details) for name, details in FIELDS.items()),
                ("x_customer_ids", "res.partner", True, "lead.partner_id"),
            )
        )
        cls.categories = cls.env["res.partner.category"].create([{"name": f"Category {i}"} for i in range(4)])
        cls.customer = cls.env["res.partner"].create(
            {"name": "Customer", "category_id": [Command.set(cls.categories[3].ids)]}
        )
        cls.leads = cls.make_leads(2)
        cls.first, cls.second = cls.leads
        cls.second.partner_id = cls.customer
        cls.first.x_edited_ids = cls.categories[:2]
        cls.second.x_edited_ids = cls.categories[2]
        cls.env.flush_all()

    def undone_merge(self):
        merge = self.env["crm.lead.merge"].search([], limit=1, order="id desc")
        merge.action_undo()
        return merge

    def test_what_people_put_in_is_united_as_announced_and_comes_back(self):
        shown = {row["name"]: row for row in self.leads.preview_merge()["fields"]}
        self.assertEqual(shown["x_edited_ids"]["result"]["display"].count("Category"), 3)
        self.assertNotIn("x_derived_ids", shown, "nobody decides what is computed")
        before = self.dump()
        survivor = self.leads.merge_opportunity()
        self.assertEqual(survivor.partner_id, self.customer)
        self.assertEqual(survivor.x_edited_ids, self.categories[:3])
        self.assertEqual(survivor.x_derived_ids, self.categories[3], "computed of its customer")
        merge = self.undone_merge()
        self.assertFalse(merge.conflicts)
        self.assert_same_dump(before, self.dump())

    def test_many_merges_at_once(self):
        before = self.dump()
        [survivor] = self.env["crm.lead"]._merge_in_bulk([self.leads])
        self.assertEqual(survivor.x_edited_ids, self.categories[:3])
        self.undone_merge()
        self.assert_same_dump(before, self.dump())

    def test_a_conversion_with_a_new_customer_is_undone(self):
        lead = self.make_leads(
            1, partner_name="Oak Ltd", contact_name="Ann Oak", email_from="ann@oak.example"
        )
        lead.x_edited_ids = self.categories[:2]
        before = self.dump()
        customer = lead._create_customer()
        lead.convert_opportunity(customer)
        self.env.flush_all()
        merge = self.env["crm.lead.merge"].search([], limit=1, order="id desc")
        self.assertEqual(merge.kind, "conversion")
        self.assertTrue(lead.x_customer_ids)
        merge.action_undo()
        self.assertEqual(lead.x_edited_ids, self.categories[:2])
        self.assertFalse(lead.x_customer_ids)
        self.assertEqual(before.keys(), self.dump().keys())
