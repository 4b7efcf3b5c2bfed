"""Leads named in texts: default values of mail aliases, saved filters, domains."""

from odoo.tests import tagged

from .merge_common import MergeCase


@tagged("post_install", "-at_install")
class TestMergeTexts(MergeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.model_id = cls.env["ir.model"]._get_id("crm.lead")
        cls.add_fields([("x_parent_id", "many2one", {"relation": "crm.lead"})])
        cls.leads = cls.make_leads(3)
        cls.first, cls.second, cls.third = cls.leads

    def make_filter(self, **values):
        return self.env["ir.filters"].create(
            {"name": "Mine", "model_id": "crm.lead", "user_ids": False, **values}
        )

    def test_the_default_values_of_a_mail_alias_follow_and_a_mail_to_it_makes_a_lead(self):
        alias = self.env["mail.alias"].create(
            {
                "alias_name": "follow-up",
                "alias_model_id": self.model_id,
                "alias_defaults": f"{{'x_parent_id': {self.second.id}, 'color': {self.second.id}}}",
            }
        )
        before = self.dump()
        survivor = (self.first + self.second).merge_opportunity()
        self.assertEqual(alias.alias_defaults, f"{{'x_parent_id': {survivor.id}, 'color': {self.second.id}}}")
        self.last_merge().action_undo()
        self.assert_same_dump(before, self.dump())

    def test_saved_filters_follow(self):
        saved = self.make_filter(
            domain=f"['|', ('id', '=', {self.second.id}), ('x_parent_id', 'in', [{self.second.id}]),"
            f" ('color', '=', {self.second.id}), ('user_id', '=', uid)]",
            context=f"{{'default_x_parent_id': {self.second.id}, 'group_by': []}}",
        )
        other = self.make_filter(
            name="Other", model_id="res.partner", domain=f"[('id', '=', {self.second.id})]"
        )
        before = self.dump()
        survivor = (self.first + self.second).with_user(self.salesman).merge_opportunity()
        self.assertEqual(
            saved.domain,
            f"['|', ('id', '=', {survivor.id}), ('x_parent_id', 'in', [{survivor.id}]),"
            f" ('color', '=', {self.second.id}), ('user_id', '=', uid)]",
        )
        self.assertEqual(saved.context, f"{{'default_x_parent_id': {survivor.id}, 'group_by': []}}")
        self.assertEqual(other.domain, f"[('id', '=', {self.second.id})]")
        self.last_merge().action_undo()
        self.assert_same_dump(before, self.dump())

    def test_a_text_edited_since_is_left_and_told(self):
        saved = self.make_filter(domain=f"[('id', '=', {self.second.id})]")
        survivor = (self.first + self.second).merge_opportunity()
        saved.domain = f"[('id', 'in', [{survivor.id}])]"
        self.last_merge().action_undo()
        self.assertEqual(saved.domain, f"[('id', 'in', [{survivor.id}])]")
        self.assertEqual([one["table"] for one in self.last_merge().conflicts], ["ir_filters"])

    def test_a_text_that_cannot_be_changed_safely_is_told(self):
        saved = self.make_filter()
        broken = f"[('id', '=', {self.second.id})"
        self.env.flush_all()
        self.env.cr.execute("UPDATE ir_filters SET domain = %s WHERE id = %s", (broken, saved.id))
        saved.invalidate_recordset()
        leads = (self.first + self.second).with_user(self.salesman)
        self.assertRegex(str(leads.preview_merge()["warnings"]), "1 × .*may name a lead")
        survivor = leads.merge_opportunity()
        self.assertIn("may name a lead that goes into another one", survivor.message_ids[0].body)
        self.assertEqual(saved.domain, broken)

    def test_many_merges_at_once(self):
        fourth = self.make_leads(1)
        saved = self.make_filter(domain=f"[('id', 'in', [{self.second.id}, {fourth.id}])]")
        before = self.dump()
        survivors = self.env["crm.lead"]._merge_in_bulk([self.first + self.second, self.third + fourth])
        self.assertEqual(saved.domain, f"[('id', 'in', {survivors.ids})]")
        self.env["crm.lead.merge"].search([("survivor_id", "in", survivors.ids)]).action_undo()
        self.assert_same_dump(before, self.dump())
