"""Mail to an alias that names what is no longer there arrives: a merged lead's at the survivor, the rest makes a lead
without it."""

import logging

from odoo import api, models
from odoo.fields import Command

_logger = logging.getLogger(__name__)


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _routing_check_route(self, message, message_dict, route, raise_exception=True):
        """Have the survivor in place of a merged lead where a mail is to go to it, or to make a record that refers to
        it. A foreign key would be broken otherwise, and the mail is lost with its transaction."""
        if route:
            model, thread_id, values, *others = route
            if model == "crm.lead" and thread_id:
                thread_id = self.env["crm.lead"]._merge_resolve([thread_id]).get(thread_id, thread_id)
            values = self._values_of_survivors(model, values)
            if model == "crm.lead":
                values = self._values_that_exist(model, values, message_dict)
            route = (model, thread_id, values, *others)
        return super()._routing_check_route(message, message_dict, route, raise_exception)

    @api.model
    def _values_of_survivors(self, model_name, values):
        """Return values for a record of a model in which no lead is one that was merged into another."""
        if not values or model_name not in self.env:
            return values
        fields = self.env[model_name]._fields
        named = {
            name: _ids(values[name])
            for name in values
            if name in fields and fields[name].comodel_name == "crm.lead"
        }
        ids = {lead_id for ids in named.values() for lead_id in ids}
        survivors = self.env["crm.lead"]._merge_resolve(ids) if ids else {}
        if not survivors:
            return values
        return values | {name: _with_others(values[name], survivors) for name in named}

    @api.model
    def _values_that_exist(self, model_name, values, message_dict):
        """Return default values of an alias without the records that were deleted since, which would break a foreign
        key. Tells of them in the log: whoever looks after the alias is to put another one in their place."""
        named = {}
        for name, value in (values or {}).items():
            field = self.env[model_name]._fields.get(name)
            ids = {one for one in _ids(value) if one} if field is not None and field.relational else ()
            if ids:
                named[name] = (field.comodel_name, ids)
        ids_by_model = {}
        for comodel, ids in named.values():
            ids_by_model.setdefault(comodel, set()).update(ids)
        there = {
            # sudo: whether they exist does not depend on who may read them
            comodel: set(self.env[comodel].sudo().browse(ids).exists()._ids)
            for comodel, ids in ids_by_model.items()
        }
        gone = {name: ids - there[comodel] for name, (comodel, ids) in named.items() if ids - there[comodel]}
        if not gone:
            return values
        _logger.warning(
            "The default values of an alias name records that no longer exist, which the lead made of mail %s is "
            "without: %s",
            message_dict.get("message_id"),
            ", ".join(f"{name} {sorted(ids)}" for name, ids in gone.items()),
        )
        return values | {name: _without(values[name], ids) for name, ids in gone.items()}


def _ids(value):
    """Yield the ids of records that a value of a many2one, or commands of a field of several records, link to."""
    if isinstance(value, bool):
        return
    if isinstance(value, int):
        yield value
    elif isinstance(value, list | tuple):
        for command in value:
            if isinstance(command, list | tuple) and command:
                yield from command[2] if command[0] == Command.SET else command[1:2]
            else:
                yield from _ids(command)


def _with_others(value, others):
    """Return such a value with ``others`` in place of ids."""
    if isinstance(value, int):
        return others.get(value, value)
    if not isinstance(value, list | tuple):
        return value
    changed = []
    for command in value:
        if isinstance(command, list | tuple) and command and command[0] == Command.SET:
            changed.append((Command.SET, 0, list(dict.fromkeys(others.get(one, one) for one in command[2]))))
        elif isinstance(command, list | tuple) and len(command) > 1:
            changed.append((command[0], others.get(command[1], command[1]), *command[2:]))
        else:
            changed.append(_with_others(command, others))
    return changed


def _without(value, ids):
    """Return such a value without these ids."""
    if isinstance(value, int):
        return False if value in ids else value
    kept = []
    for command in value:
        if isinstance(command, list | tuple) and command:
            if command[0] == Command.SET:
                kept.append((Command.SET, 0, [one for one in command[2] if one not in ids]))
            elif len(command) < 2 or command[1] not in ids:
                kept.append(command)
        elif command not in ids:
            kept.append(command)
    return kept
