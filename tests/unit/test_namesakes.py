"""Names that differ by little are one person's, or those of two of one family."""

import pytest

from openfire_leads.matching import Model, Record, Statistics, profile
from openfire_leads.matching.emails import of_two_people
from openfire_leads.matching.text import fold

MODEL = Model()
SIZES = [Statistics(3_000), Statistics(20_000), Statistics(500_000)]
HOME = {"street": "3 rue du Puits", "zip": "68200", "city": "Mulhouse"}
PHONES = ("06 12 34 56 78", "07 98 76 54 32")


def compare(one, other, statistics):
    first, second = (profile(Record(**values, country_code="FR")) for values in (one, other))
    return MODEL.compare(first, second, statistics)


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
