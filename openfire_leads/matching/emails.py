"""Bring e-mail addresses to one form, and take names out of them."""

import re
from functools import lru_cache

from rapidfuzz.distance import OSA

from .text import fold, unique, word_set

_LETTERS = re.compile(r"[^\W\d_]+")
_ADDRESS = re.compile(r"[^\s<>,;:\"()\[\]@]+@[^\s<>,;:\"()\[\]@]+")
# providers where anybody can have a mailbox: the domain says nothing about the person
PROVIDERS = word_set(
    """
    gmail.com hotmail.com hotmail.fr hotmail.co.uk outlook.com outlook.fr live.com live.fr msn.com
    yahoo.com yahoo.fr yahoo.co.uk ymail.com icloud.com me.com mac.com aol.com aol.fr orange.fr
    wanadoo.fr free.fr sfr.fr neuf.fr bbox.fr laposte.net numericable.fr club-internet.fr
    cegetel.net noos.fr aliceadsl.fr voila.fr gmx.com gmx.fr gmx.de web.de t-online.de mail.com
    email.com protonmail.com proton.me pm.me mail.ru yandex.ru bluewin.ch skynet.be telenet.be
    libero.it btinternet.com comcast.net verizon.net att.net hotmail.be outlook.be
    """
)
_DOTS_IGNORED = frozenset(["gmail.com"])
_SAME = {
    "googlemail.com": "gmail.com",
    "gmail.fr": "gmail.com",
    "gmail.co": "gmail.com",
    "gmail.con": "gmail.com",
}
# long enough that one slip cannot be another domain that people really use
_CORRECTED = tuple(sorted(domain for domain in PROVIDERS if len(domain) >= 9))


def emails(values):
    """Return the addresses found in ``values``, one form for each mailbox."""
    return unique(
        _canonical(address) for value in values if value for address in _ADDRESS.findall(fold(value))
    )


def _canonical(address):
    local, _, domain = address.rpartition("@")
    domain = _domain(domain.strip(".'-"))
    local = local.strip(".'").split("+", 1)[0] or local
    if domain in _DOTS_IGNORED:
        local = local.replace(".", "")
    return f"{local[:64]}@{domain}" if domain else ""


@lru_cache(maxsize=65536)
def _domain(domain):
    """Return the domain, with the usual slips in the names of large providers corrected."""
    domain = _SAME.get(domain, domain)[:64]
    if domain in PROVIDERS or "." not in domain:
        return domain
    near = [known for known in _CORRECTED if OSA.distance(domain, known, score_cutoff=1) <= 1]
    return near[0] if len(near) == 1 else domain


def is_provider(domain):
    """Tell whether ``domain`` is one where anybody may have a mailbox."""
    return domain in PROVIDERS


# mailboxes named after what they are for, not after who reads them
_ROLES = word_set(
    """
    accueil achat achats admin administration agence bonjour booking bureau commande commercial compta
    comptabilite contact devis direction email facturation gestion hello hotel info infos information magasin
    mail marketing no office order orders pro rdv reception reply reservation sales sav secretariat service
    shop studio support team travaux vente ventes webmaster
    """
)


def alias_words(addresses):
    """Return the words of a name that the first of ``addresses`` seems to be made of, if any."""
    local = addresses.partition(" ")[0].partition("@")[0]
    found = _LETTERS.findall(local)
    return [] if _ROLES.intersection(found) else found[:4]


def email_words(addresses):
    """Return the words that the local parts of ``addresses`` (parted by spaces) are made of."""
    return [
        word
        for address in addresses.split()
        for word in _LETTERS.findall(address.partition("@")[0])
        if word[2:]
    ]
