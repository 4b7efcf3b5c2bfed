"""The lists of Python packages."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from devtools import venv
from devtools.source import Odoo
from devtools.workspace import Workspace


def test_what_would_have_to_be_compiled_is_replaced_or_left_out():
    listed = ["Babel==2.17.0 ; python_version < '3.13'", "psycopg2==2.9.9 ; sys_platform != 'win32'"]
    listed += ["python-ldap==3.4.0", "# x"]
    assert venv.installable("\n".join(listed)).splitlines() == [
        "Babel==2.17.0 ; python_version < '3.13'",
        "psycopg2-binary==2.9.9 ; sys_platform != 'win32'",
        "# x",
    ]


@pytest.mark.parametrize("path", [venv.ODOO, venv.PROJECT, venv.BENCH], ids=lambda path: path.name)
def test_every_package_is_pinned_exactly(path: Path):
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            assert re.match(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.]*( *;.*)?$", line), line


def test_the_addon_s_own_packages_are_in_the_list():
    listed = venv.PROJECT.read_text(encoding="utf-8")
    assert all(f"\n{name}==" in listed for name in ("rapidfuzz", "numpy", "phonenumbers"))


def test_odoo_starts_its_other_processes_by_the_path_it_was_started_by(tmp_path):
    """As Odoo does for live updates with ``--workers`` and for itself with ``--dev reload``, in any folder."""
    odoo = tmp_path / "odoo's folder"
    (odoo / "odoo").mkdir(parents=True)
    (odoo / "odoo/__init__.py").touch()
    (odoo / "odoo/cli.py").write_text(
        "import subprocess, sys\n"
        "def main():\n"
        "    print(sys.argv[1:], flush=True)\n"
        "    if 'gevent' not in sys.argv:\n"
        "        subprocess.check_call([sys.executable, sys.argv[0], 'gevent', *sys.argv[1:]])\n"
    )
    space = Workspace(tmp_path, {"OPENFIRE_DEV_HOME": str(tmp_path / "l'été (1) & $ x")})
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", space.venv], check=True)
    venv.link_odoo(space, Odoo(str(odoo), (), "19.0"))
    done = subprocess.run(
        [space.venv / "bin/odoo", "--workers=2"], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["['--workers=2']", "['gevent', '--workers=2']"]
