"""Fills the database of an Odoo shell with French leads, compares and groups them."""

import json
import os
import sys

from odoo.tools import split_every

sys.path.insert(0, os.environ["BENCHMARKS"])
from _french_leads import french_leads

env = env(  # noqa: F821
    context={
        "tracking_disable": True,
        "mail_create_nosubscribe": True,
        "mail_create_nolog": True,
        "mail_notrack": True,
    }
)
env["crm.lead"].with_context(active_test=False).search([]).unlink()
france = env.ref("base.fr")
seller = env.ref("base.user_admin")
taken = ("name", "contact_name", "partner_name", "phone", "street", "street2", "zip", "city")
rows = french_leads(round(int(os.environ["LEADS"]) * 0.7))
for batch in split_every(1000, rows):
    env["crm.lead"].create(
        [
            {name: row[name] or False for name in taken}
            | {
                "name": row["name"] or "-",
                "type": "lead",
                "email_from": row["email"] or False,
                "country_id": france.id,
                "user_id": seller.id,
            }
            for row in batch
        ]
    )
    env.cr.commit()
figures = env["crm.lead.duplicate.group"].scan_groups()
env.cr.commit()
print("FIGURES " + json.dumps({"leads": len(rows), "groups": figures["groups"]}))
