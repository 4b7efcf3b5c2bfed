"""Who sees the Leads menu.

Odoo shows the menu, and the Leads links of the teams dashboard, to the group ``crm.group_use_lead``: to
everybody when the general switch is on, to nobody when it is off. With the switch off and one team that uses
leads by its own choice, that team's people would have leads that they cannot open. The menu and the links are
therefore open to a group of the addon too, ``openfire_leads.group_lead_team``, which holds:

* the members and the leader of every active team that uses leads;
* whoever may see all leads (``sales_team.group_sale_salesman_all_leads``), as long as there is such a team.

It does not imply Odoo's group, which also says that whatever its users create is a lead unless told
otherwise. Uninstalling the addon deletes the group, and with it everything that it gave.
"""

from odoo import Command, api, models

_MEMBER_FIELDS = {"active", "user_id", "crm_team_id"}


class CrmTeam(models.Model):
    _inherit = "crm.team"

    @api.model
    def _sync_leads_menu(self):
        """Give the Leads menu to whoever works with a team that uses leads, and to nobody else."""
        # sudo: whoever manages teams decides who works with leads, but may not write groups otherwise
        env = self.sudo().with_context(active_test=True).env
        group = env.ref("openfire_leads.group_lead_team", raise_if_not_found=False)
        if not group:
            return
        teams = env["crm.team"].search([("use_leads", "=", True)])
        memberships = env["crm.team.member"].search([("crm_team_id", "in", teams.ids)])
        users = (memberships.user_id | teams.user_id).filtered(lambda user: not user.share)
        current = group.with_context(active_test=False).user_ids
        if users != current:
            commands = [Command.unlink(user.id) for user in current - users]
            commands += [Command.link(user.id) for user in users - current]
            group.write({"user_ids": commands})
        all_leads = env.ref("sales_team.group_sale_salesman_all_leads")
        if bool(teams) != (group in all_leads.implied_ids):
            command = Command.link(group.id) if teams else Command.unlink(group.id)
            all_leads.write({"implied_ids": [command]})

    def _inverse_member_ids(self):
        # One look at the menu when all teams of a batch have their members: looking in between would empty the
        # cache that still holds the members of the teams to come.
        super(CrmTeam, self.with_context(openfire_leads_menu_later=True))._inverse_member_ids()
        self._sync_leads_menu()


class CrmTeamMember(models.Model):
    _inherit = "crm.team.member"

    @api.model_create_multi
    def create(self, vals_list):
        members = super().create(vals_list)
        members._sync_leads_menu()
        return members

    def write(self, vals):
        result = super().write(vals)
        if _MEMBER_FIELDS & vals.keys():
            self._sync_leads_menu()
        return result

    def unlink(self):
        result = super().unlink()
        self._sync_leads_menu()
        return result

    def _sync_leads_menu(self):
        if not self.env.context.get("openfire_leads_menu_later"):
            self.env["crm.team"]._sync_leads_menu()


class ResGroups(models.Model):
    _inherit = "res.groups"

    def write(self, vals):
        """Let the teams follow the general switch, whoever moves it: Settings, the groups' form, RPC."""
        if not {"implied_ids", "implied_by_ids"} & vals.keys():
            return super().write(vals)
        before = self.env["crm.team"]._leads_in_general()
        result = super().write(vals)
        if self.env["crm.team"]._leads_in_general() != before:
            self.env["crm.team"]._sync_lead_mode()
        return result
