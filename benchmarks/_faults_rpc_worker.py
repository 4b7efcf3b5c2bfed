"""Who prepares and who counts for ``_faults_rpc.py``, in the Odoo shell; by ``PART``."""

import json
import logging
import os
from datetime import datetime, timedelta
from pathlib import Path

import invariants

from odoo.exceptions import UserError

SELLERS = 3
env = globals()["env"]


def fill(count):
    group = env.ref("sales_team.group_sale_salesman_all_leads").id
    users = (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            [
                {
                    "name": f"Seller {number}",
                    "login": f"rpc{number}",
                    "email": f"rpc{number}@own.example",
                    "group_ids": [(4, group)],
                }
                for number in range(SELLERS)
            ]
        )
    )
    expires = datetime.now() + timedelta(days=1)
    keys = [
        env["res.users.apikeys"].with_user(user).sudo()._generate("rpc", "benchmark", expires)
        for user in users
    ]
    leads = env["crm.lead"].create(
        [
            {
                "type": "lead",
                "name": f"Stove {number}",
                "contact_name": f"Anna Roux{number % 20} Bel{number % 20}",
                "email_from": f"anna.roux{number % 20}@mail{number % 20}.example",
            }
            for number in range(count)
        ]
    )
    messages = [lead.message_post(body="own").id for lead in leads]
    env.cr.commit()
    return {"keys": keys, "leads": leads.ids, "messages": messages}


def count(known):
    logging.disable(logging.CRITICAL)
    invariants.settle(env)
    found = {"afterwards": invariants.broken(env, known)}
    merges = env["crm.lead.merge"].search([("state", "=", "done"), ("kind", "=", "merge")], order="id desc")
    stuck = []
    for merge in merges:
        try:
            with env.cr.savepoint():
                merge.action_undo()
        except UserError as error:
            stuck.append(f"merge {merge.id} is not undone: {error}")
    invariants.settle(env)
    there = env["crm.lead"].browse(known["leads"]).exists().ids
    stuck += [f"lead {lead_id} is missing" for lead_id in set(known["leads"]) - set(there)]
    return found | {f"{len(merges)} merges undone": stuck + invariants.broken(env, known)}


if os.environ["PART"] == "fill":
    figures = fill(int(os.environ["LEADS"]))
else:
    figures = count(json.loads(Path(os.environ["KNOWN"]).read_text(encoding="utf-8")))
print("FIGURES " + json.dumps(figures))
