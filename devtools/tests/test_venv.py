"""The lists of Python packages."""

import re
from pathlib import Path

import pytest

from devtools import venv


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
