"""What a household or a firm shares says which one it is; the names say who of it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfire_leads.matching import Model, Record, Statistics, keys, profile, terms
from openfire_leads.matching.frequency import term

MODEL = Model()
SIZES = [Statistics(3_000), Statistics(20_000), Statistics(500_000)]
HOME = {"street": "3 rue du Puits", "zip": "68200", "city": "Mulhouse"}
LANDLINE = {**HOME, "phones": ("03 89 12 34 56",)}
FIRM = {**LANDLINE, "partner_name": "Cheminées Vogel"}


def compare(one, other, statistics=None, **both):
    first, second = (profile(Record(**values, **both, country_code="FR")) for values in (one, other))
    return MODEL.compare(first, second, statistics)


def scores(one, other, **both):
    return [
        compare({"contact_name": one}, {"contact_name": other}, statistics, **both).score
        for statistics in SIZES
    ]


def level(comparison, field):
    return next((line["level"] for line in comparison.evidence if line["field"] == field), None)


@pytest.mark.parametrize(
    "shared", [HOME, LANDLINE, {**LANDLINE, "street2": "Résidence Les Iris Bat C appt 505"}]
)
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Pierre Durand", "Lucas Durand"),
        ("Paul Roux", "Hugo Meyer"),
        ("Regine A. Mitral", "Alexandre R. Mitral"),
        ("Michel Durand", "Michèle Durand"),
        ("Jean Durand", "Jeanne Durand"),
        ("Daniel Durand", "Danielle Durand"),
        ("Louis Durand", "Louise Durand"),
        ("Julien Durand", "Julie Durand"),
        ("Marie Durand", "Mario Durand"),
        ("Marc Durand", "Marcel Durand"),
        ("Jean Durand Sr", "Jean Durand Jr"),
        ("Jean Durand (père)", "Jean Durand (fils)"),
        ("Jean Durand 1", "Jean Durand 2"),
    ],
)
def test_two_people_of_one_household_are_two_however_much_it_shares(one, other, shared):
    assert max(scores(one, other, **shared)) < MODEL.suspicion


def test_one_name_in_one_household_is_certain():
    assert min(scores("Pierre Durand", "DURAND Pierre", **LANDLINE)) > MODEL.certainty


def test_a_surname_without_a_first_name_is_a_suspicion_however_large_the_base():
    found = scores("Madame Schertz", "Pierre Schertz", **LANDLINE)
    assert MODEL.suspicion < min(found) <= max(found) < 95
    assert max(found) - min(found) < 5


def test_a_household_alone_is_no_certainty():
    assert max(scores("", "", **LANDLINE)) < 95


def test_colleagues_are_two_however_large_the_base():
    assert max(scores("Paul Roux", "Anne Petit", **FIRM)) < MODEL.suspicion


def test_a_firm_whose_contacts_nobody_named_is_the_requester():
    assert min(scores("", "", **FIRM)) > 95


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("JL Martin", "Jean-Luc Martin"),
        ("J.L. Martin", "Jean-Luc Martin"),
        ("Tof Berger", "Christophe Berger"),
        ("Manu Berger", "Emmanuel Berger"),
        ("Fred Berger", "Frédéric Berger"),
        ("Bob Smith", "Robert Smith"),
        ("Mathieu Berger", "Matthieu Berger"),
        ("Catherine Berger", "Katherine Berger"),
    ],
)
def test_what_somebody_is_called_is_no_contradiction(one, other):
    assert min(scores(one, other, phones=("06 12 34 56 78",))) > 90


def test_an_initial_agrees_where_no_other_name_stands_against_it():
    assert min(scores("J. Martin", "Jean Martin", **HOME)) > 80
    assert min(scores("Anne B. Martin", "Anne Béatrice Martin", **HOME)) > 95


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Cassie M. Baran", "Mark Baran", "other_first_name"),
        ("Michelle Suero", "Sean M. Suero", "other_first_name"),
        ("Peter Baran", "P. Cassie Baran", "initials"),
        ("Baran M.", "Mark Baran", "initials"),
        ("Cassie M. Baran", "Casie Mark Baran", "initials"),
    ],
)
def test_a_middle_initial_stands_for_no_other_first_name(one, other, expected):
    for first, second in ((one, other), (other, one)):
        found = compare({"contact_name": first}, {"contact_name": second}, SIZES[1], **HOME)
        assert level(found, "contact_name") == expected
        assert (found.score < MODEL.suspicion) == (expected == "other_first_name")


def test_one_phone_and_surname_are_more_than_one_address_and_surname():
    landline = {"phones": ("03 89 12 34 56",), "zip": "68200", "city": "Mulhouse"}
    by_phone = scores("Madame Schertz", "Pierre Schertz", **landline)
    assert min(by_phone) > max(scores("Madame Schertz", "Pierre Schertz", **HOME)) > MODEL.suspicion
    assert max(scores("Lucas Schertz", "Pierre Schertz", **landline)) < MODEL.suspicion


def test_another_surname_of_one_first_name_at_one_address_is_worth_a_look():
    comparison = compare({"contact_name": "Marie Dupont"}, {"contact_name": "Marie Lenoir"}, **LANDLINE)
    assert level(comparison, "contact_name") == "other_surname"
    other = compare({"contact_name": "Marie Dupont"}, {"contact_name": "Anne Dupont"}, **LANDLINE)
    assert comparison.score > other.score


@pytest.mark.parametrize(
    "local", ["benjamin.thomas", "benjaminthomas", "thomasbenjamin", "bthomas", "thomasb", "b.thomas"]
)
@pytest.mark.parametrize("domain", ["gmail.com", "orange.fr"])
def test_an_address_made_of_the_name_names_it(local, domain):
    comparison = compare(
        {"contact_name": "Benjamin Thomas"}, {"emails": (f"{local}@{domain}",)}, phones=("06 12 34 56 78",)
    )
    assert level(comparison, "contact_name") == "mentioned"
    assert comparison.score > 80


def test_only_an_address_that_is_somebodys_name_names_somebody_else():
    for local, expected in (("sophie.petit", "other_in_email"), ("toto68", None), ("famille68", None)):
        comparison = compare(
            {"contact_name": "Benjamin Thomas"},
            {"emails": (f"{local}@orange.fr",)},
            phones=("06 12 34 56 78",),
        )
        assert level(comparison, "contact_name") == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({}, {}, "other_in_email"),
        ({"contact_name": "Alexandre Petit"}, {}, "other_in_email"),
        ({"emails": ("a.vogel@cheminees-vogel.fr",)}, {"emails": ("avogel@cheminees-vogel.fr",)}, None),
        ({"emails": ("alexandre@cheminees-vogel.fr",)}, {"emails": ("a.petit@cheminees-vogel.fr",)}, None),
        ({}, {"emails": ("contact@cheminees-vogel.fr",)}, None),
        ({}, {"emails": ("vogel@cheminees-vogel.fr",)}, None),
        ({"emails": ("alexandre@orange.fr",)}, {"emails": ("gdubois@orange.fr",)}, None),
    ],
)
def test_two_addresses_of_one_firm_are_two_colleagues_where_they_name_two(one, other, expected):
    first = {"emails": ("alexandre@cheminees-vogel.fr",), **one}
    second = {"emails": ("gdubois@cheminees-vogel.fr",), **other}
    found = compare(first, second, SIZES[1], **{key: FIRM[key] for key in ("phones", "partner_name")})
    assert level(found, "contact_name") == expected
    assert (found.score < MODEL.suspicion) == (expected == "other_in_email")


def test_an_address_of_another_first_name_or_number_is_no_slip():
    for one, other in (
        ("michel.durand@orange.fr", "michele.durand@orange.fr"),
        ("alain.dubois27@orange.fr", "alain.dubois@orange.fr"),
        ("alain.dubois27@orange.fr", "alain.dubois28@orange.fr"),
    ):
        assert level(compare({"emails": (one,)}, {"emails": (other,)}), "email") == "different"
    assert (
        level(
            compare({"emails": ("m.lamoureux@orange.fr",)}, {"emails": ("m.lamouruex@orange.fr",)}), "email"
        )
        == "close"
    )


def test_of_two_first_names_what_is_made_of_them_counts_neither():
    michel = {
        "contact_name": "Michel Durand",
        "phones": ("0611111111",),
        "emails": ("michel.durand@orange.fr",),
    }
    michele = {
        "contact_name": "Michèle Durand",
        "phones": ("0622222222",),
        "emails": ("michele.durand@orange.fr",),
    }
    assert compare(michel, michele, SIZES[1], zip="68200").score < 5


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12 rue des Lilas Apt 12", "12 rue des Lilas Apt 3"),
        ("12 rue des Lilas bât. A", "12 rue des Lilas bâtiment B"),
        ("12 rue des Lilas esc. 1", "12 rue des Lilas escalier 2"),
        ("12 rue des Lilas, 3e étage", "12 rue des Lilas étage 4"),
        ("lot 4, 12 rue des Lilas", "lot 5, 12 rue des Lilas"),
        ("12 Main Street #4", "12 Main Street #5"),
    ],
)
def test_two_flats_of_one_house_are_two(one, other):
    comparison = compare({"street": one}, {"street": other}, SIZES[1], zip="68200")
    assert level(comparison, "street") == "exact"
    assert level(comparison, "street2") == "other_unit"
    assert comparison.score < MODEL.suspicion
    same = compare({"street": one}, {"street": one}, SIZES[1], zip="68200")
    assert level(same, "street2") == "exact"
    assert same.score > comparison.score


def test_one_flat_is_the_same_wherever_it_is_written():
    comparison = compare(
        {"street": "12 rue des Lilas appt 505"},
        {"street": "12 rue des Lilas", "street2": "Appartement n° 505"},
    )
    assert (level(comparison, "street"), level(comparison, "street2")) == ("exact", "exact")
    assert profile(Record(street="Lot. les Iris")).unit == ""


def test_a_second_line_says_no_more_than_a_whole_line_does():
    line = {"street2": "Résidence du Grand Parc des Iris, derrière la mairie"}
    [long] = compare(line, line, SIZES[1]).evidence
    [short] = compare({"street2": "Résidence Iris"}, {"street2": "Résidence Iris"}, SIZES[1]).evidence
    assert long["weight"] < short["weight"] + 3


@pytest.mark.parametrize(
    "nobody",
    [
        "Service achats",
        "Non renseigné",
        "Accueil",
        "Secrétariat",
        "inconnu",
        "test",
        "Test 2",
        "N/A",
        "Client",
    ],
)
def test_who_is_nobody_has_no_name(nobody):
    assert profile(Record(contact_name=nobody)).person == ""
    assert profile(Record(contact_name=f"{nobody} Lamoureux")).person


def test_a_subject_that_is_the_name_counts_once():
    both = {"contact_name": "Jean Martin", "name": "Jean Martin"}
    assert level(compare(both, both), "name") is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mairie de Thann", "Ville de Thann"),
        ("UFCV", "Union Fédération Colonies Vacances"),
        ("Garage Roux", "Carrosserie Roux"),
    ],
)
def test_one_firm_under_two_names_at_one_phone_and_address_is_worth_a_look(one, other):
    for statistics in SIZES:
        found = compare({"partner_name": one}, {"partner_name": other}, statistics, **LANDLINE)
        apart = compare({"partner_name": one}, {"partner_name": other}, statistics)
        assert found.score > 15 > apart.score


def test_a_town_hall_is_one_whatever_it_is_called():
    assert (
        profile(Record(partner_name="Ville de Thann")).company
        == profile(Record(partner_name="Mairie de Thann")).company
    )


@pytest.mark.parametrize("size", [200, 3_000, 20_000, 1_000_000])
def test_what_a_crowd_shares_names_nobody(size):
    """A fair's address and number, or made-up ones: the more have them, the less they say, in a base of any size."""
    fair = {
        "emails": ("visiteur@salon-habitat.fr",),
        "phones": ("06 06 06 06 06",),
        "street": "1 place du Salon",
        "zip": "67000",
        "city": "Strasbourg",
    }

    def score(count, one, other):
        counts = dict.fromkeys(terms(profile(Record(**fair, country_code="FR"))), count)
        return compare(one, other, Statistics(size, counts), **fair).score

    unnamed = {"name": "Devis poêle"}, {"name": "Fenêtre cassée"}
    scores = [score(count, *unnamed) for count in (2, 8, 16, 32, 64, 128)]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > 95
    assert scores[2] < 75
    assert scores[3] < 50
    assert score(8, {"contact_name": "Paul Roux"}, {"contact_name": "Anne Petit"}) < 50
    assert score(32, {"contact_name": "Paul Rouxel"}, {"contact_name": "Paul Rouxel"}) > 95


