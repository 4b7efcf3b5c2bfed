"""The data folder, ports, and failures told in one sentence."""

import errno
import json
import os
import shutil
import socket
import subprocess
import sys
from collections import namedtuple

import pytest

from devtools import cli, process, server
from devtools.console import Failure, NoNetwork
from devtools.workspace import Workspace, free_port, port_is_free, removed_unless_done, tree_digest

ROOT = cli.ROOT


@pytest.fixture
def space(tmp_path):
    made = Workspace(tmp_path, {"OPENFIRE_DEV_HOME": str(tmp_path / "home")})
    made.prepare()
    return made


def test_the_data_folder_is_in_the_checkout_unless_told_otherwise(tmp_path):
    assert Workspace(tmp_path, {}).home == tmp_path / ".dev"
    assert Workspace(tmp_path, {"OPENFIRE_DEV_HOME": "/srv/x"}).home.as_posix() == "/srv/x"


def test_what_is_remembered_can_be_forgotten(space):
    space.remember(pg_port=5433, server={"pid": 1})
    space.remember(server=None)
    assert space.state == {"pg_port": 5433}
    assert json.loads((space.home / "state.json").read_text()) == {"pg_port": 5433}


def test_a_damaged_memory_is_taken_for_an_empty_one(space):
    (space.home / "state.json").write_text("{half")
    assert space.state == {}


def test_a_folder_that_cannot_be_made_ends_in_a_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Failure, match="choose another with OPENFIRE_DEV_HOME"):
        Workspace(tmp_path, {"OPENFIRE_DEV_HOME": str(tmp_path / "file/home")}).prepare()


def test_a_full_disk_is_told_before_anything_is_fetched(tmp_path, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(10**9, 10**9, 1000))
    with pytest.raises(Failure, match="Less than 3 GB are free"):
        Workspace(tmp_path, {}).prepare()


def test_room_is_asked_for_what_is_still_to_be_made(tmp_path):
    space = Workspace(tmp_path, {"ODOO_SOURCE": "/srv/odoo"})
    without_odoo = space.room_needed()
    assert without_odoo < Workspace(tmp_path, {}).room_needed()
    space.venv.mkdir(parents=True)
    (space.venv / "complete").touch()
    assert 0 < space.room_needed() < without_odoo
    space.remember(pg_made=True)
    assert space.room_needed() == 0


@pytest.mark.parametrize(
    "name", ["a,b", "a:b", "a[1]", "what?", "a*", "$HOME", 'a"b', "a`b", "a\\b", "a\nb", "a "]
)
@pytest.mark.parametrize("checkout", [True, False], ids=["checkout", "data folder"])
def test_a_path_that_odoo_cannot_be_run_from_is_told_at_once(tmp_path, name, checkout):
    odd, home = tmp_path / name, tmp_path / "home"
    space = Workspace(
        *(odd, {"OPENFIRE_DEV_HOME": str(home)}) if checkout else (tmp_path, {"OPENFIRE_DEV_HOME": str(odd)})
    )
    with pytest.raises(Failure, match="Odoo cannot be run from a path with") as failed:
        space.prepare()
    assert ("move the checkout" in str(failed.value)) is checkout
    assert "\n" not in str(failed.value)
    assert not home.exists() and not odd.exists()


def test_a_path_with_blanks_and_accents_is_fine(tmp_path):
    Workspace(tmp_path, {"OPENFIRE_DEV_HOME": str(tmp_path / "l'été (1) & #2 100 %")}).prepare()


def test_a_link_to_an_odd_path_is_followed(tmp_path):
    (tmp_path / "a,b").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "a,b")
    with pytest.raises(Failure, match="choose another with OPENFIRE_DEV_HOME"):
        Workspace(tmp_path, {"OPENFIRE_DEV_HOME": str(tmp_path / "link")}).prepare()


@pytest.mark.parametrize("error", [KeyboardInterrupt, NoNetwork, OSError])
@pytest.mark.parametrize("go_on", [True, False])
def test_half_of_a_work_is_kept_only_where_the_next_try_goes_on_with_it(tmp_path, error, go_on):
    half = tmp_path / "half"
    half.mkdir()
    with pytest.raises(error), removed_unless_done(half, go_on=go_on):
        raise error
    assert half.exists() is (go_on and error is not OSError)
    half.mkdir(exist_ok=True)
    with removed_unless_done(half):
        pass
    assert half.exists()


@pytest.mark.parametrize("text", ["80", "abc", "-1", "70000"])
def test_a_wrong_port_is_refused(tmp_path, text):
    with pytest.raises(Failure, match="OPENFIRE_DEV_HTTP_PORT"):
        Workspace(tmp_path, {"OPENFIRE_DEV_HTTP_PORT": text})


def test_a_taken_port_is_seen():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert not port_is_free(taken.getsockname()[1])
    assert port_is_free(free_port())


def test_the_sources_digest_follows_contents_and_names_only(tmp_path):
    folder = tmp_path / "addon"
    folder.mkdir()
    (folder / "a.py").write_text("1")
    first = tree_digest(folder)
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__/a.pyc").write_text("x")
    os.utime(folder / "a.py", (0, 0))
    assert tree_digest(folder) == first
    (folder / "a.py").rename(folder / "b.py")
    assert tree_digest(folder) != first


