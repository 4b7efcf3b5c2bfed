"""Whom an e-mail address names, where a record says no contact."""

import pytest
from test_households import level

from openfire_leads.matching import Model, Record, profile
from openfire_leads.matching.emails import emails
from openfire_leads.matching.providers import is_provider

MODEL = Model()
LANDLINE = {"street": "3 rue du Puits", "zip": "68200", "city": "Mulhouse", "phones": ("03 89 12 34 56",)}
FIRM = {**LANDLINE, "partner_name": "Cheminées Vogel"}


def compare(one, other, **both):
    return MODEL.compare(
        *(profile(Record(**{**both, **values}, country_code="FR")) for values in (one, other))
    )


@pytest.mark.parametrize(
    ("contact", "local", "expected"),
    [
        ("Thérèse Payet", "guyot", "other_in_email"),
        ("Thérèse Payet", "helene", "other_in_email"),
        ("Thérèse Payet", "marie", "other_in_email"),
        ("Thérèse Payet", "mthomas", "other_in_email"),
        # hers, also with a slip, cut short or with an initial
        ("Thérèse Payet", "payet", "partly_mentioned"),
        ("Thérèse Payet", "tpayet", "mentioned"),
        ("Thérèse Payet", "tpayett", None),
        ("Thérèse Payet", "there", None),
        ("Marie-Claude Dos Santos", "santos", None),
        # a first name and a surname may be one person's, two of a kind are not
        ("Thérèse", "payet", None),
        ("Payet", "therese", None),
        ("Thérèse", "helene", "other_in_email"),
        ("Payet", "guyot", "other_in_email"),
        # maybe an initial of what was not written
        ("Payet", "theresep", None),
        # the firm's, what a mailbox is for, a word that is no name one knows
        ("Thérèse Payet", "vogel", None),
        ("Thérèse Payet", "cheminees", None),
        ("Thérèse Payet", "atelier", None),
        ("Thérèse Payet", "acceuil", None),
        ("Thérèse Payet", "verkauf", None),
        ("Thérèse Payet", "mulhouse", None),
        ("Thérèse Payet", "gruenwerk", None),
        ("Thérèse Payet", "e-commerce", None),
        ("Thérèse Payet", "m.vogel", None),
        ("Thérèse Payet", "jpd", None),
    ],
)
def test_one_word_before_a_firms_domain_is_somebodys_name(contact, local, expected):
    mail = {"emails": (f"{local}@cheminees-vogel.fr",)}
    found = compare({"contact_name": contact}, mail, **FIRM)
    assert level(found, "contact_name") == expected
    if expected == "other_in_email":
        assert found.score < MODEL.suspicion


def test_one_word_before_a_providers_domain_names_nobody_else():
    found = compare({"contact_name": "Thérèse Payet"}, {"emails": ("guyot@orange.fr",)}, **LANDLINE)
    assert level(found, "contact_name") is None


def test_who_has_another_address_of_that_word_is_no_other():
    found = compare(
        {"contact_name": "Famille Dufour", "emails": ("benoit.dufour@cheminees-vogel.fr",)},
        {"emails": ("benoit@cheminees-vogel.fr",)},
        **FIRM,
    )
    assert level(found, "contact_name") is None


def test_a_surname_that_begins_with_a_first_name_is_one_word():
    found = compare(
        {"contact_name": "Élisabeth Marchand"}, {"emails": ("marchand@lebon.fr",)}, phones=("03 89 12 34 56",)
    )
    assert level(found, "contact_name") == "partly_mentioned"


def test_a_firm_is_called_otherwise_than_who_writes():
    found = compare(
        {"partner_name": "Beau Site", "emails": ("didier@beau-site.fr",)},
        {"emails": ("yves.didier@orange.fr",)},
        **LANDLINE,
    )
    assert level(found, "contact_name") is None
    named = compare({"partner_name": "Sophie Petit"}, {"emails": ("yves.didier@orange.fr",)}, **LANDLINE)
    assert level(named, "contact_name") == "other_in_email"


@pytest.mark.parametrize(
    "company", ["Garage Martin", "Lycée Louis Armand", "Clinique Sainte Anne", "Chez Paul"]
)
def test_a_firm_called_by_a_first_name_is_nobody(company):
    found = compare({"partner_name": company}, {"emails": ("yves.didier@orange.fr",)}, **LANDLINE)
    assert level(found, "contact_name") is None


def test_a_family_s_domain_is_of_all_of_it():
    mail = {"partner_name": "Dupont Frères", "emails": ("jean@dupont.fr",)}
    assert (
        level(compare({"contact_name": "Marie Dupont"}, mail, **LANDLINE), "contact_name") != "other_in_email"
    )


