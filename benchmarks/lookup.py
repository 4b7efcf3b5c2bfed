"""Reading duplicates in a big database, against stock Odoo, both measured in one run.

    ./dev bench lookup [--template DATABASE] [--leads 100000] [--rounds 3]

``duplicate_lead_count`` of a page of 80 leads, opening the convert window, and, for the addon alone,
``find_duplicates`` of a lead that has just been created.
"""

from _databases import analyze, drop, parser, prepare, row, row_alone, run_worker, take_turns


def main():
    options = parser(__doc__, 100_000).parse_args()
    databases = prepare(options, "lookup")
    scanned = run_worker("_scan_worker.py", databases["addon"], START=1)
    analyze(databases)
    figures = take_turns("_lookup_worker.py", databases, options.rounds)
    ours, stock = figures["addon"], figures["stock"]
    where = f"at {options.leads:,} leads"
    row("lookup", f"duplicate_lead_count of 80 leads {where}", ours["count"], stock["count"], 1.0)
    row("lookup", f"opening the convert window {where}", ours["convert"], stock["convert"], 1.5)
    row("lookup", f"creating one lead {where}", ours["create"], stock["create"], 1.25)
    row_alone("lookup", f"find_duplicates of a new lead {where}, 95th perc.", min(ours["find"]), "ms", 20)
    row_alone("lookup", f"scan {where}", scanned["seconds"], "s", None)
    if not options.keep:
        for database in databases.values():
            drop(database)


if __name__ == "__main__":
    main()
