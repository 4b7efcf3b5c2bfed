"""What is published: the wheel holds the addon whole, and every list of Python packages says the same."""

import ast
import re
import subprocess
import sys
import zipfile
from email.parser import HeaderParser

import pytest
from packaging.requirements import Requirement

from devtools import cli, venv, wheel
from devtools.console import Failure

ADDON = cli.ROOT / "openfire_leads"
MANIFEST = ast.literal_eval((ADDON / "__manifest__.py").read_text(encoding="utf-8"))
LISTED = {one.name: one.specifier for one in map(Requirement, MANIFEST["external_dependencies"]["python"])}


def in_pyproject():
    """Return the project's ``dependencies``; read by hand, as Python 3.10 reads no TOML."""
    text = (cli.ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lines = re.search(r"^dependencies = \[\n(.*?)^\]", text, re.MULTILINE | re.DOTALL).group(1)
    return {
        one.name: one.specifier for one in map(Requirement, re.findall(r'^ *"(.+)",$', lines, re.MULTILINE))
    }


def test_the_manifest_and_the_project_ask_for_the_same_packages():
    assert in_pyproject().keys() == LISTED.keys()
    for name, versions in in_pyproject().items():
        assert str(LISTED[name]) == str(versions), name


def test_the_development_environment_has_versions_that_the_project_asks_for():
    pinned = dict(re.findall(r"^([a-z-]+)==(\S+)$", venv.PROJECT.read_text(encoding="utf-8"), re.MULTILINE))
    for name, versions in in_pyproject().items():
        assert pinned[name] in versions, name


def test_the_image_installs_what_the_manifest_asks_for():
    (script,) = re.findall(r'python3 -c "(.*)"', (cli.ROOT / "Dockerfile").read_text(encoding="utf-8"))
    script = script.replace("/tmp/__manifest__.py", str(ADDON / "__manifest__.py"))
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == MANIFEST["external_dependencies"]["python"]


# The wheel -------------------------------------------------------------------


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The wheel, built as ``pip wheel`` has it built: by the backend that the addon names."""
    folder = tmp_path_factory.mktemp("wheel")
    assert 'build-backend = "whool.buildapi"' in (ADDON / "pyproject.toml").read_text(encoding="utf-8")
    script = f"from whool.buildapi import build_wheel; build_wheel({str(folder)!r})"
    subprocess.run([sys.executable, "-c", script], cwd=ADDON, capture_output=True, check=True)
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_the_addon_whole_and_nothing_else(built):
    wheel.check(cli.ROOT, built)
    with zipfile.ZipFile(built) as archive:
        names = archive.namelist()
    for name in ("i18n/fr.po", "security/ir.model.access.csv", "static/src/", "migrations/", "demo/"):
        assert any(found.startswith(wheel.PLACE + name) for found in names), name
    assert not [name for name in names if re.search(r"test_\w+\.py$|devtools|pyproject|\.pyc$", name)]


def test_the_wheel_asks_for_what_the_manifest_asks_for(built):
    with zipfile.ZipFile(built) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith("/METADATA")]
        metadata = HeaderParser().parsestr(archive.read(name).decode())
    assert metadata["Name"] == "odoo-addon-openfire_leads"
    assert metadata["Version"].startswith(MANIFEST["version"])
    required = [Requirement(line) for line in metadata.get_all("Requires-Dist")]
    assert {one.name: one.specifier for one in required if one.name != "odoo"} == LISTED
    assert "odoo" in {one.name for one in required}


@pytest.mark.parametrize(
    "names, says",
    [
        (["__init__.py"], "data/x.xml is missing from"),
        (["__init__.py", "data/x.xml", "notes.txt"], "notes.txt has no place in"),
    ],
)
def test_a_wheel_with_other_files_than_the_addon_is_refused(tmp_path, names, says):
    for name in ("__init__.py", "data/x.xml", "pyproject.toml"):
        path = tmp_path / "openfire_leads" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    with zipfile.ZipFile(tmp_path / "x.whl", "w") as archive:
        for name in names:
            archive.writestr(wheel.PLACE + name, "")
        archive.writestr("x.dist-info/METADATA", "")
    with pytest.raises(Failure, match=says):
        wheel.check(tmp_path, tmp_path / "x.whl")
