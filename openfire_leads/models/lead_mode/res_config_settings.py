"""The general switch of leads in Settings, and the mail alias of the default team beside it."""

from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    lead_alias_team_id = fields.Many2one(
        "crm.team",
        readonly=True,
        help="The first sales team of the company that uses the pipeline or leads.",
    )
    lead_alias_name = fields.Char("Lead Mail Alias")
    lead_alias_domain_id = fields.Many2one("mail.alias.domain")
    lead_alias_use_leads = fields.Boolean(
        compute="_compute_lead_alias_use_leads",
        help="Whether a mail sent to the alias creates a lead.",
    )

    @api.depends("lead_alias_team_id", "group_use_lead")
    def _compute_lead_alias_use_leads(self):
        for settings in self:
            team = settings.lead_alias_team_id
            settings.lead_alias_use_leads = team._mode_uses_leads(
                team.lead_mode, team.use_opportunities, settings.group_use_lead
            )

    @api.model
    def get_values(self):
        team = self._get_lead_alias_team()
        return {
            **super().get_values(),
            "lead_alias_team_id": team.id,
            "lead_alias_name": team.alias_name,
            "lead_alias_domain_id": team.alias_domain_id.id,
        }

    def set_values(self):
        """Save the alias; and keep Odoo from giving every team the same ``use_leads`` when the switch moves.

        The teams that follow the switch have followed it by then, aliases included: see ``ResGroups.write``.
        """
        result = super(ResConfigSettings, self.with_context(openfire_keep_lead_modes=True)).set_values()
        self._set_lead_alias()
        return result

    @api.model
    def _get_lead_alias_team(self):
        """Return the team whose alias Settings show: the company's first one, in the teams' own order."""
        return self.env["crm.team"].search(
            [
                ("company_id", "in", [False, self.env.company.id]),
                "|",
                ("use_opportunities", "=", True),
                ("use_leads", "=", True),
            ],
            limit=1,
        )

    def _set_lead_alias(self):
        team = self.lead_alias_team_id
        vals = {}
        if (self.lead_alias_name or "") != (team.alias_name or ""):
            vals["alias_name"] = self.lead_alias_name
        if self.lead_alias_domain_id != team.alias_domain_id:
            vals["alias_domain_id"] = self.lead_alias_domain_id.id
        if team and vals:
            team.write(vals)
