"""Ask why leads are not duplicates; the answer may stay empty."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..tools import remote_calls
from ..tools.client_actions import notify_undo

# more names than that are no help
NAMED = 10


class CrmLeadDuplicateDismiss(models.TransientModel):
    _name = "crm.lead.duplicate.dismiss"
    _description = "Dismiss Pairs of Similar Leads"

    pair_ids = fields.Many2many("crm.lead.duplicate", string="Leads", required=True)
    pair_count = fields.Integer("Pairs", compute="_compute_pair_count")
    is_long = fields.Boolean("Too Many to Name", compute="_compute_pair_count")
    reason = fields.Char()

    @api.depends("pair_ids")
    def _compute_pair_count(self):
        for wizard in self:
            wizard.pair_count = len(wizard.pair_ids)
            wizard.is_long = wizard.pair_count > NAMED

    @api.model
    def default_get(self, fields):
        """Take the selected pairs that are not dismissed yet: who dismissed the others, and why, stays."""
        values = super().default_get(fields)
        if (
            "pair_ids" in fields
            and "pair_ids" not in values
            and self.env.context.get("active_model") == "crm.lead.duplicate"
        ):
            selected = self.env["crm.lead.duplicate"].browse(remote_calls.context_ids(self.env))
            pairs = selected.exists().filtered(lambda pair: pair.state == "suspected")
            if selected and not pairs:
                raise UserError(self.env._("None of the selected pairs is to be checked any more."))
            values["pair_ids"] = [Command.set(pairs.ids)]
        return values

    @remote_calls.checked(one=True)
    def action_dismiss(self):
        """Dismiss the pairs, and offer to take that back."""
        pairs = self.pair_ids.filtered(lambda pair: pair.state == "suspected")
        pairs.action_dismiss(self.reason)
        if len(pairs) == 1:
            message = self.env._("“%(name)s”: not duplicates.", name=pairs.display_name)
        else:
            message = self.env._("Pairs that are not duplicates: %(count)d.", count=len(pairs))
        return notify_undo(message, pairs._name, "action_suspect", pairs.ids)
