"""Nobody waits for leads that somebody else holds for long, but who changes these very leads."""

from contextlib import contextmanager

from odoo.tests import tagged

from .faults_common import FaultCase, person

# whose one statement takes longer waits for who holds leads
PATIENCE = "5s"


@tagged("post_install", "-at_install", "openfire_faults")
class TestLeadsHeld(FaultCase):
    @contextmanager
    def held(self, hold):
        """Hold the first person's leads; who waits for them meanwhile fails."""
        with self.registry.cursor() as holder:
            hold(self.environment(holder))
            yield
            holder.rollback()

    def merging(self, env):
        env.cr.execute("SELECT FROM crm_lead WHERE id = ANY(%s) FOR UPDATE", [self.ids[:2]])

    def saving(self, env):
        for lead in env["crm.lead"].browse(self.ids[:2]):
            lead.phone = "06 39 98 12 34"
        env["crm.lead"]._match_flush()

    def at_once(self, function):
        def impatient(env):
            env.cr.execute(f"SET LOCAL statement_timeout = '{PATIENCE}'")
            return function(env)

        return self.act(impatient)

    def work_off(self, model):
        """Have a scheduled action do its work; it commits, so that the limit is not for one transaction only."""

        def impatient(env):
            env.cr.execute(f"SET statement_timeout = '{PATIENCE}'")
            env.cr.commit()
            try:
                env[model]._cron_work_off()
            finally:
                env.cr.rollback()
                env.cr.execute("RESET statement_timeout")

        self.act(impatient)

    def test_a_lead_like_one_that_is_held_is_saved_and_paired_later(self):
        for hold in (self.merging, self.saving):
            with self.subTest(hold=hold.__name__):
                with self.held(hold):
                    new_id = self.at_once(lambda env: env["crm.lead"].create(person(0)).id)
                self.assertEqual(self.broken(), [])
                with self.registry.cursor() as cr:
                    for lead_id in self.ids[:2]:
                        self.assertTrue(self.pair(self.environment(cr), lead_id, new_id))

    def test_a_pair_that_somebody_else_is_just_writing_is_not_waited_for(self):
        new_id = self.act(lambda env: env["crm.lead"].create(person(0)).id)
        self.act(
            lambda env: env.cr.execute("DELETE FROM crm_lead_duplicate WHERE other_lead_id = %s", [new_id])
        )
        with self.held(self.saving):
            self.at_once(lambda env: env["crm.lead"].browse(new_id).write({"phone": "06 39 98 12 34"}))
        self.assertEqual(self.broken(), [])
        with self.registry.cursor() as cr:
            self.assertTrue(self.pair(self.environment(cr), self.ids[0], new_id))

    def test_the_queue_leaves_a_held_lead_for_later_and_compares_the_others(self):
        self.act(
            lambda env: env.cr.execute("DELETE FROM crm_lead_duplicate WHERE lead_id = ANY(%s)", [self.ids])
        )
        for hold in (self.merging, self.saving):
            with self.subTest(hold=hold.__name__):
                self.act(lambda env: env["crm.lead.match.queue"]._append(self.ids))
                with self.held(hold):
                    self.work_off("crm.lead.match.queue")
                    with self.registry.cursor() as cr:
                        env = self.environment(cr)
                        self.assertTrue(self.pair(env, *self.ids[2:4]), "the others are compared")
                        self.assertFalse(
                            env["crm.lead.match.queue"]._failed(), "and none is told of as failing"
                        )
        self.assertEqual(self.broken(), [])
        with self.registry.cursor() as cr:
            self.assertTrue(self.pair(self.environment(cr), *self.ids[:2]))

    def test_the_scan_leaves_pairs_of_held_leads_to_the_queue_and_goes_on(self):
        for hold in (self.merging, self.saving):
            with self.subTest(hold=hold.__name__):
                self.act(
                    lambda env: env.cr.execute(
                        "DELETE FROM crm_lead_duplicate WHERE lead_id = ANY(%s)", [self.ids]
                    )
                )
                scan_id = self.act(lambda env: env["crm.lead.scan"]._start().id)
                with self.held(hold):
                    self.work_off("crm.lead.scan")
                    with self.registry.cursor() as cr:
                        env = self.environment(cr)
                        self.assertEqual(env["crm.lead.scan"].browse(scan_id).state, "done")
                        self.assertTrue(self.pair(env, *self.ids[2:4]))
                self.assertEqual(self.broken(), [])
                with self.registry.cursor() as cr:
                    self.assertTrue(self.pair(self.environment(cr), *self.ids[:2]))

    def test_settings_that_have_all_leads_compared_anew_wait_for_nobody(self):
        with self.held(self.merging):
            self.at_once(lambda env: env["crm.lead.duplicate"]._queue_all())
        self.assertEqual(self.broken(), [])
