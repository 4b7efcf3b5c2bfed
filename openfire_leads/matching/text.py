"""Fold text so that case, accents, width, invisible characters and broken encodings make no difference."""

import re
import unicodedata

import ftfy

from .lookalikes import unmixed

_LONGEST = 400
_LETTERS = str.maketrans(
    {
        "œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i",
        # Arabic letters that are written for each other
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ة": "ه", "ک": "ك", "ـ": None,
        "’": "'", "‘": "'", "´": "'", "`": "'", "ʼ": "'", "′": "'", "‐": "-", "‑": "-", "–": "-", "—": "-",
    }
)  # fmt: skip
_TOKEN = re.compile(r"[^\W_]+")
# where vowels are marks on the letter before, from Devanagari to Khmer, a word goes on over them
_TOKEN_WITH_MARKS = re.compile(
    r"(?:[^\W_]|[\u0900-\u0963\u0970-\u0df3\u0e30-\u0e4e\u0eb0-\u0ece\u0f71-\u0f84\u102b-\u103e\u17b4-\u17d3])+"
)
_ACRONYM = re.compile(r"(?<![^\W_])(?:[^\W\d_]\.){2,}[^\W\d_]?(?![^\W_])")
# accents, and the vowels that Hebrew and Arabic may leave out
_MARKS = re.compile("[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u0655\u0670]")
# UTF-8 read as another encoding: what its bytes look like in Windows-1252 or Latin-1, Mac Roman, code page 437
# and Windows-1251. A cheap test for what is worth a closer look; ftfy judges.
_FOLLOWING = "[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
_BROKEN = re.compile(
    f"[Â-ß]{_FOLLOWING}|[à-ï]{_FOLLOWING}{{2}}|[ðñòóô]{_FOLLOWING}{{3}}|[√├┬][^\\x00-\\x7f]"
    "|(?:[РС][^\\x00-\\x7fА-Я]){2}"
)
# text whose characters fold each by itself, into no more than a few letters: no marks, nothing that looks broken
_LATIN = re.compile("[\x00-\x7fÀ-ÖØ-öø-ÿ]*")
# in all of these, and in few words that are not broken
_HINT = re.compile(f"[{_FOLLOWING[1:-1]}√├┬РС]")
_BROKEN_LOWER = re.compile("ã(?=[\u0080-\u009f\u00a1-\u00bf€‚ƒ„…†‡ˆ‰‹‘’“”•–—˜™›])")


def fold(text):
    """Return ``text`` in lower case without accents, invisible characters and repeated spaces.

    Accents go from Latin, Greek and Cyrillic letters, the vowels' marks from Hebrew and Arabic; in other scripts
    marks make another word. UTF-8 that was read as another encoding is read as it was meant to be, and a letter of
    another script inside a Latin word as the Latin one that it looks like.
    Very long input is cut, since nothing said after some hundred characters identifies anybody.
    """
    if not text:
        return ""
    text = str(text)[: 4 * _LONGEST]
    if text.isascii():
        text = text.lower()
    elif _LATIN.fullmatch(text):
        text = text.translate(_FOLDED)
    else:
        text = unmixed(_bare(mended(text)))
    if not text.isprintable():
        text = "".join(map(_visible, text))
    return " ".join(text.split())[:_LONGEST]


def _bare(text):
    """Return ``text`` in lower case, without marks, by the rules of Unicode and those of :data:`_LETTERS`."""
    text = unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS)
    text = unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFKD", text)))
    return text.translate(_LETTERS)


# what each of the first 256 characters becomes
_FOLDED = [_bare(chr(number)) for number in range(256)]


def mended(text):
    """Return ``text`` as it was meant to be where UTF-8 was read as another encoding (``FranÃ§ois``)."""
    if not _HINT.search(text):
        return text
    if not _BROKEN.search(text):
        # its capital letters may have been made small
        text = _BROKEN_LOWER.sub("Ã", text)
    return ftfy.fix_encoding(text) if _BROKEN.search(text) else text


def _visible(char):
    # control characters are separators; format characters (zero width, direction marks) are nothing at all
    if char.isprintable():
        return char
    return "" if unicodedata.category(char) in ("Cf", "Cs", "Co", "Cn") else " "


def words(folded):
    """Split folded text into its words: runs of letters and digits, acronyms like ``s.a.r.l.`` as one."""
    if "." in folded:
        folded = _ACRONYM.sub(lambda match: match.group().replace(".", ""), folded)
    return (_TOKEN if folded.isascii() else _TOKEN_WITH_MARKS).findall(folded)


def unique(items):
    """Return ``items`` without empty ones and repetitions, in order of first appearance."""
    return list(dict.fromkeys(item for item in items if item))


def word_set(text):
    """Return the words of ``text`` as a set: how the word lists of this package are written."""
    return frozenset(text.split())
