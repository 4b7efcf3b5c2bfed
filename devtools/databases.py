"""Databases: a template made once per Odoo, and copies of it that take a second."""

import os
import re
import shutil
import subprocess
import time
from contextlib import contextmanager, suppress

from .console import Failure, step
from .postgres import SUPERUSER
from .process import explain, process_start, run_logged
from .workspace import digest, remove, tree_digest

ADDON = "openfire_leads"
DEMO = "demo"
RECIPE = 3  # raise it when the template below is made otherwise
# What an administrator would do first: without a domain, no mail finds its team.
MAIL_DOMAIN = """
if not env["mail.alias.domain"].search_count([]):
    env["mail.alias.domain"].create({"name": "leads.example"})
    env.cr.commit()
"""
# Odoo takes demo data that does not load for a mere warning.
TROUBLE = re.compile(r" (ERROR|CRITICAL) |demo data failed to install")


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
        # as the superuser: PostgreSQL's own vacuum may be at work in it, which nobody else may end
        self.cluster.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', user=SUPERUSER)
        remove(self.filestore(name))

    @contextmanager
    def dropped_unless_done(self, name):
        """Drop a database where the work on it fails or is interrupted: half of it would only take room."""
        try:
            yield
        except BaseException:
            with suppress(
                Failure
            ):  # the first failure tells more, and a full disk may stop PostgreSQL itself
                self.drop(name)
            raise

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
        problems = [line for line in output.splitlines() if TROUBLE.search(line)]
        if problems:
            raise Failure(f'Odoo logged an error while {what} ("{problems[0][:200]}"); read {log}.')

    def run_script(self, name, script):
        """Run a script in Odoo's shell; return what it prints.

        :raise Failure: when it fails
        """
        done = subprocess.run(
            self.environment.odoo_command("shell", "-d", name, "--no-http", "--log-level=warn"),
            env=self.environment.variables(),
            input=script,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            log = self.workspace.logs / "script.log"
            log.write_text(done.stderr, encoding="utf-8")
            raise Failure(explain(done.stderr, f"running a script in the database {name}", log))
        return done.stdout

    # what the verbs need

    def templates(self):
        """Make the templates where they are missing: crm with demo data, and the same with French.

        :return tuple: names of the plain one and of the one with French
        """
        key = digest(self.environment.odoo.key, self.environment.python_key, RECIPE)
        plain, french, building = f"template_{key}", f"template_{key}_fr", "template_building"
        names = self.names()
        if plain not in names:
            with step("Making the template database (crm with demo data)"):
                self.drop(building)
                with self.dropped_unless_done(building):
                    self.run_odoo(building, "making the template database", "-i", "crm", "--with-demo")
                for old in names:
                    if old.startswith("template_"):
                        self.drop(old)
                self.rename(building, plain)
        if french not in names or plain not in names:
            with step("Adding French to a copy of it"), self.dropped_unless_done(building):
                self.copy(plain, building)
                log = self.workspace.logs / "odoo-french.log"
                command = self.environment.odoo_command("i18n", "loadlang", "-d", building, "-l", "fr_FR")
                run_logged(
                    command, log, "adding French", env=self.environment.variables(), cwd=self.workspace.root
                )
                self.rename(building, french)
        return plain, french

    def with_modules(self, name, modules, *, french=True, demo=False):
        """Make a database with modules of any origin.

        :param modules: their names
        :param bool french: with French, the way users have it, or without, the way Odoo's own tests want it
        :param bool demo: with the demo data of each
        """
        self.copy(self.templates()[french], name)
        options = ["--with-demo"] if demo else []
        self.run_odoo(name, f"installing {modules[0]}", "-i", ",".join(modules), *options)

    def with_addon(self, name, *, modules=(), **options):
        """Make a database with the addon and, with it, ``modules``; the rest as of :meth:`with_modules`."""
        self.with_modules(name, [ADDON, *modules], **options)

    def demo(self):
        """See that the demo database exists and is up to date with the addon's sources."""
        sources = tree_digest(self.workspace.root / ADDON)
        odoo = self.environment.odoo.key
        state = self.workspace.state
        if DEMO not in self.names():
            with step("Making the demo database"):
                building = f"{DEMO}_building"
                with self.dropped_unless_done(building):
                    self.with_addon(building, demo=True)
                    self.run_script(building, MAIL_DOMAIN)
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

    @contextmanager
    def fresh(self, purpose, modules, **options):
        """Give a database with modules, made as :meth:`with_modules` does; drop it afterwards."""
        name = self.temporary(purpose)
        try:
            with step(f"Making a fresh database with {modules[0]} ({purpose})"):
                self.with_modules(name, modules, **options)
                remove(self.workspace.logs / f"odoo-{name}.log")
            yield name
        finally:
            self.drop(name)

    def prepare(self):
        """Drop what earlier runs left, and make the templates."""
        with self.workspace.locked():
            self.drop_leftovers()
            self.templates()

    def drop_leftovers(self):
        """Drop the test databases of runs that were killed."""
        for name in self.names():
            owner = re.match(r"test_(\d+)_(\d+)_", name)
            if owner and process_start(int(owner[1])) != int(owner[2]):
                self.drop(name)
