"""A server process for ``test_merge_killed``: goes half-way through a merge or an undo and waits there to be killed.

Reads one line of JSON: the server's options, the database, what to do (``merge`` or ``undo``) with which ids.
Writes one line, the id of its connection, once it is half-way.
"""

import json
import sys
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.modules import initialize_sys_path
from odoo.orm.registry import Registry
from odoo.tools import config


def main(options, database, verb, ids):
    config.parse_config([])
    for name, value in options.items():
        config[name] = value
    initialize_sys_path()
    registry = Registry(database)
    from odoo.addons.openfire_leads.merging import Restorer

    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})

        def wait_here(*_args, **_kwargs):
            env.flush_all()
            cr.execute("SELECT pg_backend_pid()")
            print(*cr.fetchone(), flush=True)
            sys.stdin.read()
            sys.exit("nobody ended this process")

        if verb == "merge":
            # by now the survivor is written, links are moved, merged leads deleted
            with patch.object(registry["crm.lead"], "_merge_finish", wait_here):
                env["crm.lead"].browse(ids).merge_opportunity()
        else:
            # by now leads are back with their links, the survivor is as the merge left it
            with patch.object(Restorer, "restore_survivor", wait_here):
                env["crm.lead.merge"].browse(ids).action_undo()


if __name__ == "__main__":
    main(**json.loads(sys.stdin.readline()))
