"""What mails say, read without a database: senders, labels, first senders, and no mail that takes for ever."""

import time
from email import policy
from email.message import EmailMessage

import pytest

from openfire_leads.mails import (
    is_machine,
    is_relay,
    nature,
    original_of,
    own_words,
    person_in_display_name,
    quote_comma_in_name,
    read_labels,
    texts_of,
)


def message(text, subject="x", subtype="plain", **headers):
    result = EmailMessage(policy=policy.SMTP)
    result["Subject"] = subject
    for name, value in headers.items():
        result[name.replace("_", "-")] = value
    result.set_content(text, subtype=subtype)
    return result


@pytest.mark.parametrize(
    "address",
    [
        *("noreply@a.example", "no-reply@a.example", "no_reply2@a.example", "ne-pas-repondre@a.example"),
        *("ne.pas.repondre+12@a.example", "noreplyleads@a.example", "notif@a.example", "www@a.example"),
        *("wordpress@a.example", "noreply-leads@a.example", "www-data@a.example", "newsletter@a.example"),
    ],
)
def test_a_machines_address_is_one(address):
    assert is_machine(address)


@pytest.mark.parametrize(
    "address", ["jeanne@a.example", "contact@a.example", "newsom@a.example", "formosa@a.example"]
)
def test_a_persons_address_is_no_machines(address):
    assert not is_machine(address)


def test_a_conversations_address_is_a_persons():
    assert is_relay("messagerie+ab12cd@annonces.example")
    assert not is_relay("jeanne+news@example.org")


@pytest.mark.parametrize(
    ("name", "person"),
    [
        ("Jeanne Moulin", "Jeanne Moulin"),
        ("Jeanne Moulin via Annonces", "Jeanne Moulin"),
        ("Jeanne (via Annonces)", "Jeanne"),
        ("Site Web", ""),
        ("WordPress", ""),
        ("Poeles Martin", ""),
        ("Formulaire de contact", ""),
    ],
)
def test_the_person_beside_a_forms_address(name, person):
    assert person_in_display_name(name, "wordpress@poeles-martin.example") == person


@pytest.mark.parametrize(
    ("header", "quoted"),
    [
        ("Dupont, Jean <jean@a.example>", '"Dupont, Jean" <jean@a.example>'),
        ('"Dupont, Jean" <jean@a.example>', '"Dupont, Jean" <jean@a.example>'),
        ("Jean <jean@a.example>, paul@a.example", "Jean <jean@a.example>, paul@a.example"),
        ("jean@a.example, Paul <paul@a.example>", "jean@a.example, Paul <paul@a.example>"),
        ("jean@a.example", "jean@a.example"),
    ],
)
def test_a_comma_in_a_name_is_quoted(header, quoted):
    assert quote_comma_in_name(header) == quoted


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nom : Moulin\nPrénom : Jeanne", {"name": "Jeanne Moulin"}),
        ("Prénom : Jeanne\nNom : Moulin", {"name": "Jeanne Moulin"}),
        ("Votre nom (obligatoire) : Jeanne", {"name": "Jeanne"}),
        ("* Nom* : Jeanne", {"name": "Jeanne"}),
        ("*Nom :* Jeanne", {"name": "Jeanne"}),
        (
            "Nom\nJeanne Moulin\nTéléphone\n06 12 34 56 78",
            {"name": "Jeanne Moulin", "phone": "06 12 34 56 78"},
        ),
        ("Nom :\nJeanne Moulin", {"name": "Jeanne Moulin"}),
        ("Nom :\nE-mail : a@b.example", {"email": "a@b.example"}),
        ("Nom：山田太郎", {"name": "山田太郎"}),
        (
            "Adresse : 3 rue des Lilas, 35000 Rennes",
            {"street": "3 rue des Lilas", "zip": "35000", "city": "Rennes"},
        ),
        ("Ville : 35000 Rennes", {"zip": "35000", "city": "Rennes"}),
        ("PLZ, Ort: 10115 Berlin", {"zip": "10115", "city": "Berlin"}),
        ("E-mail : Jeanne <a@b.example>", {"email": "a@b.example"}),
        ("Téléphone : demain", {}),
        ("Nom : https://spam.example", {}),
        ("Mon nom est : Jeanne, et voici ma demande", {}),
        ("Rendez-vous : lundi", {}),
    ],
)
def test_labelled_lines(text, expected):
    assert read_labels(text) == expected


def test_quoted_labels_are_not_ones_own():
    text = (
        "Un devis ?\n\nLe ven. 20 nov. 2026 à 10:00, Poêles <a@b.example> a écrit :\n> Tél : 02 99 00 00 00\n"
    )
    assert "02 99" not in own_words(text)


def test_a_layout_made_of_tables_is_read_line_by_line():
    html = "<table><tr><td>Logo</td><td><table><tr><td>Nom</td><td>Jeanne</td></tr></table></td></tr></table>"
    (text,) = texts_of(message(html, subtype="html"))
    assert "Nom : Jeanne" in text.splitlines()


@pytest.mark.parametrize(
    "text",
    [
        *(sign * 60_000 for sign in ("\n", " ", "-", "_", ">", "a")),
        *("> " * 30_000, "a,b " * 15_000, "Nom : a\n" * 7_000, "Le 20 novembre <" * 3_500),
        "De : Jeanne <a@b.example>\nEnvoyé : x\n" * 1_500,
    ],
)
def test_no_mail_takes_for_ever(text):
    start = time.monotonic()
    read_labels(text)
    original_of(message(text, "TR: x"), "TR: x", lambda _address: False)
    nature(message(text, List_Unsubscribe="<x>"), "x")
    quote_comma_in_name(text)
    assert time.monotonic() - start < 5
