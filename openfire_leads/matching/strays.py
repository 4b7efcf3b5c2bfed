"""Find mail addresses and phone numbers that were typed where a name or a subject belongs."""

import re

from .phones import phones

_ADDRESS = re.compile(
    r"(?:\b(?:e-?mail|mail|mel|courriel|adresse)\s*:\s*)?[<(\[]?(?:mailto:)?"
    r"([^\s<>,;:\"()\[\]@]+@[^\W_][\w-]*(?:\.[\w-]+)+)[>)\]]?",
    re.IGNORECASE,
)
# as quickly told as can be, for hardly any text has one
_MAYBE_NUMBER = re.compile(r"[+0](?:[ ./()\u00a0-]{0,3}\d){8}")
# begins with + or 0, has nine digits at least, and is no date and no part of a longer reference
_NUMBER = re.compile(
    r"(?:\b(?:t[eé]l(?:[eé]phone)?|tph|gsm|portable|port|mobile|mob|phone)\b\W{0,3}?)?"
    r"(?<![\w+#])(?<!\d[.,/-])(?!\d\d?[ ./-]\d\d?[ ./-](?:19|20)\d\d(?!\d))"
    r"(\+(?=[1-9 (])|\(0\)|\(?00?(?=[ ./)(-]*[1-9]))((?:[ ./()\u00a0-]{0,3}\d){8,29})(?!\w)",
    re.IGNORECASE,
)
# what is counted, not called: an order, a bill
COUNTED = re.compile(
    r"\b(?:commande|cde|facture|dossier|r[eé]f|r[eé]f[eé]rence|ticket|order|invoice|siren|siret|rcs)"
    r"\W{0,3}(?:(?:n|no|num[eé]ro|nr)\b\W{0,3})?$",
    re.IGNORECASE,
)


def maybe_stray(text):
    """Tell, quickly, whether there may be an address or a number in ``text``."""
    return "@" in text or (("0" in text or "+" in text) and _MAYBE_NUMBER.search(text) is not None)


class Strays:
    """Mail addresses and phone numbers found in texts that pass through :meth:`taken_out`.

    :param country: as for :func:`phones.phones`, like ``guessed``
    """

    def __init__(self, country, guessed):
        self.country, self.guessed = country, guessed
        self.emails, self.phones = [], []

    def taken_out(self, text):
        """Return ``text`` without the addresses and numbers in it, and keep these."""
        if "@" in text:
            text = _ADDRESS.sub(self._address, text)
        return _NUMBER.sub(self._number, text) if _MAYBE_NUMBER.search(text) else text

    def _address(self, match):
        self.emails.append(match.group(1))
        return " "

    def _number(self, match):
        written = match.group(1) + match.group(2)
        if COUNTED.search(match.string[: match.start()]) or not phones([written], self.country, self.guessed):
            return match.group()
        self.phones.append(written)
        return " "
