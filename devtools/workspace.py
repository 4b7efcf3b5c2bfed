"""The data folder: where everything that ``dev`` fetches and makes is kept, and what it remembers between calls."""

import fcntl
import hashlib
import json
import os
import shutil
import socket
import time
from contextlib import contextmanager
from pathlib import Path

from .console import Failure, say

ROOM_NEEDED = 3 * 1024**3  # Odoo, its Python packages and a few databases


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
        self.logs = self.home / "logs"
        self.data = self.home / "data"
        self.venv = self.home / "venv"
        self._state_file = self.home / "state.json"

    def prepare(self):
        """Make the data folder, and see that there is room for what goes into it.

        :raise Failure: when it cannot be made or the disk is full
        """
        fresh = not (self.home / "odoo.json").exists()
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
        if fresh and shutil.disk_usage(self.home).free < ROOM_NEEDED:
            raise Failure(
                f"Less than 3 GB are free where {self.home} lies: free some space, "
                "or choose another data folder with OPENFIRE_DEV_HOME."
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


def port_of(environ, name):
    """Return the port number in an environment variable, None when it is not set."""
    text = environ.get(name)
    if not text:
        return None
    if not text.isdecimal() or not 1024 <= int(text) <= 65535:
        raise Failure(f'{name} is "{text}", which is no port: give a number from 1024 to 65535.')
    return int(text)


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


def remove(path):
    """Remove a file or a folder, whether it is there or not."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
