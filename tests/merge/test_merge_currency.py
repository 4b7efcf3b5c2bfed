"""Amounts keep their worth when their lead, or what remains of it, has another currency."""

from odoo.fields import Command, Date
from odoo.tests import new_test_user, tagged

from .merge_common import MergeCase


@tagged("post_install", "-at_install")
class TestMergeCurrency(MergeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        currencies = cls.env["res.currency"].with_context(active_test=False)
        cls.euro, cls.yen, cls.pound = (
            currencies.search([("name", "=", name)]) for name in ("EUR", "JPY", "GBP")
        )
        cls.own = cls.env.company.currency_id
        (cls.euro | cls.yen | cls.pound).active = True
        cls.abroad = cls.env["res.company"].create({"name": "Abroad", "currency_id": cls.yen.id})
        cls.set_rate(cls.own, 0.01)
        cls.user = new_test_user(cls.env, "merge_currency", groups="sales_team.group_sale_manager")
        cls.user.company_ids |= cls.abroad
        cls.add_fields(
            (
                ("x_unit_id", "many2one", {"relation": "res.currency"}),
                ("x_price", "monetary", {"currency_field": "x_unit_id"}),
                ("x_cost", "monetary", {"currency_field": "x_unit_id"}),
            )
        )

    @classmethod
    def set_rate(cls, currency, rate, company=None):
        cls.env["res.currency.rate"].search([("currency_id", "=", currency.id)]).filtered(
            lambda one: one.company_id == (company or cls.abroad)
        ).unlink()
        cls.env["res.currency.rate"].create(
            {
                "currency_id": currency.id,
                "company_id": (company or cls.abroad).id,
                "rate": rate,
                "name": Date.today(),
            }
        )

    def leads(self, *values):
        nobody = {"user_id": False, "team_id": False, "company_id": False, "type": "opportunity"}
        leads = self.make_leads(len(values), **nobody)
        for lead, own in zip(leads, values, strict=True):
            lead.write(own)
        return leads

    def merge(self, leads, picks=None):
        leads = leads.with_user(self.user).with_context(
            allowed_company_ids=[self.env.company.id, self.abroad.id]
        )
        before = self.dump()
        preview = leads.preview_merge(picks=picks or {})
        shown = {row["name"]: row for row in preview["fields"]}
        survivor = leads.with_context(openfire_merge={"picks": picks or {}}).merge_opportunity()
        self.env.flush_all()
        survivor.invalidate_recordset()
        for name, row in shown.items():
            if row["type"] == "monetary" and name in survivor._fields:
                self.assertEqual(row["result"]["display"], survivor._merge_display(name), name)
        note = str(survivor.message_ids.filtered(lambda one: "o_openfire_merged" in one.body)[:1].body)
        return preview, shown, survivor, note, before

    def undo(self, before):
        self.env["crm.lead.merge"].search([], limit=1, order="id desc").action_undo()
        self.assert_same_dump(before, self.dump())

    def test_the_survivors_amount_is_converted_where_the_company_comes_from_another_lead(self):
        leads = self.leads(
            {"expected_revenue": 1000, "recurring_revenue": 10},
            {"company_id": self.abroad.id, "expected_revenue": 7},
        )
        preview, shown, survivor, note, before = self.merge(leads)
        self.assertEqual(survivor.company_id, self.abroad)
        self.assertEqual((survivor.expected_revenue, survivor.recurring_revenue), (100000, 1000))
        self.assertEqual(
            (shown["expected_revenue"]["how"], shown["recurring_revenue"]["how"]), ("converted",) * 2
        )
        self.assertEqual(shown["expected_revenue"]["result"]["lead_id"], leads[0].id)
        told = [one for one in preview["warnings"] if one.startswith("Expected Revenue")]
        self.assertRegex(told[0], r"1,000\.00.* becomes .*100,000.*at today's rate")
        self.assertRegex(
            note, r"Expected Revenue: .*1,000\.00.*, converted into .*100,000.* at the rate of the day"
        )
        self.undo(before)

    def test_the_same_number_in_another_currency_gave_way(self):
        leads = self.leads(
            {"company_id": self.abroad.id, "expected_revenue": 1000}, {"expected_revenue": 1000}
        )
        preview, _shown, survivor, note, before = self.merge(leads)
        self.assertEqual(survivor.expected_revenue, 1000)
        self.assertFalse([one for one in preview["warnings"] if "rate" in one])
        self.assertRegex(note, r"Expected Revenue: .*1,000\.00")
        self.undo(before)

    def test_a_picked_amount_is_converted(self):
        leads = self.leads({"company_id": self.abroad.id, "expected_revenue": 5}, {"expected_revenue": 20})
        preview, shown, survivor, _note, before = self.merge(leads, {"expected_revenue": leads[1].id})
        self.assertEqual(survivor.expected_revenue, 2000)
        self.assertEqual(shown["expected_revenue"]["how"], "converted")
        self.assertTrue(preview["warnings"])
        self.undo(before)

    def test_amounts_of_one_currency_are_not_touched(self):
        leads = self.leads({"expected_revenue": 1234.56}, {"expected_revenue": 5})
        preview, shown, survivor, note, _before = self.merge(leads)
        self.assertEqual(survivor.expected_revenue, 1234.56)
        self.assertEqual(shown["expected_revenue"]["how"], "survivor")
        self.assertFalse([one for one in preview["warnings"] if "rate" in one])
        self.assertNotIn("converted", note)

    def test_cents_survive_a_currency_that_has_none(self):
        self.env.company.currency_id = self.yen
        self.abroad.currency_id = self.pound
        self.set_rate(self.yen, 160)
        leads = self.leads({"expected_revenue": 1000}, {"company_id": self.abroad.id})
        _preview, _shown, survivor, _note, before = self.merge(leads)
        self.assertEqual(survivor.expected_revenue, 6.25)
        self.undo(before)

    def test_without_a_rate_the_user_is_warned(self):
        self.env["res.currency.rate"].search([("currency_id", "=", self.own.id)]).unlink()
        leads = self.leads({"expected_revenue": 1000}, {"company_id": self.abroad.id})
        preview, shown, survivor, note, before = self.merge(leads)
        self.assertEqual(survivor.expected_revenue, 1000)
        self.assertEqual(shown["expected_revenue"]["how"], "survivor")
        self.assertIn("no exchange rate", " ".join(preview["warnings"]))
        self.assertIn("without an exchange rate", note)
        self.undo(before)

    def test_two_amounts_with_one_currency_of_the_lead_s_own(self):
        self.set_rate(self.euro, 2, self.env.company)
        leads = self.leads(
            {"x_unit_id": self.euro.id, "x_price": 10},
            {"x_unit_id": self.own.id, "x_cost": 3},
        )
        _preview, shown, survivor, _note, before = self.merge(leads)
        self.assertEqual(survivor.x_unit_id, self.own)
        self.assertEqual((survivor.x_price, survivor.x_cost), (5, 3))
        self.assertEqual(shown["x_price"]["how"], "converted")
        self.undo(before)

    def test_an_amount_among_the_properties_is_converted(self):
        team = self.env["crm.team"].create(
            {
                "name": "Amounts",
                "company_id": False,
                "lead_properties_definition": [
                    {
                        "name": "budget",
                        "string": "Budget",
                        "type": "monetary",
                        "currency_field": "company_currency",
                    }
                ],
            }
        )
        leads = self.leads({"team_id": team.id}, {"team_id": team.id, "user_id": self.user.id})
        leads[0].company_id, leads[1].company_id = False, self.abroad
        leads[0].lead_properties = {"budget": 1000}
        leads[1].lead_properties = {"budget": 1000}
        preview, shown, survivor, note, before = self.merge(leads)
        self.assertEqual(survivor.company_id, self.abroad)
        self.assertEqual(survivor.lead_properties["budget"], 100000)
        self.assertEqual(shown["lead_properties.budget"]["how"], "converted")
        self.assertIn("100,000", shown["lead_properties.budget"]["result"]["display"])
        self.assertRegex(" ".join(preview["warnings"]), r"Budget: .*1,000\.00.* becomes .*100,000")
        self.assertRegex(note, r"Budget: .*1,000\.00.*, converted into .*100,000")
        self.assertRegex(note, r"Budget: ¥\D+1,000<")
        self.undo(before)

    def test_a_preview_is_not_about_the_one_before(self):
        leads = self.leads({"x_unit_id": self.own.id, "x_price": 3}, {"x_unit_id": self.euro.id})
        picks = ({"x_unit_id": leads[1].id}, {})
        told = [
            {row["name"]: row["result"]["display"] for row in leads.preview_merge(picks=own)["fields"]}
            for own in picks
        ]
        self.assertEqual(told[1]["x_unit_id"], self.own.name)
        self.assertEqual(told[1]["x_price"], leads[0]._merge_display("x_price"))

    def test_a_conversion_in_many_merges_at_once(self):
        leads = self.leads(
            {"expected_revenue": 1000},
            {"company_id": self.abroad.id},
            {"expected_revenue": 2},
            {"company_id": self.abroad.id},
        )
        before = self.dump()
        survivors = leads.browse()._merge_in_bulk([leads[:2], leads[2:]])
        self.assertEqual(survivors.mapped("expected_revenue"), [100000, 200])
        self.env["crm.lead.merge"].search([("survivor_id", "in", survivors.ids)]).action_undo()
        self.assert_same_dump(before, self.dump())

    def test_the_convert_window_converts_amounts_too(self):
        leads = self.leads(
            {"expected_revenue": 1000, "type": "lead"}, {"company_id": self.abroad.id, "type": "opportunity"}
        )
        wizard = self.env["crm.lead2opportunity.partner"].create(
            {
                "lead_id": leads[0].id,
                "name": "merge",
                "duplicated_lead_ids": [Command.set(leads.ids)],
            }
        )
        wizard.action_apply()
        survivor = leads.exists()
        self.assertEqual(survivor.expected_revenue, 100000)
        wizard.action_undo_merge()
        self.assertEqual(leads.exists(), leads)
        self.assertEqual(leads[0].expected_revenue, 1000)
