"""Bulk runs that are made by themselves: off by default, on behalf of a manager, told once a day."""

from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import new_test_user, tagged

from odoo.addons.openfire_leads.models.review.crm_lead_merge_run_automatic import Automatic

from .review_common import ReviewCase


@tagged("post_install", "-at_install", "openfire_review")
class TestRunsAutomatic(ReviewCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Run = cls.env["crm.lead.merge.run"]
        cls.env["ir.config_parameter"].search([("key", "=like", "openfire_leads.auto%")]).unlink()
        cls.leads = cls.requesters(3)
        cls.Group._bring_up_to_date(limit=None)

    def set_automatic(self, when, hour=0, **values):
        settings = self.env["res.config.settings"].create(
            {"auto_merge": when, "auto_merge_hour": hour, "auto_merge_user_id": self.manager.id, **values}
        )
        settings.set_values()
        # as on the day after it was switched on
        self.env["ir.config_parameter"].set_param("openfire_leads.auto_merge_on", False)

    def an_hour_later(self):
        with self.enter_registry_test_mode():
            self.env.ref("openfire_leads.ir_cron_merge_run_automatic").method_direct_trigger()
            self.env.ref("openfire_leads.ir_cron_merge_run").method_direct_trigger()
        self.env.invalidate_all()

    def merged(self):
        return sum(len(leads.exists()) == 1 for leads in self.leads)

    def told(self, user=None):
        return self.env["mail.message"].search([
            ("model", "=", "crm.lead.merge.run"), ("partner_ids", "in", (user or self.manager).partner_id.ids),
        ])  # fmt: skip

    def test_off_unless_it_is_switched_on(self):
        self.assertEqual(self.Run._automatic().when, "off")
        self.Group.with_user(self.manager).scan_groups()
        self.an_hour_later()
        self.assertEqual((self.merged(), len(self.Run.search([]))), (0, 0))
        self.assertFalse(self.told())

    def test_every_day_within_the_guard_rails_and_up_to_the_limit(self):
        self.leads[0][0].action_set_won()
        self.set_automatic("daily", auto_merge_limit=1)
        self.an_hour_later()
        self.assertEqual(self.merged(), 1)
        run = self.Run.search([])
        self.assertEqual(
            (run.kind, run.user_id, run.left_out), ("automatic", self.manager, "With a won opportunity: 1")
        )
        self.assertEqual(run.merge_ids.user_id, self.manager)
        self.an_hour_later()
        self.assertEqual(self.merged(), 1, "once a day")

    def test_not_before_its_hour(self):
        self.set_automatic("daily")
        with patch.object(Automatic, "is_time", lambda self: False):
            self.an_hour_later()
        self.assertEqual(self.merged(), 0)
        self.an_hour_later()
        self.assertEqual(self.merged(), 3)

    def test_switched_on_after_its_hour_it_begins_tomorrow(self):
        self.set_automatic("off")
        with patch.object(Automatic, "is_time", lambda self: True):
            self.Run._set_automatic("daily", 0, 0, self.manager)
            self.an_hour_later()
        self.assertEqual(self.merged(), 0)

    def test_after_each_scan(self):
        self.set_automatic("scan")
        self.an_hour_later()
        self.assertEqual(self.merged(), 0)
        self.Group.with_user(self.manager).scan_groups()
        self.assertEqual(self.merged(), 0, "in the background")
        self.work_off()
        self.assertEqual(self.merged(), 3)

    def test_managers_are_told_once_a_day_and_take_it_back(self):
        company = self.env["res.company"].create({"name": "Second"})
        foreigner = new_test_user(
            self.env, "review_foreigner", "sales_team.group_sale_manager", company_id=company.id,
            company_ids=company.ids,
        )  # fmt: skip
        self.set_automatic("scan")
        self.an_hour_later()
        self.assertFalse(self.told(), "there is nothing to tell")
        self.Group.scan_groups()
        self.work_off()
        self.an_hour_later()
        message = self.told()
        run = self.Run.search([])
        self.assertEqual(len(message), 1)
        self.assertIn("Merged: 3", message.body.replace("<t>", ""))
        self.assertIn(f"/odoo/merge-runs/{run.id}", message.body)
        self.assertFalse(self.told(foreigner))
        self.assertFalse(self.told(self.seller))
        self.assertEqual(run.with_user(self.manager).action_undo()["undone"], 3)
        self.leads += self.requesters(4)[3:]
        self.Group.scan_groups()
        self.work_off()
        self.an_hour_later()
        self.assertEqual((self.merged(), len(self.Run.search([]))), (1, 2))
        self.assertEqual(len(self.told()), 1, "the rest tomorrow")
        run.told_on = "2026-01-01"
        self.an_hour_later()
        self.an_hour_later()
        self.assertEqual(len(self.told()), 2)

    def test_nothing_on_behalf_of_who_has_lost_the_right(self):
        other = new_test_user(self.env, "review_manager", "sales_team.group_sale_manager")
        self.set_automatic("scan")
        self.manager.active = False
        self.Group.scan_groups()
        self.Group.scan_groups()
        self.work_off()
        self.an_hour_later()
        self.assertEqual(self.merged(), 0)
        self.assertEqual(len(self.told(other)), 1)
        self.assertIn("archived", self.told(other).body)
        self.manager.active = True
        self.manager.group_ids = self.env.ref("sales_team.group_sale_salesman")
        self.Group.scan_groups()
        self.work_off()
        self.assertEqual(self.merged(), 0)

    def test_who_loses_the_right_while_it_is_at_work(self):
        self.set_automatic("scan")
        self.Group.scan_groups()
        self.manager.group_ids = self.env.ref("sales_team.group_sale_salesman")
        self.work_off()
        self.assertEqual((self.merged(), self.Run.search([]).state), (0, "stopped"))

    def test_settings_refuse_who_is_no_manager_and_numbers_that_make_no_sense(self):
        with self.assertRaisesRegex(ValidationError, "Choose a sales manager"):
            self.set_automatic("daily", auto_merge_user_id=self.seller.id)
        for values in ({"auto_merge_hour": 24}, {"auto_merge_hour": -1}, {"auto_merge_limit": -1}):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self.env["res.config.settings"].create(values)
        self.set_automatic("daily", hour=7.5, auto_merge_limit=0)
        shown = self.env["res.config.settings"].create({})
        self.assertEqual(
            (shown.auto_merge, shown.auto_merge_hour, shown.auto_merge_limit, shown.auto_merge_user_id),
            ("daily", 7.5, 0, self.manager),
        )
        # who lost the right meanwhile keeps nobody from saving other settings
        self.manager.group_ids = self.env.ref("sales_team.group_sale_salesman")
        self.env["res.config.settings"].create({}).set_values()

    def test_the_machine_learns_nothing_from_itself_but_from_being_taken_back(self):
        judgements = self.env["crm.lead.match.judgement"]
        judgements._collect()
        before = judgements.search_count([])
        self.set_automatic("scan")
        self.Group.scan_groups()
        self.work_off()
        judgements._collect()
        self.assertEqual(judgements.search_count([]), before)
        run = self.Run.search([]).with_user(self.manager)
        run.merge_ids[0].action_undo()
        judgements._collect()
        (new,) = judgements.search([], limit=1, order="id desc")
        self.assertEqual((judgements.search_count([]), new.same), (before + 1, False))
