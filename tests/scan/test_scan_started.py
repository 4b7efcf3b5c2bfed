"""Who starts a scan and when, and how far it is said to be."""

from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .scan_common import NoScanCase

CRONS = ("ir_cron_lead_scan", "ir_cron_lead_scan_helper")


@tagged("post_install", "-at_install", "openfire_scan")
class TestScanStarted(NoScanCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cron = cls.env.ref("openfire_leads.ir_cron_lead_scan_start")
        cls.env["ir.cron.trigger"].search([]).unlink()

    def run_cron(self, name="ir_cron_lead_scan"):
        with self.enter_registry_test_mode():
            self.env.ref(f"openfire_leads.{name}").method_direct_trigger()
        self.env.invalidate_all()

    def triggered(self):
        crons = self.env["ir.cron"].browse(self.env.ref(f"openfire_leads.{name}").id for name in CRONS)
        return self.env["ir.cron.trigger"].search([("cron_id", "in", crons.ids)]).cron_id == crons

    def progress(self):
        return self.Scan.with_user(self.manager).scan_progress()

    # ------------------------------------------------------------
    # BY A BUTTON
    # ------------------------------------------------------------

    def test_a_manager_starts_it_sees_how_far_it_is_and_is_told_when_it_is_done(self):
        self._lead(), self._lead()
        action = self.Scan.with_user(self.manager).action_start()
        scan = self.Scan.browse(action["res_id"])
        self.assertEqual((scan.state, scan.started_by_id), ("running", self.manager))
        self.assertTrue(self.triggered(), "whoever works on it is woken up")
        self.assertTrue(self.progress()["running"])
        self.env.cr.precommit.run()
        self.env["bus.bus"].search([]).unlink()
        self.run_cron()
        self.assertEqual(scan.state, "done")
        told = self.env["bus.bus"].search([]).mapped("message")
        self.assertTrue([message for message in told if "Leads looked at" in message])
        progress = self.progress()
        self.assertFalse(progress["running"])
        self.assertEqual((progress["state"], progress["done"]), ("done", progress["total"]))
        self.assertIn(f"Leads looked at: {scan.total}.", scan.message)

    def test_a_second_click_shows_the_scan_that_is_running(self):
        first = self.Scan.with_user(self.manager).action_start()
        second = self.env["res.config.settings"].with_user(self.env.ref("base.user_admin")).create({})
        self.assertEqual(second.action_scan_leads()["res_id"], first["res_id"])

    def test_the_first_one_to_ask_is_told_that_there_never_was_one(self):
        progress = self.progress()
        self.assertEqual((progress["id"], progress["running"], progress["state"]), (False, False, False))

    def test_others_than_managers_neither_start_nor_stop_nor_see_it(self):
        scan = self.Scan._start()
        for user in (self.seller, self.seller_of_all):
            for verb in ("action_start", "scan_progress"):
                with self.subTest(user=user.login, verb=verb), self.assertRaises(AccessError):
                    getattr(self.Scan.with_user(user), verb)()
            with self.assertRaises(AccessError):
                scan.with_user(user).action_stop()
            with self.assertRaises(AccessError):
                scan.with_user(user).read(["state"])
        self.assertEqual(scan.state, "running")

    def test_stopping_one_that_is_over_changes_nothing(self):
        scan = self.Scan._start()
        scan.with_user(self.manager).action_stop()
        ended_on = scan.ended_on
        self.assertEqual(scan.state, "stopped")
        scan.state = "done"
        scan.with_user(self.manager).action_stop()
        self.assertEqual((scan.state, scan.ended_on), ("done", ended_on))

    # ------------------------------------------------------------
    # PROGRESS
    # ------------------------------------------------------------

    def test_progress_takes_two_queries(self):
        self._lead(), self._lead()
        self.Scan._start()
        scans = self.Scan.with_user(self.manager)
        scans.scan_progress()
        self.env.flush_all()
        with self.assertQueryCount(2):  # one for whether anybody works in the background
            scans.scan_progress()

    def test_progress_grows_with_the_work_and_the_time_left_follows(self):
        scan = self.Scan._start()
        self.env.flush_all()
        self.env.cr.execute("UPDATE crm_lead_scan SET total = 1000 WHERE id = %s", [scan.id])
        self.env.cr.execute("DELETE FROM crm_lead_scan_batch")
        done = []
        for step, seconds in ((4, 0), (5, 10), (7, 20), (100, 40)):
            self.env.cr.execute("DELETE FROM crm_lead_scan_batch")
            for first, own_step in ((1, step), (501, 4)):
                self.env.cr.execute(
                    """
                    INSERT INTO crm_lead_scan_batch (scan_id, begun, step, first_id, last_id, leads, seconds, worker,
                                                     changed_on)
                    VALUES (%s, 4, %s, %s, %s, 500, %s, 1, now() AT TIME ZONE 'UTC')
                    """,
                    [scan.id, own_step, first, first + 499, seconds if first == 1 else 0],
                )
            progress = self.progress()
            done.append(progress["done"])
        self.assertEqual(done, [0, 125, 250, 500])
        self.assertEqual((progress["rate"], progress["seconds_left"]), (12.5, 40))

    # ------------------------------------------------------------
    # BY SCHEDULE
    # ------------------------------------------------------------

    def test_it_starts_by_itself_unless_nothing_has_changed(self):
        lead = self._lead()
        self.env.flush_all()
        self.run_cron("ir_cron_lead_scan_start")
        first = self.Scan.search([])
        self.assertEqual(first.state, "running")
        self.run_cron()
        self.env.cr.execute("UPDATE crm_lead_scan SET started_on = started_on + interval '1 minute'")
        self.env["crm.lead.match.queue"]._clear()
        self.run_cron("ir_cron_lead_scan_start")
        self.assertEqual(self.Scan.search([]), first)
        self.assertEqual(first.state, "done")
        self.env.cr.execute(
            "UPDATE crm_lead SET write_date = now() + interval '1 hour' WHERE id = %s", [lead.id]
        )
        self.run_cron("ir_cron_lead_scan_start")
        self.assertEqual(len(self.Scan.search([])), 2)

    def test_it_starts_when_leads_are_compared_otherwise_or_one_is_gone(self):
        lead = self._lead()
        self.Scan._start()
        self.run_cron()
        self.env.cr.execute("UPDATE crm_lead_scan SET started_on = started_on + interval '1 minute'")
        self.env["crm.lead.match.queue"]._clear()
        self.env.invalidate_all()
        self.assertTrue(self.Scan._nothing_changed())
        self.env["ir.config_parameter"].set_param("openfire_leads.suspicion_score", "60")
        self.assertFalse(self.Scan._nothing_changed())
        self.env["ir.config_parameter"].set_param("openfire_leads.suspicion_score", False)
        self.assertTrue(self.Scan._nothing_changed())
        lead.unlink()
        self.assertFalse(self.Scan._nothing_changed())

    def save(self, **values):
        self.env["res.config.settings"].create(values).execute()

    def shown(self):
        settings = self.env["res.config.settings"].create({})
        return settings.lead_scan_schedule, settings.lead_scan_hour

    def test_the_settings_say_when(self):
        self.env.user.tz = "Europe/Paris"
        self.assertEqual(self.shown()[0], "weekly", "by itself, at night")
        self.save(lead_scan_schedule="daily", lead_scan_hour=4.5)
        self.assertEqual(self.shown(), ("daily", 4.5))
        local = fields.Datetime.context_timestamp(self.env.user, self.cron.nextcall)
        self.assertEqual((local.hour, local.minute), (4, 30))
        self.assertTrue(datetime.now() < self.cron.nextcall <= datetime.now() + timedelta(days=1))
        self.save(lead_scan_schedule="weekly", lead_scan_hour=23)
        local = fields.Datetime.context_timestamp(self.env.user, self.cron.nextcall)
        self.assertEqual((local.weekday(), local.hour), (6, 23))
        self.assertLess(self.cron.nextcall, datetime.now() + timedelta(days=8))
        self.save(lead_scan_schedule="never")
        self.assertFalse(self.cron.active)
        self.assertEqual(self.shown()[0], "never")
        self.save(lead_scan_schedule="daily")
        self.assertTrue(self.cron.active)

    def test_saving_other_settings_leaves_the_schedule_alone(self):
        moment = self.cron.nextcall
        self.save(lead_scan_schedule=self.shown()[0], lead_scan_hour=self.shown()[1])
        self.save()
        self.assertEqual(self.cron.nextcall, moment)

    def test_an_hour_that_is_none_is_refused(self):
        for hour in (-1, 24, 25.5):
            with self.subTest(hour=hour), self.assertRaises(ValidationError):
                self.save(lead_scan_hour=hour)

    def test_settings_open_and_save_where_somebody_deleted_the_scheduled_action(self):
        self.cron.unlink()
        self.assertEqual(self.shown(), ("never", 0))
        self.save(lead_scan_schedule="daily")

    # ------------------------------------------------------------
    # KEEPING
    # ------------------------------------------------------------

    def test_scans_are_kept_for_three_months(self):
        scans = [self.Scan._start()]
        scans[0]._close("done")
        scans.append(self.Scan._start())
        scans[1]._close("done")
        for scan, days in zip(scans, (91, 89), strict=True):
            scan.started_on = datetime.now() - timedelta(days=days)
        self.Scan._gc_scans()
        self.assertEqual(self.Scan.search([]), scans[1])
