"""The window that asks what to keep, when a lead was changed between its merge and the undo."""

from odoo import api, fields, models

from ..tools import remote_calls


class CrmLeadMergeUndo(models.TransientModel):
    _name = "crm.lead.merge.undo"
    _description = "Undo a Merge or a Conversion"

    merge_id = fields.Many2one("crm.lead.merge", required=True, ondelete="cascade")
    survivor_res_id = fields.Integer(related="merge_id.survivor_res_id", related_sudo=False)
    survivor_name = fields.Char(related="merge_id.survivor_name", related_sudo=False)
    kind = fields.Selection(related="merge_id.kind", related_sudo=False)
    choices = remote_calls.PlainJson(compute="_compute_choices")
    restore = remote_calls.PlainJson(default=list, help="Fields which get back the value they had before")

    @api.depends("merge_id")
    def _compute_choices(self):
        for undo in self:
            undo.choices = undo.merge_id.undo_choices() if undo.merge_id else []

    @remote_calls.checked(one=True)
    def action_undo(self):
        return self.merge_id._undo_and_tell(restore=self.restore)
