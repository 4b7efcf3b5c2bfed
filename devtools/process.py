"""Running other programs: output to a log file, failures turned into sentences."""

import os
import re
import shlex
import signal
import subprocess

from .console import DiskFull, Failure, Heartbeat, NoNetwork

# What the output of apt, pip, npm and git looks like when there is no network, or no room.
NO_NETWORK = re.compile(
    r"could ?n[o']t resolve|temporary failure (in name resolution|resolving)|name or service not known"
    r"|network is unreachable|failed to establish a new connection|connection (timed out|refused)"
    r"|no route to host|(could not|couldn't|unable to|failed to) connect to|cannot connect to proxy"
    r"|cannot initiate the connection|EAI_AGAIN|ENOTFOUND|ETIMEDOUT|ECONNREFUSED|ECONNRESET|ReadTimeoutError",
    re.IGNORECASE,
)
# A proxy that reads what is fetched signs it by a certificate of its own.
NO_TRUST = re.compile(
    r"certificate.verify.failed|self.signed.cert|unable.to.get.(local.)?issuer.cert|certificate.*(not trusted|unknown)",
    re.IGNORECASE,
)
NO_SPACE = re.compile(r"no space left on device|ENOSPC|disk quota exceeded", re.IGNORECASE)
# the line of a traceback that tells what was raised; after it Odoo logs that it closes its connections
RAISED = re.compile(r"(\w+\.)*\w*(Error|Exception)\b")


def explain(output, what, log):
    """Return the sentence for a failed program, from the end of its output.

    :param str output: what the program printed
    :param str what: the work it was doing, as in "fetching Odoo from Debian"
    :param log: path of the file that holds the whole output
    """
    if NO_SPACE.search(output):
        return f"The disk is full while {what}: free some space and run the command again (log: {log})."
    if NO_TRUST.search(output):
        return (
            f"A certificate is not trusted while {what}: make this machine trust that of the network's proxy, "
            f"and run the command again (log: {log})."
        )
    if NO_NETWORK.search(output):
        return (
            f"There is no network while {what}: connect this machine, or correct its proxy, "
            f"and run the command again (log: {log})."
        )
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    raised = [line for line in lines if RAISED.match(line)]
    said = f': "{(raised or lines)[-1][:200]}"' if lines else ""
    return f"Something went wrong while {what}{said}; read {log}, which holds the whole output."


def run_logged(command, log, what, *, env=None, cwd=None, user=None, silent=False):
    """Run a program with its output in a log file; tell now and then that it is still running.

    :param list command: program and arguments
    :param pathlib.Path log: where the output goes (written anew)
    :param str what: the work, for the sentence that tells a failure
    :param str user: run as this user (root only)
    :return str: the output
    :raise Failure: when the program is missing or fails
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    heartbeat = Heartbeat(what)
    with log.open("w", encoding="utf-8", errors="replace") as output:
        output.write(f"$ {shlex.join(map(str, command))}\n")
        output.flush()
        try:
            child = subprocess.Popen(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=env,
                cwd=cwd,
                **as_user(user),
            )
        except FileNotFoundError:
            raise Failure(
                f"The program {command[0]} is missing, needed for {what}: install it and run the command again."
            ) from None
        code = wait(child, heartbeat if not silent else None)
    text = log.read_text(encoding="utf-8", errors="replace").split("\n", 1)[1]
    if code:
        raise kind_of(text)(explain(text, what, log))
    return text


def kind_of(output):
    """Return the kind of failure that a program's output tells."""
    if NO_SPACE.search(output):
        return DiskFull
    return NoNetwork if NO_NETWORK.search(output) or NO_TRUST.search(output) else Failure


def wait(child, heartbeat=None):
    """Wait for a child, ending it well when the user interrupts."""
    try:
        while True:
            try:
                return child.wait(timeout=2)
            except subprocess.TimeoutExpired:
                if heartbeat:
                    heartbeat.beat()
    except KeyboardInterrupt:
        end(child)
        raise


def end(child, seconds=15):
    """Ask a child to end, and insist after a while."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        if child.poll() is not None:
            return
        child.send_signal(number)
        try:
            child.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            continue


def as_user(user):
    """Return the keyword arguments of ``subprocess`` that run a program as another user."""
    if not user:
        return {}
    return {"user": user, "group": group_of(user), "extra_groups": []}


def group_of(user):
    """Return the id of a user's own group."""
    import pwd

    return pwd.getpwnam(user).pw_gid


def process_start(pid):
    """Return when a process began (clock ticks since boot), None when there is no such process.

    Pid and start together name a process for good: pids are used again.
    """
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:
            fields = stat.read().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] == "Z" else int(fields[19])


def is_root():
    return os.geteuid() == 0
