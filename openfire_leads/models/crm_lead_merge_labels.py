"""What the records that move with a lead are called, in words of people who sell."""

from odoo import models
from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

# Odoo's own names of these models are a programmer's, and singular
LABELS = {
    "calendar.event": _lt("Meetings"),
    "ir.attachment": _lt("Attachments"),
    "ir.model.data": _lt("References of imports"),
    "mail.activity": _lt("Activities"),
    "mail.followers": _lt("Followers"),
    "mail.message": _lt("Messages"),
    "mail.scheduled.message": _lt("Scheduled messages"),
}


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _merge_records_label(self, model_name, table):
        """Return what to call the records of a model, or the rows of a table that no model has."""
        if model_name in LABELS:
            return self.env._(LABELS[model_name])
        # sudo: plain names of models and fields
        if model_name in self.env:
            return self.env["ir.model"].sudo()._get(model_name).name
        relation = self.env["ir.model.fields"].sudo().search([("relation_table", "=", table)], limit=1)
        if not relation:
            return table
        owner = self._merge_records_label(relation.model, relation.model)
        return self.env._("%(owner)s: %(field)s", owner=owner, field=relation.field_description)
