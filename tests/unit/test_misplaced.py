"""Postcodes, towns and streets typed into a field that is not theirs."""

import pytest

from openfire_leads.matching import Model, Record, candidate_pairs, keys, profile

STREET = ("12", "/rue lilas")
WHOLE = {"street": "12 rue des Lilas", "zip": "68100", "city": "Mulhouse"}


def place(**values):
    """Return number, street, postcode and town of a record."""
    made = profile(Record(**values))
    return made.number, made.street, made.zip, made.city


@pytest.mark.parametrize(
    ("code", "city"),
    [
        ("68100 Mulhouse", ""),
        ("68100 MULHOUSE CEDEX 9", ""),
        ("Mulhouse (68100)", ""),
        ("Mulhouse 68100", ""),
        ("F-68100", "Mulhouse"),
        ("F-68100 Mulhouse", ""),
        ("68100 Mulhouse", "Mulhouse"),
        ("Mulhouse", "68100"),
        ("", "68100 Mulhouse"),
        ("", "Mulhouse (68100)"),
    ],
)
def test_postcode_and_town_are_known_in_each_others_field(code, city):
    assert place(zip=code, city=city) == ("", "", "68100", "mulhouse")


@pytest.mark.parametrize(
    ("code", "country", "expected"),
    [
        ("SW1A 2AA", "GB", "sw1a2aa"),
        ("1012 AB", "NL", "1012ab"),
        ("1012 AB Amsterdam", "NL", "1012ab"),
        ("D-70173 Stuttgart", "DE", "70173"),
        ("L-1234 Luxembourg", "LU", "1234"),
        ("681o0", "FR", "681o0"),
        (68100, "FR", "68100"),
    ],
)
def test_a_postcode_of_letters_or_with_a_slip_is_one(code, country, expected):
    assert profile(Record(zip=code, country_code=country)).zip == expected


@pytest.mark.parametrize(
    "lines",
    [
        {"street": "12 rue des Lilas, 68100 Mulhouse"},
        {"street": "12 rue des Lilas 68100 Mulhouse Cedex 9"},
        {"street": "12 rue des Lilas - F-68100 Mulhouse, France"},
        {"street": "12 rue des Lilas (68100 Mulhouse)"},
        {"street": "12 rue des Lilas, Mulhouse 68100"},
        {"street": "12 rue des Lilas", "street2": "68100 Mulhouse"},
        {"street": "68100 Mulhouse", "street2": "12 rue des Lilas"},
        {"street": "12 rue des Lilas 68100", "city": "Mulhouse"},
        {"street": "12 rue des Lilas, 68100 Mulhouse", "zip": "68100"},
        {"street": "12 rue des Lilas, 68100 Mulhouse", **{"zip": "68100", "city": "Mulhouse"}},
        {"city": "12 rue des Lilas 68100 Mulhouse"},
    ],
)
def test_a_street_says_postcode_and_town(lines):
    assert place(**lines) == (*STREET, "68100", "mulhouse")


@pytest.mark.parametrize(
    ("street", "country", "expected"),
    [
        ("Hauptstr. 5, 70173 Stuttgart", "DE", ("5", "hauptstr", "70173", "stuttgart")),
        ("Rue Neuve 12, 1000 Bruxelles", "BE", ("12", "/rue neuve", "1000", "bruxelles")),
        ("Rue Neuve 12, 1000 Bruxelles, Belgique", "", ("12", "/rue neuve", "1000", "bruxelles")),
        ("Keizersgracht 5, 1015 CN Amsterdam", "NL", ("5", "keizersgracht", "1015cn", "amsterdam")),
        ("ul. Prosta 5, 00-950 Warszawa", "PL", ("5", "ul prosta", "00950", "warszawa")),
        ("10 Downing Street, London SW1A 2AA", "GB", ("10", "/street downing", "sw1a2aa", "london")),
        ("12 Main St, Springfield, IL 62704", "US", ("12", "/street main", "62704", "springfield")),
        ("12 George St Sydney NSW 2000", "AU", ("12", "/street george", "2000", "sydney")),
        ("3 rue Neuve 1234", "LU", ("3", "/rue neuve 1234", "", "")),
        ("3 rue Neuve, 1234 Luxembourg", "LU", ("3", "/rue neuve", "1234", "luxembourg")),
    ],
)
def test_each_country_writes_its_own_way(street, country, expected):
    assert place(street=street, country_code=country) == expected


