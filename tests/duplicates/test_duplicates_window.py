"""The notice, the window after saving, and the words they use."""

from odoo.tests import tagged

from odoo.addons.openfire_leads.matching import FIELD_LEVELS

from .common_duplicates import DuplicatesCase


@tagged("post_install", "-at_install", "openfire_duplicates")
class TestNoticeAndWindow(DuplicatesCase):
    def test_the_notice_gives_score_and_plain_reasons(self):
        one = self._lead()
        two = self._lead(
            contact_name="Theodule Vandenbrouck", city="Lille", zip="59000", street="1 rue Nationale"
        )
        (line,) = two.with_user(self.seller).duplicate_notice["duplicates"]
        self.assertEqual(line["lead_id"], one.id)
        self.assertIn("same mobile phone", line["reasons"])
        self.assertIn("same e-mail", line["reasons"])
        self.assertTrue(
            any(reason.startswith("similar contact name ") for reason in line["reasons"]), line["reasons"]
        )
        self.assertLessEqual(0, line["score"], 100)

    def test_reasons_are_told_in_the_users_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        evidence = [
            {"field": "phone", "level": "exact", "similarity": 1.0, "weight": 9.0},
            {"field": "contact_name", "level": "close", "similarity": 0.92, "weight": 5.0},
            {"field": "city", "level": "different", "similarity": 0.1, "weight": -2.0},
            {"field": "name", "level": "different", "similarity": 0.1, "weight": -0.1},
        ]
        self.assertEqual(
            self.Pair._reasons(evidence), ["same phone", "similar contact name 92 %", "other town"]
        )

    def test_the_window_proposes_open_leads_once(self):
        one, two = self._lead(), self._lead()
        found = two.with_user(self.seller).get_duplicate_window()
        self.assertEqual([line["lead_id"] for line in found["duplicates"]], [one.id])
        pair = self._pair(one, two).with_user(self.seller)
        pair.close_window()
        self.assertFalse(two.with_user(self.seller).get_duplicate_window())
        self.assertFalse(one.with_user(self.seller).get_duplicate_window())
        self.assertTrue(
            two.with_user(self.manager).get_duplicate_window(), "each user closes it for themselves"
        )
        two.phone = "06 11 22 33 44"
        self.assertTrue(two.with_user(self.seller).get_duplicate_window(), "another state, another question")

    def test_the_window_remembers_while_the_lead_awaits_its_turn_in_the_queue(self):
        one, two = self._lead(), self._lead()
        self.Lead._match_flush()
        self.env["crm.lead.match.queue"]._append(two.ids)
        (line,) = two.with_user(self.seller).get_duplicate_window()["duplicates"]
        self.assertEqual((line["lead_id"], line["pair_id"]), (one.id, self._pair(one, two).id))
        self._pair(one, two).with_user(self.seller).close_window()
        self.assertFalse(two.with_user(self.seller).get_duplicate_window())

    def test_the_window_does_not_propose_lost_leads_nor_opens_on_them(self):
        one, two = self._lead(), self._lead()
        one.action_set_lost()
        self.assertFalse(two.get_duplicate_window())
        self.assertTrue(two.duplicate_notice)
        self.assertFalse(one.get_duplicate_window())

    def test_the_comparison_shows_value_against_value(self):
        one = self._lead()
        two = self._lead(contact_name="VANDENBROUCKE Theodule", city=False)
        comparison = self._pair(one, two).with_user(self.seller).comparison
        lines = {line["field"]: line for line in comparison["lines"]}
        self.assertEqual(comparison["titles"], [one.name, two.name])
        self.assertEqual(
            lines["contact_name"]["values"], ["Théodule Vandenbroucke", "VANDENBROUCKE Theodule"]
        )
        self.assertGreater(lines["email"]["weight"], 0)
        self.assertEqual((lines["city"]["weight"], lines["city"]["level"]), (0, "missing"))

    def test_the_reason_of_a_field_of_another_module_uses_its_label(self):
        line = {"field": "website", "level": "exact", "similarity": 1, "weight": 3}
        self.assertEqual(self.Pair._reasons([line]), ["Website: the same"])

    def test_every_level_of_the_engine_has_words_of_its_own(self):
        for name, levels in FIELD_LEVELS.items():
            for level in levels:
                reason = self.Pair._reason({"field": name, "level": level, "similarity": 0.5, "weight": 3})
                for words in (reason, self.Pair._evidence_level(name, level)):
                    self.assertNotRegex(words, "[:_]", f"{name} {level}")

    def test_only_matters_of_degree_are_told_in_percent(self):
        lines = [
            {"field": "email", "level": "exact_own_domain", "similarity": 1, "weight": 8},
            {"field": "street", "level": "no_number", "similarity": 0.9, "weight": 3},
            {"field": "contact_name", "level": "close", "similarity": 0.9, "weight": 2},
        ]
        self.assertEqual(
            self.Pair._reasons(lines),
            ["same e-mail", "same street, without number", "similar contact name 90 %"],
        )
