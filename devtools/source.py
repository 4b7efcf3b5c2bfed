"""Where Odoo comes from: an existing folder, Debian's package, or Odoo's public repository."""

import base64
import hashlib
import json
import re
import shutil
import tarfile
from dataclasses import asdict, dataclass
from pathlib import Path

from . import apt, system
from .console import Failure, NotToBeHad, say, step
from .process import run_logged
from .workspace import check_path, digest, remove, removed_unless_done, write_whole

ODOO_GIT = "https://github.com/odoo/odoo.git"
# where a workspace takes Odoo from: it is there already, or it is fetched
HERE, DEBIAN, GIT = "here", "Debian", "Git"
SERIES = "19.0"
DEBIAN_VERSION = "19.0.0+dfsg-1"
DEBIAN_SHA256 = "9d2f598b0555db17e291d48ed24df184c70823c053c4c5ed53c467ca7f629bbf"
# The Odoo package reaches these by relative links: a missing one makes pages fail.
FROM_SID = [
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-montserrat",
    "fonts-ocr-b",
    "fonts-roboto-unhinted",
]
# Font Awesome 7 in sid lacks the files of 4.7 that Odoo names.
FROM_BOOKWORM = ["fonts-font-awesome", "fonts-inconsolata"]
# The one file that Debian leaves out; without it every page logs an error in the browser.
SELFIE = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"
SELFIE_PACKAGE = "@mediapipe/selfie_segmentation@0.1.1675465747"
SELFIE_SHA512 = "IxYxNhwE5VwOm52L1yoFWYLP7q9Pd+NJjzOC5tlepfvEGaY3o9hslhUrx9BgseqdfZtKSDtd/4NfCSMjNzQalA=="


@dataclass(frozen=True)
class Odoo:
    """An Odoo that can be run.

    ``path`` goes on Python's path, ``addons`` are its folders of addons, ``version`` says which one it is,
    ``requirements`` is its own list of Python packages, or "" to use the project's.
    """

    path: str
    addons: tuple
    version: str
    requirements: str = ""

    @property
    def key(self):
        return digest(self.path, self.version)


def find(workspace):
    """Return the Odoo to use, fetching it where it is not there yet.

    :raise Failure: when none can be had
    """
    if workspace.environ.get("ODOO_SOURCE"):
        folder = Path(workspace.environ["ODOO_SOURCE"]).expanduser().absolute()
        check_path(folder, "ODOO_SOURCE", "move it")
        return existing(folder)
    odoo = known(workspace)
    if not odoo:
        try:
            odoo = from_debian(workspace)
        except NotToBeHad as failure:
            say(f"Note: Odoo cannot be had from Debian ({failure}) Falling back on Odoo's public repository.")
            odoo = from_git(workspace)
        write_whole(stamp_of(workspace), json.dumps(asdict(odoo), indent=1))
    return odoo


def origin(workspace):
    """Return where ``find`` will take Odoo from, as far as can be told before anything is fetched."""
    if workspace.environ.get("ODOO_SOURCE") or known(workspace):
        return HERE
    try:
        debian_archive()
    except NotToBeHad:
        return GIT
    return DEBIAN


