"""Ask why the leads of ticked groups are no duplicates; the answer may stay empty."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..tools import remote_calls


class CrmLeadDuplicateGroupDismiss(models.TransientModel):
    _name = "crm.lead.duplicate.group.dismiss"
    _description = "Dismiss Groups of Similar Leads"

    group_ids = fields.Many2many("crm.lead.duplicate.group", string="Groups", required=True)
    group_count = fields.Integer("Groups Ticked", compute="_compute_group_count")
    reason = fields.Char()

    @api.depends("group_ids")
    def _compute_group_count(self):
        for wizard in self:
            wizard.group_count = len(wizard.group_ids)

    @api.model
    def default_get(self, fields):
        """Take the ticked groups that nobody has dealt with yet."""
        values = super().default_get(fields)
        if (
            "group_ids" in fields
            and "group_ids" not in values
            and self.env.context.get("active_model") == "crm.lead.duplicate.group"
        ):
            ticked = self.env["crm.lead.duplicate.group"].browse(remote_calls.context_ids(self.env))
            groups = ticked.exists().filtered(lambda group: group.state != "done")
            if ticked and not groups:
                raise UserError(self.env._("All of the ticked groups are done."))
            values["group_ids"] = [Command.set(groups.ids)]
        return values

    @remote_calls.checked(one=True)
    def action_dismiss(self):
        """Dismiss the groups, and offer to take that back.

        :raises UserError, AccessError: as ``crm.lead.duplicate.group.action_dismiss``
        """
        # sudo: a field leaves out what the user may not read any more, and less than announced would be dismissed
        groups = self.sudo().group_ids.sudo(False)
        return groups.action_dismiss(self.reason)
