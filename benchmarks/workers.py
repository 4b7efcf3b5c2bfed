"""The first scan of a database that has its leads already: the installation, then one worker and two.

    ./dev bench workers [--template DATABASE] [--leads 40000]

Each worker is a process of its own that does what the scheduled action does. The template is one without the addon.
"""

import time
from concurrent.futures import ThreadPoolExecutor

from _databases import ADDON, copy, drop, odoo, parser, row_alone, run_worker, template

DATABASE, INSTALLED = "bench_workers", "bench_workers_installed"
# seconds until all workers have loaded Odoo
LOADING = 25


def main():
    options = parser(__doc__, 40_000).parse_args()
    copy(template(options.template), DATABASE)
    run_worker("_fill_worker.py", DATABASE, LEADS=options.leads)
    start = time.monotonic()
    odoo(DATABASE, "-i", ADDON, "--stop-after-init")
    where = f"with {options.leads:,} leads there"
    row_alone("workers", f"installing the addon {where}", time.monotonic() - start, "s", None)
    seconds = {}
    for workers in (1, 2):
        copy(DATABASE, INSTALLED)
        environment = {"BEGIN": time.time() + LOADING}
        with ThreadPoolExecutor(workers) as pool:
            waiting = [
                pool.submit(run_worker, "_workers_worker.py", INSTALLED, **environment)
                for _one in range(workers)
            ]
        found = [one.result() for one in waiting]
        seconds[workers] = max(one["seconds"] for one in found)
        told = ", ".join(f"{one['parts']} parts" for one in found)
        row_alone("workers", f"first scan by {workers}: {told}", seconds[workers], "s", None)
    row_alone("workers", "one worker's time, of two workers'", seconds[1] / seconds[2], "x", None)
    if not options.keep:
        drop(DATABASE)
    drop(INSTALLED)


if __name__ == "__main__":
    main()
