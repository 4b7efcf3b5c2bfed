"""A PostgreSQL of one's own, to be killed and filled up: its databases are copies, its folder is a temporary one."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from devtools.postgres import ROLE, Cluster
from devtools.workspace import Workspace

# what is committed is there after a crash, unlike in a cluster of tests; and little room is taken up beforehand
SETTINGS = """
synchronous_commit = on
full_page_writes = on
max_wal_size = 64MB
min_wal_size = 32MB
restart_after_crash = on
"""


class OwnPostgres:
    """A cluster in a folder of its own; as a context manager it is made, and removed at the end.

    :param home: the folder of one that another process has made; a new one if None
    :param room: megabytes of the file system that it is made on, whatever there is if None; only for root
    """

    def __init__(self, home=None, room=None):
        self.made, self.room = not home, room
        self.home = Path(home or tempfile.mkdtemp(prefix="openfire-faults-"))
        workspace = Workspace(self.home, {"OPENFIRE_DEV_HOME": str(self.home)})
        self.cluster = Cluster(workspace)
        self.cluster.bin = Path(workspace.state["pg_bin"]) if home else None

    def __enter__(self):
        self.home.chmod(0o755)
        if self.room:
            subprocess.run(
                ["mount", "-t", "tmpfs", "-o", f"size={self.room}m", "tmpfs", self.home], check=True
            )
            self.home.chmod(0o755)
        try:
            self.cluster.ensure()
            self.cluster.stop()
            with (self.cluster.folder / "postgresql.conf").open("a", encoding="utf-8") as conf:
                conf.write(SETTINGS)
            self.cluster.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_error):
        self.cluster.stop()
        if self.room:
            subprocess.run(
                ["umount", "--lazy", self.home], check=True
            )  # its last process may be about to end
        shutil.rmtree(self.home, ignore_errors=True)

    def options(self):
        """Return the options by which Odoo uses this cluster, and keeps its files beside it."""
        return [
            f"--db_host={self.cluster.sockets}",
            f"--db_port={self.cluster.port}",
            f"--data-dir={self.home / 'data'}",
        ]

    def bring(self, source, target):
        """Copy a database of the cluster of ``./dev``."""
        dump = self.home / "dump"
        dump.parent.mkdir(exist_ok=True)
        subprocess.run(["pg_dump", "-Fc", "-f", dump, source], check=True)
        self.cluster.sql(f'CREATE DATABASE "{target}" OWNER {ROLE}', user="postgres")
        own = {**os.environ, **self.cluster.environment(), "PGUSER": "postgres"}
        restore = ["pg_restore", "--no-owner", f"--role={ROLE}", "-d", target, dump]
        subprocess.run(restore, check=True, env=own)
        dump.unlink()

    def copy(self, source, target):
        self.drop(target)
        self.cluster.sql(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')
        # a copied sequence counts on as far as its template had written ahead, and after a crash before the next
        # checkpoint PostgreSQL has it begin anew
        self.cluster.sql("CHECKPOINT", user="postgres")

    def drop(self, database):
        self.cluster.sql(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    # Faults

    def kill(self):
        """End the server at once, as if the machine had lost its power, and all its processes."""
        pid = int((self.cluster.folder / "postmaster.pid").read_text(encoding="ascii").split()[0])
        os.kill(pid, signal.SIGKILL)
        while Path(f"/proc/{pid}").exists():
            time.sleep(0.01)

    def bring_up(self):
        """Start the server where it is down, and wait until it has recovered."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if not self.cluster.is_running():
                self.cluster.run(
                    "pg_ctl", "-D", self.cluster.folder, "-l", self.cluster.folder / "server.log", "-w",
                    "-o", f"-p {self.cluster.port} -k {self.cluster.sockets}", "start",
                )  # fmt: skip
            if not self.cluster.run(
                "pg_isready", "-h", self.cluster.sockets, "-p", self.cluster.port
            ).returncode:
                return
            time.sleep(0.1)
        raise TimeoutError("PostgreSQL does not come up again")

    def fill_up(self, left):
        """Leave so many kilobytes free on the file system."""
        with self.ballast.open("wb", buffering=0) as ballast:
            block, size = bytes(1024 * 1024), 0
            with suppress(OSError):  # there is no room left
                while True:
                    size += ballast.write(block)
            ballast.truncate(max(size - left * 1024, 0))

    def make_room(self):
        self.ballast.unlink(missing_ok=True)

    @property
    def ballast(self):
        return self.home / "ballast"
