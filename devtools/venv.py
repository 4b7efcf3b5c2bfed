"""The virtual environment: Odoo's Python packages, the addon's and those of the tests, all pinned."""

import re
import shlex
import sys
from pathlib import Path

from .console import step
from .process import is_root, run_logged
from .workspace import digest, is_stamped, remove, removed_unless_done, write_whole

HERE = Path(__file__).resolve().parent
PROJECT = HERE / "requirements.txt"
ODOO = HERE / "requirements-odoo.txt"
BENCH = HERE / "requirements-bench.txt"
SCREENSHOTS = HERE / "requirements-screenshots.txt"
OCA = HERE / "requirements-oca.txt"
# Builds from source need headers that Odoo does without: the driver comes built, LDAP is not used here.
REPLACED = {"psycopg2": "psycopg2-binary", "python-ldap": None}
# A file of its own, as Odoo's odoo-bin is: Odoo starts its process for live updates, and itself anew, by this file's
# path, and what `python -m odoo` names instead cannot be started so.
LAUNCHER = """\
#!/usr/bin/env python3
import odoo.cli

if __name__ == "__main__":
    odoo.cli.main()
"""


def ensure(workspace, odoo):
    """Make the virtual environment where it is missing or its list has changed.

    :return str: a hash of what is in it
    """
    wanted = workspace.home / "requirements-odoo.txt"
    text = Path(odoo.requirements or ODOO).read_text(encoding="utf-8")
    write_whole(wanted, installable(text) if odoo.requirements else text)
    key = digest(wanted, PROJECT, sys.version_info[:2])
    stamp = workspace.venv / "complete"
    if not is_stamped(stamp, key):
        with step("Building the virtual environment"), removed_unless_done(workspace.venv):
            build(workspace)
            pip(workspace, ["-r", wanted, "-r", PROJECT], "installing Odoo's Python packages")
        stamp.write_text(key, encoding="ascii")
    link_odoo(workspace, odoo)
    return key


def is_made(workspace):
    """Tell whether there is an environment at all, perhaps of another list."""
    return (workspace.venv / "complete").exists()


def ensure_bench(workspace):
    """Add what the benchmarks measure against."""
    ensure_more(workspace, "bench", BENCH, "the benchmarks")


def ensure_screenshots(workspace):
    """Add what takes the pictures of the guides."""
    ensure_more(workspace, "screenshots", SCREENSHOTS, "the pictures")


def ensure_more(workspace, name, wanted, what):
    """Add a list of packages that only some verbs need, where it is missing or has changed."""
    key = digest(wanted)
    stamp = workspace.venv / f"complete-{name}"
    if not is_stamped(stamp, key):
        with step(f"Installing what {what} need"):
            pip(workspace, ["-r", wanted], f"installing the Python packages that {what} need")
        stamp.write_text(key, encoding="ascii")


def ensure_oca(workspace):
    """Fetch OCA's addons that build on the CRM; return the folder that they are in."""
    target = workspace.home / "oca"
    stamp, key = target / "complete", digest(OCA)
    if not is_stamped(stamp, key):
        with step("Fetching OCA's addons"), removed_unless_done(target):
            remove(target)
            # they name Odoo as a package, which here is a folder
            pip(workspace, ["--no-deps", "--target", target, "-r", OCA], "fetching OCA's addons")
        stamp.write_text(key, encoding="ascii")
    return target / "odoo" / "addons"


def build(workspace):
    remove(workspace.venv)
    create = [sys.executable, "-m", "venv", workspace.venv]
    run_logged(create, workspace.logs / "venv.log", "making the virtual environment")


def pip(workspace, arguments, what):
    command = [
        workspace.venv / "bin/python",
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--no-input",
    ]
    if is_root():
        command += ["--root-user-action=ignore"]
    run_logged([*command, "--retries", "3", *arguments], workspace.logs / "pip.log", what)


def installable(requirements):
    """Return Odoo's own list without what would have to be compiled."""
    return "\n".join(line for line in map(as_wheel, requirements.splitlines()) if line is not None) + "\n"


def as_wheel(line):
    """Return a line of a list with its package replaced, None for one to leave out."""
    name = re.match(r"[A-Za-z0-9._-]*", line).group()
    replacement = REPLACED.get(name.lower(), name)
    return None if replacement is None else replacement + line[len(name) :]


def link_odoo(workspace, odoo):
    """Make ``import odoo`` and the command ``odoo`` work inside the environment."""
    packages = next(workspace.venv.glob("lib/python3*/site-packages"))
    (packages / "odoo-of-dev.pth").write_text(odoo.path + "\n", encoding="utf-8")
    python, launcher = workspace.venv / "bin/python", workspace.venv / "bin/odoo-bin"
    write_program(launcher, LAUNCHER)
    # by way of a shell: the path of a Python in "#!" must have neither blanks nor more than 127 characters
    quoted = shlex.join([str(python), str(launcher)])
    write_program(workspace.venv / "bin/odoo", f'#!/bin/sh\nexec {quoted} "$@"\n')


def write_program(path, text):
    """Write a program unless it is there already."""
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        write_whole(path, text, mode=0o755)
