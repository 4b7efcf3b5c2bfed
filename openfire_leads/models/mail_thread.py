"""The mail gateway: read what broken mails say, and tell requests from automatic answers.

Odoo's gateway fails on a mail whose charset it does not know and makes a lead of every out-of-office answer.
"""

import codecs
import logging
import re

from odoo import api, models
from odoo.tools import email_normalize
from odoo.tools.mail import decode_message_header

_logger = logging.getLogger(__name__)

_AUTOMATIC_PRECEDENCE = {"auto_reply", "auto-reply", "bulk", "junk", "list"}
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

    # ------------------------------------------------------------
    # Reading
    # ------------------------------------------------------------

    @api.model
    def message_parse(self, message, save_original=False):
        values = super().message_parse(message, save_original=save_original)
        for name, value in values.items():
            if isinstance(value, str) and "\x00" in value:
                # PostgreSQL stores no null character, and no reader sees one
                values[name] = value.replace("\x00", "")
        return values

    def _message_parse_extract_payload(self, message, message_dict, save_original=False):
        for part in message.walk():
            if part.get_content_maintype() == "text" and not part.is_multipart():
                self._repair_charset(part)
        return super()._message_parse_extract_payload(message, message_dict, save_original=save_original)

    @api.model
    def _repair_charset(self, part):
        """Declare a charset by which the text of this part can be read, where the one declared does not do.

        UTF-8 if its bytes are that, else the one of western mail programs.
        """
        content = part.get_payload(decode=True) or b""
        declared = part.get_content_charset() or "us-ascii"
        for charset in (declared, "utf-8", "windows-1252", "iso-8859-1"):
            try:
                codecs.lookup(charset)
                content.decode(charset)
            except (LookupError, UnicodeError):
                continue
            if charset != declared:
                part.set_param("charset", charset)
            return

    # ------------------------------------------------------------
    # Routing
    # ------------------------------------------------------------

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
        own = set(self.env["mail.alias.domain"].sudo()._find_aliases(list(addresses)))
        return bool(addresses and addresses <= own) and "sent from one of our own addresses"
