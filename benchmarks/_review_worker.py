"""Reviews groups in the database of an Odoo shell, as the page asks for it. Nothing is committed."""

import json
import os
import statistics
import time

env = env(user=env.ref("base.user_admin"))  # noqa: F821
Group = env["crm.lead.duplicate.group"]


def timed(call):
    """Return what ``call`` returns, its milliseconds and its queries, with nothing in memory as in a new request."""
    env.flush_all()
    env.invalidate_all()
    queries, start = env.cr.sql_log_count, time.perf_counter()
    result = call()
    env.flush_all()
    return result, 1000 * (time.perf_counter() - start), env.cr.sql_log_count - queries


Group.review_page([("state", "=", "open")])  # the first request loads code and tables
page, page_time, _queries = timed(lambda: Group.review_page([("state", "=", "open")]))
groups = Group.search([("state", "=", "open")], limit=int(os.environ["COUNT"]) + 1)
groups[0].review_open()
_sheet, open_time, _queries = timed(groups[0].review_open)
times = {}
for group in groups[1:]:
    sheet, *fetched = timed(group.review_sheets)
    _claim, *claimed = timed(group.review_claim)
    (sheet,) = sheet
    steps = [("sheet", fetched), ("claim", claimed)]
    if sheet["preview"] and not sheet["preview"]["blockers"]:
        _told, *merged = timed(
            lambda group=group, sheet=sheet: group.review_merge(sheet["digest"], sheet["lead_ids"])
        )
        steps.append(("merge", merged))
    for name, (milliseconds, queries) in steps:
        times.setdefault(name, []).append(milliseconds)
        times.setdefault(f"{name}_queries", []).append(queries)
figures = {name: round(statistics.median(values), 1) for name, values in times.items()}
figures |= {"groups": page["left"], "page": round(page_time, 1), "open": round(open_time, 1)}
print("FIGURES " + json.dumps(figures))
env.cr.rollback()
