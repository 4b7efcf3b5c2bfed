"""What people judge is learnt from: merges, dismissals and what takes them back, in the background, with a way back."""

from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.openfire_leads import matching
from odoo.addons.openfire_leads.models.duplicates.crm_lead_duplicate_refresh import LEARNT

from .common_duplicates import DuplicatesCase


@tagged("post_install", "-at_install", "openfire_duplicates")
class TestJudgements(DuplicatesCase):
    def setUp(self):
        super().setUp()
        self.Judgement = self.env["crm.lead.match.judgement"].sudo()
        self.one, self.other = self._lead(), self._lead(phone="06 39 98 55 66", city=False)
        self.Lead._match_flush()

    def _judged(self, one=None, other=None):
        """Return what is known of the pair after collecting: ``(same, score, grounds)``, or ``None``."""
        self.Judgement._collect()
        ids = sorted(((one or self.one).id, (other or self.other).id))
        found = self.Judgement.search([("lead_res_id", "=", ids[0]), ("other_lead_res_id", "=", ids[1])])
        return (found.same, found.score, found.grounds) if found else None

    def _now(self):
        """Return score and grounds of the pair as it is."""
        match, ids = self.env["crm.lead.match"].sudo(), (self.one | self.other).sorted("id")._ids
        profiles = [match._stored_profile(lead_id) for lead_id in ids]
        statistics = self.env["crm.lead.match.term"].sudo()._statistics(profiles)
        return self._pair(self.one, self.other).score, matching.grounds(profiles, [0], [1], statistics)[0]

    def test_a_dismissal_says_different_until_it_is_taken_back(self):
        score, grounds = self._now()
        pair = self._pair(self.one, self.other).with_user(self.seller)
        pair.action_dismiss()
        self.assertEqual(self._judged(), (False, score, grounds))
        pair.action_suspect()
        self.assertIsNone(self._judged())

    def test_a_dismissal_stays_a_judgement_of_the_values_then(self):
        self._pair(self.one, self.other).with_user(self.seller).action_dismiss()
        before = self._judged()
        self.other.phone = self.one.phone
        self.Lead._match_flush()
        self.assertEqual(self._pair(self.one, self.other).state, "suspected")
        self.assertEqual(self._judged(), before)
        self.other.unlink()
        self.assertEqual(self._judged(), before)

    def test_a_merge_says_same_of_the_values_then_and_its_undo_different(self):
        score, grounds = self._now()
        leads = (self.one | self.other).with_user(self.seller)
        survivor = leads.merge_opportunity()
        self.assertEqual(self._judged(), (True, score, grounds))
        merge = self.env["crm.lead.merge"].search([("survivor_id", "=", survivor.id)])
        merge.with_user(self.seller).action_undo()
        self.assertEqual(self._judged(), (False, score, grounds))
        leads.merge_opportunity()
        self.assertEqual(self._judged(), (True, score, grounds))

    def test_a_merge_made_and_taken_back_meanwhile_says_different(self):
        survivor = (self.one | self.other).with_user(self.seller).merge_opportunity()
        self.env["crm.lead.merge"].search([("survivor_id", "=", survivor.id)]).action_undo()
        self.assertFalse(self._judged()[0])

    def test_of_three_leads_merged_two_pairs_are_judged_and_the_undo_says_nothing(self):
        third = self._lead(street=False)
        self.Lead._match_flush()
        survivor = (self.one | self.other | third).with_user(self.seller).merge_opportunity()
        self.Judgement._collect()
        found = self.Judgement.search([("lead_res_id", "in", (self.one | self.other | third).ids)])
        self.assertEqual(found.mapped("same"), [True, True])
        self.env["crm.lead.merge"].search([("survivor_id", "=", survivor.id)]).action_undo()
        self.Judgement._collect()
        self.assertFalse(found.exists())

    def test_what_nobody_was_shown_and_what_the_system_merged_is_no_judgement(self):
        stranger = self._lead(self.stranger)
        self.Lead._match_flush()
        (self.one | stranger).with_user(self.seller).merge_opportunity()
        self.assertIsNone(self._judged(self.one, stranger))
        twins = self._lead(self.stranger) | self._lead(self.stranger)
        self.Lead._match_flush()
        twins.with_user(1).sudo().merge_opportunity()
        self.assertIsNone(self._judged(*twins))

    def test_judgements_hold_nobodys_values(self):
        (self.one | self.other).with_user(self.seller).merge_opportunity()
        self._judged()
        (row,) = self.env.execute_query_dict(
            SQL("SELECT to_jsonb(j)::text AS held FROM crm_lead_match_judgement j ORDER BY id DESC LIMIT 1")
        )
        for value in ("vandenbroucke", "capucines", "639981234", "59190", "hazebrouck"):
            self.assertNotIn(value, row["held"].lower())

    def test_a_judgement_by_another_engine_is_made_anew_where_the_values_are_there(self):
        self._pair(self.one, self.other).with_user(self.seller).action_dismiss()
        before = self._judged()
        self.Judgement.search([]).grounds = {"engine": -1}
        self.assertEqual(self._judged(), before)
        (self.one | self.other).with_user(self.seller).merge_opportunity()
        self.assertTrue(self._judged()[0])
        self.Judgement.search([]).grounds = {"engine": -1}
        self.assertEqual(self._judged(), (True, *before[1:]))


