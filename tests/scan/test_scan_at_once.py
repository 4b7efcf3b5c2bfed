"""The scan at one stroke, the queue and the scan in the background at the same time."""

import subprocess
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.tests import tagged

from odoo.addons.openfire_leads.tests.killed import start

from .scan_common import ScanCase

PROCESS = Path(__file__).with_name("scan_working_process.py")


@tagged("post_install", "-at_install", "openfire_scan")
class TestScanAtOnce(ScanCase):
    @contextmanager
    def others_at_work(self, number=1):
        """Have other server processes work on queue and scan in the meantime."""
        processes = [start(PROCESS, stderr=subprocess.PIPE) for _number in range(number)]
        try:
            for process in processes:
                self.assertEqual(process.stdout.readline(), "at work\n")
            yield
            for process in processes:
                _out, told = process.communicate(timeout=120)
                self.assertEqual(process.returncode, 0, told)
                self.assertNotIn("Traceback", told)
        finally:
            for process in processes:
                process.kill()
                process.wait()

    def scan(self):
        return self.act(lambda env: env["crm.lead.duplicate"].scan())

    def put_in_queue(self):
        self.act(lambda env: self.queue(env)._append(self.ids))

    def settle(self):
        self.work()
        self.act(lambda env: self.queue(env)._cron_work_off())

    def test_whoever_is_at_work_it_succeeds_or_is_left_to_the_background(self):
        _report, expected = self.scan_at_one_stroke()
        self.spoil()
        with self.others_at_work(2):
            for _time in range(6):
                self.put_in_queue()
                report = self.scan()
                self.assertEqual(bool(report["scan_id"]), bool(report["message"]))
                self.assertEqual(report["leads"] > 0, True)
        self.settle()
        self.assertEqual(self.found(), expected)
        self.assertFalse(self.act(lambda env: env["crm.lead.scan"]._running()))

    def test_while_the_queue_is_at_work_all_is_left_to_the_background(self):
        self.put_in_queue()
        with self.registry.cursor() as working:
            self.assertTrue(self.queue(self.environment(working))._take(1))
            report = self.scan()
            again = self.scan()
        self.assertTrue(report["scan_id"])
        self.assertEqual(again["scan_id"], report["scan_id"])
        self.assertEqual((report["compared"], report["pairs"]), (0, 0))
        self.assertEqual(self.read(report["scan_id"], "state")["state"], "running")
        grouped = self.act(lambda env: env["crm.lead.duplicate.group"].scan_groups())
        self.assertFalse(grouped["scan_id"])

    def test_while_all_is_compared_at_one_stroke_others_wait_their_turn(self):
        self.put_in_queue()
        scan_id = self.start()
        with self.registry.cursor() as scanning:
            self.assertTrue(self.environment(scanning)["crm.lead.match"]._works_alone())
            self.settle()
            self.assertEqual(self.act(lambda env: self.queue(env)._count_waiting()), len(self.ids))
            self.assertEqual(self.read(scan_id, "state")["state"], "running")

    def test_a_scan_that_nobody_works_on_is_done_by_the_one_stroke(self):
        scan_id = self.start()
        report = self.scan()
        self.assertFalse(report["scan_id"])
        scan = self.read(scan_id, "state", "total", "compared", "pairs", "awaiting")
        self.assertEqual(scan["state"], "done")
        self.assertEqual((scan["compared"], scan["pairs"]), (report["compared"], report["pairs"]))
        # leads and scan may be of the same second
        self.act(
            lambda env: env.cr.execute(
                "UPDATE crm_lead_scan SET started_on = started_on + interval '1 minute'"
            )
        )
        self.assertTrue(self.act(lambda env: env["crm.lead.scan"]._nothing_changed()))

    def test_a_scan_that_is_being_worked_on_is_not_disturbed_between_two_parts(self):
        scan_id = self.start()
        with self.registry.cursor() as cr:
            scans = self.environment(cr)["crm.lead.scan"]
            for _part in range(2):
                scans._work_on(scans.browse(scan_id), scans._next_batch())
                cr.commit()
        self.act(lambda env: env["ir.cron.trigger"].search([]).unlink())
        self.assertEqual(self.scan()["scan_id"], scan_id)
        woken = self.act(lambda env: env["ir.cron.trigger"].search([]).cron_id.mapped("code"))
        self.assertIn("model._cron_work_off()", woken, "who works on it is woken up, had they kept away")
        self.work()
        self.assertEqual(self.read(scan_id, "state")["state"], "done")

    def test_where_somebody_changes_a_lead_meanwhile_the_background_goes_on(self):
        write = self.registry["crm.lead.duplicate"]._write_scanned

        def disturbed(pairs, *args):
            write(pairs, *args)
            raise SerializationFailure

        with patch.object(self.registry["crm.lead.duplicate"], "_write_scanned", disturbed):
            report = self.scan()
        self.assertTrue(report["scan_id"])
        self.work()
        self.assertEqual(self.read(report["scan_id"], "state")["state"], "done")

    def test_the_queue_leaves_the_counts_to_a_scan_that_is_yet_to_count(self):
        terms, counted = self.registry["crm.lead.match.term"], []
        recount = terms._recount

        def count(one):
            counted.append(True)
            return recount(one)

        self.act(lambda env: env.cr.execute("DELETE FROM crm_lead_match_term"))
        self.start()
        self.put_in_queue()
        with patch.object(terms, "_recount", count):
            self.act(lambda env: self.queue(env)._cron_work_off())
            self.assertFalse(counted)
            self.work()
            self.assertEqual(len(counted), 1)
