"""The data folder: where everything that ``dev`` fetches and makes is kept, and what it remembers between calls."""

import fcntl
import hashlib
import json
import os
import re
import shutil
import socket
import time
from contextlib import contextmanager
from pathlib import Path

from .console import Failure, NoNetwork, say

# What the parts of a set-up take while they are made, in GB: Odoo, its Python packages, a few databases.
ROOM_FOR_ODOO, ROOM_FOR_PYTHON, ROOM_FOR_DATABASES = 1.5, 0.7, 0.8
# Odoo splits lists of folders at commas, takes "$" for variables and seeks its assets by patterns; PATH is split at
# colons; PostgreSQL's pg_ctl puts paths between double quotes on a shell's command line.
UNUSABLE = re.compile(r"[,:$*?\[\]\"`\\\x00-\x1f\x7f\ud800-\udfff]|\s$")


class Workspace:
    """The checkout, the data folder, and the settings taken from the environment.

    :param pathlib.Path root: the checkout
    :param dict environ: the environment variables
    """

    def __init__(self, root, environ):
        self.root = Path(root)
        self.environ = environ
        self.home = Path(environ.get("OPENFIRE_DEV_HOME") or self.root / ".dev").expanduser().absolute()
        self.http_port = port_of(environ, "OPENFIRE_DEV_HTTP_PORT") or 8069
        self.pg_port = port_of(environ, "OPENFIRE_DEV_PG_PORT")
        self.pg_version = version_of(environ, "OPENFIRE_DEV_PG_VERSION")
        self.logs = self.home / "logs"
        self.data = self.home / "data"
        self.venv = self.home / "venv"
        self._state_file = self.home / "state.json"

    def prepare(self):
        """Make the data folder, and see that there is room for what goes into it.

        :raise Failure: when it cannot be made, the disk is full, or the path is none that Odoo can be run from
        """
        check_path(self.root, "the checkout's folder", "move the checkout")
        check_path(self.home, "the data folder", "choose another with OPENFIRE_DEV_HOME")
        for folder in (self.home, self.logs, self.data):
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise Failure(
                    f"The data folder {self.home} cannot be made ({error.strerror}): "
                    "choose another with OPENFIRE_DEV_HOME."
                ) from None
        if not os.access(self.home, os.W_OK):
            raise Failure(
                f"The data folder {self.home} cannot be written to: choose another with OPENFIRE_DEV_HOME."
            )
        needed = self.room_needed()
        if shutil.disk_usage(self.home).free < needed * 1024**3:
            raise Failure(
                f"Less than {needed:g} GB are free where {self.home} lies: free some space, "
                "or choose another data folder with OPENFIRE_DEV_HOME."
            )

    def holds(self, path):
        """Tell whether a path, None for an unknown one, lies in the data folder."""
        return path is not None and Path(os.fsdecode(path)).is_relative_to(self.home)

    def room_needed(self):
        """Return how many GB what is still to be made will take."""
        odoo_is_here = (self.home / "odoo.json").exists() or self.environ.get("ODOO_SOURCE")
        return (
            (0 if odoo_is_here else ROOM_FOR_ODOO)
            + (0 if (self.venv / "complete").exists() else ROOM_FOR_PYTHON)
            + (0 if self.state.get("pg_made") else ROOM_FOR_DATABASES)
        )

    @contextmanager
    def locked(self):
        """Hold the data folder for oneself while something in it is being set up."""
        with (self.home / "lock").open("w", encoding="ascii") as lock:
            told = False
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if not told:
                        say("Another ./dev is setting up this data folder, waiting for it…")
                    told = True
                    time.sleep(0.5)
            yield

    @property
    def state(self):
        """What is remembered between calls, as a dict."""
        try:
            return json.loads(self._state_file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}

    def remember(self, **values):
        """Add to what is remembered; a value of None is forgotten."""
        state = {name: value for name, value in {**self.state, **values}.items() if value is not None}
        write_whole(self._state_file, json.dumps(state, indent=1, sort_keys=True), mode=0o600)


def check_path(path, what, remedy):
    """See that Odoo can be run from a path.

    :param str what: what lies there, as in "the data folder"
    :param str remedy: what to do where it cannot
    :raise Failure: when it cannot
    """
    for text in (str(path), os.path.realpath(path)):
        found = UNUSABLE.search(text)
        if found:
            sign = "a blank at its end" if found.group().isspace() else ascii(found.group()).replace("'", '"')
            shown = "".join(letter if letter.isprintable() else "?" for letter in text)
            raise Failure(
                f"Odoo cannot be run from a path with {sign}, which {what} has ({shown}): {remedy}."
            )


def port_of(environ, name):
    """Return the port number in an environment variable, None when it is not set."""
    text = environ.get(name)
    if not text:
        return None
    if not text.isdecimal() or not 1024 <= int(text) <= 65535:
        raise Failure(f'{name} is "{text}", which is no port: give a number from 1024 to 65535.')
    return int(text)


def version_of(environ, name):
    """Return the major version in an environment variable, None when it is not set."""
    text = environ.get(name)
    if text and not text.isdecimal():
        raise Failure(f'{name} is "{text}", which is no major version: give a number such as 16.')
    return int(text) if text else None


def port_is_free(port, host="127.0.0.1"):
    """Tell whether nobody listens on a port of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port():
    """Return a port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def write_whole(path, text, mode=0o644):
    """Write a file so that a reader finds the old text or the new one, never half of it."""
    new = path.with_name(path.name + ".new")
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(new, path)


def digest(*parts):
    """Return a short hash of strings and of files (paths)."""
    total = hashlib.sha256()
    for part in parts:
        total.update(part.read_bytes() if isinstance(part, Path) else str(part).encode())
        total.update(b"\0")
    return total.hexdigest()[:12]


def tree_digest(folder):
    """Return a short hash of the names and contents of a folder's files, leaving out what Python compiles."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and "__pycache__" not in path.parts]
    return digest(*(part for path in files for part in (str(path.relative_to(folder)), path)))


def is_stamped(stamp, key):
    """Tell whether a file says that what is beside it was made of ``key``."""
    return stamp.exists() and stamp.read_text(encoding="ascii") == key


@contextmanager
def removed_unless_done(*paths, go_on=False):
    """Remove what was begun where the work on it fails or is interrupted: a part of it would only take room.

    :param bool go_on: the next try goes on with a part, so keep it unless it was the work itself that failed
    """
    try:
        yield
    except BaseException as error:
        if not (go_on and isinstance(error, (KeyboardInterrupt, NoNetwork))):
            for path in paths:
                remove(path)
        raise


def remove(path):
    """Remove a file or a folder, whether it is there or not."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
