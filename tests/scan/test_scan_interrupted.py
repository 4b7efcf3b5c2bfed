"""A scan that is killed, stopped, shared, or fails in part."""

from pathlib import Path
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.openfire_leads.models.scan.crm_lead_scan_batch import SAMPLE
from odoo.addons.openfire_leads.tests.killed import KillsServer

from .scan_common import ScanCase

PROCESS = Path(__file__).with_name("scan_killed_process.py")
WORK = "odoo.addons.openfire_leads.models.scan.crm_lead_scan_work"


@tagged("post_install", "-at_install", "openfire_scan")
class TestScanInterrupted(KillsServer, ScanCase):
    def steps(self):
        """Return ``{step: how many parts}`` of the scan that is running."""
        with self.registry.cursor() as cr:
            cr.execute("SELECT step, count(*) FROM crm_lead_scan_batch GROUP BY step")
            return dict(cr.fetchall())

    def leads_of(self, batch):
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT count(*) FROM crm_lead WHERE id BETWEEN %s AND %s", [batch.first_id, batch.last_id]
            )
            return cr.fetchone()[0]

    def test_a_scan_that_is_killed_goes_on_where_it_was(self):
        _report, expected = self.scan_at_one_stroke()
        self.spoil()
        scan_id = self.start()
        self.kill_half_way(PROCESS)
        self.assertEqual(self.read(scan_id, "state")["state"], "running")
        before = self.steps()
        self.assertTrue(before[7], "ranges that are yet to be compared")
        compared = []
        compare = self.registry["crm.lead.scan"]._step_compare

        def count(scans, scan, batch):
            compared.append(batch.first_id)
            return compare(scans, scan, batch)

        with patch.object(self.registry["crm.lead.scan"], "_step_compare", count):
            self.work()
        self.assertEqual(len(compared), before[7], "no range is compared again but the one that was killed")
        self.assertEqual(self.read(scan_id, "state")["state"], "done")
        self.assertEqual(self.found(), expected)

    def test_a_part_that_always_ends_the_server_is_left_to_the_queue(self):
        scan_id = self.start()
        with self.registry.cursor() as cr:  # as if each of these attempts had been killed
            env = self.environment(cr)
            while (batch := env["crm.lead.scan"]._next_batch()).step != SAMPLE:
                env["crm.lead.scan"]._work_on(env["crm.lead.scan"].browse(scan_id), batch)
                cr.commit()
            cr.execute("UPDATE crm_lead_scan_batch SET attempts = 9 WHERE id = %s", [batch.id])
        with self.assertLogs(WORK, "ERROR"):
            self.work()
        scan = self.read(scan_id, "state", "queued")
        self.assertEqual(scan, {"id": scan_id, "state": "done", "queued": self.leads_of(batch)})
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT count(DISTINCT lead_id) FROM crm_lead_match_queue WHERE lead_id BETWEEN %s AND %s",
                [batch.first_id, batch.last_id],
            )
            self.assertEqual(cr.fetchone(), (self.leads_of(batch),))
        self.act(lambda env: self.queue(env)._cron_work_off())

    def test_two_workers_share_it(self):
        _report, expected = self.scan_at_one_stroke()
        self.spoil()
        self.start()
        step, done = self.registry["crm.lead.scan"]._step, {"one": [], "other": []}
        worker = ["one"]

        def shared(scans, scan, batch):
            name = worker[-1]
            result = step(scans, scan, batch)
            if name == "one" and batch.is_range and worker == ["one"]:
                # while this one is at its part, another worker does all that it can get
                worker.append("other")
                self.work()
                worker.pop()
            done[name].append((batch.step, batch.first_id))
            return result

        with patch.object(self.registry["crm.lead.scan"], "_step", shared):
            self.work()
        self.assertEqual(self.found(), expected)
        self.assertFalse(set(done["one"]) & set(done["other"]), "none is done twice")
        self.assertGreater(len(done["other"]), 5)
        self.assertGreater(len(done["one"]), 5)

    def test_who_starts_another_gets_the_one_that_is_running(self):
        first = self.start()
        self.assertEqual(self.start(), first)
        self.work()
        self.assertNotEqual(self.start(), first)

    def test_of_two_who_start_one_at_the_same_time_the_second_gets_the_first_ones(self):
        with self.registry.cursor() as holder:
            scan = self.environment(holder)["crm.lead.scan"]._start()
            scan_id = scan.id
            with (
                self.assertRaises(SerializationFailure),  # Odoo does the request anew
                mute_logger("odoo.sql_db"),
                self.waiting_for(holder, self.start),
            ):
                holder.commit()
        self.assertEqual(self.start(), scan_id)

    def test_a_scan_that_is_stopped_keeps_what_it_found_and_lets_go_of_the_rest(self):
        self.spoil()
        self.act(lambda env: self.queue(env)._append(self.ids[:30]))
        scan_id = self.start()
        compare = self.registry["crm.lead.scan"]._step_compare
        compared = []

        def stop_then(scans, scan, batch):
            compared.append(batch)
            if len(compared) == 2:
                self.act(lambda env: env["crm.lead.scan"].browse(scan_id).action_stop())
            return compare(scans, scan, batch)

        with patch.object(self.registry["crm.lead.scan"], "_step_compare", stop_then):
            self.work()
        self.assertEqual(len(compared), 2)
        scan = self.read(scan_id, "state", "done", "total")
        self.assertEqual((scan["state"], scan["done"]), ("stopped", self.leads_of(compared[0])))
        self.assertGreater(scan["total"], scan["done"])
        self.assertTrue(self.found()[0])
        self.assertTrue(self.act(lambda env: self.queue(env)._count_due()), "the queue compares what it held")
        self.work()
        self.assertEqual(self.read(scan_id, "state")["state"], "stopped")
        again = self.start()
        self.work()
        self.assertEqual(self.read(again, "state")["state"], "done")
        self.assertFalse(self.steps(), "nothing is left of either")

    def test_a_range_that_fails_is_left_to_the_queue_and_the_others_are_compared(self):
        compare = self.registry["crm.lead.scan"]._step_compare
        failing = []

        def fail_first(scans, scan, batch):
            failing[:] = failing or [batch]
            if batch.first_id == failing[0].first_id:
                raise ValueError("unreadable")
            return compare(scans, scan, batch)

        scan_id = self.start()
        with (
            patch.object(self.registry["crm.lead.scan"], "_step_compare", fail_first),
            self.assertLogs(WORK, "ERROR"),
        ):
            self.work()
        scan = self.read(scan_id, "state", "queued", "done", "total")
        left = self.leads_of(failing[0])
        self.assertEqual((scan["state"], scan["queued"]), ("done", left))
        self.assertEqual(scan["done"], scan["total"] - left)
        self.act(lambda env: self.queue(env)._cron_work_off())

    def test_a_step_that_fails_always_ends_the_scan_and_says_why(self):
        def fail(*_args):
            raise ValueError("no room left")

        scan_id = self.start()
        with (
            patch.object(self.registry["crm.lead.scan"], "_step_count", fail),
            self.assertLogs(WORK, "ERROR"),
        ):
            self.work()
        scan = self.read(scan_id, "state", "error")
        self.assertEqual((scan["state"], scan["error"]), ("failed", "ValueError: no room left"))

    def test_what_follows_is_done_once_and_takes_nothing_back_where_it_fails(self):
        followed = []

        def follow(groups):
            followed.append(groups.env["crm.lead.scan"].search([], limit=1).state)
            raise ValueError("not merged")

        scan_id = self.start()
        with (
            patch.object(self.registry["crm.lead.duplicate.group"], "_after_scan", follow),
            self.assertLogs(WORK, "ERROR"),
        ):
            self.work()
            self.work()
        self.assertEqual(followed, ["done"])
        self.assertEqual(self.read(scan_id, "state")["state"], "done")
