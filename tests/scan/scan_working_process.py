"""A server process for ``test_scan_at_once``: works on the queue and on the scan that is running, again and again.

Reads one line of JSON: the server's options, the database. Writes a line once it is at work; ends with its input.
"""

import sys
from pathlib import Path
from threading import Event, Thread
from unittest.mock import patch

from odoo import SUPERUSER_ID, api

sys.path.append(str(Path(__file__).parents[1]))
from server_process import task_of_input


def main(registry):
    from odoo.addons.openfire_leads.models.duplicates import crm_lead_duplicate_compare, match_queue_work
    from odoo.addons.openfire_leads.models.scan import crm_lead_scan_steps

    ended = Event()
    Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    with (
        patch.object(crm_lead_duplicate_compare, "RANGE_LEADS", 20),
        patch.object(crm_lead_scan_steps, "STORE_LEADS", 5),
        patch.object(match_queue_work, "BATCH", 7),
    ):
        print("at work", flush=True)
        while not ended.is_set():
            for model in ("crm.lead.match.queue", "crm.lead.scan"):
                with registry.cursor() as cr:
                    api.Environment(cr, SUPERUSER_ID, {})[model]._cron_work_off()


if __name__ == "__main__":
    registry, task = task_of_input()
    main(registry, **task)
