"""The server of the demo: in the foreground until Ctrl-C, known to the other verbs meanwhile."""

import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager

from .console import Failure, Heartbeat, say
from .databases import DEMO
from .process import end, process_start, wait
from .workspace import free_port, port_is_free

# the page of the demo data that tells what to try (openfire_leads/demo/first_steps_demo.xml)
FIRST_STEPS = "/odoo/first-steps"


def running(workspace):
    """Return what is known of the server that runs (pid, port, database), None when none does."""
    known = workspace.state.get("server")
    if known and known["started"] is not None and process_start(known["pid"]) == known["started"]:
        return known
    return None


def need_port(workspace):
    """See that the web server's port is free.

    :raise Failure: another program has it
    """
    port = workspace.http_port
    if not port_is_free(port):
        raise Failure(
            f"Port {port} is taken by another program: end that one, "
            f"or choose another port: OPENFIRE_DEV_HTTP_PORT={port + 1} ./dev run"
        )


def serve(databases):
    """Serve the demo database until the user interrupts; return the exit code."""
    workspace = databases.workspace
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    need_port(workspace)  # which may have been taken since the set-up began
    port = workspace.http_port
    with workspace.locked():
        databases.demo()
    child = start(databases, DEMO, port, "server.log")
    workspace.remember(
        server={"pid": child.pid, "started": process_start(child.pid), "port": port, "database": DEMO}
    )
    try:
        wait_until_ready(child, port, workspace.logs / "server.log")
        say(f"OpenFire Leads is at http://127.0.0.1:{port} - user admin, password admin. Ctrl-C stops it.")
        say(f"Five things to try with it: http://127.0.0.1:{port}{FIRST_STEPS}")
        code = wait(child)
    except KeyboardInterrupt:
        end(child)
        say("Stopped. PostgreSQL goes on in the background for the next call; ./dev stop ends it too.")
        return 0
    finally:
        end(child)
        workspace.remember(server=None)
    if code in (0, -signal.SIGTERM, -signal.SIGINT):
        say("Stopped.")
        return 0
    raise Failure(f"The server ended by itself (code {code}): read {workspace.logs / 'server.log'}.")


def start(databases, database, port, log):
    """Start a server on one database, with its log in a file."""
    environment = databases.environment
    command = environment.odoo_command(
        *("-d", database, f"--db-filter=^{database}$", f"--http-port={port}", "--http-interface=127.0.0.1")
    )
    with (environment.workspace.logs / log).open("w", encoding="utf-8") as output:
        return subprocess.Popen(
            command,
            env=environment.variables(),
            cwd=environment.workspace.root,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            # Ctrl-C reaches this program alone, which ends the server in its own time.
            start_new_session=True,
        )


def wait_until_ready(child, port, log, seconds=180):
    """Wait until a server answers."""
    heartbeat = Heartbeat("the server is starting", 10)
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if child.poll() is not None:
            raise Failure(f"The server ended while it was starting: read {log}.")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/web/health", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
        heartbeat.beat()
    raise Failure(f"The server does not answer after {seconds} s: read {log}.")


@contextmanager
def served(databases, database):
    """Give the port of a server for a database: the one that runs, or one started for the occasion."""
    known = running(databases.workspace)
    if known and known["database"] == database:
        yield known["port"]
        return
    port = free_port()
    child = start(databases, database, port, "server-mail.log")
    try:
        wait_until_ready(child, port, databases.workspace.logs / "server-mail.log")
        yield port
    finally:
        end(child)


def stop(workspace):
    """End the server that runs; return whether there was one."""
    known = running(workspace)
    if not known:
        return False
    for number in (signal.SIGTERM, signal.SIGKILL):
        os.kill(known["pid"], number)
        limit = time.monotonic() + 15
        while running(workspace) and time.monotonic() < limit:
            time.sleep(0.1)
        if not running(workspace):
            break
    workspace.remember(server=None)
    return True
