"""The mail alias in Settings and on the team: shown, editable, refused in plain words."""

from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from odoo.addons.openfire_leads.tests.common import LeadsCase


@tagged("post_install", "-at_install")
class TestAlias(LeadsCase):
    def test_settings_show_the_alias_of_the_default_team(self):
        settings = self.env["res.config.settings"].create({})
        self.assertEqual(settings.lead_alias_team_id, self.team)
        self.assertEqual(settings.lead_alias_name, "demandes")
        self.assertEqual(settings.lead_alias_domain_id, self.alias_domain)

    def test_the_alias_is_changed_in_settings(self):
        with Form(self.env["res.config.settings"]) as form:
            form.lead_alias_name = "nouvelles-demandes"
        form.record.set_values()
        self.assertEqual(self.team.alias_name, "nouvelles-demandes")
        self.assertEqual(self.team.alias_email, "nouvelles-demandes@leads.example")

    def test_the_domain_is_changed_in_settings(self):
        domain = self.env["mail.alias.domain"].create({"name": "autre.example"})
        self.save_settings(lead_alias_domain_id=domain.id)
        self.assertEqual(self.team.alias_email, "demandes@autre.example")

    def test_the_alias_is_taken_away_in_settings(self):
        self.save_settings(lead_alias_name=False)
        self.assertFalse(self.team.alias_name)

    def test_settings_saved_untouched_leave_the_alias(self):
        self.save_settings()
        self.assertEqual(self.team.alias_email, "demandes@leads.example")

    def test_settings_tell_what_a_mail_creates(self):
        with Form(self.env["res.config.settings"]) as form:
            self.assertFalse(form.lead_alias_use_leads)
            form.group_use_lead = True
            self.assertTrue(form.lead_alias_use_leads)
        self.team.lead_mode = "opportunities"
        settings = self.env["res.config.settings"].create({"group_use_lead": True})
        self.assertFalse(settings.lead_alias_use_leads)

    def test_the_default_team_is_one_of_the_company(self):
        self.team.company_id = self.main_company
        settings = self.env["res.config.settings"].with_company(self.second_company).create({})
        self.assertEqual(settings.lead_alias_team_id, self.other_team)

    def test_settings_open_without_any_team(self):
        self.env["crm.team"].search([]).write({"active": False})
        self.save_settings(group_use_lead=True)

    def test_the_alias_is_changed_on_the_team(self):
        with Form(self.team) as form:
            form.alias_name = "showroom"
        self.assertEqual(self.team.alias_email, "showroom@leads.example")

    def test_a_whole_address_of_the_right_domain_is_accepted(self):
        self.team.alias_name = "Ventes@Leads.Example"
        self.assertEqual(self.team.alias_name, "ventes")

    def test_an_address_of_another_domain_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "ventes@ailleurs.example.*leads.example"):
            self.team.alias_name = "ventes@ailleurs.example"

    def test_an_alias_that_no_mail_server_takes_is_refused(self):
        for name in ("日本", "...", "@", "!!!"):
            with self.subTest(name=name), self.assertRaises(ValidationError):
                self.team.alias_name = name

    def test_accents_and_blanks_become_what_a_mail_server_takes(self):
        self.team.alias_name = " Poêles à bois "
        self.assertEqual(self.team.alias_name, "poeles-a-bois")

    def test_an_alias_taken_by_another_team_is_refused_by_its_name(self):
        with self.assertRaisesRegex(ValidationError, "autres@leads.example.*Other Team"):
            self.team.alias_name = "Autres"
        with self.assertRaisesRegex(ValidationError, "autres@leads.example.*Other Team"):
            self.save_settings(lead_alias_name="autres")
        with self.assertRaisesRegex(ValidationError, "autres@leads.example.*Other Team"):
            self.env["crm.team"].create({"name": "Third", "alias_name": "autres"})

    def test_the_same_alias_in_another_domain_is_accepted(self):
        domain = self.env["mail.alias.domain"].create({"name": "autre.example"})
        self.team.write({"alias_name": "autres", "alias_domain_id": domain.id})
        self.assertEqual(self.team.alias_email, "autres@autre.example")

    def test_writing_ones_own_alias_again_is_accepted(self):
        self.team.alias_name = "demandes"
        self.assertEqual(self.team.alias_name, "demandes")
