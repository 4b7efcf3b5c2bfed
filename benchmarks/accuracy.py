"""How well duplicates are found: the engine, Splink and Odoo's two built-in rules on labelled sets.

    ./dev bench accuracy [SET ...] [--data FOLDER] [--odoo] [--alone] [--json FILE]

One row for each set and each way. F1 is taken at the suspicion score, for Splink at the threshold that turns
out best; precision and recall at the certainty score are given for the engine only. So is what a score is worth: for
each band of scores how many pairs there are, the score they have on average, and the share of them that is right.
"engine, rate" takes how rare duplicates are from the set itself, without its labels; "engine, groups" takes for pairs
all those within the groups that ``cluster()`` makes of these. "engine, judged" learns besides
from 200 pairs that are shown and judged: half of them at random, the others as many from each band; in the bands these
are left out. "engine, judged, groups" is both. ``--odoo`` also measures through Odoo: leads are created in a database,
``crm.lead.duplicate.scan`` finds the pairs.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from functools import partial
from itertools import combinations
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(HERE), str(ROOT / "openfire_leads")]

from _labelled import available, quality, record  # noqa: E402
from _rivals import odoo_button, odoo_convert, splink  # noqa: E402
from matching import (  # noqa: E402
    BANDS,
    Judgement,
    Model,
    Statistics,
    candidate_pairs,
    cluster,
    estimated_prior,
    grounds,
    keys,
    learn,
    profile,
)

DATA = ROOT.parent / "shared" / "data"
# how many pairs are judged, and the seed of which
JUDGED, SEED = 200, 10


class Scores(dict):
    """``{pair: score from 0 to 1}``; ``judged`` are the pairs that somebody judged beforehand."""

    judged = frozenset()


def engine(rows, rated=False, judged=0):
    """Return the :class:`Scores` of the matching engine alone, default settings.

    :param rated: estimate on the rows how rare duplicates are
    :param judged: learn from so many pairs, judged rightly
    """
    return compared(rows, rated, judged)[0]


def compared(rows, rated, judged=0):
    """Return what :func:`engine` does, and what :func:`cluster` asks for pairs that it implies."""
    profiles = [profile(record(row)) for row in rows]
    found = candidate_pairs([keys(one) for one in profiles])
    statistics, model = Statistics.of(profiles), Model()
    table = model.table(profiles, statistics)
    scores = model.compare_many(table, found.left, found.right)
    if rated:
        model = Model(prior=estimated_prior(scores, statistics))
        scores = model.compare_many(table, found.left, found.right)
    chosen = shown(scores.tolist(), model, judged)
    if judged:
        left, right = found.left[chosen], found.right[chosen]
        requester = [row["cluster_id"] for row in rows]
        judgements = [
            Judgement(one, other, requester[one] == requester[other], score, kept)
            for one, other, score, kept in zip(
                left.tolist(),
                right.tolist(),
                scores[chosen].tolist(),
                grounds(table, left, right),
                strict=True,
            )
        ]
        lesson = learn(judgements, model, statistics).lesson
        if lesson:
            model = lesson.model(model)
            scores = model.compare_many(table, found.left, found.right)
    pairs = list(zip(found.left.tolist(), found.right.tolist(), strict=True))
    result = Scores(zip(pairs, (scores / 100).tolist(), strict=True))
    result.judged = frozenset(pairs[position] for position in chosen)
    return result, partial(model.compare_linked, table)


def shown(scores, model, count):
    """Return the positions of the pairs that a person judges: of those shown, half at random, half by bands."""
    chance = random.Random(SEED)
    likely = [position for position, score in enumerate(scores) if score >= model.suspicion]
    chosen = set(chance.sample(likely, min(count // 2, len(likely))))
    bands = [
        [one for one in likely if one not in chosen and least <= scores[one] < most] for least, most in BANDS
    ]
    for band in bands:
        chance.shuffle(band)
    while len(chosen) < count and any(bands):
        for band in bands:
            if band and len(chosen) < count:
                chosen.add(band.pop())
    return sorted(chosen)


def engine_rated(rows):
    """Return the same as :func:`engine`, for how rare duplicates are among ``rows``."""
    return engine(rows, rated=True)


def engine_judged(rows):
    """Return the same as :func:`engine_rated`, having learnt from :data:`JUDGED` pairs."""
    return engine(rows, rated=True, judged=JUDGED)


def engine_grouped(rows, judged=0):
    """Return the pairs within the groups of what :func:`engine_rated` suspects, all with the score 1.

    :param judged: as in :func:`engine`
    """
    scores, compare = compared(rows, rated=True, judged=judged)
    least = Model().suspicion / 100
    suspected = [(a, b, 100 * score) for (a, b), score in scores.items() if score >= least]
    groups = cluster(suspected, compare=compare)
    return dict.fromkeys((pair for group in groups for pair in combinations(group, 2)), 1.0)


def engine_judged_grouped(rows):
    """Return the same as :func:`engine_grouped`, having learnt from :data:`JUDGED` pairs."""
    return engine_grouped(rows, judged=JUDGED)


def calibration(rows, scores):
    """Return for each of :data:`BANDS` how many pairs score so, what that claims, and the share that is right.

    Pairs that were judged are left out.
    """
    judged = getattr(scores, "judged", ())
    requester = [row["cluster_id"] for row in rows]
    found = []
    for least, most in BANDS:
        pairs = [
            (pair, score)
            for pair, score in scores.items()
            if least <= 100 * score < most and pair not in judged
        ]
        size = len(pairs) or 1
        right = sum(requester[a] == requester[b] for (a, b), _score in pairs)
        found.append((len(pairs), sum(score for _pair, score in pairs) / size, right / size))
    return found


def through_odoo(rows):
    """Return ``{pair: score from 0 to 1}`` of the addon: a database, leads, a scan."""
    database = "bench_accuracy"
    with tempfile.TemporaryDirectory() as folder:
        given, taken = Path(folder) / "rows.json", Path(folder) / "pairs.json"
        given.write_text(json.dumps(rows), encoding="utf-8")
        environment = {**os.environ, "ROWS": str(given), "PAIRS": str(taken)}
        command = [sys.executable, "-m", "odoo", "shell", "-d", database, "--no-http", "--log-level=warn"]
        worker = (HERE / "_accuracy_worker.py").read_text(encoding="utf-8")
        subprocess.run(
            command, check=True, text=True, input=worker, stdout=subprocess.DEVNULL, env=environment
        )
        return {(a, b): score / 100 for a, b, score in json.loads(taken.read_text(encoding="utf-8"))}


def measure(rows, way, thresholds):
    """Return one row of figures: the best F1 at any of ``thresholds``, and the seconds it took."""
    start = time.monotonic()
    scores = way(rows)
    seconds = time.monotonic() - start
    tried = [
        (*quality(rows, [p for p, score in scores.items() if score >= least]), least) for least in thresholds
    ]
    precision, recall, f1, least = max(tried, key=lambda figures: figures[2])
    figures = {"f1": f1, "precision": precision, "recall": recall, "threshold": least, "seconds": seconds}
    figures = {name: round(value, 4) for name, value in figures.items()}
    if way in (engine, engine_rated, engine_judged, through_odoo):
        least = Model().certainty / 100
        certain = quality(rows, [p for p, score in scores.items() if score >= least])
        figures |= {"certain_precision": round(certain[0], 4), "certain_recall": round(certain[1], 4)}
        figures["bands"] = [[round(value, 4) for value in band] for band in calibration(rows, scores)]
    return figures


def ways(with_odoo, with_rivals):
    """Return ``{title: (function, thresholds)}``."""
    suspicion = [Model().suspicion / 100]
    found = {
        "engine": (engine, suspicion),
        "engine, rate": (engine_rated, suspicion),
        "engine, groups": (engine_grouped, suspicion),
        "engine, judged": (engine_judged, suspicion),
        "engine, judged, groups": (engine_judged_grouped, suspicion),
    }
    if with_odoo:
        found["openfire_leads"] = (through_odoo, suspicion)
    if not with_rivals:
        return found
    found["Splink, best"] = (splink, [step / 100 for step in range(1, 100)] + [0.995, 0.999, 0.9999])
    found["Odoo's button"] = (odoo_button, [1.0])
    found["Odoo's convert"] = (odoo_convert, [1.0])
    return found


def prepare_database():
    """Make the database that ``--odoo`` measures in, from dev's template."""
    from _databases import ADDON, copy, odoo, template

    copy(template(os.environ.get("BENCH_TEMPLATE")), "bench_accuracy")
    odoo("bench_accuracy", "-i", ADDON, "--stop-after-init")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", nargs="*")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--odoo", action="store_true")
    parser.add_argument("--alone", action="store_true", help="without Splink and Odoo's own rules")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    sets = available(options.data)
    unknown = [name for name in options.sets if name not in sets]
    if unknown:
        sys.exit(f"There is no set {', '.join(unknown)} here; there are {', '.join(sets)}.")
    if options.odoo:
        prepare_database()
    table = {}
    for name in options.sets or sets:
        rows = sets[name]()
        for title, (way, thresholds) in ways(options.odoo, not options.alone).items():
            figures = table.setdefault(name, {})[title] = measure(rows, way, thresholds)
            certain = ""
            if "certain_precision" in figures:
                certain = " | certain: precision {certain_precision:.4f} recall {certain_recall:.3f}".format(
                    **figures
                )
            print(
                f"accuracy | {name:16} | {len(rows):6} rows | {title:22} | F1 {figures['f1']:.4f}"
                f" (precision {figures['precision']:.4f} recall {figures['recall']:.4f}"
                f" at {figures['threshold']:.4g}){certain} | {figures['seconds']:.1f} s",
                flush=True,
            )
            if "bands" in figures:
                told = " | ".join(
                    f"{size} pairs of {100 * claimed:.1f} %: {100 * right:.1f} % right"
                    for size, claimed, right in figures["bands"]
                )
                print(f"accuracy | {name:16} | {title:22} | {told}", flush=True)
    if options.json:
        options.json.write_text(json.dumps(table, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
