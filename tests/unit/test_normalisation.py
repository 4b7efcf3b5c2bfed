"""Values that mean the same come out the same: tables of equalities."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matching.companies import company_words
from matching.emails import emails
from matching.people import person_words
from matching.phones import one_number, parse, phones
from matching.places import postcode, street_parts, town_words
from matching.subjects import subject_words
from matching.text import fold


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Étienne", "etienne"),
        ("ŒUVRE Æsop Straße Øre Łódź", "oeuvre aesop strasse ore lodz"),
        ("Ｍａｒｔｉｎ", "martin"),
        ("Mar\u200btin\u00ad", "martin"),
        ("\u202eמשה\u202c", "משה"),
        ("a\x00b\tc\u00a0d", "a b c d"),
        ("Ё", "е"),
        ("が", "が"),
        ("e\u0301", "e"),
        (None, ""),
        (False, ""),
        ("   ", ""),
    ],
)
def test_fold(text, expected):
    assert fold(text) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("M. Jean MARTIN", "jean martin"),
        ("MARTIN, Jean", "jean martin"),
        ('"Jean Martin" <jean@orange.fr>', "jean martin"),
        ("Jean Martin (Orange)", "jean martin"),
        ("Jean Martin via Annuaire Travaux", "jean martin"),
        ("M. et Mme Martin", "martin"),
        ("M et Mme Jean Martin", "jean martin"),
        ("Jean et Marie Martin", "jean marie martin"),
        ("Roland & Nathalie ROGER", "nathalie roger roland"),
        ("Famille Petit", "petit"),
        ("Mme LE GOFF Anne", "anne legoff"),
        ("Anne Le-Goff", "anne legoff"),
        ("Charles de Gaulle", "charles gaulle"),
        ("Jean-Luc Du Pont", "dupont jean luc"),
        ("Jean Luc Dupont", "dupont jean luc"),
        ("J. Martin", "j martin"),
        ("Dr. Sean O'Brien", "obrien sean"),
        ("Claire D'Angelo", "claire dangelo"),
        ("iPhone de Catherine", "catherine"),
        ("jean.martin", "jean martin"),
        ("jean_martin68@orange.fr", "jean martin"),
        ("Ms. Jane DOE", "doe jane"),
        ("Иванов Иван", "иван иванов"),
        ("山田太郎", "山田太郎"),
        ("محمد علي", "علي محمد"),
        ("M.", ""),
        ("🔥🔥", ""),
        ("", ""),
    ],
)
def test_people(name, expected):
    assert sorted(person_words(name)) == sorted(expected.split())


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("S.A.R.L. Dupont & Fils", "dupont fils"),
        ("Dupont et Fils SARL", "dupont fils"),
        ("DUPONT & FILS", "dupont fils"),
        ("Société Dupont", "dupont"),
        ("Ets. Michel S.A.S.", "michel"),
        ("Acme Ltd.", "acme"),
        ("Acme GmbH", "acme"),
        ("Acme, Inc", "acme"),
        ("I.B.M. France", "france ibm"),
        ("La Compagnie", "compagnie la"),
        ("EI Architecture Mercier", "architecture mercier"),
    ],
)
def test_companies(name, expected):
    assert sorted(company_words(name)) == expected.split()


@pytest.mark.parametrize(
    ("written", "country", "expected"),
    [
        ("06 12 34 56 78", "FR", ["33612345678"]),
        ("06.12.34.56.78", "FR", ["33612345678"]),
        ("+33 6 12 34 56 78", "FR", ["33612345678"]),
        ("+33 (0)6 12 34 56 78", "FR", ["33612345678"]),
        ("0033612345678", "FR", ["33612345678"]),
        ("00 33 (0) 6 12 34 56 78", "FR", ["33612345678"]),
        ("+33 6 12 34 56 78", "BE", ["33612345678"]),
        ("Tél : 06 12 34 56 78", "FR", ["33612345678"]),
        ("06 12 34 56 78 / 03 89 11 22 33", "FR", ["33612345678", "33389112233"]),
        ("0612345678 ou 0389112233", "FR", ["33612345678", "33389112233"]),
        ("310/246-1501", "US", ["13102461501"]),
        ("(310) 246-1501", "US", ["13102461501"]),
        ("020 7946 0958", "GB", ["442079460958"]),
        ("0471 12 34 56", "BE", ["32471123456"]),
        ("n/a", "FR", []),
        ("0000000000", "FR", []),
        ("-", "FR", []),
        ("12", "FR", []),
        ("", "FR", []),
    ],
)
def test_phones(written, country, expected):
    assert phones([written], country) == expected


FORMS = ["{}", "+33{}", "0033{}", "0{}", "33{}", "+33 (0){}", "00 33 (0) {}", "+330{}", "tel 0{}", "0{} "]


@given(st.sampled_from(FORMS), st.text("0123456789", min_size=7, max_size=10))
def test_the_shortcut_for_french_numbers_reads_as_phonenumbers_does(form, digits):
    written = form.format(digits)
    found, expected = phones([written], "FR"), parse(written, "FR")
    if expected and len(set(digits)) > 2:
        assert found == [expected]


@pytest.mark.parametrize(
    ("written", "guess", "whole"),
    [
        ("06 15 77 88 78", "US", "33615778878"),
        ("020 7946 0958", "FR", "442079460958"),
        ("415-555-0123", "FR", "14155550123"),
    ],
)
def test_a_number_of_another_country_than_the_guessed_one_is_known_again(written, guess, whole):
    [number] = phones([written], guess, guessed=True)
    assert number != whole
    assert one_number(number, whole)
    assert one_number(whole, number)


def test_numbers_of_two_countries_that_end_alike_are_not_one():
    assert not one_number("33612345678", "32612345678")
    assert not one_number("5551234", "33615551234")


def test_each_of_several_numbers_that_are_not_the_guessed_countrys_is_read():
    assert phones(["06 12 34 56 78 / 03 89 11 22 33"], "US", guessed=True) == ["0612345678", "0389112233"]


@given(st.text("0123456789 .-/+()", max_size=25))
def test_a_number_that_phonenumbers_holds_valid_is_kept(written):
    try:
        number = phonenumbers.parse(written, "FR")
    except phonenumbers.NumberParseException:
        return
    if phonenumbers.is_valid_number(number) and "(0)" not in written and "/" not in written:
        code = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        assert code[1:] in phones([written], "FR")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Jean.Martin@Gmail.com", ["jeanmartin@gmail.com"]),
        ("jean.martin+poele@gmail.com", ["jeanmartin@gmail.com"]),
        ("jean.martin@googlemail.com", ["jeanmartin@gmail.com"]),
        ("jean.martin@gmial.com", ["jeanmartin@gmail.com"]),
        ("jean.martin@orange.fr", ["jean.martin@orange.fr"]),
        ("jean.martin@oragne.fr", ["jean.martin@orange.fr"]),
        ("jean@hotmial.com", ["jean@hotmail.com"]),
        ("jean@wanado.fr", ["jean@wanadoo.fr"]),
        ("jean@sfr.fr", ["jean@sfr.fr"]),
        ("jean@mail.com", ["jean@mail.com"]),
        ("jean@email.com", ["jean@email.com"]),
        ('"Jean" <jean@orange.fr>, marie@free.fr', ["jean@orange.fr", "marie@free.fr"]),
        ("mailto:jean@orange.fr", ["jean@orange.fr"]),
        ("jean at orange.fr", []),
        ("@", []),
        ("", []),
    ],
)
def test_emails(written, expected):
    assert emails([written]) == expected


@pytest.mark.parametrize(
    ("one", "other", "country"),
    [
        ("12 bis av. de la Gare", "12bis, Avenue de la gare", "FR"),
        ("12 B avenue de la Gare", "12b avenue Gare", "FR"),
        ("3 bd du Général Leclerc", "3, boulevard Gal Leclerc", "FR"),
        ("5 r. des Acacias", "5 Rue des Acacias", "FR"),
        ("7 pl St-Michel", "7 place Saint Michel", "FR"),
        ("8 rte de l'Europe", "8 Route de l’Europe", "FR"),
        ("435 S. La Cienega Blvd.", "435 south la cienega blv", "US"),
        ("12 Main St.", "12 Main Street", "US"),
        ("10 Downing St", "10 downing street", "GB"),
        ("8 Dalley Cres", "8 dalley crescent", "AU"),
    ],
)
def test_streets(one, other, country):
    assert street_parts(one, "", country) == street_parts(other, "", country)


def test_a_street_keeps_number_kind_and_name_apart():
    assert street_parts("12 ter chemin du Moulin", "", "FR") == ("12t", ["/chemin", "moulin"])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("St Étienne", "SAINT-ETIENNE"),
        ("Ste-Foy-lès-Lyon", "Sainte Foy les Lyon"),
        ("Paris 12e", "PARIS"),
        ("Lyon 3ème arrondissement", "Lyon"),
        ("Mulhouse CEDEX 9", "mulhouse"),
        ("Villefranche s/ Saône", "Villefranche-sur-Saône"),
        ("68200 Mulhouse", "Mulhouse"),
        ("L'Isle-Adam", "L’Isle Adam"),
    ],
)
def test_towns(one, other):
    assert town_words(one) == town_words(other)


@pytest.mark.parametrize(
    ("code", "city", "country", "expected"),
    [
        ("68200", "", "FR", "68200"),
        ("68 200", "", "FR", "68200"),
        ("1000", "", "FR", "01000"),
        ("1000", "", "BE", "1000"),
        ("", "68200 Mulhouse", "FR", "68200"),
        ("SW1A 2AA", "", "GB", "sw1a2aa"),
        ("90210-1234", "", "US", "90210"),
        ("", "", "FR", ""),
    ],
)
def test_postcodes(code, city, country, expected):
    assert postcode(code, city, country) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Re: Devis poêle", "devis poele"),
        ("RE : TR: Fwd: Devis poêle", "Devis poêle"),
        ("[Site web] Devis poêle", "Devis poêle"),
        ("Devis pour un poêle", "devis poêle"),
        ("Demande de devis po…", "Demande de devis"),
        ("Demande de devis ...", "Demande de devis"),
    ],
)
def test_subjects(one, other):
    assert subject_words(one) == subject_words(other)
