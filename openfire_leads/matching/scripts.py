"""Scripts: which ones a text is written in, and how names are compared where they are not Latin."""

import re
from bisect import bisect_right

from anyascii import anyascii

from .text import unique

# first character of a range -> its script, a bit each; 0 where the characters belong to no script of their own
_LATIN, _OTHER = 1, 1 << 15
_RANGES = (
    (0x0000, _LATIN), (0x0370, 1 << 1), (0x0400, 1 << 2), (0x0530, 1 << 3), (0x0590, 1 << 4), (0x0600, 1 << 5),
    (0x0700, _OTHER), (0x0750, 1 << 5), (0x0780, _OTHER), (0x08A0, 1 << 5), (0x0900, 1 << 6), (0x0980, _OTHER),
    (0x0E00, 1 << 7), (0x0E80, _OTHER), (0x10A0, 1 << 8), (0x1100, 1 << 9), (0x1200, _OTHER),
    (0x1E00, _LATIN), (0x1F00, 1 << 1), (0x2000, 0), (0x2C60, _LATIN), (0x2C80, _OTHER), (0x2E80, 1 << 10),
    (0x3040, 1 << 11), (0x3100, 1 << 10), (0x3130, 1 << 9), (0x3190, 1 << 10), (0xA000, _OTHER), (0xAC00, 1 << 9),
    (0xD7B0, _OTHER), (0xF900, 1 << 10), (0xFB00, _LATIN), (0xFB1D, 1 << 4), (0xFB50, 1 << 5), (0xFE00, 0),
    (0xFE70, 1 << 5), (0xFF00, _LATIN), (0xFF66, 1 << 11), (0x10000, _OTHER), (0x20000, 1 << 10),
)  # fmt: skip
_STARTS = [start for start, _script in _RANGES]
# Chinese characters and Korean syllables: names are a few of them, with a blank between the parts or without
_GLYPHS = "\u3005\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
_GLYPH = re.compile(f"[{_GLYPHS}]|[^{_GLYPHS}]+")
_ONLY_GLYPHS = re.compile(f"[{_GLYPHS}]+")
_HONORIFIC = re.compile("(?:^|(?<=..))(?:様|さん|殿|先生|女士|小姐|씨|님)$")
_LEGAL_FORM = re.compile(
    "株式会社|有限会社|合同会社|股份有限公司|有限责任公司|有限公司|集团|주식회사|유한회사|\\(株\\)|\\(有\\)|\\(주\\)|㈱|㈲|㈜"
)
# longer ones are no names of people, and have one order only
_MOST_GLYPHS = 6


def script_of(text):
    """Return the scripts of the letters in ``text`` as bits: two texts share none when ``&`` gives 0."""
    if text.isascii():
        return _LATIN if not text.isdigit() and text else 0
    found = 0
    for char in text:
        if char.isalpha():
            found |= _RANGES[bisect_right(_STARTS, ord(char)) - 1][1]
    return found


def in_latin(text):
    """Return the words of ``text`` in Latin letters, as they are transliterated without knowing the language."""
    if text.isascii():
        return text
    return " ".join(unique(re.findall("[a-z0-9]+", anyascii(_spread(text)).lower())))


def _spread(text):
    return re.sub(f"([{_GLYPHS}])", r" \1 ", text)


def is_glyph(word):
    """Tell whether ``word`` is a single Chinese character or Korean syllable."""
    return len(word) == 1 and not word.isascii() and _ONLY_GLYPHS.fullmatch(word) is not None


def glued(found):
    """Return words with the single Chinese characters or Korean syllables among them as one, in a fixed order."""
    if all(map(str.isascii, found)):
        return found
    glyphs = sorted(word for word in found if is_glyph(word))
    return ["".join(glyphs), *(word for word in found if word not in glyphs)] if glyphs else found


def parted(found):
    """Return words so that a blank between Chinese characters or Korean syllables makes no difference.

    ``["山田", "太郎"]`` and ``["山田太郎"]`` are ``["山", "田", "太", "郎"]``: the parts of a name are a word
    each, whatever their order. What is too long for somebody's name becomes one word.
    """
    if all(map(str.isascii, found)):
        return found
    glyphs = [word for word in found if _ONLY_GLYPHS.fullmatch(word)]
    if sum(map(len, glyphs)) > _MOST_GLYPHS:
        whole = "".join(glyphs)
        first = found.index(glyphs[0])
        rest = [word for word in found if word not in glyphs]
        return [*rest[:first], whole, *rest[first:]]
    return [part for word in found for part in (_GLYPH.findall(word) if not word.isascii() else [word])]


def without_honorific(word):
    """Return a word of a name without the title at its end (``様``, ``씨``): nothing when it is one."""
    return word if word.isascii() else _HONORIFIC.sub("", word)


def without_legal_form(folded):
    """Return a company's name without its legal form, where that is written in one with the name."""
    if folded.isascii():
        return folded
    return _LEGAL_FORM.sub(" ", folded).strip() or folded
