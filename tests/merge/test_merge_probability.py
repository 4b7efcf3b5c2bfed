"""After a merge the probabilities are what an edit of the survivor would compute, whatever was merged into what."""

from itertools import permutations
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.openfire_leads.merging import Choices

from .merge_common import MergeCase


@tagged("post_install", "-at_install")
class TestMergeProbability(MergeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("crm.pls_fields", "country_id,tag_ids")
        cls.env["ir.config_parameter"].set_param("crm.pls_start_date", "2020-01-01")
        cls.late = cls.env["crm.stage"].search([("is_won", "=", False)], order="sequence desc", limit=1)
        # a past, for the predictions to rest on
        past = cls.env["crm.lead"].create(
            [{"name": f"Past {i}", "type": "opportunity", "tag_ids": cls.tags[i % 2].ids} for i in range(12)]
        )
        past[:5].action_set_won()
        past[5:9].action_set_lost()
        cls.env["crm.lead"]._cron_update_automated_probabilities()

    def lead(self, state):
        """A lead of the named state: open, late, manual, zero, archived, lost, won, or a plain lead."""
        lead = self.make_leads(1, type="lead" if state == "lead" else "opportunity")
        if state == "late":
            lead.stage_id = self.late
        elif state == "manual":
            lead.probability = 77
        elif state == "zero":
            lead.probability = 0
        elif state == "archived":
            lead.active = False
        elif state == "lost":
            lead.action_set_lost()
        elif state == "won":
            lead.action_set_won()
        return lead

    def predicted(self, lead):
        return lead._pls_get_naive_bayes_probabilities()[0][lead.id]

    def merge(self, *states):
        leads = self.env["crm.lead"].union(*(self.lead(state) for state in states))
        for position, lead in enumerate(leads):
            self.env.cr.execute(
                "UPDATE crm_lead SET create_date = %s WHERE id = %s", (f"2026-01-{position + 1:02}", lead.id)
            )
        self.env.invalidate_all()
        survivor = leads.with_user(self.manager).merge_opportunity().sudo()
        self.env.flush_all()
        self.env.invalidate_all()
        return survivor

    def test_every_combination_is_as_an_edit_would_compute(self):
        states = ("open", "late", "manual", "zero", "archived", "lost", "won", "lead")
        for first, second in permutations(states, 2):
            with self.subTest(first=first, second=second):
                survivor = self.merge(first, second)
                self.assert_right(survivor, {first, second})

    def assert_right(self, survivor, states):
        if "won" in states:
            self.assertEqual(survivor.won_status, "won")
            self.assertEqual((survivor.probability, survivor.automated_probability), (100, 100))
            return
        self.assertEqual(survivor.won_status, "pending")
        self.assertEqual(survivor.active, states != {"archived", "lost"})
        predicted = self.predicted(survivor)
        self.assertGreater(predicted, 0)
        self.assertAlmostEqual(survivor.automated_probability, predicted, 2)
        if survivor.probability != predicted:
            self.assertIn(survivor.probability, (77, 0))
            self.assertTrue(states & {"manual", "zero"})

    def test_a_manual_probability_stays_that_of_the_furthest(self):
        for states in (("manual", "lost"), ("lost", "manual"), ("manual", "open"), ("open", "manual")):
            with self.subTest(states=states):
                survivor = self.merge(*states)
                self.assertEqual(survivor.probability, 77)
                self.assertFalse(survivor.is_automated_probability)

    def test_lost_ones_alone_stay_lost(self):
        survivor = self.merge("lost", "lost")
        self.assertEqual((survivor.won_status, survivor.probability), ("lost", 0))

    def test_a_new_request_of_a_lost_opportunitys_person_is_open(self):
        for states in (("lost", "lead"), ("lead", "lost")):
            with self.subTest(states=states):
                leads = self.lead(states[0]) | self.lead(states[1])
                outcome = leads.preview_merge()["outcome"]
                self.assertEqual(outcome["won_status"], "pending")
                self.assertRegex(outcome["messages"][0], "is lost; the lead that remains will not be")
                survivor = self.merge(*states)
                self.assertEqual((survivor.type, survivor.active), ("opportunity", True))
                self.assertFalse(survivor.lost_reason_id)
                self.assertFalse(survivor.date_closed)
                self.assertTrue(survivor.is_automated_probability)

    def test_tags_that_came_with_the_merge_count(self):
        leads = self.make_leads(2, type="opportunity")
        leads[1].tag_ids = self.tags[0]
        survivor = leads.merge_opportunity()
        self.assertEqual(survivor.tag_ids, self.tags[0])
        self.assertAlmostEqual(survivor.probability, self.predicted(survivor), 2)
        self.assertTrue(survivor.is_automated_probability)

    def test_a_phone_that_came_with_the_merge_counts_and_none_is_read_once_more(self):
        self.env["ir.config_parameter"].set_param("crm.pls_fields", "phone_state,tag_ids")
        good, bad = "+33 1 23 45 67 89", "12"
        past = self.env["crm.lead"].create(
            [{"name": f"Past {i}", "type": "opportunity", "phone": good if i % 3 else bad} for i in range(12)]
        )
        past.filtered(lambda lead: lead.phone_state == "correct").action_set_won()
        past.filtered(lambda lead: lead.phone_state == "incorrect").action_set_lost()
        self.env["crm.lead"]._cron_update_automated_probabilities()
        compute = type(past)._compute_phone_state
        for own, is_read in ((False, True), (bad, False)):
            with self.subTest(own=own):
                leads = self.make_leads(2, type="opportunity", phone=own)
                leads[1].write({"phone": good, "tag_ids": self.tags[0].ids})
                self.env.flush_all()
                with patch.object(
                    type(leads), "_compute_phone_state", autospec=True, side_effect=compute
                ) as read:
                    plan = leads._merge_plan(Choices())
                self.assertEqual(read.called, is_read)
                survivor = leads.merge_opportunity()
                self.env.flush_all()
                self.env.invalidate_all()
                self.assertEqual(survivor.phone_state, "incorrect" if own else "correct")
                self.assertAlmostEqual(plan.outcome.predicted, self.predicted(survivor), 2)
                self.assertAlmostEqual(survivor.automated_probability, self.predicted(survivor), 2)

    def test_many_merged_at_once_are_as_right(self):
        groups = [
            self.lead(one) | self.lead(two)
            for one, two in (("lost", "open"), ("open", "lost"), ("manual", "late"))
        ]
        survivors = self.env["crm.lead"]._merge_in_bulk(groups)
        for survivor in survivors:
            self.assert_right(survivor, {"open", "manual"})

    def test_many_merged_at_once_are_predicted_as_each_alone(self):
        """Of several leads of a team without a past, Odoo predicts all but the first from another team's."""
        new_team = self.env["crm.team"].create({"name": "Without a past"})
        stage = self.env["crm.stage"].search([], order="sequence, id", limit=1)
        # it has lost only: nothing can be predicted
        self.env["crm.lead.scoring.frequency"].create(
            {
                "variable": "stage_id",
                "value": str(stage.id),
                "won_count": 0,
                "lost_count": 3,
                "team_id": new_team.id,
            }
        )
        old_team = self.env.ref("sales_team.team_sales_department")
        groups = []
        for number in range(6):
            group = self.lead("open") | self.lead("late")
            for lead in group:
                lead.team_id = new_team if number % 2 else old_team
                self.env.flush_all()
            groups.append(group)
        planned = [group._merge_plan(Choices()) for group in groups]
        survivors = self.env["crm.lead"]._merge_in_bulk(groups)
        self.env.flush_all()
        self.env.invalidate_all()
        for plan, survivor in zip(planned, survivors, strict=True):
            self.assertAlmostEqual(survivor.probability, plan.decisions["probability"].value, 2)
            if plan.outcome.predicted is not None:
                self.assertAlmostEqual(survivor.automated_probability, plan.outcome.predicted, 2)
        self.assertIn(None, {plan.outcome.predicted for plan in planned})

    def test_under_odoos_rule_the_survivors_own_stays_and_is_right(self):
        self.env["ir.config_parameter"].set_param("openfire_leads.survivor_rule", "confidence")
        for states in (("open", "lost"), ("lost", "open"), ("open", "late"), ("manual", "open")):
            with self.subTest(states=states):
                survivor = self.merge(*states)
                self.assertEqual(survivor.won_status, "pending")
                self.assertAlmostEqual(survivor.automated_probability, self.predicted(survivor), 2)
                if survivor.probability != 77:
                    self.assertTrue(survivor.is_automated_probability)

    def counts(self):
        self.env.flush_all()
        rows = self.env["crm.lead.scoring.frequency"].search_read(
            [], ["team_id", "variable", "value", "won_count", "lost_count"]
        )
        return {
            (row["team_id"] and row["team_id"][0], row["variable"], row["value"]): (
                row["won_count"],
                row["lost_count"],
            )
            for row in rows
        }

    def test_counts_rebuilt_since_are_after_the_undo_what_a_rebuild_gives(self):
        states = ("open", "lost", "won", "lead", "archived")
        for first, second in permutations(states, 2):
            with self.subTest(first=first, second=second):
                leads = self.lead(first) | self.lead(second)
                for lead, tag in zip(leads, self.tags[2:], strict=True):
                    lead.tag_ids = tag
                self.env["crm.lead"]._rebuild_pls_frequency_table()
                before = self.counts()
                leads.merge_opportunity()
                self.env["crm.lead"]._rebuild_pls_frequency_table()
                self.env["crm.lead.merge"].search([], order="id desc", limit=1).action_undo()
                self.assertEqual(self.counts(), before)
                self.env["crm.lead"]._rebuild_pls_frequency_table()
                self.assertEqual(self.counts(), before)

    def test_a_survivor_deleted_since_is_in_no_count_after_the_undo(self):
        states = ("open", "lost", "won", "lead")
        for first, second in permutations(states, 2):
            with self.subTest(first=first, second=second):
                leads = self.lead(first) | self.lead(second) | self.lead(second)
                for lead, tag in zip(leads, self.tags[1:], strict=True):
                    lead.tag_ids = tag
                last = self.env["crm.lead.merge"].search([], order="id desc", limit=1).id or 0
                (leads[0] | leads[1]).merge_opportunity()
                (leads[0] | leads[2]).merge_opportunity()
                self.env["crm.lead"]._rebuild_pls_frequency_table()
                leads[0].unlink()
                self.env["crm.lead.merge"].search([("id", ">", last)]).action_undo()
                self.assertEqual(leads.exists(), leads[1] | leads[2])
                counts = self.counts()
                self.env["crm.lead"]._rebuild_pls_frequency_table()
                self.assertEqual(counts, self.counts())

    def test_counts_not_rebuilt_since_are_as_before(self):
        for first, second in permutations(("open", "lost", "won", "lead"), 2):
            with self.subTest(first=first, second=second):
                leads = self.lead(first) | self.lead(second)
                before = self.counts()
                leads.merge_opportunity()
                self.env["crm.lead.merge"].search([], order="id desc", limit=1).action_undo()
                self.assertEqual(self.counts(), before)

    def test_undoing_gives_each_its_own_back(self):
        leads = self.lead("lost") | self.lead("open")
        before = leads.read(["probability", "automated_probability", "won_status"])
        leads.merge_opportunity()
        self.env["crm.lead.merge"].search([], order="id desc", limit=1).action_undo()
        self.env.invalidate_all()
        self.assertEqual(leads.read(["probability", "automated_probability", "won_status"]), before)
