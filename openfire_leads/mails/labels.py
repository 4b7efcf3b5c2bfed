"""Read the labelled lines of a form that was sent by mail: ``Nom : …``, ``Phone: …``."""

import re
import unicodedata

from .tolerance import tolerant

# what a label says: its words in French, English, German, Spanish, Italian and Dutch, folded
_WORDS = {
    "name": """nom|nom complet|nom et prenom|nom prenom|prenom et nom|prenom nom|nom / prenom|nom & prenom|name|
        full name|your name|name and surname|contact|contact name|nom du contact|client|vollstandiger name|
        vor und nachname|vor- und nachname|ansprechpartner|nombre|nombre completo|nombre y apellidos|
        nome|nome completo|nome e cognome|naam|volledige naam""",
    "first_name": "prenom|first name|firstname|given name|forename|vorname|nombre de pila|voornaam",
    "last_name": """nom de famille|last name|lastname|surname|family name|nachname|familienname|apellido|apellidos|
        cognome|achternaam|familienaam""",
    "company": """societe|entreprise|raison sociale|nom de la societe|nom de l'entreprise|nom entreprise|organisme|
        organisation|organization|company|company name|business|firma|firmenname|unternehmen|empresa|compania|
        azienda|ditta|societa|ragione sociale|bedrijf|bedrijfsnaam|onderneming|organisatie""",
    "phone": """telephone|tel|tel.|n° de telephone|no de telephone|numero de telephone|numero|telephone fixe|fixe|
        portable|mobile|gsm|tel portable|telephone portable|telephone mobile|phone|phone number|telephone number|
        telefonnummer|telefon|handy|mobil|mobiltelefon|rufnummer|mobile phone|cell|cell phone|telefono|
        numero de telefono|movil|telefono movil|cellulare|numero di telefono|recapito telefonico|telefoon|
        telefoonnummer|mobiel|mobiele telefoon|mobielnummer""",
    "email": """e-mail|email|mail|courriel|adresse e-mail|adresse email|adresse mail|adresse de messagerie|
        adresse electronique|adresse courriel|email address|e-mail address|mail address|e-mail-adresse|
        emailadresse|e-mailadresse|mailadresse|correo|correo electronico|direccion de correo|
        direccion de correo electronico|indirizzo email|indirizzo e-mail|posta elettronica|e-mailadres|emailadres""",
    "street": """adresse|adresse postale|rue|street|street address|address|strasse|straße|anschrift|
        strasse und hausnummer|direccion|calle|domicilio|indirizzo|via|straat|adres|straat en huisnummer""",
    "street2": "complement d'adresse|complement adresse|address line 2|address 2|adresse 2|adresszusatz",
    "zip": """code postal|cp|zip|zip code|postcode|postal code|plz|postleitzahl|codigo postal|cap|
        codice postale|postal / zip code""",
    "city": "ville|commune|localite|city|town|ort|stadt|wohnort|ciudad|localidad|poblacion|citta|comune|plaats|"
    "woonplaats|stad",
    "zip_city": """code postal et ville|code postal / ville|code postal ville|cp / ville|cp ville|cp et ville|
        plz / ort|plz/ort|plz ort|plz, ort|zip / city|postcode / plaats|postcode en plaats|cap e citta""",
    "country": "pays|country|land|pais|paese|nazione",
    "function": "fonction|poste|job title|position|role|funktion|cargo|puesto|funzione|ruolo|functie",
    "website": "site web|site internet|site|website|web site|url|webseite|homepage|sitio web|sito web|sito",
    "message": """message|votre message|commentaire|commentaires|demande|votre demande|question|precisions|
        comment|comments|your message|enquiry|inquiry|nachricht|ihre nachricht|anfrage|bemerkung|mensaje|
        comentario|comentarios|messaggio|commento|richiesta|bericht|opmerking|opmerkingen|vraag""",
    "sender": "de|from|von|van|da|expediteur|sender|absender|remitente|mittente|afzender",
    "other": "objet|sujet|subject|betreff|asunto|oggetto|onderwerp|civilite|date|anrede|title|titre",
}
_LABELS = {
    " ".join(label.split()): kind
    for kind, words in _WORDS.items()
    for label in words.replace("\n", " ").split("|")
}
_LINE = re.compile(
    r"^[\s>*•·\-–_#|\[]*(?P<label>[^\W\d_][^:=：\n]{0,48}?)[\s*_\]]*[:=：][\s*_]*(?P<value>.*)$"
)
_POLITE = re.compile(r"^(?:votre|vos|your|ihre?|su|tu|il suo|la sua|uw|je)\s+")
_ADDRESS = re.compile(r"[^\s<>,;:\"'()\[\]*]+@[^\s<>,;:\"'()\[\]*]+\.[^\s<>,;:\"'()\[\]*]+")
_LINK = re.compile(r"https?://|www\.|\[url", re.IGNORECASE)
_ZIP_CITY = re.compile(r"^(?:[A-Z]{1,2}-)?(?P<zip>\d{4,5}|\d{4}\s?[A-Z]{2})[\s,/-]+(?P<city>[^\d,;/]{2,60})$")
_FULL_ADDRESS = re.compile(
    r"^(?P<street>.*[^\s,;–-])[\s,;–-]+(?:[A-Z]{1,2}-)?(?P<zip>\d{4,5}|\d{4}\s?[A-Z]{2})\s+(?P<city>[^\d,;]{2,60})"
    r"(?:[,;].*)?$"
)
_MOST_LINES = 400


