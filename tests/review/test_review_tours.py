"""The page in a browser: twenty groups by keyboard alone, in English and in French."""

from odoo.tests import HttpCase, tagged

from odoo.addons.openfire_leads.tests.common import LeadsCase, TourUser, needs_french

PEOPLE = [
    *(
        "Théodule Vandenbroucke",
        "Solange Etchegoyen",
        "Ernestine Blanchecotte",
        "Gwenaël Le Floc'h",
        "Aristide Bruant",
    ),
    *("Mahaut Quillévéré", "Zéphyrin Camélinat", "Odette Pfister", "Barnabé Urrutia", "Clothilde Descamps"),
    *("Fulbert Mazoyer", "Isaure Kermarrec", "Hippolyte Jouve", "Ludivine Achard", "Narcisse Oudinot"),
    *("Pélagie Trémolières", "Quentin Soubeyrand", "Raymonde Igounet", "Sosthène Wattel", "Violaine Xambeu"),
]


class ReviewTours(TourUser):
    tour_login = "leads_reviewer"
    tour_groups = "sales_team.group_sale_salesman"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.lead"].with_context(active_test=False).search([]).unlink()
        for number, name in enumerate(PEOPLE):
            values = {
                "contact_name": name,
                "email_from": f"{name.split()[0].lower()}.{number}@{name.split()[-1][:4].lower()}.example",
                "phone": f"06 {10 + 3 * number} {99 - 4 * number} {11 + number} {20 + 2 * number}",
                "user_id": cls.user.id,
            }
            cls.new_lead(f"Devis {number}", city="Lyon", **values)
            cls.new_lead(f"Demande {number}", city="Bron", **values)
        cls.env["crm.lead.duplicate.group"]._bring_up_to_date(limit=None)

    def test_twenty_groups_by_keyboard(self):
        groups = self.env["crm.lead.duplicate.group"].with_user(self.user)
        self.assertEqual(groups.search_count([("state", "=", "open")]), len(PEOPLE))
        self.start_tour("/odoo/duplicates", "openfire_leads_review", login=self.tour_login, timeout=180)
        self.env.invalidate_all()
        done = groups.search([("done_by_id", "=", self.user.id)])
        self.assertEqual(done.mapped("outcome").count("merged"), 10)
        self.assertEqual(done.mapped("outcome").count("dismissed"), 5)
        self.assertEqual(groups.search_count([("state", "=", "skipped")]), 5)
        self.assertFalse(groups.search([("state", "!=", "done")]).reviewer_id, "no claim is left behind")
        self.assertEqual(self.env["crm.lead"].search_count([("user_id", "=", self.user.id)]), 30)


@tagged("post_install", "-at_install", "openfire_review")
class TestReviewToursEnglish(ReviewTours, HttpCase, LeadsCase):
    lang = "en_US"


@needs_french
@tagged("post_install", "-at_install", "openfire_review")
class TestReviewToursFrench(ReviewTours, HttpCase, LeadsCase):
    lang = "fr_FR"
