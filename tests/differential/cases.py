"""The inputs of the differential test, as data: what people type, select and send.

A case is a dict: ``do`` (see ``actions.py``) and what that takes. Leads are dicts of their fields, called ``a``, ``b``,
``c`` in the order of their age; a text that begins with ``@`` is a record of the world (see ``world.py``). Besides
fields a lead may have ``state`` (open, won, lost, archived) and ``past`` (messages, activities, files, …).
"""

from itertools import combinations, permutations

MAIL = "theodule.vandenbroucke@orange.fr"
PHONE = "06 39 98 12 34"
PERSON = {"contact_name": "Théodule Vandenbroucke", "email_from": MAIL, "phone": PHONE}
OTHER = {
    "contact_name": "Solange Etchegoyen",
    "email_from": "sol.etchegoyen@free.fr",
    "phone": "05 59 00 11 22",
}

# typed once as it should be, once like this
MAILS = {
    "same": MAIL,
    "capitals": "Theodule.VANDENBROUCKE@Orange.FR",
    "blanks around": f"  {MAIL}  ",
    "blank before @": "theodule.vandenbroucke @orange.fr",
    "blank after @": "theodule.vandenbroucke@ orange.fr",
    "blank inside": "theodule. vandenbroucke@orange.fr",
    "with a name": f'"Théodule Vandenbroucke" <{MAIL}>',
    "name and comma": f"Vandenbroucke, Théodule <{MAIL}>",
    "two addresses": f"{MAIL}, tvdb@free.fr",
    "semicolon": f"{MAIL}; tvdb@free.fr",
    "mailto": f"mailto:{MAIL}",
    "brackets": f"<{MAIL}>",
    "full stop": f"{MAIL}.",
    "tabulator": f"\t{MAIL}",
    "no-break space": f"{MAIL}\u00a0",
    "zero width space": f"\u200b{MAIL}",
    "doubled @": "theodule.vandenbroucke@@orange.fr",
    "www. in front": f"www.{MAIL}",
    "unreadable": "theodule.vandenbroucke(at)orange.fr",
}
PHONES = {
    "same": PHONE,
    "together": "0639981234",
    "dots": "06.39.98.12.34",
    "hyphens": "06-39-98-12-34",
    "slashes": "06/39/98/12/34",
    "international": "+33 6 39 98 12 34",
    "international 00": "0033 6 39 98 12 34",
    "with (0)": "+33 (0)6 39 98 12 34",
    "no-break spaces": PHONE.replace(" ", "\u00a0"),
    "blanks around": f" {PHONE} ",
    "label": f"Tél. {PHONE}",
    "extension": f"{PHONE} poste 210",
    "two numbers": f"{PHONE} / 02 61 91 55 66",
}
NAMES = {
    "latin": ("Théodule Vandenbroucke", "Vandenbroucke Theodule"),
    "japanese": ("山田 太郎", "山田太郎"),
    "korean": ("김 민수", "김민수"),
    "arabic": ("محمد العربي", "Mohamed Larbi"),
    "none": (False, False),
}
STATES = ("open", "won", "lost", "archived")
# the window adds nothing to these
WITHOUT_WINDOW = {f"{one} and {two}" for one in STATES for two in STATES if "open" not in (one, two)}
CUSTOMERS = {
    "none": {},
    "person": {"partner_id": "@jeanne"},
    "firm": {"partner_id": "@firm"},
    "contact of a firm": {"partner_id": "@lucie"},
}


def lead(*parts, **values):
    """Return a lead; ``parts`` are dicts, the later wins."""
    whole = {"name": "Poêle", "type": "lead", "user_id": "@marc", "team_id": "@team_a"}
    for part in (*parts, values):
        whole.update(part)
    return whole


def opportunity(*parts, **values):
    return lead({"type": "opportunity"}, *parts, **values)


def found():
    """Pairs of leads: is the other found, and proposed when the first is converted?"""
    cases = {}
    for title, typed in MAILS.items():
        cases[f"mail, {title}"] = [lead(email_from=MAIL), opportunity(email_from=typed, user_id="@julie")]
    for title, typed in PHONES.items():
        cases[f"phone, {title}"] = [lead(phone=PHONE), opportunity(phone=typed)]
    for title, (one, two) in NAMES.items():
        cases[f"name, {title}"] = [
            lead(contact_name=one, phone=PHONE),
            opportunity(contact_name=two, phone=PHONE),
        ]
    for (title, one), (other, two) in combinations(CUSTOMERS.items(), 2):
        cases[f"customer, {title} and {other}"] = [lead(one), opportunity(two)]
    for title, values in CUSTOMERS.items():
        cases[f"customer, {title} twice"] = [lead(values), opportunity(values)]
    for state in STATES:
        cases[f"state, {state}"] = [lead(PERSON), opportunity(PERSON, state=state)]
        cases[f"state, {state} lead"] = [lead(PERSON), lead(PERSON, state=state)]
    cases["company, without and with"] = [lead(PERSON), opportunity(PERSON, company_id="@main")]
    cases["company, two"] = [
        lead(PERSON, company_id="@main"),
        opportunity(PERSON, company_id="@second", team_id=False, user_id=False),
    ]
    cases["colleagues of one domain"] = [
        lead(email_from="paul@delmas-couverture.fr"),
        opportunity(email_from="anne@delmas-couverture.fr"),
    ]
    cases["strangers"] = [lead(PERSON), opportunity(OTHER)]
    cases["nothing typed"] = [lead(), opportunity()]
    return {f"found: {title}": {"do": "find", "leads": leads} for title, leads in cases.items()}


