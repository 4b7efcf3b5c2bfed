"""The folder of PostgreSQL's sockets."""

import shlex
import tempfile

import pytest

from devtools.postgres import Cluster
from devtools.workspace import Workspace, free_port


@pytest.fixture
def cluster(tmp_path, monkeypatch):
    """A cluster whose programs only note what they are called with; its user may enter every folder."""

    def make(name):
        space = Workspace(tmp_path, {"OPENFIRE_DEV_HOME": str(tmp_path / name)})
        space.prepare()
        made = Cluster(space)
        made.calls = []
        monkeypatch.setattr(Cluster, "user", None)
        monkeypatch.setattr(made, "run", lambda *call: made.calls.append(call) or NoError)
        monkeypatch.setattr(made, "make_role", lambda: None)
        made.choose_folders()
        return made

    return make


class NoError:
    returncode = 0


def test_the_folder_of_the_sockets_reaches_the_server_whole(cluster):
    made, port = cluster("home"), free_port()
    folder = made.workspace.home / "l'été (1) & #2"
    made.workspace.remember(pg_sockets=str(folder))
    made.start(port)
    options = made.calls[0][made.calls[0].index("-o") + 1]
    assert shlex.split(options) == ["-p", str(port), "-k", str(folder)]


def test_a_path_too_long_for_a_socket_in_bytes_is_given_a_shorter_one(cluster, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    room = 85 - len(str(tmp_path)) - len("/pg-socket")
    made = cluster("é" * (room // 2 + 2))
    assert len(str(made.workspace.home / "pg-socket")) <= 85, "it would do were it ASCII"
    assert made.sockets.name.startswith("openfire-dev-")


@pytest.mark.parametrize(
    "log, full",
    [
        (
            "LOG:  starting PostgreSQL 15\nFATAL:  could not write: No space left on device\nLOG:  shut down\n",
            True,
        ),
        ("FATAL:  No space left on device\nLOG:  starting PostgreSQL 15\nFATAL:  bad configuration\n", False),
    ],
    ids=["this time", "an earlier time"],
)
def test_a_server_that_does_not_start_for_a_full_disk_says_so(cluster, tmp_path, log, full):
    (tmp_path / "server.log").write_text(log)
    said = cluster("home").why_not(tmp_path / "server.log")
    assert ("the disk is full" in said) is full
    assert full or "bad configuration" in said
