"""Find the first sender of a mail that somebody forwarded, below the text or as an attachment."""

import re
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from emailforwardparser.forward_parser import get_forwarded_metadata

from .text import readable, texts_of
from .tolerance import tolerant

_PREFIX = re.compile(
    r"^\s*(?:re|aw|sv)?\s*(?:tr|fwd?|wg|rv|rif|doorst|enc|vs|vb|i|pd|transf[ée]r[ée]?)\s*:\s*", re.IGNORECASE
)
# without the subject's prefix, the words that mail programs put above what is forwarded, and not above a reply
_FORWARDED = re.compile(
    r"forwarded message|message (transf[ée]r[ée]|r[ée]exp[ée]di[ée]|transmis)|weitergeleitete nachricht|"
    r"mensaje reenviado|messaggio inoltrato|doorgestuurd bericht",
    re.IGNORECASE,
)
# a header that the library does not know, as of the webmails of French providers
_FROM = re.compile(
    r"(?im)^[>\s]*(?:de|from|von|da|van)\s*:\s*\"?(?P<name>[^\"<>\n@]*?)\"?\s*<\s*(?P<address>[^<>\s@]+@[^<>\s@]+)\s*>"
)
_MAILTO = re.compile(r"[<\[(]\s*mailto:\s*([^>\])]+)[>\])]", re.IGNORECASE)
_BOLD = re.compile(r"(?m)^(\s*>?\s*)\*([^*\n]{2,20}?)(\s*:)?\*(\s*:)?")
_DEEPEST = 5


@dataclass
class Original:
    """The mail that was forwarded: who sent it, what it says; ``message`` where it is attached as a whole."""

    name: str = ""
    address: str = ""
    texts: list = field(default_factory=list)
    message: EmailMessage | None = None


def original_of(message, subject, is_own):
    """Return the mail that ``message`` forwards as an :class:`Original`, or None.

    Where colleagues forwarded it one to the other, that is the innermost one.

    :param str subject: of the message
    :param is_own: called with an address, tells whether it is a colleague's
    """
    return _attached(message, is_own, 0) or _below(texts_of(message), subject, is_own, 0)


def _attached(message, is_own, depth):
    mail, name, address = _only_attached(message)
    if mail is None or depth > _DEEPEST:
        return None
    if is_own(address):
        deeper = _attached(mail, is_own, depth + 1)
        deeper = deeper or _below(texts_of(mail), str(mail.get("Subject") or ""), is_own, depth + 1)
        if deeper:
            return deeper
    return Original(name, address, texts_of(mail), mail)


@tolerant(lambda: (None, "", ""))
def _only_attached(message):
    """Return the mail that is attached to a mail, its sender's name and address; None if there is not one such."""
    inner = [one for one in map(_attached_mail, message.iter_attachments()) if one is not None]
    inner = [one for one in inner if one.get("From")]
    addresses = [one for one in getattr(inner[0]["From"], "addresses", ()) if one.addr_spec] if inner else []
    if len(inner) != 1 or not addresses:
        return None, "", ""
    return inner[0], addresses[0].display_name, addresses[0].addr_spec


def _attached_mail(part):
    """Return the mail that a part is, or None."""
    if part.get_content_type() == "message/rfc822":
        payload = part.get_payload()
        return payload[0] if isinstance(payload, list) and isinstance(payload[0], EmailMessage) else None
    if (part.get_filename() or "").lower().endswith(".eml"):
        return message_from_bytes(part.get_payload(decode=True) or b"", policy=policy.SMTP)
    return None


def _below(texts, subject, is_own, depth):
    for text in texts:
        name, address, forwarded_subject, body = _metadata(text, subject)
        if not (name or address):
            continue
        if depth < _DEEPEST and address and is_own(address):
            deeper = _below([body], forwarded_subject or "Fwd:", is_own, depth + 1)
            if deeper:
                return deeper
        return Original(name, address, [body])
    return None


@tolerant(lambda: ("", "", "", ""))
def _metadata(text, subject):
    """Return name and address of the first sender, the subject and the text of what is forwarded, if anything is."""
    if not (_PREFIX.match(subject) or _FORWARDED.search(text)):
        return "", "", "", ""
    prefixed = f"Fwd: {_PREFIX.sub('', subject)}" if _PREFIX.match(subject) else None
    lines = _BOLD.sub(r"\1\2\3\4", _MAILTO.sub(r"<\1>", readable(text)))
    email = get_forwarded_metadata(lines, prefixed).email
    name, address = email.from_.name.strip(" \"'>"), email.from_.address.strip(" <>").lower()
    header = None if name or address else _FROM.search(lines)
    if header:
        return header["name"].strip(), header["address"].lower(), "", lines[header.end() :]
    return name, address, email.subject, email.body
