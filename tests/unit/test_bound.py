"""What is dropped before it is compared is exactly what does not reach the suspicion score."""

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from openfire_leads.matching import Model, Record, Statistics, profile, terms
from openfire_leads.matching.first_names import FAMILIES, RELATED
from openfire_leads.matching.signs import (
    COUPLES_OF_AN_EDIT,
    LETTERS_OF_AN_EDIT,
    _count_by_hand,
    bit_count,
    signs,
)

# of each field values that are the same, alike, partly the same, and none of it
VALUES = {
    "contact_name": [
        "", "Jean Martin", "MARTIN Jean", "Jean Marten", "Jean Marc Martin", "Jeanmarc Martin", "J. Martin", "Martin",
        "Jeanne Martin", "Bob Martin", "Robert Martin", "Jean Durand", "Luc Petit", "Petit", "Jean", "Anne B.",
        "Bruno A.", "Martin Jr", "Jean Martin Jr", "Renée Martin", "René Martin", "Жан Мартин", "山田 太郎",
        "Mme Le Goff", "Legoff Anna Maria Sol",
    ],
    "partner_name": [
        "", "Toitures Martin", "Martin Toitures", "Toiture Martin", "TM", "Garage Durand", "Jean Martin", "Petit",
        "M. Roux", "Mairie de Pau", "Ville de Pau", "Acme 12 rue du Port 64000 Pau",
        "Acme Port 64000 12 Pau Nord", "Acme 12 du Port 64000 9 Pau", "Acme Tech", "Acmetech",
        "Toituresmartin", "Ste Anne Mfg",
    ],
    "emails": [
        (), ("jean.martin@gmail.com",), ("jean.marten@gmail.com",), ("jmartin@gmail.com",), ("jean.martin@orange.fr",),
        ("contact@toitures.fr",), ("contact@toiture.fr",), ("luc@toitures.fr",), ("luc@acme.fr",),
        ("jean.martin@gmail.com", "contact@toitures.fr"), ("l.roux@acme.fr", "jmartin@gmail.com"),
        ("l.roux@free.fr", "jean.marten@gmail.com", "c.petit@free.fr"), ("messagerie+ab12@annonces.fr",),
        ("messagerie+cd34@annonces.fr",),
    ],
    "phones": [
        (), ("06 12 34 56 78",), ("06 12 34 56 87",), ("06 12 34 56 79",), ("07 98 76 54 32",),
        ("0612345678 / 0798765432",), ("0389123456", "06 12 34 56 79"), ("0389123456 / 0389654321", "0798765433"),
        ("+32 612 34 56 78",),
    ],
    "street": [
        "", "12 rue de la Gare", "12 r. Gare", "14 rue de la Gare", "rue de la Gare", "12 rue du Port",
        "12 avenue J. Moulin",
        "12 avenue Jean Moulin", "3 bd Jeanmoulin", "12 rue de la Gare appt 3",
    ],
    "street2": ["", "appt 3", "appt 4", "Les Iris", "Les Iriss", "Lieu-dit Bellevue"],
    "zip": ["", "68200", "68220", "68400", "75001"],
    "city": ["", "Mulhouse", "Mulhousse", "Saint Louis", "Saint Louis la Chaussée", "Pau", "Мюлуз"],
    "state": ["", "Haut-Rhin", "Haut Rhin", "Landes"],
    "name": ["", "Devis poêle", "Devis poêle à bois", "Poele", "Jean Martin - devis", "Volets", "Contact"],
}  # fmt: skip


GIVEN = ["Jean", "Marie", "Luc", "Anne", "Paul", "Zoé", "Éric", "Nadia"]
FAMILY = [
    "Martin",
    "Durand",
    "Petit",
    "Leroy",
    "Moreau",
    "Fournier",
    "Girard",
    "Bonnet",
    "Lambert",
    "Rousseau",
]


