"""Creating 1,000 leads, against stock Odoo, both measured in one run.

    ./dev bench create [--template DATABASE] [--leads 20000] [--rounds 3]

Once in one call, as an import does, and once one by one with a commit after each, as people do.
"""

from _databases import analyze, drop, parser, prepare, row, run_worker


def main():
    arguments = parser(__doc__, 20_000)
    arguments.add_argument("--count", type=int, default=1000, help="how many leads to create")
    options = arguments.parse_args()
    databases = prepare(options, "create")
    run_worker("_scan_worker.py", databases["addon"])
    analyze(databases)
    best = {"stock": {}, "addon": {}}
    for number in range(options.rounds):
        for side, database in databases.items():
            for figure, value in run_worker(
                "_create_worker.py", database, ROUND=number, COUNT=options.count
            ).items():
                best[side][figure] = min(value, best[side].get(figure, value))
    ours, stock = best["addon"], best["stock"]
    row("create", f"creating {options.count:,} leads in one call", ours["bulk"], stock["bulk"], 1.25)
    row(
        "create",
        f"creating {options.count:,} leads in a loop, one transaction",
        ours["loop"],
        stock["loop"],
        1.25,
    )
    row(
        "create",
        f"creating {options.count:,} leads, a commit after each",
        ours["single"],
        stock["single"],
        1.25,
    )
    if not options.keep:
        for database in databases.values():
            drop(database)


if __name__ == "__main__":
    main()