@pytest.mark.parametrize(
    ("street", "country"),
    [
        ("12345 Main Street", "US"),
        ("12345 Main Street", "FR"),
        ("1200 chemin des Crêts", "CH"),
        ("1200 route de Lyon", "FR"),
        ("77 place du 8 Mai 1945", "FR"),
        ("BP 10254", "FR"),
        ("12 rue de Mulhouse", "FR"),
        ("12 rue de France", "FR"),
        ("12 Main Street, Las Vegas NV 89132", ""),
    ],
)
def test_a_houses_number_a_box_or_a_streets_name_is_no_place(street, country):
    assert place(street=street, country_code=country)[2:] == ("", "")


@pytest.mark.parametrize(
    "written",
    [
        "{} 12 rue des Lilas 68100 Mulhouse",
        "{}, 12 rue des Lilas, 68100 Mulhouse",
        "{} - 12 rue des Lilas - 68100 Mulhouse",
        "{} (12 rue des Lilas, 68100 Mulhouse)",
        "{} 12, RUE DES LILAS 68100 MULHOUSE FRANCE",
    ],
)
@pytest.mark.parametrize(
    ("field", "kept", "name"),
    [
        ("contact_name", "person", "Jean Schmitt"),
        ("partner_name", "company", "Garage 2000"),
        ("name", "subject", "Poêle Schmitt"),
    ],
)
def test_an_address_after_a_name_counts_and_is_no_part_of_it(written, field, kept, name):
    alone, made = (profile(Record(**{field: text})) for text in (name, written.format(name)))
    assert getattr(made, kept) == getattr(alone, kept)
    assert (made.number, made.street, made.zip, made.city) == (*STREET, "68100", "mulhouse")


@pytest.mark.parametrize(
    ("company", "expected"),
    [
        ("Kern CP 68100", ("", "", "68100", "")),
        ("Kern - 68100 Mulhouse", ("", "", "68100", "mulhouse")),
        ("Kern (Mulhouse 68100)", ("", "", "68100", "mulhouse")),
        ("Kern BP 12 68100 Mulhouse Cedex", ("12", "bp", "68100", "mulhouse")),
        ("Kern rue des Lilas 12, 68100 Mulhouse", (*STREET, "68100", "mulhouse")),
        ("Kern SA 75008 France", ("", "", "75008", "")),
        ("Kern Musterstr. 5, D-10115 Berlin", ("5", "musterstr", "10115", "berlin")),
        (
            "kern ag adi dassler strasse 1 91074 herzogenaurach germany",
            ("1", "/strasse adi dassler", "91074", "herzogenaurach"),
        ),
        ("kern sa plaza euskadi 5 bilbao spain", ("5", "/plaza euskadi", "", "bilbao")),
        ("Kern SA rue Neuve 12, 1000 Bruxelles Belgique", ("12", "/rue neuve", "1000", "bruxelles")),
        ("Kern NV Amstelplein 2 1096 BC", ("2", "amstelplein", "1096bc", "")),
        ("Kern Ltd 10 Downing Street London SW1A 2AA", ("10", "/street downing", "sw1a2aa", "london")),
    ],
)
def test_what_follows_a_company_is_its_address(company, expected):
    assert place(partner_name=company) == expected
    assert profile(Record(partner_name=company)).company == "kern"


@pytest.mark.parametrize(
    "company",
    [
        "Lycée 68",
        "Route 66 Motors",
        "Les 3 Brasseurs",
        "Garage 2000",
        "Garage 2000 Mulhouse",
        "Agence 10254",
        "Brasserie 1664",
        "Boulangerie 1000 Saveurs",
        "Club 15000 Volts",
        "Kern SIREN 10254 Mulhouse",
        "Pharmacie du 8 Mai 1945",
        "Le 114 Faubourg",
        "Air France",
        "Les Amis du 20 avenue Foch",
        # a name as well as an address, a reference as well as a postcode
        "Kern (10254)",
        "Kern - 10254",
        "Kern - 45678 - Martin",
        "Kern chantier 45678 Martin",
        "68100 Mulhouse",
        "Pharmacie 75006 Paris",
        "Espace 12000 Bois",
        "10000 Fenêtres SARL",
        "3 Quai Ouest",
        "Studio 54 Avenue Montaigne",
        "Copropriété Foncia 14 rue des Fleurs",
        "Ofenplatz 24",
        "Kern GmbH Werk 2 Deutschland",
        "Chalets - 3 Vallées France",
    ],
)
def test_a_companys_name_that_has_a_number_is_kept(company):
    assert place(partner_name=company) == ("", "", "", "")


