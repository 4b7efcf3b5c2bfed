"""Two leads of one person as users type them: found, and of two people: not found."""

from odoo.tests import tagged

from odoo.addons.openfire_leads import matching

from .common_duplicates import DuplicatesCase


@tagged("post_install", "-at_install", "openfire_duplicates")
class TestDuplicatesAsTyped(DuplicatesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.france = cls.env.ref("base.fr").id

    def _typed(self, country_id=True, **values):
        """Create a lead that says nothing but ``values``."""
        country = self.france if country_id is True else country_id
        return self.Lead.create(
            {
                "name": values.pop("name", "Lead"),
                "country_id": country,
                "type": "lead",
                "user_id": False,
                **values,
            }
        )

    def _check_found(self, one, other, found=True, **both):
        for first, second in ((one, other), (other, one)):
            with self.subTest(first=first, second=second):
                leads = self._typed(**both, **first) | self._typed(**both, **second)
                self.assertEqual(self._found(leads[0]), [leads[1].id] if found else [])
                leads.unlink()

    def test_an_address_typed_with_blanks_or_signs_is_found(self):
        for typed in (
            "zelie.vaugirard @orange.fr",
            "zelie.vaugirard@ orange.fr",
            "zelie. vaugirard@orange.fr",
            "zelie.vaugirard@orange .fr",
            "zelie.vaugirard@orange,fr",
            "zelie.vaugirard@@orange.fr",
            "zelie.vaugirard(at)orange.fr",
            "zelie.vaugirard [at] orange.fr",
            "zelie.vaugirard à orange.fr",
            "www.zelie.vaugirard@orange.fr",
            "mailto:zelie.vaugirard@orange.fr",
            "zelie.vaugirard@orange.fr.",
            "zelie.vaugirard＠orange.fr",
            "zelie.vaugirard@orange.fr & paul@free.fr",
        ):
            self._check_found({"email_from": typed}, {"email_from": "zelie.vaugirard@orange.fr"})

    def test_what_odoo_reads_in_an_address_or_number_is_compared_too(self):
        lead = self._typed(email_from="zelie @vaugirard.example", phone="01 23 45 67 89")
        records = self.env["crm.lead.match"]._records(lead)
        self.assertIn(lead.email_normalized, records[0].emails)
        self.assertIn(lead.phone_sanitized, records[0].phones)

    def test_a_machines_leads_are_not_alike(self):
        for sender in (
            "no-reply@portail.example",
            "wordpress@portail.example",
            "Portail <ne-pas-repondre@portail.fr>",
        ):
            leads = self.Lead.create(
                [
                    {"name": f"Demande {number}", "email_from": sender, "type": "lead", "user_id": False}
                    for number in range(30)
                ]
            )
            self.assertEqual([self._found(lead) for lead in leads], [[]] * 30)
            leads.unlink()

    def test_a_machines_address_proposes_no_customer(self):
        customer_keys = self.env["crm.partner.match.key"]
        customer = self.env["res.partner"].create({"name": "Portail", "email": "no-reply@portail.example"})
        lead = self._typed(email_from="no-reply@portail.example", contact_name="Zélie Vaugirard")
        ((_record, profile),) = self.env["crm.lead.match"]._profiles(lead)
        self.assertTrue(customer_keys._keys_of(customer)[customer.id])
        self.assertFalse(matching.keys(profile) & customer_keys._keys_of(customer)[customer.id])

    def test_a_marketplaces_mailbox_is_a_person_by_its_tag(self):
        one, other = (f"messagerie+{tag}@marche.example" for tag in ("ab12cd", "ab12ce"))
        self._check_found({"email_from": one}, {"email_from": one})
        self._check_found({"email_from": one}, {"email_from": other}, found=False)
        self._check_found(
            {"email_from": "zelie.vaugirard+devis@gmail.com"}, {"email_from": "zelie.vaugirard@gmail.com"}
        )

    def test_a_name_with_a_blank_or_in_another_script_does_not_part_one_mobile(self):
        for one, other in (
            ("山田 太郎", "山田太郎"),
            ("山田\u3000太郎", "山田太郎"),
            ("김 민수", "김민수"),
            ("王小明", "小明 王"),
            ("محمد علي", "Mohamed Ali"),
            ("Иван Петров", "Ivan Petrov"),
            ("Γιώργος Παπαδόπουλος", "Giorgos Papadopoulos"),
            ("משה כהן", "Moshe Cohen"),
            ("राम कुमार", "Ram Kumar"),
            ("สมชาย ใจดี", "Somchai Jaidee"),
            ("FranÃ§ois LefÃ¨vre", "François Lefèvre"),
        ):
            self._check_found({"contact_name": one}, {"contact_name": other}, phone="06 39 98 45 67")

    def test_a_number_among_words_is_found(self):
        for typed in (
            "01 23 45 67 89 poste 210",
            "01 23 45 67 89 (poste 210)",
            "01 23 45 67 89 p. 210",
            "01 23 45 67 89 ext. 210",
            "01 23 45 67 89 x210",
            "01 23 45 67 89 après 18h",
            "01 23 45 67 89 code 4512",
            "Tel 01 23 45 67 89 Fax 03 89 11 22 33",
            "01 23 45 67 89 03 89 11 22 33",
            "03 89 11 22 33 & 01 23 45 67 89",
            "03 89 11 22 33 + 01 23 45 67 89",
            "03 89 11 22 33 (dom) 01 23 45 67 89 (port)",
            "123456789.0",
            "+33 (0)1 23 45 67 89",
            "0033123456789",
        ):
            self._check_found({"phone": typed}, {"phone": "01 23 45 67 89"}, contact_name="Zélie Vaugirard")

    def test_an_extension_is_left_out_where_the_company_is_of_another_country(self):
        company = self.env["res.company"].create({"name": "Abroad", "country_id": self.env.ref("base.us").id})
        for typed in ("01 23 45 67 89 poste 210", "01 23 45 67 89 ext. 210", "01 23 45 67 89 x210"):
            self._check_found(
                {"phone": typed},
                {"phone": "01 23 45 67 89"},
                contact_name="Zélie Vaugirard",
                company_id=company.id,
                country_id=False,
            )

    def test_one_number_written_by_two_plans_is_found(self):
        for one, other in (
            ("+262 692 12 34 56", "0692 12 34 56"),
            ("+590 690 12 34 56", "0690 12 34 56"),
            ("+55 11 98765-4321", "+55 11 8765-4321"),
            ("+39 06 1234567", "+39 6 1234567"),
            ("+52 1 55 1234 5678", "+52 55 1234 5678"),
            ("+54 9 11 2345 6789", "+54 11 2345 6789"),
        ):
            self._check_found({"phone": one}, {"phone": other}, contact_name="Zélie Vaugirard")
