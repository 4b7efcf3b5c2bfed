"""The server killed in the middle of a merge or an undo: a process of its own, ended with SIGKILL."""

from pathlib import Path

from odoo.tests import tagged

from odoo.addons.openfire_leads.tests.killed import KillsServer

from .merge_common import CommittedCase, differences, dump_rows

PROCESS = Path(__file__).with_name("merge_killed_process.py")


@tagged("post_install", "-at_install")
class TestMergeKilled(KillsServer, CommittedCase):
    def make(self, env):
        leads = env["crm.lead"].create([{"name": f"Killed {i}"} for i in range(3)])
        self.ids = leads.ids
        leads[1].write({"city": "Lyon", "tag_ids": [(0, 0, {"name": "Killed"})]})
        leads[1].message_post(body="Hello")
        leads[2].activity_schedule("mail.mail_activity_data_todo", user_id=env.uid)
        self.tag_ids = leads.tag_ids.ids

    def remove(self, env):
        self.merges(env).unlink()
        env["crm.lead"].browse(self.ids).exists().unlink()
        env["crm.tag"].browse(self.tag_ids).unlink()

    def merges(self, env):
        return env["crm.lead.merge"].search([("survivor_res_id", "in", self.ids)])

    def dump(self):
        """Return all rows of all tables, the journal's own among them."""
        with self.registry.cursor() as cr:
            return dump_rows(self.environment(cr), journal=True)

    def test_a_merge_killed_half_way_has_not_happened_and_can_be_done_again(self):
        before = self.dump()
        self.kill_half_way(PROCESS, verb="merge", ids=self.ids)
        self.assertFalse(differences(before, self.dump()))
        with self.registry.cursor() as cr:
            env = self.environment(cr)
            leads = env["crm.lead"].browse(self.ids)
            self.assertEqual(leads.exists(), leads)
            self.assertFalse(self.merges(env))
            survivor = leads.merge_opportunity()
            self.assertEqual(leads.exists(), survivor)
            self.assertEqual(survivor.city, "Lyon")
            self.assertTrue(survivor.activity_ids)

    def test_an_undo_killed_half_way_has_not_happened_and_can_be_done_again(self):
        with self.registry.cursor() as cr:
            env = self.environment(cr)
            env["crm.lead"].browse(self.ids).merge_opportunity()
            merge_ids = self.merges(env).ids
        before = self.dump()
        self.kill_half_way(PROCESS, verb="undo", ids=merge_ids)
        self.assertFalse(differences(before, self.dump()))
        with self.registry.cursor() as cr:
            env = self.environment(cr)
            leads = env["crm.lead"].browse(self.ids)
            merge = self.merges(env)
            self.assertEqual((len(leads.exists()), merge.state), (1, "done"))
            merge.action_undo()
            self.assertEqual((leads.exists(), merge.state), (leads, "undone"))
            self.assertEqual(leads.mapped("city"), [False, "Lyon", False])
            self.assertTrue(leads[2].activity_ids)