@pytest.mark.parametrize(
    ("company", "expected"),
    [
        ("12 rue des Lilas 68100 Mulhouse", "12 rue lilas 68100 mulhouse"),
        ("SARL 2000, 68100 Mulhouse", "2000 68100 mulhouse"),
        ("SCI 12 rue des Lilas 68100 Mulhouse", "12 rue lilas 68100 mulhouse"),
        (
            "Syndicat des copropriétaires 12 rue des Lilas 68100 Mulhouse",
            "syndicat coproprietaires 12 rue lilas 68100 mulhouse",
        ),
    ],
)
def test_who_is_called_by_an_address_keeps_it(company, expected):
    made = profile(Record(partner_name=company))
    assert (made.company, made.zip, made.city) == (expected, "68100", "mulhouse")


@pytest.mark.parametrize(
    ("subject", "expected", "left"),
    [
        ("Isolation 68100 Mulhouse", ("", "", "", ""), "isolation 68100 mulhouse"),
        ("Isolation - 68100 Mulhouse", ("", "", "68100", "mulhouse"), "isolation"),
        ("Poêle, code postal : 68100", ("", "", "68100", ""), "poele"),
        ("Poêle (01000 Bourg-en-Bresse)", ("", "", "01000", "bourg en bresse"), "poele"),
        ("Code 54321 Offert", ("", "", "", ""), "code 54321 offert"),
        ("Poêle MCZ (10500)", ("", "", "", ""), "poele mcz 10500"),
        ("Fuite 12 rue des Lilas", ("", "", "", ""), "fuite 12 rue lilas"),
        (
            "Fuite 12 rue des Lilas, 68100 Mulhouse - urgent",
            (*STREET, "68100", "mulhouse"),
            "fuite urgent",
        ),
        # nothing would be left
        ("12 rue des Lilas 68100 Mulhouse", (*STREET, "68100", "mulhouse"), "12 rue lilas 68100 mulhouse"),
        ("Pellets 15000 Premium", ("", "", "", ""), "pellets 15000 premium"),
        ("Devis 10254 - Schmitt", ("", "", "", ""), "devis 10254 schmitt"),
        ("Devis - 10254 Schmitt", ("", "", "", ""), "devis 10254 schmitt"),
        ("10254 - Schmitt", ("", "", "", ""), "10254 schmitt"),
        ("Poêle 68100", ("", "", "", ""), "poele 68100"),
        ("Poêle - 68100", ("", "", "", ""), "poele 68100"),
        ("Commande (10254)", ("", "", "", ""), "commande 10254"),
        ("Commande 10254 Poêle", ("", "", "", ""), "commande 10254 poele"),
        ("Devis 15000 flyers", ("", "", "", ""), "devis 15000 flyers"),
        ("DEVIS 15000 EUROS", ("", "", "", ""), "devis 15000 euros"),
        ("isolation 45000 inox", ("", "", "", ""), "isolation 45000 inox"),
        ("Portail 3 place de parking", ("", "", "", ""), "portail 3 place parking"),
    ],
)
def test_a_subject_names_a_place_only_where_nothing_else_can_be_meant(subject, expected, left):
    assert place(name=subject) == expected
    assert profile(Record(name=subject)).subject == left


@pytest.mark.parametrize(
    "own",
    [
        {"zip": "67000"},
        {"city": "Colmar"},
        {"street": "3 rue Haute"},
        {"street2": "3 rue Haute"},
        {"street": "3 rue Haute", "zip": "67000", "city": "Strasbourg"},
    ],
)
def test_beside_another_place_nothing_is_read(own):
    text = "Kern 12 rue des Lilas 68100 Mulhouse"
    assert place(partner_name=text, **own) == place(**own)
    assert profile(Record(partner_name=text, **own)).company == "kern 12 rue lilas 68100 mulhouse"


def test_a_name_that_says_what_is_known_already_keeps_its_words():
    own = {"zip": "68100", "city": "Mulhouse"}
    made = profile(Record(partner_name="Kern - 68100 Mulhouse", city="Mulhouse"))
    assert (made.company, made.zip) == ("kern 68100 mulhouse", "68100")
    assert profile(Record(partner_name="Kern - 68100 Mulhouse", **own)).company == "kern 68100 mulhouse"
    made = profile(Record(partner_name="Kern 12 rue des Lilas 68100 Mulhouse", **own))
    assert (made.company, made.number, made.street) == ("kern", *STREET)


