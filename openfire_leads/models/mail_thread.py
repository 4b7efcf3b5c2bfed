"""The mail gateway: tell requests from automatic answers, and replies from requests.

Odoo's gateway makes a lead of every out-of-office answer.
"""

import logging
import re

from odoo import api, models
from odoo.tools import email_normalize
from odoo.tools.mail import decode_message_header, email_split_and_format

_logger = logging.getLogger(__name__)

# not "list": a list hands on what people write, to contact@ for instance
_AUTOMATIC_PRECEDENCE = {"auto_reply", "auto-reply", "bulk", "junk"}
_AUTOMATIC_HEADERS = ("X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Auto-Reply")
# Subjects that mail programs give to their out-of-office answers; those that send no header at all are caught
# by these. The colon is part of it: "Absent du bureau" alone may begin a human sentence.
_AUTOMATIC_SUBJECT = re.compile(
    r"^\s*(automatic reply|auto(matic)?[ -]?(reply|response)|out of (the )?office( auto[ -]?reply)?|"
    r"réponse automatique( d'absence)?|absent(e)? du bureau|absence du bureau|message d'absence|"
    r"automatische antwort|abwesenheitsnotiz|respuesta automática|risposta automatica)\s*:",
    re.IGNORECASE,
)


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def message_route(self, message, message_dict, model=None, thread_id=None, custom_values=None):
        """Extend what becomes of a mail.

        * A reply is known by In-Reply-To also when References name nothing but mails of others.
        * A mail that is not a request makes no lead; it still joins the thread of the lead that it answers.
        """
        references, in_reply_to = message_dict.get("references") or "", message_dict.get("in_reply_to") or ""
        if references and in_reply_to and in_reply_to not in references:
            message_dict["references"] = f"{references} {in_reply_to}"
        routes = super().message_route(
            message, message_dict, model=model, thread_id=thread_id, custom_values=custom_values
        )
        if not any(self._route_makes_lead(route) for route in routes):
            return routes
        reason = self._why_no_request(message, message_dict)
        if not reason:
            self._take_requester(message, message_dict)
            return routes
        _logger.info(
            "No lead is made of the mail from %s to %s with Message-Id %s: %s",
            message_dict.get("email_from"),
            message_dict.get("to"),
            message_dict.get("message_id"),
            reason,
        )
        return [route for route in routes if not self._route_makes_lead(route)]

    @api.model
    def _route_makes_lead(self, route):
        route_model, res_id = route[:2]
        return route_model == "crm.lead" and not res_id

    @api.model
    def _why_no_request(self, message, message_dict):
        """Return why this mail is not a request to make a lead of, for the log, or False.

        * The senders that the administrator allows (the gateway's “allowed senders”) always make one: the
          directories that send requests by machine.
        * An automatic answer, by its headers or by the subject that mail programs give it.
        * A mail from one of our own addresses, unless it names somebody else to reply to (a contact form).
        """
        sender = email_normalize(message_dict.get("email_from") or "")
        # sudo: the gateway's user may be anybody
        allowed = self.env["mail.gateway.allowed"].sudo()
        if sender and allowed.search_count([("email_normalized", "=", sender)], limit=1):
            return False
        return self._why_automatic(message, message_dict) or self._why_own_mail(message, sender)

    @api.model
    def _why_automatic(self, message, message_dict):
        submitted = (message.get("Auto-Submitted") or "no").split(";")[0].strip().lower()
        if submitted != "no":
            return f"Auto-Submitted: {submitted}"
        precedence = (message.get("Precedence") or "").strip().lower()
        if precedence in _AUTOMATIC_PRECEDENCE:
            return f"Precedence: {precedence}"
        suppress = (message.get("X-Auto-Response-Suppress") or "none").strip().lower()
        if suppress != "none":
            return f"X-Auto-Response-Suppress: {suppress}"
        for header in _AUTOMATIC_HEADERS:
            if (message.get(header) or "no").strip().lower() != "no":
                return header
        if _AUTOMATIC_SUBJECT.match(message_dict.get("subject") or ""):
            return "out-of-office subject"
        return False

    @api.model
    def _why_own_mail(self, message, sender):
        reply_to = email_normalize(decode_message_header(message, "Reply-To")) or sender
        addresses = {sender, reply_to} - {False}
        return bool(addresses and addresses <= self._own_addresses(addresses)) and (
            "sent from one of our own addresses"
        )

    @api.model
    def _take_requester(self, message, message_dict):
        """Take whom to reply to for the requester, where a contact form sends from one of our own addresses."""
        sender = email_normalize(message_dict.get("email_from") or "")
        reply_to = email_split_and_format(decode_message_header(message, "Reply-To"))
        if reply_to and sender and self._own_addresses({sender}):
            message_dict["email_from"] = message_dict["from"] = reply_to[0]

    @api.model
    def _own_addresses(self, addresses):
        """Return which of some normalized addresses are our own, as a set."""
        # sudo: the gateway's user may be anybody
        return set(self.env["mail.alias.domain"].sudo()._find_aliases(list(addresses)))
