""" "Not duplicates" is remembered, until a compared value changes."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common_duplicates import DuplicatesCase


@tagged("post_install", "-at_install", "openfire_duplicates")
class TestDismissedPairs(DuplicatesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.one, cls.two = cls._lead(), cls._lead()

    def setUp(self):
        super().setUp()
        self.pair = self._pair(self.one, self.two)

    def test_a_dismissed_pair_is_found_no_more(self):
        self.pair.with_user(self.seller).action_dismiss("father and son")
        self.assertEqual(self.pair.state, "dismissed")
        self.assertEqual(self.pair.dismissed_by_id, self.seller)
        self.assertTrue(self.pair.dismissed_on)
        self.assertEqual(self.pair.dismiss_reason, "father and son")
        self.assertEqual(self._found(self.one), [])
        self.assertEqual(self._found(self.one, min_score=0), [])
        self.assertEqual(self.two.duplicate_lead_count, 0)
        self.assertFalse(self.one.duplicate_notice)

    def test_it_stays_dismissed_whatever_is_not_compared(self):
        self.pair.action_dismiss()
        self.one.write({"priority": "2", "description": "called back", "active": False})
        self.two.write({"phone": self.two.phone, "city": self.two.city})
        (self.one | self.two)._refresh_match(now=True)
        self.Pair.scan()
        self.assertEqual(self._pair(self.one, self.two).state, "dismissed")

    def test_a_changed_value_makes_it_suspected_again(self):
        self.pair.action_dismiss()
        self.two.phone = "06 11 22 33 44"
        self.assertEqual(self._pair(self.one, self.two).state, "suspected")
        self.assertEqual(self._found(self.one), [self.two.id])

    def test_the_former_values_bring_the_dismissal_back(self):
        self.pair.action_dismiss("father and son")
        former = self.two.read(["contact_name", "email_from", "phone", "street", "zip", "city", "name"])[0]
        former.pop("id")
        self.two.write({key: self.stranger[key] for key in former})
        self.assertNotIn(
            "suspected", self._pair(self.one, self.two).mapped("state"), "they are strangers now"
        )
        self.two.write(former)
        pair = self._pair(self.one, self.two)
        self.assertEqual((pair.state, pair.dismiss_reason), ("dismissed", "father and son"))

    def test_a_dismissal_may_be_taken_back(self):
        self.pair.action_dismiss()
        self.pair.with_user(self.seller).action_suspect()
        self.assertEqual(self._found(self.one), [self.two.id])
        self.assertFalse(self.pair.dismissed_by_id)

    def test_a_dismissal_survives_a_merge_that_is_undone(self):
        third = self._lead(self.stranger)
        self.pair.action_dismiss("father and son")
        survivor = (self.two | third)._merge_opportunity()
        self.env["crm.lead.merge"].search([("survivor_id", "=", survivor.id)], limit=1).action_undo()
        self.env.invalidate_all()
        pair = self._pair(self.one, self.two)
        self.assertEqual((pair.state, pair.dismiss_reason), ("dismissed", "father and son"))

    def test_the_window_asks_why_and_takes_no_answer(self):
        wizard = self.env["crm.lead.duplicate.dismiss"].with_user(self.seller)
        with Form(wizard.with_context(active_model=self.Pair._name, active_ids=self.pair.ids)) as form:
            self.assertEqual(form.pair_ids.ids, self.pair.ids)
        form.record.action_dismiss()
        self.assertEqual((self.pair.state, self.pair.dismiss_reason), ("dismissed", False))

    def dismiss_window(self, pairs):
        wizard = self.env["crm.lead.duplicate.dismiss"].with_user(self.seller)
        return Form(wizard.with_context(active_model=self.Pair._name, active_ids=pairs.ids))

    def test_many_pairs_are_asked_about_once_told_and_taken_back_by_one_click(self):
        third = self._lead()
        pairs = self.pair | self._pair(self.one, third) | self._pair(self.two, third)
        window = self.dismiss_window(pairs)
        self.assertEqual(window.pair_count, 3)
        action = window.save().action_dismiss()
        self.assertEqual(set(pairs.mapped("state")), {"dismissed"})
        params = action["params"]
        self.assertEqual(params["message"], "Pairs that are not duplicates: 3.")
        undo = params["undo"]
        getattr(self.env[undo["model"]].with_user(self.seller).browse(undo["ids"]), undo["method"])()
        self.assertEqual(set(pairs.mapped("state")), {"suspected"})
        self.assertFalse(pairs.dismissed_by_id)

    def test_the_web_client_can_open_the_window_on_many(self):
        wizard = self.env["crm.lead.duplicate.dismiss"].with_user(self.seller)
        wizard = wizard.with_context(active_model=self.Pair._name, active_ids=self.pair.ids)
        specification = {"pair_ids": {"fields": {"display_name": {}}}, "pair_count": {}, "reason": {}}
        result = wizard.onchange({}, [], specification)
        self.assertEqual(result["value"]["pair_count"], 1)

    def test_dismissing_many_leaves_what_was_dismissed_before_as_it_was(self):
        third = self._lead()
        self.pair.with_user(self.manager).action_dismiss("father and son")
        pairs = self.pair | self._pair(self.one, third)
        window = self.dismiss_window(pairs)
        self.assertEqual(window.pair_count, 1)
        undo = window.save().action_dismiss()["params"]["undo"]
        self.assertEqual(undo["ids"], (pairs - self.pair).ids)
        self.assertEqual(
            (self.pair.dismissed_by_id, self.pair.dismiss_reason), (self.manager, "father and son")
        )
        with self.assertRaisesRegex(UserError, "to be checked"):
            self.dismiss_window(pairs)

    def test_taking_back_passes_over_pairs_that_are_gone(self):
        third = self._lead()
        other = self._pair(self.one, third)
        pairs = (self.pair | other).with_user(self.seller)
        pairs.action_dismiss()
        third.unlink()
        pairs.action_suspect()
        self.assertEqual(self.pair.state, "suspected")

    def test_who_may_not_read_both_leads_may_not_dismiss(self):
        self.two.user_id = self.manager
        with self.assertRaises(AccessError):
            self.pair.with_user(self.seller).action_dismiss()
        with self.assertRaises(AccessError):
            self.pair.with_user(self.seller).close_window()
        self.assertEqual(self.pair.state, "suspected")
