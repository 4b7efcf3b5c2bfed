"""A private PostgreSQL cluster in the data folder. Its databases are throw-away: it trades safety for speed."""

import os
import pwd
import re
import secrets
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path

from .console import DiskFull, Failure, say, step
from .process import NO_SPACE, as_user, group_of, is_root, run_logged
from .workspace import digest, free_port, port_is_free, remove, removed_unless_done

OLDEST = 13  # what Odoo 19 asks for
ROLE = "odoo"
SUPERUSER = "postgres"
SETTINGS = """
# Throw-away data: a crash of the machine may lose it, and that is what makes it fast.
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 2GB
shared_buffers = 256MB
work_mem = 16MB
maintenance_work_mem = 256MB
jit = off
max_connections = 100
listen_addresses = '127.0.0.1'
"""
# Sockets lie in a folder that only the cluster's user (and root) can enter.
ACCESS = "local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n"


class Cluster:
    """The cluster of a workspace."""

    def __init__(self, workspace):
        self.workspace = workspace
        self.bin = None

    # where things are

    @property
    def folder(self):
        return Path(self.workspace.state.get("pg_folder") or self.workspace.home / "pg")

    @property
    def sockets(self):
        return Path(self.workspace.state.get("pg_sockets") or self.workspace.home / "pg-socket")

    @property
    def port(self):
        return self.workspace.state.get("pg_port")

    @property
    def password(self):
        return self.workspace.state.get("pg_password", "")

    @property
    def user(self):
        """Who runs the server: PostgreSQL refuses root."""
        if not is_root():
            return None
        for name in ("postgres", "nobody"):
            try:
                return pwd.getpwnam(name).pw_name
            except KeyError:
                continue
        raise Failure(
            "PostgreSQL refuses to run as root and there is no other user: create one named postgres."
        )

    def environment(self):
        """Return the PG* variables that lead clients to this cluster."""
        return {
            "PGHOST": str(self.sockets),
            "PGPORT": str(self.port),
            "PGUSER": ROLE,
            "PGPASSWORD": self.password,
        }

    # life

    def ensure(self):
        """Make and start what is missing."""
        self.bin = find_bin(self.workspace.pg_version)
        if not self.is_made():
            with step("Making a private PostgreSQL cluster"):
                self.make()
        else:
            self.use_its_version()
        wanted = self.workspace.pg_port
        if self.is_running():
            if wanted in (None, self.port):
                return
            self.stop()
        self.start(wanted)

    def is_made(self):
        return bool(self.workspace.state.get("pg_made")) and (self.folder / "PG_VERSION").exists()

    def use_its_version(self):
        """See that a cluster is run by the version that made it, though the machine has got others since.

        :raise Failure: that version is not the wanted one, or not there any more
        """
        made_by = int((self.folder / "PG_VERSION").read_text(encoding="ascii"))
        self.bin = find_bin(made_by)
        if self.workspace.pg_version in (None, made_by) and self.bin:
            return
        why = "which is not there any more" if not self.bin else f"not by {self.workspace.pg_version}"
        raise Failure(
            f"The databases in {self.workspace.home} were made by PostgreSQL {made_by}, {why}: "
            "run ./dev stop, then choose another data folder with OPENFIRE_DEV_HOME or remove this one."
        )

    def is_running(self):
        """Tell whether the server of this very folder runs (not one that has got the same pid)."""
        if not self.is_made() or not self.bin:
            return False
        status = self.run("pg_ctl", "-D", self.folder, "status")
        return status.returncode == 0

    def make(self):
        self.choose_folders()
        remove(self.folder)
        initdb = [self.bin / "initdb", "-D", self.folder, "-U", SUPERUSER, "-E", "UTF8"]
        initdb += ["--locale=C.UTF-8", "--auth=trust"]
        log, what = self.workspace.logs / "initdb.log", "making the database cluster"
        with removed_unless_done(self.folder):
            self.own(self.folder)
            run_logged(initdb, log, what, cwd="/", user=self.user)
        with (self.folder / "postgresql.conf").open("a", encoding="utf-8") as conf:
            conf.write(SETTINGS)
        (self.folder / "pg_hba.conf").write_text(ACCESS, encoding="utf-8")
        self.workspace.remember(
            pg_made=True,
            pg_folder=str(self.folder),
            pg_password=secrets.token_urlsafe(16),
            pg_bin=str(self.bin),
        )

    def choose_folders(self):
        """Keep the cluster in the data folder, unless the user that runs it cannot get there."""
        home, user = self.workspace.home, self.user
        name = f"openfire-dev-{digest(str(home))}"
        folder = home / "pg"
        if user and not reachable(home, user):
            folder = Path("/var/lib") / name
            say(f"Note: the user {user} cannot reach {home}, so the cluster lies in {folder}.")
        sockets = folder.parent / "pg-socket" if folder.parent == home else folder.with_name(name + "-socket")
        # A socket's path is limited to 107 bytes.
        if len(os.fsencode(sockets)) > 85:
            sockets = Path(tempfile.mkdtemp(prefix="openfire-dev-"))
        self.workspace.remember(pg_folder=str(folder), pg_sockets=str(sockets), pg_made=None)

    def own(self, folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.user:
            os.chown(folder, pwd.getpwnam(self.user).pw_uid, group_of(self.user))

    def start(self, wanted=None):
        """Start the server on the wanted port, or on the one used before, or on a free one."""
        port = wanted or self.port or free_port()
        if not port_is_free(port):
            if wanted:
                raise Failure(
                    f"Port {port} is taken: choose another for PostgreSQL with OPENFIRE_DEV_PG_PORT."
                )
            port = free_port()
        self.own(self.sockets)
        log = self.folder / "server.log"
        # pg_ctl hands this to a shell
        options = shlex.join(["-p", str(port), "-k", str(self.sockets)])
        with step(f"Starting PostgreSQL on port {port}"):
            started = self.run(
                "pg_ctl", "-D", self.folder, "-l", log, "-w", "-t", "60", "-o", options, "start"
            )
        if started.returncode:
            raise Failure(self.why_not(log))
        self.workspace.remember(pg_port=port)
        self.make_role()

    def why_not(self, log):
        try:
            text = log.read_text(encoding="utf-8", errors="replace")
            this_start = text.rpartition("starting PostgreSQL")[2]
            last = text.strip().splitlines()[-1]
        except (OSError, IndexError):
            last = this_start = "no log was written"
        if NO_SPACE.search(this_start):
            return "PostgreSQL does not start because the disk is full: free some space and run the command again."
        return f'PostgreSQL does not start ("{last}"): read {log}.'

    def make_role(self):
        """Give Odoo a role that may create databases and nothing more."""
        sql = (
            f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') "
            f"THEN CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD '{self.password}'; END IF; END $$"
        )
        self.sql(sql, user=SUPERUSER)

    def stop(self):
        """Stop the server; return whether it ran."""
        self.bin = self.bin or Path(self.workspace.state.get("pg_bin", ""))
        if not self.is_running():
            return False
        stopped = self.run("pg_ctl", "-D", self.folder, "-w", "-t", "30", "-m", "fast", "stop")
        if stopped.returncode:
            stopped = self.run("pg_ctl", "-D", self.folder, "-w", "-t", "30", "-m", "immediate", "stop")
        if stopped.returncode:
            raise Failure(
                f"PostgreSQL in {self.folder} does not stop: end the process named in its postmaster.pid."
            )
        if self.sockets.parent == Path(tempfile.gettempdir()):
            shutil.rmtree(self.sockets, ignore_errors=True)
        return True

    # tools

    def run(self, program, *arguments):
        """Run a program of PostgreSQL's as the cluster's user, away from our own output (servers keep it open)."""
        return subprocess.run(
            [str(self.bin / program), *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            check=False,
            **as_user(self.user),
        )

    def sql(self, query, database="postgres", user=ROLE):
        """Run SQL; return the rows, as lists of strings."""
        command = [
            str(self.bin / "psql"),
            "-X",
            "-A",
            "-t",
            "-q",
            "-v",
            "ON_ERROR_STOP=1",
            "-d",
            database,
            "-c",
            query,
        ]
        done = subprocess.run(
            command,
            env={**os.environ, **self.environment(), "PGUSER": user},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            if NO_SPACE.search(done.stderr):
                raise DiskFull("The disk is full: free some space and run the command again.")
            raise Failure(
                f"PostgreSQL refuses ({done.stderr.strip().splitlines()[-1]}): ./dev stop, then try again."
            )
        return [line.split("|") for line in done.stdout.splitlines() if line]


def find_bin(version=None, folder=Path("/usr/lib/postgresql")):
    """Return the programs' folder of the newest PostgreSQL that is installed and new enough, or of one version.

    :param int version: the major version, None for the newest
    :return pathlib.Path: None where there is none
    """
    versions = {
        int(path.name): path / "bin"
        for path in folder.glob("*")
        if path.name.isdigit() and (path / "bin" / "postgres").exists()
    }
    found = shutil.which("postgres")
    if found:
        told = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout
        match = re.search(r"(\d+)", told)
        if match:
            versions.setdefault(int(match.group(1)), Path(os.path.realpath(found)).parent)
    fitting = [number for number in versions if number == version or (version is None and number >= OLDEST)]
    return versions[max(fitting)] if fitting else None


def package(workspace):
    """Return the name of Debian's package of PostgreSQL."""
    return f"postgresql-{workspace.pg_version}" if workspace.pg_version else "postgresql"


def reachable(path, user):
    """Tell whether a user can enter a folder."""
    test = subprocess.run(["test", "-x", str(path)], cwd="/", check=False, **as_user(user))
    return test.returncode == 0
