"""The documented flow in a browser, row by row, in English and in French."""

from odoo.tests import HttpCase, tagged

from odoo.addons.openfire_leads.tests.common import LeadsCase, TourUser, needs_french


class LeadTours(TourUser):
    """The tours, and the leads they need."""

    tour_login = "leads_tour"
    tour_groups = (
        "base.group_system,base.group_partner_manager,base.group_allow_export,sales_team.group_sale_manager"
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        partners = cls.env["res.partner"].create(
            [
                {"name": "Known Customer", "email": "known@example.com"},
                {"name": "Twin Customer", "email": "twin@example.com"},
            ]
        )
        cls.known_customer, cls.twin_customer = partners
        values = {"user_id": cls.user.id}
        cls.known = cls.new_lead("Known Requester", email_from="known@example.com", **values)
        cls.twin = cls.new_lead("Twin Request", email_from="twin@example.com", **values)
        cls.first = cls.new_lead("First of Two", email_from="first@example.org", **values)
        cls.second = cls.new_lead("Second of Two", email_from="second@example.net", **values)
        cls.running = cls.new_lead(
            "Running Opportunity", type="opportunity", email_from="twin@example.com", **values
        )
        cls.other = cls.new_lead("Other Opportunity", type="opportunity", **values)

    def tour(self, name, leads=True):
        self.set_general_leads(leads)
        self.start_tour("/odoo", f"openfire_leads_{name}", login=self.tour_login, timeout=120)
        self.env.invalidate_all()

    def test_a1_the_switch_turns_leads_on(self):
        self.tour("a1_switch", leads=False)
        self.assertTrue(self.team.use_leads)

    def test_a2_the_alias_is_changed_in_settings(self):
        self.tour("a2_alias", leads=False)
        self.assertEqual(self.team.alias_email, "nouvelles-demandes@leads.example")

    def test_a3_a_team_is_configured_from_the_dashboard(self):
        self.tour("a3_team", leads=False)
        self.assertEqual(self.other_team.lead_mode, "leads")

    def test_a4_a_lead_is_made_by_hand(self):
        self.tour("a4_new_lead")
        lead = self.env["crm.lead"].search([("email_normalized", "=", "zephyrine@quatrefages.example")])
        self.assertEqual((lead.type, lead.contact_name), ("lead", "Zéphyrine Quatrefages"))

    def test_a5_a_customer_is_created(self):
        self.tour("a5_create_customer")
        self.assertEqual(self.known.type, "opportunity")
        self.assertTrue(self.known.partner_id)
        self.assertNotEqual(self.known.partner_id, self.known_customer)

    def test_a6_merging_is_proposed(self):
        self.tour("a6_proposals")
        self.assertEqual(len((self.twin | self.running).exists()), 1)

    def test_a7_the_customer_is_linked(self):
        self.tour("a7_link_customer")
        self.assertEqual((self.known.type, self.known.partner_id), ("opportunity", self.known_customer))

    def test_a8_no_customer_is_linked(self):
        self.tour("a8_no_customer")
        self.assertEqual((self.known.type, self.known.partner_id.ids), ("opportunity", []))

    def test_a9_the_opportunity_is_in_the_pipeline(self):
        self.tour("a9_pipeline")
        self.assertTrue(self.known.date_conversion)

    def test_b2_the_list_of_leads_has_the_documented_actions(self):
        self.tour("b2_leads_list")
        self.assertEqual((self.first | self.second).mapped("type"), ["opportunity", "opportunity"])

    def test_b3_the_opportunities_have_the_documented_actions(self):
        self.tour("b3_opportunities")


@tagged("post_install", "-at_install")
class TestToursEnglish(LeadTours, HttpCase, LeadsCase):
    lang = "en_US"


@needs_french
@tagged("post_install", "-at_install")
class TestToursFrench(LeadTours, HttpCase, LeadsCase):
    lang = "fr_FR"
