"""Two companies: settings, teams, aliases and conversion each stay in their own."""

from odoo.tests import Form, tagged

from odoo.addons.openfire_leads.tests.common import LeadsCase


@tagged("post_install", "-at_install")
class TestMultiCompany(LeadsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second_domain = cls.env["mail.alias.domain"].create({"name": "second.example"})
        cls.second_company.alias_domain_id = cls.second_domain
        cls.team.company_id = cls.main_company
        cls.second_team = cls.env["crm.team"].create(
            {"name": "Second", "company_id": cls.second_company.id, "alias_name": "demandes", "sequence": 3}
        )
        (cls.env.user | cls.foreigner).company_ids |= cls.second_company

    def test_the_same_alias_lives_in_each_companys_domain(self):
        self.assertEqual(self.second_team.alias_email, "demandes@second.example")
        self.assertEqual(self.team.alias_email, "demandes@leads.example")

    def test_settings_show_each_companys_own_alias(self):
        self.other_team.active = False
        settings = self.env["res.config.settings"].with_company(self.second_company).create({})
        self.assertEqual(settings.lead_alias_team_id, self.second_team)
        settings.lead_alias_name = "bonjour"
        settings.set_values()
        self.assertEqual(self.second_team.alias_name, "bonjour")
        self.assertEqual(self.team.alias_name, "demandes")

    def test_a_mail_lands_in_the_company_it_was_sent_to(self):
        for team, domain in ((self.team, "leads"), (self.second_team, "second")):
            raw = (
                f"From: a@example.com\r\nTo: demandes@{domain}.example\r\nSubject: Devis {domain}\r\n"
                f"Message-Id: <{domain}.{team.id}@example.com>\r\n\r\nBonjour"
            )
            lead_id = self.env["mail.thread"].message_process(False, raw)
            lead = self.env["crm.lead"].browse(lead_id)
            self.assertEqual((lead.team_id, lead.company_id), (team, team.company_id))

    def test_a_mode_of_one_company_leaves_the_others(self):
        self.second_team.with_user(self.foreigner).lead_mode = "leads"
        self.assertFalse(self.team.use_leads)
        self.assertTrue(self.second_team.use_leads)

    def test_a_customer_created_by_conversion_is_visible_in_the_leads_company(self):
        lead = self.new_lead(
            team_id=self.second_team.id,
            company_id=self.second_company.id,
            user_id=self.foreigner.id,
            contact_name="Somebody",
        )
        model = self.env["crm.lead2opportunity.partner"].with_user(self.foreigner)
        context = {
            "active_id": lead.id,
            "active_ids": lead.ids,
            "allowed_company_ids": self.second_company.ids,
        }
        with Form(model.with_context(context)) as form:
            form.name = "convert"
            form.action = "create"
        form.save().action_apply()
        self.assertEqual(lead.partner_id.with_user(self.foreigner).name, "Somebody")
        self.assertEqual(lead.company_id, self.second_company)

    def test_a_customer_of_another_company_is_not_proposed(self):
        self.env["res.partner"].create(
            {"name": "Secret", "email": "secret@example.com", "company_id": self.second_company.id}
        )
        lead = self.new_lead(email_from="secret@example.com", company_id=self.main_company.id)
        model = self.env["crm.lead2opportunity.partner"].with_user(self.salesperson)
        form = Form(model.with_context(active_id=lead.id, active_ids=lead.ids))
        self.assertFalse(form.partner_id)
