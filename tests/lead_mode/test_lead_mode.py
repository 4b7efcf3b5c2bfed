"""The general switch of leads, each team's own choice, and what follows: use_leads, alias, Leads menu."""

from ast import literal_eval

from odoo.tests import Form, tagged
from odoo.tools import SQL

from odoo.addons.openfire_leads.tests.common import LeadsCase


@tagged("post_install", "-at_install")
class TestLeadMode(LeadsCase):
    def assert_leads(self, team, used, mode=None):
        self.assertEqual(team.use_leads, used)
        self.assertEqual(literal_eval(team.alias_defaults)["type"], "lead" if used else "opportunity")
        if mode:
            self.assertEqual(team.lead_mode, mode)

    def test_the_switch_is_the_default_of_every_team(self):
        self.save_settings(group_use_lead=True)
        self.assert_leads(self.team, True, "default")
        self.assert_leads(self.other_team, True, "default")
        self.save_settings(group_use_lead=False)
        self.assert_leads(self.team, False, "default")

    def test_a_team_created_later_follows_the_switch(self):
        self.save_settings(group_use_lead=True)
        self.assert_leads(self.env["crm.team"].create({"name": "Later"}), True, "default")
        self.save_settings(group_use_lead=False)
        self.assert_leads(self.env["crm.team"].create({"name": "Even later"}), False, "default")

    def test_a_teams_own_choice_survives_the_switch(self):
        self.team.lead_mode = "leads"
        self.other_team.lead_mode = "opportunities"
        for switch in (True, False, True):
            self.save_settings(group_use_lead=switch)
            self.assert_leads(self.team, True, "leads")
            self.assert_leads(self.other_team, False, "opportunities")

    def test_the_switch_moved_by_another_way_is_followed_too(self):
        self.set_general_leads(True)
        self.assert_leads(self.team, True, "default")

    def test_the_switch_reaches_archived_teams_and_those_of_other_companies(self):
        self.team.active = False
        foreign_team = self.env["crm.team"].create({"name": "Abroad", "company_id": self.second_company.id})
        self.save_settings(group_use_lead=True)
        self.assert_leads(self.team, True)
        self.assert_leads(foreign_team, True)

    def test_saving_settings_without_moving_the_switch_changes_no_team(self):
        self.team.lead_mode = "leads"
        self.save_settings()
        self.assert_leads(self.team, True, "leads")

    def test_a_team_outside_the_pipeline_does_not_follow_the_switch(self):
        team = self.env["crm.team"].create({"name": "Shop", "use_opportunities": False})
        self.save_settings(group_use_lead=True)
        self.assert_leads(team, False, "default")
        team.use_opportunities = True
        self.assert_leads(team, True, "default")

    def test_use_leads_written_directly_becomes_the_teams_choice(self):
        self.team.use_leads = True
        self.assert_leads(self.team, True, "leads")
        self.team.use_leads = False
        self.assert_leads(self.team, False, "default")
        self.save_settings(group_use_lead=True)
        self.team.use_leads = False
        self.assert_leads(self.team, False, "opportunities")

    def test_use_leads_written_unchanged_leaves_the_choice(self):
        self.team.lead_mode = "opportunities"
        self.team.write({"use_leads": False})
        self.assert_leads(self.team, False, "opportunities")

    def test_use_leads_given_at_creation_becomes_the_teams_choice(self):
        with_leads, without = self.env["crm.team"].create(
            [{"name": "With", "use_leads": True}, {"name": "Without", "use_leads": False}]
        )
        self.assert_leads(with_leads, True, "leads")
        self.assert_leads(without, False, "default")
        by_context = self.env["crm.team"].with_context(default_use_leads=True).create({"name": "By context"})
        self.assert_leads(by_context, True, "leads")

    def test_the_mode_wins_over_use_leads_given_together(self):
        self.team.write({"lead_mode": "opportunities", "use_leads": True})
        self.assert_leads(self.team, False, "opportunities")

    def test_default_values_of_the_alias_written_by_hand_agree_with_the_team(self):
        self.team.lead_mode = "leads"
        for write in (
            lambda defaults: self.team.write({"alias_defaults": defaults}),
            lambda defaults: self.team.alias_id.write({"alias_defaults": defaults}),
            lambda defaults: self.team.write({"alias_defaults": defaults, "lead_mode": "leads"}),
        ):
            for defaults in ("{}", "{'type': 'opportunity'}", "{'priority': '2', 'team_id': False}"):
                with self.subTest(defaults=defaults):
                    write(defaults)
                    self.assert_leads(self.team, True)
                    self.assertEqual(literal_eval(self.team.alias_defaults)["team_id"], self.team.id)
        self.assertEqual(literal_eval(self.team.alias_defaults)["priority"], "2")

    def test_a_team_that_a_module_creates_before_the_addon_is_loaded_follows_the_switch(self):
        self.env.cr.execute(
            SQL(
                """INSERT INTO crm_team (name, alias_id, active, use_opportunities)
                   SELECT name, alias_id, true, true FROM crm_team WHERE id = %s RETURNING lead_mode""",
                self.team.id,
            )
        )
        self.assertEqual(self.env.cr.fetchone(), ("default",))

    def test_a_copied_team_keeps_the_choice(self):
        self.team.lead_mode = "leads"
        self.assert_leads(self.team.copy(), True, "leads")

    def test_several_teams_written_at_once_keep_each_their_own(self):
        self.team.lead_mode = "leads"
        (self.team | self.other_team).write({"use_opportunities": True})
        self.assert_leads(self.team, True, "leads")
        self.assert_leads(self.other_team, False, "default")

    def test_the_form_offers_three_choices(self):
        with Form(self.team) as form:
            form.lead_mode = "leads"
            self.assertTrue(form.use_leads)
        self.assert_leads(self.team, True, "leads")
        with Form(self.team) as form:
            form.lead_mode = "default"
            self.assertFalse(form.use_leads)
        self.assert_leads(self.team, False, "default")
        with Form(self.env["crm.team"]) as form:
            form.name = "By hand"
            form.lead_mode = "leads"
        self.assert_leads(form.record, True, "leads")

    def test_a_salesmans_save_says_the_same_as_an_administrators(self):
        self.team.lead_mode = "leads"
        self.assertFalse(self.manager.has_group("base.group_system"))
        self.team.with_user(self.manager).write({"use_opportunities": True})
        self.assert_leads(self.team, True, "leads")


