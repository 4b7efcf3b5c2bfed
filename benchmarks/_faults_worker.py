"""One client of ``faults.py`` in the Odoo shell of its database, or who prepares and who counts there; by ``PART``."""

import json
import logging
import os
import random
import time
from email.message import EmailMessage

import psycopg2

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.service.model import retrying

SELLERS = 3
registry = env.registry  # noqa: F821
part = os.environ["PART"]
# that two come in each other's way is what is wanted
logging.getLogger("odoo.sql_db").setLevel(logging.CRITICAL)


def environment(cr, uid=SUPERUSER_ID):
    return api.Environment(cr, uid, {"tracking_disable": False})


# Preparing -------------------------------------------------------------------


def fill(count):
    env["ir.config_parameter"].set_param("openfire_leads.merge_max_leads", "50")  # noqa: F821
    group = env.ref("sales_team.group_sale_salesman_all_leads").id  # noqa: F821
    env["res.users"].with_context(no_reset_password=True).create(  # noqa: F821
        [
            {
                "name": f"Seller {n}",
                "login": f"faults{n}",
                "email": f"faults{n}@own.example",
                "group_ids": [(4, group)],
            }
            for n in range(SELLERS)
        ]
    )
    leads = env["crm.lead"].create(  # noqa: F821
        [
            {"name": f"Stove {n}", "contact_name": f"Anna Roux {n}", "email_from": f"anna{n}@example.com"}
            for n in range(count)
        ]
    )
    for lead in leads:
        lead.message_post(body=f"own-{lead.id}-", message_type="email", email_from=lead.email_from)
    env["ir.config_parameter"].set_param("bench.leads", json.dumps(leads.ids))  # noqa: F821
    env.cr.commit()  # noqa: F821
    return {}


# Working ---------------------------------------------------------------------


