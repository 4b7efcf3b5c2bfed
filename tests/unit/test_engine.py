"""The engine as its users call it."""

from collections import Counter
from dataclasses import replace

import pytest

from openfire_leads.matching import (
    FIELD_LEVELS,
    Correction,
    Level,
    MatchingError,
    Model,
    ModelError,
    Profile,
    ProfileError,
    Record,
    Statistics,
    candidate_pairs,
    cluster,
    keys,
    profile,
    terms,
)
from openfire_leads.matching.frequency import term
from openfire_leads.matching.hashing import stable_hash, stable_hashes
from openfire_leads.matching.weights import CORRECTIONS, SCALES

JEAN = Record(
    contact_name="M. Jean MARTIN",
    emails=("jean.martin@gmial.com",),
    phones=("06 12 34 56 78",),
    street="12 bis av. de la Gare",
    zip="68200",
    city="Mulhouse",
    country_code="FR",
)
AGAIN = Record(contact_name="MARTIN Jean", emails=("jeanmartin@gmail.com",), phones=("+33 6 12 34 56 78",))
OTHER = Record(contact_name="Sophie Durand", emails=("s.durand@orange.fr",), phones=("0389112233",))


def test_one_requester_written_twice_scores_above_certainty():
    model = Model()
    comparison = model.compare(profile(JEAN), profile(AGAIN))
    assert comparison.score >= model.certainty
    assert {line["field"] for line in comparison.evidence} >= {"email", "phone", "contact_name"}


DOTTED, UNDOTTED = (
    {"contact_name": "Julien Martin", "emails": (address,)}
    for address in ("julien.martin@gmail.com", "julienmartin@gmail.com")
)
ELSEWHERE = (
    {"phones": ("06 12 34 56 78",), "zip": "68200", "city": "Mulhouse"},
    {"phones": ("07 98 76 54 32",), "zip": "29200", "city": "Brest"},
)


def compare_in(records, one, other):
    """Return the comparison in a base of so many records, all values seen as rarely as can be."""
    return Model().compare(profile(Record(**one)), profile(Record(**other)), Statistics(records))


def test_dots_that_gmail_ignores_make_no_other_mailbox():
    level = {line["field"]: line["level"] for line in compare_in(20_000, DOTTED, UNDOTTED).evidence}
    assert level["email"] == "same_mailbox"
    assert compare_in(20_000, DOTTED, UNDOTTED).score > 80
    assert compare_in(20_000, DOTTED, UNDOTTED).score < compare_in(20_000, DOTTED, DOTTED).score
    phone = {"phones": ("06 12 34 56 78",)}
    assert compare_in(20_000, DOTTED | phone, UNDOTTED | phone).score >= Model().certainty


def test_who_has_another_phone_and_town_and_writes_a_gmail_address_otherwise_is_a_namesake():
    here, there = ELSEWHERE
    names = Statistics(20_000, dict.fromkeys(map(term, "nn", ("julien", "martin")), 150))
    one, other = profile(Record(**DOTTED | here)), profile(Record(**UNDOTTED | there))
    same = profile(Record(**DOTTED | there))
    assert (
        Model().compare(one, other, names).score < Model().suspicion < Model().compare(one, same, names).score
    )


def test_two_people_score_below_suspicion():
    assert Model().compare(profile(JEAN), profile(OTHER)).score < 1


def test_a_first_name_at_two_firms_is_no_suspicion_while_a_whole_name_is():
    marc, marc_roux = (
        [profile(Record(name=subject, emails=(address,))) for subject, address in pair]
        for pair in (
            (("Stove", "marc@acme.example"), ("Window", "marc@shop.acme.example")),
            (("Stove", "marc.roux@acme.example"), ("Window", "marc.roux@shop.acme.example")),
        )
    )
    assert Model().compare(*marc).score < Model().suspicion < Model().compare(*marc_roux).score


