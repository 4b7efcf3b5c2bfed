"""Times creating leads in the database of an Odoo shell; what it commits is deleted again."""

import json
import os
import sys
import time

sys.path.insert(0, os.environ["BENCHMARKS"])
from _made_up_leads import made_up_leads  # noqa: E402

COUNT = int(os.environ["COUNT"])
Lead = env["crm.lead"].with_user(env.ref("base.user_admin"))  # noqa: F821
cr = env.cr  # noqa: F821
values = [
    {name: value for name, value in lead.items() if value}
    for lead in made_up_leads(3 * COUNT + 1, seed=100 + int(os.environ["ROUND"]))
]
figures, created = {}, []


def timed(name, call):
    env.flush_all()  # noqa: F821
    start = time.perf_counter()
    call()
    cr.commit()
    figures[name] = (time.perf_counter() - start) * 1000


def one_by_one(batch):
    for one in batch:
        created.extend(Lead.create(one).ids)
        cr.commit()
        env.invalidate_all()  # noqa: F821


def loop(batch):
    for one in batch:
        created.extend(Lead.create(one).ids)


created.extend(Lead.create(values[-1]).ids)
cr.commit()
timed("bulk", lambda: created.extend(Lead.create(values[:COUNT]).ids))
timed("loop", lambda: loop(values[COUNT : 2 * COUNT]))
timed("single", lambda: one_by_one(values[2 * COUNT : 3 * COUNT]))
Lead.browse(created).sudo().unlink()
cr.commit()
print("FIGURES " + json.dumps(figures))
