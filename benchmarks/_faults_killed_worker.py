"""Faults while one does ``VERB``, in the Odoo shell of a database of one's own PostgreSQL; by ``FAULT``.

The work is done by a child of this process, which is killed, or whose PostgreSQL is, at one moment after the other of
the time that it takes. After each the scheduled actions do their work, and everything is looked up.
"""

import json
import logging
import os
import random
import re
import select
import signal
import sys
import time
from contextlib import contextmanager, suppress
from unittest.mock import patch

import invariants
import psycopg2
from _own_postgres import OwnPostgres

import odoo.sql_db
from odoo import SUPERUSER_ID, api

from odoo.addons.openfire_leads.models.review import crm_lead_merge_run_work as run_work
from odoo.addons.openfire_leads.models.scan import crm_lead_scan_steps as scan_steps

PEOPLE, EACH = 40, 3
registry = env.registry  # noqa: F821
# what is logged of faults is what is wanted
logging.disable(logging.CRITICAL)
env.cr.close()  # noqa: F821


@contextmanager
def environment():
    with registry.cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, {"tracking_disable": False})


def alone(function):
    """Call ``function(env)`` in a transaction of its own; return what it returns."""
    with environment() as own:
        return function(own)


# Leads -----------------------------------------------------------------------


def values(number, person=None):
    person = number % PEOPLE if person is None else person
    return {
        "type": "lead",
        "name": f"Stove {number}",
        "contact_name": f"Anna Roux{person} Bel{person}",
        "email_from": f"anna.roux{person}@mail{person}.example",
        "phone": f"06 12 {person % 100:02} 34 {person // 100:02}",
        "user_id": False,
    }


def fill(own):
    leads = own["crm.lead"].create([values(number) for number in range(PEOPLE * EACH)])
    for lead in leads:
        add_to(lead)
    own.cr.commit()
    own["crm.lead.match.queue"]._cron_work_off()
    own["crm.lead.duplicate"].scan()
    own["crm.lead.duplicate.group"]._regroup_all()
    return invariants.remember(own)


def add_to(lead):
    lead.message_post(body=f"own-{lead.id}-", attachments=[("plan.txt", b"a plan")])
    lead.activity_schedule("mail.mail_activity_data_todo", summary=f"own-{lead.id}-")


# Verbs: what is done before, and what is done by the child ------------------------


def merged_ids(own):
    return own["crm.lead.merge"].search([("state", "=", "done")], order="id").ids


def undo_all(own):
    while merge_ids := merged_ids(own)[-20:]:
        own["crm.lead.merge"].browse(merge_ids).action_undo()
        own.cr.commit()
    own["crm.lead.duplicate.group"]._cron_bring_up_to_date()


def groups_of(own):
    groups = own["crm.lead.duplicate.group"].search([("state", "=", "open")], order="id")
    return [group.lead_ids.ids for group in groups if len(group.lead_ids) > 1]


def merge_all(own):
    for lead_ids in groups_of(own)[:15]:
        own["crm.lead"].browse(lead_ids).merge_opportunity()
        own.cr.commit()


def create(own, told):
    start = own["crm.lead"].search_count([])
    for number in range(start, start + 10):
        lead = own["crm.lead"].create(values(number))
        add_to(lead)
        own.cr.commit()
        told(lead.id)


def create_many(own, told):
    start = own["crm.lead"].search_count([])
    leads = own["crm.lead"].create([values(number) for number in range(start, start + 60)])
    own.cr.commit()
    for lead in leads:
        told(lead.id)


def merge(own, told):
    merge_all(own)


def undo(own, told):
    for merge_id in reversed(merged_ids(own)):
        own["crm.lead.merge"].browse(merge_id).action_undo()
        own.cr.commit()


