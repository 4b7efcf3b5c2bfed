"""Bulk runs with several workers, and with a server killed in the middle: what they do is committed and cleaned up."""

from pathlib import Path
from unittest.mock import patch

import psycopg2

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.openfire_leads.models.review import crm_lead_merge_run_work as work
from odoo.addons.openfire_leads.tests.killed import KillsServer
from odoo.addons.openfire_leads.tests.merge.merge_common import CommittedCase

from .review_common import stranger

PROCESS = Path(__file__).with_name("runs_killed_process.py")
COUNT = 5


@tagged("post_install", "-at_install", "openfire_review")
class TestRunsAtOnce(KillsServer, CommittedCase):
    def make(self, env):
        values = [
            {"name": "Poêle", "type": "lead", "user_id": False, **stranger(number)}
            for number in range(COUNT)
            for _copy in range(2)
        ]
        leads = env["crm.lead"].create(values)
        self.ids = leads.ids
        env["crm.lead"]._match_flush()
        groups = env["crm.lead.duplicate.group"]
        self.group_ids = groups.search([]).ids
        groups._regroup_all()
        user = env.ref("base.user_admin")
        found = groups.search([("lead_ids", "in", self.ids), ("state", "=", "open")])
        run = env["crm.lead.merge.run"].with_user(user)._plan_run("selected", found.with_user(user))
        run._begin("running")
        self.run_id = run.id
        self.assertEqual(run.group_count, COUNT)

    def remove(self, env):
        env["crm.lead.merge.run"].browse(self.run_id).unlink()
        env["crm.lead.merge"].search([("survivor_res_id", "in", self.ids)]).unlink()
        env["crm.lead"].browse(self.ids).exists().unlink()
        # others' leads are to be grouped still
        new = env["crm.lead.duplicate.group"].search([("id", "not in", self.group_ids)])
        others = new.lead_ids.ids
        new.unlink()
        env.cr.execute("INSERT INTO crm_lead_regroup_queue (lead_id) SELECT unnest(%s::int[])", (others,))

    def the_run(self, cr):
        return self.environment(cr)["crm.lead.merge.run"].browse(self.run_id)

    def assert_each_is_merged_once(self, cr):
        run = self.the_run(cr)
        self.assertEqual((run.merged_count, run.to_do_count, run.failed_count), (COUNT, 0, 0))
        self.assertEqual(len(run.merge_ids), COUNT)
        merges = self.environment(cr)["crm.lead.merge"].search([("survivor_res_id", "in", self.ids)])
        self.assertEqual(merges, run.merge_ids)
        self.assertEqual(self.environment(cr)["crm.lead"].browse(self.ids).exists().ids, self.ids[::2])

    def test_two_workers_share_a_run(self):
        with self.registry.cursor() as one, self.registry.cursor() as other, patch.object(work, "BATCH", 2):
            self.assertEqual(self.the_run(one)._work_batch(), 2)
            self.assertEqual(self.the_run(other)._work_batch(), 2, "while the first one is not committed")
            one.commit()
            self.assertEqual(self.the_run(one)._work_batch(), 1)
            other.commit()
            self.assertEqual(self.the_run(other)._work_batch(), 0)
            self.assertEqual(self.the_run(other).state, "running", "the first one is still at it")
            other.rollback()
            one.commit()
            self.assertEqual(self.the_run(one)._work_batch(), 0)
            self.assertEqual(self.the_run(one).state, "done")
            one.commit()
            self.assert_each_is_merged_once(one)

    def test_two_workers_share_the_undo(self):
        with self.registry.cursor() as one, self.registry.cursor() as other:
            while self.the_run(one)._work_batch():
                one.commit()
            one.commit()
            self.the_run(one)._begin_undo()
            one.commit()
            with patch("odoo.addons.openfire_leads.models.review.crm_lead_merge_run_undo.BATCH", 2):
                self.assertEqual(self.the_run(one)._work_batch(), 2)
                self.assertEqual(self.the_run(other)._work_batch(), 2)
                one.commit()
                other.commit()
                while self.the_run(other)._work_batch():
                    other.commit()
            other.commit()
            self.assertEqual((self.the_run(one).state, self.the_run(one).undone_count), ("undone", COUNT))
            self.assertEqual(self.environment(one)["crm.lead"].browse(self.ids).exists().ids, self.ids)

    @mute_logger("odoo.sql_db")
    def test_what_somebody_changes_at_the_very_moment_is_begun_anew_and_left_out(self):
        with self.registry.cursor() as worker, self.registry.cursor() as user:
            worker.execute("SELECT 1 FROM crm_lead LIMIT 1")  # its snapshot is older than the change
            self.environment(user)["crm.lead"].browse(self.ids[0]).phone = "06 12 34 56 78"
            user.commit()
            with self.assertRaises(psycopg2.errors.SerializationFailure):
                self.the_run(worker)._work_batch()
            worker.rollback()
            # the scheduled action begins a batch anew by itself
            self.environment(worker)["crm.lead.merge.run"]._cron_work_off()
            self.assertEqual(self.the_run(worker).left_out, "Changed meanwhile: 1")
            self.assertEqual(self.the_run(worker).merged_count, COUNT - 1)
            self.assertEqual(self.the_run(worker).state, "done")

    def test_a_lead_in_use_is_told_and_tried_again_by_hand(self):
        with (
            self.registry.cursor() as worker,
            self.registry.cursor() as user,
            patch("odoo.addons.openfire_leads.models.merge.crm_lead_merge.MOMENTS", (0, 0.01)),
        ):
            user.execute("SELECT FROM crm_lead WHERE id = %s FOR UPDATE", (self.ids[0],))
            self.the_run(worker)._work_batch()
            run = self.the_run(worker)
            self.assertEqual((run.merged_count, run.failed_count), (COUNT - 1, 1))
            self.assertIn("Somebody else is changing", run.line_ids.filtered("words").words)
            worker.commit()
            user.rollback()
            self.assertEqual(run._work_batch(), 0)
            run.action_resume()
            run._work_batch()
            worker.commit()
            self.assert_each_is_merged_once(worker)

    def test_who_is_at_work_on_a_lead_for_a_moment_is_waited_for(self):
        moments = "odoo.addons.openfire_leads.models.merge.crm_lead_merge"
        with self.registry.cursor() as worker, self.registry.cursor() as user:
            user.execute("SELECT FROM crm_lead WHERE id = %s FOR UPDATE", (self.ids[0],))
            with patch(f"{moments}.time.sleep", lambda pause: pause and user.rollback()):
                self.environment(worker)["crm.lead.merge.run"]._cron_work_off()
            self.assert_each_is_merged_once(worker)

    def test_killed_in_the_middle_nothing_is_lost_nor_done_twice(self):
        self.kill_half_way(PROCESS, run_id=self.run_id)
        with self.registry.cursor() as cr:
            run = self.the_run(cr)
            self.assertEqual((run.state, run.merged_count, run.to_do_count), ("running", 2, COUNT - 2))
            self.assertEqual(len(self.environment(cr)["crm.lead"].browse(self.ids).exists()), 2 * COUNT - 2)
            self.environment(cr)["crm.lead.merge.run"]._cron_work_off()
            self.assert_each_is_merged_once(cr)
            self.assertEqual(self.the_run(cr).state, "done")
