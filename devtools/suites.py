"""``./dev test``: the project's tests, the checks of its sources, stock Odoo beside the addon, and Odoo's own tests."""

import json
from concurrent.futures import ThreadPoolExecutor

from . import checks, deviations, differential, wheel
from .console import Failure, step
from .databases import ADDON, Databases
from .environment import set_up
from .outcome import Outcome, total
from .prerequisites import BROWSER, JAVASCRIPT
from .process import run_logged
from .runners import explain_failures, odoo_runner, pytest, tell_more_tries
from .workspace import remove

# the folder of the addon's tests that takes the longest runs beside all others
LONGEST = "merge"
NO_ODOO_SUITES, ONLY_CHECKS = "--no-odoo-suites", "--lint"
ODOO_SUITES = ("sales_team", "crm")
# Odoo's tests of the mail gateway: mail for other models passes as if the addon were not there
MAIL_SUITE, MAIL_TAGS = "test_mail", "/test_mail/tests/test_mail_gateway.py"
# Odoo's modules whose records can be linked to leads, the one where people look for what is kept of a person, and that
# of automation rules
LINKED_MODULES = (
    *("sale_crm", "event_crm", "website_crm", "crm_livechat", "survey_crm"),
    *("mass_mailing_crm", "mass_mailing_crm_sms", "crm_sms", "privacy_lookup", "base_automation"),
)
LINK_TESTS = (
    *("tests/merge/test_merge_other_modules.py", "tests/merge/test_merge_nothing_lost.py"),
    *("tests/merge/test_merge_properties.py", "tests/merge/test_merge_privacy.py"),
    "tests/entry/test_entry_other_modules.py",
)
# Odoo's limits of queries, with all its modules around the CRM: no test that Odoo runs by default
LIMITS_MODULES = ("crm", "test_crm_full")
LIMITS_TAGS = "crm_performance"
RULE = "openfire_leads.survivor_rule"
RULES = ("oldest", "confidence")
# under Odoo's own rule its own criteria of similar leads are set too: its tests count on them
CRITERIA = "openfire_leads.similar_criteria"
CRITERIA_OF = {"oldest": "pairs", "confidence": "odoo"}
DEVIATIONS = "tests/odoo_deviations.txt"
DIFFERENTIAL = "tests/differential"


def run(workspace, arguments):
    """Run the tests; return the exit code. The last line counts them: ``N passed, N failed``."""
    suites = NO_ODOO_SUITES not in arguments
    arguments = [word for word in arguments if word != NO_ODOO_SUITES]
    environment = set_up(workspace, {JAVASCRIPT} if ONLY_CHECKS in arguments else {BROWSER, JAVASCRIPT})
    databases = Databases(environment)
    if arguments == [ONLY_CHECKS]:
        parts = [check_sources(databases)]
        parts[0].tell()
    else:
        databases.prepare()
        parts = chosen(databases, arguments) if arguments else everything(databases, suites)
    return total(parts)


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
    parts = [(check_sources, databases), (unit, databases), (installation, databases)]
    parts += [(addon, databases, True), (addon, databases, False), (against_stock, databases)]
    if suites:
        parts += [(odoo_suites, databases, rule) for rule in RULES]
        parts += [(mail_suite, databases), (linked_modules, databases)]
        parts += [(odoo_limits, databases), (uninstallation, databases), (upgrade, databases)]
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
    """Lint, formatting, types, schemas; each tool counts as one test."""
    return checks.run(databases.environment)


def unit(databases):
    """The tests that need no database."""
    report = pytest(databases.environment, "unit", ["tests/unit", "devtools/tests"])
    return outcome_of("Tests without a database", report, databases.workspace)


def installation(databases):
    """The addon from its wheel, in the place where users have it, with its demo data.

    An error or a warning about the demo data fails the installation.
    """
    outcome, environment = Outcome("Installation of the wheel, with demo data"), databases.environment
    database = databases.temporary("wheel")
    try:
        built = wheel.build(environment)
        wheel.check(environment.workspace.root, built)
        folder = wheel.install(environment, built)
        apart = Databases(environment.with_addons(f"test-{database}.conf", folder))
        with step("Making a fresh database with the addon from its wheel"):
            apart.with_addon(database, demo=True)
        remove(environment.workspace.logs / f"odoo-{database}.log")
        outcome.passed = 1
    except Failure as failure:
        outcome.failed = 1
        outcome.notes.append(str(failure))
    finally:
        remove(environment.workspace.home / f"test-{database}.conf")
        databases.drop(database)
    return outcome


