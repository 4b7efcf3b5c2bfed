"""What a verb needs of the machine: looked at all together before anything is fetched, installed at one go."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

from . import postgres, source, system, venv
from .console import Failure

# what a verb asks for beyond what every verb does
BROWSER, JAVASCRIPT = "browser", "javascript"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class Prerequisite:
    """A thing that only the machine's own package manager brings.

    ``name`` is how people call it, ``package`` how Debian does. ``is_there`` tells whether the machine has it,
    ``is_needed`` whether it is needed for what is still to be set up and for what the verb asks for; both are
    given the workspace, ``is_needed`` the verb's set of wishes too.
    """

    name: str
    package: str
    is_there: Callable
    is_needed: Callable


def _program(*names):
    return lambda _workspace: any(map(shutil.which, names))


def _can_make_venv(_workspace):
    """Debian's Python comes without what makes environments."""
    command = [sys.executable, "-c", "import ensurepip, venv"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _comes_from(*origins):
    return lambda workspace, _wishes: source.origin(workspace) in origins


PREREQUISITES = (
    Prerequisite(
        "Python's venv module",
        f"python3.{sys.version_info[1]}-venv",
        _can_make_venv,
        lambda workspace, _wishes: not venv.is_made(workspace),
    ),
    Prerequisite(
        "PostgreSQL",
        "postgresql",
        lambda workspace: postgres.find_bin(workspace.pg_version),
        lambda _workspace, _wishes: True,
    ),
    Prerequisite("dpkg-deb", "dpkg", _program("dpkg-deb"), _comes_from(source.DEBIAN)),
    Prerequisite(
        "npm",
        "npm",
        # what Debian leaves out of Odoo comes from there, and ESLint
        lambda _workspace: shutil.which("npm") and shutil.which("node"),
        lambda workspace, wishes: source.origin(workspace) == source.DEBIAN or JAVASCRIPT in wishes,
    ),
    Prerequisite("git", "git", _program("git"), _comes_from(source.GIT)),
    Prerequisite("Chromium", "chromium", _program(*CHROMIUM), lambda _workspace, wishes: BROWSER in wishes),
)


def ensure(workspace, wishes=frozenset()):
    """See that the machine has all that is needed, installing what is missing where that is possible.

    :param wishes: what the verb asks for beyond what every verb does
    :raise Failure: something is missing and cannot be installed from here
    """
    needed = [one for one in PREREQUISITES if one.is_needed(workspace, wishes)]
    missing = [one for one in needed if not one.is_there(workspace)]
    if not missing:
        return
    names = system.listed([one.name for one in missing])
    packages = [
        postgres.package(workspace) if one.package == "postgresql" else one.package for one in missing
    ]
    system.install(workspace, packages, names)
    still = [one.name for one in missing if not one.is_there(workspace)]
    if still:
        raise Failure(
            f"{system.listed(still)} is not found although it is installed: put its folder on PATH."
        )
