"""Bring e-mail addresses to one form, and take names out of them."""

import re
from functools import lru_cache

from rapidfuzz.distance import OSA

from .email_slips import mended_address
from .first_names import KNOWN, are_two, given_and_family
from .text import fold, unique, word_set

_DIGITS = re.compile(r"\d+")
_LETTERS = re.compile(r"[^\W\d_]+")
# what needs no mending; anything else is looked at closely
_PLAIN = re.compile(r"[a-z0-9][a-z0-9._+'-]*@(?!www\.)[a-z0-9]+(?:[.-][a-z0-9]+)+")
_ADDRESS = re.compile(r"[^\s<>,;:\"()\[\]@]+@[^\W_][\w.'-]*")
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
_DOTS = re.compile(r"\.{2,}")
# what clings to an address where several stand together, or where it was copied from a web page
_EDGE = re.compile(r"^(?:[&+/|!?*=.'-]+|(?:www\.)+(?=.))+|[/|=]+$")
_ODD = re.compile(r"\.\.|^www\.|[/|=]$")
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
    """Return the addresses found in ``values``, one for each :func:`mailbox`; machines' are left out.

    Blanks around @ and dots, ``(at)``, ``@@``, ``www.`` and the like are read as what was meant.
    """
    boxes: dict[str, str] = {}
    for address in unique(
        _canonical(address) for value in values if value for address in _found(fold(value))
    ):
        boxes.setdefault(mailbox(address), address)
    return list(boxes.values())


def mailbox(address):
    """Return what all ways to write ``address``, as :func:`emails` gives it, have in common: Gmail ignores dots."""
    local, _, domain = address.rpartition("@")
    return f"{local.replace('.', '')}@{domain}" if domain in _DOTS_IGNORED else address


def _found(folded):
    if not folded:
        return ()
    return (folded,) if _PLAIN.fullmatch(folded) else _ADDRESS.findall(mended_address(folded))


def _canonical(address):
    local, _, domain = address.rpartition("@")
    domain = _domain(domain.strip(".'-"))
    local = _local(local)
    return f"{local[:64]}@{domain}" if domain and local and not is_machine(local) else ""


def _local(local):
    """Return the local part without slips, and without its ``+tag`` unless the tag is all that tells who it is."""
    local = local.strip(".'")
    if not local[:1].isalnum() or not local.isascii() or _ODD.search(local):
        local = _DOTS.sub(".", _EDGE.sub("", local))
    if "+" not in local:
        return local
    name, _plus, tag = local.partition("+")
    return local if is_relay(name, tag) else name


@lru_cache(maxsize=65536)
def _domain(domain):
    """Return the domain, with the usual slips in the names of large providers corrected."""
    domain = _DOTS.sub(".", domain).removeprefix("www.")
    if "xn--" in domain:
        domain = _unicode(domain)
    domain = _SAME.get(domain, domain)[:64]
    if domain in PROVIDERS or "." not in domain:
        return domain
    near = [known for known in _CORRECTED if OSA.distance(domain, known, score_cutoff=1) <= 1]
    return near[0] if len(near) == 1 else domain


def _unicode(domain):
    try:
        return fold(domain.encode("ascii").decode("idna"))
    except UnicodeError:
        return domain


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
# mailboxes of a marketplace that pass messages on: which of its users it is, only the tag tells
_RELAYS = word_set(
    """
    annonce annonces chat client conversation conversations forward inbound lead leads member membre message
    messagerie messages messaging msg post relais relay reply replies reponse reponses thread ticket user users
    """
)
# mailboxes that nobody reads, or from which mail for everybody comes
_MACHINE = re.compile(
    r"(?:(?:no|not?|do|dont|don't|ne|nepas|pas|sans|kein|keine|nicht|non|nao|niet|de)[._-]?){1,4}"
    r"(?:reply|replies|respond|response|repondre|repondez|reponse|antwort|antworten|responder|responda|respuesta"
    r"|rispondere|risposta|resposta|beantwoorden)\b.*"
    r"|(?:auto[._-]?(?:reply|mailer|responder|mate|matic)|automated?|bounces?|daemon|mailer(?:[._-]?daemon)?|nobody"
    r"|notifications?|notify|notifier|notif|postmaster|robot|root|system|web-?forms?|wordpress|www-?data)"
    r"(?![^\W\d_]).*"
)


def is_machine(local):
    """Tell whether the local part of an address is a machine's: whoever has it in common has nothing in common."""
    return _MACHINE.fullmatch(local) is not None


def is_relay(name, tag):
    """Tell whether an address ``name+tag@`` is one person's by its tag: a mailbox that passes messages on.

    Such a tag was made by a program; one that a person adds (``contact+devis@``) says what for, not who.
    """
    parts = _LETTERS.findall(name)
    if not tag or not parts:
        return False
    return not _RELAYS.isdisjoint(parts) or (not _ROLES.isdisjoint(parts) and any(map(str.isdigit, tag)))


def is_tagged(address):
    """Tell whether ``address``, as :func:`emails` gives it, tells persons apart by its tag only."""
    return "+" in address


def alias_words(addresses):
    """Return the words of a name that the first of ``addresses`` seems to be made of, if any."""
    return _words_of(addresses.partition(" ")[0].partition("@")[0])


def _words_of(local):
    found = _LETTERS.findall(local)
    if "+" in local or not _ROLES.isdisjoint(found):
        return []
    return given_and_family(found[0]) if len(found) == 1 else found[:4]


def names_somebody(words):
    """Tell whether the words of an address are somebody's name: a first name or initial, and another word."""
    given = [word for word in words if word in KNOWN or len(word) == 1]
    return bool(given) and len(words) > 1 and any(len(word) > 2 for word in words)


def made_of(letters, names):
    """Tell whether the letters of an address are two of ``names``, or one and an initial, in any order."""
    return any(
        letters in (one + other, one + other[0], one[0] + other)
        for one in names
        for other in names
        if one is not other and (len(one) > 2 or len(other) > 2) and len(letters) > 3
    )


def of_two_people(first, second):
    """Tell whether two addresses that look alike are two people's: of two first names, or two numbers of one name."""
    one, other = (address.partition("@")[0] for address in (first, second))
    if _LETTERS.findall(one) == _LETTERS.findall(other) and one != other:
        return any(map(str.isdigit, one + other)) and _DIGITS.findall(one) != _DIGITS.findall(other)
    words, others = _words_of(one), _words_of(other)
    left, right = set(words) - set(others), set(others) - set(words)
    return any(are_two(mine, theirs) for mine in left for theirs in right)


def email_words(addresses):
    """Return the words that the local parts of ``addresses`` (parted by spaces) are made of."""
    return [
        word
        for address in addresses.split()
        for word in _LETTERS.findall(address.partition("@")[0])
        if word[2:]
    ]
