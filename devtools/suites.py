"""``./dev test``: the project's tests, the checks of its sources, and Odoo's own tests with the addon installed."""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

from . import deviations
from .console import Failure, step
from .databases import ADDON, Databases
from .environment import need_chromium, set_up
from .process import run_logged
from .runners import explain_failures, odoo_runner, pytest, tell_more_tries
from .workspace import remove

NO_ODOO_SUITES = "--no-odoo-suites"
ODOO_SUITES = ("sales_team", "crm")
# Odoo's modules whose records can be linked to leads, and the one where people look for what is kept of a person
LINKED_MODULES = (
    *("sale_crm", "event_crm", "website_crm", "crm_livechat", "survey_crm"),
    *("mass_mailing_crm", "mass_mailing_crm_sms", "crm_sms", "privacy_lookup"),
)
LINK_TESTS = (
    *("tests/test_merge_other_modules.py", "tests/test_merge_nothing_lost.py"),
    *("tests/test_merge_properties.py", "tests/test_merge_privacy.py"),
)
RULE = "openfire_leads.survivor_rule"
DEVIATIONS = "tests/odoo_deviations.txt"


@dataclass
class Outcome:
    """What came of one part of the tests."""

    title: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    notes: list = field(default_factory=list)

    def tell(self):
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        lines = [f"{self.title}: {self.passed} passed, {self.failed} failed{skipped}", *self.notes]
        print("\n  ".join(lines), flush=True)


def run(workspace, arguments):
    """Run the tests; return the exit code. The last line counts them: ``N passed, N failed``."""
    suites = NO_ODOO_SUITES not in arguments
    arguments = [word for word in arguments if word != NO_ODOO_SUITES]
    environment = set_up(workspace)
    need_chromium(workspace)
    databases = Databases(environment)
    with workspace.locked():
        databases.drop_leftovers()
        databases.templates()
    parts = chosen(databases, arguments) if arguments else everything(databases, suites)
    passed, failed = sum(part.passed for part in parts), sum(part.failed for part in parts)
    if not passed and not failed:
        print("No test ran: check the names that you gave.", flush=True)
    print(f"{passed} passed, {failed} failed", flush=True)
    return 1 if failed or not passed else 0


def chosen(databases, arguments):
    """Run what the user's arguments to pytest choose, with pytest's own output."""
    with addon_database(databases, "chosen") as database:
        report = pytest(databases.environment, "chosen", arguments, database, stream=True)
    outcome = outcome_of("pytest", report, databases.workspace)
    if outcome.failed and "failed" not in report.outcomes.values():
        outcome.tell()
    return [outcome]


def everything(databases, suites):
    """Run all parts, two at a time: most of the time goes into waiting for the browser."""
    parts = [(check_sources, databases), (unit, databases), (demo, databases), (addon, databases)]
    if suites:
        parts += [(odoo_suites, databases, rule) for rule in ("oldest", "confidence")]
        parts += [(linked_modules, databases), (uninstallation, databases)]
    outcomes = []
    with ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(*part) for part in parts]
        try:
            for job in jobs:
                outcomes.append(job.result())
                outcomes[-1].tell()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return outcomes


# Parts -----------------------------------------------------------------------


