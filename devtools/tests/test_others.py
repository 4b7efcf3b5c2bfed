"""What other people's tests count for: those that fail without the addon too are not its fault."""

from devtools import others
from devtools.runners import Report

LISTING = """\
# a comment
m/tests/a.py::A::test_listed  # why
*m/tests/a.py::A::test_always  # why always
m/tests/a.py::A::test_elsewhere  # of a module that was not run
"""


def judged(tmp_path, outcomes, known=(), every_rule=False):
    listing = tmp_path / "listing.txt"
    listing.write_text(LISTING, encoding="utf-8")
    outcomes = {f"m/tests/a.py::A::{name}": outcome for name, outcome in outcomes.items()}
    known = {f"m/tests/a.py::A::{name}" for name in known}
    return others.judged("Title", Report(1, tmp_path / "log", outcomes), known, listing, every_rule)


def test_a_failure_that_is_listed_is_none(tmp_path):
    outcome = judged(tmp_path, {"test_listed": "failed", "test_always": "failed", "test_good": "passed"})
    assert (outcome.passed, outcome.failed) == (1, 0)


def test_a_failure_that_is_not_listed_counts(tmp_path):
    outcome = judged(tmp_path, {"test_other": "failed", "test_listed": "failed"})
    assert outcome.failed == 1
    assert any("not listed" in note and "test_other" in note for note in outcome.notes)


def test_under_every_rule_only_what_is_marked_may_fail(tmp_path):
    outcome = judged(tmp_path, {"test_listed": "failed", "test_always": "failed"}, every_rule=True)
    assert outcome.failed == 1


def test_what_is_listed_and_does_not_fail_counts(tmp_path):
    assert judged(tmp_path, {"test_listed": "passed", "test_always": "failed"}).failed == 1


def test_what_fails_without_the_addon_too_is_told_and_does_not_count(tmp_path):
    outcome = judged(tmp_path, {"test_other": "failed", "test_good": "passed"}, known=["test_other"])
    assert (outcome.passed, outcome.failed) == (1, 0)
    assert outcome.notes == ["fails without the addon too: m/tests/a.py::A::test_other"]


def test_a_run_without_any_test_is_a_failure(tmp_path):
    assert judged(tmp_path, {}).failed == 1
