"""Settings of bulk merges: what holds them back, and whether they are made by themselves."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .crm_lead_merge_run_automatic import AUTO, MOST_GROUPS

# field of the settings -> parameter; a switch that was never set is on
SWITCHES = {
    "merge_guard_won": "openfire_leads.guard_won",
    "merge_guard_orders": "openfire_leads.guard_orders",
    "merge_guard_salespeople": "openfire_leads.guard_salespeople",
    "merge_guard_customers": "openfire_leads.guard_customers",
}


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    merge_guard_won = fields.Boolean(
        "Won opportunities", help="A bulk merge leaves out groups with a won one."
    )
    merge_guard_orders = fields.Boolean(
        "Orders and quotations",
        help="A bulk merge leaves out groups of which a lead has orders or quotations.",
    )
    merge_guard_salespeople = fields.Boolean(
        "Several salespeople", help="A bulk merge leaves out groups whose leads are different salespeople's."
    )
    merge_guard_customers = fields.Boolean(
        "Several customers", help="A bulk merge leaves out groups whose leads have different customers."
    )
    auto_merge = fields.Selection(
        AUTO, "Merge Certain Duplicates", help="Automatically, without anybody looking first."
    )
    auto_merge_hour = fields.Float("At", help="By the clock of the user on whose behalf leads are merged.")
    auto_merge_limit = fields.Integer("Groups at Once", help="No more groups in one go. 0: no limit.")
    auto_merge_user_id = fields.Many2one(
        "res.users",
        "On Behalf of",
        domain=lambda self: [("all_group_ids", "in", self.env.ref("sales_team.group_sale_manager").ids)],
        help="A sales manager: what they may change is merged. Empty: whoever switches it on.",
    )

    @api.constrains("auto_merge_hour", "auto_merge_limit")
    def _check_auto_merge_numbers(self):
        for settings in self:
            if not 0 <= settings.auto_merge_hour < 24:
                raise ValidationError(self.env._("The time of day must be from 0:00 to 23:59."))
            if not 0 <= settings.auto_merge_limit <= MOST_GROUPS:
                raise ValidationError(
                    self.env._(
                        "The number of groups at once must be from 1 to %(most)d, or 0 for no limit.",
                        most=MOST_GROUPS,
                    )
                )

    @api.model
    def get_values(self):
        """Show what is in force: a parameter that was spoilt by hand must not keep the settings from opening."""
        get_param = self.env["ir.config_parameter"].sudo().get_param
        automatic = self.env["crm.lead.merge.run"].sudo()._automatic()
        return {
            **super().get_values(),
            **{name: get_param(key) != "False" for name, key in SWITCHES.items()},
            "auto_merge": automatic.when,
            "auto_merge_hour": automatic.hour,
            "auto_merge_limit": automatic.limit,
            "auto_merge_user_id": automatic.user.id,
        }

    def set_values(self):
        result = super().set_values()
        set_param = self.env["ir.config_parameter"].sudo().set_param
        for name, key in SWITCHES.items():
            set_param(key, str(self[name]))
        self.env["crm.lead.merge.run"].sudo()._set_automatic(
            self.auto_merge or "off",
            self.auto_merge_hour,
            self.auto_merge_limit,
            self.auto_merge_user_id or self.env.user,
        )
        return result
