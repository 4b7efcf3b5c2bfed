"""Which source of Debian packages ``dev`` derives its own from."""

import pytest

from devtools.apt import (
    PrivateApt,
    Source,
    debian_source,
    parse_deb822,
    parse_one_line,
    private_sources,
    system_sources,
)
from devtools.console import Failure, NotToBeHad

KEY = "/usr/share/keyrings/debian-archive-keyring.gpg"
ONE_LINE = f"""\
# the archive
deb [arch=amd64 signed-by={KEY}] https://mirror.example/debian bookworm main contrib # ours
deb-src https://mirror.example/debian bookworm main
deb https://security.example/debian-security bookworm-security main
"""
DEB822 = f"""\
Types: deb deb-src
# a comment in between
URIs: https://mirror.example/debian
Suites: bookworm
 bookworm-updates
Components: main
Signed-By: {KEY}

Types: deb
URIs: https://vendor.example/tools
Suites: nodistro
Components: main

Types: deb-src
URIs: https://mirror.example/debian
Suites: bookworm
Components: main
"""


def test_one_line_entries_are_read_with_their_options():
    archive, security = parse_one_line(ONE_LINE)
    assert archive == Source(("https://mirror.example/debian",), ("bookworm",), ("main", "contrib"), KEY)
    assert security.suites == ("bookworm-security",)


def test_stanzas_are_read_with_values_over_several_lines():
    archive, vendor = parse_deb822(DEB822)
    assert archive == Source(
        ("https://mirror.example/debian",), ("bookworm", "bookworm-updates"), ("main",), KEY
    )
    assert vendor.uris == ("https://vendor.example/tools",)


def test_an_inlined_key_is_kept_whole():
    (source,) = parse_deb822(
        "Types: deb\nURIs: u\nSuites: sid\nComponents: main\nSigned-By:\n -----BEGIN\n .\n abc\n"
    )
    assert source.signed_by == "\n -----BEGIN\n .\n abc"
    assert "Signed-By: \n -----BEGIN\n .\n abc\n" in private_sources(source, ["sid"])


@pytest.mark.parametrize("parse, text", [(parse_one_line, ONE_LINE), (parse_deb822, DEB822)])
def test_debian_s_own_archive_is_chosen(parse, text):
    assert debian_source(parse(text)).uris == ("https://mirror.example/debian",)


def test_security_updates_and_other_vendors_are_not_taken_for_the_archive():
    others = [source for source in parse_one_line(ONE_LINE) if source.suites != ("bookworm",)]
    others += parse_deb822("Types: deb\nURIs: u\nSuites: noble\nComponents: main\n")
    with pytest.raises(Failure, match="no source of Debian"):
        debian_source(others)


def test_a_disabled_source_is_not_used():
    with pytest.raises(Failure):
        debian_source(parse_deb822(DEB822.replace("Types: deb deb-src", "Enabled: no\nTypes: deb")))


def test_the_private_source_differs_in_its_suite_only():
    (archive, _other) = parse_one_line(ONE_LINE)
    assert private_sources(archive, ["sid"]) == (
        f"Types: deb\nURIs: https://mirror.example/debian\nSuites: sid\nComponents: main\nSigned-By: {KEY}\n"
    )


def test_both_formats_are_found_where_apt_keeps_them(tmp_path):
    (tmp_path / "sources.list").write_text(ONE_LINE)
    (tmp_path / "sources.list.d").mkdir()
    (tmp_path / "sources.list.d" / "debian.sources").write_text(DEB822)
    (tmp_path / "sources.list.d" / "old.list.save").write_text(ONE_LINE)
    assert len(system_sources(tmp_path)) == 4


def test_a_machine_without_sources_says_so(tmp_path):
    with pytest.raises(Failure):
        debian_source(system_sources(tmp_path))


@pytest.fixture
def private(tmp_path, monkeypatch):
    """A private apt whose apt-get is a script of the test's."""

    def make(script):
        program = tmp_path / "apt-get"
        program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
        return PrivateApt(tmp_path / "a folder é", parse_deb822(DEB822)[0], "sid", tmp_path / "logs")

    return make


@pytest.mark.parametrize(
    "said",
    [
        "E: Unable to locate package odoo-19",
        "E: Version '19.0.0+dfsg-1' for 'odoo-19' was not found",
        "E: The repository 'x sid Release' does not have a Release file.",
    ],
)
def test_what_the_archive_lacks_is_told_from_what_fails(private, said):
    with pytest.raises(NotToBeHad):
        private(f'echo "{said}"; exit 100').update()


def test_an_archive_that_cannot_be_reached_may_still_have_it(private):
    with pytest.raises(Failure, match="no network") as failed:
        private('echo "E: Unable to connect to x:80"; exit 100').update()
    assert not isinstance(failed.value, NotToBeHad)


def test_only_what_was_asked_for_is_returned_of_a_folder_with_older_files(private, tmp_path):
    # as apt-get does: of a file that is complete in its folder it prints nothing
    script = """case "$*" in *--print-uris*) [ -e a_1.deb ] || echo "'http://x/a_1.deb' a_1.deb 12 SHA256:0";; esac"""
    folder = tmp_path / "debs"
    folder.mkdir()
    for name in ("a_0.deb", "a_1.deb"):
        (folder / name).touch()
    assert private(script).download(["a"], folder) == [folder / "a_1.deb"]