FIELDS = {
    # none of them the contact's name: as such it counts instead of the subject
    "name": ["Devis poêle", "Demande de devis"],
    "contact_name": ["Jean Martin", "Martin", "Zoé Teshigawara", "J. Martin", "Jean Martin Jr"],
    "partner_name": ["Toitures Lebrac", "Martin", "SNCF"],
    "emails": [
        ("jean.martin@gmail.com",),
        ("contact@lebrac.fr",),
        ("jean.martin@lebrac.fr",),
        ("toto@free.fr",),
    ],
    "phones": [("06 12 34 56 78",), ("03 89 12 34 56",)],
    "street": ["12 rue des Lilas", "La Grange Neuve", "12 rue des Lilas apt 3"],
    "street2": ["Résidence Les Iris", "Bat C"],
    "zip": ["68200"],
    "city": ["Mulhouse", "Saint-Louis"],
    "state": ["Alsace"],
}
FULL = st.builds(Record, **{name: st.sampled_from(values) for name, values in FIELDS.items()})


def as_in_a_database(counts, made):
    """Return ``counts`` of the terms of ``made`` as records can have them: a whole no more often than its parts."""
    words = {
        kind: text.split() for kind, text in (("n", made.person), ("r", made.street), ("s", made.subject))
    }
    wholes = [
        ("w", " ".join(sorted(words["n"])), "n", words["n"]),
        ("a", f"{made.number} {made.street}", "r", words["r"]),
        ("a", made.street2, "r", made.street2.split()),
        ("t", made.subject, "s", words["s"]),
    ]
    wholes += [("e", email, "l", [email.partition("@")[0]]) for email in made.emails.split()]
    for kind, whole, part, values in wholes:
        most = min((counts.get(term(part, value), 1) for value in values), default=1)
        if term(kind, whole) in counts:
            counts[term(kind, whole)] = min(counts[term(kind, whole)], most)
    return counts


