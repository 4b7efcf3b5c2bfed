"""Fold text so that case, accents, width and invisible characters make no difference."""

import re
import unicodedata

_LONGEST = 400
_LETTERS = str.maketrans(
    {
        "œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i",
        "’": "'", "‘": "'", "´": "'", "`": "'", "ʼ": "'", "′": "'", "‐": "-", "‑": "-", "–": "-", "—": "-",
    }
)  # fmt: skip
_TOKEN = re.compile(r"[^\W_]+")
_ACRONYM = re.compile(r"(?<![^\W_])(?:[^\W\d_]\.){2,}[^\W\d_]?(?![^\W_])")
# control characters are separators; format characters (zero width, direction marks) are nothing at all
_SPACES = re.compile(r"\s+")
_MARKS = re.compile("[\u0300-\u036f]")


def fold(text):
    """Return ``text`` in lower case without accents, invisible characters and repeated spaces.

    Only Latin, Greek and Cyrillic accents go: in other scripts marks make another word.
    Very long input is cut, since nothing said after some hundred characters identifies anybody.
    """
    if not text:
        return ""
    text = str(text)[: 4 * _LONGEST]
    if text.isascii():
        text = text.lower()
    else:
        text = unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS)
        text = unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFKD", text)))
        text = text.translate(_LETTERS)
    if not text.isprintable():
        text = "".join(map(_visible, text))
    return _SPACES.sub(" ", text).strip()[:_LONGEST]


def _visible(char):
    if char.isprintable():
        return char
    return "" if unicodedata.category(char) in ("Cf", "Cs", "Co", "Cn") else " "


def words(folded):
    """Split folded text into its words: runs of letters and digits, acronyms like ``s.a.r.l.`` as one."""
    if "." in folded:
        folded = _ACRONYM.sub(lambda match: match.group().replace(".", ""), folded)
    return _TOKEN.findall(folded)


def unique(items):
    """Return ``items`` without empty ones and repetitions, in order of first appearance."""
    return list(dict.fromkeys(item for item in items if item))


def word_set(text):
    """Return the words of ``text`` as a set: how the word lists of this package are written."""
    return frozenset(text.split())
