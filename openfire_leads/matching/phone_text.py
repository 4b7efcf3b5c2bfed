"""Take apart what people type into a phone's field: words, times of day, extensions, several numbers."""

import re
import unicodedata

# fewer digits are an extension, a code, an hour
SHORTEST = 6
_LONGEST = 17
_WORD = re.compile(r"[^\W\d_]")
# a spreadsheet's number: 612345678.0, 6.12345678E8
_FLOAT = re.compile(r"\s*(\+?\d{6,})[.,]0+\s*")
_SCIENTIFIC = re.compile(r"\s*(\d)[.,](\d{5,14})e\+?(\d{1,2})\s*")
# times of day, and what a door asks for
_ASIDE = re.compile(
    r"\b\d{1,2}\s?h(?:[0-5]\d)?\b|\b\d{1,2}:[0-5]\d\b|\b(?:digi|inter)?code\s*:?\s*\d{1,6}(?!\d)"
)
_LETTER_ZERO = re.compile(r"(?<![^\W_])o(?=\d)|(?<=\d)o(?=[\d\s.-]|$)")
_LETTER_ONE = re.compile(r"(?<=\d)[il](?=\d)")
_BETWEEN = re.compile(r"[^\d+\s.()/,-]+")
# between two numbers, or inside one
_PERHAPS_BETWEEN = re.compile(r"\s*[/,]\s*|\s+-+\s+|(?<=\d\d)-(?=\+|00?\d{8})|\s*\+\s*(?=0)")
_PLUS = re.compile(r"\+[\s(]+(?=\d)")
_GROUP = re.compile(r"\+?\d+")


def legible(text):
    """Return ``text`` in lower case, its digits plain ones; letters typed for digits and times of day are taken out."""
    text = text.lower()
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        text = "".join(str(unicodedata.decimal(char)) if char.isdecimal() else _plain(char) for char in text)
    if match := _FLOAT.fullmatch(text):
        return match.group(1)
    if match := _SCIENTIFIC.fullmatch(text):
        digits = match.group(1) + match.group(2)
        return digits.ljust(int(match.group(3)) + 1, "0")
    if has_words(text):
        text = _LETTER_ONE.sub("1", _LETTER_ZERO.sub("0", text))
    return _ASIDE.sub(" ; ", text)


def _plain(char):
    kind = unicodedata.category(char)
    return "-" if kind == "Pd" else " " if kind == "Zs" else "" if kind == "Cf" else char


def has_words(text):
    """Tell whether there are letters in ``text``."""
    return bool(_WORD.search(text))


def digits_of(text):
    """Return the digits in ``text``."""
    return re.sub(r"\D", "", text)


def pieces(text):
    """Part ``text`` where words and signs stand that are in no number.

    It is parted at a slash, a comma or a dash too, if there are enough digits before and after for two numbers.
    """
    found = []
    for piece in _BETWEEN.split(text):
        parts = [part for part in _PERHAPS_BETWEEN.split(piece) if len(digits_of(part)) >= SHORTEST]
        found.extend(parts if len(parts) > 1 else [piece])
    return [piece for piece in found if digits_of(piece)]


def several(piece, valid):
    """Return the numbers of which ``piece`` is made: one after the other, maybe with an extension.

    :param valid: function of digits, maybe with a + before them: the number that they are, or ``None``
    """
    groups = _GROUP.findall(_PLUS.sub("+", piece.replace("(0)", " ")))
    if len(groups) == 1 and len(groups[0]) > _LONGEST and len(groups[0]) % 2 == 0:
        middle = len(groups[0]) // 2
        groups = [groups[0][:middle], groups[0][middle:]]
    found, start, skipped = [], 0, 0
    while start < len(groups) and skipped < SHORTEST:
        number, end = None, start + 1
        if not skipped or groups[start][0] in "0+":
            number, end = _longest(groups, start, valid)
        if number and not skipped and _is_prefix(groups, start) and _longest(groups, start + 1, valid)[0]:
            number, end = None, start + 1
        if number:
            found.append(number)
        else:
            skipped += len(groups[start])
        start = end
    return found if skipped < SHORTEST else []


def _is_prefix(groups, start):
    """Tell whether a group may be a mark before a number rather than its beginning: "1: 06 12 34 56 78"."""
    following = groups[start + 1 : start + 2]
    return groups[start][0] not in "0+" and bool(following) and following[0][0] in "0+"


def _longest(groups, start, valid):
    """Return the number that begins with ``groups[start]`` and the place of the group after it.

    It had better end where another number begins.
    """
    ends = []
    for end in range(start + 1, len(groups) + 1):
        if "+" in "".join(groups[start + 1 : end]) or len("".join(groups[start:end])) > _LONGEST:
            break
        ends.append(end)
    ends.sort(key=lambda end: (end < len(groups) and groups[end][0] not in "0+", -end))
    for end in ends:
        if number := valid("".join(groups[start:end])):
            return number, end
    return None, start + 1