def converted():
    """One lead, converted with what the window proposes."""
    leads = {
        "a stranger": [lead(PERSON)],
        "a name only": [lead(contact_name="Théodule Vandenbroucke")],
        "nothing": [lead()],
        "a missed call": [lead(name="Appel manqué 0612345678", phone="0612345678")],
        "two addresses": [lead(PERSON, email_from=f"{MAIL}, tvdb@free.fr")],
        "a firm's name": [lead(PERSON, partner_name="Delmas Couverture")],
        "a customer": [lead(partner_id="@jeanne")],
        "a customer's mail": [lead(contact_name="Jeanne Moulin", email_from="jeanne.moulin@orange.fr")],
        "a customer's mail, blanks": [lead(contact_name="Jeanne Moulin", email_from="jeanne.moulin @orange.fr")],
        "a colleague of a customer": [lead(contact_name="Anne Petit", email_from="anne@dupont-chauffage.fr",
                                           partner_name="Dupont Chauffage")],
        "nobody's": [lead(PERSON, user_id=False, team_id=False)],
        "nobody's of a team": [lead(PERSON, user_id=False)],
        "lost": [lead(PERSON, state="lost")],
        "won": [lead(PERSON, state="won")],
        "archived": [lead(PERSON, state="archived")],
        "an opportunity already": [opportunity(PERSON)],
        "its opportunity is Julie's": [opportunity(PERSON, user_id="@julie", team_id="@team_b"), lead(PERSON)],
        "it is nobody's, its opportunity Julie's": [
            opportunity(PERSON, user_id="@julie", team_id="@team_b", past=True),
            lead(PERSON, user_id=False, team_id=False, past=True),
        ],
        "its opportunity is younger": [lead(PERSON, past=True), opportunity(PERSON, user_id="@julie", past=True)],
        "its opportunity is lost": [opportunity(PERSON, state="lost"), lead(PERSON)],
        "its opportunity is won": [opportunity(PERSON, state="won"), lead(PERSON)],
        "a lead of the same person": [lead(PERSON), lead(PERSON)],
        "a stranger's opportunity": [opportunity(OTHER), lead(PERSON)],
    }  # fmt: skip
    # the lead that is converted is the last one that is a lead
    cases = {f"convert: {title}": {"do": "convert", "leads": given} for title, given in leads.items()}
    for choice in ("convert", "merge"):
        cases[f"convert: {choice} chosen, of two"] = {
            "do": "convert",
            "leads": [opportunity(PERSON, user_id="@julie", team_id="@team_b"), lead(PERSON)],
            "choose": {"name": choice},
        }
    cases["convert: given to Julie"] = {
        "do": "convert",
        "leads": [lead(PERSON)],
        "choose": {"user_id": "@julie"},
    }
    return cases


def converted_in_mass():
    """Leads selected in the list and converted with the defaults, in each order of selection."""
    twice = [lead(PERSON, past=True), lead(PERSON, past=True)]
    three = [lead(PERSON), lead(OTHER), lead(PERSON)]
    groups = {
        "two of one": (twice, ["ab", "ba"]),
        "the newer of two": (twice, ["b"]),
        "the older of two": (twice, ["a"]),
        "two and a stranger": (three, ["".join(order) for order in permutations("abc")]),
        "strangers": ([lead(PERSON), lead(OTHER)], ["ab", "ba"]),
        "one with an opportunity": ([opportunity(PERSON, user_id="@julie"), lead(PERSON)], ["b"]),
        "one with a won one": ([opportunity(PERSON, state="won"), lead(PERSON)], ["b"]),
        "one with a lost one": ([opportunity(PERSON, state="lost"), lead(PERSON)], ["b"]),
        "nobody's": ([lead(PERSON, user_id=False), lead(OTHER, user_id=False)], ["ba"]),
        "of a customer": ([lead(partner_id="@jeanne"), lead(partner_id="@jeanne")], ["ba"]),
        "an opportunity among them": ([opportunity(OTHER), lead(PERSON)], ["ab", "ba"]),
    }
    cases = {}
    for title, (leads, orders) in groups.items():
        for order in orders:
            cases[f"mass: {title}, {order}"] = {"do": "convert in mass", "leads": leads, "select": order}
    cases["mass: two of one, ba, no active_id"] = {
        "do": "convert in mass", "leads": twice, "select": "ba", "active_id": False,
    }  # fmt: skip
    cases["mass: two of one, ba, given to two"] = {
        "do": "convert in mass", "leads": twice, "select": "ba", "choose": {"user_ids": ["@marc", "@julie"]},
    }  # fmt: skip
    cases["mass: two of one, ba, not deduplicated"] = {
        "do": "convert in mass", "leads": twice, "select": "ba", "choose": {"deduplicate": False},
    }  # fmt: skip
    return cases


