"""Running pytest in the environment, with or without a database."""

import json
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from .console import Heartbeat
from .process import wait
from .workspace import remove


@dataclass
class Report:
    """What a run of pytest came to: exit code, outcome by test, what could not be collected, stray errors, log."""

    code: int
    log: Path
    outcomes: dict = field(default_factory=dict)
    broken: list = field(default_factory=list)
    logged: list = field(default_factory=list)


class Pytest:
    """A pytest on the project.

    :param environment: where to run
    :param str name: names its log and its files
    :param str database: the database, None for tests that need none
    """

    def __init__(self, environment, name, database=None):
        self.environment = environment
        self.workspace = environment.workspace
        self.name = name
        self.database = database

    def run(self, arguments, stream=False):
        """Run; with ``stream``, the user sees pytest's own output.

        :return Report:
        """
        found = self.workspace.logs / f"pytest-{self.name}.json"
        log = self.workspace.logs / f"pytest-{self.name}.log"
        remove(found)
        conf = self.write_conf() if self.database else None
        variables = self.environment.variables(conf)
        variables.update(PYTHONPATH=str(self.workspace.root), OPENFIRE_DEV_REPORT=str(found))
        if not conf:
            del variables["ODOO_RC"]
        command = [
            self.environment.python,
            "-m",
            "pytest",
            "-p",
            "no:cacheprovider",
            "-p",
            "devtools.pytest_report",
        ]
        if conf:
            command += [f"--odoo-config={conf}", "--odoo-http", "--odoo-log-level=error"]
        else:
            command += ["-p", "no:odoo"]
        try:
            with log.open("w", encoding="utf-8") as output:
                child = subprocess.Popen(
                    [*command, *arguments],
                    cwd=self.workspace.root,
                    env=variables,
                    stdin=subprocess.DEVNULL,
                    stdout=None if stream else output,
                    stderr=subprocess.STDOUT,
                )
                code = wait(child, None if stream else Heartbeat(f"tests ({self.name})", 60))
        finally:
            if conf:
                remove(conf)
        report = Report(code, log)
        if found.exists():
            report.__dict__.update(json.loads(found.read_text(encoding="utf-8")))
        return report

    def write_conf(self):
        return self.environment.write_conf(
            f"test-{self.database}.conf",
            db_name=self.database,
            dbfilter=f"^{self.database}$",
            screenshots=self.workspace.home / "screenshots",
        )


def explain_failures(report, lines=60):
    """Return the lines that tell which tests failed and where to read on."""
    notes = [f"failed: {test}" for test, outcome in report.outcomes.items() if outcome == "failed"]
    notes += [f"cannot be read: {name}" for name in report.broken]
    notes += [f"logged outside of any test: {line}" for line in report.logged]
    if not notes and report.log.exists():
        notes = report.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]
    return [*notes[:lines], f"the whole output is in {report.log}"]
