"""How the runs of the tests are judged and counted."""

from types import SimpleNamespace

import pytest

from devtools import deviations, differential, runners, suites
from devtools.console import Failure
from devtools.runners import MORE_TRIES, Report


@pytest.fixture
def listing(tmp_path):
    path = tmp_path / "odoo_deviations.txt"
    path.write_text("# why\n\ncrm/tests/a.py::A::test_x  # the oldest survives\n")
    return path


def outcome(report, tmp_path):
    return suites.outcome_of("t", report, SimpleNamespace(home=tmp_path))


def test_a_listed_deviation_is_neither_passed_nor_failed(listing, tmp_path):
    report = Report(0, tmp_path / "log", {"crm/tests/a.py::A::test_x": "failed", "b": "passed"})
    result = outcome(report, tmp_path)
    suites.expect_deviations(result, report, listing)
    assert (result.passed, result.failed) == (1, 0)
    assert any("the oldest survives" in note for note in result.notes)


def test_an_unlisted_deviation_fails(listing, tmp_path):
    report = Report(0, tmp_path / "log", {"crm/tests/a.py::A::test_x": "failed", "b": "failed"})
    result = outcome(report, tmp_path)
    suites.expect_deviations(result, report, listing)
    assert result.failed == 1


def test_a_listed_test_that_no_longer_fails_is_a_failure(listing, tmp_path):
    report = Report(0, tmp_path / "log", {"crm/tests/a.py::A::test_x": "passed"})
    result = outcome(report, tmp_path)
    suites.expect_deviations(result, report, listing)
    assert result.failed == 1


def test_only_starred_tests_may_deviate_under_odoo_s_own_rule(listing):
    listing.write_text(listing.read_text() + "* crm/tests/b.py::B::test_y  # counts queries\n")
    assert deviations.read(listing, every_rule=True) == {"crm/tests/b.py::B::test_y": "counts queries"}
    assert len(deviations.read(listing)) == 2


def test_a_deviation_needs_a_reason(listing):
    listing.write_text("crm/tests/a.py::A::test_x\n")
    with pytest.raises(Failure, match="without a reason"):
        deviations.read(listing)


@pytest.mark.parametrize(
    "report",
    [
        {"code": 5},
        {"code": 0},
        {"code": 2, "outcomes": {"a": "passed"}},
        {"code": 0, "outcomes": {"a": "passed"}, "logged": ["ERROR odoo: x"]},
        {"code": 1, "outcomes": {"a": "passed"}, "broken": ["tests/test_y.py"]},
    ],
    ids=["none collected", "none ran", "broke off", "logged an error", "cannot be read"],
)
def test_what_did_not_run_as_it_should_fails(report, tmp_path):
    result = outcome(Report(log=tmp_path / "log", **report), tmp_path)
    assert result.failed >= 1


def test_a_failing_test_is_named(tmp_path):
    result = outcome(Report(1, tmp_path / "log", {"tests/test_a.py::A::test_b": "failed"}), tmp_path)
    assert (result.passed, result.failed) == (0, 1)
    assert "failed: tests/test_a.py::A::test_b" in result.notes


def test_a_browser_test_that_passes_when_tried_again_is_told(tmp_path):
    report = Report(1, tmp_path / "log", {"a": "passed", "b": "passed"}, browser=["a"], retried=["a"])
    result = outcome(report, tmp_path)
    assert (result.passed, result.failed) == (2, 0)
    assert result.notes == ["failed at first, then passed: a"]


@pytest.mark.parametrize("failures", range(MORE_TRIES + 2))
def test_only_failing_browser_tests_are_tried_again_and_not_for_ever(monkeypatch, tmp_path, failures):
    runs = []

    def run(_environment, _name, command, _conf, **_options):
        runs.append(command)
        came = "failed" if len(runs) <= failures else "passed"
        browser = ["tour"] if came == "failed" else []
        return Report(
            0, tmp_path / "log", {"tour": came} | ({} if runs[1:] else {"other": "failed"}), browser=browser
        )

    monkeypatch.setattr(runners, "run", run)
    report = runners.pytest(SimpleNamespace(python="python"), "addon", ["tests"])
    assert len(runs) == min(failures, MORE_TRIES) + 1
    assert all(command[-1] == "tour" and "tests" not in command for command in runs[1:])
    assert report.outcomes == {"tour": "passed" if failures <= MORE_TRIES else "failed", "other": "failed"}