def test_a_person_typed_as_a_company_is_compared_as_a_person():
    brun = profile(Record(contact_name="BRUN Maggie", emails=("maggiebrun@gmail.com",), zip="90120"))
    typed = profile(Record(partner_name="Mme Brun", emails=("maggiebrun@gmail.com",)))
    assert (typed.person, typed.company) == ("brun", "")
    assert Model().compare(brun, typed).score > 90
    assert profile(Record(contact_name="Anne Roux", partner_name="M. Roux")).company
    assert profile(Record(partner_name="Mr")).company == "mr"


def test_a_name_heard_from_the_address_counts_once_wherever_it_is_typed():
    one = profile(Record(contact_name="Sylvie Bernard", emails=("sylvie.bernard@wanadoo.fr",)))
    other = {"emails": ("sylvie.bernard@live.fr",)}
    as_contact, as_company = (
        Model().compare(one, profile(Record(**{field: "Sylvie Bernard"}, **other))).evidence
        for field in ("contact_name", "partner_name")
    )
    assert {line["level"] for line in as_company} == {"same_local", "crosswise"}
    weights = [sum(line["weight"] for line in evidence) for evidence in (as_contact, as_company)]
    assert abs(weights[0] - weights[1]) < 1.5


def test_a_number_typed_without_its_country_is_the_same_number():
    one = profile(Record(phones=("+33 6 15 77 88 78",)))
    other = profile(Record(phones=("06 15 77 88 78",)), default_country="US")
    [line] = Model().compare(one, other).evidence
    assert (line["level"], line["similarity"]) == ("exact_mobile", 1.0)


def test_a_slip_late_in_the_surname_and_a_wrong_town_do_not_keep_two_records_apart():
    one = profile(Record(contact_name="Vendula Covino", zip="45750", city="Albury"))
    other = profile(Record(contact_name="Vendula Covion", zip="45770", city="Inglewood"))
    assert keys(one) & keys(other)


def test_the_same_town_told_by_the_postcode_already_does_not_weigh_against():
    one, other = (
        profile(Record(contact_name=name, zip="74000", city="Annecy")) for name in ("Jean Martin", "Zoé Roux")
    )
    statistics = Statistics(1000, {term("z", "74000"): 60, term("c", "annecy"): 60})
    comparison = Model().compare(one, other, statistics)
    weights = {line["field"]: line["weight"] for line in comparison.evidence}
    assert weights["city"] >= 0 < weights["zip"]
    bits = Model().start(statistics) + sum(weights.values())
    assert comparison.score == pytest.approx(100 / (1 + 2**-bits), abs=0.5)


def test_values_seen_once_may_be_left_out_of_the_counts():
    profiles = [profile(JEAN), profile(AGAIN), profile(OTHER)]
    all_of_them = Counter(one for made in profiles for one in terms(made))
    several = Statistics.of(profiles)
    assert several.counts == {one: count for one, count in all_of_them.items() if count > 1}
    for other in profiles[1:]:
        assert Model().compare(profiles[0], other, Statistics(3, all_of_them)) == Model().compare(
            profiles[0], other, several
        )


def test_a_stored_profile_comes_back_as_it_was():
    assert Profile.unpack(profile(JEAN).pack()) == profile(JEAN)
    assert Profile.unpack(Profile().pack()) == Profile()


def test_small_numbers_are_left_for_whoever_stores_hashes():
    # the checksum of no text at all is 0
    assert stable_hash("") == 256
    assert -(2**31) <= min(map(stable_hash, "abcdef")) < 0
    texts = ["", "n:jean", "n:é", "n:\ud800", *map(str, range(1000))]
    assert stable_hashes("", texts) == [*map(stable_hash, texts)]
    assert stable_hashes("n:", texts) == [stable_hash("n:" + text) for text in texts]


def test_ranking_agrees_with_comparing():
    new, others = profile(JEAN), [profile(OTHER), profile(AGAIN)]
    statistics = Statistics.of([new, *others])
    [(position, comparison)] = Model().rank(new, others, statistics)
    assert position == 1
    assert comparison == Model().compare(new, others[1], statistics)