def some_records(seed, count):
    """Return records of some few values: of each pair many agree, nearly or wholly."""
    chance = random.Random(seed)
    likely = {name: chance.sample(values, min(len(values), 3)) for name, values in VALUES.items()}
    return [
        Record(
            country_code="FR",
            **{
                name: chance.choice(likely[name] if chance.random() < 0.7 else values)
                for name, values in VALUES.items()
            },
        )
        for _number in range(count)
    ]


def some_model(seed):
    """Return a model as the fit or people's judgements may leave it: every base moved, another start."""
    chance = random.Random(seed)
    usual = Model()
    scales = {
        name: tuple(replace(level, base=level.base + chance.uniform(-2.5, 2.5)) for level in levels)
        for name, levels in usual.scales.items()
    }
    return Model(
        prior=usual.prior + chance.uniform(-5, 15), scales=scales, suspicion=chance.choice([10, 50, 90])
    )


def some_statistics(seed, profiles):
    chance = random.Random(seed)
    records = chance.choice([0, 30, 20_000, 1_000_000])
    found = sorted({one for made in profiles for one in terms(made)})
    return Statistics(records, {one: 1 + int(chance.random() ** 4 * records) for one in found})


@given(st.integers(0, 2**32), st.booleans())
@settings(max_examples=150)
def test_the_likely_pairs_are_exactly_those_that_score_so(seed, moved):
    profiles = [profile(record) for record in some_records(seed, 24)]
    model = some_model(seed) if moved else Model(prior=Model().prior + seed % 16)
    left, right = np.triu_indices(len(profiles), 1)
    statistics = some_statistics(seed, profiles)
    scores = model.compare_many(profiles, left, right, statistics)
    positions, found = model.likely(profiles, left, right, statistics)
    assert positions.tolist() == np.flatnonzero(scores >= model.suspicion).tolist()
    assert found.tolist() == scores[positions].tolist()
    again, once_more, evidence = model.explain_likely(profiles, left, right, statistics)
    assert (again.tolist(), once_more.tolist()) == (positions.tolist(), found.tolist())
    assert evidence == model.explain(profiles, left[positions], right[positions], statistics)


def test_most_pairs_of_a_large_base_are_dropped_without_being_compared(monkeypatch):
    chance = random.Random(1)
    profiles = [
        profile(
            Record(
                contact_name=f"{chance.choice(GIVEN)} {chance.choice(FAMILY)}",
                phones=(f"06{chance.randrange(10**8):08d}",),
                street=f"{chance.randrange(1, 9)} rue {chance.choice(FAMILY)}",
                zip=chance.choice(["68200", "68100", ""]),
                name="Devis",
            )
        )
        for _number in range(150)
    ]
    left, right = np.triu_indices(len(profiles), 1)
    compared = []
    usual = Model._judge

    def count(self, table, one, two):
        compared.append(len(one))
        return usual(self, table, one, two)

    monkeypatch.setattr(Model, "_judge", count)
    common = {one for made in profiles for one in terms(made)}
    Model().likely(profiles, left, right, Statistics(1_000_000, dict.fromkeys(common, 2_000)))
    assert sum(compared) < len(left) / 20


@pytest.mark.parametrize("profiles", [[], [profile(Record())] * 3])
def test_of_nothing_nothing_is_likely(profiles):
    left, right = np.triu_indices(len(profiles), 1)
    positions, scores = Model().likely(profiles, left, right)
    assert len(positions) == len(scores) == 0


@given(st.text("abcdé@. 1山", max_size=12), st.text("abcdé@. 1山", max_size=12))
def test_signs_differ_no_more_than_edits_make_them(one, other):
    letters, couples = signs([one, other])
    edits = OSA.distance(one, other)
    assert bit_count(letters[0] ^ letters[1]) <= LETTERS_OF_AN_EDIT * edits
    assert bit_count(couples[0] ^ couples[1]) <= COUPLES_OF_AN_EDIT * edits
    assert _count_by_hand(couples).tolist() == [bin(number).count("1") for number in couples.tolist()]


def test_first_names_that_may_be_one_persons_are_of_one_family():
    assert all(FAMILIES[one] == FAMILIES[other] for one, other in RELATED)
    assert FAMILIES["michel"] != FAMILIES["jean"]