def check_sources(databases):
    """Lint and formatting; each tool counts as one test."""
    outcome = Outcome("Checks of the sources")
    environment = databases.environment
    binaries = environment.workspace.venv / "bin"
    tools = {
        "ruff check": [binaries / "ruff", "check", "--quiet", "."],
        "ruff format": [binaries / "ruff", "format", "--check", "."],
        "pylint-odoo": [environment.python, "-m", "pylint", "--rcfile=pyproject.toml", "--score=n", ADDON],
    }
    for name, command in tools.items():
        done = subprocess.run(
            list(map(str, command)),
            cwd=environment.workspace.root,
            env=environment.variables(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        outcome.passed += done.returncode == 0
        if done.returncode:
            outcome.failed += 1
            outcome.notes.append(f"{name} objects:")
            outcome.notes += (done.stdout + done.stderr).strip().splitlines()[-40:]
    return outcome


def unit(databases):
    """The tests that need no database."""
    report = pytest(databases.environment, "unit", ["tests/unit"])
    return outcome_of("Tests without a database", report, databases.workspace)


def demo(databases):
    """The addon with its demo data; an error or a warning about them fails the installation."""
    outcome = Outcome("Installation with demo data")
    try:
        with addon_database(databases, "demo", demo=True):
            outcome.passed = 1
    except Failure as failure:
        outcome.failed = 1
        outcome.notes.append(str(failure))
    return outcome


def addon(databases):
    """The addon's tests, and whether Odoo's own runner would find them."""
    with addon_database(databases, "addon") as database:
        with step("Running the addon's tests"):
            report = pytest(databases.environment, "addon", ["tests", "--ignore=tests/unit"], database)
        found = count_for_odoo(databases, database)
    outcome = outcome_of("Tests of the addon", report, databases.workspace)
    if found == len(report.outcomes) and found:
        outcome.passed += 1
    else:
        outcome.failed += 1
        outcome.notes.append(f"Odoo's own runner finds {found} tests and pytest {len(report.outcomes)}.")
    return outcome


def linked_modules(databases):
    """That a merge loses nothing where other modules of Odoo link their records to leads."""
    with (
        addon_database(databases, "linked", modules=LINKED_MODULES) as database,
        step("Running the tests of merging among other modules"),
    ):
        report = pytest(databases.environment, "linked", LINK_TESTS, database)
    return outcome_of("Merging among other modules", report, databases.workspace)


def uninstallation(databases):
    """That uninstalling the addon leaves nothing of it in the database."""
    environment, outcome = databases.environment, Outcome("Uninstallation")
    database = databases.temporary("uninstall")
    conf, log = environment.write_conf(f"test-{database}.conf"), databases.workspace.logs / "uninstall.log"
    command = [environment.python, "tests/check_uninstall.py", "-c", str(conf), "--database", database]
    command += ["--template", databases.templates()[0]]
    try:
        with step("Proving that uninstalling leaves nothing behind"):
            run_logged(
                command,
                log,
                "uninstalling the addon",
                env=environment.variables(conf),
                cwd=databases.workspace.root,
            )
        outcome.passed = 1
    except Failure as failure:
        outcome.failed = 1
        outcome.notes += [
            str(failure),
            *log.read_text(encoding="utf-8", errors="replace").splitlines()[-40:],
        ]
    finally:
        remove(conf)
        databases.drop(database)
    return outcome


def count_for_odoo(databases, database):
    """Return how many of the addon's tests Odoo's own runner finds."""
    script = databases.workspace.root / "devtools" / "count_tests.py"
    last = databases.run_script(database, script.read_text(encoding="utf-8")).strip().splitlines()[-1:]
    return int(last[0]) if last and last[0].isdigit() else 0


def odoo_suites(databases, rule):
    """Odoo's own tests of the CRM with the addon installed, under a rule for the survivor of a merge."""
    title = f"Odoo's own CRM tests, survivor rule {rule}"
    with addon_database(databases, rule, french=False) as database:
        databases.cluster.sql(
            f"INSERT INTO ir_config_parameter (key, value) VALUES ('{RULE}', '{rule}') "
            "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            database=database,
        )
        with step(f"Running {title}"):
            report = odoo_runner(databases.environment, rule, ODOO_SUITES, database)
    outcome = outcome_of(title, report, databases.workspace)
    expect_deviations(outcome, report, databases.workspace.root / DEVIATIONS, every_rule=rule != "oldest")
    return outcome


def expect_deviations(outcome, report, path, every_rule=False):
    """Take listed failures for what they are, and the want of them for a failure."""
    listed = deviations.read(path, every_rule)
    unlisted, gone = deviations.judge(report.outcomes, listed)
    expected = [test for test in listed if test not in gone]
    outcome.failed += len(gone) - len(expected)
    outcome.notes = [note for note in outcome.notes if note.removeprefix("failed: ") not in expected]
    outcome.notes += [f"deviates, as {path.name} says: {test} ({listed[test]})" for test in expected]
    outcome.notes += [f"deviates, not listed in {path.name}: {test}" for test in unlisted]
    outcome.notes += [f"listed in {path.name} but does not fail: {test}" for test in gone]


# Helpers ---------------------------------------------------------------------


@contextmanager
def addon_database(databases, purpose, **options):
    """Give a fresh database with the addon; drop it afterwards."""
    database = databases.temporary(purpose)
    try:
        with step(f"Making a fresh database with {ADDON} ({purpose})"):
            databases.with_addon(database, **options)
            remove(databases.workspace.logs / f"odoo-{database}.log")
        yield database
    finally:
        databases.drop(database)


def outcome_of(title, report, workspace):
    """Return the outcome of a run; no test at all, or a run that broke off, is a failure."""
    counts = {name: list(report.outcomes.values()).count(name) for name in ("passed", "failed", "skipped")}
    outcome = Outcome(title, **counts, notes=tell_more_tries(report))
    if report.broken or report.logged or (report.code not in (0, 1, 5) and not counts["failed"]):
        outcome.failed += max(1, len(report.broken))
    elif not report.outcomes:
        outcome.failed += 1
        outcome.notes.append("no test ran")
    if outcome.failed:
        outcome.notes += explain_failures(report)
        screenshots = workspace.home / "screenshots"
        if screenshots.exists():
            outcome.notes.append(f"screenshots of failed tours are in {screenshots}")
    return outcome
