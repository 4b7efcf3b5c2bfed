"""A server killed at its work: a process of its own, ended with SIGKILL."""

import json
import os
import subprocess
import sys
import time

from odoo.tests import get_db_name
from odoo.tools import config

# what another server must know of this one
OPTIONS = ("addons_path", "data_dir", "db_host", "db_port", "db_user", "db_password", "db_sslmode")


def start(script, stderr=None, **task):
    """Start another server that does ``task``.

    :param script: path of its program, which begins with ``server_process.task_of_input``
    :return: the process, with pipes as texts
    """
    task |= {"options": {name: config[name] for name in OPTIONS}, "database": get_db_name()}
    process = subprocess.Popen(
        [sys.executable, str(script)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
    )
    process.stdin.write(f"{json.dumps(task)}\n")
    process.stdin.flush()
    return process


class KillsServer:
    """To be mixed into a test case whose data is committed."""

    def kill_half_way(self, script, **task):
        """Let another server do ``task``; kill it when it is half-way; wait until the database knows.

        :param script: path of the program that is the other server: it reads the task as a line of JSON, with the
            options and the database, and writes the id of its connection once it is half-way
        """
        with start(script, **task) as process:
            try:
                connection = process.stdout.readline().strip()
            finally:
                process.kill()
        self.assertTrue(connection.isdigit(), "the other server did not get half-way")
        self.wait_for_the_end_of(int(connection))

    def wait_for_the_end_of(self, connection):
        """The database server notices by itself that a client is gone; until then its locks hold."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with self.registry.cursor() as cr:
                cr.execute("SELECT FROM pg_stat_activity WHERE pid = %s", (connection,))
                if not cr.rowcount:
                    return
            time.sleep(0.05)
        self.fail("the connection of the killed server is still there")
