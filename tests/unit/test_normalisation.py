"""Values that mean the same come out the same: tables of equalities."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfire_leads.matching.emails import emails
from openfire_leads.matching.people import person_words
from openfire_leads.matching.phone_plans import one_form
from openfire_leads.matching.phones import one_number, parse, phones
from openfire_leads.matching.places import postcode, street_parts, town_words, units
from openfire_leads.matching.subjects import subject_words
from openfire_leads.matching.text import fold


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
        ("مُحَمَّد", "محمد"),
        ("FranÃ§ois", "francois"),
        ("FRANÃ‡OIS", "francois"),
        ("franã§ois", "francois"),
        ("FranÃƒÂ§ois", "francois"),
        ("Fran√ßois", "francois"),
        ("lâ€™Ã©cole", "l'ecole"),
        ("Ð˜Ð²Ð°Ð½", "иван"),
        ("å±±ç”°", "山田"),
        ("SÃO JOÃO", "sao joao"),
        ("amanhã\u00a0cedo", "amanha cedo"),
        ("«ZOÉ»…", "«zoe»..."),
        ("på…", "pa..."),
        ("e\u0301", "e"),
        # Cyrillic о, е and у, Greek capitals, Latin a in a Cyrillic word
        ("S\u043el\u0435n\u0435 D\u0443boux", "solene dyboux"),
        ("S\u043elèn\u0435", "solene"),
        ("B\u0395NJ\u0391MI\u039d \u03a1\u039fUX", "benjamin poux"),
        ("\u0421\u0417 Jean", "сз jean"),
        ("\u041c\u0061рия Иван\u006fв", "мария иванов"),
        ("Νίκη Papas", "νικη papas"),
        ("j\u0435an@free.fr", "jean@free.fr"),
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
        ("山田太郎", "山 田 太 郎"),
        ("山田\u3000太郎 様", "山 田 太 郎"),
        ("太郎 山田", "山 田 太 郎"),
        ("김 민수", "김 민 수"),
        ("小明 王", "王 小 明"),
        ("やまだ たろう", "たろう やまだ"),
        ("राम कुमार", "राम कुमार"),
        ("สมชาย ใจดี", "สมชาย ใจดี"),
        ("أحمد", "احمد"),
        ("FranÃ§ois LefÃ¨vre", "francois lefevre"),
        ("محمد علي", "علي محمد"),
        ("M.", ""),
        ("🔥🔥", ""),
        ("", ""),
    ],
)
def test_people(name, expected):
    assert sorted(person_words(name)) == sorted(expected.split())


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
        ("01 23 45 67 89 poste 210", "FR", ["33123456789"]),
        ("01 23 45 67 89 (poste 210)", "FR", ["33123456789"]),
        ("01 23 45 67 89 p. 210", "FR", ["33123456789"]),
        ("01 23 45 67 89 ext. 210", "FR", ["33123456789"]),
        ("01 23 45 67 89x210", "FR", ["33123456789"]),
        ("01 23 45 67 89 #210", "FR", ["33123456789"]),
        ("0123456789 210", "FR", ["33123456789"]),
        ("01 23 45 67 89 après 18h", "FR", ["33123456789"]),
        ("entre 9h et 12h30 01 23 45 67 89", "FR", ["33123456789"]),
        ("01 23 45 67 89 (8:30-18:00)", "FR", ["33123456789"]),
        ("code 4512, 01 23 45 67 89", "FR", ["33123456789"]),
        ("01 23 45 67 89 le 12/05/2024", "FR", ["33123456789"]),
        ("Tel 01 23 45 67 89 Fax 03 89 11 22 33", "FR", ["33123456789", "33389112233"]),
        ("n°1 01 23 45 67 89 n°2 03 89 11 22 33", "FR", ["33123456789", "33389112233"]),
        ("01 23 45 67 89 (dom) 06 12 34 56 78 (port)", "FR", ["33123456789", "33612345678"]),
        ("01 23 45 67 89 03 89 11 22 33", "FR", ["33123456789", "33389112233"]),
        ("0123456789 & 0389112233", "FR", ["33123456789", "33389112233"]),
        ("0123456789+0389112233", "FR", ["33123456789", "33389112233"]),
        ("01.23.45.67.89-03.89.11.22.33", "FR", ["33123456789", "33389112233"]),
        ("01234567890389112233", "FR", ["33123456789", "33389112233"]),
        ("+33 1 23 45 67 89 +33 3 89 11 22 33", "FR", ["33123456789", "33389112233"]),
        ("030 123456 / 0171 1234567", "DE", ["4930123456", "491711234567"]),
        ("310 246 1501 310 246 1502", "US", ["13102461501", "13102461502"]),
        ("310-246-1501 ext. 12", "US", ["13102461501"]),
        ("612345678.0", "FR", ["33612345678"]),
        ("33612345678.0", "FR", ["33612345678"]),
        ("6.12345678E+08", "FR", ["33612345678"]),
        ("O6 12 34 56 78", "FR", ["33612345678"]),
        ("(+33) 6 12 34 56 78", "FR", ["33612345678"]),
        ("+ 33 6 12 34 56 78", "FR", ["33612345678"]),
        ("０６ １２ ３４ ５６ ７８", "FR", ["33612345678"]),
        ("٠٦١٢٣٤٥٦٧٨", "FR", ["33612345678"]),
        ("n/a", "FR", []),
        ("0000000000", "FR", []),
        ("-", "FR", []),
        ("12", "FR", []),
        ("", "FR", []),
    ],
)
def test_phones(written, country, expected):
    assert phones([written], country) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("+262 692 12 34 56", "0692 12 34 56"),
        ("+262 692 12 34 56", "+33 692 12 34 56"),
        ("+262 639 01 23 45", "0639 01 23 45"),
        ("00590 690 12 34 56", "0690 12 34 56"),
        ("+590 590 12 34 56", "0590 12 34 56"),
        ("+594 694 20 12 34", "0694 20 12 34"),
        ("+596 696 12 34 56", "0696 12 34 56"),
        ("+508 41 12 34", "0508 41 12 34"),
        ("+55 11 98765-4321", "+55 11 8765-4321"),
        ("+39 06 1234567", "+39 6 1234567"),
        ("+39 06 1234567", "+39 (0)6 1234567"),
        ("+52 1 55 1234 5678", "+52 55 1234 5678"),
        ("+54 9 11 2345 6789", "+54 11 2345 6789"),
        ("+54 9 11 2345 6789", "+54 11 15 2345 6789"),
    ],
)
def test_one_number_written_by_two_plans_is_one(one, other):
    assert len(phones([one, other], "FR")) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("+262 692 12 34 56", "+33 6 92 12 34 57"),
        ("+55 11 2345-6789", "+55 11 92345-6789"),
        ("0262 12 34 56", "0590 12 34 56"),
    ],
)
def test_two_numbers_by_one_plan_are_two(one, other):
    assert len(phones([one, other], "FR")) == 2


@pytest.mark.parametrize(
    "written",
    [
        "01 23 45 67 89 poste 210",
        "01 23 45 67 89 ext. 210",
        "01 23 45 67 89 x210",
        "Tel 01 23 45 67 89 après 18h",
    ],
)
def test_an_extension_is_left_out_where_the_company_is_of_another_country(written):
    assert phones([written], "US", guessed=True) == ["0123456789"]


FORMS = ["{}", "+33{}", "0033{}", "0{}", "33{}", "+33 (0){}", "00 33 (0) {}", "+330{}", "tel 0{}", "0{} "]


@given(st.sampled_from(FORMS), st.text("0123456789", min_size=7, max_size=10))
def test_the_shortcut_for_french_numbers_reads_as_phonenumbers_does(form, digits):
    written = form.format(digits)
    found, expected = phones([written], "FR"), parse(written, "FR")
    if expected and len(set(digits)) > 2:
        assert found == [one_form(expected)]


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
    for between in (" / ", " ", " puis "):
        written = f"06 12 34 56 78{between}03 89 11 22 33"
        assert phones([written], "US", guessed=True) == ["0612345678", "0389112233"]


@given(st.text("0123456789 .-/+()", max_size=25))
def test_a_number_that_phonenumbers_holds_valid_is_kept(written):
    try:
        number = phonenumbers.parse(written, "FR")
    except phonenumbers.NumberParseException:
        return
    if phonenumbers.is_valid_number(number) and "(0)" not in written and "/" not in written:
        code = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        assert one_form(code[1:]) in phones([written], "FR")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Jean.Martin@Gmail.com", ["jean.martin@gmail.com"]),
        ("jean.martin+poele@gmail.com", ["jean.martin@gmail.com"]),
        ("jean.martin@googlemail.com", ["jean.martin@gmail.com"]),
        ("jean.martin@gmial.com", ["jean.martin@gmail.com"]),
        ("jean.martin@gmail.com, jeanmartin@gmail.com", ["jean.martin@gmail.com"]),
        ("jean.martin@orange.fr, jeanmartin@orange.fr", ["jean.martin@orange.fr", "jeanmartin@orange.fr"]),
        ("jean.martin@orange.fr", ["jean.martin@orange.fr"]),
        ("jean.martin@oragne.fr", ["jean.martin@orange.fr"]),
        ("jean@hotmial.com", ["jean@hotmail.com"]),
        ("jean@wanado.fr", ["jean@wanadoo.fr"]),
        ("jean@sfr.fr", ["jean@sfr.fr"]),
        ("jean@mail.com", ["jean@mail.com"]),
        ("jean@email.com", ["jean@email.com"]),
        ('"Jean" <jean@orange.fr>, marie@free.fr', ["jean@orange.fr", "marie@free.fr"]),
        ("mailto:jean@orange.fr", ["jean@orange.fr"]),
        ("jean at orange.fr", ["jean@orange.fr"]),
        ("jean à orange.fr", ["jean@orange.fr"]),
        ("jean (at) orange (dot) fr", ["jean@orange.fr"]),
        ("jean[at]orange.fr", ["jean@orange.fr"]),
        ("jean%40orange.fr", ["jean@orange.fr"]),
        ("j @orange.fr", ["j@orange.fr"]),
        ("j@ orange.fr", ["j@orange.fr"]),
        ("j. martin@orange.fr", ["j.martin@orange.fr"]),
        ("M. martin@orange.fr", ["martin@orange.fr"]),
        ("Jean Martin jean@orange.fr", ["jean@orange.fr"]),
        ("jean@orange .fr", ["jean@orange.fr"]),
        ("jean @ mail . toits . co . uk", ["jean@mail.toits.co.uk"]),
        ("jean@orange,fr", ["jean@orange.fr"]),
        ("jean@orange fr", ["jean@orange.fr"]),
        ("jean@orange.fr. Merci", ["jean@orange.fr"]),
        ("jean@@orange..fr...", ["jean@orange.fr"]),
        ("jean..martin@orange.fr", ["jean.martin@orange.fr"]),
        ("www.jean@orange.fr", ["jean@orange.fr"]),
        ("jean@www.orange.fr", ["jean@orange.fr"]),
        ("jean＠orange．fr", ["jean@orange.fr"]),
        ("mailto:jean@orange.fr?subject=Devis", ["jean@orange.fr"]),
        ("jean@orange.fr & marie@free.fr", ["jean@orange.fr", "marie@free.fr"]),
        ("jean@orange.fr&marie@free.fr", ["jean@orange.fr", "marie@free.fr"]),
        ("jean@orange.fr-marie@free.fr", ["jean@orange.fr", "marie@free.fr"]),
        ("jean@orange.fr/marie@free.fr", ["jean@orange.fr", "marie@free.fr"]),
        ("r&d@toits.fr", ["r&d@toits.fr"]),
        ("jean@xn--caf-dma.fr", ["jean@cafe.fr"]),
        ("messagerie+ab12cd@marche.example", ["messagerie+ab12cd@marche.example"]),
        ("contact+a1b2@marche.example", ["contact+a1b2@marche.example"]),
        ("contact+devis@toits.fr", ["contact@toits.fr"]),
        ("@", []),
        ("", []),
    ],
)
def test_emails(written, expected):
    assert emails([written]) == expected


@pytest.mark.parametrize(
    "local",
    """
    no-reply noreply no_reply NoReply no.reply no-reply-4512 noreply+ab12 do-not-reply donotreply ne-pas-repondre
    nepasrepondre ne_pas_repondre nicht-antworten no-responder nao-responda wordpress mailer-daemon postmaster
    notification notifications notifications+x1 bounces+4512 auto-reply webform root www-data robot
    """.split(),  # noqa: SIM905
)
def test_a_machines_address_is_nobodys(local):
    assert emails([f"{local}@portail.example"]) == []


@pytest.mark.parametrize(
    "local", ["noe.reply", "nora", "denis.reponse", "rooty", "robotham", "replica", "contact"]
)
def test_an_address_that_begins_like_a_machines_is_somebodys(local):
    assert emails([f"{local}@portail.example"]) == [f"{local}@portail.example"]


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
    assert street_parts(one, country) == street_parts(other, country)


@pytest.mark.parametrize(
    ("line", "rest", "found"),
    [
        ("Tour A, 12 rue des Lilas", "12 rue des lilas", ["bat:a"]),
        ("12 rue des Lilas Hall 3", "12 rue des lilas", ["hall:3"]),
        ("12 rue des Lilas Entrée B", "12 rue des lilas", ["hall:b"]),
        ("12 rue des Lilas, Immeuble C porte 12", "12 rue des lilas", ["bat:c", "apt:12"]),
        ("12 rue des Lilas cage 2 niveau 4", "12 rue des lilas", ["esc:2", "floor:4"]),
        ("Aile B chambre 14", "", ["bat:b", "apt:14"]),
        ("8 avenue de la Porte d'Italie", "8 avenue de la porte d'italie", []),
        ("3 rue de la Tour d'Auvergne", "3 rue de la tour d'auvergne", []),
        ("rue de la Tour 12", "rue de la tour 12", []),
        ("12 rue du Hall", "12 rue du hall", []),
        ("1 Town Hall Square", "1 town hall square", []),
    ],
)
def test_parts_of_a_house_are_taken_out_of_a_street(line, rest, found):
    folded, parts = units(line)
    assert (" ".join(street_parts(folded, "FR")[1]), parts) == (" ".join(street_parts(rest, "FR")[1]), found)


def test_a_street_keeps_number_kind_and_name_apart():
    assert street_parts("12 ter chemin du Moulin", "FR") == ("12t", ["/chemin", "moulin"])


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
        ("60614-1234", "", "FR", "60614"),
        ("60614 1234", "", "", "60614"),
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
