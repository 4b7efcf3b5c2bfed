"""Ids in texts of Python's notation, replaced one by one: domains, contexts, values. Pure Python.

A text is parsed, never evaluated; what is no such id stays as it was written::

    [('lead_id', '=', 12), ('user_id', '=', uid)]    -->    [('lead_id', '=', 7), ('user_id', '=', uid)]
    {'lead_id': 12, 'tag_ids': [(4, 12)]}            -->    {'lead_id': 7, 'tag_ids': [(4, 12)]}
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

# whether a field holds ids of the records, by its path: True, False, or None if that cannot be told
Refers = Callable[[str], "bool | None"]


class Doubt(Exception):
    """A text names a record, for all that can be told, and cannot be changed safely.

    :param record_id: the record
    """

    def __init__(self, record_id: int):
        super().__init__(record_id)
        self.record_id = record_id


class _Held(NamedTuple):
    """A part of a text that is the value of a field."""

    path: str
    value: ast.AST


def rewritten(
    text: str,
    form: Callable[[ast.AST], Iterator[_Held]],
    refers: Refers,
    model: str,
    new_ids: Mapping[int, int],
) -> tuple[str, set[int]]:
    """Return a text with other ids where it names records, and which of them it did.

    :param form: how the text says of which field a value is, one of :data:`FORMS`
    :param model: the records' model
    :param new_ids: ``{id: the one in its place}``
    :raises Doubt: it cannot be told whether it names one
    """
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise Doubt(next(one for one in new_ids if str(one) in text)) from None
    start = len(text) - len(text.lstrip())
    replaced: dict[ast.Constant, str] = {}
    found = set()
    for held in form(tree.body):
        answer = refers(held.path)
        for constant, old in _ids(held.value, new_ids) if answer is not False else ():
            if answer is None:
                if model in text:
                    raise Doubt(old)
                continue
            found.add(old)
            replaced[constant] = str(new_ids[old])
    references = {f"{model},{old}": (old, f"{model},{new}") for old, new in new_ids.items()}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in references:
            old, reference = references[node.value]
            found.add(old)
            replaced[node] = repr(reference)
    return text[:start] + _replace(text.strip(), replaced) + text[start + len(text.strip()) :], found


def _replace(text: str, replaced: Mapping[ast.Constant, str]) -> str:
    """Return ``text`` with other words in the places of these nodes of it."""
    lines = [line.encode() for line in text.splitlines(keepends=True)]
    for node in sorted(replaced, key=lambda one: (one.lineno, one.col_offset), reverse=True):
        assert node.end_col_offset is not None
        line = lines[node.lineno - 1]
        lines[node.lineno - 1] = (
            line[: node.col_offset] + replaced[node].encode() + line[node.end_col_offset :]
        )
    return b"".join(lines).decode()


def _ids(value: ast.AST, ids: Mapping[int, int], depth: int = 0) -> Iterator[tuple[ast.Constant, int]]:
    """Yield the numbers of a value that are among ``ids``, with their places in the text.

    :param depth: in how many lists the value is: the first number of a command such as ``(4, 12)`` is no id
    """
    if isinstance(value, ast.Constant):
        if type(value.value) is int and value.value in ids:
            yield value, value.value
        return
    is_list = isinstance(value, ast.List | ast.Tuple)
    for position, part in enumerate(ast.iter_child_nodes(value)):
        if not (is_list and depth == 1 and position == 0):
            yield from _ids(part, ids, depth + is_list)


def _of_domain(node: ast.AST, prefix: str = "") -> Iterator[_Held]:
    """``[('lead_id', '=', 12)]``, and what is within ``any`` as a domain of its own."""
    if isinstance(node, ast.List | ast.Tuple) and len(node.elts) == 3:
        path, operator, value = node.elts
        if (
            isinstance(path, ast.Constant)
            and isinstance(path.value, str)
            and path.value not in ("&", "|", "!")
        ):
            if isinstance(operator, ast.Constant) and str(operator.value).endswith("any"):
                yield from _of_domain(value, f"{prefix}{path.value}.")
            else:
                yield _Held(prefix + path.value, value)
            return
    for part in ast.iter_child_nodes(node):
        yield from _of_domain(part, prefix)


def _of_values(node: ast.AST) -> Iterator[_Held]:
    """``{'lead_id': 12}``"""
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield _Held(key.value, value)


def _of_context(node: ast.AST) -> Iterator[_Held]:
    """``{'default_lead_id': 12, 'search_default_lead_id': 12}``"""
    for path, value in _of_values(node):
        for prefix in ("search_default_", "default_"):
            if path.startswith(prefix):
                yield _Held(path.removeprefix(prefix), value)
                break


FORMS: dict[str, Callable[[ast.AST], Iterator[_Held]]] = {
    "domain": _of_domain,
    "values": _of_values,
    "context": _of_context,
}
