"""Follows one merge from the window in an Odoo shell; prints who calls whom as one line of JSON. Commits nothing.

Run by ``trip.py``: ``env`` is the shell's.
"""

import json
import sys

from odoo.addons import openfire_leads

MODELS = f"{openfire_leads.__path__[0]}/models/"
crossings = {}


def file_of(code):
    """Return in which file of the models a function is, or None."""
    return code.co_filename.removeprefix(MODELS) if code.co_filename.startswith(MODELS) else None


def follow(frame, event, _argument):
    code = frame.f_code
    called = file_of(code)
    if event != "call" or called is None or code.co_name.startswith("<"):
        return
    # whatever lies between, Odoo's own verbs above all, is passed through
    caller = frame.f_back
    while caller is not None and file_of(caller.f_code) is None:
        caller = caller.f_back
    if caller is not None and file_of(caller.f_code) != called:
        crossings.setdefault(f"{called} {code.co_name}", []).append(file_of(caller.f_code))


leads = env["crm.lead"].create(  # noqa: F821
    [
        {
            "name": f"Stove {i}",
            "contact_name": f"Anna Roux {i}",
            "email_from": f"anna{i}@example.com",
            "phone": f"+33 1 02 03 00 0{i}",
            "city": "Lyon" if i else False,
        }
        for i in range(2)
    ]
)
env.flush_all()  # noqa: F821
env.invalidate_all()  # noqa: F821
Window = env["crm.merge.opportunity"].with_context(  # noqa: F821
    active_model="crm.lead", active_ids=leads.ids, active_id=leads[0].id
)
sys.setprofile(follow)
window = Window.create({})
window.action_merge()
env.flush_all()  # noqa: F821
sys.setprofile(None)
env.cr.rollback()  # noqa: F821
print("FIGURES " + json.dumps(crossings))
