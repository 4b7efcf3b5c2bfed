"""The full scan of a database, and reading its pairs afterwards.

    ./dev bench scan [--template DATABASE] [--leads 100000]

Stock Odoo has no scan: what it can be compared with is reading ``duplicate_lead_count`` of every lead,
which is measured on a sample in the same run.
"""

from _databases import analyze, drop, parser, prepare, row, row_alone, run_worker


def main():
    options = parser(__doc__, 100_000).parse_args()
    databases = prepare(options, "scan")
    first = run_worker("_scan_worker.py", databases["addon"])
    again = run_worker("_scan_worker.py", databases["addon"])
    analyze(databases)
    counted = {side: run_worker("_lookup_worker.py", name)["count"] for side, name in databases.items()}
    where = f"of {options.leads:,} leads"
    row_alone("scan", f"full scan {where}, keys made on the way", first["seconds"], "s", None)
    row_alone("scan", f"full scan {where}, keys present", again["seconds"], "s", None)
    row_alone("scan", f"pairs compared {where}", again["compared"] / options.leads, "a lead", None)
    row_alone("scan", f"memory {where}", again["megabytes"], "MB", 3000)
    row("scan", f"duplicates {where}, instead of Odoo's button on each",
        [again["seconds"] * 1000], [counted["stock"] / 80 * options.leads], 1.0)  # fmt: skip
    if not options.keep:
        for database in databases.values():
            drop(database)


if __name__ == "__main__":
    main()
