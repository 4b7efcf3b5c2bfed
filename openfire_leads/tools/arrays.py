"""The rows of a query as a NumPy array, without a Python object for each."""

import io

import numpy as np

# what PostgreSQL's binary format writes before the first row, and after the last one
_HEADER, _TRAILER = 19, 2


def read(cr, query, **columns):
    """Return the rows of ``query`` as a structured array.

    As in PostgreSQL's documentation of ``COPY``, *Binary Format*: each row is the number of its values, and of each
    value its length and its bytes.

    :param query: :class:`SQL` whose columns are not null and of one length each: numbers, or ``bytea``
    :param columns: ``name=type`` of each column, in their order: a NumPy type; integers as ``int16``, ``int32``,
        ``int64``, bytes as ``V48``
    :return: an array with these columns, numbers in the machine's own order of bytes
    """
    file = io.BytesIO()
    statement = cr.mogrify(query.code, query.params).decode()
    cr.copy_expert(f"COPY ({statement}) TO STDOUT (FORMAT binary)", file)
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
