"""Loads a labelled set as leads into the database of an Odoo shell, scans, and hands the pairs back.

Loaded by SQL: what is measured is what is found, not how fast leads are created.
"""

import json
import os
from pathlib import Path

FIELDS = {
    "name": "name",
    "contact_name": "contact_name",
    "partner_name": "partner_name",
    "email": "email_from",
    "phone": "phone",
    "street": "street",
    "street2": "street2",
    "zip": "zip",
    "city": "city",
}
exchange = Path(os.environ["EXCHANGE"])
told = json.loads(exchange.read_text(encoding="utf-8"))
cr = env.cr  # noqa: F821
for key, value in told["parameters"].items():
    env["ir.config_parameter"].set_param(key, value)  # noqa: F821
cr.execute("DELETE FROM crm_lead")
countries = {country.code: country.id for country in env["res.country"].search([])}  # noqa: F821
states = {}
for state in env["res.country.state"].search([]):  # noqa: F821
    for label in (state.name, state.code):
        states[state.country_id.code, label.lower()] = state.id


def state_of(row):
    code, label = row["country_code"], row["state"].strip()
    if not label or code not in countries:
        return None
    if (code, label.lower()) not in states:
        made = env["res.country.state"].create(  # noqa: F821
            {"name": label, "code": f"x{len(states)}", "country_id": countries[code]}
        )
        states[code, label.lower()] = made.id
    return states[code, label.lower()]


rows, lead_ids = told["rows"], {}
for row in rows:
    columns = [*FIELDS.values(), "country_id", "state_id"]
    values = [row[name] or None for name in FIELDS] + [countries.get(row["country_code"]), state_of(row)]
    cr.execute(
        f"""
        INSERT INTO crm_lead ({", ".join(columns)}, type, active, won_status, probability, automated_probability,
                              priority, create_date, write_date)
        VALUES ({", ".join(["%s"] * len(columns))}, 'lead', true, 'pending', 0, 0, '0',
                now() at time zone 'UTC', now() at time zone 'UTC') RETURNING id
        """,  # the columns are those above
        values,
    )
    lead_ids[cr.fetchone()[0]] = row["record_id"]
env.invalidate_all()  # noqa: F821
report = env["crm.lead.duplicate"].scan()  # noqa: F821
cr.execute("SELECT lead_id, other_lead_id, score FROM crm_lead_duplicate WHERE state = 'suspected'")
exchange.write_text(json.dumps([(lead_ids[one], lead_ids[two], score) for one, two, score in cr.fetchall()]))
cr.rollback()
print("FIGURES " + json.dumps(report))
