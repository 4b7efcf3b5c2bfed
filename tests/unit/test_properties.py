"""What holds for any input, found by trying very many."""

import unicodedata
from collections import Counter
from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from openfire_leads.matching import (
    Blocks,
    Model,
    Profile,
    Record,
    Statistics,
    candidate_pairs,
    cluster,
    keys,
    profile,
    terms,
)
from openfire_leads.matching.text import mended

ODD = st.sampled_from(
    [
        "",
        " ",
        "n/a",
        "🔥 poêle 🔥",
        "\u202eמשה כהן\u202c",
        "Mar\u200btin",
        "a\x00b",
        "\ud800",
        "١٢٣",
        "M. et Mme",
        "@",
    ]
)
NAMES = st.sampled_from(
    ["Jean", "Jeanne", "J.", "Martin", "Martine", "MARTIN", "Le Goff", "Durand", "Étienne", "SARL"]
)
TEXT = st.one_of(
    ODD,
    st.text(max_size=40),
    st.lists(NAMES, min_size=1, max_size=3).map(" ".join),
    st.just("dix mille " * 1_000),
)
EMAIL = st.sampled_from(
    ["", "jean.martin@gmail.com", "jmartin@gmial.com", "contact@martin.fr", "a@b", "x", "@@"]
)
PHONE = st.sampled_from(
    ["", "06 12 34 56 78", "+33612345678", "06 12 34 56 87", "n/a", "0000", "310/246-1501"]
)
RECORDS = st.builds(
    Record,
    name=TEXT,
    contact_name=TEXT,
    partner_name=TEXT,
    emails=st.lists(EMAIL, max_size=3).map(tuple),
    phones=st.lists(PHONE, max_size=3).map(tuple),
    street=st.one_of(TEXT, st.sampled_from(["12 rue de la Gare", "12 r. Gare", "14 rue de la Gare"])),
    street2=TEXT,
    zip=st.sampled_from(["", "68200", "68 200", "68100", "75001", "SW1A 2AA"]),
    city=st.one_of(TEXT, st.sampled_from(["Mulhouse", "MULHOUSE CEDEX", "St Louis"])),
    state=TEXT,
    country_code=st.sampled_from(["", "FR", "US", "GB", "zz"]),
)
COUNTED = Statistics.of(
    [
        profile(
            Record(
                contact_name="Jean Martin", zip="68200", city="Mulhouse", emails=("jean.martin@gmail.com",)
            )
        )
    ]
    * 9
)
STATISTICS = st.sampled_from([Statistics(), Statistics(1_000_000), COUNTED])
MODEL = Model()


@given(RECORDS, RECORDS, STATISTICS)
def test_comparing_is_symmetric_and_bounded(one, other, statistics):
    first, second = profile(one), profile(other)
    comparison, back = MODEL.compare(first, second, statistics), MODEL.compare(second, first, statistics)
    assert comparison == back
    assert 0 <= comparison.score <= 100
    for line in comparison.evidence:
        assert 0 <= line["similarity"] <= 1
        assert abs(line["weight"]) < 100


@given(st.lists(RECORDS, min_size=2, max_size=6), STATISTICS)
def test_one_pair_and_many_pairs_score_exactly_the_same(records, statistics):
    profiles = [profile(record) for record in records]
    left, right = np.triu_indices(len(profiles), 1)
    many = MODEL.compare_many(profiles, left, right, statistics)
    reasons = MODEL.explain(profiles, left, right, statistics)
    single = [MODEL.compare(profiles[a], profiles[b], statistics) for a, b in zip(left, right, strict=True)]
    assert [comparison.score for comparison in single] == many.tolist()
    assert [comparison.evidence for comparison in single] == reasons


@given(RECORDS)
def test_profiles_keys_and_terms_are_small_and_storable(record):
    made = profile(record)
    packed = made.pack()
    assert Profile.unpack(packed) == made
    assert not any(unicodedata.category(char) in ("Cc", "Cs") for value in made for char in value)
    assert len(packed.encode()) < 20_000
    for numbers in (keys(made), terms(made)):
        assert all(-(2**31) <= number < 2**31 and not 0 <= number < 256 for number in numbers)
    assert len(keys(made)) <= 40


@given(RECORDS)
def test_case_makes_no_difference(record):
    shouted = replace(
        record,
        **{
            name: getattr(record, name).upper()
            for name in ("name", "contact_name", "partner_name", "street", "street2", "city", "state")
            # some letters have no way back from upper case, and some in another case are a broken encoding
            if getattr(record, name).upper().casefold() == getattr(record, name).casefold()
            and all(mended(text) == text for text in (getattr(record, name), getattr(record, name).upper()))
        },
    )
    assert profile(shouted) == profile(record)


LATIN = st.text("abcdefghijklmnopqrstuvwxyzàâäçéèêëîïôöùûüÿ -'", min_size=1, max_size=30)


@given(LATIN, LATIN)
def test_accents_make_no_difference(contact, city):
    def bare(text):
        return "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))

    assert profile(Record(contact_name=contact, city=city)) == profile(
        Record(contact_name=bare(contact), city=bare(city))
    )


