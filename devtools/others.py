"""``./dev others``: the tests of other people's modules with the addon, and what of it fails without the addon too.

No part of ``./dev test``: they take long, and change with what other people publish.
"""

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from . import deviations, venv
from .console import Failure, step
from .databases import ADDON, Databases
from .environment import set_up
from .outcome import Outcome, total
from .prerequisites import BROWSER
from .runners import explain_failures, odoo_runner, pytest
from .suites import LINK_TESTS, RULES, outcome_of, set_rule

# Odoo's modules that build on the CRM
ODOO = (
    *("sale_crm", "website_crm", "crm_livechat", "event_crm", "event_crm_sale", "survey_crm"),
    *("mass_mailing_crm", "crm_sms", "crm_iap_enrich", "crm_iap_mine", "crm_mail_plugin"),
    *("website_crm_partner_assign", "privacy_lookup", "gamification_sale_crm", "test_crm_full"),
)
# Odoo's checks of the sources, but for that which has pylint read all of Odoo: of this addon ./dev test does
LINT, LINT_TAGS = ("test_lint",), "/test_lint,-/test_lint:TestPyLint"
# These tours wait for the website's builder, in vain on a machine with two cores, with the addon or without
IN_VAIN = "-/website_crm_partner_assign:TestPublish"
DEVIATIONS = "tests/others_deviations.txt"


def run(workspace, arguments):
    """Run the named parts, or all; return the exit code. The last line counts them: ``N passed, N failed``."""
    unknown = [name for name in arguments if name not in PARTS]
    if unknown:
        raise Failure(
            f'./dev others knows no "{unknown[0]}": name some of {", ".join(PARTS)}, or none for all.'
        )
    environment = set_up(workspace, {BROWSER})
    databases = Databases(environment)
    databases.prepare()
    outcomes = []
    for name in arguments or PARTS:
        outcomes += PARTS[name](databases)
    return total(outcomes)


# Parts -----------------------------------------------------------------------


def odoo(databases):
    """Odoo's own modules."""
    return against_stock(databases, "Odoo's modules around the CRM", "odoo", ODOO)


def oca(databases):
    """OCA's addons, and whether a merge and its undo lose anything of theirs."""
    folder = venv.ensure_oca(databases.workspace)
    databases = Databases(
        databases.environment.with_addons("odoo-oca.conf", folder, databases.workspace.root)
    )
    modules = tuple(sorted(path.parent.name for path in folder.glob("*/__manifest__.py")))
    outcomes = against_stock(databases, "OCA's addons around the CRM", "oca", modules)
    title = "Merging among OCA's addons"
    with databases.fresh("oca_links", (ADDON, *modules)) as database, step(f"Running {title}"):
        report = pytest(databases.environment, "oca-links", LINK_TESTS, database)
    outcomes.append(outcome_of(title, report, databases.workspace))
    outcomes[-1].tell()
    return outcomes


def lint(databases):
    """Odoo's checks of the sources of all modules on the path, this addon among them."""
    title = "Odoo's checks of sources"
    with TemporaryDirectory(dir=databases.workspace.home) as folder:
        # Odoo's checks read whatever lies below a folder of addons, and below the checkout lies the data folder
        shutil.copytree(databases.workspace.root / ADDON, Path(folder, ADDON))
        databases = Databases(databases.environment.with_addons("odoo-lint.conf", folder))
        with databases.fresh("lint", (ADDON, *LINT), french=False) as database, step(f"Running {title}"):
            report = odoo_runner(databases.environment, "lint", LINT, database, LINT_TAGS)
    outcome = judged(title, report, set(), databases.workspace.root / DEVIATIONS, every_rule=True)
    outcome.tell()
    return [outcome]


PARTS = {"odoo": odoo, "oca": oca, "lint": lint}


# Helpers ---------------------------------------------------------------------


def against_stock(databases, title, name, modules):
    """Run the tests of some modules without the addon and, under each rule for a merge's survivor, with it."""
    tags = ",".join([*(f"/{module}" for module in modules), IN_VAIN])

    def without():
        with databases.fresh(f"{name}_without", modules, french=False) as database:
            return odoo_runner(databases.environment, f"{name}-without", modules, database, tags)

    def under(rule):
        with databases.fresh(f"{name}_{rule}", (ADDON, *modules), french=False) as database:
            set_rule(databases, database, rule)
            return odoo_runner(databases.environment, f"{name}-{rule}", modules, database, tags)

    with step(f"Running the tests of {title}"), ThreadPoolExecutor(2) as pool:
        stock, *reports = [
            job.result() for job in [pool.submit(without), *(pool.submit(under, rule) for rule in RULES)]
        ]
    known = {test for test, outcome in stock.outcomes.items() if outcome == "failed"}
    listing = databases.workspace.root / DEVIATIONS
    outcomes = []
    for rule, report in zip(RULES, reports, strict=True):
        outcomes.append(judged(f"{title}, survivor rule {rule}", report, known, listing, rule != "oldest"))
        outcomes[-1].tell()
    return outcomes


def judged(title, report, known, listing, every_rule):
    """Return the outcome of tests of other people's.

    :param set known: tests that fail without the addon too
    :param listing: the file of those that fail with the addon, each with its reason
    :param bool every_rule: take only those for listed that fail under every rule
    """
    run_here = {test: outcome for test, outcome in report.outcomes.items() if test not in known}
    listed = {
        test: reason for test, reason in deviations.read(listing, every_rule).items() if test in run_here
    }
    unlisted, gone = deviations.judge(run_here, listed)
    counts = {name: list(run_here.values()).count(name) for name in ("passed", "skipped")}
    outcome = Outcome(title, counts["passed"], len(unlisted) + len(gone), counts["skipped"])
    outcome.notes += [f"fails without the addon too: {test}" for test in sorted(known)]
    outcome.notes += deviations.told(listing.name, listed, unlisted, gone)
    if report.code not in (0, 1) or not report.outcomes:
        outcome.failed += 1
        outcome.notes += explain_failures(report)
    return outcome
