"""How rare duplicates are is learnt of the database itself, carefully."""

import numpy as np
import pytest

from openfire_leads.matching import Model, Statistics, estimated_prior
from openfire_leads.matching.rate import MOST_FREQUENT, RAREST, USUAL

MODEL = Model()


def scores(certain, clear, between=0):
    """Return scores of pairs that are one requester, that are two, and that may be either."""
    return np.concatenate([np.full(certain, 99.9), np.full(clear, 0.01), np.full(between, 55.0)])


def moved(found, records=20_000):
    return estimated_prior(found, Statistics(records)) - MODEL.prior


def test_where_duplicates_are_as_frequent_as_usual_nothing_moves():
    assert abs(moved(scores(int(USUAL * 20_000), 50_000))) < 0.2


def test_the_rarer_duplicates_are_the_lower_every_pair_starts():
    steps = [moved(scores(certain, 50_000)) for certain in (5_000, 1_500, 500, 150)]
    assert steps == sorted(steps, reverse=True)
    assert RAREST <= steps[-1] < steps[0] - 1
    rarer = Model(prior=MODEL.prior + steps[-1])
    assert rarer.start(Statistics(20_000)) < MODEL.start(Statistics(20_000))


def test_it_stays_within_its_limits():
    assert RAREST <= moved(scores(0, 50_000)) <= 0
    assert 0 <= moved(scores(200_000, 0)) <= MOST_FREQUENT


def test_where_the_pairs_do_not_separate_nothing_moves():
    assert moved(scores(100, 50_000, between=3_000)) == 0


@pytest.mark.parametrize(("found", "records"), [(scores(10, 50), 300), (np.array([]), 20_000)])
def test_a_small_base_or_one_without_pairs_is_the_usual_one(found, records):
    assert moved(found, records) == 0
    few = moved(scores(20, 2_000), 600)
    assert moved(scores(20, 2_000), 20_000) < few < 0


def test_it_starts_from_the_model_that_gave_the_scores():
    model = Model(prior=4.0)
    assert estimated_prior(np.array([]), Statistics(20_000), model) == 4.0


def test_a_household_says_less_where_duplicates_are_rarer():
    from openfire_leads.matching import Record, profile

    home = {"phones": ("03 89 12 34 56",), "street": "3 rue du Puits", "zip": "68200"}
    one, other = (profile(Record(contact_name=name, **home)) for name in ("Schertz", "Pierre Schertz"))
    rare = Model(prior=MODEL.prior - 3)
    for records in (3_000, 500_000):
        statistics = Statistics(records)
        assert rare.compare(one, other, statistics).score < MODEL.compare(one, other, statistics).score
