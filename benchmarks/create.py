"""Creating 1,000 leads, against stock Odoo, both measured in one run.

    ./dev bench create [--template DATABASE] [--leads 20000] [--rounds 3]

Once in one call, as an import does, and once one by one with a commit after each, as people do.
"""

from _databases import analyze, drop, parser, prepare, row, run_worker, take_turns


def main():
    arguments = parser(__doc__, 20_000)
    arguments.add_argument("--count", type=int, default=1000, help="how many leads to create")
    options = arguments.parse_args()
    databases = prepare(options, "create")
    run_worker("_scan_worker.py", databases["addon"], START=1)
    analyze(databases)
    figures = take_turns("_create_worker.py", databases, options.rounds, COUNT=options.count)
    for figure, how in (
        ("bulk", "in one call"),
        ("loop", "in a loop, one transaction"),
        ("single", "a commit after each"),
    ):
        what = f"creating {options.count:,} leads, {how}"
        row("create", what, figures["addon"][figure], figures["stock"][figure], 1.25)
    if not options.keep:
        for database in databases.values():
            drop(database)


if __name__ == "__main__":
    main()
