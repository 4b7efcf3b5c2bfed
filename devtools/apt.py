"""Debian's packages without root: private lists and cache, made from the machine's own Debian source.

The system's sources are read, never changed: sid is added for these downloads only.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from .console import Failure, NotToBeHad
from .process import run_logged

SYSTEM_SOURCES = Path("/etc/apt")
# Releases of Debian itself, told from updates, security and other vendors' suites.
RELEASES = {"bookworm", "trixie", "forky", "duke", "sid", "unstable", "testing", "stable", "oldstable"}
# What apt-get prints where the archive lacks a package, a version, or a whole suite.
NOT_THERE = re.compile(
    r"^E: (Unable to locate package|Version '.*' for '.*' was not found|Can't find a source to download)"
    r"|does not have a Release file",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Source:
    """One entry of apt's sources: where packages of some suites are, and which key signs them."""

    uris: tuple
    suites: tuple
    components: tuple
    signed_by: str = ""
    enabled: bool = True


def parse_one_line(text):
    """Return the sources of a ``sources.list`` file (``deb [options] uri suite components…``)."""
    found = []
    for line in text.splitlines():
        match = re.match(r"\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)((?:\s+[^\s#]+)*)", line)
        if not match:
            continue
        options, uri, suite, components = match.groups()
        signed = re.search(r"signed-by=(\S+)", options or "")
        found.append(Source((uri,), (suite,), tuple(components.split()), signed.group(1) if signed else ""))
    return found


def parse_deb822(text):
    """Return the sources of a ``.sources`` file (stanzas of ``Field: value``, values may go on over lines)."""
    found = []
    for stanza in re.split(r"\n\s*\n", text):
        fields, name = {}, None
        for line in stanza.splitlines():
            if line.startswith("#"):
                continue
            if line[:1] in (" ", "\t") and name:
                fields[name] += "\n" + line
            elif ":" in line:
                name, _, value = line.partition(":")
                name = name.strip().lower()
                fields[name] = value.strip()
        if "deb" not in fields.get("types", "").split() or "uris" not in fields:
            continue
        found.append(
            Source(
                tuple(fields["uris"].split()),
                tuple(fields.get("suites", "").split()),
                tuple(fields.get("components", "").split()),
                fields.get("signed-by", ""),
                fields.get("enabled", "yes").lower() not in ("no", "false", "0"),
            )
        )
    return found


def system_sources(folder=SYSTEM_SOURCES):
    """Return all sources of this machine, in both formats."""
    found = []
    main = folder / "sources.list"
    if main.is_file():
        found += parse_one_line(main.read_text(encoding="utf-8", errors="replace"))
    for path in sorted(folder.glob("sources.list.d/*")):
        if path.suffix in (".list", ".sources"):
            parse = parse_one_line if path.suffix == ".list" else parse_deb822
            found += parse(path.read_text(encoding="utf-8", errors="replace"))
    return found


def debian_source(sources):
    """Return the entry of Debian's own archive among a machine's sources.

    :raise NotToBeHad: when there is none (another system)
    """
    for source in sources:
        if source.enabled and "main" in source.components and RELEASES.intersection(source.suites):
            return source
    raise NotToBeHad("This machine has no source of Debian packages.")


def private_sources(source, suites):
    """Return the text of a sources file with the same archive and key, for other suites."""
    lines = [
        "Types: deb",
        f"URIs: {' '.join(source.uris)}",
        f"Suites: {' '.join(suites)}",
        "Components: main",
    ]
    if source.signed_by:
        lines.append(f"Signed-By: {source.signed_by}")
    return "\n".join(lines) + "\n"


class PrivateApt:
    """An apt of one's own in a folder, for one suite; checks signatures and hashes as apt does."""

    def __init__(self, folder, source, suite, logs):
        self.folder = folder / suite
        self.suite = suite
        self.logs = logs
        for name in ("lists/partial", "cache/archives/partial"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        sources = self.folder / "debian.sources"
        sources.write_text(private_sources(source, [suite]), encoding="utf-8")
        self.options = [
            f"Dir::Etc::sourcelist={sources}",
            "Dir::Etc::sourceparts=/dev/null",
            f"Dir::State::Lists={self.folder / 'lists'}",
            f"Dir::Cache={self.folder / 'cache'}",
            # The folder may lie where apt's own user cannot reach it.
            "APT::Sandbox::User=root",
            # A mirror frozen in time will do: what is fetched is signed all the same, and Odoo's version is pinned.
            "Acquire::Check-Valid-Until=false",
            "Acquire::Retries=2",
            "Acquire::http::Timeout=30",
            "Acquire::Languages=none",
        ]

    def run(self, *arguments, cwd=None):
        options = [word for option in self.options for word in ("-o", option)]
        what = f"fetching packages from Debian {self.suite}"
        log = self.logs / f"apt-{self.suite}-{arguments[0]}.log"
        try:
            return run_logged(["apt-get", "-q", *options, *arguments], log, what, cwd=cwd)
        except Failure as failure:
            if NOT_THERE.search(log.read_text(encoding="utf-8", errors="replace")):
                raise NotToBeHad(str(failure)) from None
            raise

    def update(self):
        # Without this option, apt takes unreachable archives for a mere warning.
        self.run("update", "-o", "APT::Update::Error-Mode=any")

    def download(self, packages, folder):
        """Fetch packages into a folder, going on with files of which a part is there.

        :return list: paths of the .deb files; the folder may hold others, of tries before
        """
        folder.mkdir(parents=True, exist_ok=True)
        # elsewhere: of files that it finds complete, apt prints nothing
        uris = self.run("download", "--print-uris", *packages, cwd=self.folder)
        self.run("download", *packages, cwd=folder)
        return [folder / name for name in re.findall(r"^'[^']+' (\S+\.deb) \d+", uris, re.MULTILINE)]
