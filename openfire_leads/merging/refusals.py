"""Rows for which a merge is not made, found before anything is moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .batch import Batch
from .catalogue import ForeignKey
from .links import BarredLink, Link, RowLink
from .links.clashes import held


@dataclass(frozen=True)
class Refusal:
    """What of one link stands in the way.

    :param link: one that nobody can move, if nothing else is said
    :param key: the foreign key by which records hold on to rows of the link that cannot exist on the survivor, and
        that would be set aside if nobody did
    :param row_ids: those rows, as far as an id tells them
    :param holder: the model of the records
    :param holder_ids: their ids
    """

    link: Link
    key: ForeignKey | None = None
    row_ids: tuple[int, ...] = ()
    holder: str = ""
    holder_ids: tuple[int, ...] = ()


def can_refuse(link: Link) -> bool:
    """Return whether a merge can be refused for rows of a link."""
    return isinstance(link, BarredLink) or (isinstance(link, RowLink) and bool(link.holders))


def find_refusals(env: Any, batch: Batch, found: Sequence[Link]) -> list[Refusal]:
    """Return for what these merges would be refused; one query for each key by which records hold on to others.

    :param found: links that were :func:`~.move.touched`, all of them or those that :func:`can_refuse`
    """
    refused = []
    for link in found:
        if isinstance(link, BarredLink):
            refused.append(Refusal(link))
        elif isinstance(link, RowLink):
            for key, holder in link.holders:
                rows = env.execute_query(held(link, batch, key))
                if rows:
                    row_ids = sorted({row_id for row_id, _holder_id in rows if row_id})
                    holder_ids = sorted({holder_id for _row_id, holder_id in rows})
                    refused.append(Refusal(link, key, tuple(row_ids), holder, tuple(holder_ids)))
    return refused
