"""Links which are not a plain foreign key: each moves, is journaled, and comes back."""

from unittest.mock import patch

from odoo import fields, models
from odoo.orm.model_classes import add_to_registry
from odoo.tests import tagged

from .merge_common import MergeCase


class Pointer(models.Model):
    _name = "merge.test.pointer"
    _description = "Pointer"
    _module = "openfire_leads"

    about = fields.Many2oneReference(model_field="about_what")
    about_what = fields.Char()
    guessed = fields.Many2oneReference(model_field="guessed_what")
    guessed_what = fields.Char(compute="_compute_guessed_what")
    kind = fields.Char()
    anything = fields.Reference([("crm.lead", "Lead"), ("res.partner", "Contact")])
    lead_ids = fields.Many2many("crm.lead")

    def _compute_guessed_what(self):
        for pointer in self:
            pointer.guessed_what = pointer.kind


# registries which are made while these tests are loaded are not to have it
type(Pointer)._module_to_models__[Pointer._module].remove(Pointer)


@tagged("post_install", "-at_install")
class TestMergeAwkwardLinks(MergeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addClassCleanup(cls.registry.reset_changes)
        cls.addClassCleanup(cls.registry._setup_models__, cls.cr, ["merge.test.pointer"])
        cls.addClassCleanup(cls.registry.__delitem__, "merge.test.pointer")
        add_to_registry(cls.registry, Pointer)
        cls.registry._setup_models__(cls.cr, ["merge.test.pointer"])
        cls.registry.init_models(cls.cr, ["merge.test.pointer"], {"models_to_check": True})
        cls.leads = cls.make_leads(4)

    def point(self, **values):
        return self.env["merge.test.pointer"].create(values)

    # --- links of other records ------------------------------------------------------------

    def test_a_reference_moves_and_one_to_another_model_stays(self):
        first, second, third, bystander = self.leads
        to_merged = self.point(anything=f"crm.lead,{third.id}")
        to_other = self.point(anything=f"crm.lead,{bystander.id}")
        partner = self.env["res.partner"].search([("id", "!=", False)], limit=1)
        to_partner = self.point(anything=f"res.partner,{partner.id}")
        before = self.dump()
        survivor = (first + second + third).merge_opportunity()
        self.assertEqual(to_merged.anything, survivor)
        self.assertEqual((to_other.anything, to_partner.anything), (bystander, partner))
        self.last_merge().action_undo()
        self.assert_same_dump(before, self.dump())

    def test_an_id_beside_a_model_moves_whatever_their_columns_are_called(self):
        first, second, _third, _bystander = self.leads
        of_lead = self.point(about=second.id, about_what="crm.lead")
        of_partner = self.point(about=second.id, about_what="res.partner")
        before = self.dump()
        survivor = (first + second).merge_opportunity()
        self.assertEqual((of_lead.about, of_partner.about), (survivor.id, second.id))
        self.last_merge().action_undo()
        self.assert_same_dump(before, self.dump())

    def test_an_id_beside_a_model_that_is_only_computed_moves(self):
        first, second, _third, _bystander = self.leads
        of_lead = self.point(guessed=second.id, kind="crm.lead")
        of_partner = self.point(guessed=second.id, kind="res.partner")
        before = self.dump()
        survivor = (first + second).with_user(self.salesman).merge_opportunity()
        self.assertEqual((of_lead.guessed, of_partner.guessed), (survivor.id, second.id))
        self.last_merge().action_undo()
        self.assert_same_dump(before, self.dump())

    def test_an_id_that_comes_late_follows_if_its_computed_model_says_so(self):
        first, second, _third, _bystander = self.leads
        of_partner = self.point(guessed=second.id, kind="res.partner")
        (first + second).merge_opportunity()
        of_lead = self.point(guessed=second.id, kind="crm.lead")
        merge = self.last_merge()
        merge._take_along()
        self.assertEqual((of_lead.guessed, of_partner.guessed), (first.id, second.id))
        merge.action_undo()
        self.assertEqual((of_lead.guessed, of_partner.guessed), (second.id, second.id))

    def test_default_values_move_and_are_used_at_once(self):
        first, second, third, bystander = self.leads
        defaults = self.env["ir.default"]
        Pointer = self.env["merge.test.pointer"]
        self.env["ir.model"]._reflect_models(["merge.test.pointer"])
        self.env["ir.model.fields"]._reflect_fields(["merge.test.pointer"])
        defaults.set("merge.test.pointer", "lead_ids", [bystander.id, third.id, second.id])
        defaults.set("merge.test.pointer", "anything", f"crm.lead,{second.id}")
        defaults.set("merge.test.pointer", "kind", str(second.id))
        names = ["lead_ids", "anything", "kind"]
        before, given = self.dump(), Pointer.default_get(names)
        (first + second + third).merge_opportunity()
        self.assertEqual(
            self.stored_defaults(names),
            {
                "lead_ids": f"[{bystander.id}, {first.id}]",
                "anything": f'"crm.lead,{first.id}"',
                "kind": f'"{second.id}"',
            },
        )
        self.assertEqual(Pointer.default_get(["anything"]), {"anything": f"crm.lead,{first.id}"})
        self.last_merge().action_undo()
        self.assert_same_dump(before, self.dump())
        self.assertEqual(Pointer.default_get(names), given)

    def stored_defaults(self, names):
        found = self.env["ir.default"].search([("field_id.model", "=", "merge.test.pointer")])
        return {default.field_id.name: default.json_value for default in found}

    def test_an_external_id_means_the_survivor_at_once(self):
        first, second, _third, _bystander = self.leads
        self.env["ir.model.data"].create(
            {"module": "__import__", "name": "second", "model": "crm.lead", "res_id": second.id}
        )
        self.assertEqual(self.env.ref("__import__.second"), second)
        (first + second).merge_opportunity()
        self.assertEqual(self.env.ref("__import__.second"), first)
        self.last_merge().action_undo()
        self.assertEqual(self.env.ref("__import__.second"), second)

    def test_actions_on_a_merged_lead_go_on_with_the_survivor(self):
        first, second, _third, _bystander = self.leads
        window = self.env["ir.actions.act_window"].create(
            {"name": "Open it", "res_model": "crm.lead", "res_id": second.id}
        )
        field = self.env["ir.model.fields"]._get("crm.lead", "partner_id")
        server = self.env["ir.actions.server"].create(
            {"name": "Set it", "model_id": field.model_id.id, "state": "object_write"}
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE ir_act_server SET resource_ref = %s, value = %s WHERE id = %s",
            (f"crm.lead,{second.id}", str(second.id), server.id),
        )
        before = self.dump()
        (first + second).merge_opportunity()
        self.assertEqual(window.res_id, first.id)
        self.env.cr.execute("SELECT resource_ref, value FROM ir_act_server WHERE id = %s", (server.id,))
        self.assertEqual(self.env.cr.fetchone(), (f"crm.lead,{first.id}", str(first.id)))
        self.last_merge().action_undo()
        self.assert_same_dump(before, self.dump())

    def test_what_is_a_log_goes_on_telling_of_the_merged_lead(self):
        first, second, _third, _bystander = self.leads
        entry = self.point(about=second.id, about_what="crm.lead")
        Lead = type(self.env["crm.lead"])
        self.addCleanup(self.registry.clear_cache, "stable")
        with patch.object(Lead, "_merge_log_models", lambda leads: ["merge.test.pointer"]):
            self.registry.clear_cache("stable")
            joined = self.point(lead_ids=second.ids)
            before = self.dump()
            survivor = (first + second).merge_opportunity()
        self.assertEqual(entry.about, second.id)
        self.assertEqual(joined.lead_ids, survivor, "what would be lost with the lead moves all the same")
        self.last_merge().action_undo()
        self.assert_same_dump(before, self.dump())