def merged():
    """Leads merged by the verb and in the window, in each order of age and state."""
    cases = {}
    parts = [{**PERSON, "description": "<p>Première note</p>", "tag_ids": ["@red"], "expected_revenue": 1000},
             {**OTHER, "description": "<p>Seconde note</p>", "tag_ids": ["@blue"], "user_id": "@julie",
              "team_id": "@team_b", "street": "12 rue des Capucines", "city": "Hazebrouck"}]  # fmt: skip
    for one, two in ((one, two) for one in STATES for two in STATES):
        cases[f"{one} and {two}"] = {
            "leads": [
                opportunity(parts[0], state=one, past=True),
                opportunity(parts[1], state=two, past=True),
            ]
        }
    for kinds in (("lead", "lead"), ("lead", "opportunity"), ("opportunity", "lead")):
        cases[" and ".join(kinds)] = {
            "leads": [lead(part, type=kind, past=True) for part, kind in zip(parts, kinds, strict=True)]
        }
    for order in permutations(("open", "lost", "won")):
        cases[f"three, {' '.join(order)}"] = {
            "leads": [opportunity(PERSON, name=f"Poêle {state}", state=state, past=True) for state in order]
        }
    cases["three leads, last first"] = {
        "leads": [lead(PERSON), lead(OTHER), lead(phone=PHONE)],
        "select": "cba",
    }
    cases["unassigned and assigned"] = {"leads": [lead(PERSON, user_id=False, team_id=False), lead(OTHER)]}
    cases["customer and none"] = {"leads": [lead(PERSON), lead(OTHER, partner_id="@jeanne")]}
    cases["two customers"] = {"leads": [lead(partner_id="@firm"), lead(partner_id="@jeanne")]}
    cases["two companies"] = {
        "leads": [
            lead(PERSON, company_id="@main"),
            lead(PERSON, company_id="@second", user_id=False, team_id=False),
        ]
    }
    cases["one alone"] = {"leads": [lead(PERSON)]}
    both = {}
    for title, case in cases.items():
        both[f"merge: {title}"] = {"do": "merge", **case}
        if title not in WITHOUT_WINDOW:
            both[f"merge window: {title}"] = {"do": "merge in the window", **case}
    of_second = [
        opportunity(PERSON, company_id="@second", team_id="@team_b", user_id="@boss") for _n in range(2)
    ]
    for title, choose in {"user": {"user_id": "@marc"}, "team": {"team_id": "@team_a"}}.items():
        both[f"merge window: {title} of another company"] = {
            "do": "merge in the window", "leads": of_second, "choose": choose,
        }  # fmt: skip
        both[f"merge window: {title} chosen"] = {
            "do": "merge in the window",
            "leads": [opportunity(PERSON, user_id="@julie", team_id="@team_b"), opportunity(OTHER)],
            "choose": choose,
        }
    return both


def mailed():
    """Mails to a team's address: is there a lead, of whom, and with what?"""
    usual = {
        "From": f"Théodule Vandenbroucke <{MAIL}>",
        "To": "demandes@leads.example",
        "Subject": "Devis poêle",
    }
    mails = {
        "a request": {},
        "no name": {"From": MAIL},
        "comma in the name": {"From": f"Vandenbroucke, Théodule <{MAIL}>"},
        "no subject": {"Subject": ""},
        "a customer": {"From": "Jeanne Moulin <jeanne.moulin@orange.fr>"},
        "a contact form": {"From": "wordpress@site.example", "Reply-To": MAIL},
        "a web form": {"From": "noreply@site.example", "Auto-Submitted": "auto-generated", "Reply-To": MAIL},
        "no out of office, please": {"X-Auto-Response-Suppress": "OOF"},
        "in bulk": {"Precedence": "bulk"},
        "automatic by its subject": {"Subject": "Réponse automatique : absence"},
        "an automatic answer": {"Auto-Submitted": "auto-replied", "Subject": "Absence"},
        "forwarded": {"From": "Marc <marc@company.example>", "Subject": "TR: Devis poêle"},
        "a newsletter": {"List-Unsubscribe": "<mailto:stop@news.example>", "From": "news@news.example"},
        "in copy": {"To": "autre@ailleurs.example", "Cc": "demandes@leads.example"},
        "to a tag of the alias": {"To": "demandes+salon@leads.example"},
    }
    return {
        f"mail: {title}": {"do": "receive", "leads": [], "headers": {**usual, **headers}}
        for title, headers in mails.items()
    }


CASES = {**found(), **converted(), **converted_in_mass(), **merged(), **mailed()}
