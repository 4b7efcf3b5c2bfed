"""Whether the Python packages are there that the manifest lists, each in a version that will do.

Odoo looks as well before it installs or upgrades the addon, and names the first package that it misses. Where one is
gone or replaced later, the addon does not load; then this names all of them, and the command that mends it.
"""

import sys
import sysconfig
from importlib import metadata, util
from pathlib import Path

from odoo.exceptions import UserError
from odoo.modules.module import Manifest, Requirement

# what is imported, where it is not the package's own name
IMPORTED_AS = {"email-forward-parser": "emailforwardparser", "mail-parser-reply": "mailparser_reply"}


def listed():
    """Return what the manifest lists, as :class:`packaging.requirements.Requirement`.

    :raises Exception: Odoo's own, that says so, where there is no package ``packaging``
    """
    return [
        Requirement(one) for one in Manifest.for_addon("openfire_leads")["external_dependencies"]["python"]
    ]


def unmet(requirements):
    """Return those of ``requirements`` that are not met: ``[(requirement, installed version or None), ...]``.

    A distribution's own package may come without metadata: then it will do where it can be imported.

    :param requirements: :class:`packaging.requirements.Requirement`
    """
    found = []
    for requirement in requirements:
        try:
            version = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            version = None
        if version:
            met = requirement.specifier.contains(version, prereleases=True)
        else:
            name = IMPORTED_AS.get(requirement.name, requirement.name)
            met = util.find_spec(name) is not None
        if not met:
            found.append((requirement, version))
    return found


def check():
    """See that the addon can be loaded.

    :raises UserError: naming all packages that are missing or too old, or too new, and what mends it
    """
    if problems := unmet(listed()):
        raise UserError(_told(problems))


def _told(problems):
    """Return the sentence about what :func:`unmet` found. In English: no language is loaded yet."""
    packages = ", ".join(
        f"{requirement} ({f'{version} is installed' if version else 'not installed'})"
        for requirement, version in problems
    )
    return (
        f"OpenFire Leads cannot be loaded, as Python packages are missing or of another version: {packages}. "
        f"Run this command, then restart Odoo: {_command(problems)}"
    )


def _command(problems):
    """Return the pip command for the Python that runs Odoo."""
    wanted = " ".join(f"'{requirement}'" for requirement, _version in problems)
    return f"{sys.executable or 'python3'} -m pip install {_needed_option()}{wanted}"


def _needed_option():
    """Return what pip wants to be told where the distribution takes care of this Python's packages."""
    is_virtual = sys.prefix != sys.base_prefix
    externally_managed = Path(sysconfig.get_path("stdlib"), "EXTERNALLY-MANAGED").exists()
    return "--break-system-packages " if externally_managed and not is_virtual else ""