def addon(databases, longest):
    """The addon's tests, and whether Odoo's own runner would find them.

    :param bool longest: those of the folder that takes the longest, or all others
    """
    name, folder = ("merging" if longest else "addon"), f"tests/{LONGEST}"
    which = [folder] if longest else ["tests", "--ignore=tests/unit", f"--ignore={folder}"]
    title = f"Tests of the addon, {folder}" if longest else "Tests of the addon, all others"
    with addon_database(databases, name) as database:
        with step(f"Running {title}"):
            report = pytest(databases.environment, name, which, database)
        found = sum(
            count
            for place, count in count_for_odoo(databases, database).items()
            if (place == LONGEST) is longest
        )
    outcome = outcome_of(title, report, databases.workspace)
    if found == len(report.outcomes) and found:
        outcome.passed += 1
    else:
        outcome.failed += 1
        outcome.notes.append(f"Odoo's own runner finds {found} tests and pytest {len(report.outcomes)}.")
    return outcome


def against_stock(databases):
    """That the addon makes no less of the same inputs than stock Odoo; each case under each rule is one test."""
    stock = databases.temporary("stock")
    try:
        with addon_database(databases, "differential") as database, step("Comparing with stock Odoo"):
            databases.copy(databases.templates()[1], stock)
            facts = differential_facts(databases, stock)
            with_addon = differential_facts(databases, database, RULES)
    finally:
        databases.drop(stock)
    listing = databases.workspace.root / DIFFERENTIAL / "exceptions.txt"
    return compared(facts["stock"], with_addon, listing)


def differential_facts(databases, database, rules=()):
    """Return what comes of the cases of the differential test in a database: ``{rule or "stock": {case: facts}}``."""
    environment, workspace = databases.environment, databases.workspace
    conf = environment.write_conf(f"test-{database}.conf")
    output = workspace.logs / f"differential-{'addon' if rules else 'stock'}.json"
    remove(output)
    command = [environment.python, f"{DIFFERENTIAL}/run.py", "-c", str(conf), "--database", database]
    command += ["--output", str(output), *(word for rule in rules for word in ("--rule", rule))]
    try:
        run_logged(
            command,
            output.with_suffix(".log"),
            "running the cases of the differential test",
            env=environment.variables(conf),
            cwd=workspace.root,
        )
    finally:
        remove(conf)
    return json.loads(output.read_text(encoding="utf-8"))


def compared(stock, addon, listing):
    """Return the outcome of the differential test.

    :param dict stock: ``{case: facts}`` of stock Odoo
    :param dict addon: ``{rule: {case: facts}}``
    :param listing: the file of exceptions
    """
    passed, failing, expected, gone = differential.judge(stock, addon, differential.read(listing))
    outcome = Outcome("No less than stock Odoo", passed, len(failing) + len(gone))
    outcome.notes += [
        f"{case} : {fact}: {how}" for case, facts in failing.items() for fact, how in facts.items()
    ]
    outcome.notes += [f"listed in {listing.name} but does not differ: {' : '.join(one)}" for one in gone]
    outcome.notes += [f"differs, as {listing.name} says: {one}" for one in expected]
    if not passed and not failing:
        outcome.failed += 1
        outcome.notes.append("no case ran")
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
    return check(databases, "Uninstallation", "uninstall", "uninstalling the addon")


def upgrade(databases):
    """That a database of the version before is upgraded, and all that was in it can be used."""
    return check(databases, "Upgrade", "upgrade", "upgrading the addon")


