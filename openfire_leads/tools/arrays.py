"""The rows of a query as a NumPy array, without a Python object for each."""

import io
import struct

import numpy as np

from odoo.tools import SQL

# what PostgreSQL's binary format writes before the first row, and after the last one
_HEADER, _TRAILER = 19, 2
# numbers of 32 bits that it writes before those of an array of one dimension
_ARRAY_HEADER = 5


def read(cr, query, **columns):
    """Return the rows of ``query`` as a structured array.

    As in PostgreSQL's documentation of ``COPY``, *Binary Format*: each row is the number of its values, and of each
    value its length and its bytes.

    :param query: :class:`SQL` whose columns are not null and of one length each: numbers, or ``bytea``
    :param columns: ``name=type`` of each column, in their order: a NumPy type; integers as ``int16``, ``int32``,
        ``int64``, bytes as ``V48``
    :return: an array with these columns, numbers in the machine's own order of bytes
    """
    file = _copied(cr, query)
    written = [("values", ">i2")]
    for name, kind in columns.items():
        written += [(name + " length", ">i4"), (name, np.dtype(kind).newbyteorder(">"))]
    row = np.dtype(written)
    size = file.tell() - _HEADER - _TRAILER
    if size % row.itemsize:
        raise ValueError("the values of a column are not of one length")
    rows = np.frombuffer(file.getbuffer(), row, size // row.itemsize, _HEADER)
    found = np.empty(len(rows), [(name, np.dtype(kind)) for name, kind in columns.items()])
    for name in columns:
        found[name] = rows[name]
    return found


def read_lists(cr, query):
    """Return the lists of numbers that the rows of ``query`` hold, end to end.

    Each list is sent as a whole: a row for each number, as of ``unnest``, takes PostgreSQL more than twice as long.

    :param query: :class:`SQL` with the columns ``owner``, an ``integer``, and ``list``, an ``integer[]`` of one
        dimension without nulls; both together make less than a gigabyte
    :return: two arrays of 32-bit integers: for each number of each list its owner, and the number
    """
    lists = SQL(
        """
        SELECT string_agg(int4send(owner), ''), string_agg(int4send(cardinality(list)), ''),
               string_agg(array_send(list), '')
          FROM (%s) AS lists WHERE cardinality(list) > 0
        """,
        query,
    )
    owner, size, numbers = (np.frombuffer(value, ">i4") for value in read_bytes(cr, lists))
    # what is no header is the length of each number and the number
    is_header = np.zeros(len(numbers), bool)
    start = np.cumsum(size * 2 + _ARRAY_HEADER) - (size * 2 + _ARRAY_HEADER)
    for place in range(_ARRAY_HEADER):
        is_header[start + place] = True
    return np.repeat(owner.astype(np.int32), size), numbers[~is_header][1::2].astype(np.int32)


def read_bytes(cr, query):
    """Return the values of the only row of ``query``, ``bytea`` or ``text``, as bytes; no bytes for a null."""
    written, place = _copied(cr, query).getbuffer(), _HEADER
    (count,) = struct.unpack_from(">h", written, place)
    place += 2
    values = []
    for _value in range(count):
        (length,) = struct.unpack_from(">i", written, place)
        place += 4
        values.append(written[place : place + max(length, 0)])
        place += max(length, 0)
    return values


def _copied(cr, query):
    """Return a file with the rows of ``query`` in PostgreSQL's binary format."""
    file = io.BytesIO()
    statement = cr.mogrify(query.code, query.params).decode()
    cr.copy_expert(f"COPY ({statement}) TO STDOUT (FORMAT binary)", file)
    return file