def test_pairs_sharing_a_key_are_found_and_clustered():
    profiles = [profile(JEAN), profile(OTHER), profile(AGAIN)]
    found = candidate_pairs([keys(one) for one in profiles])
    assert list(zip(found.left.tolist(), found.right.tolist(), strict=True)) == [(0, 2)]
    assert cluster([(0, 2, 99.0)]) == [[0, 2]]


def score(one, other, statistics=None, **values):
    return Model().compare(profile(replace(one, **values)), profile(other), statistics).score


HOME = {"street": "3 rue du Port", "zip": "64000", "city": "Pau"}


def test_father_and_son_at_one_address_are_not_one_requester():
    family = Statistics(50_000, dict.fromkeys(terms(profile(Record(contact_name="Durand", **HOME))), 40))
    father, son = Record(contact_name="Luc Durand", **HOME), Record(contact_name="Théo DURAND", **HOME)
    assert score(father, son, family) < Model().suspicion
    assert score(father, father, family) > Model().certainty


def test_a_couple_with_one_mailbox_and_phone_is_one_requester():
    contacts = {"emails": ("les.durand@orange.fr",), "phones": ("0559001122",)}
    one, other = Record(contact_name="Luc Durand", **contacts), Record(contact_name="Anne Durand", **contacts)
    assert score(one, other) > Model().suspicion


def test_colleagues_are_not_one_requester():
    firm = {"partner_name": "Toitures Lebrac", "phones": ("0559001122",), **HOME}
    one = Record(contact_name="Luc Durand", emails=("l.durand@lebrac.fr",), **firm)
    other = Record(contact_name="Anne Petit", emails=("a.petit@lebrac.fr",), **firm)
    assert score(one, other, Statistics.of([profile(one), profile(other)] * 3)) < Model().suspicion


def test_a_mailbox_of_many_says_less_than_a_mailbox_of_one():
    one = Record(contact_name="Luc Durand", emails=("contact@annuaire.fr",))
    address = term("e", "contact@annuaire.fr")
    rare, common = Statistics(20_000, {address: 2}), Statistics(20_000, {address: 500})
    assert score(one, one, common) < score(one, one, rare)


def test_names_typed_into_each_others_field_agree():
    one = Record(contact_name="Jean Martin", partner_name="Toitures Lebrac", zip="64000")
    other = Record(contact_name="Toitures Lebrac", partner_name="Jean Martin", zip="64000")
    assert score(one, other) > Model().suspicion


def test_a_missing_value_is_no_evidence():
    one, other = Record(emails=("a.b@orange.fr",), **HOME), Record(emails=("a.b@orange.fr",))
    assert {line["field"] for line in Model().compare(profile(one), profile(other)).evidence} == {"email"}


def test_evidence_names_each_field_once_and_only_known_levels():
    evidence = Model().compare(profile(JEAN), profile(AGAIN)).evidence
    assert len({line["field"] for line in evidence}) == len(evidence)
    assert all(line["level"] in FIELD_LEVELS[line["field"]] for line in evidence)


def test_evidence_and_start_make_the_score():
    statistics = Statistics.of([profile(JEAN), profile(AGAIN)])
    comparison = Model().compare(profile(JEAN), profile(replace(AGAIN, emails=(), phones=())), statistics)
    bits = Model().start(statistics) + sum(line["weight"] for line in comparison.evidence)
    assert comparison.score == pytest.approx(100 / (1 + 2**-bits), abs=0.3)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"suspicion": -1}, "suspicion"),
        ({"certainty": 101}, "certainty"),
        ({"suspicion": "50"}, "suspicion"),
        ({"suspicion": 90, "certainty": 80}, "certainty"),
        ({"scales": {**SCALES, "email": SCALES["email"][:2]}}, "email"),
        ({"scales": {**SCALES, "hat": ()}}, "hat"),
        (
            {"scales": {**SCALES, "zip": (Level("exact", float("nan")), *SCALES["zip"][1:])}},
            "zip, level exact",
        ),
        ({"corrections": (Correction("zip", ("exact",), "hat", ("exact",), 1),)}, "hat"),
        ({"corrections": (*CORRECTIONS, Correction("zip", ("big",), "city", ("exact",), 1))}, "big"),
    ],
)
def test_an_unusable_model_is_refused_with_what_is_wrong(arguments, named):
    with pytest.raises(ModelError, match=named):
        Model(**arguments)


