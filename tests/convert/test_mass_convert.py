"""Mass conversion: the same choices, for each lead or for all."""

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from odoo.addons.openfire_leads.tests.common import LeadsCase


@tagged("post_install", "-at_install")
class TestMassConvert(LeadsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.env["res.partner"].create({"name": "Known", "email": "known@example.com"})
        cls.known = cls.new_lead("Known's", contact_name="Known", email_from="known@example.com")
        cls.unknown = cls.new_lead("Unknown's", contact_name="Unknown", email_from="unknown@example.org")
        cls.third = cls.new_lead("Third's", contact_name="Third", email_from="third@example.net")
        cls.leads = cls.known | cls.unknown | cls.third

    def window(self, leads=None):
        leads = self.leads if leads is None else leads
        model = self.env["crm.lead2opportunity.partner.mass"]
        return Form(model.with_context(active_model="crm.lead", active_id=leads[:1].id, active_ids=leads.ids))

    def convert(self, leads=None, users=(), **values):
        with self.window(leads) as form:
            for name, value in values.items():
                setattr(form, name, value)
            for user in users:
                form.user_ids.add(user)
        return form.save().action_mass_convert()

    def test_the_choices_come_in_the_documented_order(self):
        selection = self.env["crm.lead2opportunity.partner.mass"].fields_get(["action"])["action"][
            "selection"
        ]
        self.assertEqual(
            [value for value, _label in selection],
            ["exist", "create", "nothing", "each_exist_or_create", "each_chosen"],
        )
        self.assertEqual(self.window().action, "each_exist_or_create")

    def test_each_gets_its_existing_customer_or_a_new_one(self):
        self.convert()
        self.assertEqual(set(self.leads.mapped("type")), {"opportunity"})
        self.assertEqual(self.known.partner_id, self.partner)
        self.assertEqual(self.unknown.partner_id.name, "Unknown")
        self.assertTrue(all(lead.stage_id and lead.date_conversion for lead in self.leads))

    def test_create_creates_one_for_each_although_one_exists(self):
        self.convert(action="create")
        self.assertEqual(len(self.leads.partner_id), 3)
        self.assertNotIn(self.partner, self.leads.partner_id)

    def test_nothing_links_none(self):
        self.known.partner_id = self.partner
        self.convert(action="nothing")
        self.assertFalse(self.leads.partner_id)
        self.assertEqual(self.known.contact_name, "Known")

    def test_exist_links_all_to_the_one_chosen(self):
        self.convert(action="exist", partner_id=self.partner)
        self.assertEqual(self.leads.partner_id, self.partner)

    def test_each_lead_may_have_a_choice_of_its_own(self):
        with self.window() as form:
            form.action = "each_chosen"
            self.assertEqual(len(form.line_ids), 3)
            with form.line_ids.edit(0) as line:
                self.assertEqual((line.action, line.partner_id), ("exist", self.partner))
                line.action = "create"
            with form.line_ids.edit(1) as line:
                self.assertEqual(line.action, "create")
                line.action = "exist"
                line.partner_id = self.partner
            with form.line_ids.edit(2) as line:
                line.action = "nothing"
        form.save().action_mass_convert()
        self.assertEqual(set(self.leads.mapped("type")), {"opportunity"})
        self.assertTrue(self.known.partner_id)
        self.assertNotEqual(self.known.partner_id, self.partner)
        self.assertEqual(self.unknown.partner_id, self.partner)
        self.assertFalse(self.third.partner_id)

    def test_salespeople_take_turns(self):
        self.convert(users=[self.salesperson, self.all_leads], team_id=self.team, force_assignment=True)
        self.assertEqual(self.leads.mapped("user_id"), self.salesperson | self.all_leads)
        self.assertEqual(self.known.user_id, self.third.user_id)
        self.assertNotEqual(self.known.user_id, self.unknown.user_id)

    def test_all_the_opportunities_are_shown(self):
        action = self.convert()
        self.assertEqual(self.env["crm.lead"].search(action["domain"]), self.leads)
        self.assertEqual(action["view_mode"].split(",")[0], "kanban")

    def test_a_single_one_is_opened(self):
        self.assertEqual(self.convert(self.known)["res_id"], self.known.id)

    def test_duplicates_are_merged(self):
        twin = self.new_lead("Twin", email_from="unknown@example.org")
        self.convert(self.leads | twin, deduplicate=True)
        self.assertEqual(len((self.unknown | twin).exists()), 1)
        self.assertEqual(set((self.leads | twin).exists().mapped("type")), {"opportunity"})

    def test_merging_merges_each_requester_with_its_own(self):
        twins = self.new_lead("Twin", email_from="unknown@example.org")
        twins |= self.new_lead("Other twin", type="opportunity", email_from="third@example.net")
        self.convert(name="merge")
        self.assertEqual(len((self.leads | twins).exists()), 3)
        self.assertEqual(set((self.leads | twins).exists().mapped("type")), {"opportunity"})

    def test_an_opportunity_merged_in_keeps_its_customer(self):
        opportunity = self.new_lead(
            "Running", type="opportunity", partner_id=self.partner.id, email_from="unknown@example.org"
        )
        self.convert(action="nothing", deduplicate=True)
        survivor = (self.unknown | opportunity).exists()
        self.assertEqual(survivor.partner_id, self.partner)
        self.assertFalse(self.third.partner_id)

    def test_won_and_lost_ones_are_left_and_named(self):
        self.unknown.action_set_won()
        self.third.action_set_lost()
        action = self.convert(self.unknown | self.third | self.known)
        self.assertEqual(self.known.type, "opportunity")
        self.assertEqual(self.third.user_id, self.salesperson)
        self.assertEqual((self.unknown | self.third).mapped("type"), ["lead", "lead"])
        self.assertEqual(action["tag"], "display_notification")
        self.assertRegex(action["params"]["message"], "Unknown's.*won")
        self.assertRegex(action["params"]["message"], "Third's.*lost")
        self.assertEqual(action["params"]["next"]["res_id"], self.known.id)

    def test_what_is_shown_after_telling_of_those_left_can_be_shown(self):
        self.third.action_set_lost()
        for leads in (self.known | self.third, self.leads):
            with self.subTest(count=len(leads)):
                told = self.convert(leads)
                self.assertEqual(told["tag"], "display_notification")
                self.assertTrue(
                    told["params"]["next"]["views"], "Odoo completes only what it is given directly"
                )

    def test_nothing_but_won_and_lost_ones_is_refused(self):
        self.unknown.action_set_won()
        self.third.action_set_lost()
        with self.assertRaisesRegex(UserError, "(?s)won.*lost"):
            self.convert(self.unknown | self.third)

    def test_those_deleted_meanwhile_are_left_out(self):
        form = self.window()
        self.third.unlink()
        form.save().action_mass_convert()
        self.assertEqual((self.known | self.unknown).mapped("type"), ["opportunity", "opportunity"])

    def test_the_choice_for_one_deleted_meanwhile_is_left_out(self):
        form = self.window()
        form.action = "each_chosen"
        self.assertEqual(len(form.line_ids), 3)
        self.third.unlink()
        self.env.flush_all()
        form.save().action_mass_convert()
        self.assertEqual(set((self.known | self.unknown).mapped("type")), {"opportunity"})

    def test_the_choice_for_one_given_to_a_colleague_meanwhile_is_left_out_and_told(self):
        model = self.env["crm.lead2opportunity.partner.mass"].with_user(self.salesperson)
        form = Form(model.with_context(active_model="crm.lead", active_ids=self.leads.ids))
        form.action = "each_chosen"
        self.third.user_id = self.colleague
        self.env.flush_all()
        told = form.save().action_mass_convert()["params"]["message"]
        self.assertIn("You may not see some of the selected leads", told)
        self.assertNotIn("Third", told)
        self.assertEqual(self.third.type, "lead")
        self.assertEqual(set((self.known | self.unknown).mapped("type")), {"opportunity"})

    def test_a_customer_chosen_for_one_and_deleted_meanwhile_is_told(self):
        form = self.window()
        form.action = "each_chosen"
        self.partner.unlink()
        self.env.flush_all()
        with self.assertRaisesRegex(UserError, "“Customer”: what was chosen there was deleted"):
            form.save()

    def test_all_deleted_meanwhile_is_told(self):
        form = self.window()
        wizard = self.window().save()
        leads = self.leads
        leads.unlink()
        for act in (form.save, wizard.action_mass_convert, lambda: self.window(leads)):
            with self.assertRaisesRegex(UserError, "not|None"):
                act()

    def test_opportunities_selected_get_the_salesperson(self):
        opportunity = self.new_lead("Running", type="opportunity", user_id=False)
        self.convert(opportunity | self.known, users=[self.all_leads], force_assignment=True)
        self.assertEqual(opportunity.user_id, self.all_leads)

    def test_code_without_the_lists_context_converts_the_leads_given(self):
        wizard = self.env["crm.lead2opportunity.partner.mass"].create(
            {"lead_tomerge_ids": [(6, 0, self.known.ids)], "action": "nothing", "deduplicate": False}
        )
        wizard.action_mass_convert()
        self.assertEqual(self.known.type, "opportunity")

    def test_linking_to_nobody_is_refused_before_anything_is_converted(self):
        model = self.env["crm.lead2opportunity.partner.mass"].with_context(active_ids=self.leads.ids)
        for values in (
            {"action": "exist"},
            {
                "action": "each_chosen",
                "line_ids": [(0, 0, {"lead_id": self.third.id, "action": "exist", "partner_id": False})],
            },
        ):
            wizard = model.create(values)
            with self.subTest(values=values), self.assertRaisesRegex(UserError, "Choose the customer"):
                wizard.action_mass_convert()
        self.assertEqual(set(self.leads.mapped("type")), {"lead"})
