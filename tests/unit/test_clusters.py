"""Groups of pairs: what is linked through a third record, and what is not."""

import time
from functools import partial

from openfire_leads.matching import Model, Record, Statistics, cluster, profile, weakest_links

MODEL = Model()
CHAIN = [("anne", "durand", 90.0), ("durand", "theo", 80.0)]


def scoring(score, asked=None):
    """Return a function that gives every pair ``score`` and notes in ``asked`` which it was asked for."""

    def compare(first, second):
        if asked is not None:
            asked.append(list(zip(first, second, strict=True)))
        return [score] * len(first)

    return compare


def test_what_is_linked_through_a_third_is_one_where_it_is_not_unlike():
    assert cluster(CHAIN, compare=scoring(40.0)) == [["anne", "durand", "theo"]]


def test_what_contradicts_is_not_joined_by_a_third():
    assert cluster(CHAIN, compare=scoring(0.1)) == [["anne", "durand"]]


def test_strong_links_carry_a_weak_one_and_weak_ones_do_not():
    for score, expected in ((99.9, 3), (60.0, 2)):
        pairs = [(1, 2, score), (2, 3, score)]
        assert [len(group) for group in cluster(pairs, compare=scoring(5.0))] == [expected]


def test_however_strong_the_links_two_that_are_out_of_the_question_are_not_joined():
    assert cluster([(1, 2, 100.0), (2, 3, 99.999)], compare=scoring(0.01)) == [[1, 2]]


def test_a_chain_of_single_bridges_does_not_join_groups():
    triangles = [(1, 2, 99), (2, 3, 99), (1, 3, 99), (4, 5, 99), (5, 6, 99), (4, 6, 99), (3, 4, 60)]
    for compare in (None, scoring(3.0)):
        assert cluster(triangles, compare=compare) == [[1, 2, 3], [4, 5, 6]]


def test_what_was_dismissed_is_apart_whatever_links_it():
    apart = [("theo", "anne")]
    assert cluster(CHAIN, apart=apart, compare=scoring(99.9)) == [["anne", "durand"]]
    assert cluster(CHAIN, apart=[("durand", "anne")], compare=scoring(99.9)) == [["durand", "theo"]]
    square = [(1, 2, 99.9), (3, 4, 99.8), (2, 3, 99.7)]
    assert cluster(square, apart=[(1, 4)], compare=scoring(99.9)) == [[1, 2], [3, 4]]


def test_only_what_is_not_known_is_asked_for_each_pair_once():
    asked = []
    pairs = [(1, 2, 99.0), (2, 3, 98.0), (1, 3, 60.0), (3, 4, 97.0), (4, 5, 96.0)]
    cluster(pairs, apart=[(1, 4)], compare=scoring(50.0, asked))
    everything = [pair for batch in asked for pair in batch]
    assert len(everything) == len(set(everything))
    assert set(everything).isdisjoint({(1, 2), (2, 3), (1, 3), (3, 4), (4, 5), (1, 4)})


def test_of_a_pair_given_twice_the_better_score_counts():
    assert cluster([(1, 2, 50.0), (2, 1, 99.0), (2, 3, 98.0)], compare=scoring(10.0)) == [[1, 2, 3]]


def test_a_group_never_grows_beyond_its_limit():
    star = [(0, other, 99) for other in range(1, 200)]
    assert max(map(len, cluster(star, max_size=10, compare=scoring(99.0)))) == 10


def test_father_and_son_are_not_joined_by_a_lead_without_a_first_name():
    home = {"street": "3 rue du Port", "zip": "64000", "city": "Pau", "phones": ("05 59 00 11 22",)}
    names = ("Luc Durand", "M. Durand", "Théo Durand", "Durand Luc")
    profiles = [profile(Record(contact_name=name, **home)) for name in names]
    table = MODEL.table(profiles, Statistics(20_000))
    for chosen in ([(0, 1), (1, 2)], [(0, 1), (1, 2), (0, 3), (1, 3)]):
        pairs = [(a, b, MODEL.compare_many(table, [a], [b])[0]) for a, b in chosen]
        assert min(score for _a, _b, score in pairs) >= MODEL.suspicion
        groups = cluster(pairs, compare=partial(MODEL.compare_linked, table))
        assert not any({0, 2} <= set(group) for group in groups)


def test_two_names_count_more_against_where_a_third_record_links_them():
    home = {"street": "3 rue du Port", "zip": "64000", "city": "Pau"}
    names = ("Luc Durand", "Théo Durand", "DURAND Luc")
    table = MODEL.table([profile(Record(contact_name=name, **home)) for name in names])
    usual, linked = (judge(table, [0, 0], [1, 2]) for judge in (MODEL.compare_many, MODEL.compare_linked))
    assert linked[0] < usual[0] / 2
    assert linked[1] == usual[1]


def test_many_leads_that_all_resemble_a_few_take_no_quadratic_time():
    size = 5_000
    pairs = [
        (number, number + step, 60 + number * step % 39)
        for number in range(size)
        for step in range(1, 9)
        if number + step < size
    ]
    begin = time.monotonic()
    groups = cluster(pairs, compare=scoring(5.0))
    assert time.monotonic() - begin < 20
    assert max(map(len, groups)) <= 50


def test_a_group_is_held_by_the_weakest_of_its_best_links():
    pairs = [("a", "b", 99.0), ("b", "c", 80.0), ("a", "c", 55.0), ("x", "y", 70.0), ("c", "x", 51.0)]
    assert weakest_links([["a", "b", "c"], ["x", "y"]], pairs) == [80.0, 70.0]
