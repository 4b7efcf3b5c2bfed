"""Times filling in and saving a lead's form in the database of an Odoo shell; nothing of it is kept."""

import json
import os
import sys
import time

sys.path.insert(0, os.environ["BENCHMARKS"])
from _made_up_leads import made_up_leads

from odoo.tests import Form

COUNT = int(os.environ["COUNT"])
FIELDS = (
    "name",
    "contact_name",
    "partner_name",
    "email_from",
    "phone",
    "street",
    "zip",
    "city",
    "country_id",
)
Lead = env["crm.lead"].with_user(env.ref("base.user_admin")).with_context(default_type="lead")  # noqa: F821
Country = env["res.country"].with_user(Lead.env.user)  # noqa: F821
FRANCE = env.ref("base.fr").id  # noqa: F821
cr = env.cr  # noqa: F821
seed = 500 + int(os.environ["ROUND"])
strangers = list(made_up_leads(COUNT + 1, seed=seed))
known = Lead.search_read([("email_from", "!=", False), ("street", "!=", False)], FIELDS, limit=COUNT)


def entered(values):
    """Return what is typed for ``values``, field by field."""
    country = values.get("country_id")
    typed = {name: values.get(name) or "-" for name in FIELDS}
    return {**typed, "country_id": Country.browse(country[0] if country else FRANCE)}


def fill_in(values):
    """Return milliseconds and queries."""
    typed = entered(values)
    env.invalidate_all()  # noqa: F821
    start, queries = time.perf_counter(), cr.sql_log_count
    with Form(Lead) as form:
        for name, value in typed.items():
            setattr(form, name, value)
    cr.flush()
    return 1000 * (time.perf_counter() - start), cr.sql_log_count - queries


def median(numbers):
    return sorted(numbers)[len(numbers) // 2]


fill_in(strangers[-1])
figures = {}
for name, people in (("new", strangers[:COUNT]), ("known", known)):
    times, queries = zip(*map(fill_in, people), strict=True)
    figures[name], figures[f"{name}_queries"] = median(times), median(queries)
cr.rollback()
print("FIGURES " + json.dumps(figures))
