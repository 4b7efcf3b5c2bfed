"""The database's connection is lost in the middle, or it has no room left: nothing is half done, nobody is blamed."""

from contextlib import contextmanager
from unittest.mock import patch

import psycopg2
from psycopg2.errors import DiskFull

from odoo.sql_db import db_connect
from odoo.tests import get_db_name, tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.openfire_leads.merging import Restorer
from odoo.addons.openfire_leads.tools.transactions import is_conflict, is_outage

from .faults_common import FaultCase, person

LOST = (psycopg2.OperationalError, psycopg2.InterfaceError)
QUIET = ("odoo.sql_db", "odoo.addons.openfire_leads.models.scan.crm_lead_scan_work")


@tagged("post_install", "-at_install", "openfire_faults")
class TestDatabaseGone(FaultCase):
    @contextmanager
    def losing_connection(self, owner, name):
        """Lose the connection when the method ``name`` of ``owner`` is called; the block is to fail for it."""
        method = getattr(owner, name)

        def lose(own, *args, **kwargs):
            own.env.flush_all()
            with db_connect(get_db_name()).cursor() as cr:
                cr.execute("SELECT pg_terminate_backend(%s)", [own.env.cr.connection.info.backend_pid])
            return method(own, *args, **kwargs)

        with patch.object(owner, name, lose), self.assertRaises(LOST), mute_logger(*QUIET):
            yield

    def merges(self, env):
        return env["crm.lead.merge"].search([("survivor_res_id", "in", self.ids)])

    def merge(self, env):
        return env["crm.lead"].browse(self.ids[:2]).merge_opportunity().id

    def test_a_creation(self):
        with self.losing_connection(self.registry["crm.lead.duplicate"], "_refresh"):
            self.act(lambda env: env["crm.lead"].create(person(0)))
        self.assertEqual(self.broken(), [])

    def test_a_merge(self):
        with self.losing_connection(self.registry["crm.lead"], "_merge_finish"):
            self.act(self.merge)
        self.assertEqual(self.broken(), [])
        self.assertEqual(self.act(lambda env: len(env["crm.lead"].browse(self.ids).exists())), len(self.ids))
        self.act(self.merge)
        self.assertEqual(self.broken(), [])

    def test_an_undo(self):
        self.act(self.merge)
        with self.losing_connection(Restorer, "restore_survivor"):
            self.act(lambda env: self.merges(env).action_undo())
        self.assertEqual(self.broken(), [])
        self.act(lambda env: self.merges(env).action_undo())
        self.assertEqual(self.act(lambda env: len(env["crm.lead"].browse(self.ids).exists())), len(self.ids))
        self.assertEqual(self.broken(), [])

    def test_a_bulk_merge(self):
        self.act(self.begin_run)
        with self.losing_connection(self.registry["crm.lead.duplicate.group"], "_note_merged"):
            self.act(lambda env: env["crm.lead.merge.run"]._cron_work_off())
        self.assertEqual(self.broken(), [])
        run = self.act(
            lambda env: env["crm.lead.merge.run"].search([], limit=1).read(["state", "merged_count"])[0]
        )
        self.assertEqual((run["state"], run["merged_count"]), ("done", 3))

    def begin_run(self, env):
        groups = env["crm.lead.duplicate.group"].search(
            [("lead_ids", "in", self.ids), ("state", "=", "open")]
        )
        user = env.ref("base.user_admin")
        env["crm.lead.merge.run"].with_user(user)._plan_run("selected", groups.with_user(user))._begin(
            "running"
        )

    def test_a_scan(self):
        scan_id = self.act(lambda env: env["crm.lead.scan"]._start().id)
        with self.losing_connection(self.registry["crm.lead.scan"], "_step_compare"):
            self.act(lambda env: env["crm.lead.scan"]._cron_work_off())
        self.assertEqual(self.broken(), [])
        self.assertEqual(self.act(lambda env: env["crm.lead.scan"].browse(scan_id).state), "done")

    # no room left

    @contextmanager
    def full_disk(self, model, name):
        def fail(*_args, **_kwargs):
            raise DiskFull("could not extend file")

        with patch.object(self.registry[model], name, fail), self.assertRaises(DiskFull), mute_logger(*QUIET):
            yield

    def test_no_lead_of_the_queue_is_blamed_for_a_full_disk(self):
        self.act(lambda env: env["crm.lead.match.queue"]._append(self.ids))
        with self.full_disk("crm.lead.duplicate", "scan"):
            self.act(lambda env: env["crm.lead.match.queue"]._cron_work_off())
        with self.registry.cursor() as cr:
            queue = self.environment(cr)["crm.lead.match.queue"]
            self.assertFalse(queue._failed())
            self.assertEqual(queue._count_due(), len(self.ids))
        self.assertEqual(self.broken(), [])

    def test_a_full_disk_counts_as_no_attempt_of_a_scan(self):
        scan_id = self.act(lambda env: env["crm.lead.scan"]._start().id)
        for _time in range(7):
            with self.full_disk("crm.lead.scan", "_step_count"):
                self.act(lambda env: env["crm.lead.scan"]._cron_work_off())
        self.assertEqual(self.broken(), [])
        scan = self.act(lambda env: env["crm.lead.scan"].browse(scan_id).read(["state", "error"])[0])
        self.assertEqual((scan["state"], scan["error"]), ("done", False))

    def test_what_ends_the_server_each_time_fails_the_scan_with_a_reason(self):
        scan_id = self.act(lambda env: env["crm.lead.scan"]._start().id)
        self.act(lambda env: env.cr.execute("UPDATE crm_lead_scan_batch SET attempts = 9 WHERE step = 1"))
        with self.assertLogs("odoo.addons.openfire_leads.models.scan.crm_lead_scan_work", "ERROR"):
            self.act(lambda env: env["crm.lead.scan"]._cron_work_off())
        scan = self.act(lambda env: env["crm.lead.scan"].browse(scan_id).read(["state", "error"])[0])
        self.assertEqual(scan["state"], "failed")
        self.assertIn("ended", scan["error"])

    def test_whose_fault_an_error_is(self):
        for name, conflict, outage in (
            ("SerializationFailure", True, False),
            ("DeadlockDetected", True, False),
            ("LockNotAvailable", True, False),
            ("DiskFull", False, True),
            ("AdminShutdown", False, True),
            ("TooManyConnections", False, True),
            ("QueryCanceled", False, False),
            ("UniqueViolation", False, False),
        ):
            error = getattr(psycopg2.errors, name)()
            self.assertEqual((is_conflict(error), is_outage(error)), (conflict, outage), name)
        too_many_columns = SQL("SELECT %s", SQL(", ").join([SQL("1")] * 2000))
        with (
            self.registry.cursor() as cr,
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.OperationalError) as raised,
        ):
            cr.execute(too_many_columns)
        self.assertFalse(is_outage(raised.exception), "what is too much for it is so always")