@pytest.mark.parametrize(
    "output, says",
    [
        ("E: Failed to fetch … Temporary failure resolving 'x'", "no network"),
        ("fatal: unable to access: Could not resolve host: x", "no network"),
        ("npm error code ENOTFOUND", "no network"),
        (
            "Err:1 Could not connect to 127.0.0.1:9 (127.0.0.1). - connect (111: Connection refused)",
            "no network",
        ),
        ("E: Unable to connect to 127.0.0.1:9:", "no network"),
        (
            "fatal: Failed to connect to github.example port 443 after 0 ms: Couldn't connect to server",
            "no network",
        ),
        ("ProxyError('Cannot connect to proxy.', OSError())", "no network"),
        ("npm ERR! code SELF_SIGNED_CERT_IN_CHAIN\nnpm ERR!  /x/debug.log", "certificate is not trusted"),
        ("SSLCertVerificationError: certificate verify failed: unable to get local issuer", "is not trusted"),
        ("Err:1 Certificate verification failed: The certificate is NOT trusted.", "is not trusted"),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("first\nE: Broken packages\n", '"E: Broken packages"'),
        (
            'Traceback (most recent call last):\n  File "x"\nsome.errors.SyntaxError: near "x"\nLINE 1: x\n'
            "2026-01-01 INFO x odoo.sql_db: Closed 1 connections\n",
            '"some.errors.SyntaxError: near "x""',
        ),
        ("", "went wrong while fetching"),
    ],
)
def test_a_program_s_failure_is_told_in_one_sentence(output, says, tmp_path):
    told = process.explain(output, "fetching", tmp_path / "log")
    assert says in told and "\n" not in told and "log" in told


def test_a_failing_program_keeps_its_output_in_the_log(tmp_path):
    log = tmp_path / "logs/x.log"
    with pytest.raises(Failure, match=r'"boom"; read .*x\.log'):
        process.run_logged(["sh", "-c", "echo boom; exit 3"], log, "trying")
    assert "boom" in log.read_text()


def test_a_missing_program_is_named(tmp_path):
    with pytest.raises(Failure, match="no-such-program is missing"):
        process.run_logged(["no-such-program"], tmp_path / "x.log", "trying")


def test_a_process_is_known_by_pid_and_start():
    assert process.process_start(os.getpid()) == process.process_start(os.getpid())
    child = subprocess.Popen(["true"])
    child.wait()
    assert process.process_start(child.pid) is None


def test_another_program_with_the_server_s_pid_is_not_taken_for_it(space):
    mine = {"pid": os.getpid(), "started": process.process_start(os.getpid()), "port": 1, "database": "demo"}
    space.remember(server=mine)
    assert server.running(space) == mine
    space.remember(server={**mine, "started": mine["started"] - 1})
    assert server.running(space) is None
    assert server.stop(space) is False


def test_a_taken_web_port_names_the_way_out(space):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        space.http_port = taken.getsockname()[1]
        databases = namedtuple("Databases", "workspace")(space)
        with pytest.raises(Failure, match=r"is taken .* OPENFIRE_DEV_HTTP_PORT=\d+ \./dev run"):
            server.serve(databases)


def test_a_taken_web_port_is_told_before_anything_is_fetched(space, monkeypatch):
    monkeypatch.setattr(cli, "set_up", lambda _workspace: pytest.fail("it was set up"))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        space.http_port = taken.getsockname()[1]
        with pytest.raises(Failure, match="is taken"):
            cli.run(space, [])


# The command itself ----------------------------------------------------------


def dev(*arguments, **environ):
    return subprocess.run(
        [sys.executable, str(ROOT / "dev"), *arguments],
        env={**os.environ, **environ},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_lists_every_verb():
    done = dev("help")
    assert done.returncode == 0
    assert all(f"./dev {verb}" in done.stdout for verb in cli.VERBS)


def test_an_unknown_verb_is_refused_in_one_line():
    done = dev("rum")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)


def test_stop_with_nothing_running_is_fine(tmp_path):
    done = dev("stop", OPENFIRE_DEV_HOME=str(tmp_path / "none"))
    assert (done.returncode, "Nothing runs" in done.stderr) == (0, True)
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    "environ, says",
    [
        ({"OPENFIRE_DEV_HTTP_PORT": "x"}, "no port"),
        ({"ODOO_SOURCE": "/nonexistent"}, "no odoo/release.py"),
        ({"OPENFIRE_DEV_HOME": "/dev/null/x"}, "cannot be made"),
    ],
)
def test_a_failure_is_one_sentence_and_exit_code_1(tmp_path, environ, says):
    done = dev("exec", "true", **{"OPENFIRE_DEV_HOME": str(tmp_path / "home"), **environ})
    last = done.stderr.strip().splitlines()[-1]
    assert done.returncode == 1
    assert last.startswith("dev: ") and says in last and "Traceback" not in done.stderr


def test_a_disk_that_fills_up_meanwhile_is_told_too(monkeypatch, capsys, tmp_path):
    def full(_workspace, _arguments):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setitem(cli.VERBS, "run", full)
    monkeypatch.setenv("OPENFIRE_DEV_HOME", str(tmp_path / "home"))
    assert cli.main(["run"]) == 1
    assert "disk is full" in capsys.readouterr().err


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS])
def test_what_another_user_left_in_the_data_folder_is_told(monkeypatch, capsys, tmp_path, number):
    def fails(workspace, _arguments):
        raise OSError(number, os.strerror(number), str(workspace.home / "lock"))

    monkeypatch.setitem(cli.VERBS, "run", fails)
    monkeypatch.setenv("OPENFIRE_DEV_HOME", str(tmp_path / "home"))
    assert cli.main(["run"]) == 1
    said = capsys.readouterr().err
    assert f"{tmp_path}/home/lock cannot be written to" in said
    assert "choose another data folder with OPENFIRE_DEV_HOME" in said and said.count("\n") == 1
