"""A merge changes values of leads, and of nothing else: what would be written on elsewhere is not."""

from odoo.tests import tagged

from .merge_common import MergeCase


@tagged("post_install", "-at_install")
class TestMergeElsewhere(MergeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.add_fields(
            (
                ("x_number", "char", {}),
                ("x_through", "char", {"related": "partner_id.vat", "store": False, "readonly": False}),
                ("x_copy", "char", {"related": "partner_id.ref", "store": True, "readonly": False}),
            )
        )
        cls.customer, cls.other = cls.env["res.partner"].create(
            [{"name": "Anna", "vat": "ANNA", "ref": "R1"}, {"name": "Bob", "vat": "BOB", "ref": "R2"}]
        )

    def setUp(self):
        super().setUp()

        def inverse(leads):
            for lead in leads:
                lead.partner_id.comment = lead.x_number

        Lead = self.env.registry["crm.lead"]
        self.patch(Lead._fields["x_number"], "inverse", inverse)
        listed = Lead._merge_get_fields
        self.patch(
            Lead, "_merge_get_fields", lambda leads: [*listed(leads), "x_through", "x_copy", "x_number"]
        )
        self.env.registry.clear_all_caches()
        self.addCleanup(self.env.registry.clear_all_caches)

    def customers(self):
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT vat, ref, comment FROM res_partner WHERE id = ANY(%s) ORDER BY id",
            [(self.customer | self.other).ids],
        )
        return self.env.cr.fetchall()

    def test_a_merge_writes_on_no_customer(self):
        for rule in ("oldest", "confidence"):
            for picked in (False, True):
                with self.subTest(rule=rule, picked=picked):
                    self.env["ir.config_parameter"].set_param("openfire_leads.survivor_rule", rule)
                    leads = self.make_leads(2, type="opportunity")
                    leads[0].partner_id, leads[1].partner_id = self.customer, self.other
                    leads[1].x_number = "A1"
                    self.customer.comment = "hers"
                    self.other.comment = "his"
                    customers, before = self.customers(), self.dump()
                    picks = {"x_number": leads[1].id} if picked else {}
                    shown = leads.preview_merge(survivor_id=leads[0].id, picks=picks)
                    rows = {row["name"]: row for row in shown["fields"]}
                    self.assertEqual(rows["x_number"]["result"]["display"], "A1")
                    chosen = {"survivor_id": leads[0].id, "picks": picks}
                    survivor = leads.with_context(openfire_merge=chosen).merge_opportunity()
                    self.assertEqual(self.customers(), customers)
                    survivor.invalidate_recordset()
                    self.assertEqual(
                        (survivor.x_number, survivor.x_through, survivor.x_copy), ("A1", "ANNA", "R1")
                    )
                    self.env["crm.lead.merge"].search([], limit=1, order="id desc").action_undo()
                    self.assert_same_dump(before, self.dump())

    def test_what_a_customer_says_cannot_be_picked_for_another_one(self):
        leads = self.make_leads(2)
        leads[0].partner_id, leads[1].partner_id = self.customer, self.other
        names = [row["name"] for row in leads.preview_merge()["fields"] if row["choosable"]]
        self.assertNotIn("x_through", names)
        self.assertNotIn("x_copy", names)
