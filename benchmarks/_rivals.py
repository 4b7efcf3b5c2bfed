"""What the engine is measured against: Splink and Odoo's two built-in rules, as scores of pairs of rows."""

import logging
import re
from collections import defaultdict
from itertools import combinations

# Odoo's button drops a criterion that hits this many other leads or more
ODOO_LIMIT = 21
# the domains Odoo takes as nobody's own (a part of its list: those that occur here)
ODOO_PUBLIC_DOMAINS = {
    "aol.com", "bbox.fr", "free.fr", "gmail.com", "gmx.com", "gmx.fr", "hotmail.co.uk", "hotmail.com", "hotmail.fr",
    "icloud.com", "laposte.net", "live.com", "live.fr", "me.com", "msn.com", "neuf.fr", "numericable.fr", "orange.fr",
    "outlook.com", "outlook.fr", "sfr.fr", "wanadoo.fr", "yahoo.com", "yahoo.co.uk", "yahoo.fr",
}  # fmt: skip


def odoo_button(rows):
    """Return the pairs behind "Similar leads": same e-mail (same domain, when it is a company's), same phone."""
    groups = defaultdict(list)
    for position, row in enumerate(rows):
        email, phone = row["email"].strip().lower(), _digits(row)
        if "@" in email:
            domain = email.partition("@")[2]
            groups["e", email if domain in ODOO_PUBLIC_DOMAINS else domain].append(position)
        if phone:
            groups["p", phone].append(position)
    few = (group for group in groups.values() if len(group) <= ODOO_LIMIT)
    return {pair: 1.0 for group in few for pair in combinations(group, 2)}


def odoo_convert(rows):
    """Return the pairs that the convert window proposes: same normalised e-mail address."""
    groups = defaultdict(list)
    for position, row in enumerate(rows):
        if "@" in row["email"]:
            groups[row["email"].strip().lower()].append(position)
    return {pair: 1.0 for group in groups.values() for pair in combinations(group, 2)}


def _digits(row):
    digits = re.sub(r"\D", "", row["phone"].replace("(0)", ""))
    return digits[-9:] if len(digits) >= 9 else ""


def splink(rows):
    """Return ``{pair: probability}`` of Splink, trained on the rows by its own method.

    It gets a careful user's preparation: names in order, e-mail in lower case, the digits of phones,
    term frequencies on every column, and several blocking rules.
    """
    import pandas
    import splink.comparison_library as library
    from splink import Linker, SettingsCreator, block_on
    from splink.backends.duckdb import DuckDBAPI

    logging.getLogger("splink").setLevel(logging.ERROR)
    frame = pandas.DataFrame([_prepared(position, row) for position, row in enumerate(rows)])
    used = [name for name in frame if name != "unique_id" and frame[name].notna().mean() > 0.02]
    frame = frame[["unique_id", *used]]
    names = {"person", "company", "street", "city", "subject"}
    comparisons = [
        (
            library.JaroWinklerAtThresholds(name, [0.92, 0.8]) if name in names else _close(library, name)
        ).configure(term_frequency_adjustments=True)
        for name in used
        if not name.endswith("_word")
    ]
    blocks = [
        ("email",),
        ("phone",),
        ("street",),
        ("first_word", "zip"),
        ("last_word", "zip"),
        ("first_word", "city"),
    ]
    blocks += [("last_word", "city"), ("first_word", "last_word"), ("company",), ("zip", "street2")]
    rules = [block_on(*columns) for columns in blocks if set(columns) <= set(used)]
    backend = DuckDBAPI()
    linker = Linker(
        backend.register(frame),
        SettingsCreator(
            link_type="dedupe_only",
            comparisons=comparisons,
            blocking_rules_to_generate_predictions=rules,
        ),
        log_level="ERROR",
    )
    linker.training.estimate_probability_two_random_records_match(rules[:2], recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    for rule in rules[:4]:
        try:
            linker.training.estimate_parameters_using_expectation_maximisation(
                rule, record_sample_proportion=1.0
            )
        except Exception:  # noqa: BLE001 (Splink refuses blocks with too few pairs, each with another error)
            continue
    found = linker.inference.predict(threshold_match_probability=0.001).as_pandas_dataframe()
    return {
        (min(a, b), max(a, b)): score
        for a, b, score in zip(found.unique_id_l, found.unique_id_r, found.match_probability, strict=True)
    }


def _close(library, name):
    return library.DamerauLevenshteinAtThresholds(name, [1, 2])


def _prepared(position, row):
    person = sorted(re.findall(r"\w+", row["contact_name"].lower()))
    company = sorted(re.findall(r"\w+", row["partner_name"].lower()))
    both = person or company
    values = {
        "person": " ".join(person),
        "company": " ".join(company),
        "email": row["email"].strip().lower(),
        "phone": _digits(row),
        "street": row["street"].lower(),
        "street2": row["street2"].lower(),
        "zip": row["zip"],
        "city": row["city"].lower(),
        "subject": row["name"].lower()
        if row["name"] not in (row["contact_name"], row["partner_name"])
        else "",
        "first_word": both[0] if both else "",
        "last_word": both[-1] if both else "",
    }
    return {"unique_id": position} | {name: value or None for name, value in values.items()}
