"""Fills the database of an Odoo shell with French leads (see ``_french_leads``) by COPY: fast, and as Odoo has them.

Whose each lead is stands in the table ``bench_requester``.
"""

import csv
import io
import json
import os
import re
import sys

sys.path.insert(0, os.environ["BENCHMARKS"])
from _french_leads import french_leads

COUNT = int(os.environ["LEADS"])
TYPED = ["name", "contact_name", "partner_name", "street", "zip", "city"]
# leads per requester that the generator makes on average
PER_REQUESTER = 1.53
cr = env.cr  # noqa: F821


def international(phone):
    """Return a French number as ``phone_sanitized`` has it, as far as it is one."""
    digits = re.sub(r"\D", "", phone)
    digits = digits.removeprefix("0033").removeprefix("33") if not digits.startswith("0") else digits[1:]
    digits = digits.removeprefix("033")
    return f"+33{digits}" if len(digits) == 9 else None


def copied(table, columns, rows):
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    file.seek(0)
    cr.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT csv)", file)


cr.execute("CREATE TABLE bench_requester (lead_id integer PRIMARY KEY, requester text NOT NULL)")
cr.execute("SELECT coalesce(max(id), 0) FROM crm_lead")
first = cr.fetchone()[0] + 1
country = env.ref("base.fr").id  # noqa: F821
user, team = env.ref("base.user_admin").id, env["crm.team"].search([], limit=1).id  # noqa: F821
stage = env["crm.stage"].search([], limit=1).id  # noqa: F821
rows = french_leads(int(COUNT / PER_REQUESTER * 1.03), seed=12, again=0.25, noise=0.5)[:COUNT]
columns = [
    "id", *TYPED, "email_from", "email_normalized", "email_domain_criterion", "phone", "phone_sanitized",
    "country_id", "type", "active", "user_id", "team_id", "stage_id", "won_status", "probability",
    "automated_probability", "priority", "create_uid", "write_uid", "create_date", "write_date",
]  # fmt: skip
for start in range(0, len(rows), 100_000):
    batch = rows[start : start + 100_000]
    copied("crm_lead", columns, (
        [
            first + start + number,
            row["name"] or "-",
            *(row[name] for name in TYPED[1:]),
            row["email"],
            row["email"].lower(),
            row["email"].lower(),
            row["phone"],
            international(row["phone"]),
            country if row["country_code"] else None,
            "lead" if number % 2 else "opportunity",
            True, user, team, stage, "pending", 10, 10, "0", 1, 1, "2026-01-01", "2026-01-01",
        ]
        for number, row in enumerate(batch)
    ))  # fmt: skip
    copied("bench_requester", ["lead_id", "requester"], (
        [first + start + number, row["cluster_id"]] for number, row in enumerate(batch)
    ))  # fmt: skip
cr.execute("SELECT setval('crm_lead_id_seq', (SELECT max(id) FROM crm_lead))")
cr.commit()
cr.execute("ANALYZE crm_lead")
cr.commit()
print("FIGURES " + json.dumps({"leads": len(rows)}))
