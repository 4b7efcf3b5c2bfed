"""How fast the engine alone is: what each stage takes for so many leads of the generator, one core, no database.

    ./dev bench engine [LEADS ...]

10,000, 100,000 and 1,000,000 leads by default. The profiles are made once and kept in a file under ``.dev/data``;
of 20,000 leads they are made anew each time, to be timed. Seconds are the processor's own, for the machine may be
busy; memory is the most that the process has had so far.
"""

import argparse
import resource
import subprocess
import sys
import time
from array import array
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(HERE), str(ROOT / "openfire_leads")]

from _french_leads import french_leads  # noqa: E402
from _labelled import record  # noqa: E402
from matching import ENGINE_VERSION, Blocks, Model, Profile, Statistics, keys, profile  # noqa: E402

FOLDER = ROOT / ".dev" / "data"
LEADS = (10_000, 100_000, 1_000_000)
# leads whose profiles are timed, and pairs looked at together
SAMPLE, PART = 20_000, 2_000_000
# requesters for each lead of the generator's medium set
REQUESTERS = 8000 / 12099


class Clock:
    """Prints the seconds of each stage, for so many leads."""

    def __init__(self, leads):
        self.leads, self.total, self.start = leads, 0.0, time.process_time()

    def stage(self, name, note="", leads=None, counts=True):
        """Print what passed since the stage before.

        :param counts: whether it counts as part of comparing leads whose keys are there
        """
        seconds = time.process_time() - self.start
        self.total += seconds * counts
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        each = 1e6 * seconds / (leads or self.leads)
        print(
            f"engine | {self.leads:9,} | {name:22} | {seconds:7.2f} s | {each:6.2f} µs a lead | {memory:5} MB | {note}",
            flush=True,
        )
        self.start = time.process_time()


def file_of(leads):
    """Return the file that holds the profiles of so many leads, one a line; it is made where it is not there."""
    path = FOLDER / f"bench_engine_{leads}_{ENGINE_VERSION}.txt"
    if not path.exists():
        # in a process of its own, whose memory does not count
        subprocess.run([sys.executable, __file__, "--make", str(leads)], check=True)
    return path


def make(leads):
    """Write the profiles of so many leads."""
    path = FOLDER / f"bench_engine_{leads}_{ENGINE_VERSION}.txt"
    rows = french_leads(round(leads * REQUESTERS), seed=12, again=0.25, noise=0.5)
    part = path.with_suffix(".part")
    with part.open("w", encoding="utf-8") as file:
        file.writelines(profile(record(row)).pack() + "\n" for row in rows)
    part.rename(path)


def read(path):
    """Yield the profiles in a file."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield Profile.unpack(line.rstrip("\n"))


def measure(leads):
    """Print what each stage takes for so many leads."""
    path = file_of(leads)
    records = [record(row) for row in french_leads(round(min(leads, SAMPLE) * REQUESTERS), seed=3)]
    clock = Clock(leads)
    for one in records:
        profile(one)
    clock.stage("profiles", f"of {len(records):,} leads", len(records), counts=False)
    del records
    count = sum(1 for _one in read(path))
    clock.leads = count
    clock.stage("unpack", counts=False)
    owner, key = array("i"), array("i")
    for position, one in enumerate(read(path)):
        found = keys(one)
        owner.extend([position] * len(found))
        key.extend(found)
    clock.stage("unpack, keys", f"{len(key) / count:.1f} keys a lead", counts=False)
    statistics = Statistics.of(read(path))
    clock.stage("unpack, statistics", f"{len(statistics.counts):,} terms", counts=False)
    owner, key = np.frombuffer(owner, np.int32), np.frombuffer(key, np.int32)
    blocks = Blocks(owner, key)
    del owner, key
    clock.stage("blocks", f"{blocks.not_compared:,} pairs left out")
    model = Model()
    table = model.table(read(path), statistics)
    clock.stage("unpack, table")
    compared = likely = 0
    for first, last in blocks.ranges(PART):
        left, right = blocks.pairs(first, last)
        positions, _scores = model.likely(table, left, right)
        compared += len(left)
        likely += len(positions)
    clock.stage(
        "pairs, bound, scores",
        f"{compared:,} pairs, {compared / count:.1f} a lead; {likely:,} reach the suspicion score",
    )
    print(
        f"engine | {count:9,} | keys there: candidates and scores {clock.total:.1f} s of one core", flush=True
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("leads", nargs="*", type=int, default=LEADS)
    parser.add_argument("--make", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.make:
        make(options.make)
        return
    for leads in options.leads:
        measure(leads)


if __name__ == "__main__":
    main()
