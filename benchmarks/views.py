"""Leads as a list, a Kanban and a form in a large base, without the addon and with it.

    ./dev bench views [--leads 1000000] [--rounds 3] [--keep]

Both databases hold the same French leads of the generator; with the addon all of them have been compared and grouped.
"""

from _databases import ADDON, copy, drop, odoo, parser, row, run_worker, sql, take_turns, template


def main():
    options = parser(__doc__, 100_000).parse_args()
    databases = {side: f"bench_views_{side}" for side in ("stock", "addon")}
    if not (
        options.keep
        and set(databases.values()) <= {name for (name,) in sql("SELECT datname FROM pg_database")}
    ):
        copy(template(options.template), databases["stock"])
        run_worker("_fill_french_worker.py", databases["stock"], LEADS=options.leads)
        copy(databases["stock"], databases["addon"])
        odoo(databases["addon"], "-i", ADDON, "--stop-after-init", "--max-cron-threads=0")
        run_worker("_scan_worker.py", databases["addon"], START=1)
        for database in databases.values():
            sql("VACUUM ANALYZE", database)
    found = take_turns("_views_worker.py", databases, options.rounds)
    for view in ("list", "kanban", "form"):
        row("views", f"{view} of {options.leads:,} leads", found["addon"][view], found["stock"][view], 1.0)
    if not options.keep:
        for database in databases.values():
            drop(database)


if __name__ == "__main__":
    main()
