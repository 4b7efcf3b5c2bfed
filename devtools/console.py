"""What the user sees while ``dev`` works: progress with elapsed time, and failures told in one sentence."""

import sys
import time
from contextlib import contextmanager

_started = time.monotonic()


class Failure(Exception):
    """Something that ``dev`` cannot do; its text is one sentence that says what to do about it."""


class DiskFull(Failure):
    """There is no room left."""


class NoNetwork(Failure):
    """What is to be fetched cannot be reached now; what has been fetched can be gone on with."""


class NotToBeHad(Failure):
    """What is to be fetched is not there, however often one tries: another way may do."""


def say(text):
    """Print a progress line with the time since the start. Standard output is left to the verbs' own results."""
    print(f"[{time.monotonic() - _started:6.1f} s] {text}", file=sys.stderr, flush=True)


@contextmanager
def step(title):
    """Tell that a piece of work begins and, when it took a while, that it is done."""
    say(f"{title}…")
    begun = time.monotonic()
    yield
    spent = time.monotonic() - begun
    if spent >= 5:
        say(f"{title}: done in {spent:.0f} s")


class Heartbeat:
    """Says every ``interval`` seconds that something long is still going on."""

    def __init__(self, title, interval=20):
        self.title = title
        self.interval = interval
        self.begun = self.last = time.monotonic()

    def beat(self):
        now = time.monotonic()
        if now - self.last >= self.interval:
            self.last = now
            say(f"  … {self.title}, {now - self.begun:.0f} s so far")
