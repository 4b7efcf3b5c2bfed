"""Raw mails of people who ask by other ways than writing themselves: forms, marketplaces, colleagues.

Each is a tuple of lines: headers, an empty line, a body.
"""


def mail(sender, *body, subject="Nouvelle demande", headers=(), to="demandes@leads.example"):
    """Return the lines of a plain mail."""
    return (f"From: {sender}", f"To: {to}", f"Subject: {subject}", *headers, *_plain(), "", *body)


def _plain(subtype="plain"):
    return (
        "MIME-Version: 1.0",
        f"Content-Type: text/{subtype}; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
    )


def html_mail(sender, *body, subject="Nouvelle demande", headers=()):
    """Return the lines of a mail in HTML."""
    head = (f"From: {sender}", "To: demandes@leads.example", f"Subject: {subject}")
    return (*head, *headers, *_plain("html"), "", *body)


WORDPRESS = "Poeles Martin <wordpress@poeles-martin.example>"
REPLY_TO = "Reply-To: Jeanne Moulin <jeanne.moulin@example.org>"

# what the lead of each is to have
FORMS = {
    "a form with Reply-To": (
        mail(WORDPRESS, "Bonjour, un devis pour un poêle ?", headers=[REPLY_TO]),
        {"email_normalized": "jeanne.moulin@example.org", "contact_name": "Jeanne Moulin"},
    ),
    "no-reply with Reply-To, made by a machine": (
        mail(
            "no-reply@formulaires.example",
            "Un devis ?",
            headers=["Reply-To: paul@example.org", "Auto-Submitted: auto-generated"],
        ),
        {"email_normalized": "paul@example.org", "contact_name": False},
    ),
    "one's own domain with Reply-To": (
        mail("Site <site@company.example>", "Un devis ?", headers=[REPLY_TO]),
        {"email_normalized": "jeanne.moulin@example.org", "contact_name": "Jeanne Moulin"},
    ),
    "the requester's name beside the form's address": (
        mail("Jeanne Moulin <noreply@site.example>", "Un devis ?", headers=["Reply-To: j.m@example.org"]),
        {"email_normalized": "j.m@example.org", "contact_name": "Jeanne Moulin"},
    ),
    "French labels without Reply-To": (
        mail(
            WORDPRESS,
            "Nom : Moulin",
            "Prénom : Jeanne",
            "Société : Boulangerie Moulin",
            "Téléphone : 06 12 34 56 78",
            "E-mail : jeanne.moulin@example.org",
            "Adresse : 3 rue des Lilas",
            "Code postal : 35000",
            "Ville : Rennes",
            "Pays : France",
            "Message : Bonjour, un devis pour un poêle ?",
        ),
        {
            "email_normalized": "jeanne.moulin@example.org",
            "contact_name": "Jeanne Moulin",
            "partner_name": "Boulangerie Moulin",
            "phone": "06 12 34 56 78",
            "street": "3 rue des Lilas",
            "zip": "35000",
            "city": "Rennes",
        },
    ),
    "a sender's line": (
        mail(
            WORDPRESS,
            "De : Jeanne Moulin <jeanne.moulin@example.org>",
            "Sujet : Devis",
            "",
            "Message :",
            "Bonjour",
        ),
        {"email_normalized": "jeanne.moulin@example.org", "contact_name": "Jeanne Moulin"},
    ),
    "a portal that hands on to one of its own addresses": (
        mail(
            "Annonces <noreply@annonces.example>",
            "Marc vous a écrit : https://annonces.example/1",
            headers=[
                "Reply-To: Marc <abcd1234@messages.annonces.example>",
                "List-Unsubscribe: <https://x.example>",
            ],
        ),
        {"email_normalized": "abcd1234@messages.annonces.example", "contact_name": "Marc"},
    ),
    "English labels": (
        mail(
            "website@shop.example",
            "Your name: Jane Mill",
            "Your email: jane@example.org",
            "Phone number: +44 20 7946 0018",
            "Message: hello",
        ),
        {"email_normalized": "jane@example.org", "contact_name": "Jane Mill", "phone": "+44 20 7946 0018"},
    ),
    "German labels": (
        mail(
            "kontaktformular@laden.example",
            "Vorname: Johanna",
            "Nachname: Mühle",
            "Firma: Mühle GmbH",
            "Telefonnummer: 030 901820",
            "E-Mail-Adresse: johanna@example.org",
            "PLZ / Ort: 10115 Berlin",
            "Ihre Nachricht: Hallo",
        ),
        {
            "email_normalized": "johanna@example.org",
            "contact_name": "Johanna Mühle",
            "partner_name": "Mühle GmbH",
            "phone": "030 901820",
            "zip": "10115",
            "city": "Berlin",
        },
    ),
    "Spanish labels": (
        mail(
            "formulario@tienda.example",
            "Nombre: Juana",
            "Apellidos: Molino Ruiz",
            "Correo electrónico: juana@example.org",
            "Teléfono: 912 345 678",
            "Mensaje: hola",
        ),
        {
            "email_normalized": "juana@example.org",
            "contact_name": "Juana Molino Ruiz",
            "phone": "912 345 678",
        },
    ),
    "Italian labels": (
        mail(
            "noreply@negozio.example",
            "Nome: Giovanna",
            "Cognome: Mulino",
            "Indirizzo e-mail: giovanna@example.org",
            "Cellulare: 347 123 4567",
            "Messaggio: ciao",
        ),
        {
            "email_normalized": "giovanna@example.org",
            "contact_name": "Giovanna Mulino",
            "phone": "347 123 4567",
        },
    ),
    "Dutch labels": (
        mail(
            "noreply@winkel.example",
            "Naam: Johanna Molen",
            "E-mailadres: johanna@example.org",
            "Telefoonnummer: 020 123 4567",
            "Woonplaats: Amsterdam",
            "Bericht: hallo",
        ),
        {
            "email_normalized": "johanna@example.org",
            "contact_name": "Johanna Molen",
            "phone": "020 123 4567",
            "city": "Amsterdam",
        },
    ),
    "labels in the cells of a table": (
        html_mail(
            WORDPRESS,
            "<html><body><table><tr><td><table>",
            "<tr><td><b>Nom</b></td><td>Jeanne Moulin</td></tr>",
            "<tr><th>E-mail :</th>",
            "<td><a href='mailto:jeanne.moulin@example.org'>jeanne.moulin@example.org</a></td></tr>",
            "<tr><td>Téléphone</td><td>06 12 34 56 78</td></tr>",
            "<tr><td>Message</td><td>Un devis ?</td></tr>",
            "</table></td></tr></table></body></html>",
        ),
        {
            "email_normalized": "jeanne.moulin@example.org",
            "contact_name": "Jeanne Moulin",
            "phone": "06 12 34 56 78",
        },
    ),
    "labels above their values": (
        html_mail(
            WORDPRESS,
            "<table><tr><td colspan='2'><strong>Votre nom</strong></td></tr>",
            "<tr><td>&nbsp;</td><td>Jeanne Moulin</td></tr>",
            "<tr><td colspan='2'><strong>Votre e-mail</strong></td></tr>",
            "<tr><td>&nbsp;</td><td>jeanne.moulin@example.org</td></tr></table>",
        ),
        {"email_normalized": "jeanne.moulin@example.org", "contact_name": "Jeanne Moulin"},
    ),
    "a form that tells no e-mail": (
        mail(WORDPRESS, "Nom : Jeanne Moulin", "Téléphone : 06 12 34 56 78"),
        {"email_normalized": False, "contact_name": "Jeanne Moulin", "phone": "06 12 34 56 78"},
    ),
    "a form that sends from the alias": (
        mail("Site <demandes@leads.example>", "Nom : Jeanne Moulin", "E-mail : jeanne.moulin@example.org"),
        {"email_normalized": "jeanne.moulin@example.org", "contact_name": "Jeanne Moulin"},
    ),
    "one's own form that tells nothing": (
        mail("WordPress <wordpress@company.example>", "Un devis ?"),
        {"email_normalized": False, "contact_name": False},
    ),
    "a colleague who notes a call": (
        mail("Sales Person <salesperson@company.example>", "Nom : Jeanne Moulin", "Tél : 06 12 34 56 78"),
        {"email_normalized": False, "contact_name": "Jeanne Moulin", "phone": "06 12 34 56 78"},
    ),
    "a machine elsewhere that tells nothing": (
        mail("Portail <no-reply@portail.example>", "Un devis ?"),
        {"email_normalized": "no-reply@portail.example"},
    ),
    "a marketplace's address with Reply-To": (
        mail(
            "Jeanne via Annonces <messagerie+ab12cd@annonces.example>",
            "Bonjour, toujours disponible ?",
            headers=[
                "Reply-To: messagerie+ab12cd@annonces.example",
                "Feedback-ID: 1:annonces",
                "Precedence: bulk",
            ],
        ),
        {"email_normalized": "messagerie+ab12cd@annonces.example"},
    ),
    "a person who is to be answered elsewhere": (
        mail("Paul <paul@example.org>", "Un devis ?", headers=["Reply-To: paul.tissot@example.net"]),
        {"email_normalized": "paul@example.org", "contact_name": "Paul"},
    ),
    "a person's signature": (
        mail(
            "Paul Tissot <paul@example.org>",
            "Un devis ?",
            "Paul Tissot",
            "Tél. : 02 99 12 34 56",
            "Mail : paul@example.org",
        ),
        {"email_normalized": "paul@example.org", "contact_name": "Paul Tissot", "phone": "02 99 12 34 56"},
    ),
    "an unquoted comma in the name": (
        mail("Dupont, Jean <jean@example.org>", "Un devis ?"),
        {"email_normalized": "jean@example.org", "contact_name": "Dupont, Jean"},
    ),
}

