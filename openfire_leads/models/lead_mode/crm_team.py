"""Lead mode: whether a team qualifies leads before they become opportunities.

The general switch (Settings > CRM > Leads, the group ``crm.group_use_lead`` implied by every internal user)
is the default of every team, now and later. A team may make a choice of its own, which the switch never
touches.
Odoo's ``use_leads`` and the type in the alias' default values follow the mode, whoever writes them.
"""

from odoo import api, fields, models

# Writing one of these may change whether the team uses leads.
_MODE_FIELDS = {"lead_mode", "use_leads", "use_opportunities"}
# Writing one of these may change who works with leads.
_MENU_FIELDS = _MODE_FIELDS | {"active", "user_id"}


class CrmTeam(models.Model):
    _inherit = "crm.team"

    lead_mode = fields.Selection(
        [
            ("default", "Follow the general setting"),
            ("leads", "Use leads"),
            ("opportunities", "Pipeline only"),
        ],
        string="Lead Qualification",
        default="default",
        required=True,
        help="Follow the general setting: the team qualifies leads when the general setting says so.\n"
        "Use leads: new requests are leads, to be qualified before they become opportunities.\n"
        "Pipeline only: new requests are opportunities at once.",
    )

    def init(self):
        # while Odoo is being upgraded, modules loaded before this one create teams and know nothing of the column
        self.env.cr.execute("ALTER TABLE crm_team ALTER COLUMN lead_mode SET DEFAULT 'default'")

    @api.onchange("lead_mode", "use_opportunities")
    def _onchange_lead_mode(self):
        general = self._leads_in_general()
        for team in self:
            team.use_leads = team._mode_uses_leads(team.lead_mode, team.use_opportunities, general)

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        defaults = self.default_get(list(_MODE_FIELDS))
        general = self._leads_in_general()
        mode_vals_list = []
        for vals in vals_list:
            pipeline = vals.get("use_opportunities", defaults.get("use_opportunities", True))
            given = vals
            if defaults.get("use_leads") and not vals.keys() & {"lead_mode", "use_leads"}:
                given = {"use_leads": True}
            mode = self._next_lead_mode(given, defaults["lead_mode"], pipeline, general)
            use_leads = self._mode_uses_leads(mode, pipeline, general)
            mode_vals_list.append({**vals, "lead_mode": mode, "use_leads": use_leads})
        teams = super().create(mode_vals_list)
        if any(team.use_leads for team in teams):
            self._sync_leads_menu()
        return teams

    def write(self, vals):
        if self.env.context.get("openfire_keep_lead_modes"):
            vals = {name: value for name, value in vals.items() if name != "use_leads"}
        if not _MODE_FIELDS & vals.keys():
            result = super().write(vals)
        else:
            result = True
            for (mode, use_leads), teams in self._group_by_next_mode(vals).items():
                mode_vals = {**vals, "lead_mode": mode, "use_leads": use_leads}
                result = super(CrmTeam, teams).write(mode_vals) and result
        if _MENU_FIELDS & vals.keys():
            self._sync_leads_menu()
        return result

    def unlink(self):
        used_leads = any(team.use_leads for team in self)
        result = super().unlink()
        if used_leads:
            self._sync_leads_menu()
        return result

    def _alias_get_creation_values(self):
        values = super()._alias_get_creation_values()
        if self.id and isinstance(values.get("alias_defaults"), dict):
            # Odoo looks at the groups of whoever saves the team; what the team does is the team's matter.
            values["alias_defaults"]["type"] = "lead" if self.use_leads else "opportunity"
        return values

    # ------------------------------------------------------------
    # Lead mode
    # ------------------------------------------------------------

    @api.model
    def _leads_in_general(self):
        """Return whether the general switch is on."""
        # sudo: anybody who saves a team may know the setting, but only administrators read groups
        user_group = self.env.ref("base.group_user").sudo()
        return self.env.ref("crm.group_use_lead").sudo() in user_group.all_implied_ids

    @api.model
    def _mode_uses_leads(self, mode, pipeline, general):
        """Return whether a team in this mode uses leads.

        :param str mode: a value of ``lead_mode``
        :param bool pipeline: ``use_opportunities`` of the team; a team outside the CRM (the point of sale's,
          the web shop's) does not start using leads because the general switch says so
        :param bool general: the general switch
        """
        return mode == "leads" or bool(mode == "default" and general and pipeline)

    @api.model
    def _next_lead_mode(self, vals, mode, pipeline, general):
        """Return the mode of a team after ``vals`` are written to it.

        1. a mode given is taken as it is;
        2. ``use_leads`` given alone (another module, an import, RPC): the mode stays if it says the same,
           else the team follows the general switch if that says the same, else the value is its own choice;
        3. otherwise the mode stays.
        """
        if vals.get("lead_mode"):
            return vals["lead_mode"]
        if "use_leads" not in vals:
            return mode
        wanted = bool(vals["use_leads"])
        for candidate in (mode, "default"):
            if self._mode_uses_leads(candidate, pipeline, general) == wanted:
                return candidate
        return "leads" if wanted else "opportunities"

    def _group_by_next_mode(self, vals):
        """Return ``{(lead_mode, use_leads): teams}`` as they will be once ``vals`` are written."""
        general = self._leads_in_general()
        groups = {}
        for team in self:
            pipeline = vals.get("use_opportunities", team.use_opportunities)
            mode = self._next_lead_mode(vals, team.lead_mode or "default", pipeline, general)
            key = mode, self._mode_uses_leads(mode, pipeline, general)
            groups[key] = groups.get(key, self.browse()) + team
        return groups

    @api.model
    def _sync_lead_mode(self):
        """Make every team that follows the general switch agree with it; called when the switch moves."""
        # sudo: the switch speaks for all teams, also for those of companies that its user does not see
        teams = self.sudo().with_context(active_test=False, openfire_keep_lead_modes=False).search([])
        general = self._leads_in_general()
        for team in teams:
            if team.use_leads != self._mode_uses_leads(team.lead_mode, team.use_opportunities, general):
                team.write({"lead_mode": team.lead_mode})

    @api.model
    def _adopt_lead_mode(self):
        """Bring an existing database in line, when the addon is installed or upgraded.

        A team whose ``use_leads`` agrees with the general switch follows it from now on; one that does not
        keeps what it does, as its own choice. The aliases then say the same.
        """
        teams = self.sudo().with_context(active_test=False, openfire_keep_lead_modes=False).search([])
        general = self._leads_in_general()
        for team in teams:
            if team.use_leads != self._mode_uses_leads(team.lead_mode, team.use_opportunities, general):
                team.write({"use_leads": team.use_leads})
        teams._sync_alias_defaults()
        self._sync_leads_menu()