@given(st.permutations(["jean", "martin", "durand"]), st.permutations(["jean", "martin", "durand"]))
def test_the_order_of_a_name_makes_no_difference(one, other):
    whole = profile(Record(contact_name="Jean Martin Durand", zip="68200"))
    scores = {
        MODEL.compare(whole, profile(Record(contact_name=" ".join(order), zip="68200"))).score
        for order in (one, other)
    }
    assert len(scores) == 1


@given(RECORDS)
def test_more_common_values_never_say_more(record):
    made = profile(record)
    rare = Statistics(100_000, dict.fromkeys(terms(made), 2))
    common = Statistics(100_000, dict.fromkeys(terms(made), 20_000))
    assert MODEL.compare(made, made, common).score <= MODEL.compare(made, made, rare).score


def test_empty_records_have_no_keys_and_no_evidence():
    empty = profile(Record())
    assert keys(empty) == terms(empty) == frozenset()
    comparison = MODEL.compare(empty, empty, Statistics(20_000))
    assert comparison.evidence == []
    assert comparison.score < 1


def test_false_counts_as_empty():
    unset = Record(None, False, False, False, (False,), (False,), False, False, False, False, False, False)
    assert profile(unset) == profile(Record())


def test_thousands_with_one_mailbox_and_subject_make_no_quadratic_work_and_are_not_suspected():
    made = profile(Record(name="Demande de devis", emails=("contact@annuaire.fr",)))
    profiles = [made] * 5000
    found = candidate_pairs([keys(one) for one in profiles])
    assert not len(found.left)
    assert found.not_compared > 12_000_000
    assert MODEL.compare(made, made, Statistics.of(profiles)).score < MODEL.suspicion


@given(st.lists(st.frozensets(st.integers(0, 12), max_size=4), max_size=30), st.integers(2, 40))
def test_blocking_pairs_those_that_share_a_key_of_not_too_many_each_once(owned, max_block):
    found = candidate_pairs(owned, max_block)
    pairs = list(zip(found.left.tolist(), found.right.tolist(), strict=True))
    counts = Counter(key for own in owned for key in own)
    telling = [{key for key in own if counts[key] <= max_block} for own in owned]
    assert sorted(pairs) == [
        (a, b)
        for a, first in enumerate(telling)
        for b, second in enumerate(telling)
        if a < b and first & second
    ]
    assert found.not_compared == sum(n * (n - 1) // 2 for n in counts.values() if n > max_block)


@given(
    st.lists(st.frozensets(st.integers(-6, 6), max_size=4), max_size=30),
    st.integers(2, 12),
    st.integers(1, 40),
    st.integers(1, 1000),
)
def test_pairs_in_parts_are_all_pairs_each_part_in_order(owned, max_block, most, apart):
    whole = candidate_pairs(owned, max_block)
    entries = [(apart * number, key) for number, own in enumerate(owned) for key in own]
    blocks = Blocks(
        np.array([one for one, _key in entries]), np.array([key for _one, key in entries]), max_block
    )
    parts = [(first, last, blocks.pairs(first, last)) for first, last in blocks.ranges(most)]
    in_parts = [list(zip(*map(np.ndarray.tolist, pairs), strict=True)) for _first, _last, pairs in parts]
    assert all(own == sorted(own, key=lambda pair: pair[::-1]) for own in in_parts)
    assert sorted(pair for own in in_parts for pair in own) == sorted(
        zip((apart * whole.left).tolist(), (apart * whole.right).tolist(), strict=True)
    )
    assert all(
        first <= left <= last
        for (first, last, _pairs), own in zip(parts, in_parts, strict=True)
        for left, _right in own
    )
    assert all(len(pairs[0]) <= most or first == last for first, last, pairs in parts)
    assert blocks.not_compared == whole.not_compared
    counts = Counter(key for own in owned for key in own)
    assert dict(zip(*map(np.ndarray.tolist, blocks.common), strict=True)) == {
        key: count for key, count in counts.items() if count > max_block
    }


@given(st.lists(st.tuples(st.integers(0, 15), st.integers(0, 15), st.floats(50, 100)), max_size=40))
def test_clusters_share_no_record_and_depend_on_no_order(pairs):
    pairs = [pair for pair in pairs if pair[0] != pair[1]]
    groups = cluster(pairs)
    members = [record for group in groups for record in group]
    assert len(members) == len(set(members))
    assert groups == cluster(list(reversed(pairs)))


@given(
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12), st.floats(50, 100)), max_size=30),
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=6),
    st.integers(2, 6),
    st.integers(0, 2**32),
)
def test_groups_hold_their_limits_whatever_the_pairs(pairs, apart, max_size, seed):
    pairs, apart = ([pair for pair in given if pair[0] != pair[1]] for given in (pairs, apart))

    def compare(first, second):
        return [(a * b * 2654435761 + seed) % 10_000 / 100 for a, b in zip(first, second, strict=True)]

    groups = cluster(pairs, max_size, apart=apart, compare=compare)
    of = {record: number for number, group in enumerate(groups) for record in group}
    assert all(len(group) <= max_size for group in groups)
    assert not any(a in of and of[a] == of.get(b) for a, b in apart)
    turned = [(b, a, score) for a, b, score in reversed(pairs)]
    assert groups == cluster(turned, max_size, apart=[(b, a) for a, b in apart], compare=compare)
