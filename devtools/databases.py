"""Databases: a template made once per Odoo, and copies of it that take a second."""

import os
import re
import shutil
import time

from .console import Failure, step
from .process import process_start, run_logged
from .workspace import digest, remove, tree_digest

ADDON = "openfire_leads"
DEMO = "demo"
RECIPE = 2  # raise it when the template below is made otherwise


class Databases:
    """The databases of an environment."""

    def __init__(self, environment):
        self.environment = environment
        self.cluster = environment.cluster
        self.workspace = environment.workspace

    # verbs on one database

    def names(self):
        rows = self.cluster.sql("SELECT datname FROM pg_database WHERE NOT datistemplate")
        return {row[0] for row in rows}

    def filestore(self, name):
        return self.workspace.data / "filestore" / name

    def drop(self, name):
        self.cluster.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        remove(self.filestore(name))

    def copy(self, template, name):
        """Copy a database and its files. Odoo never changes a stored file, so links to them will do."""
        self.drop(name)
        self.cluster.sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        if self.filestore(template).is_dir():
            shutil.copytree(self.filestore(template), self.filestore(name), copy_function=os.link)

    def rename(self, old, new):
        self.drop(new)
        self.cluster.sql(f'ALTER DATABASE "{old}" RENAME TO "{new}"')
        if self.filestore(old).is_dir():
            self.filestore(old).rename(self.filestore(new))

    def run_odoo(self, name, what, *arguments):
        """Run Odoo on a database until it is done with what its arguments tell."""
        log = self.workspace.logs / f"odoo-{name}.log"
        command = self.environment.odoo_command(
            "-d", name, *arguments, "--stop-after-init", "--no-http", "--max-cron-threads=0"
        )
        output = run_logged(command, log, what, env=self.environment.variables(), cwd=self.workspace.root)
        problems = [line for line in output.splitlines() if " ERROR " in line or " CRITICAL " in line]
        if problems:
            raise Failure(f'Odoo logged an error while {what} ("{problems[0][:200]}"); read {log}.')

    # what the verbs need

    def template(self):
        """Return the name of the template: crm with demo data and French, made once per Odoo."""
        key = digest(self.environment.odoo.key, self.environment.python_key, RECIPE)
        name, building = f"template_{key}", "template_building"
        if name not in self.names():
            with step("Making the template database (crm, demo data, French)"):
                self.drop(building)
                self.run_odoo(
                    building,
                    "making the template database",
                    *("-i", "crm", "--with-demo", "--load-language=en_US,fr_FR"),
                )
                for old in self.names():
                    if old.startswith("template_") and old != building:
                        self.drop(old)
                self.rename(building, name)
        return name

    def with_addon(self, name):
        """Make a database with the addon and its demo data."""
        self.copy(self.template(), name)
        self.run_odoo(name, f"installing {ADDON}", "-i", ADDON)

    def demo(self):
        """See that the demo database exists and is up to date with the addon's sources."""
        sources = tree_digest(self.workspace.root / ADDON)
        odoo = self.environment.odoo.key
        state = self.workspace.state
        if DEMO not in self.names():
            with step("Making the demo database"):
                building = f"{DEMO}_building"
                self.with_addon(building)
                self.rename(building, DEMO)
        elif state.get("demo_odoo") != odoo:
            with step("Upgrading the demo database, as Odoo has changed"):
                self.run_odoo(DEMO, "upgrading the demo database", "-u", "base")
        elif state.get("demo_sources") != sources:
            with step("Upgrading the demo database, as the addon has changed"):
                self.run_odoo(DEMO, "upgrading the demo database", "-u", ADDON)
        self.workspace.remember(demo_sources=sources, demo_odoo=odoo)
        return DEMO

    def need(self, name):
        """See that a database exists; the demo one is made.

        :raise Failure: when it does not
        """
        if name == DEMO:
            self.demo()
        elif name not in self.names():
            known = ", ".join(sorted(self.names() - {"postgres"}))
            raise Failure(
                f'There is no database "{name}": choose one of {known}, or make it with ./dev odoo -d {name}.'
            )

    # databases of one run of the tests

    def temporary(self, purpose):
        """Return a name for a database that lives as long as this process."""
        return f"test_{os.getpid()}_{process_start(os.getpid())}_{purpose}_{time.time_ns() % 10**6}"

    def drop_leftovers(self):
        """Drop the test databases of runs that were killed."""
        for name in self.names():
            owner = re.match(r"test_(\d+)_(\d+)_", name)
            if owner and process_start(int(owner[1])) != int(owner[2]):
                self.drop(name)
