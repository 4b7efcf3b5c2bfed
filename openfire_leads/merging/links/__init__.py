"""What can point to a lead: one class per kind of link, which finds, probes, counts, moves and restores its own.

Nothing is listed by hand: links are found in the registry and in PostgreSQL's catalogue. A kind of its own is
only for what is different about it::

    Kind                    restores
    |-- Link                finds, probes, counts, moves
    |   |-- BarredLink          foreign key that cannot be moved: refuses
    |   |-- RowLink         one column, one lead: removes what clashes, moves the rest
    |   |   |-- KeyLink             foreign key                     MeetingLink
    |   |   |-- Many2manyLink       foreign key, table without ids
    |   |   |-- PairLink            model and id                    MessageLink, FollowerLink, FileLink
    |   |   |-- ComputedLink        id, the model is computed
    |   |   `-- ReferenceLink       "crm.lead,12"                   ServerActionLink
    |   `-- JsonLink        values in JSON are rewritten
    |       |-- CompanyLink         value per company
    |       |-- PropertyLink        property
    |       |-- DefinitionLink      default in the definition of a property
    |       |-- DefaultLink         default of a field
    |       `-- TextLink            text in Python's notation: a filter, a domain
    |-- Created, Joined, Delta      what Odoo did by itself
    `-- Kept                        what goes with a survivor that is deleted

For a new kind: a class in a file, its example row in the docstring, and its name in ``FINDERS``. The journal
keeps the kind's name, so that ``KINDS[name].restore(…)`` takes it back.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from ..catalogue import Catalogue
from .barred import BarredLink
from .base import Kind, Link, Search, Target
from .by_odoo import Created, Delta, Joined
from .chatter import PLACEHOLDER, FileLink, FollowerLink, MessageLink
from .company import CompanyLink
from .computed import ComputedLink
from .default import DefaultLink
from .definition import DefinitionLink
from .kept import Kept
from .key import KeyLink, MeetingLink
from .many2many import Many2manyLink
from .pair import PairLink
from .property import PropertyLink
from .reference import ReferenceLink, ServerActionLink
from .rows import RowLink
from .text import TextLink

# of two kinds that find one column, the first has it
FINDERS: tuple[type[Link], ...] = (
    BarredLink,
    MeetingLink,
    KeyLink,
    Many2manyLink,
    MessageLink,
    FollowerLink,
    FileLink,
    PairLink,
    ComputedLink,
    ServerActionLink,
    ReferenceLink,
    CompanyLink,
    PropertyLink,
    DefinitionLink,
    DefaultLink,
    TextLink,
)
_ALL: tuple[type[Kind], ...] = (*FINDERS, Created, Joined, Delta, Kept)
KINDS: dict[str, type[Kind]] = {kind.kind: kind for kind in _ALL}


def find_links(
    env: Any,
    model: str,
    *,
    ignored: Collection[str] = (),
    derived: Collection[str] = (),
    logs: Collection[str] = (),
) -> tuple[Link, ...]:
    """Return every column that can point to a record of ``model``, in the order in which they are to be moved.

    Costs some tens of milliseconds: keep the result.

    :param env: any environment
    :param ignored: tables that are never touched (the journal's own)
    :param derived: tables whose rows say something of the records as they are: they are not moved, but go
        with them and come back with them
    :param logs: tables that tell what happened to records: only their foreign keys are followed
    """
    search = Search(Catalogue(env), Target(model, env[model]._table), frozenset(derived))
    found: dict[tuple[str, str], Link] = {}
    for kind in FINDERS:
        for link in kind.find(search):
            if link.table not in logs or isinstance(link, (BarredLink, KeyLink, Many2manyLink)):
                found.setdefault((link.table, link.column), link)
    return tuple(found[place] for place in sorted(found) if place[0] not in ignored)


__all__ = [
    "FINDERS",
    "KINDS",
    "PLACEHOLDER",
    "BarredLink",
    "CompanyLink",
    "ComputedLink",
    "Created",
    "DefaultLink",
    "DefinitionLink",
    "Delta",
    "FileLink",
    "FollowerLink",
    "Joined",
    "Kept",
    "KeyLink",
    "Kind",
    "Link",
    "Many2manyLink",
    "MeetingLink",
    "MessageLink",
    "PairLink",
    "PropertyLink",
    "ReferenceLink",
    "RowLink",
    "ServerActionLink",
    "TextLink",
    "find_links",
]
