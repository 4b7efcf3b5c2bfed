"""Times reading duplicates in the database of an Odoo shell. Nothing is committed."""

import json
import os
import random
import sys
import time

sys.path.insert(0, os.environ["BENCHMARKS"])
from _made_up_leads import made_up_leads

Lead = env["crm.lead"].with_user(env.ref("base.user_admin"))  # noqa: F821
Wizard = env["crm.lead2opportunity.partner"].with_user(env.ref("base.user_admin"))  # noqa: F821
rng = random.Random(3)
ids = Lead.search([("type", "=", "lead"), ("email_from", "!=", False)], order="id").ids
figures = {}


def fresh():
    env.flush_all()  # noqa: F821
    env.invalidate_all()  # noqa: F821


def timed(call):
    fresh()
    start = time.perf_counter()
    call()
    env.flush_all()  # noqa: F821
    env.cr.precommit.run()  # noqa: F821 (what a commit would do first)
    return (time.perf_counter() - start) * 1000


def page():
    return Lead.browse(rng.sample(ids, 80))


page().mapped("duplicate_lead_count")  # warm up
pages = [page() for _i in range(5)]
figures["count"] = min(timed(lambda leads=leads: leads.mapped("duplicate_lead_count")) for leads in pages)


def open_convert(lead_id):
    wizard = Wizard.with_context(active_id=lead_id, active_ids=[lead_id], active_model="crm.lead")
    fields = ["name", "action", "lead_id", "duplicated_lead_ids", "partner_id", "user_id", "team_id"]
    fields += [name for name in ("similar_leads", "similar_partners") if name in wizard._fields]
    wizard.onchange({}, [], {name: {} for name in fields})


sample = rng.sample(ids, 40)
open_convert(sample[0])
figures["convert"] = sorted(timed(lambda lead_id=lead_id: open_convert(lead_id)) for lead_id in sample)[20]

new = [
    {name: value for name, value in lead.items() if value}
    for lead in made_up_leads(100_000, seed=11)
    if lead["email_from"]
][:120]
Lead.create(new[0])
env.cr.precommit.run()  # noqa: F821
created, times = [], []
for values in new[1:101]:
    times.append(timed(lambda values=values: created.append(Lead.create(values))))
figures["create"] = sorted(times)[50]
if hasattr(Lead, "find_duplicates"):
    times = []
    for values in new[101:]:
        unsaved = Lead.new(values)
        times.append(timed(lambda unsaved=unsaved: unsaved._likely_duplicates()))
    for lead in created:
        times.append(timed(lambda lead=lead: lead.find_duplicates(min_score=1)))
    figures["find"] = sorted(times)[int(0.95 * len(times))]
env.cr.rollback()  # noqa: F821
print("FIGURES " + json.dumps(figures))
