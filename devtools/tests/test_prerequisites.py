"""What a machine lacks is told, or installed, all at once and before anything is fetched; so are dead proxies."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from devtools import cli, environment, postgres, prerequisites, proxies, source, system
from devtools.console import Failure
from devtools.workspace import Workspace, free_port

EVERY_WISH = {prerequisites.BROWSER, prerequisites.JAVASCRIPT}


@pytest.fixture
def space(tmp_path):
    made = Workspace(tmp_path / "checkout", {"OPENFIRE_DEV_HOME": str(tmp_path / "home")})
    made.prepare()
    return made


@pytest.fixture
def machine(monkeypatch, tmp_path):
    """A machine with these programs only; a Debian unless ``apt-get`` is none of them."""

    def make(*programs):
        folder = tmp_path / "bin"
        folder.mkdir()
        for name in programs:
            (folder / name).write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
            (folder / name).chmod(0o755)
        monkeypatch.setenv("PATH", str(folder))
        monkeypatch.setattr(postgres, "find_bin", lambda _version: None)
        monkeypatch.setattr(system, "is_root", lambda: False)
        monkeypatch.setattr(source.apt, "debian_source", lambda _sources: None)
        can_not = (sys.executable, "-c", "raise SystemExit(1)")
        run = subprocess.run
        monkeypatch.setattr(subprocess, "run", lambda _command, **options: run(can_not, **options))

    return make


def refused(space, wishes=frozenset()):
    with pytest.raises(Failure) as failed:
        prerequisites.ensure(space, wishes)
    return str(failed.value)


def test_all_that_is_missing_is_told_with_one_command_that_installs_it(space, machine):
    machine("apt-get", "sudo")
    venv = f"python3.{sys.version_info[1]}-venv"
    assert refused(space, EVERY_WISH) == (
        "Python's venv module, PostgreSQL, dpkg-deb, npm and Chromium are missing and only root can install: "
        f"run `sudo apt-get update && sudo apt-get install -y {venv} postgresql dpkg npm chromium`, "
        "then this command again."
    )


def test_where_there_is_no_sudo_the_command_is_root_s(space, machine):
    machine("apt-get", "dpkg-deb", "npm", "node")
    assert "as root, run `apt-get update && apt-get install -y python3" in refused(space)


def test_a_browser_is_asked_for_by_the_tests_only(space, machine):
    machine("apt-get", "sudo")
    assert "Chromium" not in refused(space)
    assert "Chromium" in refused(space, {prerequisites.BROWSER})


def test_git_is_asked_for_only_where_odoo_is_cloned(space, machine):
    machine("apt-get", "sudo")
    assert "git" not in refused(space)


def test_another_system_is_asked_for_git_and_not_for_what_debian_s_package_needs(space, machine):
    machine()
    said = refused(space)
    assert "git are missing: install with this system's package manager" in said
    assert "npm" not in said and "dpkg" not in said


def test_an_odoo_of_one_s_own_needs_neither_git_nor_npm(space, machine):
    machine("apt-get", "sudo")
    space.environ["ODOO_SOURCE"] = "/srv/odoo"
    assert "venv module and PostgreSQL are missing" in refused(space)


def test_the_wanted_version_of_postgresql_is_installed(space, machine):
    machine("apt-get", "sudo")
    space.pg_version = 13
    assert "postgresql-13 " in refused(space)


def test_root_installs_all_of_it_at_one_go(space, machine, monkeypatch):
    machine("apt-get", "dpkg-deb", "npm", "node")
    monkeypatch.setattr(system, "is_root", lambda: True)
    ran = []
    monkeypatch.setattr(system, "run_logged", lambda command, *_rest: ran.append(command[5:]))
    monkeypatch.setattr(system, "CREATE_CLUSTER", space.home / "createcluster.conf")
    assert "is not found although it is installed" in refused(space)
    venv = f"python3.{sys.version_info[1]}-venv"
    assert [command for command in ran if "postgresql-common" not in command] == [
        ["update"],
        ["install", "-y", "--no-install-recommends", venv, "postgresql"],
    ]
    assert "create_main_cluster" not in (space.home / "createcluster.conf").read_text(encoding="utf-8")


def test_nothing_is_fetched_before_what_is_missing_is_told(space, machine, monkeypatch):
    machine("apt-get", "sudo")
    for name in ("find", "from_debian", "from_git"):
        monkeypatch.setattr(source, name, lambda _workspace: pytest.fail("it was fetched"))
    with pytest.raises(Failure, match="are missing"):
        environment.set_up(space)


def test_the_newest_postgresql_is_used_unless_a_version_is_wanted(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path / "none"))
    for version in (12, 13, 16):
        program = tmp_path / str(version) / "bin" / "postgres"
        program.parent.mkdir(parents=True)
        program.touch()
    assert postgres.find_bin(folder=tmp_path) == tmp_path / "16/bin"
    assert postgres.find_bin(13, folder=tmp_path) == tmp_path / "13/bin"
    assert postgres.find_bin(15, folder=tmp_path) is None


def test_databases_of_another_postgresql_are_not_started_by_the_wanted_one(space, monkeypatch):
    (space.home / "pg").mkdir()
    (space.home / "pg/PG_VERSION").write_text("15\n")
    monkeypatch.setattr(postgres, "find_bin", lambda version: Path(f"/{version}/bin"))
    cluster = postgres.Cluster(space)
    cluster.use_its_version()
    assert cluster.bin == Path("/15/bin")
    space.pg_version = 16
    with pytest.raises(Failure, match=r"made by PostgreSQL 15, not by 16: run \./dev stop"):
        cluster.use_its_version()


# Proxies ---------------------------------------------------------------------


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "http_proxy", "ALL_PROXY"])
def test_a_proxy_that_does_not_answer_is_named(name):
    port = free_port()
    with pytest.raises(Failure, match=rf"127\.0\.0\.1:{port}, which {name} names, .* or unset {name}\."):
        proxies.check({name: f"http://user:secret@127.0.0.1:{port}/"})


def test_what_is_no_proxy_s_address_is_refused_without_a_word_of_its_password():
    with pytest.raises(Failure, match=r"^https_proxy holds no address of a proxy") as failed:
        proxies.check({"https_proxy": "http://user:secret@proxy:port"})
    assert "secret" not in str(failed.value)


def test_a_proxy_that_answers_is_fine():
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        proxies.check({"HTTP_PROXY": f"127.0.0.1:{proxy.getsockname()[1]}", "NO_PROXY": "localhost"})


def test_a_dead_proxy_is_told_in_the_first_second(tmp_path):
    environ = {
        **os.environ,
        "OPENFIRE_DEV_HOME": str(tmp_path),
        "HTTPS_PROXY": f"http://127.0.0.1:{free_port()}",
    }
    done = subprocess.run(
        [sys.executable, str(cli.ROOT / "dev"), "exec", "true"],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("dev: The proxy 127.0.0.1:") and done.stderr.count("\n") == 1
