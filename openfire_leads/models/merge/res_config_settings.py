"""Settings of merging."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.retention import MOST_DAYS

# a number beyond is a slip of the hand
MOST_LEADS = 10_000


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
        help="Merges and conversions older than that are erased from the journal, and cannot be undone any more. "
        "0: kept for ever.",
    )

    @api.constrains("merge_max_leads", "merge_retention_days")
    def _check_merge_numbers(self):
        for settings in self:
            if settings.merge_max_leads and not 2 <= settings.merge_max_leads <= MOST_LEADS:
                raise ValidationError(
                    self.env._(
                        "The number of leads in one merge must be from 2 to %(most)d, or 0 for no limit.",
                        most=MOST_LEADS,
                    )
                )
            if not 0 <= settings.merge_retention_days <= MOST_DAYS:
                raise ValidationError(
                    self.env._(
                        "The number of days for which merges are kept must be from 1 to %(most)d, or 0 to keep "
                        "them for ever.",
                        most=MOST_DAYS,
                    )
                )

    @api.model
    def get_values(self):
        """Show what is in force: a parameter that was spoilt by hand must not keep the settings from opening."""
        leads = self.env["crm.lead"]
        return {
            **super().get_values(),
            "merge_survivor_rule": leads._merge_survivor_rule(),
            "merge_max_leads": min(leads._merge_max_leads(), MOST_LEADS),
            "merge_retention_days": self.env["crm.lead.merge"]._retention_days(),
        }

    def set_values(self):
        """Store 0 as it is: Odoo takes an empty number for a parameter to delete."""
        result = super().set_values()
        parameters = self.env["ir.config_parameter"].sudo()  # settings are for administrators only
        parameters.set_param("openfire_leads.merge_max_leads", str(self.merge_max_leads))
        return result
