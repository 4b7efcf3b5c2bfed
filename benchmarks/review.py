"""The page of groups: the first group, the next one, a verb; on the server, without the web client.

    ./dev bench review [--template DATABASE] [--leads 10000] [--count 30]

``--leads``: about how many leads, of French requesters of whom one in four asks again: 10,000 are some 2,000 groups.
"""

from _databases import ADDON, copy, drop, odoo, parser, row_alone, run_worker, sql, template


def main():
    arguments = parser(__doc__, 10_000)
    arguments.add_argument("--count", type=int, default=30, help="how many groups are reviewed")
    options = arguments.parse_args()
    database = "bench_review_addon"
    there = {name for (name,) in sql("SELECT datname FROM pg_database")}
    if not (options.keep and database in there):
        copy(template(options.template), database)
        odoo(database, "-i", ADDON, "--stop-after-init")
        run_worker("_review_fill_worker.py", database, LEADS=options.leads)
        sql("VACUUM ANALYZE", database)
    figures = run_worker("_review_worker.py", database, COUNT=options.count)
    where = f"of {figures['groups']:,} groups"
    row_alone("review", f"the list and the counts {where}", figures["page"], "ms", 500)
    row_alone("review", "opening the first group", figures["open"], "ms", 500)
    for name, what, target in (
        ("claim", "claiming one that was fetched ahead", 50),
        ("sheet", "fetching one ahead", 200),
        ("merge", "merging one", None),
    ):
        row_alone("review", f"{what}, median", figures[name], "ms", target)
        row_alone("review", f"{what}, queries", figures[f"{name}_queries"], "", None)
    if not options.keep:
        drop(database)


if __name__ == "__main__":
    main()
