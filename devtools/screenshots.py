"""``./dev screenshots``: the pictures of the guides and of the addon's page, taken anew from the demo data."""

import shutil
import subprocess

from . import server, venv
from .console import Failure, step
from .databases import ADDON
from .prerequisites import CHROMIUM
from .process import explain
from .workspace import write_whole

GUIDES = "docs/images"
PAGE = f"{ADDON}/static/description"
LANGUAGES = ("en", "fr")
# the pictures of the guides that the addon's page shows too
SHOWN = ("likely-duplicates", "merge", "undo", "duplicates", "convert")


def run(databases):
    """Take all pictures, in English and in French; return the exit code."""
    workspace = databases.workspace
    venv.ensure_screenshots(workspace)
    for language in LANGUAGES:
        with step(f"Taking the pictures ({language})"):
            take(databases, language)
    for name in SHOWN:
        for language in LANGUAGES:
            picture = f"{name}.{language}.png"
            shutil.copyfile(workspace.root / GUIDES / picture, workspace.root / PAGE / picture)
    print(f"The pictures are in {GUIDES} and {PAGE}.")
    return 0


def take(databases, language):
    """Take the pictures of one language from a database of their own."""
    workspace, name = databases.workspace, databases.temporary(f"pictures_{language}")
    try:
        databases.with_addon(name, french=language == "fr", demo=True)
        script = (workspace.root / "devtools" / "screenshots_data.py").read_text(encoding="utf-8")
        known = databases.run_script(name, script).strip().splitlines()[-1]
        with server.served(databases, name) as port:
            photograph(databases.environment, language, port, known)
    finally:
        databases.drop(name)


def photograph(environment, language, port, known):
    """Run the program that goes to the pages and takes their pictures.

    :param str known: what ``screenshots_data.py`` printed
    """
    workspace = environment.workspace
    chromium = next(path for path in map(shutil.which, CHROMIUM) if path)
    script = workspace.root / "devtools" / "screenshots_browser.py"
    command = [environment.python, script, chromium, f"http://127.0.0.1:{port}", language, known]
    command += [workspace.root / GUIDES, workspace.root / PAGE]
    done = subprocess.run(
        list(map(str, command)),
        env=environment.variables(),
        cwd=workspace.root,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        log = workspace.logs / f"screenshots-{language}.log"
        write_whole(log, done.stdout + done.stderr)
        raise Failure(explain(done.stderr, f"taking the pictures ({language})", log))
