"""Filling in a lead's form and saving it, against stock Odoo, both measured in one run.

    ./dev bench form [--template DATABASE] [--leads 5000] [--rounds 3] [--count 12]

Nine fields, one after the other, as the web client does: the server is asked after each. Once for persons whom nobody
resembles, once for persons who are there already. Leads of nobody, and in the second row the same again.
"""

from _databases import analyze, drop, parser, prepare, row, row_alone, run_worker, take_turns, typical


def main():
    arguments = parser(__doc__, 5000)
    arguments.add_argument("--count", type=int, default=12, help="how many forms to fill in")
    options = arguments.parse_args()
    databases = prepare(options, "form")
    run_worker("_scan_worker.py", databases["addon"], START=1)
    analyze(databases)
    figures = take_turns("_form_worker.py", databases, options.rounds, COUNT=options.count)
    for figure, whose in (("new", "of a stranger"), ("known", "of somebody who is there")):
        ours, theirs = figures["addon"], figures["stock"]
        row("form", f"a form with nine fields, {whose}", ours[figure], theirs[figure], 1.25)
        mine, other = typical(ours[f"{figure}_queries"], theirs[f"{figure}_queries"])
        row_alone("form", f"queries of it (stock Odoo {other:.0f})", mine, "", None)
    if not options.keep:
        for database in databases.values():
            drop(database)


if __name__ == "__main__":
    main()
