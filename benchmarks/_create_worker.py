"""Times creating leads in the database of an Odoo shell; what it commits is deleted again."""

import json
import os
import sys
import time

sys.path.insert(0, os.environ["BENCHMARKS"])
from _made_up_leads import made_up_leads

COUNT = int(os.environ["COUNT"])
Lead = env["crm.lead"].with_user(env.ref("base.user_admin"))  # noqa: F821
cr = env.cr  # noqa: F821
values = [
    {name: value for name, value in lead.items() if value}
    for lead in made_up_leads(3 * COUNT + 1, seed=100 + int(os.environ["ROUND"]))
]
figures, created = {}, []
CHUNKS = 10


def timed(name, call, batch):
    """Time ``call`` on tenths of ``batch``; the median counts for all, so that other load weighs less."""
    size, times = len(batch) // CHUNKS, []
    for first in range(0, size * CHUNKS, size):
        env.flush_all()  # noqa: F821
        start = time.perf_counter()
        call(batch[first : first + size])
        cr.commit()
        times.append(time.perf_counter() - start)
        env.invalidate_all()  # noqa: F821
    figures[name] = 1000 * CHUNKS * sorted(times)[CHUNKS // 2]


def bulk(batch):
    created.extend(Lead.create(batch).ids)


def loop(batch):
    for one in batch:
        created.extend(Lead.create(one).ids)


def single(batch):
    for one in batch:
        created.extend(Lead.create(one).ids)
        cr.commit()
        env.invalidate_all()  # noqa: F821


created.extend(Lead.create(values[-1]).ids)
cr.commit()
timed("bulk", bulk, values[:COUNT])
timed("loop", loop, values[COUNT : 2 * COUNT])
timed("single", single, values[2 * COUNT : 3 * COUNT])
Lead.browse(created).sudo().unlink()
cr.commit()
print("FIGURES " + json.dumps(figures))
