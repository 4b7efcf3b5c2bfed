"""What people do with groups, and taking it back."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .review_common import ReviewCase


@tagged("post_install", "-at_install", "openfire_review")
class TestGroupsDealtWith(ReviewCase):
    def test_each_group_becomes_one_lead_and_undo_brings_all_back(self):
        one = self._lead() | self._lead() | self._lead()
        other = self._lead(self.stranger) | self._lead(self.stranger)
        groups = self.groups(*one, *other).sorted("id", reverse=True).with_user(self.seller)
        action = groups.action_merge()
        self.assertEqual((one | other).exists(), one[0] | other[0])
        self.assertEqual(groups.mapped("outcome"), ["merged", "merged"])
        self.assertEqual(groups.done_by_id, self.seller)
        self.assertEqual(groups.merge_id.survivor_id, one[0] | other[0])
        self.assertFalse(self.groups(*one, *other))
        self.undo(action, self.seller)
        self.assertEqual((one | other).exists(), one | other)
        self.assertEqual(sorted(self.groups(*one, *other).mapped("lead_count")), [2, 3])

    def test_dismissed_until_a_value_changes(self):
        leads = self._lead() | self._lead()
        group = self.groups(*leads).with_user(self.seller)
        action = group.action_dismiss("other building site")
        self.assertEqual((group.state, group.outcome), ("done", "dismissed"))
        self.assertEqual(self._pair(*leads).dismiss_reason, "other building site")
        self.assertFalse(self.groups(*leads))
        with patch.object(type(self.env["bus.bus"]), "_sendone") as told:
            self.undo(action, self.seller)
        self.assertFalse(told.called, "nothing but the page tells of it")
        self.assertEqual(self.groups(*leads).lead_ids, leads)
        self.groups(*leads).with_user(self.seller).action_dismiss()
        leads[0].phone = "06 39 98 99 99"
        self.assertEqual(self.groups(*leads).lead_ids, leads)

    def test_skipped_until_something_changes(self):
        leads = self._lead() | self._lead()
        group = self.groups(*leads).with_user(self.seller)
        action = group.action_skip()
        self.Group._regroup_all()
        self.assertEqual(group.state, "skipped")
        self.undo(action, self.seller)
        self.assertEqual(group.state, "open")
        group.action_skip()
        leads |= self._lead()
        self.assertEqual(self.groups(*leads), group)
        self.assertEqual((group.state, group.lead_ids), ("open", leads))

    def test_a_lead_is_left_out(self):
        leads = self._lead() | self._lead() | self._lead()
        group = self.groups(*leads).with_user(self.seller)
        action = group.action_leave_out(leads[0].ids)
        self.assertEqual(group.lead_ids, leads[1:])
        self.assertEqual(self.groups(leads[0]), self.Group)
        self.undo(action, self.seller)
        self.assertEqual(self.groups(*leads).lead_ids, leads)

    def test_a_merge_that_the_journal_forgot_is_not_said_to_be_undone(self):
        group = self.groups(self._lead(), self._lead()).with_user(self.seller)
        group.action_merge()
        group.merge_id.sudo().unlink()
        with self.assertRaisesRegex(UserError, "could be taken back"):
            group.action_undo()
        self.assertEqual(group.exists().state, "done")

    def test_only_its_own_leads_are_left_out(self):
        leads = self._lead() | self._lead()
        hidden = self._lead(user_id=self.manager.id)
        group = self.groups(*leads).with_user(self.seller)
        for other in (hidden, self._lead(self.stranger)):
            self.assertTrue(other.name)
            with self.assertRaisesRegex(UserError, "not in the group"):
                group.action_leave_out([leads[0].id, other.id])

    def test_what_was_dealt_with_meanwhile_is_not_dealt_with_again(self):
        leads = self._lead() | self._lead()
        group = self.groups(*leads).with_user(self.seller)
        group.action_merge()
        for verb in (group.action_merge, group.action_dismiss, group.action_skip):
            with self.assertRaisesRegex(UserError, "meanwhile"):
                verb()
        gone = self.Group.with_user(self.seller).browse(group.id)
        group.action_undo()
        with self.assertRaisesRegex(UserError, "meanwhile"):
            gone.action_merge()
        with self.assertRaisesRegex(UserError, "Nothing was done"):
            self.groups(*leads).with_user(self.seller).action_undo()

    def test_only_leads_that_one_may_read_are_shown_and_merged(self):
        leads = (
            self._lead()
            | self._lead()
            | self._lead(user_id=self.manager.id, contact_name="Théodule Vandenbrouck")
        )
        group = self.groups(*leads).with_user(self.seller)
        self.assertEqual((group.lead_ids, group.lead_count, group.hidden_count), (leads[:2], 3, 1))
        self.assertEqual(group.contact, "Théodule Vandenbroucke")
        self.assertEqual(len(group.pair_ids), 1)
        group.action_merge()
        self.assertEqual(leads.exists(), leads[0] | leads[2])
        self.assertEqual(
            self.groups(*leads).lead_ids, leads[0] | leads[2], "the hidden one is still to compare"
        )

    def test_a_group_of_others_leads_is_nobody_elses(self):
        leads = self._lead(user_id=self.manager.id) | self._lead(user_id=self.manager.id)
        group = self.groups(*leads)
        self.assertFalse(self.Group.with_user(self.seller).search([("id", "=", group.id)]))
        for verb in ("action_merge", "action_dismiss", "action_skip"):
            with self.assertRaises(AccessError):
                getattr(group.with_user(self.seller), verb)()
        with self.assertRaises(AccessError):
            group.with_user(self.seller).read(["score"])
        with self.assertRaises(AccessError):
            self.Group.with_user(self.seller).scan_groups()

    def test_groups_are_found_by_what_one_types(self):
        leads = self._lead() | self._lead(email_from="TVDB@Example.com")
        group = self.groups(*leads)
        for typed in ("vandenbr", "tvdb@example", "06 39 98", "granulés", "hazebr"):
            self.assertIn(group, self.Group.search([("anything", "ilike", typed)]), typed)
        self.assertNotIn(group, self.Group.search([("anything", "ilike", "Etchegoyen")]))
        self.assertIn(group, self.Group.search([("reason", "=", "phone")]))
        self.assertNotIn(group, self.Group.search([("reason", "=", "partner_name")]))
        self.assertIn(group, self.Group.search([("user_ids", "in", self.seller.ids)]))
        self.assertNotIn(group, self.Group.search([("team_ids", "in", [0])]))
        self.assertIn(group, self.Group.search([("certain", "=", True)]))
        self.assertNotIn(group, self.Group.search([("certain", "=", False)]))

    def test_ticked_groups_are_dismissed_with_a_reason(self):
        one, other = self.requesters(2)
        done = self._lead() | self._lead()
        groups = self.groups(*one, *other, *done).with_user(self.seller)
        groups.filtered(lambda group: done[0] in group.lead_ids).action_dismiss()
        window = (
            self.env["crm.lead.duplicate.group.dismiss"]
            .with_user(self.seller)
            .with_context(active_model=groups._name, active_ids=groups.ids)
            .create({"reason": "other building site"})
        )
        self.assertEqual(window.group_count, 2, "what is done already stays as it is")
        action = window.action_dismiss()
        self.assertEqual(self._pair(*other).dismiss_reason, "other building site")
        self.assertFalse(self.groups(*one, *other))
        self.undo(action, self.seller)
        self.assertEqual(len(self.groups(*one, *other)), 2)
