"""Settings of merging."""

from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    merge_survivor_rule = fields.Selection(
        [("oldest", "The first created"), ("confidence", "The most promising (Odoo's rule)")],
        "Lead that Remains",
        default="oldest",
        config_parameter="openfire_leads.survivor_rule",
        help="When leads are merged, the others are folded into this one and its values win.",
    )
    merge_max_leads = fields.Integer(
        "Leads in One Merge",
        default=100,
        config_parameter="openfire_leads.merge_max_leads",
        help="A larger selection is refused, as it can only be a slip of the hand. 0: no limit.",
    )
    merge_retention_days = fields.Integer(
        "Keep Merges for",
        config_parameter="openfire_leads.merge_retention_days",
        help="Merges older than that are cleared from the journal, and cannot be undone any more. 0: kept for ever.",
    )

    def set_values(self):
        """Store 0 as it is: Odoo takes an empty number for a parameter to delete."""
        result = super().set_values()
        parameters = self.env["ir.config_parameter"].sudo()  # settings are for administrators only
        parameters.set_param("openfire_leads.merge_max_leads", str(max(self.merge_max_leads, 0)))
        return result
