"""The server killed in the middle of a merge or an undo: a process of its own, ended with SIGKILL."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from odoo import fields
from odoo.tests import get_db_name, tagged
from odoo.tools import config

from .merge_common import CommittedCase, differences, dump_rows

PROCESS = Path(__file__).with_name("merge_killed_process.py")
OPTIONS = ("addons_path", "data_dir", "db_host", "db_port", "db_user", "db_password", "db_sslmode")


@tagged("post_install", "-at_install")
class TestMergeKilled(CommittedCase):
    def make(self, env):
        leads = env["crm.lead"].create([{"name": f"Killed {i}"} for i in range(3)])
        self.ids = leads.ids
        leads[1].write({"city": "Lyon", "tag_ids": [(0, 0, {"name": "Killed"})]})
        leads[1].message_post(body="Hello")
        leads[2].activity_schedule("mail.mail_activity_data_todo", user_id=env.uid)
        self.tag_ids = leads.tag_ids.ids

    def remove(self, env):
        self.merges(env).unlink()
        env["crm.lead"].browse(self.ids).exists().unlink()
        env["crm.tag"].browse(self.tag_ids).unlink()

    def merges(self, env):
        return env["crm.lead.merge"].search([("survivor_res_id", "in", self.ids)])

    def dump(self):
        """Return all rows of all tables, the journal's own among them."""
        with self.registry.cursor() as cr:
            return dump_rows(self.environment(cr), journal=True)

    def kill_half_way(self, verb, ids):
        """Let another server do ``verb``; kill it when it is half-way; wait until the database knows."""
        task = {
            "options": {name: config[name] for name in OPTIONS},
            "database": get_db_name(),
            "verb": verb,
            "ids": ids,
        }
        with subprocess.Popen(
            [sys.executable, str(PROCESS)],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                process.stdin.write(f"{json.dumps(task)}\n")
                process.stdin.flush()
                connection = process.stdout.readline().strip()
            finally:
                process.kill()
        self.assertTrue(connection.isdigit(), "the other server did not get half-way")
        self.wait_for_the_end_of(int(connection))

    def wait_for_the_end_of(self, connection):
        """The database server notices by itself that a client is gone; until then its locks hold."""
        deadline = fields.Datetime.now() + timedelta(minutes=1)
        while fields.Datetime.now() < deadline:
            with self.registry.cursor() as cr:
                cr.execute("SELECT FROM pg_stat_activity WHERE pid = %s", (connection,))
                if not cr.rowcount:
                    return
        self.fail("the connection of the killed server is still there")

    def test_a_merge_killed_half_way_has_not_happened_and_can_be_done_again(self):
        before = self.dump()
        self.kill_half_way("merge", self.ids)
        self.assertFalse(differences(before, self.dump()))
        with self.registry.cursor() as cr:
            env = self.environment(cr)
            leads = env["crm.lead"].browse(self.ids)
            self.assertEqual(leads.exists(), leads)
            self.assertFalse(self.merges(env))
            survivor = leads.merge_opportunity()
            self.assertEqual(leads.exists(), survivor)
            self.assertEqual(survivor.city, "Lyon")
            self.assertTrue(survivor.activity_ids)

    def test_an_undo_killed_half_way_has_not_happened_and_can_be_done_again(self):
        with self.registry.cursor() as cr:
            env = self.environment(cr)
            env["crm.lead"].browse(self.ids).merge_opportunity()
            merge_ids = self.merges(env).ids
        before = self.dump()
        self.kill_half_way("undo", merge_ids)
        self.assertFalse(differences(before, self.dump()))
        with self.registry.cursor() as cr:
            env = self.environment(cr)
            leads = env["crm.lead"].browse(self.ids)
            merge = self.merges(env)
            self.assertEqual((len(leads.exists()), merge.state), (1, "done"))
            merge.action_undo()
            self.assertEqual((leads.exists(), merge.state), (leads, "undone"))
            self.assertEqual(leads.mapped("city"), [False, "Lyon", False])
            self.assertTrue(leads[2].activity_ids)
