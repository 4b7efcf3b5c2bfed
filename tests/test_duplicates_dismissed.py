""" "Not duplicates" is remembered, until a compared value changes."""

from odoo.exceptions import AccessError
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

    def test_who_may_not_read_both_leads_may_not_dismiss(self):
        self.two.user_id = self.manager
        with self.assertRaises(AccessError):
            self.pair.with_user(self.seller).action_dismiss()
        with self.assertRaises(AccessError):
            self.pair.with_user(self.seller).close_window()
        self.assertEqual(self.pair.state, "suspected")