# The comparison with stock Odoo ----------------------------------------------


@pytest.fixture
def exceptions(tmp_path):
    path = tmp_path / "exceptions.txt"
    path.write_text("# why\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("fact", "stock", "addon", "differs"),
    [
        ("same number", 1, 1, False),
        ("same number", 1, 2, True),
        ("more found", ["b"], ["b", "c"], False),
        ("more found", ["b", "c"], ["b"], True),
        ("more mails", ["x", "x"], ["x"], True),
        ("least leads", 1, 2, False),
        ("least leads", 2, 1, True),
        ("filled customer", "", "Lucie", False),
        ("filled customer", "Lucie", "Marc", True),
        ("filled customer", "Lucie", "", True),
        ("chosen team", ["A"], ["B"], False),
        ("chosen team", ["A"], [], True),
        ("never wrong", ["lost"], [], False),
        ("never wrong", [], ["lost"], True),
    ],
)
def test_each_kind_of_fact_may_differ_in_its_way(fact, stock, addon, differs):
    assert bool(differential.compare({fact: stock}, {fact: addon}, "oldest")) is differs


def test_where_the_same_lead_survives_choices_are_the_same():
    assert differential.compare({"chosen team": ["A"]}, {"chosen team": ["B"]}, "confidence")


def test_a_fact_of_no_known_kind_is_an_error():
    with pytest.raises(Failure, match="no known kind"):
        differential.compare({"perhaps so": 1}, {"perhaps so": 1}, "oldest")


@pytest.mark.parametrize(
    ("stock", "addon", "differs"),
    [
        ({"error": "No."}, {"error": "Not so."}, False),
        ({"error": "No."}, {"error": "Traceback (most recent call last)"}, True),
        ({"error": "No."}, {"more found": []}, True),
        ({"more found": []}, {"error": "No."}, True),
        ({}, {"more found": []}, True),
        ({"more found": []}, {}, True),
    ],
)
def test_what_is_refused_is_refused_by_both_and_in_words(stock, addon, differs):
    assert bool(differential.compare(stock, addon, "oldest")) is differs


def test_a_case_that_makes_less_than_stock_odoo_fails(exceptions):
    facts = {"found: a": {"more found": ["b"]}, "found: b": {"more found": ["b"]}}
    less = {**facts, "found: a": {"more found": []}}
    outcome = suites.compared(facts, {"oldest": less, "confidence": facts}, exceptions)
    assert (outcome.passed, outcome.failed) == (3, 1)
    assert outcome.notes == ["oldest: found: a : more found: stock: ['b']; addon: []"]


def test_a_listed_exception_is_told_with_its_reason(exceptions):
    exceptions.write_text("oldest: found: * : more found  # colleagues\n", encoding="utf-8")
    stock, addon = {"found: a": {"more found": ["b"]}}, {"found: a": {"more found": []}}
    outcome = suites.compared(stock, {"oldest": addon}, exceptions)
    assert (outcome.passed, outcome.failed) == (1, 0)
    assert "colleagues" in outcome.notes[0]
    assert suites.compared(stock, {"confidence": addon}, exceptions).failed == 2, (
        "of another rule, and needless"
    )


def test_an_exception_that_nothing_needs_fails(exceptions):
    exceptions.write_text("oldest: found: a : more found  # colleagues\n", encoding="utf-8")
    facts = {"found: a": {"more found": ["b"]}}
    assert suites.compared(facts, {"oldest": facts}, exceptions).failed == 1


@pytest.mark.parametrize("line", ["oldest: a : more found", "oldest: a  # why"])
def test_an_exception_names_its_fact_and_its_reason(exceptions, line):
    exceptions.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(Failure, match=r"exceptions\.txt"):
        differential.read(exceptions)


def test_a_comparison_of_nothing_fails(exceptions):
    assert suites.compared({}, {"oldest": {}}, exceptions).failed == 1
