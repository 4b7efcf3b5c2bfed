"""Whatever people type, leads are saved and compared."""

from odoo.tests import tagged

from .common_duplicates import DuplicatesCase


@tagged("post_install", "-at_install", "openfire_duplicates")
class TestBadInput(DuplicatesCase):
    def test_awkward_values_are_saved_and_found(self):
        awkward = {
            "nothing": {},
            "blanks": {"contact_name": "  ", "email_from": " ", "phone": "\t", "city": " "},
            "ten thousand characters": {"contact_name": "Martin " * 1500, "partner_name": "x" * 10_000},
            "emoji": {"contact_name": "🔥 Zoé 🔥", "city": "🏠"},
            "right to left": {"contact_name": "\u200fمحمد العربي", "city": "القاهرة"},
            "zero width and control": {
                "contact_name": "Jea\u200bn\u0007 Dup\u00adont",
                "street": "12\u2028rue",
            },
            "no phone": {"phone": "n/a"},
            "no mail": {"email_from": "none"},
            "many mails": {"email_from": ", ".join(f"a{i}@exemple.fr" for i in range(50))},
            "chinese": {"contact_name": "王小明", "partner_name": "株式会社トヨタ"},
            "lone surrogate": {
                "contact_name": "Zo\ud83dé".encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
            },
        }
        for title, values in awkward.items():
            with self.subTest(title):
                lead = self.Lead.create({"name": "Demande", "type": "lead", **values})
                twin = self.Lead.create({"name": "Demande", "type": "lead", **values})
                result = lead.find_duplicates()
                self.assertEqual(result[0]["lead_id"], lead.id)
                if title in ("right to left", "chinese", "many mails"):
                    self.assertIn(twin.id, self._found(lead, min_score=0))
        self.Pair.scan()

    def test_empty_leads_are_no_duplicates_of_each_other(self):
        leads = self.Lead.create([{"name": "Demande de devis", "type": "lead"} for _i in range(3)])
        self.assertEqual(leads.mapped("duplicate_lead_count"), [0, 0, 0])
        self.assertFalse(leads[0].duplicate_notice)

    def test_a_lead_is_never_its_own_duplicate(self):
        lead = self._lead()
        self.assertNotIn(lead.id, self._found(lead, min_score=0))
        self.assertEqual(lead.duplicate_lead_ids, lead)

    def test_many_leads_of_one_mail_and_subject_are_created_and_imported_without_comparing_all(self):
        request = {"name": "Demande de devis", "email_from": "contact@annuaire.example", "type": "lead"}
        count = 600
        many = self.Lead.create([request] * count)
        rows = [["Demande de devis", "contact@annuaire.example", "Lead"]] * count
        many |= self.Lead.browse(self.Lead.load(["name", "email_from", "type"], rows)["ids"])
        self.assertEqual(len(many), 2 * count)
        self.Lead._match_flush()
        while self.env["crm.lead.match.queue"]._work_off():
            pass
        report = self.Pair.scan(many.ids)
        self.assertLess(report["compared"], 10 * len(many))
        self.assertGreater(report["not_compared"], len(many) * (len(many) - 10) / 2)
        self.assertLess(self.Pair.search_count([("lead_id", "in", many.ids)]), 10 * len(many))
        self.assertLess(len(many[0].find_duplicates(min_score=0, limit=None)[0]["duplicates"]), 100)
