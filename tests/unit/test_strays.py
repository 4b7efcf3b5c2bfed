"""Mail addresses and phone numbers typed into a contact, a company or a subject; values that are none at all."""

import pytest

from openfire_leads.matching import Model, Record, candidate_pairs, keys, profile

NUMBER, ADDRESS = "33651237787", "hynafdor@gmail.com"


@pytest.mark.parametrize("field", ["contact_name", "partner_name", "name"])
@pytest.mark.parametrize(
    ("typed", "field_of_its_own", "value"),
    [
        ("0651237787", "phones", NUMBER),
        ("Josiane Dubic 06 51 23 77 87", "phones", NUMBER),
        ("Josiane Dubic (06.51.23.77.87)", "phones", NUMBER),
        ("Appel de +33 (0)6 51 23 77 87 ce matin", "phones", NUMBER),
        ("Tél.0033651237787", "phones", NUMBER),
        ("06/51/23/77/87 - 03 89 11 22 33", "phones", f"{NUMBER} 33389112233"),
        (ADDRESS, "emails", ADDRESS),
        ("Demande de Hynafdor@Gmail.com", "emails", ADDRESS),
        ("Josiane Dubic <mailto:hynafdor@gmail.com>", "emails", ADDRESS),
        ("Mail : hynafdor@gmail.com, 0651237787", "emails", ADDRESS),
    ],
)
def test_an_address_or_a_number_in_another_field_counts(field, typed, field_of_its_own, value):
    made = profile(Record(**{field: typed}))
    assert getattr(made, field_of_its_own) == value
    words = f"{made.person} {made.company} {made.subject}".split()
    assert not {"hynafdor", "gmail", "tel", "mail"}.intersection(words)
    assert not any(map(str.isdigit, "".join(words)))


@pytest.mark.parametrize(
    "subject",
    [
        "Commande n° 0612345678",
        "Réf. 0612345678",
        "Rendez-vous 01/02/2024 10:30",
        "Rendez-vous 01.02.2024 14h30",
        "Devis A0612345678",
        "Dossier 000123456789",
        "2024 10 000 000 m2",
        "Chauffage 651237787",
        "Jean @ mairie",
    ],
)
def test_what_is_not_clearly_a_number_or_an_address_stays(subject):
    made = profile(Record(name=subject))
    assert (made.phones, made.emails) == ("", "")
    assert made.subject


def test_beside_values_of_the_own_fields_nothing_else_counts():
    made = profile(
        Record(contact_name="0651237787 a@b.fr", emails=("own@b.fr",), phones=("0389112233",), name="Stove")
    )
    assert (made.phones, made.emails, made.person) == ("33389112233", "own@b.fr", "")


@pytest.mark.parametrize(
    ("typed", "own"),
    [
        ({"contact_name": "0651237787"}, {"phones": ("0651237787",)}),
        ({"name": "Demande de hynafdor@gmail.com"}, {"emails": (ADDRESS,)}),
    ],
)
def test_the_lead_that_has_it_in_its_own_field_is_found(typed, own):
    one, other = profile(Record(**typed)), profile(Record(contact_name="Josiane Dubic", **own))
    assert candidate_pairs([keys(one), keys(other)]).left.tolist() == [0]
    assert Model().compare(one, other).score > 40


@pytest.mark.parametrize("garbage", [True, 33, 7.5, b"x", None, [], {}, object(), "\x00", float("nan")])
@pytest.mark.parametrize("field", [name for name in Record.__dataclass_fields__ if name != "id"])
def test_any_value_is_borne(field, garbage):
    made = profile(Record(**{field: garbage}))
    assert all(isinstance(value, str) for value in made)
    assert keys(made) is not None
    assert profile(Record(**{field: garbage}), default_country=garbage) is not None
