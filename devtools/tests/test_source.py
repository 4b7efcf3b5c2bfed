"""Where ``dev`` takes Odoo from: a folder of the user's, or a clone; a local repository stands in for Odoo's."""

import base64
import hashlib
import os
import subprocess

import pytest

from devtools import source
from devtools.console import DiskFull, Failure, NoNetwork, NotToBeHad
from devtools.workspace import Workspace

RELEASE = "FINAL = 'final'\nversion_info = ({}, 0, 0, FINAL, 0, '')\n"


def make_odoo(folder, series=19, layout="addons"):
    """Write the few files by which an Odoo is known."""
    files = {
        "odoo/release.py": RELEASE.format(series),
        "odoo/addons/base/__manifest__.py": "{}",
        f"{layout}/crm/__manifest__.py": "{}",
        "requirements.txt": "Babel==2.17.0\npsycopg2==2.9.9\npython-ldap==3.4.0\n",
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def workspace(tmp_path, **environ):
    space = Workspace(tmp_path / "checkout", {"OPENFIRE_DEV_HOME": str(tmp_path / "home"), **environ})
    space.prepare()
    return space


@pytest.fixture
def repository(tmp_path):
    """A repository with a branch 19.0, as Odoo's public one has."""
    folder = make_odoo(tmp_path / "upstream")
    git = ["git", "-C", str(folder), "-c", "user.name=t", "-c", "user.email=t@example.com"]
    for command in (["init", "-q", "-b", "19.0"], ["add", "-A"], ["commit", "-q", "-m", "Odoo"]):
        subprocess.run([*git, *command], check=True)
    return folder


def test_a_checkout_named_by_the_user_is_used_with_its_own_requirements(tmp_path):
    folder = make_odoo(tmp_path / "odoo19")
    found = source.find(workspace(tmp_path, ODOO_SOURCE=str(folder)))
    assert found.path == str(folder)
    assert found.addons == (str(folder / "odoo/addons"), str(folder / "addons"))
    assert found.requirements == str(folder / "requirements.txt")


def test_the_package_s_folder_itself_may_be_named_too(tmp_path):
    folder = make_odoo(tmp_path / "odoo19")
    assert source.existing(folder / "odoo").path == str(folder)


def test_debian_s_stray_copy_of_the_addons_is_left_out(tmp_path):
    folder = make_odoo(tmp_path / "dist-packages", layout="odoo/addons")
    (folder / "addons/crm").mkdir(parents=True)
    (folder / "addons/crm/__manifest__.py").write_text("{}")
    assert source.existing(folder).addons == (str(folder / "odoo/addons"),)


@pytest.mark.parametrize(
    "break_it, says",
    [
        (lambda folder: (folder / "odoo/release.py").unlink(), "no odoo/release.py"),
        (lambda folder: (folder / "odoo/release.py").write_text(RELEASE.format(18)), "holds Odoo 18.0"),
        (lambda folder: (folder / "addons/crm/__manifest__.py").rename(folder / "gone"), "no addon crm"),
    ],
)
def test_a_folder_that_is_no_complete_odoo_19_is_refused(tmp_path, break_it, says):
    folder = make_odoo(tmp_path / "odoo19")
    (folder / "addons/crm/__manifest__.py").parent.mkdir(exist_ok=True)
    break_it(folder)
    if says == "no addon crm":
        (folder / "addons/crm").rmdir()
    with pytest.raises(Failure, match=says):
        source.existing(folder)


def test_without_debian_s_package_odoo_is_cloned(tmp_path, repository, monkeypatch, capsys):
    def no_package(_workspace):
        raise NotToBeHad("This system has no apt-get.")

    monkeypatch.setattr(source, "from_debian", no_package)
    space = workspace(tmp_path, OPENFIRE_DEV_ODOO_GIT=repository.as_uri())
    found = source.find(space)
    assert found.path == str(space.home / "odoo-git")
    assert found.requirements.endswith("odoo-git/requirements.txt")
    log = subprocess.run(
        ["git", "-C", found.path, "log", "--oneline"], capture_output=True, text=True, check=True
    )
    assert len(log.stdout.splitlines()) == 1
    said = capsys.readouterr().err
    assert "cannot be had from Debian" in said and "with its own requirements" in said
    # the second time nothing is fetched
    subprocess.run(["mv", str(repository), str(tmp_path / "away")], check=True)
    assert source.find(space) == found


@pytest.mark.parametrize(
    "output, says",
    [
        ("E: Write error - write (28: No space left on device)", "disk is full"),
        (
            "Err:1 Could not connect to 127.0.0.1:9 (127.0.0.1). - connect (111: Connection refused)",
            "no network",
        ),
        ("E: The repository is not signed.", "not signed"),
    ],
)
def test_what_may_be_otherwise_next_time_is_no_reason_to_fetch_odoo_elsewhere(
    tmp_path, monkeypatch, output, says
):
    def fails(workspace):
        script = f"echo '{output}'; exit 100"
        source.run_logged(["sh", "-c", script], workspace.logs / "x.log", "fetching")

    monkeypatch.setattr(source, "from_debian", fails)
    monkeypatch.setattr(source, "from_git", lambda _workspace: pytest.fail("it was cloned"))
    with pytest.raises(Failure, match=says):
        source.find(workspace(tmp_path))


@pytest.mark.parametrize(
    "failure, kept",
    [(KeyboardInterrupt(), True), (NoNetwork("x"), True), (DiskFull("x"), False), (OSError(28, "x"), False)],
    ids=lambda value: type(value).__name__,
)
def test_what_was_fetched_is_kept_where_the_next_try_can_go_on_with_it(tmp_path, monkeypatch, failure, kept):
    def fetch(_workspace, _archive, work):
        work.mkdir()
        (work / "half.deb").write_text("half")
        raise failure

    monkeypatch.setattr(source, "debian_archive", lambda: None)
    monkeypatch.setattr(source, "fetch", fetch)
    space = workspace(tmp_path)
    with pytest.raises(type(failure)):
        source.from_debian(space)
    assert (space.home / "odoo.part/half.deb").exists() is kept


def test_a_half_finished_clone_is_begun_anew(tmp_path, repository):
    space = workspace(tmp_path, OPENFIRE_DEV_ODOO_GIT=repository.as_uri())
    (space.home / "odoo-git.part/odoo").mkdir(parents=True)
    (space.home / "odoo-git").mkdir()
    found = source.from_git(space)
    assert source.existing(space.home / "odoo-git").path == found.path
    assert not (space.home / "odoo-git.part").exists()


def test_a_clone_that_fails_ends_in_a_sentence(tmp_path):
    space = workspace(tmp_path, OPENFIRE_DEV_ODOO_GIT=f"file://{tmp_path}/nowhere")
    with pytest.raises(Failure, match="went wrong while cloning"):
        source.from_git(space)


def test_a_download_that_was_tampered_with_is_refused(tmp_path, monkeypatch):
    space = workspace(tmp_path)
    work = tmp_path / "work"
    work.mkdir()
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\necho tampered > mediapipe-selfie_segmentation-1.tgz\n")
    npm.chmod(0o755)
    monkeypatch.setattr(source.system, "need_program", lambda *_arguments: str(npm))
    with pytest.raises(Failure, match="not the one this project was tested with"):
        source.add_selfie(space, tmp_path / "selfie_segmentation.js", work)
    assert not (tmp_path / "selfie_segmentation.js").exists()


def test_the_file_from_npm_is_put_in_its_place(tmp_path, monkeypatch):
    space = workspace(tmp_path)
    work = tmp_path / "work"
    (work / "package").mkdir(parents=True)
    (work / "package/selfie_segmentation.js").write_text("js")
    tarball = work / "mediapipe-selfie_segmentation-1.tgz"
    subprocess.run(["tar", "-czf", tarball, "-C", work, "package"], check=True)
    digest = base64.b64encode(hashlib.sha512(tarball.read_bytes()).digest()).decode()
    monkeypatch.setattr(source, "SELFIE_SHA512", digest)
    monkeypatch.setattr(source.system, "need_program", lambda *_arguments: "true")
    target = tmp_path / "addons" / source.SELFIE
    source.add_selfie(space, target, work)
    assert target.read_text() == "js"


def test_a_dead_link_in_the_package_is_noticed(tmp_path):
    os.symlink("nowhere", tmp_path / "jquery.js")
    with pytest.raises(Failure, match=r"lacks what jquery\.js links to"):
        source.complete_links(tmp_path)


class FakeApt:
    def __init__(self, version):
        self.version = version

    def download(self, packages, folder):
        if "=" in packages[0] and packages[0] != f"odoo-19={self.version}":
            raise NotToBeHad("not found")
        deb = folder / f"odoo-19_{self.version}_all.deb"
        deb.write_bytes(b"deb")
        return [deb]


def test_a_newer_19_0_of_debian_s_is_taken_with_a_note(tmp_path, capsys):
    deb, version = source.download_odoo(FakeApt("19.0.1+dfsg-2"), tmp_path)
    assert version == "19.0.1+dfsg-2" and deb.exists()
    assert "Debian now has Odoo 19.0.1+dfsg-2" in capsys.readouterr().err


def test_another_series_of_debian_s_is_not_taken(tmp_path):
    with pytest.raises(NotToBeHad, match=r"now has Odoo 20\.0"):
        source.download_odoo(FakeApt("20.0.0+dfsg-1"), tmp_path)


def test_the_pinned_version_must_be_the_very_package(tmp_path):
    with pytest.raises(Failure, match="not the one"):
        source.download_odoo(FakeApt(source.DEBIAN_VERSION), tmp_path)
