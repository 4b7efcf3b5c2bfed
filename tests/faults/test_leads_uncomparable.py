"""Leads that cannot be compared for a time: their groups stay or come back, and the others' are made."""

from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.openfire_leads import matching

from .faults_common import FaultCase

REFRESH = "odoo.addons.openfire_leads.models.review.crm_lead_duplicate_group_refresh"


@tagged("post_install", "-at_install", "openfire_faults")
class TestLeadsUncomparable(FaultCase):
    def groups(self):
        """Return the groups of the leads of this test, as sorted lists."""

        def read(env):
            groups = env["crm.lead.duplicate.group"].search([("lead_ids", "in", self.ids)])
            return sorted(group.lead_ids.sorted("id").ids for group in groups)

        return self.act(read)

    def test_a_group_comes_back_with_the_profiles_of_its_leads(self):
        before = self.groups()
        self.assertEqual(before, [self.ids[:2], self.ids[2:4], self.ids[4:]])

        def lose(env):
            env.cr.execute("UPDATE crm_lead_match SET engine = 0 WHERE lead_id = ANY(%s)", [self.ids[:2]])
            env["crm.lead.duplicate.group"]._regroup_all()

        self.act(lose)
        self.assertEqual(self.groups(), before[1:])
        self.act(lambda env: env["crm.lead.match.queue"]._append(self.ids[:2]))
        self.assertEqual(self.broken(), [])
        self.assertEqual(self.groups(), before)

    def test_where_leads_cannot_be_compared_their_group_stays_and_the_others_are_made(self):
        before, cluster, failed = self.groups(), matching.cluster, []

        def fail(pairs, **options):
            if any(self.ids[2] in pair[:2] for pair in pairs):
                failed.append(len(pairs))
                raise ValueError("unreadable")
            return cluster(pairs, **options)

        def spoil(env):
            env.cr.execute(
                "DELETE FROM crm_lead_duplicate_group_lead_rel WHERE lead_id = ANY(%s)",
                [[*self.ids[:2], self.ids[4]]],
            )
            env["crm.lead.regroup.queue"]._append_all()

        self.act(spoil)
        with patch.object(matching, "cluster", fail), mute_logger(REFRESH):
            self.act(lambda env: env["crm.lead.duplicate.group"]._cron_bring_up_to_date())
        self.assertEqual(self.groups(), before)
        self.assertEqual(failed[-1], 1, "together with others, then by themselves")