def test_of_several_addresses_each_may_name_the_contact():
    own, colleague = "payet@cheminees-vogel.fr", "guyot@cheminees-vogel.fr"
    both = compare({"contact_name": "Thierry Payet"}, {"emails": (colleague, own)}, **FIRM)
    assert level(both, "contact_name") != "other_in_email"
    one = {"contact_name": "T. Payet", "emails": ("tp@gmail.com", colleague)}
    assert level(compare(one, {"emails": (colleague,)}, **FIRM), "contact_name") is None


def test_a_firm_whose_address_names_the_contact_is_no_other():
    firm = {"partner_name": "Transports Bertrand", "emails": ("delbois@transports-bertrand.fr",)}
    contact = {"contact_name": "Martin Delbois"}
    found = compare(firm, contact, **LANDLINE)
    assert level(found, "contact_name") == "partly_mentioned"
    assert found.score > MODEL.suspicion
    for other in (
        {"emails": ("contact@transports-bertrand.fr",)},
        # one word without a phone, or in a subject, may be anybody's
        {},
        {"emails": (), "name": "Devis poêle Delbois"},
    ):
        phone = {} if not other else {"phones": LANDLINE["phones"]}
        assert level(compare({**firm, **other}, contact, **phone), "contact_name") == "crosswise_different"


@pytest.mark.parametrize(
    ("one", "address", "other", "expected"),
    [
        ("Mme Simon", "simon.oceane@yahoo.fr", "Océane Simon", "completed"),
        ("Famille Simon", "oceane.simon79@yahoo.fr", "SIMON Océane", "completed"),
        ("Mme Simon", "oceanesimon@yahoo.fr", "Océane Simon", "completed"),
        ("Mme Simon", "simon.nadine@yahoo.fr", "Paul Simon", "other_first_name"),
        ("Mme Simon", "simon@yahoo.fr", "Océane Simon", "partial"),
        ("Mme Simon", "oceane.roux@yahoo.fr", "Océane Simon", "partial"),
        ("M. Simon", "jean-pierre.simon@yahoo.fr", "Jean-Pierre Simon", "completed"),
        ("M. Simon", "jean-pierre.simon@yahoo.fr", "Jean-Paul Simon", "other_first_name"),
        ("M. Simon", "jean.simon@yahoo.fr", "Jean-Paul Simon", "partial"),
        ("Mme Simon", "", "Océane Simon", "partial"),
    ],
)
def test_a_surname_is_completed_by_the_first_name_in_its_own_address(one, address, other, expected):
    first, second = {"contact_name": one, "emails": (address,) if address else ()}, {"contact_name": other}
    found = compare(first, second)
    assert level(found, "contact_name") == expected
    assert compare(second, first) == found
    plain = compare({"contact_name": one}, second)
    assert (found.score > plain.score) == (expected == "completed")


def test_where_the_phone_or_address_is_the_same_a_surname_stays_one():
    mail = {"emails": ("simon.oceane@yahoo.fr",)}
    found = compare(
        {"contact_name": "Mme Simon", **mail}, {"contact_name": "Océane Simon"}, phones=("06 12 34 56 78",)
    )
    assert level(found, "contact_name") == "partial"


def test_an_address_that_may_be_a_providers_names_nobody_else_where_no_firm_is_named():
    mail = {"emails": ("guyot@mail-anywhere.example",)}
    assert level(compare({"contact_name": "Thérèse Payet"}, mail, **LANDLINE), "contact_name") is None


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        *(
            (domain, True)
            for domain in ("gmail.com", "estvideo.fr", "gmx.at", "yahoo.co.in", "hotmail.ch", "live.be")
        ),
        *((domain, False) for domain in ("yahoo-travaux.fr", "live.musique.fr", "cheminees-vogel.fr", "")),
    ],
)
def test_providers_are_known_in_each_country(domain, expected):
    assert is_provider(domain) is expected


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("hotmail.de", "hotmail.de"),
        ("outlook.it", "outlook.it"),
        ("hotmal.fr", "hotmail.fr"),
        ("outlook.cm", "outlook.com"),
    ],
)
def test_only_what_is_no_providers_own_domain_is_taken_for_a_slip(typed, meant):
    assert emails([f"eva.roux@{typed}"]) == [f"eva.roux@{meant}"]


def test_a_name_before_another_providers_domain_is_the_same_with_gmails_dots():
    one, other = ({"emails": (f"eva.roux@{domain}",)} for domain in ("gmail.com", "orange.fr"))
    assert level(compare(one, other), "email") == "same_local"
