"""What judgements teach is learnt where they bear it out, and nothing else moves."""

from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_properties import RECORDS, STATISTICS

from openfire_leads.matching import (
    ENGINE_VERSION,
    Judgement,
    Lesson,
    Model,
    ModelError,
    Record,
    Statistics,
    grounds,
    learn,
    measured,
    profile,
)
from openfire_leads.matching.comparisons import LEVELS
from openfire_leads.matching.learning import FEWEST, FEWEST_FOR_LEVELS, LEVEL_MOST, START_DOWN, START_UP
from openfire_leads.matching.limits import ORDERS, RAREST, base_limits, within

MODEL = Model()
BASE = Statistics(20_000)
FIRST_NAMES = ["Jean", "Paul", "Marie", "Luc", "Anne", "Rémi", "Zoé", "Léa", "Hugo", "Inès"]
SURNAMES = ["Martin", "Durand", "Weber", "Klein", "Muller", "Roth", "Kuntz", "Simon", "Lang", "Petit"]


def leads(random):
    """Return the profiles of two records that have some values in common, as chance will."""

    def one():
        return {
            "contact_name": f"{random.choice(FIRST_NAMES)} {random.choice(SURNAMES)}",
            "phones": (f"03 {random.integers(10, 99)} 34 56 {random.integers(10, 99)}",),
            "street": f"{random.integers(1, 99)} rue {random.choice(SURNAMES)}",
            "zip": f"{random.integers(10, 95)}200",
            "city": str(random.choice(["Mulhouse", "Brest", "Lyon", "Nantes"])),
        }  # fmt: skip

    first, second = one(), one()
    for name in first:
        chance = random.random()
        if chance < 0.45:
            second[name] = first[name]
        elif chance < 0.75:
            second[name] = () if name == "phones" else ""
    return [profile(Record(country_code="FR", **values)) for values in (first, second)]


@cache
def base():
    """Return the table of a base, and the pairs in it that are shown."""
    random = np.random.default_rng(7)
    table = MODEL.table([one for _pair in range(6_000) for one in leads(random)], BASE)
    left = np.arange(0, len(table), 2)
    return table, left[MODEL.compare_many(table, left, left + 1) >= MODEL.suspicion]


def judgements(count, truth, say=None):
    """Return ``count`` judgements of pairs that are shown, which are one requester as often as ``truth`` claims.

    :param truth: the model that is right
    :param say: what people say, given what is true and chance
    """
    table, left = base()
    left, random = left[:count], np.random.default_rng(1)
    right = random.random(len(left)) * 100 < truth.compare_many(table, left, left + 1)
    said = [say(same, random) if say else same for same in right.tolist()]
    scores = MODEL.compare_many(table, left, left + 1).tolist()
    kept = grounds(table, left, left + 1)
    return [
        Judgement(2 * number, 2 * number + 1, *told)
        for number, told in enumerate(zip(said, scores, kept, strict=True))
    ]


def moved(start=0.0, **shifts):
    """Return the model whose start and levels weigh so many bits more."""
    return Lesson(MODEL.prior + start, {name: dict([shift]) for name, shift in shifts.items()}).model(MODEL)


RARER = moved(-3)
SHIFTED = moved(phone=("exact", -2.5), street=("exact", -2.5))


@pytest.mark.parametrize(
    ("given_judgements", "verdict"),
    [
        ([], "few"),
        (judgements(FEWEST - 1, RARER), "few"),
        (judgements(120, MODEL, say=lambda same, random: True), "few_of_each"),
        (judgements(300, MODEL, say=lambda same, random: random.random() < 0.5), "unrelated"),
        (judgements(300, MODEL), "no gain"),
    ],
)
def test_nothing_moves_without_good_judgements(given_judgements, verdict):
    learnt = learn(given_judgements, MODEL, BASE)
    assert (learnt.lesson, learnt.verdict) == (None, verdict)


def test_a_few_judgements_move_the_start_only():
    learnt = learn(judgements(100, RARER), MODEL, BASE)
    assert (learnt.verdict, learnt.lesson.shifts) == ("start", {})
    assert -4.5 < learnt.lesson.prior - MODEL.prior < -1.5
    (trial,) = learnt.trials
    assert trial.after + trial.error < trial.before


def test_many_judgements_move_the_levels_that_say_something_else_here():
    learnt = learn(judgements(1_500, SHIFTED), MODEL, BASE)
    assert learnt.verdict == "levels"
    shifts = learnt.lesson.shifts
    for name in ("phone", "street"):
        assert -LEVEL_MOST <= shifts[name]["exact"] < -1.1
        assert abs(shifts[name].get("different", 0)) < 1
    assert abs(shifts["city"].get("exact", 0)) < 1


def test_a_small_base_keeps_the_weights_of_its_levels():
    learnt = learn(judgements(400, SHIFTED), MODEL, Statistics(800))
    assert not learnt.lesson or not learnt.lesson.shifts


def test_the_same_judgements_teach_the_same():
    taught = [learn(judgements(FEWEST_FOR_LEVELS, SHIFTED), MODEL, BASE) for _time in range(2)]
    assert taught[0] == taught[1]


def test_slips_of_the_hand_move_little():
    def slip(same, random):
        return bool(same) != (random.random() < 0.02)

    clean, slipped = (learn(judgements(400, RARER, say=say), MODEL, BASE).lesson for say in (None, slip))
    assert abs(clean.prior - slipped.prior) < 1


