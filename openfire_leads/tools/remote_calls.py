"""What other programs may pass to the public verbs, and what these return: checked in one place.

A verb says by :func:`checked` what its arguments are. A wrong one is refused in words before anything is done, and
what is returned can be carried by XML-RPC, which knows no ``None``.
"""

import functools
import inspect
import math

from odoo import fields, models
from odoo.api import NewId
from odoo.exceptions import UserError

# the ids that PostgreSQL's integers can hold
GREATEST_ID = 2**31 - 1


def checked(one=False, **checks):
    """Decorate a public verb: check the ids it is called on, and its arguments.

    :param bool one: the verb is for one record
    :param checks: for each argument a function that takes ``env``, the argument's name and its value, and returns
        the value to go on with
    :raises UserError: (the verb) when an argument is wrong; it says which one and why
    """

    def decorate(verb):
        signature = inspect.signature(verb)

        @functools.wraps(verb)
        def checked_verb(self, *args, **kwargs):
            _check_called_on(self, one)
            try:
                bound = signature.bind(self, *args, **kwargs)
            except TypeError as error:
                raise UserError(
                    self.env._(
                        "“%(verb)s” cannot be called like that: %(error)s.", verb=verb.__name__, error=error
                    )
                ) from error
            for name, check in checks.items():
                if name in bound.arguments:
                    bound.arguments[name] = check(self.env, name, bound.arguments[name])
            return without_none(verb(*bound.args, **bound.kwargs))

        return checked_verb

    return decorate


def _check_called_on(records, one):
    for record_id in records._ids:
        if not (is_id(record_id) or isinstance(record_id, NewId)):
            raise UserError(records.env._("%(value)s is not the id of a record.", value=repr(record_id)))
    if one and len(records._ids) != 1:
        raise UserError(
            records.env._("This works on one record at a time, not on %(count)s.", count=len(records._ids))
        )


def is_id(value):
    """Return whether ``value`` can be a record's id."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= GREATEST_ID


def fits(field, records, value):
    """Return whether a field of ``records`` that refers to no other record can hold a value."""
    if field.type == "integer" and isinstance(value, int):
        return abs(value) <= GREATEST_ID
    try:
        field.convert_to_cache(value, records, validate=field.type == "selection")
    except (TypeError, ValueError):
        return False
    return True


def without_none(value):
    """Return a value made of dicts and lists with ``False`` for ``None``."""
    if value is None:
        return False
    if isinstance(value, dict):
        return {key: without_none(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [without_none(item) for item in value]
    return value


class PlainJson(fields.Json):
    """A JSON field that XML-RPC can read."""

    def convert_to_read(self, value, record, use_display_name=True):
        return without_none(super().convert_to_read(value, record, use_display_name))


def context_ids(env):
    """Return the ids that a client selected (``active_ids`` in the context)."""
    return ids(env, "active_ids", env.context.get("active_ids") or [])


def context_id(env, key):
    """Return the id that a client put into the context, or ``False``."""
    return one_id(env, key, env.context.get(key) or False)


# Checks ----------------------------------------------------------------------


def score(env, name, value):
    """A probability in percent, or ``None``."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if value is None or (number and math.isfinite(value) and 0 <= value <= 100):
        return value
    raise UserError(
        env._("“%(name)s” must be a number from 0 to 100, not %(value)s.", name=name, value=_shown(value))
    )


def count(env, name, value):
    """How many, or ``None`` for all."""
    if value is None:
        return value
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return min(value, GREATEST_ID)  # no table has more rows, and the database takes no greater number
    raise UserError(
        env._("“%(name)s” must be a whole number from 0 on, not %(value)s.", name=name, value=_shown(value))
    )


def flag(env, name, value):
    """Yes or no."""
    if isinstance(value, bool):
        return value
    raise UserError(env._("“%(name)s” must be true or false, not %(value)s.", name=name, value=_shown(value)))


def text(env, name, value):
    """A text, or nothing."""
    if not value and not isinstance(value, dict | list | tuple):
        return False
    if isinstance(value, str):
        return value
    raise UserError(env._("“%(name)s” must be a text, not %(value)s.", name=name, value=_shown(value)))


def names(env, name, value):
    """A list of names, or nothing."""
    if value is None or value is False:
        return []
    if isinstance(value, list | tuple | set) and all(isinstance(item, str) for item in value):
        return list(value)
    raise UserError(
        env._("“%(name)s” must be a list of names, not %(value)s.", name=name, value=_shown(value))
    )


def ids(env, name, value):
    """A list of ids, whatever became of the records."""
    if isinstance(value, list | tuple) and all(map(is_id, value)):
        return list(value)
    raise UserError(env._("“%(name)s” must be a list of ids, not %(value)s.", name=name, value=_shown(value)))


def optional_ids(env, name, value):
    """A list of ids, whatever became of the records, or nothing."""
    return value if value is None or value is False else ids(env, name, value)


def existing_ids(model, optional=False):
    """Return a check for a list of ids of records that exist; ``optional``: or nothing."""

    def check(env, name, value):
        given = optional_ids(env, name, value) if optional else ids(env, name, value)
        if not given:
            return given
        gone = set(given) - set(env[model].browse(given).exists().ids)
        if gone:
            raise _unknown(env, name, sorted(gone)[0])
        return given

    return check


def one_id(env, name, value):
    """An id, whatever became of the record, or nothing."""
    if value is None or value is False:
        return False
    if is_id(value):
        return value
    raise UserError(
        env._("“%(name)s” must be the id of a record, not %(value)s.", name=name, value=_shown(value))
    )


def existing_id(model):
    """Return a check for the id of a record that exists and that the user may see, or nothing."""

    def check(env, name, value):
        value = one_id(env, name, value)
        if value and not env[model].browse(value).exists()._filtered_access("read"):
            raise _unknown(env, name, value)
        return value

    return check


def record(model):
    """Return a check for a record, or the id of one, or nothing; the verb gets the record."""
    check_id = existing_id(model)

    def check(env, name, value):
        if isinstance(value, models.BaseModel) and value._name == model:
            return value
        return env[model].browse(check_id(env, name, value) or ())

    return check


def domain(model):
    """Return a check for a domain of records of ``model``, or nothing."""

    def check(env, name, value):
        if not value and not isinstance(value, dict | str):
            return []
        try:
            result = fields.Domain(value)
            result.validate(env[model])
        except (TypeError, ValueError, KeyError, AssertionError) as error:
            raise UserError(
                env._("“%(name)s” must be a domain, not %(value)s.", name=name, value=_shown(value))
            ) from error
        return result

    return check


def lead_of_each(env, name, value):
    """A dict ``{field name: id of the lead to take it from}``, or nothing."""
    if value is None or value is False or value == []:
        return {}
    if isinstance(value, dict) and all(isinstance(key, str) and is_id(item) for key, item in value.items()):
        return value
    raise UserError(
        env._(
            "“%(name)s” must say for each field, by its name, the id of the lead to take it from; "
            "%(value)s does not.",
            name=name,
            value=_shown(value),
        )
    )


def _unknown(env, name, value):
    return UserError(
        env._(
            "“%(name)s”: there is no record with the id %(value)s, or you may not see it.",
            name=name,
            value=value,
        )
    )


def _shown(value):
    shown = repr(value)
    return shown if len(shown) <= 100 else f"{shown[:100]}…"