@pytest.mark.parametrize("stored", [None, "\t" * 40, ["a"], b"a", {"a": 1}])
def test_what_is_no_stored_profile_is_refused(stored):
    for unpack in (Profile.unpack, lambda one: Profile.unpack_columns([profile(JEAN).pack(), one])):
        with pytest.raises(ProfileError):
            unpack(stored)
    assert issubclass(ProfileError, MatchingError)


def test_stored_profiles_are_read_all_at_once_as_one_by_one():
    stored = [one.pack() for one in (profile(JEAN), Profile(), Profile(subject="stove", unit="app:3"))]
    columns = Profile.unpack_columns(stored)
    assert list(zip(*columns, strict=True)) == [tuple(Profile.unpack(one)) for one in stored]
    assert not any(Profile.unpack_columns([]))


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("Tour A 12 rue des Lilas", "Tour B 12 rue des Lilas", "other_unit"),
        ("12 rue des Lilas bloc 1", "12 rue des Lilas bloc 2", "other_unit"),
        ("12 rue des Lilas hall A", "12 rue des Lilas hall C", "other_unit"),
        ("12 rue des Lilas entrée 1", "12 rue des Lilas entrée 2", "other_unit"),
        ("12 rue des Lilas porte 1", "12 rue des Lilas porte 2", "other_unit"),
        ("12 rue des Lilas tour A bât. 1", "12 rue des Lilas tour A bât. 2", "other_unit"),
        ("12 rue des Lilas tour A bât. 1", "12 rue des Lilas tour B bât. 1", "other_unit"),
        ("12 rue des Lilas tour A", "12 rue des Lilas tour A bât. 1", "exact"),
    ],
)
def test_two_parts_of_a_house_are_two_addresses(one, other, level):
    comparison = Model().compare(profile(Record(street=one)), profile(Record(street=other)))
    levels = {line["field"]: line["level"] for line in comparison.evidence}
    assert (levels["street"], levels["street2"]) == ("exact", level)


@pytest.mark.parametrize(
    ("street", "street2"),
    [
        ("Résidence du Parc", "58 impasse de la Source"),
        ("Les Acacias", "58, impasse de la Source"),
        ("ZA du Moulin bât. C", "58 impasse de la Source"),
        ("Le Clos", "58 impasse de la Source BP 12"),
        ("", "58 impasse de la Source"),
        ("58 impasse de la Source", "Résidence du Parc"),
    ],
)
def test_the_line_with_the_house_number_is_the_street(street, street2):
    made = profile(Record(street=street, street2=street2))
    assert (made.number, made.street.split()[:2]) == ("58", ["/impasse", "source"])


@pytest.mark.parametrize(
    ("street", "street2"),
    [
        ("rue de la Gare", "BP 12"),
        ("rue de la Gare", "Les Iris 3"),
        ("rue de la Gare", "Résidence 3 les Iris"),
        ("rue de la Gare", "3e étage"),
        ("rue de la Gare", "3 les Iris"),
        ("Les Iris", "BP 12"),
        ("Les Iris", "impasse de la Source"),
    ],
)
def test_a_number_that_is_no_house_number_makes_no_street(street, street2):
    made = profile(Record(street=street, street2=street2))
    assert (made.number, made.street) == ("", profile(Record(street=street)).street)


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("Terin Robez", "Terinrobez", "exact"),
        ("X Tech", "Xtech", "exact"),
        ("Atelier 12", "Atelier12", "exact"),
        ("Atelier 12", "Atelier21", "partial"),
    ],
)
def test_a_blank_elsewhere_makes_no_other_company(one, other, level):
    comparison = Model().compare(profile(Record(partner_name=one)), profile(Record(partner_name=other)))
    assert [line["level"] for line in comparison.evidence if line["field"] == "partner_name"] == [level]
