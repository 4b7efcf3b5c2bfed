"""Fit the model's weights to labelled sets, on one half of the requesters of each.

    ./dev bench fit [SET ...] [--data FOLDER] [--write]

What is fitted is what ``matching/weights.py`` holds: per level of a comparison its base and shares, the corrections
and the most that a household and a firm are worth. The aim is calibration: the log loss of the pairs, summed for each
set and divided by its true pairs, so that a large set counts as much as a small one. How rare duplicates are differs
from set to set and says nothing of how values compare: each set has an offset of its own, the model keeps its start.
Today's weights pull (see ``LOOSE``), and limits hold: what a level speaks for, shares between 0 and 1, corrections
of the sign they have.

Then precision, recall and F1 of the other halves are printed for the old and the new weights. ``--write`` puts the
new ones into ``weights.py``.
"""

import argparse
import re
import sys
from copy import copy
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from zlib import crc32

import numpy as np
from scipy.optimize import minimize

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(HERE), str(ROOT / "openfire_leads")]

from _labelled import GENERATED, available, record  # noqa: E402
from matching import Model, Statistics, candidate_pairs, keys, profile  # noqa: E402
from matching.comparisons import LEVELS, outcomes  # noqa: E402
from matching.limits import ORDERS, RAREST, base_limits  # noqa: E402
from matching.weighing import FIRST_LEVEL, FOUND_BY, concerned, correct, thin  # noqa: E402
from matching.weights import CORRECTIONS, FIRM, HOUSEHOLD, SCALES  # noqa: E402

DATA = ROOT.parent / "shared" / "data"
WEIGHTS = ROOT / "openfire_leads" / "matching" / "weights.py"
# how far a number may go from today's before it costs as much as one lost bit in a hundred true pairs
LOOSE = {"base": 1.5, "share": 0.15, "doubt": 0.1, "correction": 1.5, "most": 1.5, "offset": 4.0}
PULL = 0.01
# pairs that are hardly ever taken for one requester: every so many-th of them stands for all
FAR, EVERY = -14.0, 25


