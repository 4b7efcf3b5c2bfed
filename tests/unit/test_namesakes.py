"""Names that differ by little are one person's, or those of two of one family."""

from dataclasses import replace

import pytest

from openfire_leads.matching import Model, Record, Statistics, profile
from openfire_leads.matching.emails import of_two_people
from openfire_leads.matching.people import person_words
from openfire_leads.matching.text import fold

MODEL = Model()
SIZES = [Statistics(3_000), Statistics(20_000), Statistics(500_000)]
HOME = {"street": "3 rue du Puits", "zip": "68200", "city": "Mulhouse"}


def compare(one, other, statistics, model=MODEL):
    first, second = (profile(Record(**values, country_code="FR")) for values in (one, other))
    return model.compare(first, second, statistics)


def scores(one, other, **both):
    """Return how two contacts with the same other values score, in bases of all sizes."""
    return [
        compare({"contact_name": one, **both}, {"contact_name": other, **both}, statistics).score
        for statistics in SIZES
    ]


@pytest.mark.parametrize("shared", [HOME, {**HOME, "phones": ("03 89 12 34 56",)}])
@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(
            ("René", "Renée"),
            ("Luc", "Lucas"),
            ("Axel", "Axelle"),
            ("André", "Andréa"),
            ("Vincent", "Vincente"),
        ),
        *(("Florian", "Floriane"), ("Clément", "Clémence"), ("Raphaël", "Raphaëlle"), ("Valère", "Valérie")),
        *(
            ("Rachid", "Rachida"),
            ("Amine", "Amina"),
            ("Paolo", "Paola"),
            ("Ivan", "Ivana"),
            ("Juan", "Juana"),
        ),
        # names that no list has, made of one that is known
        *(("Tristan", "Tristanne"), ("Gérald", "Géralde"), ("Fabio", "Fabia"), ("Nabile", "Nabil")),
    ],
)
def test_a_first_name_of_the_other_sex_is_no_slip(one, other, shared):
    for first, second in ((one, other), (other, one)):
        assert max(scores(f"{first} Durand", f"{second} Durand", **shared)) < MODEL.suspicion
    assert of_two_people(*(f"{fold(name)}.durand@free.fr" for name in (one, other)))


@pytest.mark.parametrize(
    ("one", "other"),
    [("Mathieu", "Matthieu"), ("Emilia", "Emilie"), ("Jamel", "Jamil"), ("Tristan", "Tristam")],
)
def test_a_name_in_another_spelling_or_with_a_slip_is_the_same(one, other):
    assert min(scores(f"{one} Durand", f"{other} Durand", phones=("06 12 34 56 78",))) > 90
    assert not of_two_people(*(f"{fold(name)}.durand@free.fr" for name in (one, other)))


FREQUENT = replace(MODEL, prior=MODEL.prior + 6)
OWN = [
    {**HOME, "emails": (mail,), "phones": (phone,)}
    for mail, phone in (("colin@free.fr", "06 12 34 56 78"), ("toto68@sfr.fr", "07 98 76 54 32"))
]
HALVES = [
    *(("Anne Dubourg", "Anne-Marie Dubourg"), ("Jean-Pierre Dubourg", "Pierre Dubourg")),
    *(("Juan Dubourg", "Juan Carlos Dubourg"), ("Paul Dubourg", "Jean-Paul Duborg")),
]


@pytest.mark.parametrize(("one", "other"), HALVES)
def test_half_of_a_double_first_name_is_short_for_it_or_another_of_the_family(one, other):
    for statistics in SIZES:
        found = compare({"contact_name": one, **OWN[0]}, {"contact_name": other, **OWN[1]}, statistics)
        assert (
            next(line["level"] for line in found.evidence if line["field"] == "contact_name") == "short_form"
        )
        assert MODEL.suspicion < found.score < 95
        # by name and address alone it is never certain, however frequent duplicates are
        home = [{"contact_name": name, **HOME} for name in (one, other)]
        assert compare(*home, statistics, FREQUENT).score < MODEL.certainty
    assert min(scores(one, other, phones=("06 12 34 56 78",))) > 90
    assert min(scores(one, other, emails=("toto68@free.fr",), city="Mulhouse")) > 90


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("David J. Dubourg", "David Dubourg"),
        ("Franck et Élodie Dubourg", "Franck Dubourg"),
        ("山田太郎", "山田太"),
    ],
)
def test_an_initial_more_or_the_other_of_a_couple_makes_no_other_name(one, other):
    assert min(scores(one, other, phones=("06 12 34 56 78",), **HOME)) > MODEL.certainty


@pytest.mark.parametrize(
    "written",
    """
    Office Manager|Ressources humaines|RH|Service RH|Conducteur de travaux|Conseil syndical|Syndic de copropriété|n.c.
    Leasing Office|Prospect web|Website visitor|À compléter|To be confirmed|Votre nom|Your name|Facebook User
    Nouveau contact|Appel entrant|Pas de nom|Adjoint au maire|Purchasing Department|Front Desk|Current Resident
    Formulaire de contact|Demande de devis|Message vocal|Ne sait pas|Voir notes|cf. mail|Service des achats
    Chargée d'affaires|Madame la Directrice|HR manager|Nom à confirmer|Maire adjoint|New lead|Appel manqué
    """.strip()
    .replace("\n", "|")
    .split("|"),
)
def test_a_service_or_a_phrase_is_nobodys_name(written):
    assert person_words(written.strip()) == []


@pytest.mark.parametrize(
    "written",
    [
        "M. Maire",
        "Mme Nouveau",
        "Jane Doe",
        "Appel Hans",
        "Le Van",
        "Paul Bureau",
        "Mme Le",
        "M. Conseil",
        "Mme Sales",
    ],
)
def test_a_surname_that_is_a_word_too_stays_one(written):
    assert person_words(written)


@pytest.mark.parametrize("written", ["Claire St Faroux", "Claire Saint-Faroux", "CLAIRE ST-FAROUX"])
def test_saint_is_written_out_in_names(written):
    assert person_words(written) == ["claire", "saintfaroux"]


@pytest.mark.parametrize(
    "written", ["les.martin", "Les Martin", "maison.martin", "Famille Martin", "chez Martin"]
)
def test_a_familys_address_as_a_name_is_the_surname(written):
    assert person_words(written) == ["martin"]
    assert person_words("Maison Pierre Dupont") == ["maison", "pierre", "dupont"]
