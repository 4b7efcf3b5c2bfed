"""A mobile phone is one person's, any other a household's or a firm's."""

import phonenumbers
import pytest
from test_households import level

from openfire_leads.matching import Model, Record, Statistics, profile
from openfire_leads.matching.phones import FIXED, MOBILE, UNKNOWN, kind

MODEL = Model()
SIZES = [Statistics(3_000), Statistics(20_000), Statistics(500_000)]
HOME = {"street": "3 rue du Puits", "zip": "68200", "city": "Mulhouse"}
ELSEWHERE = {"street": "8 avenue Foch", "zip": "31000", "city": "Toulouse"}
JANE = {"contact_name": "Jeanne Malec"}
CELL, OTHER_CELL, FIX, OTHER_FIX = (
    {"phones": (number,)}
    for number in ("06 12 34 56 78", "07 55 44 33 22", "03 89 12 34 56", "04 72 65 43 21")
)


def compare(one, other, statistics=SIZES[1]):
    first, second = (profile(Record(**values, country_code="FR")) for values in (one, other))
    return MODEL.compare(first, second, statistics)


def scores(one, other):
    return [compare(one, other, statistics).score for statistics in SIZES]


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("33612345678", MOBILE),
        ("33712345678", MOBILE),
        ("33389123456", FIXED),
        ("33912345678", FIXED),
        ("262692123456", MOBILE),
        ("262639987144", MOBILE),
        ("596696123456", MOBILE),
        ("596596301234", FIXED),
        ("32470123456", MOBILE),
        ("3224567890", FIXED),
        ("4915123456789", MOBILE),
        ("41791234567", MOBILE),
        ("393401234567", MOBILE),
        ("447400123456", MOBILE),
        ("393358971712", MOBILE),
        ("39358971712", UNKNOWN),
        ("39612345678", FIXED),
        ("12125550123", UNKNOWN),
        ("0612345678", UNKNOWN),
        ("999", UNKNOWN),
    ],
)
def test_the_plan_of_a_country_tells_whose_kind_a_number_is(number, expected):
    assert kind(number) == expected


# San Marino's fixed numbers are told by more digits than are looked at
@pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS - {"SM"}))
def test_the_first_digits_tell_what_the_whole_number_tells(region):
    kinds = {phonenumbers.PhoneNumberType.MOBILE: MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE: FIXED}
    for asked, expected in kinds.items():
        example = phonenumbers.example_number_for_type(region, asked)
        if example and example.country_code != 1 and phonenumbers.number_type(example) == asked:
            number = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)[1:]
            assert kind(number) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (CELL, CELL, "exact_mobile"),
        (FIX, FIX, "exact"),
        (CELL, OTHER_CELL, "other_mobile"),
        (FIX, OTHER_FIX, "different"),
        (CELL, FIX, "other_kind"),
        (CELL, {"phones": ("+1 212 555 0123",)}, "different"),
        # of several the one that tells most
        (
            {"phones": CELL["phones"] + FIX["phones"]},
            {"phones": OTHER_CELL["phones"] + FIX["phones"]},
            "exact",
        ),
        ({"phones": CELL["phones"] + FIX["phones"]}, OTHER_CELL, "other_mobile"),
    ],
)
def test_two_numbers_are_told_apart_by_their_kind(one, other, expected):
    assert level(compare(one, other), "phone") == expected


@pytest.mark.parametrize("other", [{}, JANE, {"contact_name": "Mme Malec"}, {"name": "Projet insert Malec"}])
def test_one_mobile_phone_is_nearly_enough(other):
    by_mobile, by_landline = (
        scores({**JANE, **CELL}, {**other, **CELL}),
        scores({**JANE, **FIX}, {**other, **FIX}),
    )
    assert min(by_mobile) > 90
    assert min(mobile - landline for mobile, landline in zip(by_mobile, by_landline, strict=True)) > 0


def test_two_people_with_one_mobile_phone_are_a_couple_at_best():
    father, son = ({"contact_name": name, **CELL} for name in ("Pierre Malec", "Lucas Malec"))
    assert max(scores(father, son)) < MODEL.suspicion
    assert max(scores({**father, **HOME}, {**son, **HOME})) < 75
    stranger = {"contact_name": "Hugo Meyer", **CELL}
    assert max(scores({**father, **HOME}, {**stranger, **HOME})) < MODEL.suspicion


def test_colleagues_with_one_mobile_phone_are_two():
    one, other = (
        {"contact_name": name, "partner_name": "Cheminées Vogel", **CELL} for name in ("Eva Roux", "Jo Petit")
    )
    assert max(scores(one, other)) < MODEL.suspicion


def test_who_moves_keeps_the_mobile_phone():
    assert min(scores({**JANE, **CELL, **HOME}, {**JANE, **CELL, **ELSEWHERE})) > 95
    # also where nobody is named on one side, or the name stands in the company's place
    for other in ({}, {"emails": ("jeanne.malec@orange.fr",)}, {"partner_name": "Jeanne Malec"}):
        assert min(scores({**JANE, **CELL, **HOME}, {**other, **CELL, **ELSEWHERE})) > 45
    married = {"contact_name": "Jeanne Roux", **CELL}
    assert min(scores({**JANE, **CELL}, married)) > 90
    assert min(scores({**JANE, **CELL, **HOME}, {**married, **ELSEWHERE})) > 45


def test_two_mobile_phones_weigh_against_and_a_landline_besides_hardly():
    name, again = {**JANE, **CELL}, {**JANE, **OTHER_CELL}
    assert max(scores(name, again)) < MODEL.suspicion
    assert min(scores({**name, **HOME}, {**again, **HOME})) > 95
    for without, with_landline in zip(scores(name, JANE), scores(name, {**JANE, **FIX}), strict=True):
        assert 0 <= without - with_landline < 15
    mail = {"emails": ("jeanne.malec@orange.fr",)}
    assert min(scores({**name, **mail}, {**again, **mail})) > 95


def test_the_people_of_one_firm_have_a_mobile_phone_each():
    firm = {"partner_name": "Menuiserie Keller", "zip": "68200", "city": "Mulhouse"}
    assert min(scores({**firm, **CELL}, {**firm, **OTHER_CELL})) > 45
    desk = {"partner_name": "Menuiserie Keller", "emails": ("contact@keller.example",)}
    assert compare({**desk, **CELL}, {**desk, **OTHER_CELL}).score > 45


@pytest.mark.parametrize("number", ["06 00 00 00 00", "+33 7 77 77 77 77", "0000000000"])
def test_a_number_of_one_digit_is_nobodys(number):
    assert profile(Record(phones=(number,), country_code="FR")).phones == ""
