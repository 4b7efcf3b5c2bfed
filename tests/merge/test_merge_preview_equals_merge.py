"""What the window announces is what the merge gives: random leads, with and without choices."""

import base64
import os
import random

from odoo.fields import Date
from odoo.tests import tagged

from .merge_common import MergeCase

MERGES = int(os.environ.get("OPENFIRE_PREVIEW_MERGES") or 500)
CITIES = ("Lyon", "Bron", "lyon", False)
# written otherwise than by ``write``, and amounts with a currency of their own
MORE_FIELDS = (
    ("x_slogan", "char", {"translate": "standard"}),
    ("x_code", "char", {"company_dependent": True}),
    ("x_rank", "integer", {"company_dependent": True}),
    ("x_plan", "binary", {}),
    ("x_unit_id", "many2one", {"relation": "res.currency"}),
    ("x_price", "monetary", {"currency_field": "x_unit_id"}),
    ("x_cost", "monetary", {"currency_field": "x_unit_id"}),
)


@tagged("post_install", "-at_install")
class TestPreviewEqualsMerge(MergeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = cls.env.company
        cls.env["ir.config_parameter"].set_param("openfire_leads.merge_max_leads", "0")
        cls.add_fields(MORE_FIELDS)
        cls.env["res.lang"]._activate_lang("fr_FR")
        currencies = cls.env["res.currency"].with_context(active_test=False)
        cls.units = company.currency_id.union(
            *(currencies.search([("name", "=", name)]) for name in ("JPY", "CHF"))
        )
        cls.units.active = True
        cls.abroad = cls.env["res.company"].create(
            {"name": "Abroad", "currency_id": cls.units[1].id, "user_ids": [(4, cls.env.uid)]}
        )
        cls.env["res.currency.rate"].search([("currency_id", "in", cls.units.ids)]).unlink()
        cls.env["res.currency.rate"].create(
            [
                {"name": Date.today(), "currency_id": unit.id, "company_id": owner.id, "rate": rate}
                for owner in (company, cls.abroad)
                # of the third there is no rate
                for unit, rate in zip(cls.units[:2], (1.37, 88.4), strict=True)
                if unit != owner.currency_id
            ]
        )
        cls.users = cls.salesman | cls.colleague | cls.manager
        cls.users.company_ids |= cls.abroad
        definitions = [
            [
                {"name": "aaaa", "type": "char", "string": "A"},
                {"name": "bbbb", "type": "char", "string": "B"},
                {"name": "dddd", "type": "monetary", "string": "D", "currency_field": "company_currency"},
            ],
            [
                {"name": "bbbb", "type": "char", "string": "B"},
                {"name": "cccc", "type": "boolean", "string": "C"},
            ],
        ]
        cls.teams = cls.env["crm.team"].create(
            [
                {
                    "name": f"Team {position}",
                    "company_id": company.id if position else False,
                    "use_leads": True,
                    "lead_properties_definition": definition,
                    "member_ids": [(6, 0, members.ids)],
                }
                for position, (definition, members) in enumerate(
                    zip(definitions, (cls.salesman | cls.manager, cls.colleague), strict=True)
                )
            ]
        )
        cls.stages = cls.env["crm.stage"].create(
            [
                {"name": "Own 1", "sequence": 2, "team_ids": [(6, 0, cls.teams[0].ids)]},
                {"name": "Own 2", "sequence": 50, "team_ids": [(6, 0, cls.teams[1].ids)]},
                {"name": "Won here", "sequence": 80, "is_won": True, "team_ids": [(6, 0, cls.teams[1].ids)]},
            ]
        ) | cls.env["crm.stage"].search([("team_ids", "=", False)])
        cls.customers = cls.env["res.partner"].create(
            [
                {
                    "name": "Anna",
                    "email": "anna@requester.example",
                    "phone": "+33 4 72 00 00 01",
                    "city": "Dijon",
                },
                {"name": "Bob", "street": "1 rue Neuve", "company_id": company.id},
            ]
        )
        cls.plan = cls.env["crm.recurring.plan"].create({"name": "By month", "number_of_months": 1})
        cls.reason = cls.env["crm.lost.reason"].create({"name": "Too expensive"})

    def random_lead(self, rng, company):
        def maybe(value, share=0.5):
            return value if rng.random() < share else False

        at_home = company == self.env.company
        teams = self.teams if at_home else self.teams[0]
        customers = self.customers if at_home else self.customers[0]
        customer = rng.choice(customers) if rng.random() < 0.3 else self.env["res.partner"]
        team = rng.choice([*teams, self.env["crm.team"]])
        stages = self.stages.filtered(lambda stage: not stage.team_ids or team in stage.team_ids)
        lead = self.env["crm.lead"].create(
            {
                "name": rng.choice(("Stove", "Window", "Fireplace")),
                "type": rng.choice(("lead", "opportunity")),
                "user_id": maybe(rng.choice(self.users).id, 0.8),
                "team_id": team.id,
                "stage_id": rng.choice(stages).id,
                "partner_id": customer.id,
                "company_id": (team.company_id | customer.company_id).id or maybe(company.id),
                "city": rng.choice(CITIES),
                "street": maybe("2 rue Basse"),
                "email_from": maybe("lead@requester.example"),
                "phone": maybe("04 72 00 00 09"),
                "expected_revenue": rng.choice((0, 0, 1500)),
                "recurring_revenue": rng.choice((0, 20)),
                "recurring_plan": maybe(self.plan.id),
                "priority": rng.choice("012"),
                "description": maybe("<p>Asks for oak</p>"),
                "tag_ids": [(6, 0, rng.sample(self.tags.ids, rng.randint(0, 2)))],
                "x_slogan": maybe(rng.choice(("Warm", "Cosy"))),
                "x_code": maybe(rng.choice("AB")),
                "x_rank": rng.choice((0, 1, 2)),
                "x_plan": maybe(base64.b64encode(rng.choice((b"a", b"bb"))), 0.3),
                "x_unit_id": maybe(rng.choice(self.units).id),
                "x_price": rng.choice((0, 0, 12.34)),
                "x_cost": rng.choice((0, 0, 7)),
            }
        )
        if lead.x_slogan and rng.random() < 0.5:
            lead.with_context(lang="fr_FR").x_slogan = "Doux"
        if rng.random() < 0.3:
            lead.with_company(self.abroad).x_code = rng.choice("CD")
        if team:
            lead.lead_properties = (
                {"aaaa": maybe("x"), "bbbb": maybe("y"), "dddd": maybe(30.5)}
                if team == self.teams[0]
                else {"cccc": True}
            )
        fate = rng.random()
        if lead.won_status != "won":
            if fate < 0.15:
                lead.action_set_lost(lost_reason_id=maybe(self.reason.id))
            elif fate < 0.25:
                lead.active = False
            elif fate < 0.4:
                lead.probability = 37
            elif fate < 0.45:
                lead.action_set_won()
        return lead

    def random_choices(self, rng, leads):
        choices = {}
        if rng.random() < 0.4:
            choices["survivor_id"] = rng.choice(leads.ids)
        if rng.random() < 0.6:
            fields = leads.preview_merge(survivor_id=choices.get("survivor_id"))["fields"]
            choosable = [row["name"] for row in fields if row["choosable"]]
            names = rng.sample(choosable, rng.randint(0, min(4, len(choosable))))
            choices["picks"] = {name: rng.choice(leads.ids) for name in names}
        if rng.random() < 0.2:
            choices["user_id"] = rng.choice(self.users).id
        if rng.random() < 0.2:
            teams = self.teams[0] if self.abroad in leads.company_id else self.teams
            choices["team_id"] = rng.choice(teams).id
        return choices

    def check(self, leads, choices, label):
        preview = leads.preview_merge(**choices)
        shown = {row["name"]: row for row in preview["fields"]}
        fields = [
            name
            for name, field in leads._fields.items()
            if name
            in {*leads._merge_sheet_fields(), *leads._merge_apart_fields()} - {"create_date", "x_plan"}
        ]
        files = {lead.id: lead.x_plan for lead in leads}
        before = {name: leads.browse(preview["survivor_id"])._merge_display(name) for name in fields}
        context = {key: choices[key] for key in ("survivor_id", "picks") if key in choices}
        survivor = leads.with_context(openfire_merge=context).merge_opportunity(
            user_id=choices.get("user_id", False), team_id=choices.get("team_id", False)
        )
        self.assertEqual(survivor.id, preview["survivor_id"], label)
        self.env.flush_all()
        survivor.invalidate_recordset()
        announced = {
            name: shown[name]["result"]["display"] if name in shown else before[name] for name in fields
        }
        given = {name: survivor._merge_display(name) for name in fields}
        hidden = {"active", "date_closed", "color", "message_bounce", "lost_reason_id"} - shown.keys()
        for name in hidden:
            announced.pop(name, None), given.pop(name, None)
        wrong = {name: (announced[name], given[name]) for name in given if announced[name] != given[name]}
        self.assertFalse(wrong, label)
        self.assertEqual(survivor.won_status, preview["outcome"]["won_status"], label)
        file = shown["x_plan"]["result"]["lead_id"] if "x_plan" in shown else survivor.id
        self.assertEqual(survivor.x_plan, files[file], label)
        for name, row in shown.items():
            if row["how"] == "converted":
                told = [one for one in preview["warnings"] if one.startswith(row["label"])]
                self.assertTrue(told, (label, name))
        properties = {
            one["name"]: survivor._merge_display_property(one) for one in survivor._merge_properties()
        }
        for name, row in shown.items():
            if name.startswith("lead_properties."):
                key = name.partition(".")[2]
                self.assertEqual(row["result"]["display"], properties.get(key, ""), (label, name))

    def test_the_window_announces_what_the_merge_gives(self):
        for rule in ("oldest", "confidence"):
            self.env["ir.config_parameter"].set_param("openfire_leads.survivor_rule", rule)
            for seed in range(MERGES // 2):
                rng = random.Random(f"{rule} {seed}")
                # Taken back, so that each seed meets the same base and PostgreSQL need not read
                # past the versions of the same few rows that thousands of merges leave behind.
                with self.subTest(rule=rule, seed=seed), self.env.cr.savepoint() as savepoint:
                    company = rng.choice((self.env.company, self.abroad))
                    leads = self.env["crm.lead"].union(
                        *(self.random_lead(rng, company) for _number in range(rng.choice((2, 2, 3))))
                    )
                    choices = self.random_choices(rng, leads)
                    self.check(leads, choices, f"{rule} {seed} {choices}")
                    savepoint.rollback()
