"""What people see, in a browser, in English and in French; and the JavaScript on its own."""

from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.web.tests.test_js import unit_test_error_checker


@tagged("post_install", "-at_install", "openfire_duplicates")
class TestDuplicatesInTheBrowser(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True, no_reset_password=True))
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.seller = new_test_user(
            cls.env, "pairs_tour_seller", "sales_team.group_sale_salesman,base.group_partner_manager"
        )
        cls.person = {
            "name": "Poêle du salon",
            "contact_name": "Théodule Vandenbroucke",
            "email_from": "theodule.vandenbroucke@orange.fr",
            "type": "opportunity",
            "user_id": cls.seller.id,
        }
        cls.other = cls.env["crm.lead"].create(cls.person)

    def _tour(self, name, url="/odoo/action-crm.crm_lead_all_leads/new"):
        for lang in ("en_US", "fr_FR"):
            with self.subTest(lang=lang), self.cr.savepoint(flush=True) as savepoint:
                self.seller.lang = lang
                self.start_tour(url, name, login="pairs_tour_seller")
                savepoint.rollback()
                self.env.invalidate_all()

    def test_a_duplicate_is_named_proposed_compared_and_dismissed(self):
        self._tour("openfire_leads_duplicates_dismiss")

    def test_a_duplicate_is_merged_from_the_window(self):
        self._tour("openfire_leads_duplicates_merge")

    def test_the_convert_window_proposes_similar_opportunities_and_customers(self):
        self.env["res.partner"].create({"name": "Theodule Vandenbrouck", "email": self.person["email_from"]})
        lead = self.env["crm.lead"].create({**self.person, "name": "Demande de devis", "type": "lead"})
        self._tour("openfire_leads_convert_similar", f"/odoo/action-crm.crm_lead_all_leads/{lead.id}")

    def test_javascript(self):
        self.browser_js(
            "/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&filter=%40openfire_leads",
            "",
            "",
            login="admin",
            timeout=600,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=unit_test_error_checker,
        )
