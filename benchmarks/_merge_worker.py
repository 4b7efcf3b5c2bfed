"""Times merges in the database of an Odoo shell; prints one line of JSON. Nothing is committed.

Run by ``merge.py``: ``env`` is the shell's, ``PAIRS`` comes from the environment.
"""

import json
import os
import statistics
import time

from odoo.tools import SQL

PAIRS = int(os.environ["PAIRS"])
Lead = env["crm.lead"]  # noqa: F821
WITH_ADDON = "crm.lead.merge" in env  # noqa: F821
figures = {}


def leads(count):
    tags = env["crm.tag"].search([], limit=3)  # noqa: F821
    return Lead.create(
        [
            {
                "name": f"Stove {i}",
                "contact_name": f"Anna Roux {i}",
                "email_from": f"anna{i}@example.com",
                "phone": f"+33 1 02 03 {i // 100 % 100:02d} {i % 100:02d}",
                "city": "Lyon" if i % 2 else False,
                "tag_ids": [(4, tags[i % len(tags)].id)] if tags else [],
            }
            for i in range(count)
        ]
    )


def settle():
    env.flush_all()  # noqa: F821
    env.invalidate_all()  # noqa: F821


def timed(call):
    settle()
    start = time.perf_counter()
    result = call()
    env.flush_all()  # noqa: F821
    return result, time.perf_counter() - start


def last_merges(count=1):
    return env["crm.lead.merge"].search([], limit=count, order="id desc")  # noqa: F821


def small():
    merges, undos = [], []
    for _turn in range(25):
        pair = leads(2)
        merges.append(timed(pair.merge_opportunity)[1])
        if WITH_ADDON:
            undos.append(timed(last_merges().action_undo)[1])
    figures["small"] = statistics.median(merges[5:])
    if WITH_ADDON:
        figures["small_undo"] = statistics.median(undos[5:])


def written_to(count, messages):
    """Return ``count`` leads with ``messages`` messages each."""
    group = leads(count)
    settle()
    author = env.user.partner_id.id  # noqa: F821
    env.cr.execute(  # noqa: F821
        SQL(
            """INSERT INTO mail_message (model, res_id, message_type, subject, body, author_id, date, message_id)
               SELECT 'crm.lead', l, 'comment', 'Subject ' || i, '<p>Text</p>', %s, now(), '<' || l || '-' || i || '@x>'
                 FROM unnest(%s) l, generate_series(1, %s) i""",
            author,
            group.ids,
            messages,
        )
    )
    return group


def large():
    figures["large"] = timed(written_to(5, 500).merge_opportunity)[1]
    if WITH_ADDON:
        figures["large_undo"] = timed(last_merges().action_undo)[1]


def huge():
    if WITH_ADDON:
        # Odoo merges five leads at most
        env["ir.config_parameter"].set_param("openfire_leads.merge_max_leads", "100")  # noqa: F821
        figures["huge"] = timed(written_to(100, 60).merge_opportunity)[1]
        figures["huge_undo"] = timed(last_merges().action_undo)[1]


def bulk():
    everybody = leads(2 * PAIRS)
    pairs = [everybody[i : i + 2] for i in range(0, len(everybody), 2)]
    if WITH_ADDON:
        figures["bulk"] = timed(lambda: Lead._merge_in_bulk(pairs))[1]
    else:
        figures["bulk"] = timed(lambda: [pair.merge_opportunity() for pair in pairs])[1]


for measure in (small, large, huge, bulk):
    measure()
    env.cr.rollback()  # noqa: F821
    env.invalidate_all(flush=False)  # noqa: F821
print("FIGURES " + json.dumps(figures))
