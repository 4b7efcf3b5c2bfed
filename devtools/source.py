"""Where Odoo comes from: an existing folder, Debian's package, or Odoo's public repository."""

import base64
import hashlib
import json
import re
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from . import apt, system
from .console import DiskFull, Failure, say, step
from .process import run_logged
from .workspace import digest, remove, write_whole

ODOO_GIT = "https://github.com/odoo/odoo.git"
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
        return existing(Path(workspace.environ["ODOO_SOURCE"]).expanduser().absolute())
    stamp = workspace.home / "odoo.json"
    if stamp.exists():
        kept = json.loads(stamp.read_text(encoding="utf-8"))
        known = Odoo(**{**kept, "addons": tuple(kept["addons"])})
        if Path(known.path).is_dir():
            return known
    try:
        odoo = from_debian(workspace)
    except DiskFull:
        raise
    except Failure as failure:
        say(f"Note: Odoo cannot be had from Debian ({failure}) Falling back on Odoo's public repository.")
        odoo = from_git(workspace)
    write_whole(stamp, json.dumps(asdict(odoo), indent=1))
    return odoo


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


def from_debian(workspace):
    """Fetch Debian's package of Odoo 19 and what it links to, into one folder."""
    if not shutil.which("apt-get"):
        raise Failure("This system has no apt-get.")
    archive = apt.debian_source(apt.system_sources())
    final, work = workspace.home / "odoo", workspace.home / "odoo.part"
    remove(work)  # a half-finished earlier one
    with step(f"Fetching Odoo {DEBIAN_VERSION} from Debian (123 MB)"):
        debs = work / "debs"
        bookworm = apt.PrivateApt(work, archive, "bookworm", workspace.logs)
        bookworm.update()
        bookworm.download(FROM_BOOKWORM, debs)
        sid = apt.PrivateApt(work, archive, "sid", workspace.logs)
        sid.update()
        sid.download(FROM_SID, debs)
        version = download_odoo(sid, debs)
    with step("Unpacking Odoo"):
        tree = work / "tree"
        for deb in sorted(debs.glob("*.deb")):
            log = workspace.logs / "unpack.log"
            run_logged(["dpkg-deb", "-x", deb, tree], log, f"unpacking {deb.name}", silent=True)
        package = tree / "usr/lib/python3/dist-packages"
        complete_links(package / "odoo" / "addons")
        add_selfie(workspace, package / "odoo" / "addons" / SELFIE, work)
        if read_series(package / "odoo" / "release.py") != SERIES:
            raise Failure(f"Debian's package is no longer Odoo {SERIES}.")
    remove(final)
    tree.rename(final)
    remove(work)
    path = final / "usr/lib/python3/dist-packages"
    return Odoo(str(path), (str(path / "odoo" / "addons"),), version)


def download_odoo(sid, folder):
    """Fetch the pinned version or, when Debian has moved on, the 19.0 that it has; return its version."""
    try:
        sid.download([f"odoo-19={DEBIAN_VERSION}"], folder)
    except DiskFull:
        raise
    except Failure:
        sid.download(["odoo-19"], folder)
    deb = next(folder.glob("odoo-19_*.deb"))
    version = deb.name.split("_")[1].replace("%3a", ":")
    if version == DEBIAN_VERSION:
        if hashlib.sha256(deb.read_bytes()).hexdigest() != DEBIAN_SHA256:
            raise Failure(f"The package {deb.name} is not the one this project was tested with.")
    elif version.startswith(SERIES):
        say(f"Note: Debian now has Odoo {version}; this project was tested with {DEBIAN_VERSION}.")
    else:
        raise Failure(f"Debian now has Odoo {version}.")
    return version


def complete_links(addons):
    """See that every link in the addons leads somewhere."""
    dead = [path for path in addons.rglob("*") if path.is_symlink() and not path.exists()]
    if dead:
        raise Failure(f"Debian's package lacks what {dead[0].relative_to(addons)} links to.")


def add_selfie(workspace, target, work):
    """Add the file that Debian leaves out, from the npm package, checked."""
    npm = system.need_program(workspace, "npm", "npm", "npm")
    command = [npm, "pack", "--ignore-scripts", "--cache", work / "npm", SELFIE_PACKAGE]
    run_logged(command, workspace.logs / "npm.log", "fetching a file of Odoo's from npm", cwd=work)
    tarball = next(work.glob("*selfie_segmentation*.tgz"))
    found = base64.b64encode(hashlib.sha512(tarball.read_bytes()).digest()).decode()
    if found != SELFIE_SHA512:
        raise Failure(f"The npm package {SELFIE_PACKAGE} is not the one this project was tested with.")
    unpack = ["tar", "-xzf", tarball, "-C", work, "package/" + target.name]
    run_logged(unpack, workspace.logs / "npm-unpack.log", "unpacking the npm package", silent=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(work / "package" / target.name, target)
    target.chmod(0o644)


# From Odoo's public repository -----------------------------------------------


def from_git(workspace):
    """Fetch the newest state of branch 19.0, without its history."""
    url = workspace.environ.get("OPENFIRE_DEV_ODOO_GIT") or ODOO_GIT
    final, work = workspace.home / "odoo-git", workspace.home / "odoo-git.part"
    remove(work)
    git = system.need_program(workspace, "git", "git", "git")
    with step(f"Cloning branch {SERIES} of {url}"):
        clone = [git, "clone", "--quiet", "--depth", "1", "--branch", SERIES, "--single-branch", url, work]
        run_logged(clone, workspace.logs / "git.log", "cloning Odoo's public repository")
        head = run_logged(
            [git, "-C", work, "rev-parse", "HEAD"],
            workspace.logs / "git-head.log",
            "reading the clone",
            silent=True,
        )
    existing(work)
    remove(final)
    work.rename(final)
    found = existing(final)
    say(
        f"Using Odoo {SERIES} of the public repository, commit {head.strip()[:12]}, with its own requirements."
    )
    return Odoo(found.path, found.addons, f"{SERIES} commit {head.strip()}", found.requirements)
