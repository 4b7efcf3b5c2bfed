"""Raw mails that are not as they should be, each a tuple of lines: headers, an empty line, a body."""

_HEAD = ("From: a@example.com", "To: demandes@leads.example")
_SUBJECT = (*_HEAD, "Subject: x")
_LATIN = "poêle".encode("latin-1")


def _text(content_type, body, *headers):
    return (*_SUBJECT, f"Content-Type: {content_type}", *headers, "", body)


def _multipart(*lines, kind="mixed"):
    return (*_SUBJECT, f"Content-Type: multipart/{kind}; boundary=b", *lines)


# those named “… charset” hold the word “poêle”
BROKEN_ENCODINGS = {
    "unknown charset": _text("text/plain; charset=unknown-8bit", _LATIN),
    "invented charset": _text("text/html; charset=martian", b"<p>" + _LATIN + b"</p>"),
    "wrong charset": _text("text/plain; charset=utf-8", _LATIN),
    "no charset": _text("text/plain", _LATIN),
    "raw subject": (*_HEAD, b"Subject: " + _LATIN, "", "x"),
    "bad encoded word": (*_HEAD, "Subject: =?utf-8?B?cG/q?= =?martian?Q?po=EAle?=", "", "x"),
    "bad base64": _text("text/plain", "po!!le===", "Content-Transfer-Encoding: base64"),
    "unknown transfer encoding": _text("text/plain", "poele", "Content-Transfer-Encoding: martian"),
    "null characters": (*_HEAD, b"Subject: a\x00b", "", b"a\x00b"),
    "null character in html": _text("text/html", b"<p>a\x00b</p>"),
    "only a comment": _text("text/html", "<!-- nothing -->"),
    "null character in a name": (
        "From: =?utf-8?Q?Je=00anne?= <jeanne@example.com>",
        "To: =?utf-8?Q?=00?= <demandes@leads.example>",
        "Subject: =?utf-8?Q?a=00b?=",
        "",
        "x",
    ),
    "half a character": (*_HEAD, "Subject: =?utf-16?B?2Dw=?= =?utf-8?Q?=ED=A0=80?=", "", "x"),
    "empty charset": _text('text/plain; charset="', _LATIN),
    "null character in charset": _text("text/plain; charset=\x00", _LATIN),
    "no text encoding as charset": _text("text/plain; charset=rot13", _LATIN),
    "null character in a file's name": _multipart(
        "",
        "--b",
        "Content-Type: application/pdf",
        "Content-Disposition: attachment; filename*=utf-8''a%00b.pdf",
        "",
        "%PDF",
        "--b--",
    ),
    "xml declaration": _text("text/html", '<?xml version="1.0" encoding="utf-8"?><p>x</p>'),
    "attachment of an unknown kind of text": _multipart(
        "",
        "--b",
        "Content-Type: text/plain; charset=martian",
        'Content-Disposition: attachment; filename="a.txt"',
        "",
        _LATIN,
        "--b--",
    ),
}

MALFORMED = {
    "no boundary": (*_SUBJECT, "Content-Type: multipart/mixed", "", "text"),
    "boundary never closed": _multipart("", "--b", "Content-Type: text/plain", "", "text"),
    "no body at all": _multipart(kind="alternative"),
    "nonsense type": (*_SUBJECT, "Content-Type: ;;;", "", "text"),
    "nonsense date": (*_SUBJECT, "Date: yesterday evening", "", "text"),
    "date out of range": (*_SUBJECT, "Date: Mon, 99 Foo 99999 99:99:99 +9999", "", "text"),
    "unknown main type": _multipart(
        "",
        "--b",
        b"Content-Type: ap\xffplication/pdf",
        "Content-Disposition: attachment",
        "",
        "%PDF",
        "--b--",
    ),
    "sender breaks off": ("From: a@", "To: demandes@leads.example", "Subject: x", "", "text"),
    "sender at a bracket": ("From: a@[example.com", "To: demandes@leads.example", "Subject: x", "", "text"),
    "group of nobody": (
        "From: a@example.com",
        "To: undisclosed-recipients:;",
        "Delivered-To: demandes@leads.example",
        "Cc: b@",
        "Subject: x",
        "",
        "text",
    ),
    "group never closed": (
        "From: a@example.com",
        "To: all: demandes@leads.example",
        "Subject: x",
        "",
        "text",
    ),
    "neither plain nor html": _text("text/enriched", "<!-- nothing -->"),
    "attached mail": _multipart(
        "", "--b", "Content-Type: message/rfc822", "", "Subject: inner", "", "inner", "--b--"
    ),
    "attached nonsense mail": _multipart("", "--b", "Content-Type: message/rfc822", "", "--b--"),
    "bad attachment encoding": _multipart(
        "",
        "--b",
        "Content-Type: application/pdf",
        "Content-Transfer-Encoding: base64",
        "Content-Disposition: attachment",
        "",
        "%%%",
        "--b--",
    ),
}
