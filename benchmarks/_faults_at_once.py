"""Many at once on a few leads: what is merged, undone, written and mailed meanwhile, and what of it is lost.

Each client is a process of its own. It merges leads, undoes merges, comments, files, plans and changes values as the
web client does (tried again where two came in each other's way), and delivers mail as a mail server does (which nobody
tries again). Afterwards everything is counted, then all merges are undone and everything is counted again.
"""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

from _databases import ADDON, copy, drop, odoo, row_alone, run_worker, template

WORKER = "_faults_worker.py"
DATABASE = "bench_faults_addon"


def at_once(options):
    copy(template(options.template), DATABASE)
    odoo(DATABASE, "-i", ADDON, "--stop-after-init")
    run_worker(WORKER, DATABASE, PART="fill", LEADS=options.leads)
    work = partial(run_worker, WORKER, DATABASE, PART="work", SECONDS=options.seconds)
    with ThreadPoolExecutor(options.clients) as pool:
        clients = list(
            pool.map(lambda number: work(CLIENT=number, SEED=options.seed), range(options.clients))
        )
    for what in clients[0]["done"]:
        done, slowest = (
            pick(client[part][what] for client in clients) for pick, part in ((sum, "done"), (max, "slowest"))
        )
        row_alone("faults", f"{what}, the slowest in {slowest:.1f} s", done, "done", None)
    row_alone("faults", "refused with a sentence", sum(client["refused"] for client in clients), "", None)
    row_alone("faults", "failed otherwise", sum(len(client["failed"]) for client in clients), "", 0)
    for error in sorted({error for client in clients for error in client["failed"]}):
        print(f"        | {error}")
    written = [token for client in clients for token in client["written"]]
    found = run_worker(WORKER, DATABASE, PART="count", TOKENS=" ".join(written))
    for what, lost in found.items():
        row_alone("faults", what, len(lost), "", 0)
        for one in lost[:5]:
            print(f"        | {one}")
    if not options.keep:
        drop(DATABASE)
