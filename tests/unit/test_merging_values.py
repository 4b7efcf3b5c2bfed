"""Which value stays, on plain values: tables of cases."""

import pytest

from openfire_leads.merging import (
    COMBINED,
    FILLED,
    PICKED,
    SURVIVOR,
    Choices,
    Sheet,
    Standing,
    columns,
    values,
)
from openfire_leads.merging.errors import UnknownFieldError, UnknownLeadError

ADDRESS = ("street", "zip", "city", "country_id")
AREAS = frozenset({"country_id"})


def sheet(lead_id, standing=None, **found):
    return Sheet(
        lead_id,
        {**dict.fromkeys(ADDRESS, False), **found},
        frozenset(name for name, value in found.items() if value),
        standing or Standing("lead", "pending", active=True),
    )


def opportunity(lead_id, won_status="pending", sequence=1, probability=10.0, kind="opportunity"):
    return sheet(
        lead_id,
        Standing(kind, won_status, won_status != "lost", 1, sequence, probability),
    )


@pytest.mark.parametrize(
    ("phones", "value", "origin", "how"),
    [
        (("1", "2"), "1", 1, SURVIVOR),
        ((False, "2"), "2", 2, FILLED),
        ((False, False, "3"), "3", 3, FILLED),
        ((False, False), False, 1, SURVIVOR),
    ],
)
def test_blanks_are_filled_in_order(phones, value, origin, how):
    sheets = [sheet(number, phone=phone) for number, phone in enumerate(phones, 1)]
    found = values.fill(sheets, ["phone"], {})["phone"]
    assert (found.value, found.origin, found.how) == (value, origin, how)


def test_a_value_comes_with_what_it_means_nothing_without():
    sheets = [sheet(1, amount=0, currency="EUR"), sheet(2, amount=5, currency="USD")]
    found = values.fill(sheets, ["amount", "currency"], {"amount": "currency"})
    assert (found["amount"].value, found["currency"].value) == (5, "USD")
    sheets = [sheet(1, amount=4, currency="EUR"), sheet(2, amount=5, currency="USD")]
    found = values.fill(sheets, ["amount", "currency"], {"amount": "currency"})
    assert (found["amount"].value, found["currency"].value) == (4, "EUR")


def test_a_value_that_others_combined_is_traced_to_the_lead_that_has_it():
    sheets = [sheet(1, priority="0"), sheet(2, priority="2")]
    assert values.traced(sheets, "priority", "2").how == FILLED
    assert values.traced(sheets, "description", "a<br>b").how == COMBINED


@pytest.mark.parametrize(
    ("addresses", "expected"),
    [
        # the first that there is
        ([{}, {"street": "1 rue Neuve", "city": "Lyon"}], {"street": "1 rue Neuve", "city": "Lyon"}),
        # completed where it agrees
        ([{"city": "Lyon"}, {"city": "LYON ", "zip": "69001"}], {"city": "Lyon", "zip": "69001"}),
        # never mixed from two places
        ([{"city": "Lyon"}, {"city": "Bron", "zip": "69500"}], {"city": "Lyon"}),
        ([{"city": "Lyon"}, {"street": "2 rue Basse"}], {"city": "Lyon"}),
        # a country alone agrees with any place in it
        ([{"country_id": 75}, {"city": "Lyon", "country_id": 75}], {"city": "Lyon", "country_id": 75}),
        ([{"country_id": 75}, {"city": "Lyon"}], {"city": "Lyon", "country_id": 75}),
        ([{"country_id": 75}, {"city": "Bern", "country_id": 43}], {"country_id": 75}),
    ],
)
def test_an_address_is_one_place(addresses, expected):
    sheets = [sheet(number, **one) for number, one in enumerate(addresses, 1)]
    found = values.address(sheets, ADDRESS, AREAS)
    assert {name: one.value for name, one in found.items() if one.value} == expected


@pytest.mark.parametrize(
    ("sheets", "furthest"),
    [
        ([opportunity(1), opportunity(2, "won")], 2),
        ([opportunity(1, "lost"), opportunity(2)], 2),
        ([opportunity(1, sequence=1), opportunity(2, sequence=3)], 2),
        ([opportunity(1, probability=20), opportunity(2, probability=40)], 2),
        ([opportunity(1), opportunity(2)], 1),
        ([opportunity(1, kind="lead"), opportunity(2)], 2),
        ([opportunity(1, kind="lead"), opportunity(2, kind="lead", sequence=9)], 1),
        # who asks again is no lost case
        ([opportunity(1, "lost"), opportunity(2, kind="lead")], 2),
        ([opportunity(1, "lost"), opportunity(2, "lost", sequence=4)], 2),
    ],
)
def test_the_furthest_lead(sheets, furthest):
    assert values.furthest(sheets).id == furthest


