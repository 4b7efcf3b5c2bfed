"""Times what the web client asks for to show leads as a list, a Kanban and a form; prints milliseconds, medians of 15.

Run by ``views.py`` in the Odoo shell of a database: ``env`` is the shell's. Nothing is written.
"""

import json
import random
import time
from statistics import median

from lxml import etree

lead_model = env["crm.lead"].with_user(env.ref("base.user_admin"))  # noqa: F821
OPPORTUNITIES = [("type", "=", "opportunity")]


def shown(view):
    """Return the specification of the fields that a view reads."""
    arch = etree.fromstring(lead_model.get_view(view_type=view)["arch"])
    names = {
        node.get("name")
        for node in arch.iter("field")
        if node.get("optional") != "hide" and not list(node.iterancestors("field"))
    }
    fields = lead_model._fields
    return {
        name: {"fields": {"display_name": {}}} if fields[name].type == "many2one" else {}
        for name in sorted(names & fields.keys())
        if fields[name].type != "properties"
    }


def timed(call):
    times = []
    for _round in range(16):
        env.invalidate_all()  # noqa: F821
        start = time.perf_counter()
        call()
        times.append((time.perf_counter() - start) * 1000)
    return median(times[1:])


listed, cards, form = shown("list"), shown("kanban"), shown("form")
last = lead_model.search(OPPORTUNITIES, order="id desc", limit=1).id
chance = random.Random(4)
print("FIGURES " + json.dumps({
    "list": timed(lambda: lead_model.web_search_read(OPPORTUNITIES, listed, limit=80, count_limit=10001)),
    "kanban": timed(lambda: (
        lead_model.formatted_read_group(OPPORTUNITIES, ["stage_id"], ["__count", "expected_revenue:sum"]),
        lead_model.web_search_read([*OPPORTUNITIES, ("stage_id", "!=", False)], cards, limit=80),
    )),
    "form": timed(lambda: lead_model.browse(last - chance.randrange(100_000)).exists().web_read(form)),
}))  # fmt: skip