def begin_run(own):
    """Plan a bulk merge of twenty new pairs: what was undone once is left out of another."""
    first = own["crm.lead"].search_count([])
    leads = own["crm.lead"].create(
        [values(first + number, PEOPLE + first + number // 2) for number in range(40)]
    )
    for lead in leads:
        add_to(lead)
    own.cr.commit()
    invariants.settle(own)
    groups = own["crm.lead.duplicate.group"].search([("lead_ids", "in", leads.ids), ("state", "=", "open")])
    user = own.ref("base.user_admin")
    own["crm.lead.merge.run"].with_user(user)._plan_run("selected", groups.with_user(user))._begin("running")


def work_off_run(own, told):
    with patch.object(run_work, "BATCH", 5):
        own["crm.lead.merge.run"]._cron_work_off()


def begin_scan(own):
    undo_all(own)
    own.cr.execute("DELETE FROM crm_lead_duplicate WHERE id % 2 = 0 AND dismissed_digest IS NULL")
    own["crm.lead.scan"]._start()


def work_off_scan(own, told):
    with (
        patch.object(scan_steps, "STORE_LEADS", 20),
        patch.object(scan_steps, "COMPARE_LEADS", 20),
        patch.object(scan_steps, "COMPARE_PAIRS", 200),
    ):
        own["crm.lead.scan"]._cron_work_off()


def run_ended(own):
    run = own["crm.lead.merge.run"].search([], limit=1, order="id desc")
    undone = run.line_ids.filtered(lambda line: line.state != "merged")
    if run.state == "done" and not undone:
        return []
    return [
        f"the bulk merge is {run.state}: {undone.mapped(lambda line: (line.state, line.reason, line.words))}"
    ]


def scan_ended(own):
    scan = own["crm.lead.scan"].search([], limit=1, order="id desc")
    return [] if (scan.state, scan.queued) == ("done", 0) else [f"the scan is {scan.state}: {scan.error}"]


def nothing(own):
    return []


VERBS = {
    "create": (nothing, create, nothing),
    "create many": (nothing, create_many, nothing),
    "merge": (undo_all, merge, nothing),
    "undo": (lambda own: (undo_all(own), merge_all(own)), undo, nothing),
    "bulk merge": (begin_run, work_off_run, run_ended),
    "scan": (begin_scan, work_off_scan, scan_ended),
}


# The child -------------------------------------------------------------------


class Child:
    """A process that does a verb in transactions of its own, and tells what it has committed."""

    def __init__(self, verb):
        odoo.sql_db.close_all()
        reads, writes = os.pipe()
        self.pid = os.fork()
        if not self.pid:
            os.close(reads)
            self.work(verb, writes)
        os.close(writes)
        self.lines, self.reads = b"", reads
        self.backend = self.read_line()

    def work(self, verb, writes):
        def told(what):
            os.write(writes, f"{json.dumps(what)}\n".encode())

        try:
            with environment() as own:
                own.cr.execute("SELECT pg_backend_pid()")
                told(own.cr.fetchone()[0])
                verb(own, told)
            told("done")
        except BaseException as error:  # noqa: BLE001 - told, whatever it is
            with suppress(BaseException):
                told([type(error).__name__, str(error)])
        finally:
            os._exit(0)

    def read_line(self, timeout=60):
        deadline = time.monotonic() + timeout
        while b"\n" not in self.lines:
            if not select.select([self.reads], [], [], max(deadline - time.monotonic(), 0))[0]:
                raise TimeoutError("the child says nothing")
            more = os.read(self.reads, 65536)
            if not more:
                return None
            self.lines += more
        line, self.lines = self.lines.split(b"\n", 1)
        return json.loads(line)

    def rest(self):
        """Wait for the end; return the ids of the leads that it has committed, and how it ended."""
        created, ended = [], "killed"
        while (line := self.read_line(timeout=120)) is not None:
            if isinstance(line, int):
                created.append(line)
            else:
                ended = line
        os.close(self.reads)
        os.waitpid(self.pid, 0)
        return created, ended


# Faults ----------------------------------------------------------------------


def kill_odoo(postgres, child, moment):
    time.sleep(moment)
    with suppress(ProcessLookupError):
        os.kill(child.pid, signal.SIGKILL)


def kill_backend(postgres, child, moment):
    time.sleep(moment)
    with suppress(ProcessLookupError):
        os.kill(child.backend, signal.SIGKILL)


def kill_postgres(postgres, child, moment):
    time.sleep(moment)
    postgres.kill()


@contextmanager
def full_disk(postgres, share):
    """Little room, from next to nothing to a few megabytes."""
    postgres.fill_up(int(2 ** (13 * share)))
    try:
        yield
    finally:
        postgres.make_room()


KILLS = {"odoo": kill_odoo, "backend": kill_backend, "postgres": kill_postgres}


def recovered(postgres, verb, known, created):
    """Have everything done that waits; return what does not hold."""
    postgres.bring_up()
    for attempt in range(20):
        try:
            odoo.sql_db.close_all()
            alone(invariants.settle)
            break
        except psycopg2.OperationalError:  # it has just come up, and lets nobody in yet
            time.sleep(0.3)
            if attempt == 19:
                raise
    known["leads"] += created
    found = alone(lambda own: [*invariants.broken(own, known), *VERBS[verb][2](own)])
    remember_more(known)  # what was committed without being told
    return found


def remember_more(known):
    for what, ids in alone(invariants.remember).items():
        known[what] = sorted({*known[what], *ids})


def main(verb, fault, times):
    postgres = OwnPostgres(home=os.environ["CLUSTER"])
    before, work, _after = VERBS[verb]
    known = alone(fill)
    alone(before)
    remember_more(known)
    start = time.monotonic()
    created, ended = Child(work).rest()
    took = time.monotonic() - start
    found = [] if ended == "done" else [f"without a fault: {ended}"]
    found += recovered(postgres, verb, known, created)
    ends, moments = {}, random.Random(1)
    for number in range(times):
        alone(before)
        remember_more(known)
        share = (number + moments.random()) / times
        if fault == "disk":
            with full_disk(postgres, share):
                created, ended = Child(work).rest()
        else:
            child = Child(work)
            KILLS[fault](postgres, child, took * share)
            created, ended = child.rest()
        how = (
            ended
            if isinstance(ended, str)
            else re.sub('"[^"]*"', "…", f"{ended[0]}: {ended[1].splitlines()[0]}")
        )
        ends[how] = ends.get(how, 0) + 1
        found += [f"{number}: {line}" for line in recovered(postgres, verb, known, created)]
    return {"took": took, "ends": ends, "broken": found, "leads": len(known["leads"])}


print("FIGURES " + json.dumps(main(os.environ["VERB"], os.environ["FAULT"], int(os.environ["TIMES"]))))
sys.stdout.flush()
os._exit(0)
