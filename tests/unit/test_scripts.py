"""One person in two scripts, with blanks or without, and addresses that are nobody's."""

import pytest

from openfire_leads.matching import Model, Record, Statistics, keys, profile

MODEL = Model()
STATISTICS = [Statistics(), Statistics(20_000), Statistics(500_000)]
PHONE = {"phones": ("03 89 12 34 56",)}


def compare(one, other, statistics=None, **both):
    return MODEL.compare(profile(Record(**one, **both)), profile(Record(**other, **both)), statistics)


def levels(comparison):
    return {line["field"]: line["level"] for line in comparison.evidence}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("山田 太郎", "山田太郎"),
        ("山田\u3000太郎", "山田太郎"),
        ("김 민수", "김민수"),
        ("王小明", "小明 王"),
        ("やまだ たろう", "やまだたろう"),
        ("สมชาย ใจดี", "สมชายใจดี"),
        ("Jean Marc", "Jeanmarc"),
        ("FranÃ§ois LefÃ¨vre", "François Lefèvre"),
    ],
)
def test_a_blank_more_or_less_is_the_same_name(one, other):
    for statistics in STATISTICS:
        comparison = compare({"contact_name": one}, {"contact_name": other}, statistics, **PHONE)
        assert levels(comparison)["contact_name"] == "exact"
        assert comparison.score > 90


@pytest.mark.parametrize(
    ("one", "other"), [("山田 太郎", "山田花子"), ("김민수", "김 지영"), ("王小明", "李小明")]
)
def test_a_relative_of_that_name_is_somebody_else(one, other):
    comparison = compare({"contact_name": one}, {"contact_name": other}, Statistics(20_000), **PHONE)
    assert levels(comparison)["contact_name"] == "other_first_name"
    assert comparison.score < MODEL.suspicion


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("Иван Петров", "Ivan Petrov", "very_close"),
        ("Дмитрий Иванов", "Dmitri Ivanov", "very_close"),
        ("Γιώργος Παπαδόπουλος", "Giorgos Papadopoulos", "very_close"),
        ("राम कुमार", "Ram Kumar", "very_close"),
        ("王小明", "Wang Xiaoming", "very_close"),
        ("محمد علي", "Mohamed Ali", None),
        ("משה כהן", "Moshe Cohen", None),
        ("สมชาย ใจดี", "Somchai Jaidee", None),
        ("山田太郎", "Yamada Taro", None),
        ("やまだ たろう", "山田太郎", None),
        ("김민수", "Kim Minsu", None),
    ],
)
def test_another_script_agrees_or_says_nothing(one, other, level):
    for statistics in STATISTICS:
        for left, right in ((one, other), (other, one)):
            comparison = compare({"contact_name": left}, {"contact_name": right}, statistics, **PHONE)
            assert levels(comparison).get("contact_name") == level
            assert comparison.score > MODEL.suspicion


@pytest.mark.parametrize(
    ("one", "other", "field"),
    [
        ({"city": "Москва"}, {"city": "Moscow"}, "city"),
        ({"street": "улица Тверская"}, {"street": "Main Street"}, "street"),
        ({"partner_name": "東京電力"}, {"partner_name": "Tepco"}, "partner_name"),
        ({"name": "Печь"}, {"name": "Stove"}, "name"),
        ({"contact_name": "Мария"}, {"emails": ("jdoe@orange.fr",)}, "contact_name"),
    ],
)
def test_another_script_contradicts_nowhere(one, other, field):
    for left, right in ((one, other), (other, one)):
        assert field not in levels(compare(left, right, **PHONE))


def test_a_name_in_another_script_is_known_again_in_an_address():
    comparison = compare({"contact_name": "Иван Петров"}, {"emails": ("ivan.petrov@mail.ru",)}, **PHONE)
    assert levels(comparison)["contact_name"] == "mentioned"


def test_a_name_of_many_characters_says_no_more_than_one_of_two_words():
    for statistics in STATISTICS:
        glyphs, latin = (
            compare({"contact_name": name}, {"contact_name": name}, statistics).evidence[0]["weight"]
            for name in ("勅使河原太郎", "Taro Teshigawara")
        )
        assert glyphs == latin


def test_names_with_and_without_a_blank_share_a_key_by_place():
    one, other = (profile(Record(contact_name=name, zip="1000001")) for name in ("山田 太郎", "太郎山田"))
    assert keys(one) & keys(other)


def test_a_machines_address_neither_brings_two_leads_together_nor_parts_them():
    one = profile(Record(emails=("no-reply@portail.example",)))
    assert not keys(one)
    comparison = compare(
        {"emails": ("no-reply@portail.example",)}, {"emails": ("jean.martin@orange.fr",)}, **PHONE
    )
    assert levels(comparison) == {"phone": "exact"}


def test_of_an_address_that_passes_messages_on_the_tag_tells_who_it_is():
    one, other = (
        {"emails": ("messagerie+ab12cd@marche.example",)},
        {"emails": ("messagerie+ab12ce@marche.example",)},
    )
    assert compare(one, one).score > MODEL.suspicion
    comparison = compare(one, other)
    assert levels(comparison) == {"email": "different"}
    assert comparison.score < 5
