"""A server process for ``test_merge_killed``: goes half-way through a merge or an undo and waits there to be killed.

Reads one line of JSON: the server's options, the database, what to do (``merge`` or ``undo``) with which ids.
Writes one line, the id of its connection, once it is half-way.
"""

import sys
from pathlib import Path
from unittest.mock import patch

from odoo import SUPERUSER_ID, api

sys.path.append(str(Path(__file__).parents[1]))
from server_process import task_of_input, wait_to_be_killed


def main(registry, verb, ids):
    from odoo.addons.openfire_leads.merging import Restorer

    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})

        def wait_here(*_args, **_kwargs):
            wait_to_be_killed(env)

        if verb == "merge":
            # by now the survivor is written, links are moved, merged leads deleted
            with patch.object(registry["crm.lead"], "_merge_finish", wait_here):
                env["crm.lead"].browse(ids).merge_opportunity()
        else:
            # by now leads are back with their links, the survivor is as the merge left it
            with patch.object(Restorer, "restore_survivor", wait_here):
                env["crm.lead.merge"].browse(ids).action_undo()


if __name__ == "__main__":
    registry, task = task_of_input()
    main(registry, **task)
