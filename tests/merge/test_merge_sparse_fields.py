"""Fields that are kept together in one column (Odoo's module ``base_sparse_field``)."""

import importlib

from odoo import fields, models
from odoo.orm.model_classes import add_to_registry
from odoo.tests import tagged

from .merge_common import MergeCase

# defines the type of field, whether the module is installed or not
importlib.import_module("odoo.addons.base_sparse_field.models.fields")


class SparseLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead"]
    _module = "openfire_leads"

    x_data = fields.Serialized()
    x_size = fields.Integer(sparse="x_data")
    x_wood = fields.Char(sparse="x_data")
    x_customer_id = fields.Many2one("res.partner", sparse="x_data")
    x_like_id = fields.Many2one("crm.lead", sparse="x_data")


# registries which are made while these tests are loaded are not to have it
type(SparseLead)._module_to_models__[SparseLead._module].remove(SparseLead)


@tagged("post_install", "-at_install")
class TestMergeSparseFields(MergeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        lead_class = cls.registry["crm.lead"]
        cls.addClassCleanup(cls.registry.reset_changes)
        cls.addClassCleanup(cls.registry._setup_models__, cls.cr, ["crm.lead"])
        cls.addClassCleanup(setattr, lead_class, "_base_classes__", lead_class._base_classes__)
        add_to_registry(cls.registry, SparseLead)
        cls.registry._setup_models__(cls.cr, ["crm.lead"])
        cls.env.cr.execute("ALTER TABLE crm_lead ADD COLUMN x_data text")
        cls.partner = cls.env["res.partner"].create({"name": "Customer"})
        cls.leads = cls.make_leads(2)
        cls.first, cls.second = cls.leads
        cls.first.write({"x_wood": "Oak"})
        cls.second.write({"x_wood": "Ash", "x_size": 7, "x_customer_id": cls.partner.id})
        cls.env.flush_all()

    def test_each_field_is_filled_as_if_it_had_a_column_of_its_own(self):
        shown = {row["name"]: row["result"]["display"] for row in self.leads.preview_merge()["fields"]}
        self.assertEqual((shown["x_size"], shown["x_wood"]), ("7", "Oak"))
        self.assertNotIn("x_data", shown)
        before = self.dump()
        survivor = self.leads.merge_opportunity()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual((survivor.x_wood, survivor.x_size, survivor.x_customer_id), ("Oak", 7, self.partner))
        merge = self.env["crm.lead.merge"].search([], limit=1, order="id desc")
        merge.action_undo()
        self.assertFalse(merge.conflicts)
        self.assert_same_dump(before, self.dump())

    def test_a_lead_in_another_records_field_is_the_survivor(self):
        bystander = self.make_leads(1)
        bystander.write({"x_like_id": self.second.id, "x_size": self.second.id, "x_wood": "Elm"})
        before = self.dump()
        survivor = self.leads.merge_opportunity()
        self.assertEqual((bystander.x_like_id, bystander.x_size), (survivor, self.second.id))
        self.env["crm.lead.merge"].search([], limit=1, order="id desc").action_undo()
        self.assert_same_dump(before, self.dump())
