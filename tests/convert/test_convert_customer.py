"""Which customer the convert windows propose, and what remains of the values that a customer replaces."""

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from odoo.addons.openfire_leads.tests.common import LeadsCase


class ConvertCase(LeadsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Partner = cls.env["res.partner"]
        cls.firm = cls.Partner.create({
            "name": "Menuiserie Delattre", "is_company": True, "email": "contact@delattre-bois.fr",
            "phone": "03 28 41 00 01", "zip": "59190", "city": "Hazebrouck",
        })  # fmt: skip

    def window(self, lead):
        model = self.env["crm.lead2opportunity.partner"].with_user(self.salesperson)
        return Form(model.with_context(active_model="crm.lead", active_id=lead.id, active_ids=lead.ids))

    def convert(self, lead, **values):
        with self.window(lead) as form:
            form.name = "convert"
            for name, value in values.items():
                setattr(form, name, value)
        return form.save().action_apply()

    def convert_all(self, leads, **values):
        model = self.env["crm.lead2opportunity.partner.mass"].with_user(self.salesperson)
        model = model.with_context(active_model="crm.lead", active_id=leads[:1].id, active_ids=leads.ids)
        return model.create({"deduplicate": False, **values}).action_mass_convert()

    def undo(self, lead):
        merges = self.env["crm.lead.merge"].search(
            [("survivor_id", "=", lead.id), ("kind", "=", "conversion")]
        )
        merges[:1].with_user(self.salesperson).action_undo()

    def assert_found(self, lead, **values):
        """A new lead with these values finds ``lead``."""
        newcomer = self.new_lead("Newcomer", **values)
        found = newcomer.find_duplicates()[0]["duplicates"]
        self.assertIn(lead.id, [duplicate["lead_id"] for duplicate in found])


@tagged("post_install", "-at_install")
class TestContactOfAFirm(ConvertCase):
    def lucie(self, **values):
        return self.new_lead(
            **{"contact_name": "Lucie Morel", "email_from": "lucie.morel@orange.fr", **values}
        )

    def assert_contact_proposed(self, lead, firm=None):
        firm = firm or self.firm
        form = self.window(lead)
        self.assertEqual((form.action, form.commercial_partner_id), ("create", firm))
        before = firm.read(["name", "email", "phone", "street"])
        self.convert(lead)
        self.assertRecordValues(
            lead.partner_id, [{"name": lead.contact_name, "parent_id": firm.id, "is_company": False}]
        )
        self.assertEqual(lead.partner_id.email_normalized, lead.email_normalized)
        self.assertEqual(firm.read(["name", "email", "phone", "street"]), before)

    def test_a_firm_named_gets_a_new_contact(self):
        for name, person, email in (
            ("Menuiserie Delattre", "Lucie Morel", "lucie.morel@orange.fr"),
            ("MENUISERIE DELATTRE SARL", "Bruno Caron", "bcaron62@sfr.fr"),
        ):
            with self.subTest(name=name):
                self.assert_contact_proposed(
                    self.lucie(partner_name=name, contact_name=person, email_from=email)
                )

    def test_a_firm_of_the_same_mail_domain_gets_a_new_contact(self):
        self.assert_contact_proposed(self.lucie(email_from="lucie@delattre-bois.fr"))

    def test_a_firm_with_the_leads_own_mail_gets_a_new_contact(self):
        self.assert_contact_proposed(self.lucie(email_from="contact@delattre-bois.fr"))

    def test_a_firm_known_by_its_people_gets_a_new_contact(self):
        self.firm.email = False
        self.Partner.create(
            {"name": "Paul Petit", "parent_id": self.firm.id, "email": "paul@delattre-bois.fr"}
        )
        self.assert_contact_proposed(self.lucie(email_from="lucie@delattre-bois.fr"))

    def test_a_public_mail_domain_is_no_firm(self):
        self.Partner.create({"name": "Autre", "is_company": True, "email": "autre@orange.fr"})
        form = self.window(self.lucie())
        self.assertEqual((form.action, form.commercial_partner_id.id), ("create", False))

    def test_two_firms_of_one_name_are_told_apart_by_place_or_not_at_all(self):
        other = self.firm.copy(
            {"name": "Menuiserie Delattre", "zip": "33000", "city": "Bordeaux", "email": False}
        )
        lead = self.lucie(partner_name="Menuiserie Delattre", zip="33000", city="Bordeaux")
        self.assertEqual(self.window(lead).commercial_partner_id, other)
        lead.write({"zip": False, "city": False})
        self.assertFalse(self.window(lead).commercial_partner_id)

    def test_a_contact_that_is_there_is_linked(self):
        lucie = self.Partner.create(
            {"name": "Lucie Morel", "parent_id": self.firm.id, "email": "contact@delattre-bois.fr"}
        )
        form = self.window(self.lucie(email_from="contact@delattre-bois.fr"))
        self.assertEqual((form.action, form.partner_id), ("exist", lucie))

    def test_a_lead_without_a_person_is_linked_to_the_firm(self):
        lead = self.lucie(contact_name=False, email_from="contact@delattre-bois.fr")
        form = self.window(lead)
        self.assertEqual((form.action, form.partner_id), ("exist", self.firm))

    def test_the_user_may_link_to_the_firm_all_the_same(self):
        lead = self.lucie(email_from="contact@delattre-bois.fr")
        self.convert(lead, action="exist", partner_id=self.firm)
        self.assertEqual(lead.partner_id, self.firm)
        self.assertEqual(lead.contact_name, "Lucie Morel")

    def three_colleagues(self):
        leads = [
            self.new_lead(name, contact_name=name, partner_name=firm, email_from=email)
            for name, firm, email in (
                ("Ana Ruiz", "Atelier Bois", "ana@wanadoo.fr"),
                ("Bob Stone", "ATELIER BOIS", "bob@sfr.fr"),
                ("Cléo Vidal", "Atelier Bois SARL", "cleo@free.fr"),
            )
        ]
        return self.env["crm.lead"].concat(*leads)

    def assert_one_firm(self, leads):
        self.assertEqual(len(leads.partner_id), 3)
        self.assertEqual(len(leads.partner_id.parent_id), 1)
        self.assertEqual(leads.mapped("partner_id.name"), ["Ana Ruiz", "Bob Stone", "Cléo Vidal"])

    def test_three_colleagues_of_a_new_firm_make_one_firm(self):
        leads = self.three_colleagues()
        for lead in leads:
            self.convert(lead, action="create")
        self.assert_one_firm(leads)

    def test_three_colleagues_of_a_new_firm_make_one_firm_in_mass(self):
        for action in ("create", "each_exist_or_create", "each_chosen"):
            with self.subTest(action=action):
                leads = self.three_colleagues()
                self.convert_all(leads, action=action)
                self.assert_one_firm(leads)
                leads.partner_id.parent_id.active = False
                leads.partner_id.active = False

    def test_one_person_asking_twice_is_one_contact(self):
        leads = self.lucie(partner_name="Atelier Bois") | self.lucie(partner_name="Atelier Bois")
        self.convert_all(leads, action="each_exist_or_create")
        self.assertEqual(len(leads.partner_id), 1)
        self.assertTrue(leads.partner_id.parent_id)

    def test_undo_takes_contact_and_firm_away(self):
        lead = self.lucie(partner_name="Atelier Bois")
        self.convert(lead)
        contact, firm = lead.partner_id, lead.partner_id.parent_id
        self.assertTrue(firm)
        self.undo(lead)
        self.assertFalse((contact | firm).exists())
        self.assertEqual((lead.contact_name, lead.partner_name), ("Lucie Morel", "Atelier Bois"))

    def test_undo_takes_the_contact_away_and_leaves_the_firm(self):
        lead = self.lucie(partner_name="Menuiserie Delattre")
        self.convert(lead)
        contact = lead.partner_id
        self.undo(lead)
        self.assertFalse(contact.exists())
        self.assertTrue(self.firm.exists())

    def test_a_firm_that_got_another_contact_stays(self):
        leads = self.three_colleagues()
        for lead in leads:
            self.convert(lead, action="create")
        contact, firm = leads[0].partner_id, leads[0].partner_id.parent_id
        self.undo(leads[0])
        self.assertEqual((contact | firm).exists(), firm)


@tagged("post_install", "-at_install")
class TestEvidentCustomer(ConvertCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.Partner.create({"name": "Théodule Vandenbroucke", "phone": "+33 6 39 98 12 34"})
        cls.lead = cls.new_lead(
            contact_name="Theodule VANDENBROUCKE",
            phone="06 39 98 12 34",
            email_from="theo@example.org",
            country_id=cls.env.ref("base.fr").id,
        )

    def proposed(self):
        form = self.window(self.lead)
        return form.action, form.partner_id

    def test_the_same_name_and_phone_are_linked(self):
        self.assertEqual(self.proposed(), ("exist", self.customer))

    def test_the_same_name_and_mail_are_linked(self):
        self.customer.write({"phone": False, "email": "theo@example.org"})
        self.assertEqual(self.proposed(), ("exist", self.customer))

    def test_the_same_phone_and_another_first_name_are_not(self):
        self.customer.name = "Bérengère Vandenbroucke"
        self.assertEqual(self.proposed()[0], "create")

    def test_the_same_name_alone_is_not(self):
        self.customer.phone = "01 42 00 00 99"
        self.assertEqual(self.proposed()[0], "create")

    def test_two_that_are_as_likely_are_left_to_the_user(self):
        self.customer.copy({"name": self.customer.name})
        self.assertEqual(self.proposed()[0], "create")
        self.assertEqual(len(self.window(self.lead).similar_partners), 2)

    def test_the_rule_can_be_replaced(self):
        self.patch(type(self.env["crm.lead"]), "_is_customer_evident", lambda lead, line: False)
        self.assertEqual(self.proposed()[0], "create")


@tagged("post_install", "-at_install")
class TestValuesThatGiveWay(ConvertCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.Partner.create(
            {
                "name": "Anna Roux",
                "email": "anna.roux@example.com",
                "phone": "01 42 00 00 01",
                "city": "Lille",
            }
        )
        cls.lead = cls.new_lead(
            contact_name="A. Roux", email_from="anna@perso.example", phone="06 39 98 00 02", city="Lyon"
        )

    def assert_kept(self, *values):
        note = self.lead.message_ids[0].body
        for value in values:
            self.assertIn(value, note)
        self.assert_found(self.lead, contact_name="Anna Roux", email_from="anna@perso.example")
        self.assert_found(self.lead, contact_name="Anna Roux", phone="06 39 98 00 02")

    def test_linking_in_the_window_keeps_them(self):
        self.convert(self.lead, action="exist", partner_id=self.customer)
        self.assertEqual(self.lead.email_from, "anna.roux@example.com")
        self.assertEqual(self.customer.email, "anna.roux@example.com")
        self.assert_kept("A. Roux", "anna@perso.example", "06 39 98 00 02", "Lyon")

    def test_linking_in_mass_keeps_them(self):
        self.convert_all(self.lead, action="exist", partner_id=self.customer.id)
        self.assert_kept("anna@perso.example", "06 39 98 00 02")

    def test_linking_on_the_form_keeps_them(self):
        self.lead.type = "opportunity"
        with Form(self.lead.with_user(self.salesperson)) as form:
            form.partner_id = self.customer
        self.assertEqual(self.lead.phone, "01 42 00 00 01")
        self.assert_kept("anna@perso.example", "06 39 98 00 02")
        (journal,) = self.env["crm.lead.merge"].search([("survivor_id", "=", self.lead.id)])
        self.assertEqual((journal.kind, journal.can_undo), ("link", False))
        with self.assertRaisesRegex(UserError, "another customer"):
            journal.action_undo()

    def test_what_was_linked_and_merged_goes_on_matching(self):
        self.lead.partner_id = self.customer
        older = self.new_lead("Older", contact_name="Anna Roux", email_from="roux@else.example")
        survivor = (older | self.lead).merge_opportunity()
        self.assert_found(survivor, contact_name="Anna Roux", email_from="anna@perso.example")

    def test_a_link_made_after_a_merge_does_not_forbid_to_undo_it(self):
        other = self.new_lead("Other", contact_name="Anna Roux", email_from="roux@else.example")
        survivor = (other | self.lead).merge_opportunity()
        merge = self.env["crm.lead.merge"].search([("survivor_id", "=", survivor.id)])
        survivor.partner_id = self.customer
        merge.action_undo()
        self.assertEqual(merge.state, "undone")

    def test_a_customer_who_says_the_same_leaves_no_trace(self):
        self.customer.write(
            {"name": "A. Roux", "email": "ANNA@perso.example", "phone": "0639980002", "city": "Lyon"}
        )
        self.lead.country_id = self.customer.country_id = self.env.ref("base.fr")
        self.env.flush_all()
        messages = self.lead.message_ids
        self.lead.with_context(mail_notrack=True).partner_id = self.customer
        self.assertEqual((self.lead.message_ids - messages).mapped("body"), [])
        self.assertFalse(self.env["crm.lead.merge"].search([("survivor_id", "=", self.lead.id)]))

    def test_undo_gives_the_leads_own_values_back(self):
        self.convert(self.lead, action="exist", partner_id=self.customer)
        self.undo(self.lead)
        self.assertRecordValues(
            self.lead,
            [
                {
                    "email_from": "anna@perso.example",
                    "phone": "06 39 98 00 02",
                    "contact_name": "A. Roux",
                    "city": "Lyon",
                }
            ],
        )
        self.assertFalse(self.lead._match_extra_contacts())

    def test_of_two_addresses_and_numbers_the_second_goes_on_matching(self):
        self.lead.write({
            "email_from": "anna@perso.example, anna.pro@bureau.example",
            "phone": "01 42 11 11 11 / 06 39 98 00 02",
        })  # fmt: skip
        self.convert(self.lead, action="create")
        self.assertEqual(self.lead.partner_id.email, "anna@perso.example")
        self.assertIn("anna.pro@bureau.example", self.lead.message_ids[0].body)
        self.assertEqual(self.lead.phone, "01 42 11 11 11 / 06 39 98 00 02")
        self.assert_found(self.lead, contact_name="Anna Roux", email_from="anna.pro@bureau.example")
        self.assert_found(self.lead, contact_name="Anna Roux", phone="06 39 98 00 02")


@tagged("post_install", "-at_install")
class TestCustomersName(ConvertCase):
    def test_the_subject_is_no_name(self):
        for values, name in (
            ({"email_from": "atelier@example.org", "phone": "0612345678"}, "atelier@example.org"),
            ({"phone": "06 12 34 56 78"}, "06 12 34 56 78"),
            ({"partner_name": "Scierie Vasseur"}, "Scierie Vasseur"),
            ({"contact_name": "Zoé Klein"}, "Zoé Klein"),
        ):
            with self.subTest(values=values):
                lead = self.new_lead("Appel manqué 0612345678", **values)
                self.convert(lead, action="create")
                self.assertEqual(lead.partner_id.name, name)

    def test_a_lead_that_names_nobody_is_refused_with_what_to_do(self):
        lead = self.new_lead("Appel manqué")
        with self.assertRaisesRegex(UserError, "Appel manqué.*Fill in the contact name"):
            self.convert(lead, action="create")
        self.assertEqual(lead.type, "lead")
        self.convert(lead, action="nothing")
        self.assertEqual(lead.type, "opportunity")

    def test_in_mass_it_is_converted_without_a_customer_and_told(self):
        for action in ("create", "each_exist_or_create", "each_chosen"):
            with self.subTest(action=action):
                lead, other = self.new_lead("Appel manqué"), self.new_lead(contact_name=f"Zoé {action}")
                result = self.convert_all(lead | other, action=action)
                self.assertEqual((lead | other).mapped("type"), ["opportunity"] * 2)
                self.assertFalse(lead.partner_id)
                self.assertTrue(other.partner_id)
                self.assertRegex(result["params"]["message"], "Appel manqué.*without a customer")
