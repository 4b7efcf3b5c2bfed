"""Merge and undo against stock Odoo, both measured in one run.

    ./dev bench merge [--template DATABASE] [--pairs 1000] [--rounds 3]

Two databases are made from the template, one without the addon and one with it; they take turns, and
the best of each one's rounds counts, so that other load on the machine weighs on neither.
"""

import argparse

from _databases import ADDON, odoo, run_worker, sql, template

WORKER = "_merge_worker.py"
# figure, what it is, its peer among stock's (or the addon's own) figures, ratio to reach
ROWS = [
    ("small", "merge of 2 small leads", ("stock", "small"), 1.0),
    ("large", "merge of 5 leads with 500 messages each", ("stock", "large"), 1 / 20),
    ("bulk", "merge of {pairs} pairs in bulk", ("stock", "bulk"), 0.5),
    ("small_undo", "undo of the small one", ("addon", "small"), 2.0),
    ("large_undo", "undo of the large one", ("addon", "large"), 2.0),
]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--template")
    parser.add_argument("--pairs", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    source = template(options.template)
    databases = {"stock": "bench_merge_stock", "addon": "bench_merge_addon"}
    for database in databases.values():
        sql(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        sql(f'CREATE DATABASE "{database}" TEMPLATE "{source}"')
    odoo(databases["addon"], "-i", ADDON, "--stop-after-init")
    best = {"stock": {}, "addon": {}}
    for _round in range(options.rounds):
        for side, database in databases.items():
            for figure, seconds in run_worker(WORKER, database, PAIRS=options.pairs).items():
                best[side][figure] = min(seconds, best[side].get(figure, seconds))
    for figure, what, (side, peer), target in ROWS:
        ours, theirs = best["addon"][figure], best[side][peer]
        verdict = "ok" if ours <= target * theirs else "MISSED"
        print(
            f"merge | {what.format(pairs=options.pairs):42} | {ours * 1000:9.1f} ms |"
            f" {'stock Odoo' if side == 'stock' else 'its merge':10} {theirs * 1000:9.1f} ms |"
            f" {ours / theirs:6.3f} x | to reach {target:.3f} x | {verdict}"
        )
    for database in databases.values():
        sql(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')


if __name__ == "__main__":
    main()