@pytest.mark.parametrize(
    ("said", "ids"),
    [
        ([3, 4], [3, 4]),
        ([(4, 3), (4, 4)], [3, 4]),
        ([(4, 3, 0), (6, 0, [5, 6])], [5, 6]),
        (False, []),
        ([(4, 3, 0), (0, 0, {"name": "new"})], [(4, 3, 0), (0, 0, {"name": "new"})]),
    ],
)
def test_what_a_module_says_for_many_records_is_read_as_ids_where_it_can_be(said, ids):
    assert values.many_ids(said) == ids


def test_records_differ_whatever_their_order_or_where_they_are_new():
    assert not values.many_differ([3, 4], [4, 3])
    assert values.many_differ([3], [3, 4])
    assert values.many_differ([(0, 0, {"name": "new"})], [])


def test_choices_that_cannot_be_followed():
    with pytest.raises(UnknownFieldError, match="id"):
        Choices(picks={"id": 1}).check([1, 2], {"phone"})
    with pytest.raises(UnknownLeadError, match="phone"):
        Choices(picks={"phone": 3}).check([1, 2], {"phone"})
    with pytest.raises(UnknownFieldError, match="slogan"):
        Choices(values={"slogan": "a"}).check([1, 2], {"phone"}, apart={"slogan"})
    Choices(picks={"slogan": 2}).check([1, 2], {"phone"}, apart={"slogan"})
    Choices(picks={"lead_properties.a": 2}, values={"phone": "1"}).check([1, 2], {"phone", "lead_properties"})


def test_what_is_asked_for_has_a_name():
    choices = Choices(picks={"city": 2}, values={"phone": "1"}, user_id=7)
    assert choices.asked == {"phone": "1", "user_id": 7}
    assert choices.names == {"city", "phone", "user_id"}


def test_translations_of_two_texts_do_not_mix():
    rows = [(1, {"en_US": ""}), (2, {"en_US": "a", "fr_FR": "b"}), (3, {"de_DE": "c"})]
    assert columns.text_origin(rows) == 2
    assert columns.text_origin(rows, picked=1) == 1
    assert columns.text_origin(rows[:1]) == 1


def test_values_are_combined_company_by_company():
    assert columns.by_company([(1, {"1": "a"}), (2, {"1": "b", "2": "c"})]) == {"1": "a", "2": "c"}
    assert columns.by_company(columns.outside([(1, {"1": 2}), (2, {"1": 9})], (1, 2))) == {"1": 9}


def test_a_value_that_was_picked_stays_in_its_company_alone():
    rows = [(1, {"1": "a", "2": "b"}), (2, {"1": "c", "2": "d"}), (3, {})]
    assert columns.by_company(rows, {"1": 2}) == {"1": "c", "2": "b"}
    assert columns.by_company(rows, {"1": 3}) == {"2": "b"}
    assert columns.origin_of(rows, "1", "c") == 2
    assert columns.origin_of(rows, "1", "x") == 1


def test_what_a_lead_says_and_the_result_does_not_gave_way():
    assert columns.given_up({"en_US": "a", "fr_FR": "b", "de_DE": ""}, {"en_US": "a"}) == {"fr_FR": "b"}


@pytest.mark.parametrize(
    ("rows", "picks", "expected", "origins"),
    [
        ([(1, {"a": "x"}), (2, {"a": "y", "b": "z"})], {}, {"a": "x", "b": "z"}, {"a": 1, "b": 2}),
        ([(1, {"a": "x"}), (2, {"a": "y"})], {"a": 2}, {"a": "y"}, {"a": 2}),
        # nobody could see what the result's team does not define
        ([(1, {}), (2, {"other": "y"})], {}, {}, {}),
        ([(1, {"other": "y"}), (2, {})], {}, {"other": "y"}, {}),
        # no link between the leads that become one
        ([(1, {"lead": 2}), (2, {"lead": 9})], {}, {"lead": 9}, {"lead": 2}),
    ],
)
def test_properties_are_combined_by_name(rows, picks, expected, origins):
    found = columns.properties(rows, {"a", "b", "lead"}, picks, links={"lead"}, inside=(1, 2))
    assert found == (expected, origins)


def test_a_picked_value_is_told_as_picked():
    sheets = [sheet(1, city="Lyon"), sheet(2, city="Bron")]
    assert values.decision(sheets, "city", sheets[1], PICKED).how == PICKED
