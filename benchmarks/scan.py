"""The scan of all leads in the background, and Splink on the same leads in the same run.

    ./dev bench scan [--leads 10000,100000,1000000] [--workers 2] [--keep]

For each number of leads a database is filled with the French leads of the generator (``_french_leads``, medium
difficulty), the addon is installed, and workers, each a process with Odoo's usual limit of memory, do what the
scheduled actions do: first with nothing stored, then again with all keys present. Splink reads the same leads from
PostgreSQL and writes its pairs there. F1 is that of the stored pairs, for Splink at the threshold that is best
afterwards; of the stored pairs also after both were grouped.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from _databases import HERE, copy, drop, odoo, row_alone, run_worker, sql, template

TABLES = ("crm_lead_match", "crm_lead_match_key", "crm_lead_match_term")
QUALITY = """
    WITH real AS (
        SELECT sum(n * (n - 1) / 2)::float AS pairs
          FROM (SELECT count(*) AS n FROM bench_requester GROUP BY requester) each
    ), found AS (
        SELECT count(*) AS pairs, count(*) FILTER (WHERE one.requester = two.requester) AS right
          FROM crm_lead_duplicate pair
          JOIN bench_requester one ON one.lead_id = pair.lead_id
          JOIN bench_requester two ON two.lead_id = pair.other_lead_id
         WHERE state = 'suspected'
    )
    SELECT found.right / nullif(found.pairs, 0)::float, found.right / real.pairs,
           2 * found.right / (found.pairs + real.pairs) FROM found, real
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--leads", default="10000,100000", help="how many leads, more than one number by commas"
    )
    parser.add_argument("--workers", type=int, default=2, help="how many processes share the scan")
    parser.add_argument("--template", help="the database to copy; dev's own template by default")
    parser.add_argument(
        "--keep", action="store_true", help="keep the databases, and use them if they are there"
    )
    options = parser.parse_args()
    for leads in map(int, options.leads.split(",")):
        database = f"bench_scan_{leads}"
        measure(database, leads, options)
        if not options.keep:
            drop(database)


def measure(database, leads, options):
    def tell(what, value, unit, target=None):
        row_alone("scan", f"{leads:,} leads: {what}", value, unit, target)

    if not (options.keep and database in {name for (name,) in sql("SELECT datname FROM pg_database")}):
        copy(template(options.template), database)
        run_worker("_fill_french_worker.py", database, LEADS=leads)
        start = time.perf_counter()
        odoo(database, "-i", "openfire_leads", "--stop-after-init", "--max-cron-threads=0")
        tell("installing the addon", time.perf_counter() - start, "s")
        steps(tell, "from nothing", scan(database, options.workers))
        sql("VACUUM ANALYZE", database)
    else:
        scan(database, options.workers)
    again = scan(database, options.workers)
    steps(tell, "keys present", again)
    theirs = splink(database)
    tell("Splink, from PostgreSQL and back", theirs["seconds"], "s")
    tell(
        "all pairs found and stored, keys present, against Splink",
        again["paired"] / theirs["seconds"],
        "x",
        1,
    )
    for table in TABLES:
        ((size,),) = sql(f"SELECT pg_total_relation_size('{table}')", database)
        tell(f"stored in {table}", size / leads, "B a lead")
    ((precision, recall, f1),) = sql(QUALITY, database)
    tell("F1 of the stored pairs", f1, f"(precision {precision:.3f}, recall {recall:.3f})")
    tell("F1 of Splink at its best threshold", theirs["f1"], "")


def scan(database, workers):
    """Scan with so many workers at once; return the figures of all, ``paired`` without the making of groups."""
    with ThreadPoolExecutor(workers) as pool:
        found = list(
            pool.map(
                lambda number: run_worker("_scan_worker.py", database, START=int(not number)), range(workers)
            )
        )
    if found[0]["state"] != "done":
        sys.exit(f"The scan failed: {found[0]['error']}")
    total = {
        name: sum(one["steps"].get(name, [0])[0] for one in found)
        for name in found[0]["steps"] | found[-1]["steps"]
    }
    seconds = found[0]["seconds"]
    return found[0] | {
        "seconds": seconds,
        "paired": seconds - total.get("group", 0),
        "steps": total,
        "megabytes": max(one["megabytes"] for one in found),
    }


def steps(tell, when, found):
    tell(f"scan, {when}", found["seconds"], "s")
    tell(f"scan, {when}, until all pairs are stored", found["paired"], "s")
    for name, seconds in found["steps"].items():
        tell(f"scan, {when}: {name}, all workers", seconds, "s")
    tell(f"memory, {when}", found["megabytes"], "MB", 2560)


def splink(database):
    output = subprocess.run(
        [sys.executable, str(HERE / "_splink_worker.py"), database],
        check=True, text=True, stdout=subprocess.PIPE, env=os.environ,
    ).stdout  # fmt: skip
    line = next(line for line in output.splitlines() if line.startswith("FIGURES "))
    return json.loads(line.removeprefix("FIGURES "))


if __name__ == "__main__":
    main()
