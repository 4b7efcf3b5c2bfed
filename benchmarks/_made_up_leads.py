"""Leads of nobody: names made of syllables, some of them common, one in ten a duplicate with errors."""

import random

COMMON = [
    "martin",
    "bernard",
    "dubois",
    "thomas",
    "robert",
    "richard",
    "petit",
    "durand",
    "leroy",
    "moreau",
    "simon",
    "laurent",
]
FIRST = [
    "jean",
    "marie",
    "pierre",
    "anne",
    "michel",
    "claire",
    "paul",
    "sophie",
    "luc",
    "julie",
    "marc",
    "emma",
    "louis",
    "nina",
    "hugo",
    "lea",
]
SYLLABLES = [
    "ba",
    "ro",
    "len",
    "mi",
    "ge",
    "tu",
    "fra",
    "del",
    "vin",
    "cho",
    "per",
    "san",
    "qui",
    "lor",
    "men",
    "die",
    "bou",
    "pla",
    "ster",
    "nau",
    "zi",
    "hec",
    "tol",
    "gar",
]
PROVIDERS = ["orange.fr", "free.fr", "gmail.com", "sfr.fr", "laposte.net", "wanadoo.fr"]
SUBJECTS = ["Demande de devis", "Poêle à granulés", "Insert bois", "Contact site", "Pose de fenêtres"]


def made_up_leads(count, seed=7):
    """Yield ``count`` dicts of lead values, the same ones for the same seed."""
    rng = random.Random(seed)
    made = []
    for number in range(count):
        if made and rng.random() < 0.1:
            yield spoil(rng, made[rng.randrange(len(made))])
            continue
        lead = make(rng, number)
        if number % 3 == 0:
            made.append(lead)
        yield lead


def word(rng):
    return "".join(rng.choice(SYLLABLES) for _i in range(rng.randint(2, 4)))


def make(rng, number):
    first = rng.choice(FIRST)
    last = rng.choice(COMMON) if rng.random() < 0.1 else word(rng)
    department = f"{rng.randint(1, 95):02d}"
    return {
        "name": f"{rng.choice(SUBJECTS)}{'' if rng.random() < 0.5 else ' ' + last}",
        "contact_name": f"{first.title()} {last.title()}",
        "partner_name": f"{word(rng).title()} SARL" if rng.random() < 0.2 else None,
        "email_from": f"{first}.{last}{number % 97}@{rng.choice(PROVIDERS)}" if rng.random() < 0.85 else None,
        "phone": f"+336{rng.randint(10_000_000, 99_999_999)}" if rng.random() < 0.7 else None,
        "street": f"{rng.randint(1, 150)} rue {word(rng)}" if rng.random() < 0.6 else None,
        "zip": f"{department}{rng.randint(0, 99):02d}0",
        "city": f"{word(rng).title()}",
    }


def spoil(rng, lead):
    lead = dict(lead)
    for name in ("email_from", "phone", "street"):
        if rng.random() < 0.3:
            lead[name] = None
    name = lead["contact_name"]
    at = rng.randrange(1, len(name) - 1)
    lead["contact_name"] = rng.choice(
        [name.upper(), name[:at] + name[at + 1 :], " ".join(reversed(name.split()))]
    )
    return lead