class Pairs:
    """The compared pairs of one set: outcomes, truth, and which half of the requesters they belong to."""

    def __init__(self, rows):
        self.profiles = [profile(record(row)) for row in rows]
        found = candidate_pairs([keys(one) for one in self.profiles])
        left, right = found.left, found.right
        model, statistics = Model(), Statistics.of(self.profiles)
        table = model.table(self.profiles, statistics)
        half = np.array([crc32(row["cluster_id"].encode()) % 2 for row in rows])
        numbers = {}
        cluster = np.array([numbers.setdefault(row["cluster_id"], len(numbers)) for row in rows])
        sizes = np.bincount(cluster)
        in_half = np.zeros(len(sizes), int)
        in_half[cluster] = half
        self.true = [int((sizes * (sizes - 1) // 2)[in_half == number].sum()) for number in (0, 1)]
        self.half = np.where(half[left] == half[right], half[left], -1)
        self.truth = cluster[left] == cluster[right]
        self.start = model.start(statistics)
        found = outcomes(table, left, right).values()
        self.levels, self.agree, self.doubt = (
            np.array([getattr(outcome, part) for outcome in found]) for part in ("level", "bits", "doubt")
        )
        self.same_names = table.person.ids[left] == table.person.ids[right]

    @property
    def counted(self):
        """How many pairs of the whole set each pair of a half stands for.

        Those of one requester are all in one half. Of two requesters, about as many have one in either half.
        """
        return np.where(self.truth, 1, 2)

    def chosen(self, rows):
        """Return a copy that holds the pairs numbered ``rows`` only."""
        part = copy(self)
        part.half, part.truth, part.same_names = self.half[rows], self.truth[rows], self.same_names[rows]
        part.levels, part.agree, part.doubt = self.levels[:, rows], self.agree[:, rows], self.doubt[:, rows]
        return part

    def bits(self, model, offset=0.0):
        """Return the bits of the pairs by ``model`` in a base where duplicates are ``offset`` bits more frequent."""
        weights = model.weigh(self.levels, self.agree, self.doubt)
        model = replace(model, prior=model.prior + offset)
        return model.add_up(weights, self.levels, self.agree, self.same_names, self.start + offset)

    def slopes(self, model, offset, slope):
        """Return how the loss changes with each weight, each correction and each fact.

        ``slope`` says how it changes with the bits of each pair. What ``Model.add_up`` does is gone through backwards.
        """
        weights = model.weigh(self.levels, self.agree, self.doubt)
        crowd = model.crowd(weights, self.levels, self.agree, self.same_names, self.start)
        steps = []
        for fix in model._fixes:
            first, _first_wanted, then, *_rest = fix
            rows = concerned(self.levels, *fix)
            steps.append((rows, weights[first, rows].copy(), weights[then, rows].copy()))
            correct(weights, self.levels, *fix)
        corrected = weights.copy()
        model.limit(weights, self.levels, self.same_names, -self.start)
        limited = weights.copy()
        taken = thin(weights, crowd)
        slopes, slope = np.tile(slope, (len(weights), 1)), slope.copy()
        if crowd:
            own = np.maximum(weights[:, crowd.rows], 0) * crowd.one_fact
            # at the most that a crowd says, nothing of it matters any more; else what is taken off does not
            most = (taken > 0) & np.isclose(own.sum(0), crowd.most)
            slopes[:, crowd.rows] *= ~(crowd.one_fact & most)
            slopes[np.ix_(FOUND_BY, crowd.rows)] *= ~(crowd.shared & (taken > 0))
            slope[crowd.rows[most]] = 0
        facts = []
        for (members, *_most), chosen in zip(
            model._facts, model.limited(self.levels, self.same_names), strict=True
        ):
            own = members[FIRST_LEVEL[:, None] + self.levels] & chosen
            full = (np.where(own, limited - corrected, 0).sum(0) < 0) & chosen
            facts.append(float(slope[full].sum()))
            slopes[own & full] = 0
        fixed = []
        for (first, _wanted, then, _then_wanted, weight, _beside), (rows, one, other) in reversed(
            list(zip(model._fixes, steps, strict=True))
        ):
            given = slopes[then, rows]
            if weight > 0:
                whole = weight < -other
                fixed.append(float(given[whole].sum()))
                slopes[then, rows] = np.where(~whole & (other < 0), 0, given)
            else:
                least = np.minimum(one, other)
                whole = -weight < least
                fixed.append(float(given[whole].sum()))
                slopes[then, rows] = np.where(~whole & (other <= one) & (other > 0), 0, given)
                slopes[first, rows] -= np.where(~whole & (one < other) & (one > 0), given, 0)
        base, share, doubtful, speaks = (part[FIRST_LEVEL[:, None] + self.levels] for part in model._parts)
        slopes[speaks * (base + share * self.agree + doubtful * self.doubt) < 0] = 0
        return slopes, fixed[::-1], facts


def in_order(model):
    """Return ``model`` with the levels of :data:`ORDERS` in order at no information and at the most there is."""
    scales = dict(model.scales)
    for name, order in ORDERS.items():
        levels = {level.name: level for level in scales[name]}
        for better, worse in pairwise(order):
            most, level = levels[better], levels[worse]
            share = level.share
            base = min(level.base, max(most.base, 0) if most.speaks > 0 else most.base)
            if base + share * RAREST > most.base + most.share * RAREST:
                share = (most.base - base) / RAREST + most.share
            levels[worse] = replace(level, base=base, share=max(share, 0.0))
        scales[name] = tuple(levels.values())
    return replace(model, scales=scales)


class Numbers:
    """The numbers to be fitted as one vector, and the model they make."""

    def __init__(self, names):
        self.kinds, self.values, self.places = [], [], []
        for name, levels in SCALES.items():
            for place, level in enumerate(levels):
                for part in ("base", "share", "doubt"):
                    if part == "base" or getattr(level, part):
                        self.add(part, getattr(level, part), (name, place, part))
        for place, fix in enumerate(CORRECTIONS):
            self.add("correction", fix.weight, ("fix", place, ""))
        for name, fact in (("household", HOUSEHOLD), ("firm", FIRM)):
            self.add("most", fact.most, (name, 0, ""))
        for name in names:
            self.add("offset", 0.0, ("offset", name, ""))
        self.first = np.array(self.values)
        self.loose = np.array([LOOSE[kind] for kind in self.kinds])

    def add(self, kind, value, place):
        self.kinds.append(kind)
        self.values.append(value)
        self.places.append(place)

    def bounds(self):
        """Return the limits that keep each number sensible."""
        given = {
            "share": (0, 1), "doubt": (0, 0.1), "offset": (-6, 6),
            "household": (0.5, 2.5), "firm": (1, 4),
        }  # fmt: skip
        # two firms at one desk, or in one hotel, are two
        found = []
        for kind, value, (name, place, _part) in zip(self.kinds, self.values, self.places, strict=True):
            if kind == "correction":
                of_firms = CORRECTIONS[place].then == "company"
                found.append((-7, 0) if value < 0 else (0, 0.8 if of_firms else 3))
            elif kind == "share" and name == "person" and SCALES[name][place].speaks < 0:
                found.append((0, 0.05))
            elif kind == "base":
                found.append(base_limits(name))
            else:
                found.append(given.get(kind) or given[name])
        return found

    def model(self, values):
        """Return the :class:`Model` of ``values``."""
        at = dict(zip(self.places, values.tolist(), strict=True))
        scales = {
            name: tuple(
                replace(
                    level,
                    **{
                        part: at[name, place, part]
                        for part in ("base", "share", "doubt")
                        if (name, place, part) in at
                    },
                )
                for place, level in enumerate(levels)
            )
            for name, levels in SCALES.items()
        }
        fixes = tuple(replace(fix, weight=at["fix", place, ""]) for place, fix in enumerate(CORRECTIONS))
        return Model(
            scales=scales,
            corrections=fixes,
            household=replace(HOUSEHOLD, most=at["household", 0, ""]),
            firm=replace(FIRM, most=at["firm", 0, ""]),
        )


def loss_of(values, numbers, sets):
    """Return the loss of ``values`` and its gradient."""
    model = numbers.model(values)
    away = (values - numbers.first) / numbers.loose
    loss, gradient = PULL * float(away @ away), 2 * PULL * away / numbers.loose
    place_of = {place: index for index, place in enumerate(numbers.places)}
    for name, (pairs, weight) in sets.items():
        offset = values[place_of["offset", name, ""]]
        bits = pairs.bits(model, offset)
        sign = np.where(pairs.truth, -1.0, 1.0)
        loss += float(weight @ np.logaddexp2(0, sign * bits))
        slope = weight * sign / (1 + np.exp2(-sign * bits))
        gradient[place_of["offset", name, ""]] += slope.sum()
        slopes, fixed, facts = pairs.slopes(model, offset, slope)
        for number, comparison in enumerate(LEVELS):
            levels, size = pairs.levels[number], len(LEVELS[comparison])
            sums = {
                part: np.bincount(levels, slopes[number] * factor, size)
                for part, factor in (
                    ("base", 1),
                    ("share", pairs.agree[number]),
                    ("doubt", pairs.doubt[number]),
                )
            }
            for place in range(size - 1):
                for part, found in sums.items():
                    if (comparison, place, part) in place_of:
                        gradient[place_of[comparison, place, part]] += found[place + 1]
        for place, moved in enumerate(fixed):
            gradient[place_of["fix", place, ""]] += moved
        for fact, moved in zip(("household", "firm"), facts, strict=True):
            gradient[place_of[fact, 0, ""]] += moved
    return loss, gradient


def sampled(pairs, half):
    """Return the pairs of ``half`` to fit to, and how much each counts."""
    bits = pairs.bits(Model())
    mine = pairs.half == half
    far = mine & ~pairs.truth & (bits < FAR)
    kept = np.flatnonzero(far)[::EVERY]
    rows = np.concatenate([np.flatnonzero(mine & ~far), kept])
    weight = np.ones(len(rows))
    if len(kept):
        weight[-len(kept) :] = far.sum() / len(kept)
    weight *= pairs.counted[rows]
    true = max(pairs.true[half], 1)
    return pairs.chosen(rows), weight / true * min(1.0, true / 60)


def quality(pairs, half, model, least, offset=0.0):
    """Return precision, recall, F1 of the pairs of ``half`` that score ``least`` at least, and their number.

    Those of two requesters stand for as many more, see :attr:`Pairs.counted`.
    """
    odds = np.log2(least / (100 - least))
    found = (pairs.half == half) & (pairs.bits(model, offset) >= odds)
    right = int((found & pairs.truth).sum())
    precision, recall = right / max(int(pairs.counted[found].sum()), 1), right / max(pairs.true[half], 1)
    return precision, recall, 2 * precision * recall / ((precision + recall) or 1), int(found.sum())


def source(model):
    """Return ``weights.py`` with the numbers of ``model``."""
    text = WEIGHTS.read_text(encoding="utf-8")
    for name, levels in model.scales.items():
        for level in levels:
            numbers = f'"{level.name}", {level.base:.2f}'
            if level.share:
                numbers += f", {level.share:.2f}"
            if level.doubt:
                numbers += f", doubt={level.doubt:.2f}"
            block = re.search(rf'    "{name}": \(\n(?:        .*\n)*?    \),', text)
            line = re.sub(
                rf'Level\("{level.name}"[^)]*?(, speaks=\w+)?\)', rf"Level({numbers}\1)", block.group()
            )
            text = text[: block.start()] + line + text[block.end() :]
    begin = text.index("CORRECTIONS = (")
    weights = iter(model.corrections)
    head, tail = text[:begin], text[begin:]
    tail = re.sub(
        r", -?\d+\.\d+(, beside=[^\n]*\)|\s*,?\s*)\)(?=,\n    (?:Correction|#)|,\n\))",
        lambda m: f", {next(weights).weight:.2f}{m.group(1).rstrip(', ') if 'beside' in m.group(1) else ''})",
        tail,
    )
    tail = re.sub(
        r"(\(\"hint\", \(\"partly_mentioned\",\)\)\),\s+)[\d.]+", rf"\g<1>{model.household.most:.2f}", tail
    )
    tail = re.sub(r"(\"same_domain\"\)\)\),?\s+)[\d.]+(,?\s*\))", rf"\g<1>{model.firm.most:.2f}\2", tail)
    return head + tail


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", nargs="*")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--half", type=int, default=0, help="the half to fit to; the other one is measured")
    parser.add_argument("--steps", type=int, default=60)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    known = available(options.data)
    names = options.sets or [name for name in known if name not in GENERATED]
    every = {name: Pairs(known[name]()) for name in {**dict.fromkeys(names), **GENERATED}}
    sets = {name: sampled(every[name], options.half) for name in names}
    numbers = Numbers(names)
    count = 0

    def told(values):
        nonlocal count
        count += 1
        if count % 10 == 0:
            print(f"fit | step {count} loss {loss_of(values, numbers, sets)[0]:.4f}", flush=True)

    result = minimize(
        loss_of, numbers.first, (numbers, sets), "L-BFGS-B", True, bounds=numbers.bounds(), callback=told,
        options={"maxiter": options.steps},
    )  # fmt: skip
    model = in_order(numbers.model(result.x))
    offsets = {
        place[1]: value for place, value in zip(numbers.places, result.x, strict=True) if place[0] == "offset"
    }
    print(f"fit | loss {loss_of(numbers.first, numbers, sets)[0]:.4f} -> {result.fun:.4f}")
    for name, pairs in every.items():
        line = f"fit | {name:22} offset {offsets.get(name, 0):+.1f}"
        for title, one, offset in (
            ("old", Model(), 0),
            ("new", model, 0),
            ("own start", model, offsets.get(name, 0)),
        ):
            precision, recall, f1, _number = quality(pairs, 1 - options.half, one, 50, offset)
            certain, _recall, _f1, number = quality(pairs, 1 - options.half, one, 99.7, offset)
            line += f" | {title} F1 {f1:.3f} ({precision:.3f} {recall:.3f}) certain {certain:.4f} of {number}"
        print(line, flush=True)
    if options.write:
        WEIGHTS.write_text(source(model), encoding="utf-8")


if __name__ == "__main__":
    main()
