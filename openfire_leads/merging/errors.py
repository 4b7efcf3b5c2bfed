"""What can go wrong in a merge, without words for users: the models put it into a sentence."""

from __future__ import annotations


class MergingError(Exception):
    """Root of the errors of this package."""


class UnknownFieldError(MergingError):
    """A value was chosen for a field that nobody may choose; the message is its name."""


class UnknownLeadError(MergingError):
    """A value was picked from a lead that is not being merged; the message is the field's name."""


class LinkError(MergingError):
    """Rows that the database does not let go to the survivor; the message is the database's.

    :param table: their table
    :param column: the column that points to a lead
    :param model: the table's model, if it has one
    """

    def __init__(self, reason: str, table: str, column: str, model: str | None):
        super().__init__(reason)
        self.table, self.column, self.model = table, column, model


class BarredLinkError(LinkError):
    """Rows that nobody can move to the survivor.

    :param readable: Odoo may read and change the table
    """

    def __init__(self, table: str, column: str, model: str | None, *, readable: bool):
        super().__init__("", table, column, model)
        self.readable = readable


class RestoreError(MergingError):
    """Rows that the database does not take back; the message is the database's."""


class MissingTargetError(RestoreError):
    """A lead that cannot exist again without a record deleted since.

    :param column: the column that must refer to it
    :param table: the table of the record
    :param value: what refers to it
    """

    def __init__(self, column: str, table: str, value: str):
        super().__init__(f"{column} = {value}")
        self.column, self.table, self.value = column, table, value
