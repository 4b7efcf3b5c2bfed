"""What comes of a part of the tests."""

from dataclasses import dataclass, field


@dataclass
class Outcome:
    """How many tests of one part passed, failed or were skipped, and what is to be told of them."""

    title: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    notes: list = field(default_factory=list)

    def tell(self):
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        lines = [f"{self.title}: {self.passed} passed, {self.failed} failed{skipped}", *self.notes]
        print("\n  ".join(lines), flush=True)


def total(outcomes):
    """Print the last line, ``N passed, N failed``; return the exit code."""
    passed, failed = sum(part.passed for part in outcomes), sum(part.failed for part in outcomes)
    if not passed and not failed:
        print("No test ran: check the names that you gave.", flush=True)
    print(f"{passed} passed, {failed} failed", flush=True)
    return 1 if failed or not passed else 0
