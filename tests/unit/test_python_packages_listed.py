"""The Python packages of the addon are listed once: what others repeat is the manifest's list."""

import ast
import re
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]


def listed():
    manifest = ast.literal_eval((ROOT / "openfire_leads/__manifest__.py").read_text("utf-8"))
    return {Requirement(one) for one in manifest["external_dependencies"]["python"]}


def test_the_project_needs_what_the_manifest_lists():
    # read as text: Python 3.10 reads no TOML
    (block,) = re.findall(r"(?ms)^dependencies = \[$(.*?)^\]$", (ROOT / "pyproject.toml").read_text("utf-8"))
    assert {Requirement(one) for one in re.findall(r'^\s*"(.+)",$', block, re.MULTILINE)} == listed()


def test_the_tests_run_with_versions_that_will_do():
    pinned = (ROOT / "devtools/requirements.txt").read_text("utf-8")
    for requirement in listed():
        version = re.search(rf"(?mi)^{requirement.name}==(\S+)", pinned)[1]
        assert requirement.specifier.contains(version)
