"""Letters of another script that look like Latin ones, inside a word: typed by mistake, or to get past a filter."""

import re

# where capital and small letter look like two, as the capital does: case never counts
_LATIN = dict(
    zip(
        "аԁеһіјкмнорсԛѕтувԝхαβεζηικμνορτυχϲϳ",
        "adehijkmhopcqstybwxabezhikmnoptyxcj",
        strict=True,
    )
)
_TO_LATIN = str.maketrans(_LATIN)
_TO_CYRILLIC = str.maketrans({latin: other for other, latin in _LATIN.items() if other >= "\u0400"})
_TO_GREEK = str.maketrans({latin: other for other, latin in _LATIN.items() if other < "\u0400"})
_MIXED = re.compile("[a-z][\u0370-\u052f]|[\u0370-\u052f][a-z]")
_WORD = re.compile(r"[^\W\d_]+")
_OTHER = re.compile("[\u0370-\u052f]")


def unmixed(folded):
    """Return folded text whose words of Latin and Cyrillic or Greek letters are of one script, if they can be.

    ``sоlene`` with a Cyrillic о is ``solene``. A word wholly of another script stays.
    """
    return _WORD.sub(_one_script, folded) if _MIXED.search(folded) else folded


def _one_script(match):
    word = match.group()
    if not _MIXED.search(word):
        return word
    latin = word.translate(_TO_LATIN)
    if not _OTHER.search(latin):
        return latin
    # a Latin letter in a word of theirs
    for table in (_TO_CYRILLIC, _TO_GREEK):
        other = word.translate(table)
        if len(set(map(_block, other))) == 1:
            return other
    return word


def _block(char):
    return "a" if char < "\u0370" else "α" if char < "\u0400" else "а"
