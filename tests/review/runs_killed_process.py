"""A server process for ``test_runs_at_once``: works off one batch of a bulk run, and waits to be killed in the second.

Reads one line of JSON: the server's options, the database, the id of the run.
Writes one line, the id of its connection, once leads of the second batch are merged.
"""

import sys
from pathlib import Path
from unittest.mock import patch

from odoo import SUPERUSER_ID, api

sys.path.append(str(Path(__file__).parents[1]))
from server_process import task_of_input, wait_to_be_killed


def main(registry, run_id):
    from odoo.addons.openfire_leads.models.review import crm_lead_merge_run_work as work

    with registry.cursor() as cr, patch.object(work, "BATCH", 2):
        env = api.Environment(cr, SUPERUSER_ID, {})
        run = env["crm.lead.merge.run"].browse(run_id)
        run._work_batch()
        cr.commit()

        def wait_here(*_args, **_kwargs):
            wait_to_be_killed(env)

        # by now the leads of the batch are merged, and their lines are not marked yet
        with patch.object(registry["crm.lead.duplicate.group"], "_note_merged", wait_here):
            run._work_batch()


if __name__ == "__main__":
    registry, task = task_of_input()
    main(registry, **task)
