"""Old links to a merged lead, in mails and bookmarks, lead to the survivor."""

import re

from odoo.http import request, route

from odoo.addons.mail.controllers.mail import MailController
from odoo.addons.web.controllers.home import Home

# the last two parts of a path in the web client: an action (or a model), and a record
RECORD_PATH = re.compile(r"^(?P<start>.*?)(?P<action>[^/]+)/(?P<id>\d+)$")


def survivor_of(lead_id):
    """Return the id of the lead that ``lead_id`` was merged into, or None."""
    # sudo: where a link leads; the target checks the access
    return request.env["crm.lead"].sudo()._merge_resolve([lead_id]).get(lead_id)


class MergedLeadMail(MailController):
    @classmethod
    def _redirect_to_record(cls, model, res_id, access_token=None, **kwargs):
        if model == "crm.lead" and res_id:
            res_id = survivor_of(int(res_id)) or res_id
        return super()._redirect_to_record(model, res_id, access_token=access_token, **kwargs)


class MergedLeadHome(Home):
    @route()
    def web_client(self, s_action=None, **kw):
        target = self._merged_lead_path(kw.get("subpath"))
        if target:
            return request.redirect(target)
        return super().web_client(s_action, **kw)

    def _merged_lead_path(self, subpath):
        """Return the path of the survivor's form for that of a merged lead, or None."""
        match = RECORD_PATH.match(subpath or "")
        if not match or not request.db or not request.session.uid:
            return None
        survivor_id = survivor_of(int(match["id"]))
        if not survivor_id or not self._shows_leads(match["action"]):
            return None
        return f"/odoo/{match['start']}{match['action']}/{survivor_id}"

    def _shows_leads(self, action):
        """Whether a part of a path stands for leads: the model itself, or an action on it."""
        if action in ("crm.lead", "m-crm.lead"):
            return True
        # sudo: only the model of an action is looked at
        actions = request.env["ir.actions.act_window"].sudo()
        if action.startswith("action-"):
            reference = action.removeprefix("action-")
            if reference.isdigit():
                return actions.browse(int(reference)).exists().res_model == "crm.lead"
            record = request.env.ref(reference, raise_if_not_found=False)
            return (
                record is not None and record._name == actions._name and record.sudo().res_model == "crm.lead"
            )
        return bool(
            actions.search_count([("path", "=", action), ("res_model", "=", "crm.lead")], limit=1)
        ) or (action == "crm")
