"""Finds the duplicates of a database's leads by Splink, from PostgreSQL and back, as somebody would who knows it well.

    python _splink_worker.py DATABASE

Plain normalised columns, term frequencies, blocking rules that stay linear on a large base, parameters estimated by
Splink's own methods. Pairs from even odds on are written to the table ``bench_splink``. Prints figures.
"""

import csv
import io
import json
import logging
import resource
import sys
import time

import pandas
import psycopg2
import splink.comparison_library as library
from splink import Linker, SettingsCreator, block_on
from splink.backends.duckdb import DuckDBAPI

logging.getLogger("splink").setLevel(logging.ERROR)
COLUMNS = ("contact_name", "partner_name", "email_normalized", "phone", "street", "zip", "city", "name")
# more leads than this that share an address, a phone, a street make no block
MANY = 60
start = time.perf_counter()
connection = psycopg2.connect(dbname=sys.argv[1])
cursor = connection.cursor()
file = io.StringIO()
cursor.copy_expert(
    f"COPY (SELECT id, {', '.join(COLUMNS)} FROM crm_lead) TO STDOUT (FORMAT csv, HEADER)", file
)
file.seek(0)
leads = pandas.read_csv(file, dtype=dict.fromkeys(COLUMNS, str), keep_default_na=False)


def words(column):
    """Return the words of each text in order of letters, in lower case."""
    found = leads[column].str.lower().str.findall(r"\w+")
    return found.map(sorted)


def own(column):
    """Return the values that few share: by a directory's mailbox nobody who knows Splink would block."""
    return column.where(column.groupby(column).transform("size") <= MANY, None)


def told(column):
    return column.where(column != "", None)


person, company = words("contact_name"), words("partner_name")
both = person.where(person.map(len) > 0, company)
frame = pandas.DataFrame({
    "unique_id": leads["id"],
    "person": told(person.str.join(" ")),
    "company": told(company.str.join(" ")),
    "email": told(leads["email_normalized"]),
    "phone": told(leads["phone"].str.replace(r"\D", "", regex=True).str[-9:]),
    "street": told(leads["street"].str.lower()),
    "zip": told(leads["zip"]),
    "city": told(leads["city"].str.lower()),
    "subject": told(leads["name"].str.lower()),
    "first_word": told(both.str[0].fillna("")),
    "last_word": told(both.str[-1].fillna("")),
})  # fmt: skip
for name in ("email", "phone", "street"):
    frame[f"own_{name}"] = own(frame[name] if name != "street" else frame["street"] + frame["zip"])
read = time.perf_counter() - start
comparisons = [
    *(
        library.JaroWinklerAtThresholds(name, [0.92, 0.8])
        for name in ("person", "company", "street", "city", "subject")
    ),
    *(library.DamerauLevenshteinAtThresholds(name, [1, 2]) for name in ("email", "phone", "zip")),
]
rules = [
    block_on(*columns)
    for columns in (
        ("own_email",),
        ("own_phone",),
        ("own_street",),
        ("first_word", "last_word", "zip"),
        ("first_word", "last_word", "city"),
        ("first_word", "zip", "substr(last_word, 1, 2)"),
        ("last_word", "zip", "substr(first_word, 1, 2)"),
        ("company", "zip"),
    )
]
linker = Linker(
    DuckDBAPI().register(frame),
    SettingsCreator(
        link_type="dedupe_only",
        comparisons=[one.configure(term_frequency_adjustments=True) for one in comparisons],
        blocking_rules_to_generate_predictions=rules,
    ),
    log_level="ERROR",
)
linker.training.estimate_probability_two_random_records_match(rules[:2], recall=0.7)
linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
for rule in rules[:4]:
    linker.training.estimate_parameters_using_expectation_maximisation(rule)
found = linker.inference.predict(threshold_match_probability=0.01).as_pandas_dataframe()
predicted = time.perf_counter() - start
likely = found[found.match_probability >= 0.5]
rows = io.StringIO()
csv.writer(rows).writerows(
    zip(
        likely[["unique_id_l", "unique_id_r"]].min(axis=1),
        likely[["unique_id_l", "unique_id_r"]].max(axis=1),
        likely.match_probability,
        strict=True,
    )
)
rows.seek(0)
cursor.execute("DROP TABLE IF EXISTS bench_splink")
cursor.execute("CREATE TABLE bench_splink (lead_id integer, other_lead_id integer, score double precision)")
cursor.copy_expert("COPY bench_splink FROM STDIN (FORMAT csv)", rows)
connection.commit()
seconds = time.perf_counter() - start

# which threshold is best is told afterwards, and not counted
cursor.execute("SELECT lead_id, requester FROM bench_requester")
requester = pandas.Series(dict(cursor.fetchall()))
sizes = requester.value_counts()
real = int((sizes * (sizes - 1) // 2).sum())
right = requester.reindex(found.unique_id_l).to_numpy() == requester.reindex(found.unique_id_r).to_numpy()
order = (-found.match_probability).argsort(kind="stable")
hits = right[order.to_numpy()].cumsum()
best = (2 * hits / (pandas.RangeIndex(1, len(hits) + 1) + real)).max() if len(hits) else 0
print("FIGURES " + json.dumps({
    "seconds": seconds,
    "read": read,
    "predicted": predicted,
    "compared": len(found),
    "f1": float(best),
    "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
}))  # fmt: skip
