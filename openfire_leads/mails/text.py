"""The words of a mail, line by line, whether it is plain text or HTML."""

import re

from lxml import etree, html
from mailparser_reply import EmailReplyParser

from ..matching.text import word_set
from .tolerance import tolerant

# the languages whose labels are read
LANGUAGES = ("en", "fr", "de", "es", "it", "nl")


_BLOCKS = word_set(
    """
    address article blockquote body center dd div dl dt fieldset footer form h1 h2 h3 h4 h5 h6 header hr li
    main ol p pre section table tbody td tfoot th thead tr ul
    """
)
_SILENT = frozenset(["script", "style", "head", "title", "template"])
# what is longer is no form and no request; all of it is kept in the mail itself
_MOST = 60_000
_MOST_READ, _MOST_LINES, _LONGEST = 12_000, 400, 600
# more of one sign than any line between two mails has
_RUN = re.compile(r"([^\w\n])\1{39,}")


@tolerant(list)
def texts_of(message):
    """Return the texts of a mail, of its parts that are no attachments: the plain ones first, then the HTML ones."""
    plain, rich = [], []
    for part in _inline(message):
        content = _content(part)[:_MOST]
        if part.get_content_type() == "text/html":
            content = _lines_of_html(content)
            rich.append(content)
        else:
            plain.append(content)
    return [text for text in ("\n".join(plain), "\n".join(rich)) if text.strip()]


def readable(text):
    """Return the beginning of a text, without runs of blanks and of rules.

    What reads it next has patterns that take for ever on a mail made of nothing but those.
    """
    lines = [_RUN.sub(r"\1\1\1\1", line.rstrip()[:_LONGEST]) for line in text.splitlines()[:_MOST_LINES]]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))[:_MOST_READ]


@tolerant(str)
def own_words(text):
    """Return what the writer of a mail wrote, without what is quoted below it."""
    text = readable(text)
    return EmailReplyParser(languages=list(LANGUAGES)).parse_reply(text) or ""


def _inline(message):
    """Yield the text parts of a mail that are shown; those of mails attached to it are not its own."""
    if message.get_content_maintype() == "multipart":
        for part in message.iter_parts():
            yield from _inline(part)
    elif message.get_content_type() in ("text/plain", "text/html") and not message.is_attachment():
        yield message


def _content(part):
    try:
        content = part.get_content()
    except (LookupError, ValueError, AttributeError):
        content = part.get_payload(decode=True) or b""
    return content if isinstance(content, str) else content.decode("utf-8", "replace")


def _lines_of_html(content):
    """Return HTML as lines; the two cells of a table's row become ``label : value``."""
    try:
        root = html.fromstring(content.encode("utf-8"), parser=html.HTMLParser(encoding="utf-8"))
    except (etree.LxmlError, ValueError):
        return ""
    pieces = []
    _collect(root, pieces, depth=0)
    lines = (re.sub(r"[^\S\n]+", " ", line).strip() for line in "".join(pieces).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _collect(node, pieces, depth):
    if not isinstance(node.tag, str) or node.tag in _SILENT or depth > 200:
        return
    if node.tag == "br":
        pieces.append("\n")
        return
    block = node.tag in _BLOCKS
    if block:
        pieces.append("\n")
    row = _row(node) if node.tag == "tr" else None
    if row is not None:
        pieces.append(row)
    else:
        pieces.append(_inner(node.text, node))
        for child in node:
            _collect(child, pieces, depth + 1)
            pieces.append(_inner(child.tail, node))
    if block:
        pieces.append("\n")


def _inner(text, node):
    return (text or "") if node.tag == "pre" else (text or "").replace("\r", " ").replace("\n", " ")


def _row(row):
    """Return a row of a label and its value as one line; None for one of several lines, or there for the layout."""
    cells = [" ".join(cell.itertext()).split() for cell in row if cell.tag in ("td", "th")]
    cells = [" ".join(words).strip("\xa0 ") for words in cells]
    cells = [cell for cell in cells if cell]
    if (
        len(cells) != 2
        or row.find(".//table") is not None
        or row.find(".//br") is not None
        or len(cells[0]) > 60
    ):
        return None
    label = cells[0].rstrip(" :")
    return f"{label} : {cells[1]}"
