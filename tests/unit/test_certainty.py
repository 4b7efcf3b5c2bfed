"""Certain is who is proven by facts that are independent of each other, with nothing that contradicts."""

from dataclasses import replace

import pytest

from openfire_leads.matching import Model, ModelError, Proof, Record, Statistics, profile, terms
from openfire_leads.matching.certainty import CONTRADICTIONS, PROOFS

MODEL = Model()
# where duplicates are so frequent that much is likely
FREQUENT = replace(MODEL, prior=MODEL.prior + 6)
SIZES = [Statistics(800), Statistics(20_000), Statistics(500_000)]
HOME = {"street": "3 rue du Puits", "zip": "68200", "city": "Mulhouse"}
MARY = {"contact_name": "Marie Durand"}
AGENCY = {"partner_name": "Crèches du Val Joli", "phones": ("03 89 12 34 56",)}


def compare(one, other, statistics=None, model=FREQUENT, **both):
    first, second = (profile(Record(**{**both, **values}, country_code="FR")) for values in (one, other))
    return model.compare(first, second, statistics)


def certain(*arguments, **values):
    """Tell in which bases of :data:`SIZES` a pair is certain."""
    return [compare(*arguments, statistics, **values).score >= MODEL.certainty for statistics in SIZES]


@pytest.mark.parametrize(
    "fact",
    [
        {"phones": ("06 12 34 56 78",)},
        {"emails": ("toto68@free.fr",)},
        HOME,
        {"partner_name": "Toitures Lebrac", "zip": "68200"},
    ],
)
def test_a_whole_name_and_another_fact_of_the_person_are_certain(fact):
    assert all(certain(MARY, MARY, **fact))


@pytest.mark.parametrize(
    "contradiction",
    [
        {"contact_name": "Anne Durand"},
        {"street": "5 rue du Puits"},
        {"street": "8 avenue des Vosges"},
        {"partner_name": "Menuiserie Dahn"},
        {"street2": "Bât. B"},
    ],
)
def test_beside_a_contradiction_nothing_is_certain(contradiction):
    mary = {**MARY, **HOME, "street2": "Bât. A", "partner_name": "Toitures Lebrac"}
    shared = {"phones": ("06 12 34 56 78",), "emails": ("toto68@free.fr",)}
    assert all(certain(mary, mary, **shared))
    assert not any(certain(mary, {**mary, **contradiction}, **shared))


def test_a_name_alone_is_certain_only_where_nobody_else_is_expected_to_have_it():
    town = {"zip": "68200", "city": "Mulhouse", "name": "Poêle à granulés Invicta"}
    common = Statistics(20_000, dict.fromkeys(terms(profile(Record(**MARY))), 400))
    assert compare(MARY, MARY, common, **town).score < MODEL.certainty
    rare = {"contact_name": "Wilhelmina Teshigawara"}
    assert compare(rare, rare, SIZES[1], **town).score > MODEL.certainty


def test_what_a_whole_household_shares_proves_nobody():
    shared = {**HOME, "phones": ("03 89 12 34 56",), "street2": "Résidence Les Iris appt 505"}
    assert not any(certain({"contact_name": "Mme Durand"}, MARY, **shared))
    assert not any(certain({}, MARY, **shared))


def test_a_mailbox_that_a_crowd_reads_proves_no_part_of_a_name():
    edward, nobody = {"contact_name": "Edward Kusha"}, {}
    shared = {**HOME, "emails": ("kusha123@free.fr",)}
    address = terms(profile(Record(emails=shared["emails"])))
    for count, expected in ((2, True), (7, False)):
        statistics = Statistics(2_000, dict.fromkeys(address, count))
        found = compare(edward, nobody, statistics, model=replace(FREQUENT, prior=20.0), **shared)
        assert (found.score >= MODEL.certainty) is expected


def test_a_branch_is_not_the_firm_while_one_address_is():
    assert not any(certain({}, {}, **AGENCY, zip="68200", city="Mulhouse", name="Crèche multi-accueil"))
    assert not any(certain({"street": "3 rue du Puits"}, {"street": "8 avenue des Vosges"}, **AGENCY))
    assert all(certain({}, {}, **AGENCY, **HOME))
    # two people of the firm, each with a mailbox
    own = [{"emails": (f"{name}@creches-du-val-joli.example",)} for name in ("moreau", "margaux.laurent")]
    assert not any(certain(*own, **AGENCY, **HOME))


def test_mailbox_and_phone_together_prove_whom_nobody_named():
    assert all(certain({}, MARY, emails=("toto68@free.fr",), phones=("06 12 34 56 78",)))


def test_what_is_not_proven_stays_in_order_below_certainty():
    household = {**HOME, "phones": ("03 89 12 34 56",)}
    model = replace(MODEL, prior=30.0)
    less, more = (
        compare({}, {}, SIZES[1], model, **values) for values in ({"phones": household["phones"]}, household)
    )
    assert 99 < less.score < more.score < 99.6


def test_the_evidence_of_what_is_not_proven_adds_up_to_its_score():
    model = replace(MODEL, prior=14.0)
    comparison = compare({}, {}, SIZES[1], model, **HOME, phones=("03 89 12 34 56",))
    assert comparison.score > 99
    bits = model.start(SIZES[1]) + sum(line["weight"] for line in comparison.evidence)
    assert comparison.score == pytest.approx(100 / (1 + 2**-bits), abs=0.1)
    # what agrees alone cannot give away more than it weighs
    assert all(line["weight"] >= 0 for line in comparison.evidence)


def test_without_proofs_nothing_is_certain():
    shared = {**HOME, "emails": ("toto68@free.fr",), "phones": ("06 12 34 56 78",)}
    assert compare(MARY, MARY, SIZES[1], **shared).score > MODEL.certainty
    assert compare(MARY, MARY, SIZES[1], replace(FREQUENT, proofs=()), **shared).score < MODEL.certainty


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"proofs": (*PROOFS, Proof(({"hat": ("exact",)},)))}, "hat"),
        ({"proofs": (Proof((), {"zip": ("big",)}),)}, "big"),
        ({"proofs": (Proof((), shared=("hat", 5)),)}, "hat"),
        ({"contradictions": {**CONTRADICTIONS, "zip": ("big",)}}, "big"),
    ],
)
def test_a_proof_of_what_is_never_found_is_refused(arguments, named):
    with pytest.raises(ModelError, match=named):
        Model(**arguments)


@pytest.mark.parametrize("shared", [{"phones": ("06 12 34 56 78",)}, {"phones": ("03 89 12 34 56",), **HOME}])
def test_a_surname_in_the_companys_place_is_the_familys_and_never_certain(shared):
    lady, firm = {"contact_name": "Mme Martin"}, {"partner_name": "Transports Martin"}
    found = compare(lady, firm, SIZES[1], **shared)
    assert [line["level"] for line in found.evidence if line["field"] == "contact_name"] == [
        "crosswise_surname"
    ]
    assert not any(certain(lady, firm, **shared))
    whole = {"partner_name": "Eva Martin"}
    assert all(certain({"contact_name": "Eva Martin"}, whole, **shared))
