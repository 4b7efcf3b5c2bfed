"""What is done while somebody holds leads, or while one cannot be compared; or what there is, in the Odoo shell of a
database of one's own; by ``FAULT``."""

import json
import logging
import os
import random
import time
from contextlib import contextmanager
from unittest.mock import patch

import invariants
import psycopg2

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError

from odoo.addons.openfire_leads import matching

registry = env.registry  # noqa: F821
# who waits longer than this waits for who holds a lead
PATIENCE = 8
logging.disable(logging.CRITICAL)
env.cr.close()  # noqa: F821


@contextmanager
def environment():
    with registry.cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, {})


def alone(function):
    with environment() as own:
        return function(own)


def values(number, person):
    """Return those of a lead of one of several people who have nothing in common with each other."""
    chance = random.Random(person)
    first, last = (
        "".join(chance.choice("bdfglmnprst") + chance.choice("aeiou") for _syllable in range(4))
        for _name in "12"
    )
    return {
        "type": "lead",
        "name": f"Stove {number}",
        "contact_name": f"{first.title()} {last.title()}",
        "email_from": f"{first}.{last}@mail{person}.example",
    }


def fill(own):
    leads = own["crm.lead"].create([values(number, number // 3) for number in range(60)])
    for lead in leads:
        lead.message_post(body="own")
    own.cr.commit()
    invariants.settle(own)
    return leads.ids


# Leads held ------------------------------------------------------------------


def merging(own, lead_ids):
    """As who is merging these leads."""
    own.cr.execute("SELECT FROM crm_lead WHERE id = ANY(%s) FOR UPDATE", (lead_ids,))


def saving(own, lead_ids):
    """As who has saved these leads, and whose transaction does not end."""
    for lead in own["crm.lead"].browse(lead_ids):
        lead.contact_name = f"{lead.contact_name} the elder"
    own["crm.lead"]._match_flush()


def create(own, lead_ids):
    own["crm.lead"].create([values(1000 + number, number // 3) for number in range(6)])


def write(own, lead_ids):
    own["crm.lead"].browse(lead_ids[2]).phone = f"06 12 34 {time.monotonic_ns() % 100:02} 56"


def merge(own, lead_ids):
    own["crm.lead"].browse(lead_ids[6:8]).merge_opportunity()


def merge_held(own, lead_ids):
    own["crm.lead"].browse(lead_ids[:2]).merge_opportunity()


def undo(own, lead_ids):
    own["crm.lead.merge"].search([("state", "=", "done")], limit=1).action_undo()


def queue(own, lead_ids):
    own["crm.lead.match.queue"]._append(lead_ids)
    own.cr.commit()
    own["crm.lead.match.queue"]._cron_work_off()


def scan(own, lead_ids):
    own.cr.execute("UPDATE crm_lead_match SET engine = 0 WHERE lead_id = ANY(%s)", (lead_ids[3:9],))
    own["crm.lead.scan"]._start()
    own.cr.commit()
    own["crm.lead.scan"]._cron_work_off()


def group(own, lead_ids):
    own["crm.lead.regroup.queue"]._append_all()
    own.cr.commit()
    own["crm.lead.duplicate.group"]._cron_bring_up_to_date()


def settings(own, lead_ids):
    own["crm.lead.duplicate"]._queue_all()


ACTIONS = {
    "creating similar ones": create,
    "saving a similar one": write,
    "merging others": merge,
    "undoing that": undo,
    "merging the held ones": merge_held,
    "the queue": queue,
    "the scan": scan,
    "the groups": group,
    "having all compared anew": settings,
}


def locked(seconds):
    lead_ids, ends, wrong = alone(fill), {}, []
    known = alone(invariants.remember)
    for hold in (merging, saving):
        for timeout in ("0", "2s"):
            with registry.cursor() as holder:
                hold(api.Environment(holder, SUPERUSER_ID, {}), lead_ids[:2])
                end = time.monotonic() + seconds / 4
                for name, action in ACTIONS.items():
                    how, took = attempt(action, lead_ids, timeout)
                    ends[f"{name}, {how}"] = ends.get(f"{name}, {how}", 0) + 1
                    if took > PATIENCE or how.startswith("failed"):
                        wrong.append(
                            f"{hold.__name__}, lock_timeout {timeout}: {name} took {took:.1f} s: {how}"
                        )
                time.sleep(max(end - time.monotonic(), 0))
                holder.rollback()
    alone(release)
    alone(invariants.settle)
    more = alone(invariants.remember)
    known = {what: sorted({*ids, *more[what]}) for what, ids in known.items()}
    return {"ends": ends, "broken": wrong + alone(lambda own: invariants.broken(own, known))}


def attempt(action, lead_ids, timeout):
    """Return how an action ended, in words, and how many seconds it took; after that it is given up."""
    begun = time.monotonic()
    try:
        with environment() as own:
            own.cr.execute("SELECT set_config('lock_timeout', %s, false)", (timeout,))
            own.cr.execute("SELECT set_config('statement_timeout', %s, false)", (f"{PATIENCE + 2}s",))
            try:
                own.cr.commit()
                action(own, lead_ids)
                own.flush_all()
                own.cr.commit()
                how = "done"
            except UserError as error:
                how = f"refused: {error}"[:70]
            except psycopg2.Error as error:
                how = f"failed: {type(error).__name__} {str(error).splitlines()[0]}"
            own.cr.rollback()
            own.cr.execute("RESET lock_timeout; RESET statement_timeout")
            own.cr.commit()
    except psycopg2.Error as error:
        how = f"failed: {type(error).__name__} {str(error).splitlines()[0]}"
    return how, time.monotonic() - begun


def release(own):
    """What waits for a minute is due, and what a scan holds is free."""
    own.cr.execute("UPDATE crm_lead_match_queue SET not_before = NULL")


# One that cannot be compared -------------------------------------------------------


def poisoned():
    lead_ids = alone(fill)
    poisonous = alone(lambda own: own["crm.lead"].browse(lead_ids[0]).contact_name.split()[1].lower())
    make = matching.Table.__init__

    def failing_make(table, columns, *args):
        if any(poisonous in person.lower() for person in columns.person):
            raise ValueError("poisoned")
        make(table, columns, *args)

    known = alone(invariants.remember)
    ends, wrong = {}, []
    with patch.object(matching.Table, "__init__", failing_make):
        for name in ("creating similar ones", "saving a similar one", "merging others", "undoing that",
                     "merging the held ones", "undoing that", "the queue", "the scan", "the groups"):  # fmt: skip
            how, _took = attempt(ACTIONS[name], lead_ids, "0")
            ends[f"{name}, {how}"] = ends.get(f"{name}, {how}", 0) + 1
            if how.startswith("failed"):
                wrong.append(f"{name}: {how}")
        scan_state = alone(lambda own: own["crm.lead.scan"].search([], limit=1).state)
        failing = alone(lambda own: list(own["crm.lead.match.queue"]._failed()))
        ends[f"the scan is {scan_state}; leads told of as failing"] = len(failing)
        if scan_state != "done" or not 1 <= len(failing) <= 20:
            wrong.append(f"the scan is {scan_state}, {len(failing)} leads fail")
    # put right, as by an upgrade
    alone(invariants.settle)
    more = alone(invariants.remember)
    known = {what: sorted({*ids, *more[what]}) for what, ids in known.items()}
    return {"ends": ends, "broken": wrong + alone(lambda own: invariants.broken(own, known))}


def nothing():
    alone(invariants.settle)
    known = alone(invariants.remember)
    found = alone(lambda own: invariants.broken(own, known))
    return {"ends": {"installed afterwards, leads": len(known["leads"])}, "broken": found}


fault = os.environ["FAULT"]
figures = (
    locked(int(os.environ["SECONDS"]))
    if fault == "locked"
    else {"poisoned": poisoned, "nothing": nothing}[fault]()
)
print("FIGURES " + json.dumps(figures))