@tolerant(dict)
def read_labels(text):
    """Return what the labelled lines of a text say.

    :param str text: the words of a mail, line by line
    :return dict: of ``name``, ``company``, ``phone``, ``email``, ``street``, ``street2``, ``zip``, ``city``,
        ``country``, ``function`` and ``website`` those that are given, and could be what they claim to be.
        ``message`` is there where the form has such a line, with what stands on it.
    """
    found = {}
    lines = [line.strip() for line in text.splitlines() if line.strip()][:_MOST_LINES]
    for position, line in enumerate(lines):
        kind, value = _labelled(line)
        if not kind or kind in found:
            continue
        if not value and position + 1 < len(lines) and not _labelled(lines[position + 1])[0]:
            value = lines[position + 1]
        value = _CHECKS.get(kind, _text)(value) if value else ""
        if value or kind == "message":
            found[kind] = value
    _take_sender(found)
    _join_names(found)
    _part_addresses(found)
    found.pop("other", None)
    return found


def _labelled(line):
    """Return the kind of a line's label and its value; a line that is a label and nothing else has no value."""
    match = _LINE.match(line)
    label, value = (match["label"], match["value"]) if match else (line.strip(" *_"), "")
    if len(label) > 50:
        return None, ""
    folded = unicodedata.normalize("NFKD", label.lower().replace("’", "'"))
    folded = "".join(char for char in folded if not unicodedata.combining(char))
    folded = " ".join(re.sub(r"\([^)]*\)|\*", " ", folded).split())
    kind = _LABELS.get(folded) or _LABELS.get(_POLITE.sub("", folded))
    return kind, value[:300].strip(" *_|\xa0\t")


def _take_sender(found):
    """Take name and address of a form that writes "De : Jeanne Moulin <jeanne@…>"."""
    sender = found.pop("sender", "")
    if _email(sender):
        found.setdefault("email", _email(sender))
        name = _name(sender.partition("<")[0].strip(" \"'"))
        if name and not {"name", "first_name", "last_name"} & found.keys():
            found["name"] = name


def _join_names(found):
    """Make one name of its parts; beside a first name, "Nom" is the last one, and the other way round."""
    first, last, name = (found.pop(kind, "") for kind in ("first_name", "last_name", "name"))
    if first and not last:
        last, name = (name, "") if name and first.lower() not in name.lower().split() else ("", name)
    elif last and not first:
        first, name = (name, "") if name and last.lower() not in name.lower().split() else ("", name)
    whole = name if name and not (first and last) else f"{first} {last}".strip()
    if whole:
        found["name"] = whole


def _part_addresses(found):
    """Part what was written on one line: the postcode and the town, after the street or alone."""
    parted = [_ZIP_CITY.match(found.pop("zip_city", "")), _FULL_ADDRESS.match(found.get("street", ""))]
    if parted[1] and "zip" not in found:
        found["street"] = parted[1]["street"].strip(" ,;")
    for match in filter(None, (*parted, _ZIP_CITY.match(found.get("city", "")))):
        found.setdefault("zip", match["zip"])
        if "city" not in found or match.string == found["city"]:
            found["city"] = match["city"].strip()


def _text(value):
    return value[:120]


def _name(value):
    return (
        ""
        if "@" in value or _LINK.search(value) or len(value) > 80 or not re.search(r"[^\W\d_]", value)
        else value
    )


def _place(value):
    return "" if "@" in value or _LINK.search(value) else value[:120]


def _phone(value):
    # at most what two numbers and a word beside them take
    return value if 6 <= sum(char.isdigit() for char in value) <= 32 and len(value) <= 80 else ""


def _email(value):
    match = _ADDRESS.search(value)
    return match[0].rstrip(".") if match else ""


def _zip(value):
    return value if len(value) <= 12 and re.search(r"\d", value) else ""


_CHECKS = {
    "name": _name,
    "first_name": _name,
    "last_name": _name,
    "company": _name,
    "phone": _phone,
    "email": _email,
    "street": _place,
    "street2": _place,
    "zip": _zip,
    "city": _place,
}
