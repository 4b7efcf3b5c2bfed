"""Running tests in the environment: pytest, with or without a database, and Odoo's own runner."""

import json
import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from .console import Heartbeat
from .process import wait
from .workspace import free_port, remove

# how often a browser test that fails is tried again
MORE_TRIES = 3


@dataclass
class Report:
    """What a run came to.

    Exit code and log; outcome by test; what could not be collected; what was logged outside of any test; which
    browser tests failed; which of them were tried again.
    """

    code: int
    log: Path
    outcomes: dict = field(default_factory=dict)
    broken: list = field(default_factory=list)
    logged: list = field(default_factory=list)
    browser: list = field(default_factory=list)
    retried: list = field(default_factory=list)


def pytest(environment, name, arguments, database=None, stream=False):
    """Run pytest on the project.

    :param environment: where to run
    :param str name: names its log
    :param list arguments: for pytest
    :param str database: the database, None for tests that need none
    :param bool stream: let the user see pytest's own output
    :return Report:
    """
    command = [environment.python, "-m", "pytest", "-p", "no:cacheprovider", "-p", "devtools.pytest_report"]
    conf = write_conf(environment, database) if database else None
    if conf:
        command += [f"--odoo-config={conf}", "--odoo-http", "--odoo-log-level=error"]
    else:
        command += ["-p", "no:odoo"]
    try:
        report = run(environment, f"pytest-{name}", [*command, *arguments], conf, stream=stream)
        report.retried = [] if stream else report.browser
        failing = report.retried
        for number in range(MORE_TRIES):
            if not failing:
                break
            again = run(environment, f"pytest-{name}-again-{number + 1}", [*command, *failing], conf)
            report.outcomes.update(again.outcomes)
            failing = again.browser
    finally:
        if conf:
            remove(conf)
    return report


def odoo_runner(environment, name, modules, database, tags=""):
    """Run the tests of some of Odoo's modules with Odoo's own runner.

    :param str tags: which of them, as Odoo's ``--test-tags`` takes it; empty for those that run by default
    :return Report:
    """
    conf = write_conf(environment, database)
    script = environment.workspace.root / "devtools" / "odoo_runner.py"
    command = environment.odoo_command(
        "shell", "-d", database, f"--http-port={free_port()}", "--log-level=warn"
    )
    chosen = {"OPENFIRE_DEV_MODULES": ",".join(modules), "OPENFIRE_DEV_TAGS": tags}
    try:
        return run(environment, f"odoo-{name}", command, conf, script=script, **chosen)
    finally:
        remove(conf)


def run(environment, name, command, conf, *, stream=False, script=None, **variables):
    """Run a program that writes a report, with its output in a log unless it is streamed."""
    workspace = environment.workspace
    found, log = workspace.logs / f"{name}.json", workspace.logs / f"{name}.log"
    remove(found)
    variables = {**environment.variables(conf), **variables}
    variables.update(PYTHONPATH=str(workspace.root), OPENFIRE_DEV_REPORT=str(found))
    if not conf:
        del variables["ODOO_RC"]
    with log.open("w", encoding="utf-8") as output, open(script or os.devnull, encoding="utf-8") as source:
        child = subprocess.Popen(
            command,
            cwd=workspace.root,
            env=variables,
            stdin=source,
            stdout=None if stream else output,
            stderr=None if stream else subprocess.STDOUT,
        )
        code = wait(child, None if stream else Heartbeat(f"tests ({name})", 60))
    report = Report(code, log)
    if found.exists():
        report.__dict__.update(json.loads(found.read_text(encoding="utf-8")))
    return report


def write_conf(environment, database):
    return environment.write_conf(
        f"test-{database}.conf",
        db_name=database,
        dbfilter=f"^{database}$",
        screenshots=environment.workspace.home / "screenshots",
    )


def tell_more_tries(report):
    """Return a line for each browser test that failed at first only."""
    return [
        f"failed at first, then passed: {test}"
        for test in report.retried
        if report.outcomes.get(test) == "passed"
    ]


def explain_failures(report, lines=60):
    """Return the lines that tell which tests failed and where to read on."""
    notes = [f"failed: {test}" for test, outcome in report.outcomes.items() if outcome == "failed"]
    notes += [f"cannot be read: {name}" for name in report.broken]
    notes += [f"logged outside of any test: {line}" for line in report.logged]
    if not notes and report.log.exists():
        notes = report.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]
    return [*notes[:lines], f"the whole output is in {report.log}"]
