"""A server process for ``test_scan_interrupted``: works on the scan that is running, stops in the middle of the second
range of leads that is compared, and waits there to be killed.

Reads one line of JSON: the server's options, the database. Writes one line, the id of its connection, once it is there.
"""

import json
import sys
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.modules import initialize_sys_path
from odoo.orm.registry import Registry
from odoo.tools import config


def main(options, database):
    config.parse_config([])
    for name, value in options.items():
        config[name] = value
    initialize_sys_path()
    registry = Registry(database)
    from odoo.addons.openfire_leads.models.duplicates import crm_lead_duplicate_compare

    with registry.cursor() as cr, patch.object(crm_lead_duplicate_compare, "RANGE_LEADS", 20):
        env = api.Environment(cr, SUPERUSER_ID, {})
        compare, ranges = registry["crm.lead.scan"]._step_compare, []

        def compare_two(scans, scan, batch):
            found = compare(scans, scan, batch)
            ranges.append(batch)
            if len(ranges) == 2:
                env.flush_all()
                cr.execute("SELECT pg_backend_pid()")
                print(*cr.fetchone(), flush=True)
                sys.stdin.read()
                sys.exit("nobody ended this process")
            return found

        with patch.object(registry["crm.lead.scan"], "_step_compare", compare_two):
            env["crm.lead.scan"]._cron_work_off()


if __name__ == "__main__":
    main(**json.loads(sys.stdin.readline()))