def check(databases, title, name, what):
    """Run ``tests/check_NAME.py``, which counts as one test, on a database of its own.

    :param what: the work, for the sentence that tells a failure
    """
    environment, outcome = databases.environment, Outcome(title)
    database = databases.temporary(name)
    conf, log = environment.write_conf(f"test-{database}.conf"), databases.workspace.logs / f"{name}.log"
    command = [environment.python, f"tests/check_{name}.py", "-c", str(conf), "--database", database]
    command += ["--template", databases.templates()[0]]
    try:
        with step(f"Checking: {what}"):
            run_logged(command, log, what, env=environment.variables(conf), cwd=databases.workspace.root)
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
    """Return how many of the addon's tests Odoo's own runner finds: ``{folder of tests/, or "": how many}``."""
    script = databases.workspace.root / "devtools" / "count_tests.py"
    last = databases.run_script(database, script.read_text(encoding="utf-8")).strip().splitlines()[-1:]
    return json.loads(last[0]) if last and last[0].startswith("{") else {}


def odoo_suites(databases, rule):
    """Odoo's own tests of the CRM with the addon installed, under a rule for the survivor of a merge."""
    title = f"Odoo's own CRM tests, survivor rule {rule}"
    with addon_database(databases, rule, french=False) as database:
        set_rule(databases, database, rule)
        with step(f"Running {title}"):
            report = odoo_runner(databases.environment, rule, ODOO_SUITES, database)
    outcome = outcome_of(title, report, databases.workspace)
    expect_deviations(outcome, report, databases.workspace.root / DEVIATIONS, every_rule=rule != "oldest")
    return outcome


def odoo_limits(databases):
    """That nothing takes more queries than Odoo allows itself, with its modules around the CRM, under both rules."""
    title = "Odoo's own limits of queries"
    both = Outcome(title)
    with addon_database(databases, "limits", french=False, modules=LIMITS_MODULES) as database:
        for rule in RULES:
            set_rule(databases, database, rule)
            with step(f"Running {title}, survivor rule {rule}"):
                report = odoo_runner(
                    databases.environment, f"limits-{rule}", LIMITS_MODULES, database, LIMITS_TAGS
                )
            outcome = outcome_of(title, report, databases.workspace)
            listed = databases.workspace.root / DEVIATIONS
            expect_deviations(outcome, report, listed, every_rule=rule != "oldest", only_run=True)
            both.passed += outcome.passed
            both.failed += outcome.failed
            both.skipped += outcome.skipped
            both.notes += [f"{rule}: {note}" for note in outcome.notes]
    return both


def mail_suite(databases):
    """Odoo's own tests of the mail gateway with the addon installed."""
    title = "Odoo's own tests of the mail gateway"
    with (
        addon_database(databases, "mail", french=False, modules=(MAIL_SUITE,)) as database,
        step(f"Running {title}"),
    ):
        report = odoo_runner(databases.environment, "mail", (MAIL_SUITE,), database, MAIL_TAGS)
    return outcome_of(title, report, databases.workspace)


def expect_deviations(outcome, report, path, every_rule=False, only_run=False):
    """Take listed failures for what they are, and the want of them for a failure.

    :param bool only_run: what is listed and was not run is no failure
    """
    listed = deviations.read(path, every_rule)
    if only_run:
        listed = {test: reason for test, reason in listed.items() if test in report.outcomes}
    unlisted, gone = deviations.judge(report.outcomes, listed)
    expected = [test for test in listed if test not in gone]
    outcome.failed += len(gone) - len(expected)
    outcome.notes = [note for note in outcome.notes if note.removeprefix("failed: ") not in expected]
    outcome.notes += deviations.told(path.name, listed, unlisted, gone)


# Helpers ---------------------------------------------------------------------


def set_rule(databases, database, rule):
    """Set the rule for the survivor of a merge, and the criteria of similar leads that go with it."""
    databases.cluster.sql(
        "INSERT INTO ir_config_parameter (key, value) "
        f"VALUES ('{RULE}', '{rule}'), ('{CRITERIA}', '{CRITERIA_OF[rule]}') "
        "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        database=database,
    )


def addon_database(databases, purpose, modules=(), **options):
    """Give a fresh database with the addon and, with it, ``modules``; see ``Databases.fresh``."""
    return databases.fresh(purpose, [ADDON, *modules], **options)


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
