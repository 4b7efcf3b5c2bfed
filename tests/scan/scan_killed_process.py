"""A server process for ``test_scan_interrupted``: works on the scan that is running, stops in the middle of the second
range of leads that is compared, and waits there to be killed.

Reads one line of JSON: the server's options, the database. Writes one line, the id of its connection, once it is there.
"""

import sys
from pathlib import Path
from unittest.mock import patch

from odoo import SUPERUSER_ID, api

sys.path.append(str(Path(__file__).parents[1]))
from server_process import task_of_input, wait_to_be_killed


def main(registry):
    from odoo.addons.openfire_leads.models.duplicates import crm_lead_duplicate_compare

    with registry.cursor() as cr, patch.object(crm_lead_duplicate_compare, "RANGE_LEADS", 20):
        env = api.Environment(cr, SUPERUSER_ID, {})
        compare, ranges = registry["crm.lead.scan"]._step_compare, []

        def compare_two(scans, scan, batch):
            found = compare(scans, scan, batch)
            ranges.append(batch)
            if len(ranges) == 2:
                wait_to_be_killed(env)
            return found

        with patch.object(registry["crm.lead.scan"], "_step_compare", compare_two):
            env["crm.lead.scan"]._cron_work_off()


if __name__ == "__main__":
    registry, task = task_of_input()
    main(registry, **task)
