"""The mail gateway: read what broken mails to leads say.

Odoo's gateway, and Python's parser of headers, fail on mails that real programs send: a charset that nobody knows,
an address that breaks off, a null character. Whatever can be read of a request is better than nothing. Mail for
other models is read, or refused, as Odoo does it.
"""

import codecs
import re
from email.utils import getaddresses

from lxml import etree

from odoo import api, models
from odoo.tools.mail import append_content_to_html

from ...mails import quote_comma_in_name

# main types of content that Python can hand over; what claims to be another one is a file
_MAIN_TYPES = {"text", "image", "audio", "video", "application", "multipart", "message"}
_ADDRESSES = {
    *("from", "to", "cc", "bcc", "sender", "reply-to", "delivered-to", "return-path"),
    *("resent-from", "resent-to", "resent-cc"),
}
# null characters, which PostgreSQL does not store, and halves of characters, which are no text
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def message_parse(self, message, save_original=False):
        thread = self._with_incoming_mail(message)
        if not thread._incoming_mail().for_leads:
            return super(MailThread, thread).message_parse(message, save_original=save_original)
        for part in message.walk():
            self._repair_headers(part)
        values = super(MailThread, thread).message_parse(message, save_original=save_original)
        values = {name: _storable(value) for name, value in values.items()}
        values["attachments"] = [
            attachment._replace(fname=_storable(attachment.fname), content=_storable(attachment.content))
            for attachment in values.get("attachments") or ()
        ]
        return values

    def _message_parse_extract_payload(self, message, message_dict, save_original=False):
        if not self._reads_for_leads():
            return super()._message_parse_extract_payload(message, message_dict, save_original=save_original)
        for part in message.walk():
            if part.get_content_maintype() not in _MAIN_TYPES:
                part.replace_header(
                    "Content-Type", "application/octet-stream"
                )  # there is one: else it is text
            elif part.get_content_maintype() == "text" and not part.is_multipart():
                self._repair_charset(part)
        return super()._message_parse_extract_payload(message, message_dict, save_original=save_original)

    def _message_parse_extract_payload_postprocess(self, message, payload_dict):
        try:
            return super()._message_parse_extract_payload_postprocess(message, payload_dict)
        except (etree.LxmlError, ValueError):
            if not self._reads_for_leads():
                raise
            # no HTML, whatever it claims to be: a comment and nothing else, control characters
            return {**payload_dict, "body": append_content_to_html("", payload_dict["body"], preserve=True)}

    @api.model
    def _reads_for_leads(self):
        mail = self._incoming_mail()
        return bool(mail and mail.for_leads)

    # ------------------------------------------------------------
    # Headers
    # ------------------------------------------------------------

    @api.model
    def _repair_headers(self, part):
        """Replace the headers on which Python's parser fails, or that hold what cannot be stored."""
        headers = list(part.raw_items())
        repaired = [(name, self._readable_header(part, name, value)) for name, value in headers]
        if repaired == headers:
            return
        for name in {name for name, _value in headers}:
            del part[name]
        for name, value in repaired:
            part.set_raw(name, value)

    @api.model
    def _readable_header(self, part, name, raw):
        """Return the raw value of a header if it can be parsed, else one that says as much of it as can be."""
        if name.lower() == "from":
            raw = quote_comma_in_name(str(raw))
        parsed = self._parse_header(part, name, raw)
        if parsed is not None and not _UNSTORABLE.search(parsed):
            return raw
        text = _storable(str(raw) if parsed is None else parsed)
        text = " ".join(text.split())
        candidates = [
            text,
            re.sub(r"[^\w\s@.,;:=/<>+*'\"-]", " ", text),
            re.sub(r"[^\w\s@.,;=/-]", " ", text),
        ]
        if name.lower() in _ADDRESSES:
            # Python's older parser takes what the newer one fails on
            addresses = [
                f'"{one.replace(chr(34), "")}" <{address}>' if one else address
                for one, address in getaddresses([text])
                if "@" in address
            ]
            candidates.insert(0, ", ".join(addresses) or text)
        return next(
            (
                one
                for one in candidates
                if self._parse_header(part, name, one) is not None and "\x00" not in one
            ),
            "",
        )

    @api.model
    def _parse_header(self, part, name, raw):
        """Return a header as Odoo will read it, or None where Python's parser fails on it."""
        try:
            header = part.policy.header_fetch_parse(name, raw)
            # the addresses are looked at later, which may fail too
            getattr(header, "addresses", None)
            return str(header)
        except Exception:  # noqa: BLE001 - it fails in whatever way
            return None

    # ------------------------------------------------------------
    # Charset
    # ------------------------------------------------------------

    @api.model
    def _repair_charset(self, part):
        """Declare a charset by which the text of this part can be read, where the one declared does not do.

        UTF-8 if its bytes are that, else the one of western mail programs.
        """
        content = part.get_payload(decode=True) or b""
        declared = part.get_param("charset")
        for charset in (declared or "us-ascii", "utf-8", "windows-1252", "iso-8859-1"):
            try:
                codecs.lookup(charset)
                content.decode(charset)
            except (LookupError, TypeError, ValueError):
                continue
            if charset != declared:
                part.set_param("charset", charset)
                if part.get_param("charset") != charset:  # there is more that is wrong with this header
                    part.replace_header("Content-Type", f"{part.get_content_type()}; charset={charset}")
            return


def _storable(value):
    if isinstance(value, str) and _UNSTORABLE.search(value):
        return type(value)(_UNSTORABLE.sub("", value))  # as what it is: a body may be markup
    return value
