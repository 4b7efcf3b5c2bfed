"""What the programs have in common that are other servers in the tests: see ``killed.py``, which starts them."""

import json
import sys

from odoo.modules import initialize_sys_path
from odoo.orm.registry import Registry
from odoo.tools import config


def task_of_input():
    """Return the registry of the database that the first line of the input names, and what else that line says.

    The line is JSON: the server's options, the database, and the task.
    """
    task = json.loads(sys.stdin.readline())
    config.parse_config([])
    for name, value in task.pop("options").items():
        config[name] = value
    initialize_sys_path()
    return Registry(task.pop("database")), task


def wait_to_be_killed(env):
    """Tell the id of the connection, with all that is pending written, and wait for the end."""
    env.flush_all()
    env.cr.execute("SELECT pg_backend_pid()")
    print(*env.cr.fetchone(), flush=True)
    sys.stdin.read()
    sys.exit("nobody ended this process")
