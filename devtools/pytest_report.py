"""A pytest plugin: writes what came of each test to a file, and fails a test during which Odoo logged an error.

``OPENFIRE_DEV_REPORT`` names the file. A test that expects an error to be logged says so, with ``assertLogs`` or
``mute_logger``: what these catch does not come here.
"""

import json
import logging
import os
import sys
from pathlib import Path

import pytest

WORST_LAST = ("skipped", "passed", "failed")


class Errors(logging.Handler):
    """Keeps what is logged at ERROR or above."""

    def __init__(self):
        super().__init__(logging.ERROR)
        self.lines = []

    def emit(self, record):
        try:
            text = record.getMessage()
        except Exception:  # noqa: BLE001 - a badly formed message is an error as well
            text = str(record.msg)
        if record.exc_info and record.exc_info[1]:
            text += f" ({record.exc_info[1]!r})"
        self.lines.append(f"{record.levelname} {record.name}: {text}")

    def take(self):
        taken, self.lines = self.lines, []
        return taken


errors = Errors()
outcomes = {}
broken = []
browser = []


def pytest_sessionstart():
    logging.getLogger().addHandler(errors)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    report = yield
    logged = errors.take()
    if logged and report.outcome == "passed":
        report.outcome = "failed"
        report.longrepr = "The test passed, but meanwhile this was logged:\n" + "\n".join(logged)
    if report.outcome == "failed" and is_browser_test(item) and item.nodeid not in browser:
        browser.append(item.nodeid)
    return report


def is_browser_test(item):
    """Tell whether a test is one of Odoo's that talk to the server as a browser does."""
    common = sys.modules.get("odoo.tests.common")
    return bool(common and item.cls and issubclass(item.cls, common.HttpCase))


def pytest_runtest_logreport(report):
    if report.when != "call" and report.outcome == "passed":
        return
    known = outcomes.get(report.nodeid, report.outcome)
    outcomes[report.nodeid] = max(known, report.outcome, key=WORST_LAST.index)


def pytest_collectreport(report):
    if report.failed:
        broken.append(report.nodeid)


def pytest_sessionfinish():
    path = os.environ.get("OPENFIRE_DEV_REPORT")
    if path:
        found = {"outcomes": outcomes, "broken": broken, "browser": browser, "logged": errors.take()}
        Path(path).write_text(json.dumps(found, indent=1), encoding="utf-8")
