"""Counts how often a merge from the window goes from one file of ``openfire_leads/models`` to another.

    ./dev bench trip [--template DATABASE]

The fewer times, the easier a merge is followed by who reads it. Each function by which it goes is told with how often,
and with the files that it is called from.
"""

import argparse

from _databases import ADDON, copy, drop, odoo, run_worker, template

WORKER = "_trip_worker.py"
DATABASE = "bench_trip"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--template")
    options = parser.parse_args()
    copy(template(options.template), DATABASE)
    odoo(DATABASE, "-i", ADDON, "--stop-after-init")
    figures = run_worker(WORKER, DATABASE)
    for function, callers in sorted(figures.items()):
        print(f"{function:70} {len(callers):3} <- {', '.join(sorted(set(callers)))}")
    print(f"{sum(map(len, figures.values()))} times, by {len(figures)} functions")
    drop(DATABASE)


if __name__ == "__main__":
    main()