COLLEAGUE = "Sales Person <salesperson@company.example>"
_FIRST = {"email_normalized": "jeanne.moulin@example.org", "contact_name": "Jeanne Moulin"}
_GMAIL = ("---------- Forwarded message ---------", "De : Jeanne Moulin <jeanne.moulin@example.org>")
FORWARDS = {
    "Gmail": (
        mail(
            COLLEAGUE, "Pour toi.", "", *_GMAIL, "Date: ven. 20 nov. 2026 à 10:00", "Subject: Devis",
            "To: <salesperson@company.example>", "", "Bonjour, un devis ?", subject="Fwd: Devis",
        ),
        _FIRST,
    ),
    "Outlook in French, with a blank": (
        mail(
            COLLEAGUE, "Pour toi.", "", "De : Jeanne Moulin <jeanne.moulin@example.org>",
            "Envoyé : vendredi 20 novembre 2026 10:00", "À : Sales Person <salesperson@company.example>",
            "Objet : Devis", "", "Bonjour, un devis ?", subject="TR : Devis",
        ),
        _FIRST,
    ),
    "Outlook in German": (
        mail(
            COLLEAGUE, "Für dich.", "", "Von: Jeanne Moulin <jeanne.moulin@example.org>",
            "Gesendet: Freitag, 20. November 2026 10:00", "An: Sales Person <salesperson@company.example>",
            "Betreff: Angebot", "", "Hallo", subject="WG: Angebot",
        ),
        _FIRST,
    ),
    "Thunderbird": (
        mail(
            COLLEAGUE, "", "-------- Message transféré --------", "Sujet : Devis",
            "Date : Fri, 20 Nov 2026 10:00:00 +0100",
            "De : Jeanne Moulin <jeanne.moulin@example.org>", "Pour : salesperson@company.example", "",
            "Bonjour, un devis ?", subject="Fwd: Devis",
        ),
        _FIRST,
    ),
    "Apple Mail": (
        mail(
            COLLEAGUE, "", "Début du message réexpédié :", "", "> De: Jeanne Moulin <jeanne.moulin@example.org>",
            "> Objet: Devis", "> Date: 20 novembre 2026 à 10:00:00 UTC+1", "> À: salesperson@company.example", "> ",
            "> Bonjour, un devis ?", subject="Fwd: Devis",
        ),
        _FIRST,
    ),
    "Outlook in HTML": (
        html_mail(
            COLLEAGUE, "<p>Pour toi.</p><hr><p><b>De&nbsp;:</b> Jeanne Moulin &lt;jeanne.moulin@example.org&gt;<br>",
            "<b>Envoyé&nbsp;:</b> vendredi 20 novembre 2026 10:00<br><b>À&nbsp;:</b> Sales Person<br>",
            "<b>Objet&nbsp;:</b> Devis</p><p>Bonjour, un devis ?</p>", subject="TR: Devis",
        ),
        _FIRST,
    ),
    "a provider's webmail": (
        mail(
            COLLEAGUE, "> Message du 19/11/26 10:00", '> De : "Jeanne Moulin" <jeanne.moulin@example.org>',
            '> A : "contact@company.example"', "> Copie à :", "> Objet : Devis", ">", "> Bonjour", subject="TR: Devis",
        ),
        _FIRST,
    ),
    "a colleague to a colleague": (
        mail(
            COLLEAGUE, *_GMAIL[:1], "From: Manager <manager@company.example>", "Date: ven. 20 nov. 2026",
            "Subject: Fwd: Devis", "To: <salesperson@company.example>", "", "Vois ceci.", "", *_GMAIL,
            "Date: jeu. 19 nov. 2026", "Subject: Devis", "To: <manager@company.example>", "", "Un devis ?",
            subject="Fwd: Fwd: Devis",
        ),
        _FIRST,
    ),
    "a form's mail": (
        mail(
            COLLEAGUE, *_GMAIL[:1], "De : Site <wordpress@company.example>", "Date: ven. 20 nov. 2026",
            "Subject: Contact", "To: <contact@company.example>", "", "Nom : Jeanne Moulin",
            "E-mail : jeanne.moulin@example.org", "Téléphone : 06 12 34 56 78", "Message : un devis ?",
            subject="Fwd: Contact",
        ),
        {**_FIRST, "phone": "06 12 34 56 78"},
    ),
}  # fmt: skip

