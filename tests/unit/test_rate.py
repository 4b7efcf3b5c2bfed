"""How rare duplicates are is learnt of the database itself, carefully."""

import numpy as np
import pytest

from openfire_leads.matching import Model, Statistics, estimated_prior
from openfire_leads.matching.rate import HIGHEST, LOWEST, USUAL

MODEL = Model()


def base(moved, strangers=20_000, falling=0.5):
    """Return the scores of a base whose pairs are right as often as claimed ``moved`` bits higher, and its records."""
    bits = np.arange(-14, 12, 0.25)
    two = strangers * np.exp(-falling * (bits + 14))
    one = two * np.exp2(bits + moved)
    counts = np.round(two + one).astype(int)
    return 100 / (1 + np.exp2(-np.repeat(bits, counts))), int(one.sum() / USUAL / 2**moved)


def found(scores, records, **options):
    return estimated_prior(scores, Statistics(records), **options) - MODEL.prior


@pytest.mark.parametrize("moved", [-3, -1.5, 0, 2])
def test_how_rare_duplicates_are_is_found_again(moved):
    assert abs(found(*base(moved)) - moved) < 1.6


def test_the_rarer_duplicates_are_the_lower_every_pair_starts():
    steps = [found(*base(moved)) for moved in (2, 0, -1.5, -3)]
    assert steps == sorted(steps, reverse=True)
    rarer = Model(prior=MODEL.prior + steps[-1])
    assert rarer.start(Statistics(20_000)) < MODEL.start(Statistics(20_000))


def test_where_low_scores_come_again_after_a_gap_they_are_no_strangers():
    strangers = 100 / (1 + np.exp2(-np.linspace(-14, -8, 5_000)))
    again = np.repeat([4.0, 10.0, 20.0, 40.0, 99.0], 200)
    assert found(np.concatenate([strangers, again]), 5_000) > 2


def test_it_stays_within_its_limits():
    for scores in (np.full(50_000, 0.01), np.full(50_000, 99.9), np.full(50_000, 50.0)):
        assert LOWEST <= found(scores, 20_000) <= HIGHEST + 1


def test_a_part_of_the_pairs_gives_about_what_all_give():
    scores, records = base(-1.5)
    assert abs(found(scores[::10], records, share=0.1) - found(scores, records)) < 1


@pytest.mark.parametrize(("scores", "records"), [(base(0)[0], 300), (np.array([]), 20_000)])
def test_a_small_base_or_one_without_pairs_is_the_usual_one(scores, records):
    assert found(scores, records) == 0


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