@tagged("post_install", "-at_install", "openfire_duplicates")
class TestLessons(DuplicatesCase):
    def setUp(self):
        super().setUp()
        self.param = self.env["ir.config_parameter"].sudo()
        self.Lesson = self.env["crm.lead.match.lesson"].sudo()
        self.View = self.env["crm.lead.matching.model"].with_user(self.manager)
        self.usual = matching.Model()
        self.one = self._lead()
        self.other = self._lead(phone="02 61 91 55 66", email_from=False, street=False)
        self.Lead._match_flush()
        self.taught = matching.Lesson(self.usual.prior - 1.5, {"person": {"exact": -1.0}})

    def _learn(self, lesson, count=200, verdict="levels", learn=None):
        """Let the daily job learn ``lesson`` from so many judgements."""
        trial = matching.Trial("start", 0.5, 0.3, 0.05, "better" if lesson else "no gain")
        learnt = matching.Learnt(lesson, verdict, count, count // 2, (trial,))
        judgements = [matching.Judgement(n, -n, n % 2 == 0, 90.0, {}) for n in range(1, count + 1)]
        judged = type(self.env["crm.lead.match.judgement"])
        with (
            patch.object(judged, "_judgements", return_value=judgements),
            patch.object(matching, "learn", return_value=learnt) as called,
        ):
            (learn or self.Lesson._cron_learn)()
        return called

    def _work_off(self):
        while self.env["crm.lead.match.queue"]._work_off():
            pass

    def _score(self):
        return self._pair(self.one, self.other).score

    def _shown(self):
        return self.env["crm.lead.matching.model"].browse(self.View.action_open()["res_id"])

    def test_too_few_judgements_are_not_even_tried(self):
        self.assertFalse(self._learn(self.taught, matching.FEWEST_JUDGEMENTS - 1).called)
        self.assertFalse(self.Lesson.search([]))
        self.assertIn(str(matching.FEWEST_JUDGEMENTS), self._shown().learnt)

    def test_what_was_learnt_scores_stored_pairs_and_new_leads(self):
        before = self._score()
        self._learn(self.taught)
        lesson = self.Lesson.search([])
        self.assertEqual((lesson.in_use, lesson.judged, lesson.same, lesson.after), (True, 200, 100, 0.3))
        model = self.Pair._matching_model()
        self.assertEqual(model, self.taught.model(self.usual))
        self._work_off()
        self.assertLess(self._score(), before)
        third = self._lead(phone="02 61 91 55 66", email_from=False, street=False)
        self.Lead._match_flush()
        self.assertEqual(self._pair(self.one, third).score, self._score())

    def test_leads_and_customers_are_compared_as_usual(self):
        self._learn(self.taught)
        self.assertEqual(self.Pair._matching_model(of_leads=False), self.usual)

    def test_it_is_learnt_again_when_there_are_more_judgements(self):
        self._learn(self.taught)
        self.assertFalse(self._learn(self.taught, 205).called)
        self.assertTrue(self._learn(self.taught, 230).called)
        self.assertEqual(self.Lesson.search([]).mapped("in_use"), [True, False])

    def test_judgements_that_teach_nothing_any_more_bring_the_standard_weights_back(self):
        self._learn(self.taught)
        self._learn(None, 300, "no gain")
        self.assertEqual(self.Pair._matching_model(), self.usual)
        self.assertFalse(any(self.Lesson.search([]).mapped("in_use")))

    def test_next_to_no_change_changes_nothing(self):
        self._learn(self.taught)
        self._work_off()
        self._learn(matching.Lesson(self.taught.prior + 0.1, self.taught.shifts), 300)
        self.assertEqual(self.Pair._matching_model(), self.taught.model(self.usual))
        self.assertFalse(self.env["crm.lead.match.queue"]._count_due())

    def test_the_scan_learns_too(self):
        self._learn(self.taught, learn=lambda: self.Pair.sudo().scan())
        self.assertEqual(self.Pair._matching_model(), self.taught.model(self.usual))

    def test_a_manager_goes_back_by_one_click_and_nothing_is_learnt_until_wanted(self):
        self.Pair.sudo().scan()
        before = self._score()
        self._learn(self.taught)
        self._work_off()
        shown = self._shown()
        self.assertIn("200", shown.learnt)
        self.assertIn("the same: −1.0", shown.learnt)
        self.assertIn("1.5", shown.rate)
        shown.action_use_standard()
        self._work_off()
        self.assertAlmostEqual(self._score(), before, 3)
        self.assertFalse(self._learn(self.taught, 400).called)
        self.assertFalse(self._shown().learns)
        self.assertTrue(self._learn(self.taught, 400, learn=shown.action_learn).called)
        self.assertEqual(self.Pair._matching_model(), self.taught.model(self.usual))
        self.assertTrue(self._shown().learns)

    def test_only_managers_choose(self):
        for verb in ("action_use_standard", "action_learn", "action_show_lessons", "action_open"):
            with self.subTest(verb=verb), self.assertRaises(AccessError):
                getattr(self.env["crm.lead.matching.model"].with_user(self.seller), verb)()

    def test_managers_see_measured_precision_by_band(self):
        self._pair(self.one, self.other).with_user(self.seller).action_dismiss()
        (band,) = self._shown().band_ids
        score = self._score()
        self.assertTrue(band.least <= score < band.most)
        self.assertEqual((band.judged, band.same, band.right), (1, 0, 0))
        self.assertAlmostEqual(band.claimed, score / 100, 2)

    def test_what_is_spoilt_or_of_another_engine_is_not_used(self):
        stale = self.taught.dump().replace(f'"engine": {matching.ENGINE_VERSION}', '"engine": 1')
        self.param.set_param(LEARNT, stale)
        self.assertEqual(self.Pair._matching_model(), self.usual)
        for value in ("much", "{}", '{"engine": %d}' % matching.ENGINE_VERSION):  # noqa: UP031 (braces)
            self.param.set_param(LEARNT, value)
            with self.assertLogs("odoo.addons.openfire_leads", "WARNING"):
                self.assertEqual(self.Pair._matching_model(), self.usual)
            self._learn(self.taught, learn=lambda: self.Lesson._learn(anew=True))
            self.assertEqual(self.Pair._matching_model(), self.taught.model(self.usual))

    def test_every_verdict_is_told_in_words(self):
        for verdict, _label in self.Lesson._fields["verdict"].selection:
            lesson = self.Lesson.create({"date": "2026-01-02 03:04:05", "verdict": verdict, "judged": 123})
            self.assertIn("123", lesson._told())

    def test_real_judgements_teach_a_real_lesson(self):
        twin = self._lead()
        self.Lead._match_flush()
        likely, sure = self._pair(self.one, self.other), self._pair(self.one, twin)
        (likely | sure).with_user(self.seller).action_dismiss()
        Judgement = self.env["crm.lead.match.judgement"].sudo()
        Judgement._collect()
        for pair, right in ((likely, 0.2), (sure, 0.9)):
            held = Judgement.search(
                [("lead_res_id", "=", pair.lead_id.id), ("other_lead_res_id", "=", pair.other_lead_id.id)]
            )
            Judgement.create([
                {
                    "lead_res_id": -2 * number - pair.id * 1000,
                    "other_lead_res_id": -2 * number - pair.id * 1000 - 1,
                    "same": number < 100 * right,
                    "date": "2026-01-01",
                    "score": pair.score,
                    "grounds": held.grounds,
                }
                for number in range(100)
            ])  # fmt: skip
        before = likely.score
        self.Lesson._cron_learn()
        lesson = self.Lesson.search([])
        self.assertEqual((lesson.verdict, lesson.judged, lesson.in_use), ("start", 202, True))
        self.assertLess(lesson.after, lesson.before)
        self._work_off()
        self.assertLess(self._pair(self.one, self.other).score or 0, before)
