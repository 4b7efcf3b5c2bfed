"""Finds the pairs of labelled rows in the database of an Odoo shell. Nothing is committed.

Run by ``accuracy.py``: ``env`` is the shell's, ``ROWS`` and ``PAIRS`` name the files to read and to write.
"""

import json
import os
from pathlib import Path

from odoo.tools import split_every

rows = json.loads(Path(os.environ["ROWS"]).read_text(encoding="utf-8"))
env = env(  # noqa: F821
    context={
        "tracking_disable": True,
        "mail_create_nosubscribe": True,
        "mail_create_nolog": True,
        "mail_notrack": True,
    }
)
countries = {country.code: country.id for country in env["res.country"].search([])}
states = {
    (state.country_id.code, name): state.id
    for state in env["res.country.state"].search([])
    for name in (state.code.lower(), state.name.lower())
}
# the demonstration's own leads would count among the figures
env["crm.lead"].with_context(active_test=False).search([]).unlink()


def values(row):
    taken = "name contact_name partner_name phone street street2 zip city".split()  # noqa: SIM905
    return {name: row[name] or False for name in taken} | {
        "name": row["name"] or "-",
        "type": "lead",
        "user_id": False,
        "email_from": row["email"] or False,
        "country_id": countries.get(row["country_code"], False),
        "state_id": states.get((row["country_code"], row["state"].lower()), False),
    }


position = {}
for numbers in split_every(1000, range(len(rows))):
    leads = env["crm.lead"].create([values(rows[number]) for number in numbers])
    position.update(zip(leads.ids, numbers, strict=True))
env["crm.lead.duplicate"].scan()
pairs = env["crm.lead.duplicate"].search_read([], ["lead_id", "other_lead_id", "score"], load=False)
found = [
    (*sorted((position[pair["lead_id"]], position[pair["other_lead_id"]])), pair["score"]) for pair in pairs
]
Path(os.environ["PAIRS"]).write_text(json.dumps(found), encoding="utf-8")
env.cr.rollback()