def known(workspace):
    """Return the Odoo that was fetched before, None when there is none."""
    try:
        kept = json.loads(stamp_of(workspace).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    odoo = Odoo(**{**kept, "addons": tuple(kept["addons"])})
    return odoo if Path(odoo.path).is_dir() else None


def stamp_of(workspace):
    return workspace.home / "odoo.json"


def existing(folder):
    """Return the Odoo in a folder that the user names: a Git checkout, or a folder that holds the package odoo."""
    for path in (folder, folder.parent):
        release = path / "odoo" / "release.py"
        if release.is_file():
            break
    else:
        raise Failure(
            f"ODOO_SOURCE is {folder}, where there is no odoo/release.py: give the folder of an Odoo 19."
        )
    series = read_series(release)
    if series != SERIES:
        raise Failure(
            f"ODOO_SOURCE is {folder}, which holds Odoo {series}: openfire_leads needs Odoo {SERIES}."
        )
    # Debian's package has a stray Python-only copy of the addons beside the real ones.
    candidates = [path / "odoo" / "addons", path / "addons"]
    if (candidates[0] / "crm" / "__manifest__.py").is_file():
        candidates = candidates[:1]
    addons = tuple(str(folder) for folder in candidates if any(folder.glob("*/__manifest__.py")))
    if not any((Path(folder) / "crm").is_dir() for folder in addons):
        raise Failure(f"The Odoo in {folder} has no addon crm: give the folder of a complete Odoo 19.")
    requirements = path / "requirements.txt"
    return Odoo(str(path), addons, f"{SERIES} in {path}", str(requirements) if requirements.is_file() else "")


def read_series(release):
    """Return "19.0" for Odoo 19, read from its ``release.py``."""
    match = re.search(
        r"^version_info\s*=\s*\(\s*(\d+)\s*,\s*(\d+)", release.read_text(encoding="utf-8"), re.M
    )
    return ".".join(match.groups()) if match else "of unknown version"


# From Debian -----------------------------------------------------------------


def debian_archive():
    """Return the source of Debian packages of this machine.

    :raise NotToBeHad: when it has none
    """
    if not shutil.which("apt-get"):
        raise NotToBeHad("This system has no apt-get.")
    return apt.debian_source(apt.system_sources())


def from_debian(workspace):
    """Fetch Debian's package of Odoo 19 and what it links to, into one folder.

    :raise NotToBeHad: when Debian has no such package
    """
    archive = debian_archive()
    work = workspace.home / "odoo.part"
    with removed_unless_done(work, go_on=True):
        debs, version = fetch(workspace, archive, work)
        path = unpack(workspace, debs, work)
    remove(work)
    return Odoo(str(path), (str(path / "odoo" / "addons"),), version)


def fetch(workspace, archive, work):
    """Fetch the packages, going on with what is there of them; return their paths and the version of Odoo's."""
    with step(f"Fetching Odoo {DEBIAN_VERSION} from Debian (123 MB)"):
        folder = work / "debs"
        bookworm = apt.PrivateApt(work, archive, "bookworm", workspace.logs)
        bookworm.update()
        debs = bookworm.download(FROM_BOOKWORM, folder)
        sid = apt.PrivateApt(work, archive, "sid", workspace.logs)
        sid.update()
        debs += sid.download(FROM_SID, folder)
        odoo, version = download_odoo(sid, folder)
        return [*debs, odoo], version


def unpack(workspace, debs, work):
    """Unpack the packages into their place; return the folder for Python's path."""
    final, tree = workspace.home / "odoo", work / "tree"
    with step("Unpacking Odoo"):
        remove(tree)  # of an interrupted try
        for deb in debs:
            log = workspace.logs / "unpack.log"
            run_logged(["dpkg-deb", "-x", deb, tree], log, f"unpacking {deb.name}", silent=True)
        package = tree / "usr/lib/python3/dist-packages"
        complete_links(package / "odoo" / "addons")
        add_selfie(workspace, package / "odoo" / "addons" / SELFIE, work)
        if read_series(package / "odoo" / "release.py") != SERIES:
            raise NotToBeHad(f"Debian's package is no longer Odoo {SERIES}.")
        remove(final)
        tree.rename(final)
    return final / "usr/lib/python3/dist-packages"


def download_odoo(sid, folder):
    """Fetch the pinned version or, when Debian has moved on, the 19.0 that it has; return path and version."""
    try:
        (deb,) = sid.download([f"odoo-19={DEBIAN_VERSION}"], folder)
    except NotToBeHad:
        (deb,) = sid.download(["odoo-19"], folder)
    version = deb.name.split("_")[1].replace("%3a", ":")
    if version == DEBIAN_VERSION:
        if hashlib.sha256(deb.read_bytes()).hexdigest() != DEBIAN_SHA256:
            raise Failure(f"The package {deb.name} is not the one this project was tested with.")
    elif version.startswith(SERIES):
        say(f"Note: Debian now has Odoo {version}; this project was tested with {DEBIAN_VERSION}.")
    else:
        raise NotToBeHad(f"Debian now has Odoo {version}.")
    return deb, version


def complete_links(addons):
    """See that every link in the addons leads somewhere."""
    dead = [path for path in addons.rglob("*") if path.is_symlink() and not path.exists()]
    if dead:
        raise NotToBeHad(f"Debian's package lacks what {dead[0].relative_to(addons)} links to.")


def add_selfie(workspace, target, work):
    """Add the file that Debian leaves out, from the npm package, checked."""
    npm = system.need_program(workspace, "npm")
    command = [npm, "pack", "--ignore-scripts", "--cache", work / "npm", SELFIE_PACKAGE]
    run_logged(command, workspace.logs / "npm.log", "fetching a file of Odoo's from npm", cwd=work)
    tarball = next(work.glob("*selfie_segmentation*.tgz"))
    found = base64.b64encode(hashlib.sha512(tarball.read_bytes()).digest()).decode()
    if found != SELFIE_SHA512:
        raise Failure(f"The npm package {SELFIE_PACKAGE} is not the one this project was tested with.")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(tarball) as package:
        target.write_bytes(package.extractfile(f"package/{target.name}").read())


# From Odoo's public repository -----------------------------------------------


def from_git(workspace):
    """Fetch the newest state of branch 19.0, without its history."""
    url = workspace.environ.get("OPENFIRE_DEV_ODOO_GIT") or ODOO_GIT
    final, work = workspace.home / "odoo-git", workspace.home / "odoo-git.part"
    git = system.need_program(workspace, "git")
    with step(f"Cloning branch {SERIES} of {url}"), removed_unless_done(work):
        remove(work)  # of a try that was killed
        clone = [git, "clone", "--quiet", "--depth", "1", "--branch", SERIES, "--single-branch", url, work]
        run_logged(clone, workspace.logs / "git.log", "cloning Odoo's public repository")
        rev_parse = [git, "-C", work, "rev-parse", "HEAD"]
        head = run_logged(rev_parse, workspace.logs / "git-head.log", "reading the clone", silent=True)
        existing(work)
        remove(final)
        work.rename(final)
    found = existing(final)
    say(
        f"Using Odoo {SERIES} of the public repository, commit {head.strip()[:12]}, with its own requirements."
    )
    return Odoo(found.path, found.addons, f"{SERIES} commit {head.strip()}", found.requirements)
