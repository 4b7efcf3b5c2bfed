"""Links of other community modules, where they are installed; without any of them there is nothing to test."""

from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .merge_common import MergeCase

# model, field that refers to leads, further values
LINKS = [
    ("sale.order", "opportunity_id", {"partner_id": True}),
    ("event.registration", "lead_ids", {"event_id": True, "name": "Guest"}),
    ("website.visitor", "lead_ids", {"access_token": "0123456789abcdef0123456789abcdef"}),
    ("rating.rating", "res_id", {"res_model_id": True}),
    ("mailing.trace", "res_id", {"model": "crm.lead", "trace_type": "mail"}),
    ("snailmail.letter", "res_id", {"model": "crm.lead", "partner_id": True}),
]


@tagged("post_install", "-at_install")
class TestMergeOtherModules(MergeCase):
    def values(self, model, field, extra, lead):
        values = dict(extra)
        if values.get("partner_id"):
            values["partner_id"] = self.manager.partner_id.id
        if values.get("res_model_id"):
            values["res_model_id"] = self.env["ir.model"]._get_id("crm.lead")
        if values.get("event_id"):
            values["event_id"] = (
                self.env["event.event"]
                .create(
                    {"name": "Fair", "date_begin": "2026-12-01 08:00:00", "date_end": "2026-12-02 18:00:00"}
                )
                .id
            )
        if values.get("access_token"):
            values["access_token"] = f"{lead.id:032x}"
        many = self.env[model]._fields[field].type == "many2many"
        values[field] = [(6, 0, lead.ids)] if many else lead.id
        return values

    def test_records_of_other_modules_move_and_come_back(self):
        leads = self.make_leads(3)
        records = []
        for model, field, extra in LINKS:
            if model in self.env and field in self.env[model]._fields:
                for lead in leads[1:]:
                    record = self.env[model].create(self.values(model, field, extra, lead))
                    records.append((record, field))
        if not records:
            self.skipTest("no module with links to leads is installed")
        before = self.dump()
        # a salesperson, who may see none of them
        survivor = leads.with_user(self.salesman).merge_opportunity()
        for record, field in records:
            owner = record[field]
            self.assertEqual(owner if isinstance(owner, int) else owner.id, survivor.id, record)
        merge = self.env["crm.lead.merge"].search([], limit=1, order="id desc")
        merge.with_user(self.salesman).action_undo()
        self.assertFalse(merge.conflicts)
        self.assert_same_dump(before, self.dump())


def has_quotations(env):
    return "sale.order" in env and "opportunity_id" in env["sale.order"]._fields


@tagged("post_install", "-at_install")
class TestMergeQuotations(MergeCase):
    def setUp(self):
        super().setUp()
        if not has_quotations(self.env):
            self.skipTest("no quotations of opportunities are installed")
        self.customer = self.env["res.partner"].create({"name": "Jeanne Moulin"})
        product = self.env["product.product"].create({"name": "Stove", "list_price": 100})
        self.leads = self.make_leads(2, type="opportunity", partner_id=self.customer.id)
        self.first, self.second = self.leads
        self.orders = self.env["sale.order"].create(
            [
                {
                    "partner_id": self.customer.id,
                    "opportunity_id": self.second.id,
                    "order_line": [(0, 0, {"product_id": product.id, "product_uom_qty": count})],
                }
                for count in (1, 2)
            ]
        )
        self.orders[1].action_confirm()
        self.env.flush_all()

    def amounts(self):
        self.env.invalidate_all()
        return [
            (lead.quotation_count, lead.sale_order_count, lead.sale_amount_total)
            for lead in self.leads.exists()
        ]

    def test_quotations_and_orders_go_to_the_survivor_and_come_back(self):
        before, amounts = self.dump(), self.amounts()
        self.assertEqual(amounts[1][:2], (1, 1))
        survivor = self.leads.merge_opportunity()
        self.assertEqual(self.orders.opportunity_id, survivor)
        self.assertEqual(self.amounts(), [amounts[1]])
        merge = self.last_merge()
        made = self.orders[0].copy({"opportunity_id": survivor.id})
        merge.action_undo()
        self.assertFalse(merge.conflicts)
        self.assertEqual((self.orders.opportunity_id, made.opportunity_id), (self.second, self.first))
        made.unlink()
        self.assertEqual(self.amounts(), amounts)
        self.assert_same_dump(before, self.dump())


