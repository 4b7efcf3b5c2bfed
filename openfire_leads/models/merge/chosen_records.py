"""What was chosen in a window and is deleted, or given to others, before its button is pressed: told in words."""

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...tools.remote_calls import is_id


class ChosenRecords(models.AbstractModel):
    """Mixin for windows; else the database would speak of foreign keys, and Odoo of the numbers of records."""

    _name = "openfire.chosen.records"
    _description = "Records Chosen in a Window"

    # what a window notes for itself: forgotten where it is gone
    _noted_fields = frozenset()

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._chosen_values(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._chosen_values(vals))

    @api.model
    def _chosen_values(self, vals):
        """Return the values without records that are gone and that nobody chose.

        :raises UserError: what was chosen is gone
        """
        values = dict(vals)
        for name, value in vals.items():
            field = self._fields.get(name)
            if not value or field is None or field.type not in ("many2one", "many2many"):
                continue
            chosen = self.env[field.comodel_name].browse(chosen_ids(value))
            there = chosen.exists()
            if field.type == "many2many":
                there = there._filtered_access("read")  # Odoo would name the field of the window
            if there == chosen:
                continue
            if name not in self._chosen_to_forget(vals):
                raise UserError(self._chosen_is_gone(field, chosen - there))
            values[name] = False if field.type == "many2one" else [Command.set(there.ids)]
        return values

    @api.model
    def _chosen_to_forget(self, _vals):
        """Return the names of the fields in which records that are gone do not matter."""
        return self._noted_fields

    @api.model
    def _chosen_is_gone(self, field, gone):
        """Return the sentence for records that are gone."""
        if field.comodel_name == "crm.lead":
            return self.env["crm.lead"]._merge_missing_message(gone)
        return self.env._(
            "“%(field)s”: what was chosen there was deleted meanwhile. Choose again.",
            field=field._description_string(self.env),
        )


def chosen_ids(value):
    """Return the ids in a value of a many2one or many2many field; what is none is left for Odoo to refuse."""
    if isinstance(value, models.BaseModel):
        return value.ids
    if not isinstance(value, list | tuple):
        return [value] if is_id(value) else []
    ids = []
    for command in value:
        if is_id(command):
            ids.append(command)
        elif isinstance(command, list | tuple) and command and command[0] == Command.LINK:
            ids += command[1:2]
        elif isinstance(command, list | tuple) and command and command[0] == Command.SET:
            ids += command[2]
    return [one for one in dict.fromkeys(ids) if is_id(one)]
