"""The engine as its users call it."""

from matching import Model, Profile, Record, Statistics, candidate_pairs, cluster, keys, profile

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


def test_two_people_score_below_suspicion():
    assert Model().compare(profile(JEAN), profile(OTHER)).score < 1


def test_a_stored_profile_comes_back_as_it_was():
    assert Profile.load(profile(JEAN).dump()) == profile(JEAN)


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
