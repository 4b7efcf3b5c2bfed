"""What an undo gives back of a survivor whose values were changed since: restore, keep or blend. Pure Python.

For each column that a merge changed there are three values: ``before`` the merge, ``after`` it, and the
``current`` one::

    before  after  current
    A       B      B         nobody touched it since: A again
    A       B      C         somebody did: C is kept, and told as a conflict, unless the user asks for A
    A       B      A         as it was already
    {x: 1, y: 1}  {x: 2, y: 1}  {x: 2, y: 3}     several values in one column: {x: 1, y: 3}, no conflict
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

# of the last write to the survivor, whoever made it
STAMPS = frozenset({"write_uid", "write_date"})


class Change(NamedTuple):
    """One column of a survivor that a merge changed: its value before, after the merge, and now."""

    before: Any
    after: Any
    current: Any

    @property
    def since(self) -> bool:
        """Somebody changed it after the merge, to something new."""
        return self.current not in (self.before, self.after)


@dataclass(frozen=True)
class Settlement:
    """What an undo does to the columns of the survivor that the merge changed.

    :param restored: columns that get their former value
    :param blended: columns of several values, with their new value: former ones where the merge changed
        them, today's where somebody did since
    :param kept: columns that were changed since and stay as they are
    """

    restored: tuple[str, ...] = ()
    blended: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    kept: tuple[str, ...] = ()


def blend(change: Change) -> dict[str, Any] | None:
    """Take back what the merge changed in a column of several values, and leave the rest as it is now.

    :returns: the column's new value; None if it does not hold several values, or one and the same of them
        was changed by both
    """
    if not all(value is None or isinstance(value, dict) for value in change):
        return None
    before, after, current = (value or {} for value in change)
    blended = dict(current)
    for key in before.keys() | after.keys():
        if before.get(key) == after.get(key):
            continue
        if current.get(key) not in (after.get(key), before.get(key)):
            return None
        blended.pop(key, None)
        if key in before:
            blended[key] = before[key]
    return blended


def conflicting(changes: Mapping[str, Change], derived: Collection[str] = ()) -> tuple[str, ...]:
    """Return the columns that the merge changed and somebody changed again since.

    :param derived: columns that are only computed: recomputed rather than argued about
    """
    return tuple(
        column
        for column, change in changes.items()
        if change.since and column not in derived and column not in STAMPS and blend(change) is None
    )


def settle(
    changes: Mapping[str, Change],
    *,
    untouched: bool,
    derived: Collection[str] = (),
    restore: Collection[str] = (),
) -> Settlement:
    """Decide what becomes of each column that the merge changed.

    :param untouched: the survivor's row is exactly as the merge left it
    :param derived: columns that are only computed
    :param restore: columns to give back although they were changed since
    """
    kept = tuple(column for column in conflicting(changes, derived) if column not in restore)
    blended: dict[str, dict[str, Any]] = {}
    for column, change in changes.items():
        value = blend(change) if change.since and column not in restore else None
        if value is not None:
            blended[column] = value
    restored = tuple(
        column
        for column, change in changes.items()
        if column not in kept
        and column not in blended
        and (untouched or column not in STAMPS)
        and (column not in derived or change.after == change.current)
    )
    return Settlement(restored, blended, kept)