@given(
    FULL,
    st.sets(st.sampled_from(sorted(FIELDS))),
    st.sampled_from(sorted(FIELDS)),
    st.integers(0, 400_000),
    st.lists(st.floats(0, 1), min_size=40, max_size=40),
)
def test_what_agrees_never_counts_against(record, kept, added, size, shares):
    """Whatever is known of two records that agree in all, one value more that agrees makes them no less alike."""
    made = profile(record)
    counts = {one: 1 + int(share**3 * size) for one, share in zip(sorted(terms(made)), shares, strict=False)}
    statistics = Statistics(size, as_in_a_database(counts, made))

    def score(names):
        made = profile(
            replace(record, **{name: type(getattr(record, name))() for name in FIELDS if name not in names})
        )
        return MODEL.compare(made, made, statistics).score

    assert score(kept | {added}) >= score(kept - {added})


@given(
    FULL,
    st.integers(0, 400_000),
    st.sampled_from(["phones", "zip", "city", "street", "street2", "state", "partner_name"]),
)
def test_what_a_household_shares_never_counts_against_two_names(record, size, added):
    """Nor does what they have in common make two people less alike than they were without it."""
    statistics = Statistics(size, dict.fromkeys(terms(profile(record)), 1 + size // 10))
    values = {name: getattr(record, name) for name in ("phones", "zip", "city", "street", "street2", "state")}
    one, other = {"contact_name": "Paul Roux"}, {"contact_name": "Anne Petit"}
    for without in ({added}, {added, "phones", "street"}, set(values) - {"zip"}):
        kept = {name: value for name, value in values.items() if name not in without}
        more = kept | {added: getattr(record, added)}
        assert compare(one, other, statistics, **more).score >= compare(one, other, statistics, **kept).score


def test_a_slip_and_a_name_by_another_script_still_share_a_key():
    one, other = (
        profile(Record(contact_name=name, zip="68200")) for name in ("JL Martin", "Jean-Luc Martin")
    )
    assert keys(one) & keys(other)


def test_a_contact_that_very_many_records_share_is_not_ones_own_name():
    shared = {"contact_name": "Enfance Plus Collaboration Accueil Collectif", "phones": ("03 89 12 34 56",)}
    made = profile(Record(**shared))
    rare = Statistics(20_000, dict.fromkeys(terms(made), 3))
    common = Statistics(20_000, dict.fromkeys(terms(made), 60))
    one, other = {"street": "3 rue du Puits"}, {"street": "8 avenue des Vosges"}
    assert compare(one, other, common, **shared).score < MODEL.suspicion
    assert compare(one, other, rare, **shared).score > 95
    # eight records of one requester are not many
    martin = {"contact_name": "Martin Zoé"}
    eight = Statistics(20_000, dict.fromkeys(terms(profile(Record(**martin))), 8))
    [line] = compare(martin, {"contact_name": "Zoé Martin"}, eight).evidence
    assert line["weight"] > 5


def test_a_firm_in_one_line_with_its_address_is_one_whichever_part_of_it_is_named():
    line = "Siemens AG Werner von Siemens Strasse 1 80333"
    # beside another street the address stays in the name
    found = compare(
        {"partner_name": f"{line} Germany"}, {"partner_name": f"{line} Munich"}, street="2 rue Neuve"
    )
    assert level(found, "partner_name") == "partial"
    # two firms of one house, two branches of one firm
    for one, other in (
        ("Alpha Conseil 12 Hof Paix 75002", "Bureau Dahn 12 Hof Paix 75002"),
        ("Crèches du Val Joli Centre Ville Nord", "Crèches du Val Joli Centre Ville Sud"),
    ):
        found = compare({"partner_name": one}, {"partner_name": other})
        assert level(found, "partner_name") == "contradicting"


@pytest.mark.parametrize("phone", [(), ("06 12 34 56 78",)])
def test_a_first_name_in_ones_own_address_tells_relatives_apart(phone):
    home = {**HOME, "phones": phone}
    mister = {"contact_name": "M. Malec", "emails": ("nadine.malec@gmail.com",)}
    other, self, unknown = (
        {"contact_name": name, "emails": (address,)}
        for name, address in (
            ("Fabrice Malec", "fabrice.malec@orange.fr"),
            ("Nadine Malec", "nmalec@orange.fr"),
            ("Fabrice Malec", ""),
        )
    )
    found = [compare(mister, one, SIZES[1], **home) for one in (other, self, unknown)]
    told = [level(one, "contact_name") for one in found]
    if phone:
        # by one phone a couple is reached
        assert told == ["partial", "partial", "partial"]
    else:
        assert told == ["other_first_name", "completed", "other_first_name"]
        assert found[0].score < MODEL.suspicion < found[1].score


@pytest.mark.parametrize("subject", ["Peron - pergola", "Devis pergola Peron"])
def test_a_surname_in_the_subject_says_the_family_like_a_surname_in_the_contact(subject):
    family = {"contact_name": "Peron", **HOME}
    told = compare(family, {"name": subject, **HOME}, SIZES[1])
    named = compare(family, {"name": subject, "contact_name": "Peron", **HOME}, SIZES[1])
    assert level(told, "contact_name") == "partly_mentioned"
    assert named.score >= told.score - 5


@pytest.mark.parametrize("statistics", SIZES)
def test_the_firms_name_takes_nothing_from_its_mailbox_and_phone(statistics):
    office = {**LANDLINE, "emails": ("contact@vogel-cheminees.fr",)}
    person = {"contact_name": "Anne Vogel"}
    unnamed, named = (
        compare(person, {}, statistics, **office, **firm).score
        for firm in ({}, {"partner_name": "Cheminées Vogel"})
    )
    assert named >= unnamed - 2


def test_one_name_and_one_mobile_is_who_moved():
    moved = [
        {"contact_name": "Marion Tisoux", "phones": ("06 81 75 32 19",), **place}
        for place in (
            {"street": "62 bd de la Mairie", "zip": "48090", "city": "Charon"},
            {"street": "172 bd de la Forge", "zip": "42290", "city": "Calault"},
        )
    ]
    relative = {**moved[1], "contact_name": "Fabrice Tisoux"}
    for statistics in SIZES:
        assert compare(moved[0], moved[1], statistics).score > MODEL.suspicion
        assert compare(moved[0], relative, statistics).score < MODEL.suspicion


def test_who_is_named_in_the_subject_only_is_compared_with_who_has_the_name():
    subject = profile(Record(name="Devis Lucie Fonert", zip="68200"))
    named = profile(Record(contact_name="Lucie Fonert", zip="68200"))
    assert keys(subject) & keys(named)
