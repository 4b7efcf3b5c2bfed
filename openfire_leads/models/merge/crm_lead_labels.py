"""What the records that move with a lead are called, in words of people who sell."""

from odoo import api, models, tools
from odoo.tools import LazyTranslate
from odoo.tools.i18n import format_list

from ...merging import Catalogue

_lt = LazyTranslate(__name__)

# Odoo's own names of these models are a programmer's, and singular
LABELS = {
    "calendar.event": _lt("Meetings"),
    "crm.lead.duplicate": _lt("Pairs of similar leads"),
    "ir.attachment": _lt("Attachments"),
    "ir.model.data": _lt("References of imports"),
    "mail.activity": _lt("Activities"),
    "mail.followers": _lt("Followers"),
    "mail.message": _lt("Messages"),
    "mail.scheduled.message": _lt("Scheduled messages"),
}


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.model
    def _merge_quoted(self, names, most=None):
        """Return names of leads in the user's quotation marks, as a list in a sentence: “A”, “B” and “C”.

        :param most: how many are named where there are more than one beyond: the others are counted
        """
        return self._merge_enumerated([self.env._("“%(name)s”", name=name) for name in names], most)

    @api.model
    def _merge_enumerated(self, parts, most=None):
        """Return texts as a list in a sentence. ``most``: see :meth:`_merge_quoted`."""
        listed = parts if not most or len(parts) <= most + 1 else parts[:most]
        others = [self.env._("%(count)s others", count=len(parts) - len(listed))] if listed != parts else []
        return format_list(self.env, [*listed, *others])

    @api.model
    @tools.ormcache("fname", "self.env.lang", cache="stable")
    def _merge_field_label(self, fname):
        """Return what to call a field of leads: Odoo calls the subject of any lead “Opportunity”."""
        return self.env._("Subject") if fname == "name" else self._fields[fname]._description_string(self.env)

    @api.model
    def _merge_records_label(self, model_name, table):
        """Return what to call the records of a model, or the rows of a table: its model's, or a field's links."""
        if model_name not in self.env:
            model_name = Catalogue(self.env).models_by_table.get(table)
        if model_name in LABELS:
            return self.env._(LABELS[model_name])  # pylint: disable=gettext-variable
        if model_name:
            # sudo: the plain name of a model
            return self.env["ir.model"].sudo()._get(model_name).name
        found = [
            (name != self._name, name, fname)
            for name, fname, relation in self._merge_relations()
            if relation == table
        ] or [
            (True, model._name, field.name)
            for model in self.env.registry.values()
            for field in model._fields.values()
            if field.type == "many2many" and field.store and field.relation == table and not model._abstract
        ]
        if not found:
            return table
        foreign, name, fname = min(found)
        label = self.env[name]._fields[fname]._description_string(self.env)
        if not foreign:
            return label
        if self.env[name]._transient:
            return self.env._("Open windows")
        if name in LABELS:
            return self.env._(LABELS[name])  # pylint: disable=gettext-variable
        owner = self._merge_records_label(name, self.env[name]._table)
        return self.env._("%(owner)s: %(field)s", owner=owner, field=label)
