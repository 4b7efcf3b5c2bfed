"""The addon's wheel, built as who publishes it would build it, and installed into a folder beside Odoo."""

import subprocess
import zipfile
from pathlib import Path

from .console import Failure
from .databases import ADDON
from .process import run_logged
from .workspace import remove

PLACE = f"odoo/addons/{ADDON}/"
# what a wheel brings besides the addon's own files, and what of the addon's it has no use for
METADATA, NO_PART = ".dist-info/", ("pyproject.toml",)


def build(environment):
    """Build the wheel with the builder that is in the environment; no network is needed.

    :return pathlib.Path: the wheel
    """
    workspace = environment.workspace
    folder = workspace.home / "wheel"
    remove(folder)
    command = [environment.python, "-m", "pip", "wheel", "--disable-pip-version-check", "--no-input"]
    command += ["--no-deps", "--no-build-isolation", "--wheel-dir", folder, workspace.root / ADDON]
    run_logged(
        command,
        workspace.logs / "wheel.log",
        "building the addon's wheel",
        env=environment.variables(),
    )
    (wheel,) = folder.glob("*.whl")
    return wheel


def check(root, wheel):
    """See that a wheel holds every file of the addon and nothing else.

    :param pathlib.Path root: the checkout
    :raise Failure: when it does not
    """
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if METADATA not in name}
    wanted = {PLACE + name for name in files(root / ADDON) if name not in NO_PART}
    odd = sorted(names ^ wanted)
    if odd:
        fault = "is missing from" if odd[0] in wanted else "has no place in"
        raise Failure(f"{odd[0]} {fault} the wheel {wheel.name}: see that Git knows every file of the addon.")


def files(addon):
    """Return the names of the addon's files: those that Git does not ignore or, where there is no Git, all."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=addon, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return [path.relative_to(addon).as_posix() for path in addon.rglob("*") if path.is_file()]
    return [name for name in listed.split("\0") if name]


def install(environment, wheel):
    """Install a wheel into a folder of its own; return that folder of addons.

    What it requires is in the environment already: Odoo comes from no registry.
    """
    workspace = environment.workspace
    folder = workspace.home / "wheel" / "site-packages"
    command = [environment.python, "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    run_logged(
        [*command, "--no-index", "--no-deps", "--target", folder, wheel],
        workspace.logs / "wheel-install.log",
        "installing the addon's wheel",
        env=environment.variables(),
    )
    return Path(folder, "odoo", "addons")
