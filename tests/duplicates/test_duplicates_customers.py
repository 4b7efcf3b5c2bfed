"""Similar customers and opportunities are proposed for linking and merging."""

from odoo.tests import Form, tagged

from .common_duplicates import DuplicatesCase


@tagged("post_install", "-at_install", "openfire_duplicates")
class TestSimilarCustomers(DuplicatesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Partner = cls.env["res.partner"]
        cls.customer = cls.Partner.create({
            "name": "VANDENBROUCKE Theodule", "phone": "+33 6 39 98 12 34", "zip": "59190", "city": "HAZEBROUCK",
            "country_id": cls.env.ref("base.fr").id,
        })  # fmt: skip
        cls.lead = cls._lead()

    def _proposed(self, lead=None, user=None):
        lead = (lead or self.lead).with_user(user or self.seller)
        return [line["partner_id"] for line in lead._find_similar_partners()]

    def test_a_customer_is_found_however_it_is_written(self):
        (line,) = self.lead.with_user(self.seller)._find_similar_partners()
        self.assertEqual(line["partner_id"], self.customer.id)
        self.assertEqual(set(line), {"partner_id", "score", "evidence"})

    def test_a_company_is_found_by_its_name_and_place(self):
        company = self.Partner.create({"name": "DELATTRE VITRERIE", "is_company": True, "zip": "59190",
                                       "city": "Hazebrouck", "email": "contact@vitrerie-delattre.fr"})  # fmt: skip
        lead = self._lead(self.stranger, contact_name=False, partner_name="Vitrerie Delattre SARL", zip="59190",
                          city="Hazebrouck", email_from="contact@vitrerie-delattre.fr")  # fmt: skip
        self.assertIn(company.id, self._proposed(lead))

    def test_values_that_change_are_followed(self):
        self.customer.write(
            {"name": "Solange Etchegoyen", "phone": "05 59 00 11 22", "zip": False, "city": False}
        )
        self.assertNotIn(self.customer.id, self._proposed())

    def test_archived_customers_and_those_of_other_companies_are_not_named(self):
        company = self.env["res.company"].create({"name": "Other company"})
        self.customer.company_id = company
        self.assertEqual(self._proposed(), [])
        self.customer.company_id = False
        self.customer.active = False
        self.assertEqual(self._proposed(), [])

    def test_customers_that_came_in_bulk_are_prepared_by_the_cron(self):
        self.env.flush_all()
        self.Partner._match_flush()
        self.env["crm.partner.match.key"]._forget(self.customer.ids)
        self.assertEqual(self._proposed(), [])
        self.env["crm.partner.match.key"]._store_missing()
        self.assertEqual(self._proposed(), [self.customer.id])

    def test_the_convert_window_proposes_the_customer_with_the_reasons(self):
        wizard = self.env["crm.lead2opportunity.partner"].with_user(self.seller)
        with Form(wizard.with_context(active_id=self.lead.id, active_ids=self.lead.ids)) as form:
            (line,) = form.similar_partners
            self.assertEqual(line["id"], self.customer.id)
            self.assertIn("same mobile phone", line["reasons"])

    def test_the_convert_window_selects_similar_opportunities(self):
        similar = self._lead(type="opportunity", email_from="t.vandenbroucke@exemple.fr", name="Poêle")
        other_lead = self._lead(email_from=False)
        hidden = self._lead(type="opportunity", email_from=False, user_id=self.manager.id)
        wizard = self.env["crm.lead2opportunity.partner"].with_user(self.seller)
        form = Form(wizard.with_context(active_id=self.lead.id, active_ids=self.lead.ids))
        self.assertEqual(form.name, "merge")
        self.assertIn(similar, form.duplicated_lead_ids)
        self.assertIn(self.lead, form.duplicated_lead_ids)
        self.assertNotIn(other_lead, form.duplicated_lead_ids)
        self.assertNotIn(hidden, form.duplicated_lead_ids)

    def test_mass_conversion_merges_on_exact_criteria_only(self):
        self._lead(type="opportunity", email_from="t.vandenbroucke@exemple.fr")
        wizard = self.env["crm.lead2opportunity.partner.mass"].with_context(
            active_ids=self.lead.ids, active_model="crm.lead"
        )
        self.assertFalse(wizard.create({}).duplicated_lead_ids)