@pytest.mark.parametrize(
    "own", [{"phones": ("0389112233",)}, {"contact_name": "Paul Weber"}, {"partner_name": "Kern"}]
)
def test_where_the_work_is_says_nothing_of_where_a_known_customer_is(own):
    made = profile(Record(name="Fenêtres - 12 rue Neuve, 67000 Strasbourg", **own))
    assert (made.number, made.street, made.zip, made.city) == ("", "", "", "")


@pytest.mark.parametrize("own", [{"city": "Mulhouse"}, {"zip": "68100"}])
def test_half_a_place_is_not_put_together_with_half_of_another(own):
    text = "Kern SARL 12 rue Neuve - 67000" if "city" in own else "Kern SARL 12 rue Neuve - CP Strasbourg"
    assert place(partner_name=text, **own) == place(**own)


def test_an_address_told_town_first_keeps_its_street():
    assert place(street="67000 Strasbourg, 12 rue des Lilas") == (*STREET, "67000", "strasbourg")


@pytest.mark.parametrize(
    ("street", "country"),
    [
        ("12 rue Neuve appt 10254", "FR"),
        ("12 rue Neuve - digicode 12345", "FR"),
        ("Chaussée de Wavre 1234 bte 5", "BE"),
        ("12 place du 14 juillet 1789 Paris", "CH"),
        ("12 Oak Street BP 10254", "US"),
    ],
)
def test_other_numbers_of_a_line_are_no_postcode(street, country):
    assert place(street=street, country_code=country)[2:] == ("", "")


def test_a_company_called_by_a_number_keeps_it_beside_an_address_that_ends_with_one():
    made = profile(Record(partner_name="Garage 2000 Rue Neuve 12, 1000 Bruxelles", country_code="BE"))
    assert (made.company, made.number, made.zip) == ("garage 2000", "12", "1000")


def test_a_subject_that_is_the_companys_name_again_is_read_as_that():
    text = "kern ag adi dassler strasse 1 91074 germany"
    assert profile(Record(partner_name=text, name=text)).subject == "kern ag"


CASES = [
    {"zip": "68100 Mulhouse"},
    {"zip": "Mulhouse", "city": "68100"},
    {"street": "12 rue des Lilas, 68100 Mulhouse"},
    {"street": "12 rue des Lilas", "street2": "68100 Mulhouse"},
    {"partner_name": "Menuiserie Kern SARL 12 rue des Lilas 68100 Mulhouse"},
    {"partner_name": "Menuiserie Kern (68100 Mulhouse)"},
    {"partner_name": "Menuiserie Kern SARL - 68100 Mulhouse"},
]


@pytest.mark.parametrize("typed", CASES)
def test_the_lead_typed_well_is_found(typed):
    company = {"partner_name": "Menuiserie Kern SARL"}
    one, other = profile(Record(**company, **WHOLE)), profile(Record(**company | typed))
    assert candidate_pairs([keys(one), keys(other)]).left.tolist() == [0]
    assert Model().compare(one, other).score > 75


@pytest.mark.parametrize("typed", CASES)
@pytest.mark.parametrize("own", [{}, {"zip": "68100"}, {"city": "Mulhouse"}, {"street": "12 rue des Lilas"}])
def test_two_leads_of_one_text_score_no_less_for_its_being_read(typed, own, monkeypatch):
    record = Record(**own | typed)
    read = profile(record)
    monkeypatch.setattr("openfire_leads.matching.record.maybe_misplaced", lambda *_: False)
    unread = profile(record)
    assert Model().compare(read, read).score >= Model().compare(unread, unread).score


@pytest.mark.parametrize("usual", ["FR", "US", "GB", "DE", ""])
def test_where_most_leads_are_changes_nothing_of_an_address_written_in_full(usual):
    company = profile(Record(partner_name="Menuiserie Kern, 12 rue des Lilas 68100 Mulhouse"), usual)
    street = profile(Record(partner_name="Menuiserie Kern", street="12 rue des Lilas, 68100 Mulhouse"), usual)
    assert company == street
    assert (company.number, company.street, company.zip, company.city) == (*STREET, "68100", "mulhouse")
