"""The window after an undo: messages that came since the merge, and the leads that they seem to belong to."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import remote_calls


class CrmLeadMergeArrived(models.TransientModel):
    _name = "crm.lead.merge.arrived"
    _description = "Messages That Came Between a Merge and Its Undo"

    merge_ids = remote_calls.PlainJson("Merges", help="Ids of the merges that were undone")
    line_ids = fields.One2many("crm.lead.merge.arrived.line", "window_id", "Messages")

    @remote_calls.checked(one=True)
    def action_move(self):
        """Give the messages that are left in the list to their leads.

        :raises UserError: a message is not there any more, or a lead is none of those that exist again
        :raises AccessError: the user may not write one of the leads
        """
        ids = remote_calls.ids(self.env, "merge_ids", self.merge_ids or [])
        merges = self.env["crm.lead.merge"].browse(ids).exists()
        merges.check_access("read")
        merges = merges._with_survivor_to_write()
        since = {merge: merge._messages_since() for merge in merges}
        for line in self.line_ids:
            merge = next(
                (
                    merge
                    for merge in merges
                    if line.message_id in since[merge] and line.lead_id in merge._leads_again()
                ),
                None,
            )
            if merge is None:
                raise UserError(
                    self.env._("What came since has changed meanwhile. Nothing was moved: close this window.")
                )
            merge._arrived_move(line.message_id, line.lead_id)
        return {"type": "ir.actions.client", "tag": "soft_reload"}


class CrmLeadMergeArrivedLine(models.TransientModel):
    _name = "crm.lead.merge.arrived.line"
    _description = "Message That Came Between a Merge and Its Undo"

    window_id = fields.Many2one("crm.lead.merge.arrived", required=True, ondelete="cascade", index=True)
    message_id = fields.Many2one("mail.message", required=True, ondelete="cascade")
    lead_id = fields.Many2one("crm.lead", "Belongs to", required=True, ondelete="cascade")
    date = fields.Datetime(related="message_id.date", related_sudo=False)
    author = fields.Char("From", compute="_compute_message")
    subject = fields.Char(compute="_compute_message")

    @api.depends("message_id")
    def _compute_message(self):
        for line in self:
            message = line.message_id
            line.author = message.author_id.display_name or message.email_from
            line.subject = message.subject or message.preview

    # Not as constraints, which are checked as superuser: the window would name a lead that the user may not read.

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_read()
        return lines

    def write(self, vals):
        result = super().write(vals)
        self._check_read()
        return result

    def _check_read(self):
        self.lead_id.check_access("read")
        self.message_id.check_access("read")
