"""Fills the database of an Odoo shell with made-up leads, by SQL: creating them is another benchmark."""

import json
import os
import sys

sys.path.insert(0, os.environ["BENCHMARKS"])
from _made_up_leads import made_up_leads

COLUMNS = ["name", "contact_name", "partner_name", "email_from", "phone", "street", "zip", "city"]
cr = env.cr  # noqa: F821
user, team = env.ref("base.user_admin"), env["crm.team"].search([], limit=1)  # noqa: F821
stage = env["crm.stage"].search([], limit=1)  # noqa: F821
count = int(os.environ["LEADS"])
leads = list(made_up_leads(count))
for first in range(0, count, 10_000):
    batch = leads[first : first + 10_000]
    rows = [[lead[column] for column in COLUMNS] for lead in batch]
    cr.execute(
        f"""
        INSERT INTO crm_lead ({", ".join(COLUMNS)}, email_normalized, email_domain_criterion, phone_sanitized,
               country_id, type, active, user_id, team_id, stage_id, won_status, probability,
               automated_probability, priority, create_uid, write_uid, create_date, write_date)
        SELECT {", ".join(COLUMNS)}, lower(email_from), lower(email_from), phone,
               (SELECT id FROM res_country WHERE code = 'FR'),
               CASE WHEN random() < 0.5 THEN 'lead' ELSE 'opportunity' END, true, %s, %s, %s, 'pending', 10,
               10, '0', 1, 1, now() at time zone 'UTC', now() at time zone 'UTC'
          FROM unnest({", ".join(["%s::text[]"] * len(COLUMNS))}) AS made ({", ".join(COLUMNS)})
        """,  # the columns are those above
        [user.id, team.id, stage.id, *([row[i] for row in rows] for i in range(len(COLUMNS)))],
    )
cr.commit()
print("FIGURES " + json.dumps({"leads": count}))
