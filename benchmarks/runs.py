"""All certain groups of a base merged by one call, and taken back.

    ./dev bench runs [--template DATABASE] [--leads 20000]

French leads of which 12 % are duplicates of others. Told are the times, how many of the pairs that were merged are one
requester's, and in which tables the database differs afterwards from what it was: the journal's and the chatter's only.
"""

from _databases import ADDON, copy, drop, odoo, parser, row_alone, run_worker, template

DATABASE = "bench_runs"


def main():
    options = parser(__doc__, 20_000).parse_args()
    copy(template(options.template), DATABASE)
    odoo(DATABASE, "-i", ADDON, "--stop-after-init")
    found = run_worker("_runs_worker.py", DATABASE, LEADS=options.leads)
    where = f"of {found['leads']:,} leads, {100 * found['duplicates']:.1f} % of them duplicates"
    row_alone("runs", f"comparing and grouping all {where}", found["scan"], "s", None)
    row_alone(
        "runs",
        f"groups: {found['groups']}, certain: {found['certain']}; dry run",
        found["dry_run"],
        "s",
        None,
    )
    row_alone(
        "runs", f"groups merged: {found['merged']}, left out: {found['left_out']}", found["merge"], "s", 60
    )
    row_alone(
        "runs", f"merges undone: {found['undone']}, not undone: {found['kept']}", found["undo"], "s", None
    )
    shares = f"groups all of one requester: {100 * found['whole']:.2f} %"
    row_alone("runs", f"pairs merged that are one requester's; {shares}", 100 * found["precision"], "%", None)
    print(f"runs    | precision to reach 99.5 %: {'ok' if found['precision'] >= 0.995 else 'MISSED'}")
    print(f"runs    | tables that differ after the undo: {', '.join(found['differing']) or 'none'}")
    if not options.keep:
        drop(DATABASE)


if __name__ == "__main__":
    main()
