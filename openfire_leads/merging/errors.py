"""What can go wrong in a merge, without words for users: the models put it into a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg2


class MergingError(Exception):
    """Root of the errors of this package."""


class UnknownFieldError(MergingError):
    """A value was chosen for a field that nobody may choose; the message is its name."""


class UnknownLeadError(MergingError):
    """A value was picked from a lead that is not being merged; the message is the field's name."""


class RuleError(MergingError):
    """Something that a rule of the database does not allow; the message is the database's, and not for users.

    :param cause: what the database raised
    """

    def __init__(self, cause: psycopg2.Error):
        super().__init__(cause.diag.message_primary or str(cause))
        self.rule: str | None = cause.diag.constraint_name
        self.ruled_table: str | None = cause.diag.table_name


class LinkError(RuleError):
    """Rows that the database does not let go to the survivor.

    :param table: their table
    :param column: the column that points to a lead
    :param model: the table's model, if it has one
    """

    def __init__(self, cause: psycopg2.Error, table: str, column: str, model: str | None):
        super().__init__(cause)
        self.table, self.column, self.model = table, column, model


class RefusedError(MergingError):
    """Rows that stand in the way of a merge, found before anything was moved.

    :param refusals: each a :class:`~.refusals.Refusal`
    """

    def __init__(self, refusals: Sequence[Any]):
        super().__init__(", ".join(refusal.link.table for refusal in refusals))
        self.refusals = tuple(refusals)


class RestoreError(MergingError):
    """What cannot be brought back."""


class RestoreRuleError(RuleError, RestoreError):
    """Rows that the database does not take back."""


class MissingTargetError(RestoreError):
    """A lead that cannot exist again without a record deleted since.

    :param column: the column that must refer to it
    :param table: the table of the record
    :param value: what refers to it
    """

    def __init__(self, column: str, table: str, value: str):
        super().__init__(f"{column} = {value}")
        self.column, self.table, self.value = column, table, value
