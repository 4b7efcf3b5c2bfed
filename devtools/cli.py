"""The verbs of ``./dev``."""

import errno
import os
import sys
import traceback
from pathlib import Path

from . import mail, others, screenshots, server, suites, venv
from .console import Failure, say
from .databases import DEMO, Databases
from .environment import set_up
from .postgres import Cluster
from .prerequisites import BROWSER
from .workspace import Workspace

USAGE = """\
./dev run                serves the demo at http://127.0.0.1:8069 (admin / admin)
./dev test [ARGS…]       the tests, in a fresh database; ARGS go to pytest
./dev test --lint        only the checks of the sources
./dev others [PART…]     the tests of other people's modules with the addon: odoo, oca, lint
./dev odoo ARGS…         Odoo's own command line, on the private cluster, with the addon on its path
./dev shell [-d DB]      Odoo's Python shell; reads a script from standard input
./dev exec CMD…          a command inside the environment (psql, pytest, pg_dump, …)
./dev mail FILE [-d DB]  delivers a raw message through Odoo's mail gateway ("-": standard input)
./dev bench NAME         a benchmark
./dev screenshots        the pictures of the guides and of the addon's page, anew
./dev stop               stops what it started

OPENFIRE_DEV_HOME        the data folder (default: .dev in the checkout)
OPENFIRE_DEV_HTTP_PORT   the web server's port (default: 8069)
OPENFIRE_DEV_PG_PORT     PostgreSQL's port (default: a free one, remembered)
OPENFIRE_DEV_PG_VERSION  PostgreSQL's major version (default: the newest that is installed)
ODOO_SOURCE              the folder of an existing Odoo 19 to use instead of fetching one
OPENFIRE_DEV_ODOO_GIT    the repository to clone where Debian's package cannot be had
"""
ROOT = Path(__file__).resolve().parents[1]


def main(arguments):
    """Run one verb; return the exit code. Failures end in one sentence."""
    if not arguments or arguments[0] in ("help", "-h", "--help"):
        print(USAGE, end="")
        return 0 if arguments else 2
    verb, rest = arguments[0], arguments[1:]
    if verb not in VERBS:
        print(f'dev: there is no verb "{verb}": ./dev help lists them.', file=sys.stderr)
        return 2
    workspace = None
    try:
        workspace = Workspace(ROOT, os.environ)
        return VERBS[verb](workspace, rest)
    except KeyboardInterrupt:
        print("dev: interrupted; run the command again to go on with what is fetched.", file=sys.stderr)
        return 130
    except Failure as failure:
        print(f"dev: {failure}", file=sys.stderr)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            print("dev: The disk is full: free some space and run the command again.", file=sys.stderr)
        elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS) and workspace.holds(error.filename):
            print(
                f"dev: {error.filename} cannot be written to ({error.strerror}), perhaps because another user ran "
                "dev here: make it yours, or choose another data folder with OPENFIRE_DEV_HOME.",
                file=sys.stderr,
            )
        else:
            print(
                f"dev: {error.strerror}: {error.filename or error}: {keep_trace(workspace)}", file=sys.stderr
            )
    except Exception as error:  # noqa: BLE001 - the user gets a sentence, the log the rest
        print(f"dev: An error in dev itself ({error!r}): {keep_trace(workspace)}", file=sys.stderr)
    return 1


def keep_trace(workspace):
    """Keep the details of an unexpected error; return where."""
    try:
        log = workspace.logs / "dev-error.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(traceback.format_exc(), encoding="utf-8")
    except (OSError, AttributeError):
        return "nothing more is known."
    return f"the details are in {log}."


def option(arguments, name, default):
    """Take ``-d DB`` out of arguments; return its value and the rest."""
    rest, value = [], default
    words = iter(arguments)
    for word in words:
        if word == name:
            value = next(words, None)
            if value is None:
                raise Failure(f"{name} is given without a value: ./dev help tells how.")
        else:
            rest.append(word)
    return value, rest


def run(workspace, arguments):
    if arguments:
        raise Failure("./dev run takes no arguments; ./dev odoo runs Odoo with any.")
    known = server.running(workspace)
    if known:
        say(f"Already running at http://127.0.0.1:{known['port']} (./dev stop ends it).")
        return 0
    server.need_port(workspace)
    return server.serve(Databases(set_up(workspace)))


def odoo(workspace, arguments):
    environment = set_up(workspace)
    replace(environment, environment.odoo_command(*arguments))


def shell(workspace, arguments):
    database, rest = option(arguments, "-d", DEMO)
    environment = set_up(workspace)
    Databases(environment).need(database)
    level = "--log-level=warn"
    replace(environment, environment.odoo_command("shell", "-d", database, "--no-http", level, *rest))


def execute(workspace, arguments):
    if not arguments:
        raise Failure("./dev exec takes a command, as in: ./dev exec psql -d demo")
    replace(set_up(workspace), arguments)


def replace(environment, command):
    """Go on as another program, in the environment."""
    variables = environment.variables()
    os.environ["PATH"] = variables["PATH"]
    try:
        os.execvpe(command[0], command, variables)
    except FileNotFoundError:
        raise Failure(f"There is no command {command[0]} in the environment: check its name.") from None


def deliver(workspace, arguments):
    database, rest = option(arguments, "-d", None)
    if len(rest) != 1:
        raise Failure("./dev mail takes the file of one raw message, as in: ./dev mail message.eml")
    databases = Databases(set_up(workspace))
    known = server.running(workspace)
    database = database or (known["database"] if known else DEMO)
    if not known or known["database"] != database:
        databases.need(database)
    mail.deliver(databases, database, rest[0])
    return 0


def test(workspace, arguments):
    return suites.run(workspace, arguments)


def test_others(workspace, arguments):
    return others.run(workspace, arguments)


def bench(workspace, arguments):
    known = sorted(path.stem for path in (workspace.root / "benchmarks").glob("[a-z]*.py"))
    if not arguments or arguments[0] not in known:
        raise Failure(
            f"./dev bench takes the name of a benchmark: {', '.join(known) or 'there is none yet'}."
        )
    environment = set_up(workspace)
    venv.ensure_bench(workspace)
    Databases(environment).templates()
    script = workspace.root / "benchmarks" / f"{arguments[0]}.py"
    replace(environment, [environment.python, str(script), *arguments[1:]])


def take_screenshots(workspace, arguments):
    if arguments:
        raise Failure("./dev screenshots takes no arguments.")
    return screenshots.run(Databases(set_up(workspace, {BROWSER})))


def stop(workspace, arguments):
    if not workspace.home.exists():
        say("Nothing runs.")
        return 0
    ended = {"the server": server.stop(workspace), "PostgreSQL": Cluster(workspace).stop()}
    stopped = [name for name, was_running in ended.items() if was_running]
    say(f"Stopped {' and '.join(stopped)}." if stopped else "Nothing runs.")
    return 0


VERBS = {
    "run": run,
    "test": test,
    "others": test_others,
    "odoo": odoo,
    "shell": shell,
    "exec": execute,
    "mail": deliver,
    "bench": bench,
    "screenshots": take_screenshots,
    "stop": stop,
}
