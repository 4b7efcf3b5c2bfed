"""The doors of other community modules, where they are installed; without any of them there is nothing to test."""

from odoo.tests import HttpCase, tagged


@tagged("post_install", "-at_install")
class TestEntryOtherModules(HttpCase):
    def need(self, module):
        if not self.env["ir.module.module"].search_count(
            [("name", "=", module), ("state", "=", "installed")]
        ):
            self.skipTest(f"{module} is not installed")

    def test_the_website_s_form(self):
        self.need("website_crm")
        self.env["website"].search([], limit=1).crm_default_team_id = False
        answer = self.url_open(
            "/website/form/crm.lead",
            data={"name": "Devis poêle", "contact_name": "Jeanne Moulin", "email_from": "jeanne@example.com"},
        )
        lead = self.env["crm.lead"].browse(answer.json()["id"])
        self.assertEqual((lead.contact_name, lead.entry_channel), ("Jeanne Moulin", "website"))

    def test_the_live_chat_s_command(self):
        self.need("crm_livechat")
        channel = self.env["discuss.channel"].create(
            {
                "name": "Visitor",
                "channel_type": "livechat",
                "livechat_operator_id": self.env.user.partner_id.id,
            }
        )
        channel.execute_command_lead(body="/lead Devis poêle")
        lead = self.env["crm.lead"].search([("origin_channel_id", "=", channel.id)])
        self.assertEqual((lead.name, lead.entry_channel), ("Devis poêle", "livechat"))
