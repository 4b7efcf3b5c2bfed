"""The window that asks what to keep, when a lead was changed between its merge and the undo."""

from odoo import api, fields, models


class CrmLeadMergeUndo(models.TransientModel):
    _name = "crm.lead.merge.undo"
    _description = "Undo a Merge"

    merge_id = fields.Many2one("crm.lead.merge", required=True, ondelete="cascade")
    survivor_res_id = fields.Integer(related="merge_id.survivor_res_id", related_sudo=False)
    survivor_name = fields.Char(related="merge_id.survivor_name", related_sudo=False)
    choices = fields.Json(compute="_compute_choices")
    restore = fields.Json(default=list, help="Fields which get back the value they had before the merge")

    @api.depends("merge_id")
    def _compute_choices(self):
        for undo in self:
            undo.choices = undo.merge_id.undo_choices() if undo.merge_id else []

    def action_undo(self):
        self.ensure_one()
        return self.merge_id._undo_and_tell(restore=self.restore)
