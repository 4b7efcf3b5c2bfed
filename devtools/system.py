"""Programs that come from the machine's own package manager."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from .console import Failure, say, step
from .process import is_root, run_logged

CREATE_CLUSTER = Path("/etc/postgresql-common/createcluster.conf")


def install(workspace, packages, why):
    """Install Debian packages as root, or through sudo; where neither is possible, say what to type.

    :param list packages: names of Debian packages
    :param str why: what they are for, as in "PostgreSQL"
    :raise Failure: when they cannot be installed from here
    """
    typed = f"sudo apt-get install -y {' '.join(packages)}"
    if not shutil.which("apt-get"):
        raise Failure(
            f"{why} is missing: install it with this system's package manager and run the command again."
        )
    prefix = [] if is_root() else sudo()
    if prefix is None:
        raise Failure(
            f"{why} is missing and only root can install it: run `{typed}`, then this command again."
        )
    with step(f"Installing {why} from Debian ({' '.join(packages)})"):
        environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
        apt = [
            *prefix,
            "env",
            "DEBIAN_FRONTEND=noninteractive",
            "apt-get",
            "-o",
            "Dpkg::Options::=--force-confold",
        ]
        what = f"installing {why} (or run `{typed}` yourself)"
        log = workspace.logs / "apt-install.log"
        try:
            run_logged([*apt, "update"], workspace.logs / "apt-update.log", what, env=environment)
        except Failure as failure:
            # An unreachable third-party source fails the update while Debian's own lists are fine.
            say(f"Note: {failure}")
        run_logged([*apt, "install", "-y", "--no-install-recommends", *packages], log, what, env=environment)


def sudo():
    """Return the words that make a command run as root, None where the user cannot."""
    if not shutil.which("sudo"):
        return None
    if subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0:
        return ["sudo", "-n"]
    if sys.stdin.isatty():
        say("Root's rights are needed: sudo may ask for your password.")
        if subprocess.run(["sudo", "-v"], check=False).returncode == 0:
            return ["sudo", "-n"]
    return None


def need_program(workspace, name, package, why):
    """See that a program is there, installing its Debian package where it is not.

    :return str: its path
    """
    if not shutil.which(name):
        install(workspace, [package], why)
    found = shutil.which(name)
    if not found:
        raise Failure(f"{why} is installed but the program {name} is not found: put its folder on PATH.")
    return found
