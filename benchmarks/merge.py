"""Merge and undo against stock Odoo, both measured in one run.

    ./dev bench merge [--template DATABASE] [--pairs 1000] [--rounds 3]

Two databases are made from the template, one without the addon and one with it; they take turns, and
the round whose ratio is the median one is told, so that what slows the machine weighs on both alike.
"""

import argparse
from statistics import median

from _databases import ADDON, copy, drop, odoo, row, row_alone, take_turns, template

WORKER = "_merge_worker.py"
# figure, what it is, its peer among stock's (or the addon's own) figures, ratio to reach
ROWS = [
    ("small", "merge of 2 small leads", ("stock", "small"), 1.0),
    ("large", "merge of 5 leads with 500 messages each", ("stock", "large"), 1 / 20),
    ("bulk", "merge of {pairs} pairs in bulk", ("stock", "bulk"), 0.5),
    ("small_undo", "undo of the small one", ("addon", "small"), 2.0),
    ("large_undo", "undo of the large one", ("addon", "large"), 2.0),
]
# the same without a peer: Odoo merges no more than five leads; seconds to reach
ALONE = [
    ("huge", "merge of 100 leads with 60 messages each", 2),
    ("huge_undo", "undo of that one", 2),
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
        copy(source, database)
    odoo(databases["addon"], "-i", ADDON, "--stop-after-init")
    figures = take_turns(WORKER, databases, options.rounds, PAIRS=options.pairs)
    for figure, what, (side, peer), target in ROWS:
        row(
            "merge",
            what.format(pairs=options.pairs),
            [1000 * seconds for seconds in figures["addon"][figure]],
            [1000 * seconds for seconds in figures[side][peer]],
            target,
            peer="stock Odoo" if side == "stock" else "its merge",
        )
    for figure, what, target in ALONE:
        row_alone("merge", what, median(figures["addon"][figure]), "s", target)
    for database in databases.values():
        drop(database)


if __name__ == "__main__":
    main()
