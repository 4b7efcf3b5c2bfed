"""Bulk runs: planned, worked off, taken back."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .review_common import ReviewCase


@tagged("post_install", "-at_install", "openfire_review")
class TestRuns(ReviewCase):
    def test_a_dry_run_tells_and_merges_nothing(self):
        leads = self._lead() | self._lead() | self._lead()
        won = self._lead(self.stranger) | self._lead(self.stranger)
        won[0].action_set_won()
        told = self.Group.with_user(self.manager).merge_certain()
        self.assertEqual((told["groups"], told["leads"], told["run_id"]), (1, 3, False))
        self.assertEqual(told["left_out"], {"won": 1})
        self.assertEqual(told["list"], [{
            "group_id": self.groups(*leads).id, "lead_ids": leads.ids, "survivor_id": leads[0].id,
            "name": "Théodule Vandenbroucke", "score": self.groups(*leads).score,
        }])  # fmt: skip
        self.assertEqual(leads.exists(), leads)
        self.assertFalse(self.env["crm.lead.merge.run"].search([]))

    def test_all_certain_ones_are_merged_and_taken_back(self):
        leads = self._lead() | self._lead()
        other = self._lead(self.stranger) | self._lead(self.stranger)
        likely = self._lead(
            contact_name="Aline Roux", email_from=False, street=False, phone="01 22 33 44 55"
        ) | (self._lead(contact_name="Aline Roux", email_from=False, street=False, phone=False))
        told = self.Group.with_user(self.manager).merge_certain(dry_run=False)
        self.assertEqual((told["groups"], told["merged"], told["failed"], told["to_do"]), (2, 2, 0, 0))
        self.assertEqual((leads | other | likely).exists(), leads[0] | other[0] | likely)
        run = self.env["crm.lead.merge.run"].with_user(self.manager).browse(told["run_id"])
        self.assertEqual((run.state, run.progress, run.user_id), ("done", 100, self.manager))
        self.assertEqual(run.merge_ids.user_id, self.manager)
        self.assertEqual(run.line_ids.group_id.mapped("outcome"), ["merged", "merged"])
        self.assertEqual(run.action_undo(), {"undone": 2, "kept": [], "left": 0})
        self.assertEqual((leads | other).exists(), leads | other)
        self.assertEqual(run.state, "undone")
        self.assertEqual(len(self.groups(*leads, *other)), 2)
        with self.assertRaisesRegex(UserError, "None of the merges"):
            run.action_undo()

    def test_the_machine_does_not_redo_what_people_took_back(self):
        leads = self._lead() | self._lead()
        told = self.Group.with_user(self.manager).merge_certain(dry_run=False)
        self.env["crm.lead.merge.run"].browse(told["run_id"]).with_user(self.manager).action_undo()
        self.assertEqual(self.Group.with_user(self.manager).merge_certain()["left_out"], {"undone": 1})
        self.assertEqual(leads.exists(), leads)

    def test_only_managers_merge_all(self):
        self._lead() | self._lead()
        for user in (self.seller, self.seller_of_all):
            with self.assertRaisesRegex(AccessError, "sales managers"):
                self.Group.with_user(user).merge_certain()
            with self.assertRaisesRegex(AccessError, "sales managers"):
                self.Group.with_user(user).action_plan_certain()

    def test_so_many_at_most(self):
        groups = self.requesters(3)
        told = self.Group.with_user(self.manager).merge_certain(dry_run=False, limit=2)
        self.assertEqual((told["groups"], told["merged"]), (2, 2))
        self.assertEqual(sum(len(leads.exists()) for leads in groups), 4)
