"""What holds a bulk run back."""

from unittest.mock import patch

from odoo.tests import new_test_user, tagged

from odoo.addons.openfire_leads.models.review.crm_lead_merge_guard import Planned

from .review_common import ReviewCase


@tagged("post_install", "-at_install", "openfire_review")
class TestRunsGuards(ReviewCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.free, cls.held = cls.requesters(2)
        cls.Guard = cls.env["crm.lead.merge.guard"]

    def left_out(self, user=None):
        return self.Group.with_user(user or self.manager).merge_certain()["left_out"]

    def assert_left_out_unless_off(self, code):
        self.assertEqual(self.left_out(), {code: 1})
        self.env["ir.config_parameter"].set_param(f"openfire_leads.guard_{code}", "False")
        self.assertEqual(self.left_out(), {})
        told = self.Group.with_user(self.manager).merge_certain(dry_run=False)
        self.assertEqual((told["merged"], told["failed"]), (2, 0))

    def test_won(self):
        self.held[0].action_set_won()
        self.assert_left_out_unless_off("won")

    def test_of_several_salespeople_of_which_nobody_is_none(self):
        self.free[0].user_id = False
        self.held[1].user_id = self.seller_of_all
        self.assert_left_out_unless_off("salespeople")

    def test_of_several_customers(self):
        one, other = self.env["res.partner"].create([{"name": "One"}, {"name": "Other"}])
        self.free[0].partner_id = one
        self.held[0].partner_id, self.held[1].partner_id = one, other
        # their contacts take names and numbers of their own: no duplicates, but for the guard rail
        planned = [
            Planned(number, tuple(leads.ids), "", True) for number, leads in enumerate((self.free, self.held))
        ]
        self.env.flush_all()
        self.assertEqual(self.Guard._guard_customers(planned), {1})

    def test_of_several_teams_is_merged(self):
        teams = self.env["crm.team"].create([{"name": "North"}, {"name": "South"}])
        self.held[0].team_id, self.held[1].team_id = teams
        self.assertEqual(self.left_out(), {})

    def test_orders_are_whatever_fields_modules_say(self):
        self.env["calendar.event"].create({
            "name": "As an order", "start": "2026-02-01 10:00:00", "stop": "2026-02-01 11:00:00",
            "opportunity_id": self.held[1].id,
        })  # fmt: skip
        self.assertEqual(self.left_out(), {})
        with patch.object(type(self.Guard), "_guard_order_fields", lambda self: ["calendar_event_ids"]):
            self.assert_left_out_unless_off("orders")

    def test_of_several_companies_always(self):
        company = self.env["res.company"].create({"name": "Second"})
        self.manager.company_ids |= company
        (self.free | self.held).write({"user_id": False, "team_id": False, "company_id": False})
        self.held[0].company_id, self.held[1].company_id = self.env.company, company
        both = {"allowed_company_ids": self.manager.company_ids.ids}
        told = self.Group.with_user(self.manager).with_context(**both).merge_certain()
        self.assertEqual(told["left_out"], {"company": 1})
        told = (
            self.Group.with_user(self.manager).with_context(allowed_company_ids=company.ids).merge_certain()
        )
        self.assertEqual(told["left_out"], {"hidden": 1})
        self.assertEqual(told["groups"], 1, "of no company")

    def test_hidden_leads_and_nothing_else_is_told_of_them(self):
        self.held[1].write({"user_id": self.manager.id})
        self.held[1].action_set_won()
        groups = self.groups(*self.free, *self.held).with_user(self.seller)
        run = self.run_of(groups.action_plan_merges())
        line = run.line_ids.filtered(lambda line: line.state == "left_out")
        self.assertEqual(line.reason, "hidden")
        self.assertEqual(line.lead_res_ids, self.held[0].ids)
        self.assertEqual(run.left_out, "With leads that you may not read or change: 1")
        self.assertEqual(self.left_out(), {"won": 1}, "the manager sees both")

    def test_who_may_read_but_not_change_merges_nothing(self):
        reader = new_test_user(self.env, "review_reader", "sales_team.group_sale_salesman_all_leads")
        self.env["ir.rule"].create({
            "name": "No changes", "model_id": self.env["ir.model"]._get_id("crm.lead"), "perm_read": False,
            "domain_force": [("id", "not in", self.held[0].ids)],
        })  # fmt: skip
        run = self.run_of(self.groups(*self.free, *self.held).with_user(reader).action_plan_merges())
        self.assertEqual(run.line_ids.filtered("reason").mapped("reason"), ["hidden"])

    def test_too_many(self):
        self.env["ir.config_parameter"].set_param("openfire_leads.merge_max_leads", "2")
        self._lead(
            self.held[0].read(["contact_name", "email_from", "phone", "street", "zip", "city", "name"])[0]
        )
        self.assertEqual(self.left_out(), {"number": 1})

    def test_won_ones_are_not_counted_under_odoos_rule(self):
        self.env["ir.config_parameter"].set_param("openfire_leads.survivor_rule", "confidence")
        self.env["ir.config_parameter"].set_param("openfire_leads.guard_won", "False")
        self.held[0].action_set_won()
        self.assertEqual(self.left_out(), {"number": 1})

    def test_a_module_adds_a_guard_rail_of_its_own(self):
        Guard = type(self.Guard)
        guards = Guard._guards

        def with_one_more(records):
            return {
                **guards(records),
                "vip": next(iter(guards(records).values()))._replace(label="Very important"),
            }

        def vip(records, planned):
            return {group.group_id for group in planned if self.held[0].id in group.lead_ids}

        with (
            patch.object(Guard, "_guards", with_one_more),
            patch.object(Guard, "_guard_vip", vip, create=True),
        ):
            self.assertEqual(self.left_out(), {"vip": 1})
            run = self.run_of(self.Group.with_user(self.manager).action_plan_certain())
            self.assertEqual(run.left_out, "Very important: 1")

    def test_more_groups_need_no_more_queries(self):
        def count(planned):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.Guard.with_user(self.manager)._guard_reasons(planned)
            return self.env.cr.sql_log_count - before

        few = self.planned()
        self.requesters(8)
        many = self.planned()
        self.assertEqual((len(few), len(many) > 6), (2, True))
        count(few)
        self.assertEqual(count(few), count(many))

    def planned(self):
        self.Group._bring_up_to_date(limit=None)
        return self.Group.with_user(self.manager)._plan_certain().groups