@tagged("post_install", "-at_install")
class TestExistingDatabase(LeadsCase):
    """What installing or upgrading the addon makes of the teams that are there."""

    def stock(self, team, used, alias_type):
        """Make a team as stock Odoo leaves it."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_team SET use_leads = %s, lead_mode = 'default' WHERE id = %s", (used, team.id)
        )
        self.env.cr.execute(
            "UPDATE mail_alias SET alias_defaults = %s WHERE id = %s",
            (repr({"type": alias_type, "team_id": team.id}), team.alias_id.id),
        )
        self.env.invalidate_all()

    def test_a_team_that_agrees_follows_the_switch_from_now_on(self):
        self.stock(self.team, False, "opportunity")
        self.env["crm.team"]._adopt_lead_mode()
        self.assertEqual(self.team.lead_mode, "default")
        self.assertFalse(self.team.use_leads)

    def test_a_team_that_differs_keeps_its_choice(self):
        self.stock(self.team, True, "opportunity")
        self.env["crm.team"]._adopt_lead_mode()
        self.assertEqual(self.team.lead_mode, "leads")
        self.set_general_leads(True)
        self.stock(self.other_team, False, "opportunity")
        self.env["crm.team"]._adopt_lead_mode()
        self.assertEqual(self.other_team.lead_mode, "opportunities")

    def test_an_alias_that_disagrees_is_put_right(self):
        self.stock(self.team, False, "lead")
        self.env["crm.team"]._adopt_lead_mode()
        self.assertEqual(literal_eval(self.team.alias_defaults)["type"], "opportunity")


@tagged("post_install", "-at_install")
class TestLeadsMenu(LeadsCase):
    def assert_menu(self, seen, *users):
        menu = self.env.ref("crm.crm_menu_leads")
        for user in users:
            visible = menu.id in self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            self.assertEqual(visible, seen, user.name)

    def setUp(self):
        super().setUp()
        self.env["crm.team"].search([]).lead_mode = "default"

    def test_nobody_sees_the_menu_when_no_team_uses_leads(self):
        self.assert_menu(False, self.salesperson, self.all_leads, self.manager)

    def test_everybody_in_sales_sees_it_when_the_switch_is_on(self):
        self.save_settings(group_use_lead=True)
        self.assert_menu(True, self.salesperson, self.colleague, self.all_leads, self.manager)
        self.assert_menu(False, self.officer)

    def test_the_people_of_a_team_with_leads_see_it_while_the_switch_is_off(self):
        self.team.lead_mode = "leads"
        self.assert_menu(True, self.salesperson, self.all_leads, self.manager)
        self.assert_menu(False, self.colleague, self.officer)
        self.team.lead_mode = "opportunities"
        self.assert_menu(False, self.salesperson, self.all_leads, self.manager)

    def test_moving_the_switch_back_keeps_it_for_the_team_with_leads(self):
        self.team.lead_mode = "leads"
        self.save_settings(group_use_lead=True)
        self.save_settings(group_use_lead=False)
        self.assert_menu(True, self.salesperson)
        self.assert_menu(False, self.colleague)

    def test_members_who_come_and_go_get_and_lose_it(self):
        self.team.lead_mode = "leads"
        self.team.member_ids = [(4, self.colleague.id)]
        self.assert_menu(True, self.colleague)
        self.team.member_ids = [(3, self.colleague.id)]
        self.assert_menu(False, self.colleague)
        self.other_team.lead_mode = "leads"
        self.other_team.member_ids = [(4, self.colleague.id)]
        self.assert_menu(True, self.colleague)
        self.other_team.active = False
        self.assert_menu(False, self.colleague)

    def test_the_leader_of_a_team_with_leads_sees_it(self):
        self.other_team.lead_mode = "leads"
        self.other_team.user_id = self.salesperson
        self.assert_menu(True, self.salesperson)

    def test_a_sales_manager_may_change_the_mode(self):
        self.team.with_user(self.manager).lead_mode = "leads"
        self.assert_menu(True, self.salesperson)

    def test_the_settings_switch_is_not_taken_for_on(self):
        self.team.lead_mode = "leads"
        self.assertFalse(self.env["res.config.settings"].create({}).group_use_lead)

    def test_teams_created_together_keep_each_their_members(self):
        self.env["ir.config_parameter"].sudo().set_param("sales_team.membership_multi", True)
        people = self.salesperson | self.colleague
        vals = {"use_leads": True, "member_ids": people.ids}
        teams = self.env["crm.team"].create([{"name": name, **vals} for name in ("One", "Two", "Three")])
        teams.invalidate_recordset()
        for team in teams:
            self.assertEqual(team.member_ids, people)
