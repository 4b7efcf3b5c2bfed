"""All comparisons of the engine in one place: their names, levels, the fields they are shown under."""

from functools import lru_cache

import numpy as np

from .compare_contacts import (
    EMAIL_LEVELS,
    ONE_MAILBOX,
    ONE_NUMBER,
    PHONE_LEVELS,
    compare_emails,
    compare_phones,
)
from .compare_hints import HINT_LEVELS, compare_hints
from .compare_names import (
    COMPANY_LEVELS,
    CROSS_LEVELS,
    PERSON_LEVELS,
    compare_companies,
    compare_crosswise,
    compare_people,
    complete_names,
)
from .compare_places import (
    LINE_LEVELS,
    SECOND_LINE_LEVELS,
    STREET_LEVELS,
    ZIP_LEVELS,
    compare_lines,
    compare_second_lines,
    compare_streets,
    compare_towns,
    compare_zips,
)
from .compare_subjects import SUBJECT_LEVELS, compare_subjects

# comparison -> its levels; the number of a level is its place here
LEVELS = {
    "email": EMAIL_LEVELS,
    "phone": PHONE_LEVELS,
    "person": PERSON_LEVELS,
    "company": COMPANY_LEVELS,
    "cross": CROSS_LEVELS,
    "hint": HINT_LEVELS,
    "street": STREET_LEVELS,
    "street2": SECOND_LINE_LEVELS,
    "zip": ZIP_LEVELS,
    "city": LINE_LEVELS,
    "state": LINE_LEVELS,
    "subject": SUBJECT_LEVELS,
}
# comparison -> its row where all of them are rows
ROW = {name: row for row, name in enumerate(LEVELS)}
# comparison -> the lead's field that evidence names
FIELDS = {
    "email": "email",
    "phone": "phone",
    "person": "contact_name",
    "company": "partner_name",
    "cross": "contact_name",
    "hint": "contact_name",
    "street": "street",
    "street2": "street2",
    "zip": "zip",
    "city": "city",
    "state": "state",
    "subject": "name",
}
# the lead's field -> the identifiers of all levels that evidence may name
FIELD_LEVELS = {
    shown: tuple(
        dict.fromkeys(
            level for name, levels in LEVELS.items() if FIELDS[name] == shown for level in levels[1:]
        )
    )
    for shown in dict.fromkeys(FIELDS.values())
}


@lru_cache
def wanted(name, levels):
    """Return for each level of a comparison, by its number, whether it is one of ``levels``, a tuple of names."""
    return np.array([level in levels for level in LEVELS[name]])


def outcomes(table, left, right):
    """Return ``{comparison: Outcome}`` for the pairs of records ``left[i], right[i]`` of ``table``."""
    person, company = compare_people(table, left, right), compare_companies(table, left, right)
    cross = compare_crosswise(table, left, right, person, company)
    email = compare_emails(table, left, right)
    phone = compare_phones(table, left, right)
    one_mailbox, one_domain = (
        wanted("email", levels)[email.level] for levels in (ONE_MAILBOX, ("same_domain",))
    )
    one_number = wanted("phone", ONE_NUMBER)[phone.level]
    # by one address or phone a couple is reached, or a family
    complete_names(person, table, left, right, ~one_mailbox & ~one_number)
    found = {
        "email": email,
        "phone": phone,
        "person": person,
        "company": company,
        "cross": cross,
        "hint": compare_hints(table, left, right, person, cross, one_mailbox, one_number, one_domain),
        "street": compare_streets(table, left, right),
        "street2": compare_second_lines(table, left, right),
        "zip": compare_zips(table, left, right),
        "city": compare_towns(table, left, right),
        "state": compare_lines(table.state, left, right, 0.7),
        "subject": compare_subjects(table, left, right),
    }
    for name, column in (
        ("street", table.street),
        ("street2", table.street2),
        ("city", table.city),
        ("state", table.state),
        ("subject", table.topic),
    ):
        # another script is no contradiction
        differs = column.foreign(left, right) & (found[name].level == len(LEVELS[name]) - 1)
        found[name].level[differs] = 0
    return found
