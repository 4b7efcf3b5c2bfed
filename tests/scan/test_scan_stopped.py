"""Where no scheduled action runs: who looks for duplicates is told, and a scan makes up for it all."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .scan_common import NoScanCase, ScanCase

CRONS = ("ir_cron_partner_match", "ir_cron_match_queue", "ir_cron_lead_scan")


class StoppedCase(NoScanCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.administrator = cls.env.ref("base.user_admin")

    def neutralize(self):
        """Turn scheduled actions off as ``odoo neutralize`` does."""
        self.env["ir.cron"].search([("id", "!=", self.env.ref("base.autovacuum_job").id)]).active = False

    def told(self, user):
        return self.Pair.with_user(user).backlog()


@tagged("post_install", "-at_install", "openfire_scan")
class TestStoppedTold(StoppedCase):
    def test_nothing_is_told_where_they_run(self):
        told = self.told(self.administrator)
        self.assertEqual((told["stopped"], told["stopped_action"]), (False, False))

    def test_any_one_that_is_off_or_gone_is_told(self):
        for name in CRONS:
            with self.subTest(name):
                cron = self.env.ref(f"openfire_leads.{name}")
                cron.active = False
                self.assertTrue(self.told(self.seller)["stopped"])
                cron.active = True
                self.assertFalse(self.told(self.seller)["stopped"])
        cron.unlink()
        self.assertTrue(self.told(self.seller)["stopped"])

    def test_that_no_server_runs_them_is_told(self):
        self.env.ref("openfire_leads.ir_cron_merge_left_behind").nextcall = fields.Datetime.now() - timedelta(
            hours=2
        )
        self.assertTrue(self.told(self.seller)["stopped"])

    def test_an_administrator_is_led_to_them(self):
        self.neutralize()
        told = self.told(self.administrator)
        self.assertTrue(told["stopped"].endswith("Have them turned on again:"))
        action = told["stopped_action"]
        shown = self.env[action["res_model"]].with_context(**action["context"]).search(action["domain"])
        for name in CRONS:
            self.assertIn(self.env.ref(f"openfire_leads.{name}"), shown)

    def test_others_are_told_to_ask_and_managers_what_a_scan_does(self):
        self.neutralize()
        seller, manager = self.told(self.seller), self.told(self.manager)
        self.assertFalse(seller["stopped_action"] or manager["stopped_action"])
        self.assertTrue(seller["stopped"].endswith("Ask an administrator to turn them on again."))
        self.assertNotIn("scan", seller["stopped"])
        self.assertIn("A scan of all leads makes up for it at once.", manager["stopped"])


@tagged("post_install", "-at_install", "openfire_scan")
class TestStoppedCaughtUp(StoppedCase):
    def work_along(self, user=None):
        with self.enter_registry_test_mode():
            told = self.Scan.with_user(user or self.manager).work_along()
        self.env.invalidate_all()
        return told

    def test_a_scan_catches_up_with_contacts_too(self):
        partner = self.env["res.partner"].create(
            {"name": "Théodule Vandenbroucke", "phone": "06 12 34 56 78"}
        )
        lead, other = self._lead(), self._lead()
        self.env.flush_all()
        self.Lead._match_flush()
        self.env["res.partner"]._match_flush()
        for table in (
            "crm_lead_match",
            "crm_lead_match_queue",
            "crm_lead_duplicate",
            "crm_partner_match_key",
        ):
            self.env.cr.execute(f"DELETE FROM {table}")
        self.neutralize()
        self.Scan.with_user(self.manager).action_start()
        self.assertTrue(self.Scan.with_user(self.manager).scan_progress()["stopped"])
        self.assertEqual(self.work_along()["state"], "done")
        self.assertTrue(self._pair(lead, other))
        self.assertIn(partner.id, [one["partner_id"] for one in lead._find_similar_partners()])
        groups = self.env["crm.lead.duplicate.group"]
        self.assertEqual(groups.search([("lead_ids", "in", lead.ids)]).lead_ids, lead + other)

    def test_who_waits_does_nothing_where_the_scheduled_actions_do_it(self):
        self.Scan.with_user(self.manager).action_start()
        told = self.work_along()
        self.assertEqual((told["state"], told["stopped"]), ("running", False))

    def test_they_stay_off(self):
        self.neutralize()
        self.Scan.with_user(self.manager).action_start()
        self.work_along()
        for name in CRONS:
            self.assertFalse(self.env.ref(f"openfire_leads.{name}").active)

    def test_others_than_managers_may_not(self):
        self.neutralize()
        for user in (self.seller, self.seller_of_all):
            with self.assertRaises(AccessError):
                self.work_along(user)

    def test_contacts_that_take_more_than_a_turn_are_gone_on_with_at_once(self):
        keys, cron = self.env["crm.partner.match.key"], self.env["ir.cron"]
        told = []
        self.patch(type(keys), "_store_missing", lambda _self: 1000)
        self.patch(
            type(cron), "_commit_progress", lambda _self, done, remaining=None: told.append(remaining) or 0
        )
        keys._cron_store_missing()
        self.assertEqual(told, [1])


@tagged("post_install", "-at_install", "openfire_scan")
class TestStoppedCommitted(ScanCase):
    def switch(self, active):
        self.act(lambda env: env["crm.lead.duplicate"]._background_crons().write({"active": active}))

    def test_who_waits_is_told_what_they_have_just_done(self):
        self.switch(False)
        self.addCleanup(self.switch, True)
        self.start()
        told = self.act(lambda env: env["crm.lead.scan"].work_along())
        self.assertEqual((told["state"], told["stopped"]), ("done", False))