@tagged("post_install", "-at_install")
class TestMergedLeadQuoted(HttpCase):
    """A quotation is made from the form of a lead that was merged meanwhile."""

    def setUp(self):
        super().setUp()
        if not has_quotations(self.env):
            self.skipTest("no quotations of opportunities are installed")
        self.user = new_test_user(self.env, "quoting", groups="sales_team.group_sale_salesman")
        self.customer = self.env["res.partner"].create({"name": "Jeanne Moulin"})
        values = {"user_id": self.user.id, "partner_id": self.customer.id, "type": "opportunity"}
        leads = self.env["crm.lead"].create([{**values, "name": name} for name in ("Kept", "Folded")])
        self.survivor = leads.merge_opportunity()
        self.gone = (leads - self.survivor).id
        self.authenticate("quoting", "quoting")

    def error_of(self, model, method, *args, button=False, **kwargs):
        path = "/web/dataset/call_button" if button else "/web/dataset/call_kw"
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        with mute_logger("odoo.http", "odoo.sql_db"):
            answer = self.url_open(path, json={"jsonrpc": "2.0", "method": "call", "params": params}).json()
        return answer.get("error", {}).get("data")

    def test_it_names_the_survivor_and_leads_there(self):
        values = {"partner_id": self.customer.id, "opportunity_id": self.gone}
        order = self.env["sale.order"].create({"partner_id": self.customer.id, "user_id": self.user.id})
        attempts = {
            "new quotation": lambda: self.error_of(
                "crm.lead", "action_sale_quotations_new", [self.gone], button=True
            ),
            "its form": lambda: self.error_of("sale.order", "web_save", [], values, specification={}),
            "create": lambda: self.error_of("sale.order", "create", [values]),
            "write": lambda: self.error_of("sale.order", "write", order.ids, {"opportunity_id": self.gone}),
        }
        for what, attempt in attempts.items():
            error = attempt()
            with self.subTest(what):
                self.assertTrue(error, "no error at all")
                self.assertEqual(error["name"], "odoo.exceptions.RedirectWarning", error["debug"])
                message, action = error["arguments"][:2]
                self.assertEqual(message, "This lead was merged into “Kept”.")
                self.assertEqual(action["res_id"], self.survivor.id)


@tagged("post_install", "-at_install")
class TestMergeAutomationRules(MergeCase):
    """Automation rules of Odoo's own module, which merge and write while leads are merged."""

    def setUp(self):
        super().setUp()
        if "base.automation" not in self.env:
            self.skipTest("automation rules are not installed")
        self.leads = self.make_leads(3, email_from="one@example.com")
        self.first, self.second, self.third = self.leads
        self.second.write({"city": "Lyon", "description": "<p>Oak</p>"})
        self.third.write({"city": "Paris", "description": "<p>Ash</p>", "function": "Owner"})
        self.env.flush_all()
        self.addCleanup(self.env["base.automation"]._unregister_hook)

    def rule(self, trigger, code):
        automation = self.env["base.automation"].create(
            {"name": trigger, "model_id": self.env["ir.model"]._get_id("crm.lead"), "trigger": trigger}
        )
        automation.write(
            {
                "action_server_ids": [
                    (
                        0,
                        0,
                        {"name": trigger, "model_id": automation.model_id.id, "state": "code", "code": code},
                    )
                ]
            }
        )
        self.env.flush_all()

    def test_a_rule_that_merges_whoever_has_the_same_address(self):
        before = self.dump()
        self.rule(
            "on_create_or_write",
            """
same = env['crm.lead'].search([('email_from', '=', record.email_from)])
if record.exists() and len(same) > 1:
    same.merge_opportunity()
""",
        )
        (self.first + self.second).merge_opportunity()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.leads.exists(), self.first)
        self.assertEqual((self.first.city, self.first.function), ("Lyon", "Owner"))
        self.assertIn("Oak", self.first.description)
        self.assertIn("Ash", self.first.description)
        merges = self.env["crm.lead.merge"].search([("survivor_res_id", "=", self.first.id)])
        self.assertEqual(len(merges), 2)
        self.env["base.automation"].search([]).active = False
        merges.action_undo()
        self.env["base.automation"].search([("active", "=", False)]).unlink()
        self.assertFalse([merge.conflicts for merge in merges if merge.conflicts])
        found = {
            name: rows
            for name, rows in before.items()
            if name.startswith(("crm_lead", "crm_tag", "mail_act"))
        }
        self.assert_same_dump(found, {name: rows for name, rows in self.dump().items() if name in found})

    def test_a_rule_that_writes_on_leads_being_deleted(self):
        visit = {"name": "Farewell", "start": "2026-02-01 10:00:00", "stop": "2026-02-01 11:00:00"}
        self.rule(
            "on_unlink",
            f"""
record.message_post(body='Farewell')
record.write({{'tag_ids': [(4, {self.tags[3].id})]}})
env['calendar.event'].create(dict({visit}, opportunity_id=record.id))
""",
        )
        (self.first + self.second).merge_opportunity()
        meeting = self.env["calendar.event"].search([("name", "=", "Farewell")])
        for lead in (self.first, self.second):
            self.assertIn("Farewell", "".join(lead.message_ids.mapped("body")))
            self.assertIn(self.tags[3], lead.tag_ids)
            self.assertEqual(meeting.opportunity_id, lead)
            if lead == self.first:
                self.last_merge().action_undo()
                self.env.invalidate_all()