_PROMOTION = "Nos promotions de novembre : -20 % sur tout le magasin. Se désabonner : https://shop.example/u"
_CALENDAR = (
    "Content-Type: text/calendar; charset=utf-8; method=REPLY", "MIME-Version: 1.0", "",
    "BEGIN:VCALENDAR", "METHOD:REPLY", "END:VCALENDAR",
)  # fmt: skip
# what makes no lead: a reason, and mails
ASIDE = {
    "automatic": {
        "says so": mail("a@example.org", "Je suis absent", headers=["Auto-Submitted: auto-replied"]),
        "says so by another header": mail("a@example.org", "Je suis absent", headers=["X-Autoreply: yes"]),
        "says so by its precedence": mail("a@example.org", "Absent", headers=["Precedence: auto_reply"]),
        "subject, and answers a mail": mail(
            "a@example.org", "Absent", subject="Réponse automatique : Devis", headers=["In-Reply-To: <x@y.example>"]
        ),
        "subject, and no return path": mail(
            "a@example.org", "Away", subject="Out of Office: away", headers=["Return-Path: <>"]
        ),
        "subject, and made by a machine": mail(
            "a@example.org",
            "Away",
            subject="Automatic reply: Devis",
            headers=["Auto-Submitted: auto-generated", "X-Auto-Response-Suppress: All"],
        ),
    },
    "newsletter": {
        "unsubscribe": mail("Shop <news@shop.example>", _PROMOTION, headers=["List-Unsubscribe: <https://x.example>"]),
        "feedback": mail("Shop <hello@shop.example>", _PROMOTION, headers=["Feedback-ID: 1:campaign:esp"]),
        "bulk": mail("Shop <hello@shop.example>", _PROMOTION, headers=["Precedence: bulk"]),
        "a list of its own": mail(
            "Shop <hello@shop.example>",
            _PROMOTION,
            headers=[
                "List-Id: <list.esp.example>",
                "List-Unsubscribe: <https://x.example>",
                "Reply-To: info@shop.example",
            ],
        ),
    },
    "calendar": {
        "a part of the mail": (
            "From: a@example.org", "To: demandes@leads.example", "Subject: Rendez-vous", *_CALENDAR,
        ),
        "only the subject, and nothing in it": mail("a@example.org", subject="Accepté : Rendez-vous"),
        "the subject, and answers a mail": mail(
            "a@example.org", "Jeanne a accepté", subject="Accepted: Visit", headers=["In-Reply-To: <x@y.example>"]
        ),
    },
    "own": {"alias": mail("autres@leads.example", "Bonjour")},
}  # fmt: skip

