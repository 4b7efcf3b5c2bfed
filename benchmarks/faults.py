"""Bad days: what comes of leads when servers are killed, the disk is full, leads are locked, and all work at once.

    ./dev bench faults [NAME ...] [--times 5] [--clients 8] [--seconds 60] [--leads 60] [--seed 1] [--template DATABASE]

=========== ==========================================================================================================
at_once     clients in processes of their own merge, undo, comment, file, plan, change and mail on the same few leads
rpc         clients create, convert, merge and undo the same leads by HTTP, on a server with several workers
rpc_crash   the same, while PostgreSQL is killed twice
odoo        Odoo is killed (SIGKILL) while it creates, merges, undoes, merges in bulk, scans
backend     the same with the process of PostgreSQL that serves it
postgres    the same with all of PostgreSQL
disk        the same on a disk with next to no room (only for root, who may mount a small one)
install     Odoo is killed while it installs the addon on a base with leads
locked      somebody holds leads for a minute, while all of this is done
poisoned    the comparison of one lead fails, while all of this is done
=========== ==========================================================================================================

Without a name all of them. Whatever is killed is this benchmark's own. After each fault the scheduled actions do their
work, and what must hold of leads, merges, messages, pairs and groups is looked up (``tests/invariants.py``).
"""

import os
import sys
from functools import partial

from _databases import parser, row_alone
from _faults_at_once import at_once
from _faults_own import install, interrupted, locked, poisoned
from _faults_rpc import rpc

FAULTS = {
    "at_once": at_once,
    "rpc": rpc,
    "rpc_crash": partial(rpc, crashes=2),
    "odoo": partial(interrupted, "odoo"),
    "backend": partial(interrupted, "backend"),
    "postgres": partial(interrupted, "postgres"),
    "disk": partial(interrupted, "disk"),
    "install": install,
    "locked": locked,
    "poisoned": poisoned,
}


def main():
    arguments = parser(__doc__, 60)
    arguments.add_argument("names", nargs="*", metavar="NAME", help=", ".join(FAULTS))
    arguments.add_argument("--clients", type=int, default=8, help="how many work at once")
    arguments.add_argument("--seconds", type=int, default=60, help="how long they work, or leads are held")
    arguments.add_argument("--times", type=int, default=5, help="how often each verb is interrupted")
    arguments.add_argument("--seed", type=int, default=1, help="makes another run of it")
    options = arguments.parse_args()
    unknown = set(options.names) - FAULTS.keys()
    if unknown:
        sys.exit(f"There is no fault {', '.join(sorted(unknown))}: choose of {', '.join(FAULTS)}.")
    for name in options.names or FAULTS:
        if name == "disk" and os.geteuid():
            row_alone("faults", "disk: left out, only root may mount a small one", 0, "", None)
            continue
        FAULTS[name](options)


if __name__ == "__main__":
    main()
