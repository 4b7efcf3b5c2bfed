"""Find the pairs of a labelled set the way users do: as leads in a database, by the addon's own scan.

base = make_base(template)                       # once: a database with the addon and no leads
report, pairs = pairs_through_odoo(rows, base)   # [(record_id, other record_id, score), ...]
"""

import json
import tempfile
from pathlib import Path

from _databases import ADDON, copy, drop, odoo, run_worker, template

BASE, WORK = "bench_accuracy_base", "bench_accuracy"


def make_base(source=None):
    """Make a database with the addon, without leads; return its name."""
    copy(template(source), BASE)
    odoo(BASE, "-i", ADDON, "--stop-after-init")
    return BASE


def pairs_through_odoo(rows, base=BASE, parameters=None):
    """Load ``rows`` (dicts with the columns of the labelled sets) as leads, scan, and return what was found.

    :param parameters: system parameters to set before, e.g. ``{"openfire_leads.suspicion_score": 50}``
    :return: what ``scan`` reports, and ``[(record_id, other_record_id, score), ...]``
    """
    copy(base, WORK)
    with tempfile.TemporaryDirectory() as folder:
        exchange = Path(folder) / "exchange.json"
        exchange.write_text(json.dumps({"rows": rows, "parameters": parameters or {}}), encoding="utf-8")
        report = run_worker("_through_odoo_worker.py", WORK, EXCHANGE=exchange)
        pairs = [tuple(pair) for pair in json.loads(exchange.read_text(encoding="utf-8"))]
    drop(WORK)
    return report, pairs