_ASKS = "Bonjour, je voudrais un devis pour un poêle."
# what looks like one of those and is a request
REQUESTS = {
    "asks not to be answered by machines": mail("a@example.org", _ASKS, headers=["X-Auto-Response-Suppress: OOF"]),
    "made by a machine": mail("a@example.org", _ASKS, headers=["Auto-Submitted: auto-generated; owner-email=x"]),
    "a subject alone": mail("a@example.org", _ASKS, subject="Réponse automatique : que proposez-vous ?"),
    "a subject that begins like an absence's": mail(
        "a@example.org", _ASKS, subject="Absence de chauffage", headers=["X-Auto-Response-Suppress: DR, OOF"]
    ),
    "another subject alone": mail("a@example.org", _ASKS, subject="Absent du bureau : rappelez-moi"),
    "bulk": mail("a@example.org", _ASKS, headers=["Precedence: bulk"]),
    "unsubscribe, and a person's words": mail(
        "a@example.org", _ASKS, headers=["List-Unsubscribe: <mailto:u@x.example>"]
    ),
    "feedback alone": mail("a@example.org", "Devis poêle 20 m2 svp", headers=["Feedback-ID: ::1.eu:AmazonSES"]),
    "through a list that says so": mail(
        "a@example.org", "Devis ?", headers=["Precedence: list", "List-Unsubscribe: <mailto:u@x.example>"]
    ),
    "through our own list": mail(
        "a@example.org",
        "Devis ?",
        headers=["List-Id: Contact <contact.leads.example>", "List-Unsubscribe: <mailto:u@leads.example>"],
    ),
    "a portal's, of whom to reply to": mail(
        "Portail <demandes@portail.example>",
        "Nouveau contact. Se désabonner : https://portail.example/u",
        headers=["Reply-To: jeanne@example.org", "List-Unsubscribe: <https://x.example>", "Feedback-ID: 1:x"],
    ),
    "an invitation": (
        "From: a@example.org", "To: demandes@leads.example", "Subject: Visite",
        "Content-Type: text/calendar; charset=utf-8; method=REQUEST", "MIME-Version: 1.0", "",
        "BEGIN:VCALENDAR", "METHOD:REQUEST", "END:VCALENDAR",
    ),
    "a sentence that begins like a calendar's": mail("a@example.org", _ASKS, subject="Accepté : votre devis"),
}  # fmt: skip
