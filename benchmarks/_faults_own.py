"""Faults of a PostgreSQL of one's own, each verb on a database of its own."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

from _databases import ADDON, HERE, odoo, row_alone, run_worker, template
from _own_postgres import OwnPostgres

WORKER, HELD_WORKER = "_faults_killed_worker.py", "_faults_held_worker.py"
VERBS = ("create", "create many", "merge", "undo", "bulk merge", "scan")
# megabytes of the disk that is filled up
ROOM = 900
# how many leads there are when the addon is installed
LEADS = 400


@contextmanager
def own_database(options, room=None):
    """Yield a PostgreSQL of one's own with the addon in its database ``base``."""
    with OwnPostgres(room=room) as postgres:
        postgres.bring(template(options.template), "stock")
        postgres.copy("stock", "base")
        odoo("base", "-i", ADDON, "--stop-after-init", *postgres.options())
        yield postgres


def work(postgres, worker, **environment):
    """Run a worker on a copy of ``base``; return its figures."""
    postgres.copy("base", "work")
    try:
        return run_worker(
            worker,
            "work",
            postgres.options(),
            CLUSTER=postgres.home,
            PYTHONPATH=os.pathsep.join([str(HERE), str(HERE.parent / "tests")]),
            **environment,
        )
    finally:
        postgres.bring_up()
        postgres.drop("work")


def tell(name, found):
    """Print how what was tried ended, and what does not hold afterwards."""
    for how, times in sorted(found["ends"].items()):
        row_alone("faults", f"{name}: {how}", times, "times", None)
    row_alone("faults", f"{name}: does not hold afterwards", len(found["broken"]), "", 0)
    for line in found["broken"][:10]:
        print(f"        | {line[:300]}", flush=True)


def interrupted(fault, options):
    """Kill or fill up what ``fault`` names at several moments of each verb."""
    with own_database(options, room=ROOM if fault == "disk" else None) as postgres:
        for verb in VERBS:
            found = work(postgres, WORKER, VERB=verb, FAULT=fault, TIMES=options.times)
            tell(f"{verb}, {fault}", found)


def locked(options):
    with own_database(options) as postgres:
        tell("leads held", work(postgres, HELD_WORKER, FAULT="locked", SECONDS=options.seconds))


def poisoned(options):
    with own_database(options) as postgres:
        tell("one lead cannot be compared", work(postgres, HELD_WORKER, FAULT="poisoned"))


def install(options):
    """Kill Odoo at several moments of the installation on a base with leads; then install."""
    with OwnPostgres() as postgres:
        postgres.bring(template(options.template), "stock")
        run_worker("_fill_worker.py", "stock", postgres.options(), LEADS=LEADS)
        postgres.copy("stock", "work")
        begun = time.monotonic()
        odoo("work", "-i", ADDON, "--stop-after-init", *postgres.options())
        took = time.monotonic() - begun
        for number in range(options.times):
            postgres.copy("stock", "work")
            killed = kill_installation(postgres, took * (number + 0.5) / options.times)
            odoo("work", "-i", ADDON, "--stop-after-init", *postgres.options())
            found = run_worker(
                HELD_WORKER, "work", postgres.options(), FAULT="nothing", CLUSTER=postgres.home,
                PYTHONPATH=os.pathsep.join([str(HERE), str(HERE.parent / "tests")]),
            )  # fmt: skip
            tell(f"installation, killed after {killed:.0f} of {took:.0f} s", found)


def kill_installation(postgres, moment):
    command = [sys.executable, "-m", "odoo", "-i", ADDON, "--stop-after-init", *postgres.options()]
    command += ["-d", "work", "--no-http", "--log-level=critical"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        begun = time.monotonic()
        try:
            process.wait(timeout=moment)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
    return time.monotonic() - begun
