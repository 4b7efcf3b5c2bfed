"""Works on the scan that is running, as a scheduled action does, under Odoo's usual limit of memory; prints figures.

With ``START`` it starts one first.
"""

import json
import os
import resource
import time
from collections import Counter

from odoo.addons.openfire_leads.models.scan import crm_lead_scan_batch

# Odoo's own default of ``limit_memory_hard``
LIMIT = 2560 * 1024 * 1024
resource.setrlimit(resource.RLIMIT_AS, (LIMIT, resource.RLIM_INFINITY))
scans = env["crm.lead.scan"].sudo()  # noqa: F821
names = {
    value: name.lower()
    for name, value in vars(crm_lead_scan_batch).items()
    if name.isupper() and isinstance(value, int) and value < crm_lead_scan_batch.DONE
}
seconds, parts, step = Counter(), Counter(), type(scans)._step


def timed(self, scan, batch):
    begun = time.perf_counter()
    try:
        return step(self, scan, batch)
    finally:
        seconds[names[batch.step]] += time.perf_counter() - begun
        parts[names[batch.step]] += 1


type(scans)._step = timed
if os.environ["START"] == "1":
    scans._start()
    env.cr.commit()  # noqa: F821
patience = time.monotonic() + 120
while not (scan := scans._running()) and time.monotonic() < patience:  # another process starts it
    env.cr.rollback()  # noqa: F821
    time.sleep(0.2)
start = time.perf_counter()
while scan and scan.state == "running":
    scans._cron_work_off()
    env.cr.commit()  # noqa: F821
    env.invalidate_all()  # noqa: F821
    time.sleep(0.05)
took = time.perf_counter() - start
print("FIGURES " + json.dumps({
    "seconds": took,
    "state": scan.state,
    "error": scan.error or "",
    "steps": {name: [round(value, 2), parts[name]] for name, value in seconds.items()},
    "compared": scan.compared,
    "pairs": scan.pairs,
    "groups": scan.groups,
    "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
}))  # fmt: skip
