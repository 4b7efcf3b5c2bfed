"""Read e-mail addresses that were not typed as addresses are: with blanks, ``(at)``, two of them in one."""

import re

# endings of domains that are common enough to be told from a word of the text
_ENDING = (
    r"(?:com|net|org|eu|info|biz|io|pro|fr|be|ch|lu|mc|de|at|it|es|pt|nl|uk|ie|dk|se|no|fi|pl|cz|ro|gr|ca|us|br|mx"
    r"|ar|ma|tn|dz|re|gp|mq|gf|yt|nc|pf|jp|cn|kr|in|ru|ua|tr|il|au|nz|gouv|gov|edu|asso|example|test)(?![\w])"
)
_NAME = r"[\w.+-]*\w"
_DOMAIN = r"[\w-]+(?:\.[\w-]+)*"
_SIGN = re.compile(r"\s*(?:[(\[{<]\s*(?:@|at|a|arobase|arrobase|chez)\s*[)\]}>]|&#0*64;|&commat;|%40)\s*")
_SIGNS = re.compile(r"\s*@[\s@]*")
_DOT_WORD = re.compile(r"\s*[(\[{<]\s*(?:dot|point|punkt|punto)\s*[)\]}>]\s*")
_SPELLED_DOT = re.compile(rf"(?<=\w)\s+(?:dot|point|punkt|punto)\s+(?={_ENDING})")
_SPELLED = re.compile(
    rf"(?<![\w.])({_NAME})(?:\s+(?:at|a|arobase|arrobase|chez)\s+|_at_)({_DOMAIN}\.{_ENDING})"
)
_PARTS = re.compile(r"@([\w-]+)((?:\s*\.\s*[\w-]+)+)")
_PART = re.compile(r"(\s*)\.(\s*)([\w-]+)")
_IS_ENDING = re.compile(_ENDING)
# "x@orange,fr", "x@orange fr"
_NO_DOT = re.compile(
    rf"@((?:(?!{_ENDING})[\w-]+\.)*(?!{_ENDING})[\w-]+)(?:\s*[,;]\s*|\s+(?={_ENDING}\s*(?:$|[,;&<>/])))(?={_ENDING}(?!\s*@))"
)
# "a. b@d.fr", but not "M. martin@d.fr"
_LOCAL_DOT = re.compile(
    r"(?:^|(?<=[,;:<&/]))(\s*)(?!(?:m|mr|mme|mlle|me|dr|pr|st|ste|tel|mail|e-?mail|mel|courriel|adresse)\b)"
    r"([\w-]+)\s*\.\s*(?=[\w.+-]+@)"
)
_JOINED = re.compile(rf"(\.{_ENDING})\s*[-_+&/|]+\s*(?=[\w.+-]+@)")


def mended_address(folded):
    """Return folded text so that each address in it stands as it was meant: one word, with one @.

    What is no slip in an address stays as it is.
    """
    text = _SIGNS.sub("@", _SIGN.sub("@", folded))
    text = _SPELLED_DOT.sub(".", _DOT_WORD.sub(".", text))
    if "@" not in text:
        text = _SPELLED.sub(r"\1@\2", text)
        if "@" not in text:
            return text
    text = _JOINED.sub(r"\1 ", _NO_DOT.sub(r"@\1.", _PARTS.sub(_domain, text)))
    return _LOCAL_DOT.sub(r"\1\2.", text)


def _domain(match):
    """Take the blanks around the dots of a domain out; once it has its ending, a blank ends it."""
    domain = match.group(1)
    joined, ended = domain, bool(_IS_ENDING.fullmatch(domain))
    rest = match.group(2)
    for part in _PART.finditer(rest):
        before, after, label = part.groups()
        if ended and (before or after):
            break
        joined += "." + label
        ended = ended or bool(_IS_ENDING.fullmatch(label))
        if ended:
            domain, taken = joined, part.end()
    return f"@{domain}{rest[taken:]}" if ended else match.group()
