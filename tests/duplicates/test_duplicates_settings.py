"""Settings of the matching, and the page that explains it."""

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .common_duplicates import DuplicatesCase


@tagged("post_install", "-at_install", "openfire_duplicates")
class TestMatchingSettings(DuplicatesCase):
    def _save(self, **values):
        self.env["res.config.settings"].create(values).execute()

    def _param(self, name):
        return self.env["ir.config_parameter"].get_param(f"openfire_leads.{name}")

    def test_scores_are_kept_zero_and_hundred_included(self):
        self._save(lead_suspicion_score=0, lead_certainty_score=100)
        model = self.Pair._matching_model()
        self.assertEqual((model.suspicion, model.certainty), (0, 100))
        settings = self.env["res.config.settings"].create({})
        self.assertEqual((settings.lead_suspicion_score, settings.lead_certainty_score), (0, 100))

    def test_impossible_scores_are_refused_in_words(self):
        for suspicion, certainty in ((-1, 99), (50, 101), (90, 80)):
            with self.subTest(suspicion=suspicion, certainty=certainty), self.assertRaises(ValidationError):
                self._save(lead_suspicion_score=suspicion, lead_certainty_score=certainty)

    def test_a_parameter_spoilt_by_hand_does_not_stop_work(self):
        usual = self.Pair._matching_model()
        for spoilt in ("a lot", "1000", "nan"):
            self.env["ir.config_parameter"].set_param("openfire_leads.suspicion_score", spoilt)
            with self.assertLogs("odoo.addons.openfire_leads", "WARNING"):
                self.assertEqual(self.Pair._matching_model(), usual)

    def test_a_higher_suspicion_score_hides_pairs_at_once_and_a_lower_one_finds_more_by_the_queue(self):
        one, two = self._lead(), self._lead(self.stranger, contact_name="Théodule Vandenbroucke")
        score = one.find_duplicates(min_score=0)[0]["duplicates"][0]["score"]
        self._save(lead_suspicion_score=100, lead_certainty_score=100)
        self.assertEqual(self._found(one), [])
        self._save(lead_suspicion_score=score / 2, lead_certainty_score=100)
        self.assertEqual(self._found(one), [two.id], "one lead is looked up at once")
        while self.env["crm.lead.match.queue"]._work_off():
            pass
        self.assertTrue(self._pair(one, two))

    def test_switches_are_kept_off(self):
        self._save(lead_match_lost=False, lead_match_won=True, lead_match_archived=False)
        settings = self.env["res.config.settings"].create({})
        self.assertFalse(settings.lead_match_lost)
        self.assertTrue(settings.lead_match_won)
        self.assertFalse(settings.lead_match_archived)

    def test_people_are_told_as_set(self):
        one, _two = self._lead(), self._lead()
        self.assertTrue(one.duplicate_notice)
        self.assertTrue(one.get_duplicate_window())
        self._save(lead_duplicate_proposal="notice")
        self.env.invalidate_all()
        self.assertTrue(one.duplicate_notice)
        self.assertFalse(one.get_duplicate_window())
        self._save(lead_duplicate_proposal="off")
        self.env.invalidate_all()
        self.assertFalse(one.duplicate_notice)
        self.assertEqual(one.duplicate_lead_count, 1)

    def test_the_model_can_be_looked_at(self):
        action = self.env["crm.lead.matching.model"].with_user(self.manager).action_open()
        shown = self.env[action["res_model"]].with_user(self.manager).browse(action["res_id"])
        with Form(shown) as form:
            self.assertEqual(form.suspicion_score, self.Pair._matching_model().suspicion)
        self.assertGreater(len(shown.example_ids), 10)
        self.assertGreater(max(shown.example_ids.mapped("weight")), 0)
        self.assertLess(min(shown.example_ids.mapped("weight")), 0)
        with self.assertRaises(UserError):
            self.env["crm.lead.matching.model"].with_user(self.seller).action_open()
