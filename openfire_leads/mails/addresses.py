"""Tell the addresses of machines from those of people, and repair how a sender is written."""

import re

from ..matching import emails
from ..matching.text import word_set

# local parts behind which nobody reads, beside those that match no two leads; without what parts their words
_MACHINES = word_set(
    """
    wpforms drupal joomla prestashop magento wix www apache nginx webmaster alert alerts alerte alertes bot
    server serveur form forms formulaire contactform formcontact formulairecontact formulairedecontact
    formulario formular kontaktformular formulier contactformulier website siteweb siteinternet
    webformulaire mailing mailings newsletter newsletters news
    """
)
# those that more may follow, written as one word
_MACHINE_STARTS = ("noreply", "donotreply", "nepasrepondre", "wordpress")
# those behind which somebody reads, but nobody who asks
_ROLES = word_set(
    """
    contact info infos hello bonjour support service services serviceclient serviceclients client clients marketing
    sales commercial reply team equipe help aide office mail admin relation relationclient communication promo
    """
)
# the address that a marketplace gives to one conversation: messagerie+ab12cd@…
_RELAY = re.compile(r"\+(?=[^@]*\d)[\w.-]{4,}@|\+[\w.-]{10,}@")
_NAME = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*\.?")
_VIA = re.compile(
    r"^(?P<name>.+?)\s*(?:\(\s*)?\b(?:via|par|through|über|durch|por|tramite)\b\s", re.IGNORECASE
)
_NO_PERSON = word_set(
    """
    site web website wordpress contact formulaire form formular formulario kontakt contacto contatto equipe team
    service info admin administrateur reply noreply notification newsletter internet demande demandes request
    devis commercial ventes sales support boutique shop store online
    """
)
_COMMA_NAME = re.compile(
    r"^\s*(?P<name>[^\"<>@,;:]+,[^\"<>@;:]*?)\s*<(?P<address>[^<>\s,;]+@[^<>\s,;]+)>\s*$"
)


def is_machine(address):
    """Return whether nobody reads what is sent to this address, by its local part."""
    local = address.partition("@")[0].partition("+")[0].lower().rstrip("0123456789")
    plain = re.sub(r"[\W_]", "", local)
    return emails.is_machine(local) or plain in _MACHINES or plain.startswith(_MACHINE_STARTS)


def is_role(address):
    """Return whether the address is a firm's as such, by its local part."""
    return re.sub(r"[\W_]", "", address.partition("@")[0].lower()) in _ROLES


def is_relay(address):
    """Return whether the address is one that a marketplace makes for one person's conversation."""
    return bool(_RELAY.search(address))


def related(domain, other):
    """Return whether two domains are the same, or one is below the other."""
    domain, other = domain.lower().strip("."), other.lower().strip(".")
    return bool(domain and other) and (
        domain == other or domain.endswith(f".{other}") or other.endswith(f".{domain}")
    )


def person_in_display_name(name, address):
    """Return the person whom the display name of a machine's address names, or an empty string.

    Forms often write the requester's name beside their own address: "Jeanne Moulin <wordpress@…>",
    "Jeanne Moulin via Marketplace". The name of the site is no person.
    """
    via = _VIA.match(name)
    if via:
        return via["name"].strip(" \"'")
    words = name.split()
    if not 2 <= len(words) <= 4 or not all(_NAME.fullmatch(word) for word in words):
        return ""
    domain = address.rpartition("@")[2].lower()
    folded = [word.lower() for word in words]
    if any(word in _NO_PERSON or (len(word) > 3 and word in domain) for word in folded):
        return ""
    return name


def quote_comma_in_name(header):
    """Return a From header with its name quoted, where a comma in it was not: ``Dupont, Jean <jean@…>``."""
    match = _COMMA_NAME.match(header) if len(header) < 1000 else None
    return f'"{match["name"].strip()}" <{match["address"]}>' if match else header