class Client:
    """Somebody who does one thing after the other, each in a transaction of its own."""

    def __init__(self, number, seed):
        self.number, self.random = number, random.Random(1000 * seed + number)
        self.lead_ids = json.loads(env["ir.config_parameter"].get_param("bench.leads"))  # noqa: F821
        self.uid = env["res.users"].search([("login", "=", f"faults{number % SELLERS}")]).id  # noqa: F821
        self.written, self.failed, self.refused = [], [], 0
        self.done, self.slowest = dict.fromkeys(self.actions, 0), dict.fromkeys(self.actions, 0)

    def work(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            name = self.random.choice(list(self.actions))
            start = time.monotonic()
            try:
                token = f"token-{self.number}-{sum(self.done.values())}-{self.refused}-"
                with registry.cursor() as cr:
                    kept = self.actions[name](self, cr, token)
            except UserError:
                self.refused += 1
                continue
            except Exception as error:  # noqa: BLE001 - whatever it is, it is counted
                self.failed.append(f"{name}: {type(error).__name__}: {str(error)[:200]}")
                continue
            self.done[name] += 1
            self.slowest[name] = max(self.slowest[name], time.monotonic() - start)
            if kept:
                self.written.append(f"{token}{name}")

    def as_a_request(self, cr, call):
        """Do what the web client asks for, as the user, tried again where another came in the way."""
        own = environment(cr, self.uid)
        return retrying(lambda: call(own), own)

    def some_lead(self, own):
        return own["crm.lead"].browse(self.random.choice(self.lead_ids))

    def merge(self, cr, token):
        ids = self.random.sample(self.lead_ids, self.random.randint(2, 4))
        self.as_a_request(cr, lambda own: own["crm.lead"].browse(ids).merge_opportunity())

    def undo(self, cr, token):
        def undone(own):
            merges = own["crm.lead.merge"].search([("state", "=", "done")], limit=5)
            if not merges:
                raise UserError("nothing to undo")
            self.random.choice(merges).action_undo()

        self.as_a_request(cr, undone)

    def comment(self, cr, token):
        self.as_a_request(cr, lambda own: self.some_lead(own).message_post(body=token).id)
        return True

    def file(self, cr, token):
        self.as_a_request(
            cr,
            lambda own: (
                self.some_lead(own).message_post(body=token, attachments=[("plan.txt", token.encode())]).id
            ),
        )
        return True

    def plan(self, cr, token):
        self.as_a_request(
            cr,
            lambda own: (
                self.some_lead(own).activity_schedule("mail.mail_activity_data_todo", summary=token).id
            ),
        )

    def change(self, cr, token):
        self.as_a_request(cr, lambda own: self.some_lead(own).write({"referred": token}))

    def mail(self, cr, token):
        """Deliver a reply to what is known of a lead; nobody delivers it again."""
        lead_id = self.random.choice(self.lead_ids)
        cr.execute("SELECT message_id FROM mail_message WHERE body LIKE %s", (f"%own-{lead_id}-%",))
        (parent,) = cr.fetchone()
        cr.rollback()
        message = EmailMessage()
        # Odoo bounces too many mails of one sender, taking them for a loop
        message["From"], message["To"] = f"{token}@example.com", "demandes@leads.example"
        message["Subject"], message["Message-Id"] = "Re: stove", f"<{token}@example.com>"
        message["In-Reply-To"] = message["References"] = parent
        message.set_content(token)
        environment(cr)["mail.thread"].message_process(None, message.as_bytes())
        return True

    actions = {
        "merges": merge,
        "undos": undo,
        "comments": comment,
        "files": file,
        "activities": plan,
        "changed values": change,
        "mails": mail,
    }


# Counting --------------------------------------------------------------------


def count(tokens):
    lead_ids = json.loads(env["ir.config_parameter"].get_param("bench.leads"))  # noqa: F821
    lead_model, merge_model = env["crm.lead"], env["crm.lead.merge"]  # noqa: F821
    into = lead_model._merge_resolve(lead_ids)
    found = {
        "leads that are nowhere": [
            lead_id for lead_id in lead_ids if not lead_model.browse(into.get(lead_id, lead_id)).exists()
        ],
        "written and mailed, then lost": lost(tokens),
    }
    stuck = []
    merges = merge_model.search([("state", "=", "done")])
    for merge in merges:
        try:
            with env.cr.savepoint():  # noqa: F821
                merge.action_undo()
        except (UserError, psycopg2.Error) as error:
            stuck.append(f"{merge.id}: {error}")
    return found | {
        f"of {len(merges)} merges, not undone in the end": stuck,
        "leads missing then": list(set(lead_ids) - set(lead_model.browse(lead_ids).exists().ids)),
        "written and mailed, lost then": lost(tokens),
        "own messages that are not on their own lead then": strayed(lead_ids),
    }


def lost(tokens):
    """Return which of ``tokens`` stand in no message of a lead that exists."""
    env.flush_all()  # noqa: F821
    env.cr.execute(  # noqa: F821
        """SELECT token FROM unnest(%s) token
            WHERE NOT EXISTS (SELECT FROM mail_message message JOIN crm_lead lead ON lead.id = message.res_id
                               WHERE message.model = 'crm.lead'
                                 AND message.body LIKE '%%' || substring(token FROM '.*-') || '%%')""",
        (tokens,),
    )
    return [token for (token,) in env.cr.fetchall()]  # noqa: F821


def strayed(lead_ids):
    env.cr.execute(  # noqa: F821
        """SELECT lead_id FROM unnest(%s) lead_id
            WHERE NOT EXISTS (SELECT FROM mail_message WHERE model = 'crm.lead' AND res_id = lead_id
                               AND body LIKE '%%own-' || lead_id || '-%%')""",
        (lead_ids,),
    )
    return [lead_id for (lead_id,) in env.cr.fetchall()]  # noqa: F821


if part == "fill":
    figures = fill(int(os.environ["LEADS"]))
elif part == "count":
    figures = count(os.environ["TOKENS"].split())
else:
    env.cr.rollback()  # noqa: F821
    client = Client(int(os.environ["CLIENT"]), int(os.environ["SEED"]))
    env.cr.rollback()  # noqa: F821
    client.work(int(os.environ["SECONDS"]))
    figures = {name: getattr(client, name) for name in ("done", "slowest", "refused", "failed", "written")}
print("FIGURES " + json.dumps(figures))
