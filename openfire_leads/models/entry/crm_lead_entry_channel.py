"""By which door a lead came in."""

import threading
from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.http import request

# where a request goes, and by which door its leads come in
DOORS = (
    ("/website/form/", "website"),
    *((path, "api") for path in ("/xmlrpc/", "/jsonrpc", "/json/2/")),
)
WEB_CLIENT = ("/web/dataset/call_kw", "/web/dataset/call_button")
# the verbs by which people make leads there: whatever else they call is a program that makes leads
BY_HAND = {"create", "web_save", "name_create", "copy"}


class CrmLead(models.Model):
    _inherit = "crm.lead"

    # Unknown (empty) of leads from before the addon.
    entry_channel = fields.Selection(
        [
            ("mail", "E-mail"),
            ("website", "Website form"),
            ("livechat", "Live chat"),
            ("import", "Import"),
            ("manual", "By hand"),
            ("api", "API"),
            ("other", "Other"),
        ],
        "Came In By",
        readonly=True,
        copy=False,
        help="How the lead came in; empty where nobody noted it.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        loading = self._loading()
        known = {"import_id": loading.import_id} if loading else {}
        # what a program says itself is respected
        return super().create(
            [{"entry_channel": self._entry_channel(vals), **known, **vals} for vals in vals_list]
        )

    @api.model
    def _entry_channel(self, vals):
        """Return by which door a lead comes in that is about to be created: a value of ``entry_channel``.

        Known without a query, and without the modules of the doors: by what they do. A mail is known by
        :meth:`message_new`.

        :param dict vals: what the lead is created with
        """
        if vals.get("origin_channel_id"):
            # the conversation, which operators and chatbots give a lead that they make of it
            return "livechat"
        if self._loading():
            return "import"
        path = _request_path()
        for start, channel in DOORS:
            if path.startswith(start):
                return channel
        return "manual" if path.startswith(WEB_CLIENT) and _is_made_by_hand() else "other"

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        return super().message_new(msg_dict, custom_values={"entry_channel": "mail", **(custom_values or {})})


def _request_path():
    """Return where the request goes that is being answered, empty where there is none.

    Of calls by XML-RPC and JSON-RPC Odoo keeps the request itself from the models; their thread knows.
    """
    if request:
        return request.httprequest.path
    return urlsplit(getattr(threading.current_thread(), "url", "")).path


def _is_made_by_hand():
    called = request.params if request else {}
    return called.get("model") == "crm.lead" and called.get("method") in BY_HAND
