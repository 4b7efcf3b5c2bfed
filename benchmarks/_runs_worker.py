"""Merges all certain groups in the database of an Odoo shell, takes that back, and compares; prints figures.

Run by ``runs.py``: ``env`` is the shell's, ``LEADS`` comes from the environment. All of it is committed.
"""

import json
import os
import sys
import time
from itertools import combinations

from odoo.tools import split_every

from odoo.addons.openfire_leads.tests.merge.merge_common import differences, dump_rows

sys.path.insert(0, os.environ["BENCHMARKS"])
from _french_leads import french_leads

# what follows the pairs, the journal, and what is written on purpose
OWN = ("crm_lead_duplicate_group", "crm_lead_duplicate_group_lead_rel", "crm_lead_merge_run",
       "crm_lead_merge_run_line", "crm_lead_merge_run_res_company_rel", "crm_lead_regroup_queue",
       "crm_lead_match_judgement", "orm_signaling_default", "orm_signaling_stable",
       "ir_cron_trigger", "ir_cron_progress", "ir_config_parameter")  # fmt: skip
SAME = ["contact_name", "partner_name", "phone", "street", "zip", "city"]
COUNT = int(os.environ["LEADS"])
figures = {}
env = env(user=env.ref("base.user_admin").id, context={"tracking_disable": True})  # noqa: F821


def timed(name, call):
    start = time.perf_counter()
    result = call()
    env.cr.commit()
    figures[name] = time.perf_counter() - start
    return result


def make():
    """Make the leads; return ``{lead id: requester}``."""
    env["crm.lead"].with_context(active_test=False).search([]).unlink()
    rows = french_leads(int(COUNT * 0.78), seed=7, again=0.105, noise=0.5)[:COUNT]
    country = env.ref("base.fr").id
    requester = {}
    for batch in split_every(1000, rows, list):
        leads = env["crm.lead"].create([
            {
                **{name: row[name] or False for name in SAME},
                "name": row["name"] or "-",
                "email_from": row["email"] or False,
                "country_id": country if row["country_code"] else False,
                "type": "lead",
                "user_id": False,
            }
            for row in batch
        ])  # fmt: skip
        requester.update(zip(leads.ids, (row["cluster_id"] for row in batch), strict=True))
        env.cr.commit()
        env.invalidate_all()
    return requester


requester = make()
figures["leads"] = len(requester)
figures["duplicates"] = 1 - len(set(requester.values())) / len(requester)
groups, runs = env["crm.lead.duplicate.group"], env["crm.lead.merge.run"]
scanned = timed("scan", groups.scan_groups)
figures.update(groups=scanned["groups"], certain=scanned["certain"])
timed("dry_run", groups.merge_certain)
env.cr.execute("ANALYZE")
env.cr.commit()
before = dump_rows(env)


def merge():
    told = groups.merge_certain(dry_run=False)
    env.cr.commit()
    runs.sudo()._cron_work_off()
    return runs.browse(told["run_id"])


run = timed("merge", merge)
figures.update(merged=run.merged_count, left_out=run.left_out or "none", failed=run.failed_count)
joined = [
    [requester[lead_id] for lead_id in line.lead_res_ids] for line in run.line_ids if line.state == "merged"
]
pairs = [one == other for group in joined for one, other in combinations(group, 2)]
figures["precision"] = sum(pairs) / max(len(pairs), 1)
figures["whole"] = sum(len(set(group)) == 1 for group in joined) / max(len(joined), 1)


def undo():
    result = run.action_undo()
    env.cr.commit()
    runs.sudo()._cron_work_off()
    return result


timed("undo", undo)
figures.update(undone=run.undone_count, kept=run.kept_count)
found = differences(before, dump_rows(env), additions=("mail_message", "mail_tracking_value"))
figures["differing"] = [text.split("\n")[0] for text in found if text.split("\n")[0] not in OWN]
for text in found:
    if text.split("\n")[0] not in OWN:
        print(text[:3000], file=sys.stderr)
print("FIGURES " + json.dumps(figures))
