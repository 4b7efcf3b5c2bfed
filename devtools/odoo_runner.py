"""A script for Odoo's shell: runs the tests of some modules with Odoo's own runner and notes what came of each.

Odoo's counts of queries hold under its own runner only, hence no pytest here. ``OPENFIRE_DEV_MODULES`` names the
modules, ``OPENFIRE_DEV_TAGS`` the tests if not all that Odoo takes for usual, ``OPENFIRE_DEV_REPORT`` the file of
the report. A browser test that fails is tried again: on a busy machine one may wait for the other side longer than
it is allowed to, and a few of Odoo's own fail now and then. So is one that takes too many queries, alone: in the
company of all others, stock Odoo's own ``test_assign_perf_no_duplicates`` takes two more than it allows itself.
"""

import json
import logging
import os
from pathlib import Path

from odoo.tests import HttpCase
from odoo.tests.result import OdooTestResult
from odoo.tests.shell import run_tests

from devtools.pytest_report import Errors
from devtools.runners import MORE_TRIES

outcomes = {}
# what may fail now and then: name -> tag
unsteady = {}
errors = Errors()


def name_of(test):
    """Return ``addon/tests/file.py::Class::test``."""
    module = type(test).__module__.removeprefix("odoo.addons.")
    method = getattr(test, "_testMethodName", None)
    if method is None:  # what stands for a class that could not be set up
        return str(test)
    return f"{module.replace('.', '/')}.py::{type(test).__name__}::{method}"


def tag_of(test):
    """Return the tag by which Odoo's runner runs this test alone."""
    return f"/{test.test_module}:{type(test).__name__}.{test._testMethodName}"


class Noting:
    """Puts itself before the methods by which Odoo's runner tells what comes of a test."""

    def __init__(self):
        for method, outcome in (("addError", "failed"), ("addFailure", "failed"), ("addSkip", "skipped")):
            self.wrap(method, lambda test, *rest, outcome=outcome: self.note(test, outcome))
        self.wrap("addFailure", self.counted)
        self.wrap("addSuccess", lambda test: self.note(test, "passed"))
        self.wrap("addSubTest", lambda test, sub, error: error and self.note(test, "failed"))
        self.wrap("stopTest", self.stopped)

    @staticmethod
    def wrap(method, before):
        original = getattr(OdooTestResult, method)

        def wrapper(result, *arguments, **options):
            before(*arguments)
            return original(result, *arguments, **options)

        setattr(OdooTestResult, method, wrapper)

    @staticmethod
    def counted(test, error):
        """Note a test that took too many queries: by itself, it does not depend on what others left in caches."""
        if "Query count more than expected" in str(error[1]):
            test = getattr(test, "test_case", test)  # Odoo counts in subtests
            unsteady[name_of(test)] = tag_of(test)

    @staticmethod
    def note(test, outcome):
        name = name_of(getattr(test, "test_case", test))
        if isinstance(test, HttpCase):
            unsteady[name] = tag_of(test)
        if outcomes.get(name) != "failed":
            outcomes[name] = outcome

    def stopped(self, test):
        logged = errors.take()
        if logged and outcomes.get(name_of(test)) == "passed":
            outcomes[name_of(test)] = "failed"
            print(f"{name_of(test)} passed, but meanwhile this was logged:", *logged, sep="\n")


Noting()
logging.getLogger().addHandler(errors)
modules = os.environ["OPENFIRE_DEV_MODULES"].split(",")
tags = os.environ["OPENFIRE_DEV_TAGS"] or ",".join(f"/{module}" for module in modules)
run_tests(env, tags, modules=modules)  # noqa: F821 - the shell gives env
retried = []
for _try in range(MORE_TRIES):
    failing = [name for name in unsteady if outcomes[name] == "failed"]
    if not failing:
        break
    print("Once more:", *failing, flush=True)
    retried += [name for name in failing if name not in retried]
    for name in failing:
        del outcomes[name]
    run_tests(env, ",".join(unsteady[name] for name in failing), modules=modules)  # noqa: F821
report = {"outcomes": outcomes, "retried": retried}
Path(os.environ["OPENFIRE_DEV_REPORT"]).write_text(json.dumps(report, indent=1), encoding="utf-8")
