"""Bulk runs worked off in the background, and what happens meanwhile."""

from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.openfire_leads.models.review import crm_lead_merge_run_work as work

from .review_common import ReviewCase


@tagged("post_install", "-at_install", "openfire_review")
class TestRunsWorkedOff(ReviewCase):
    def plan(self, count=3, user=None):
        self.leads = self.requesters(count)
        groups = self.groups(*self.Lead.union(*self.leads)).sorted("id", reverse=True)
        self.assertEqual(len(groups), count)
        return self.run_of(groups.with_user(user or self.seller).action_plan_merges()).with_user(
            user or self.seller
        )

    def merged(self):
        return [len(leads.exists()) == 1 for leads in self.leads]

    def test_planned_looked_at_merged_and_taken_back(self):
        run = self.plan()
        self.assertEqual((run.state, run.group_count, run.lead_count, run.to_do_count), ("planned", 3, 6, 3))
        self.assertIn("Etchegoyen", run.line_ids.mapped("name")[-1] + run.line_ids.mapped("name")[0])
        self.work_off()
        self.assertEqual(self.merged(), [False] * 3, "nobody has started it")
        run.action_start()
        self.assertEqual(self.merged(), [False] * 3, "in the background")
        self.work_off()
        self.assertEqual(self.merged(), [True] * 3)
        self.assertEqual((run.state, run.merged_count, run.progress), ("done", 3, 100))
        self.assertEqual(run.merge_ids.user_id, self.seller)
        self.assertEqual(self.env["crm.lead.merge"].search(run.action_show_merges()["domain"]), run.merge_ids)
        with self.assertRaisesRegex(UserError, "went on meanwhile"):
            run.action_start()
        run.action_undo_in_background()
        self.assertEqual((run.state, self.merged()), ("undoing", [True] * 3))
        self.work_off()
        self.assertEqual((run.state, run.undone_count, self.merged()), ("undone", 3, [False] * 3))

    def test_what_changed_since_it_was_planned_is_left_out(self):
        run = self.plan(7)
        edited, deleted, merged, dismissed, joined, moved, fine = self.leads
        edited[0].phone = "06 12 34 56 78"
        deleted[1].unlink()
        merged.merge_opportunity()
        self._pair(*dismissed).action_dismiss()
        joined |= joined[0].copy()
        moved[0].user_id = self.manager
        run.action_start()
        self.work_off()
        self.assertEqual(fine.exists(), fine[0])
        for leads in (edited, dismissed, moved):
            self.assertEqual(leads.exists(), leads)
        self.assertEqual(run.state, "done")
        told = {tuple(line.lead_res_ids): (line.state, line.reason) for line in run.line_ids}
        self.assertEqual(told[tuple(edited.ids)], ("left_out", "changed"))
        self.assertEqual(told[tuple(deleted.ids)], ("left_out", "changed"))
        self.assertEqual(told[tuple(merged.ids)], ("left_out", "changed"))
        self.assertEqual(told[tuple(dismissed.ids)], ("left_out", "changed"))
        self.assertEqual(told[tuple(moved.ids)], ("left_out", "hidden"))
        self.assertEqual(run.merged_count, 2, "a third one that came is still to review")
        self.assertEqual(self.groups(joined[2]).lead_ids, joined[0] | joined[2])

    def test_changes_of_very_many_leads_at_once_are_seen_too(self):
        run = self.plan(2)
        with (
            patch("odoo.addons.openfire_leads.models.duplicates.crm_lead_refresh.STORE_AT_ONCE", 0),
            patch("odoo.addons.openfire_leads.models.duplicates.crm_lead_refresh.COMPARE_AT_ONCE", 0),
        ):
            self.leads[0].contact_name = "Somebody Else"
            self.env["crm.lead"]._match_flush()
        run.action_start()
        self.work_off()
        self.assertEqual(self.merged(), [False, True])

    def test_one_that_cannot_be_merged_is_told_and_holds_up_no_other(self):
        run = self.plan()
        run.action_start()
        bad = self.leads[1]
        verb = type(bad)._merge_plan_in_bulk

        def refuse(leads, groups, *arguments):
            if any(bad[0] in group for group in groups):
                raise UserError("Not this one")
            return verb(leads, groups, *arguments)

        with patch.object(type(bad), "_merge_plan_in_bulk", refuse):
            self.work_off()
        self.assertEqual(self.merged(), [True, False, True])
        self.assertEqual((run.state, run.failed_count, run.merged_count), ("done", 1, 2))
        line = run.line_ids.filtered(lambda line: line.state == "failed")
        self.assertEqual((line.words, line.lead_res_ids), ("Not this one", bad.ids))
        run.action_resume()
        self.work_off()
        self.assertEqual((self.merged(), run.failed_count), ([True] * 3, 0))
        with self.assertRaisesRegex(UserError, "is done"):
            run.action_resume()

    @mute_logger(work.__name__)
    def test_an_unexpected_error_is_told_in_words(self):
        run = self.plan(1)
        run.action_start()
        with patch.object(self.env.registry["crm.lead"], "_merge_draft", lambda *_arguments: 1 / 0):
            self.work_off()
        self.assertEqual(run.failed_count, 1)
        self.assertIn("unexpected error", run.line_ids.words)
        self.assertEqual(self.merged(), [False])

    def test_stopped_after_the_batch_and_gone_on_with(self):
        run = self.plan()
        run.action_start()
        with patch.object(work, "BATCH", 2):
            run.sudo()._work_batch()
            self.assertEqual((run.merged_count, run.to_do_count), (2, 1))
            self.assertIn("2 of 3", run.progress_words)
            run.action_stop()
            self.work_off()
            self.assertEqual((run.state, run.merged_count), ("stopped", 2))
            run.action_resume()
            self.work_off()
        self.assertEqual((run.state, run.merged_count), ("done", 3))

    def test_what_was_stopped_is_taken_back_and_the_rest_is_not_merged(self):
        run = self.plan()
        run.action_start()
        with patch.object(work, "BATCH", 2):
            run.sudo()._work_batch()
        with self.assertRaisesRegex(UserError, "went on meanwhile"):
            run.action_undo()
        run.action_stop()
        self.assertEqual(run.action_undo(), {"undone": 2, "kept": [], "left": 0})
        self.work_off()
        self.assertEqual(self.merged(), [False] * 3)
        self.assertEqual(run.left_out, "Stopped before its turn: 1")

    def test_a_call_merges_what_fits_the_rest_goes_on_by_itself(self):
        self.leads = self.requesters(3)
        with (
            patch.object(work, "BATCH", 1),
            patch("odoo.addons.openfire_leads.models.review.crm_lead_duplicate_group_runs.SECONDS", 1e-6),
        ):
            told = self.Group.with_user(self.manager).merge_certain(dry_run=False)
        self.assertEqual((told["merged"], told["to_do"]), (0, 3))
        self.work_off()
        run = self.env["crm.lead.merge.run"].browse(told["run_id"])
        self.assertEqual((run.state, self.merged()), ("done", [True] * 3))
        with patch("odoo.addons.openfire_leads.models.review.crm_lead_merge_run_undo.SECONDS", 1e-6):
            told = run.with_user(self.manager).action_undo()
        self.assertEqual((told["undone"], told["left"], run.state), (0, 3, "undoing"))
        self.work_off()
        self.assertEqual((run.state, self.merged()), ("undone", [False] * 3))

    def test_all_are_taken_back_but_one_in_conflict(self):
        run = self.plan()
        run.action_start()
        self.work_off()
        # what was merged once more is taken back first
        into = self._lead()
        later = (self.leads[1][0] | into).with_context(openfire_merge={"survivor_id": into.id})
        later.merge_opportunity()
        self.leads[2][0].city = "Lyon"
        result = run.action_undo()
        self.assertEqual((result["undone"], result["left"]), (2, 0))
        (kept,) = result["kept"]
        self.assertIn("Undo first", kept["reason"])
        self.assertIn("Vandamme", kept["name"])
        self.assertEqual((len(self.leads[0].exists()), len(self.leads[1].exists())), (2, 0))
        self.assertEqual(self.leads[2][0].city, "Lyon", "what was changed since is kept")
        self.assertEqual((run.state, run.kept_count), ("undone", 1))
        self.env["crm.lead.merge"].search([("survivor_id", "=", into.id)]).action_undo()
        self.assertEqual(run.action_undo(), {"undone": 3, "kept": [], "left": 0})
        self.assertEqual(self.merged(), [False] * 3)

    def test_one_whose_undo_fails_half_way_is_told_and_holds_up_no_other(self):
        run = self.plan()
        run.action_start()
        self.work_off()
        bad, undo = self.leads[1], self.env.registry["crm.lead.merge"]._undo_recompute

        def fail(merge, restorer, survivor, restored):
            if survivor == bad[0]:
                raise UserError("Not this one")
            return undo(merge, restorer, survivor, restored)

        with patch.object(self.env.registry["crm.lead.merge"], "_undo_recompute", fail):
            result = run.action_undo()
        self.assertEqual((result["undone"], result["left"]), (2, 0))
        self.assertEqual([kept["reason"] for kept in result["kept"]], ["Not this one"])
        self.assertEqual(self.merged(), [False, True, False])
        self.assertEqual(run.action_undo()["undone"], 3)

    def test_one_taken_back_by_itself_stands_in_nobodys_way(self):
        run = self.plan()
        run.action_start()
        self.work_off()
        run.merge_ids[1].action_undo()
        self.assertEqual((run.merged_count, run.undone_count), (2, 1))
        self.assertEqual(run.action_undo(), {"undone": 3, "kept": [], "left": 0})

    def test_never_more_rights_than_its_user_has(self):
        run = self.plan()
        run.action_start()
        self.seller.active = False
        self.work_off()
        self.assertEqual((run.state, self.merged()), ("stopped", [False] * 3))
        self.assertIn("archived", run.sudo().words)
        self.seller.active = True
        self.seller.group_ids = self.env.ref("base.group_user")
        run.sudo().action_resume()
        self.work_off()
        self.assertEqual((run.sudo().state, self.merged()), ("stopped", [False] * 3))

    def test_a_run_is_its_users_and_the_managers(self):
        run = self.plan()
        run.action_start()
        for user in (
            self.seller_of_all,
            new_test_user(self.env, "review_other", "sales_team.group_sale_salesman"),
        ):
            other = run.with_user(user)
            self.assertFalse(other.search([]))
            self.assertFalse(self.env["crm.lead.merge.run.line"].with_user(user).search([]))
            for verb in ("action_start", "action_stop", "action_resume", "action_undo", "action_undo_in_background",
                         "action_show_merges"):  # fmt: skip
                with self.subTest(verb=verb), self.assertRaises(AccessError):
                    getattr(other, verb)()
            with self.assertRaises(AccessError):
                other.read(["left_out"])
        company = self.env["res.company"].create({"name": "Second"})
        foreigner = new_test_user(
            self.env, "review_foreigner", "sales_team.group_sale_manager", company_id=company.id,
            company_ids=company.ids,
        )  # fmt: skip
        self.assertFalse(run.with_user(foreigner).search([]))
        self.assertFalse(self.env["crm.lead.merge.run.line"].with_user(foreigner).search([]))
        with self.assertRaises(AccessError):
            run.with_user(self.manager).write({"state": "done"})
        run.with_user(self.manager).action_stop()
        self.assertEqual(run.state, "stopped")

    def test_whoever_makes_bulk_merges_finds_their_own_in_the_menu(self):
        menu, run = self.env.ref("openfire_leads.crm_lead_merge_run_menu"), self.plan()
        self.assertIn(menu.id, self.env["ir.ui.menu"].with_user(run.user_id)._visible_menu_ids())
        self.assertFalse(run.user_id.has_group("sales_team.group_sale_manager"))

    def test_a_planned_one_is_begun_by_who_planned_it_only(self):
        run = self.plan()
        with self.assertRaisesRegex(UserError, "plan one of your own"):
            run.with_user(self.manager).action_start()

    def test_what_nobody_began_goes_after_a_day(self):
        run = self.plan()
        run._gc_planned()
        self.assertTrue(run.exists())
        run.sudo().date = "2026-01-01"
        run.sudo()._gc_planned()
        self.assertFalse(run.exists())

    def test_erasing_a_person_erases_what_was_said_of_the_leads(self):
        run = self.plan(1)
        run.action_start()
        self.work_off()
        line = run.line_ids.sudo()
        line.words = "“Etchegoyen” is in use"
        line.merge_id.line_ids[0].unlink()
        self.assertFalse(line.words)
        self.assertNotIn("Etchegoyen", line.name)
