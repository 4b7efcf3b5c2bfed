"""The machine's own package manager."""

import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

from .console import Failure, say, step
from .process import is_root, run_logged

CREATE_CLUSTER = Path("/etc/postgresql-common/createcluster.conf")


def install(workspace, packages, names):
    """Install Debian packages as root, or through sudo; where neither is possible, say what to type.

    :param list packages: names of Debian packages
    :param str names: what people call them, as in "PostgreSQL and npm"
    :raise Failure: when they cannot be installed from here
    """
    is_missing = f"{names} {'are' if ' and ' in names else 'is'} missing"
    if not shutil.which("apt-get"):
        raise Failure(f"{is_missing}: install with this system's package manager and run the command again.")
    prefix = [] if is_root() else sudo()
    if prefix is None:
        raise Failure(f"{is_missing} and only root can install: {typed(packages)}, then this command again.")
    apt = [
        *prefix,
        "env",
        "DEBIAN_FRONTEND=noninteractive",
        "apt-get",
        "-o",
        "Dpkg::Options::=--force-confold",
    ]

    def run(*arguments):
        run_logged([*apt, *arguments], workspace.logs / f"apt-{arguments[0]}.log", f"installing {names}")

    with step(f"Installing {names} from Debian ({' '.join(packages)})"):
        try:
            run("update")
        except Failure as failure:
            # An unreachable third-party source fails the update while Debian's own lists are fine.
            say(f"Note: {failure}")
        quietly = ("install", "-y", "--no-install-recommends")
        if is_root() and any(name.startswith("postgresql") for name in packages):
            run(*quietly, "postgresql-common")
            with no_main_cluster():
                run(*quietly, *packages)
        else:
            run(*quietly, *packages)


def typed(packages):
    """Return what to type to install packages; the lists of a new machine may be empty, hence the update."""
    both = f"apt-get update && {{}}apt-get install -y {' '.join(packages)}"
    if shutil.which("sudo"):
        return f"run `sudo {both.format('sudo ')}`"
    return f"as root, run `{both.format('')}`"


def listed(names):
    """Return "a", "a and b", or "a, b and c"."""
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


@contextmanager
def no_main_cluster():
    """Keep Debian's package from making and starting a cluster of the whole machine."""
    before = CREATE_CLUSTER.read_text(encoding="utf-8") if CREATE_CLUSTER.exists() else ""
    try:
        CREATE_CLUSTER.write_text(before + "\ncreate_main_cluster = false\n", encoding="utf-8")
        yield
    finally:
        CREATE_CLUSTER.write_text(before, encoding="utf-8")


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


def need_program(workspace, name):
    """See that a program is there whose Debian package has its name, installing it where it is not.

    :return str: its path
    """
    if not shutil.which(name):
        install(workspace, [name], name)
    found = shutil.which(name)
    if not found:
        raise Failure(f"{name} is installed but not found: put its folder on PATH.")
    return found