def test_what_nobody_was_shown_and_what_another_engine_compared_teaches_nothing():
    shown = judgements(200, RARER)
    merged_unasked = [replace(one, score=20.0, same=True) for one in shown]
    stale = [replace(one, grounds={**one.grounds, "engine": ENGINE_VERSION - 1}) for one in shown]
    assert learn([*merged_unasked, *stale], MODEL, BASE).judged == 0


@pytest.mark.parametrize("opposite", [True, False])
def test_no_judgements_move_a_number_beyond_its_limits(opposite):
    told = judgements(600, moved(-9 if opposite else 9, phone=("exact", -9.0), city=("exact", 9.0)))
    lesson = learn(told, MODEL, BASE).lesson
    if lesson:
        assert -START_DOWN <= lesson.prior - MODEL.prior <= START_UP
        assert all(abs(bits) <= LEVEL_MOST for levels in lesson.shifts.values() for bits in levels.values())


def test_only_a_place_has_the_limits_of_a_place():
    places = {name for name in LEVELS if base_limits(name) != base_limits("person")}
    assert places == {"phone", "street", "street2", "zip", "city", "state"}


@pytest.mark.parametrize("bits", [-50.0, 50.0])
def test_a_lesson_leaves_every_weight_within_its_limits_and_in_order(bits):
    shifts = {name: dict.fromkeys(levels[1:], bits) for name, levels in LEVELS.items()}
    model = Lesson(MODEL.prior, shifts).model(MODEL)
    for name, levels in model.scales.items():
        least, most = base_limits(name)
        # a little less where the order wants it
        assert all(least - 1 <= level.base <= most for level in levels)
        for better, worse in pairwise(ORDERS.get(name, ())):
            for known in (0, RAREST):
                more, usual = (excess(one.scales[name], better, worse, known) for one in (model, MODEL))
                assert more <= max(usual, 0) + 1e-9


def excess(levels, better, worse, known):
    weights = {level.name: level.base + level.share * known for level in levels}
    return max(weights[worse], 0) - max(weights[better], 0)


def test_no_lesson_leaves_the_standard_weights_as_they_are():
    assert within(MODEL, MODEL) == MODEL
    assert Lesson(MODEL.prior, {"phone": {"exact": 0.0}}).model(MODEL) == MODEL


SHIFTS = st.fixed_dictionaries(
    {name: st.fixed_dictionaries({level: st.floats(-LEVEL_MOST, LEVEL_MOST) for level in levels[1:]})
     for name, levels in LEVELS.items()}
)  # fmt: skip


@given(SHIFTS, RECORDS, RECORDS, STATISTICS)
def test_agreement_never_counts_against_whatever_was_learnt(shifts, one, other, statistics):
    model = Lesson(MODEL.prior, shifts).model(MODEL)
    pair = [profile(one), profile(other)]
    for line in model.compare(*pair, statistics).evidence:
        if line["level"] == "exact":
            assert line["weight"] >= 0
        if line["level"] == "different" and line["field"] in ("email", "phone", "city", "state", "name"):
            assert line["weight"] <= 0


@given(SHIFTS, st.lists(RECORDS, min_size=2, max_size=5), STATISTICS)
def test_one_pair_and_many_pairs_score_the_same_by_what_was_learnt(shifts, records, statistics):
    model = Lesson(MODEL.prior - 1, shifts).model(MODEL)
    profiles = [profile(record) for record in records]
    left, right = np.triu_indices(len(profiles), 1)
    many = model.compare_many(profiles, left, right, statistics).tolist()
    assert many == [
        model.compare(profiles[a], profiles[b], statistics).score for a, b in zip(left, right, strict=True)
    ]
    ranked = model.rank(profiles[0], profiles[1:], statistics, min_score=0)
    assert {row: comparison.score for row, comparison in ranked} == dict(enumerate(many[: len(profiles) - 1]))


def test_a_lesson_is_read_as_it_was_written():
    lesson = Lesson(5.25, {"phone": {"exact": -1.125}})
    assert Lesson.load(lesson.dump()) == lesson
    assert lesson.distance(Lesson(5.0)) == 1.125


def test_a_lesson_of_another_engine_says_nothing():
    stale = Lesson(5.25).dump().replace(f'"engine": {ENGINE_VERSION}', f'"engine": {ENGINE_VERSION + 1}')
    assert Lesson.load(stale) is None


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "much", f'{{"engine": {ENGINE_VERSION}, "prior": "x", "shifts": {{}}}}']
)
def test_what_is_no_lesson_is_refused(text):
    with pytest.raises(ModelError):
        Lesson.load(text)


@pytest.mark.parametrize(
    "shifts", [{"shoe": {"exact": 1.0}}, {"phone": {"loud": 1.0}}, {"phone": {"exact": np.nan}}]
)
def test_a_lesson_about_nothing_there_is_is_refused(shifts):
    with pytest.raises(ModelError):
        Lesson(6.0, shifts).model(MODEL)


def test_precision_is_measured_by_bands_of_the_scores_at_the_time():
    told = [Judgement(n, -n, n % 4 > 0, score, {}) for n, score in enumerate([60, 70, 99, 99.8, 99.9, 20], 1)]
    assert [(band.judged, band.same) for band in measured(told)] == [(2, 2), (0, 0), (1, 1), (2, 1)]


def test_grounds_hold_no_value_of_anybody():
    pair = leads(np.random.default_rng(3))
    told = str(grounds(pair, [0], [1], BASE)).lower()
    for name in (*FIRST_NAMES, *SURNAMES):
        assert name.lower() not in told
