"""What must hold is missed where it does not hold."""

from odoo.tests import tagged

from odoo.addons.openfire_leads.tests import invariants

from .faults_common import FaultCase

# damage, by what it does: what is said of it
DAMAGES = {
    "DELETE FROM crm_lead WHERE id = %(own)s": "is gone",
    "DELETE FROM mail_message WHERE model = 'crm.lead' AND res_id = %(own)s": "of the messages",
    "UPDATE mail_message SET res_id = 0 WHERE model = 'crm.lead' AND res_id = %(own)s": "of the messages",
    "DELETE FROM mail_activity WHERE res_model = 'crm.lead' AND res_id = %(own)s": "of the activities",
    "DELETE FROM crm_lead_merge_line WHERE merge_id = %(merge)s AND sequence > 0": "half done",
    "UPDATE crm_lead_merge SET state = 'undone' WHERE id = %(merge)s": "is gone and is in 0 merges",
    "UPDATE crm_lead_match SET digest = 0 WHERE lead_id = %(own)s": "not of the lead as it is",
    "DELETE FROM crm_lead_match WHERE lead_id = %(own)s": "not of the lead as it is",
    "DELETE FROM crm_lead_duplicate WHERE %(own)s IN (lead_id, other_lead_id)": "the pair of leads",
    "DELETE FROM crm_lead_duplicate_group_lead_rel WHERE lead_id = %(own)s": "the group",
    "INSERT INTO crm_lead_match_queue (lead_id, recheck) VALUES (%(own)s, false)": "waits to be compared",
}


@tagged("post_install", "-at_install", "openfire_faults")
class TestInvariants(FaultCase):
    def test_each_damage_is_told(self):
        survivor = self.act(lambda env: env["crm.lead"].browse(self.ids[:2]).merge_opportunity().id)
        self.assertEqual(self.broken(), [])
        with self.registry.cursor() as cr:
            env = self.environment(cr)
            merge = env["crm.lead.merge"].search([("survivor_id", "=", survivor)])
            for damage, said in DAMAGES.items():
                with self.subTest(damage=damage):
                    cr.execute(damage, {"own": self.ids[2], "merge": merge.id})
                    found = invariants.broken(env, self.known)
                    self.assertTrue([line for line in found if said in line], found)
                    cr.rollback()
                    env.invalidate_all(flush=False)
