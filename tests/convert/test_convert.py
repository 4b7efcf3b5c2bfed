"""The convert window: the documented choices, each respected to the letter."""

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from odoo.addons.openfire_leads.tests.common import LeadsCase


@tagged("post_install", "-at_install")
class TestConvert(LeadsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.env["res.partner"].create(
            {"name": "Jeanne Moulin", "email": "jeanne.moulin@example.com"}
        )
        cls.company_partner = cls.env["res.partner"].create({"name": "Moulin SARL", "is_company": True})
        cls.lead = cls.new_lead(
            contact_name="Jeanne Moulin",
            email_from="jeanne.moulin@example.com",
            phone="+33 1 99 00 12 34",
            street="3 rue des Lilas",
            city="Annecy",
        )

    def window(self, lead=None):
        lead = lead or self.lead
        return Form(
            self.env["crm.lead2opportunity.partner"].with_context(
                active_model="crm.lead", active_id=lead.id, active_ids=lead.ids
            )
        )

    def convert(self, lead=None, action=None, **values):
        """Fill the window in as a user does, press its button, return the action that it answers."""
        with self.window(lead) as form:
            form.name = "convert"
            if action:
                form.action = action
            for name, value in values.items():
                setattr(form, name, value)
        return form.save().action_apply()

    def assert_converted(self, lead):
        self.assertEqual(lead.type, "opportunity")
        self.assertTrue(lead.date_conversion)
        self.assertTrue(lead.stage_id)
        self.assertTrue(0 < lead.probability < 100)

    # ------------------------------------------------------------
    # Customer
    # ------------------------------------------------------------

    def test_the_choices_come_in_the_documented_order(self):
        fields = self.env["crm.lead2opportunity.partner"].fields_get(["action", "name"])
        self.assertEqual(
            [value for value, _label in fields["action"]["selection"]], ["exist", "create", "nothing"]
        )
        self.assertEqual([value for value, _label in fields["name"]["selection"]], ["convert", "merge"])

    def test_an_existing_customer_is_proposed(self):
        form = self.window()
        self.assertEqual(form.action, "exist")
        self.assertEqual(form.partner_id, self.partner)

    def test_without_a_matching_customer_creation_is_proposed(self):
        self.lead.email_from = "somebody.else@example.org"
        form = self.window()
        self.assertEqual(form.action, "create")
        self.assertFalse(form.partner_id)

    def test_a_customer_who_is_certainly_the_requester_is_proposed(self):
        self.partner.write(
            {"phone": "01 99 00 12 34", "zip": "74000", "city": "ANNECY", "street": "3 r. Lilas"}
        )
        self.lead.write(
            {"email_from": "j.moulin@autre.example", "zip": "74000", "contact_name": "MOULIN Jeanne"}
        )
        form = self.window()
        self.assertEqual((form.action, form.partner_id), ("exist", self.partner))

    def test_a_customer_who_may_be_the_requester_is_filled_in_when_linking_is_chosen(self):
        self.partner.write({"email": False, "zip": "74000", "city": "Annecy"})
        self.lead.write({"email_from": False, "phone": False, "zip": "74000"})
        form = self.window()
        form.name = "convert"
        form.action = "exist"
        self.assertEqual(form.partner_id, self.partner)

    def test_exist_links_the_customer_chosen(self):
        other = self.env["res.partner"].create({"name": "Another One"})
        self.convert(action="exist", partner_id=other)
        self.assert_converted(self.lead)
        self.assertEqual(self.lead.partner_id, other)

    def test_exist_wants_a_customer(self):
        self.lead = self.new_lead("Sans client", email_from="somebody.else@example.org")
        with self.assertRaisesRegex(AssertionError, "partner_id"), self.window() as form:
            form.name = "convert"
            form.action = "exist"
        wizard = self.env["crm.lead2opportunity.partner"].create(
            {"lead_id": self.lead.id, "name": "convert", "action": "exist"}
        )
        with self.assertRaises(UserError):
            wizard.with_context(active_ids=self.lead.ids).action_apply()

    def test_create_creates_although_the_same_customer_exists(self):
        self.convert(action="create")
        self.assert_converted(self.lead)
        self.assertTrue(self.lead.partner_id)
        self.assertNotEqual(self.lead.partner_id, self.partner)
        self.assertEqual(self.lead.partner_id.name, "Jeanne Moulin")
        self.assertEqual(self.lead.partner_id.email, "jeanne.moulin@example.com")
        self.assertEqual(self.lead.partner_id.city, "Annecy")

    def test_create_creates_although_the_lead_is_linked_already(self):
        self.lead.partner_id = self.partner
        self.lead.contact_name = "Paul Moulin"
        self.convert(action="create")
        self.assertNotEqual(self.lead.partner_id, self.partner)
        self.assertEqual(self.lead.partner_id.name, "Paul Moulin")
        self.assertFalse(self.lead.partner_id.parent_id)

    def test_create_puts_the_contact_into_the_company_chosen(self):
        self.convert(action="create", commercial_partner_id=self.company_partner)
        self.assertEqual(self.lead.partner_id.parent_id, self.company_partner)

    def test_create_creates_a_contact_also_without_a_name(self):
        lead = self.new_lead("Demande sans nom", email_from="atelier@example.org")
        self.convert(lead, action="create", commercial_partner_id=self.company_partner)
        self.assertEqual(lead.partner_id.parent_id, self.company_partner)
        self.assertEqual(lead.partner_id.name, "atelier@example.org")

    def test_create_creates_company_and_contact_where_the_company_proposed_is_cleared(self):
        lead = self.new_lead(partner_name="Moulin SARL", contact_name="Jeanne Moulin")
        self.convert(lead, action="create", commercial_partner_id=self.env["res.partner"])
        self.assertEqual(lead.partner_id.parent_id.name, "Moulin SARL")
        self.assertNotEqual(lead.partner_id.parent_id, self.company_partner)

    def test_create_gives_the_customer_the_salesperson_chosen(self):
        self.convert(action="create", user_id=self.manager)
        self.assertEqual(self.lead.partner_id.user_id, self.manager)

    def test_nothing_leaves_the_customer_empty_although_one_matches(self):
        partners = self.env["res.partner"].search_count([])
        self.convert(action="nothing")
        self.assert_converted(self.lead)
        self.assertFalse(self.lead.partner_id)
        self.assertEqual(self.env["res.partner"].search_count([]), partners)
        self.lead.message_post(body="Called back")
        self.assertFalse(self.lead.partner_id)

    def test_nothing_takes_off_a_customer_and_keeps_what_the_lead_knows(self):
        self.lead.partner_id = self.partner
        self.lead.write({"contact_name": "Jeanne Moulin", "partner_name": "Moulin SARL", "city": "Annecy"})
        self.convert(action="nothing")
        self.assertFalse(self.lead.partner_id)
        self.assertRecordValues(
            self.lead,
            [
                {
                    "contact_name": "Jeanne Moulin",
                    "partner_name": "Moulin SARL",
                    "email_from": "jeanne.moulin@example.com",
                    "phone": "+33 1 99 00 12 34",
                    "city": "Annecy",
                }
            ],
        )

    def test_code_made_for_stock_odoo_keeps_its_meaning(self):
        self.lead.partner_id = self.partner
        wizard = (
            self.env["crm.lead2opportunity.partner"]
            .with_context(active_id=self.lead.id, active_ids=self.lead.ids)
            .create({})
        )
        wizard.write({"name": "convert", "action": "create"})
        wizard.action_apply()
        self.assertEqual(self.lead.partner_id, self.partner)

    # ------------------------------------------------------------
    # Salesperson, team, pipeline
    # ------------------------------------------------------------

    def test_salesperson_and_team_are_as_chosen(self):
        self.convert(action="nothing", user_id=self.colleague, team_id=self.other_team)
        self.assertEqual(self.lead.user_id, self.colleague)
        self.assertEqual(self.lead.team_id, self.other_team)

    def test_the_salesperson_may_be_left_empty(self):
        self.convert(action="nothing", user_id=self.env["res.users"])
        self.assertFalse(self.lead.user_id)
        self.assertEqual(self.lead.team_id, self.team)

    def test_the_opportunity_is_opened_and_is_in_the_pipeline(self):
        action = self.convert(action="nothing")
        self.assertEqual((action["res_model"], action["res_id"]), ("crm.lead", self.lead.id))
        pipeline = self.env["ir.actions.actions"]._for_xml_id("crm.crm_lead_action_pipeline")
        self.assertIn("kanban", pipeline["view_mode"])
        self.assertIn(self.lead, self.env["crm.lead"].search([("type", "=", "opportunity")]))

    def test_merging_keeps_the_survivors_customer(self):
        opportunity = self.new_lead(type="opportunity", partner_id=self.partner.id)
        with self.window() as form:
            self.assertEqual(form.name, "merge")
            self.assertIn(opportunity, self.env["crm.lead"].browse(form.duplicated_lead_ids.ids))
        form.save().action_apply()
        survivor = (self.lead | opportunity).exists()
        self.assertEqual(len(survivor), 1)
        self.assertEqual(survivor.type, "opportunity")
        self.assertEqual(survivor.partner_id, self.partner)

    # ------------------------------------------------------------
    # Refusals
    # ------------------------------------------------------------

    def test_a_won_lead_is_refused(self):
        self.lead.action_set_won()
        with self.assertRaisesRegex(UserError, "Devis poêle.*won"):
            self.window()

    def test_a_lead_lost_meanwhile_is_refused(self):
        wizard = self.window().save()
        self.lead.action_set_lost()
        wizard.name = "convert"
        with self.assertRaisesRegex(UserError, "Devis poêle.*lost"):
            wizard.action_apply()
        self.assertEqual(self.lead.type, "lead")

    def test_a_lead_won_meanwhile_is_refused(self):
        wizard = self.window().save()
        self.lead.action_set_won()
        wizard.name = "convert"
        with self.assertRaisesRegex(UserError, "won"):
            wizard.action_apply()

    def test_a_lead_converted_meanwhile_is_refused(self):
        wizard = self.window().save()
        self.convert(action="nothing")
        wizard.name = "convert"
        with self.assertRaisesRegex(UserError, "Devis poêle.*already"):
            wizard.action_apply()

    def test_a_lead_deleted_meanwhile_is_told(self):
        wizard = self.window().save()
        form = self.window()
        lead_id = self.lead.id
        self.lead.unlink()
        self.env.flush_all()
        with self.assertRaisesRegex(UserError, "not there any more"):
            wizard.action_apply()
        with self.assertRaisesRegex(UserError, "not there any more"):
            form.save()
        with self.assertRaisesRegex(UserError, "not there any more"):
            self.window(self.env["crm.lead"].browse(lead_id))

    def test_what_was_chosen_and_deleted_meanwhile_is_told_by_its_place_in_the_window(self):
        team = self.new_team("Éphémère", False, 9, self.salesperson, self.env["res.users"])
        form = self.window()
        form.name, form.action, form.partner_id = "convert", "exist", self.partner
        form.team_id = team
        self.partner.unlink()
        self.env.flush_all()
        with self.assertRaisesRegex(UserError, "“Customer”: what was chosen there was deleted"):
            form.save()
        form.action = "nothing"
        team.unlink()
        self.env.flush_all()
        with self.assertRaisesRegex(UserError, "“Sales Team”: what was chosen there was deleted"):
            form.save()
        form.team_id = self.team
        form.save().action_apply()
        self.assert_converted(self.lead)

    def test_a_duplicate_deleted_meanwhile_stops_merging_and_not_converting(self):
        again = self.new_lead(contact_name="Jeanne Moulin", email_from="jeanne.moulin@example.com")
        form = self.window()
        self.assertEqual(form.name, "merge")
        again.unlink()
        self.env.flush_all()
        with self.assertRaisesRegex(UserError, "One of the selected leads no longer exists"):
            form.save()
        form.name, form.action = "convert", "nothing"
        form.save().action_apply()
        self.assert_converted(self.lead)

    def test_a_duplicate_given_to_a_colleague_meanwhile_is_told_without_its_name(self):
        again = self.new_lead("Secret", contact_name="Jeanne Moulin", email_from="jeanne.moulin@example.com")
        model = self.env["crm.lead2opportunity.partner"].with_user(self.salesperson)
        form = Form(model.with_context(active_model="crm.lead", active_id=self.lead.id))
        self.assertIn(again, form.duplicated_lead_ids[:])
        again.user_id = self.colleague
        self.env.flush_all()
        with self.assertRaisesRegex(UserError, "you may not see it any more") as caught:
            form.save()
        self.assertNotIn("Secret", str(caught.exception))

    def test_a_lead_merged_meanwhile_is_told_by_the_survivors_name(self):
        older = self.new_lead("Plus ancien")
        wizard = self.window().save()
        (older | self.lead).with_context(openfire_merge={"survivor_id": older.id}).merge_opportunity()
        with self.assertRaisesRegex(UserError, "merged into “Plus ancien”"):
            wizard.action_apply()

    def test_a_lost_lead_restored_is_converted(self):
        self.lead.action_set_lost()
        self.lead.action_restore()
        self.convert(action="nothing")
        self.assert_converted(self.lead)
