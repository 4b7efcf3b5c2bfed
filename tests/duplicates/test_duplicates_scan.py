"""The scan finds what single look-ups find, and never compares everything with everything."""

import time

from odoo.tests import tagged
from odoo.tools import SQL

from .common_duplicates import DuplicatesCase


@tagged("post_install", "-at_install", "openfire_duplicates")
class TestScan(DuplicatesCase):
    def _stored(self):
        self.env.flush_all()
        pairs = self.Pair.search([])
        return {
            (pair.lead_id.id, pair.other_lead_id.id): (round(pair.score, 6), str(pair.evidence))
            for pair in pairs
        }

    def test_scan_and_single_look_ups_agree(self):
        self._lead(), self._lead(phone=False), self._lead(self.stranger)
        self._lead(
            contact_name="M. Théodule VANDENBROUCKE",
            email_from="theodule.vandenbroucke@ornage.fr",
            zip="59000",
        )
        self._lead(self.stranger, email_from=False, street="3 ch. du lac")
        self.Pair.search([]).unlink()
        report = self.Pair.scan()
        scanned = self._stored()
        self.assertGreaterEqual(len(scanned), 4)
        self.assertEqual(report["pairs"], len(scanned))
        self.Pair.search([]).unlink()
        leads = self.Lead.with_context(active_test=False).search([])
        leads._refresh_match(now=True)
        self.assertEqual(self._stored(), scanned)
        for lead in leads:
            live = dict(
                (other_id, round(score, 6)) for other_id, score, *_rest in lead._compared_duplicates(least=60)
            )
            stored = {
                sum(pair) - lead.id: score
                for pair, (score, _evidence) in scanned.items()
                if lead.id in pair and score >= 60
            }
            self.assertEqual(live, stored)

    def test_the_scan_reports_what_it_did(self):
        one, two = self._lead(), self._lead()
        report = self.Pair.scan((one | two).ids)
        self.assertEqual(set(report), {"leads", "compared", "pairs", "seconds", "not_compared"})
        self.assertEqual((report["leads"], report["pairs"]), (2, 1))
        self.assertGreaterEqual(report["compared"], 1)
        self.assertEqual(self.Pair.scan([])["leads"], 0)

    def test_the_scan_makes_good_what_was_changed_behind_its_back(self):
        one, two = self._lead(), self._lead()
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM crm_lead_match WHERE lead_id = %s", [one.id])
        self.env.cr.execute(
            "INSERT INTO crm_lead_match_key SELECT unnest(keys), 99 FROM crm_lead_match ON CONFLICT DO NOTHING"
        )
        self.env.cr.execute("DELETE FROM crm_lead_duplicate")
        self.Pair.scan()
        self.assertTrue(self._pair(one, two))

    def test_leads_deleted_meanwhile_are_left_out(self):
        one, two = self._lead(), self._lead()
        two.unlink()
        self.assertEqual(self.Pair.scan([one.id, two.id])["leads"], 1)

    def test_a_huge_block_stays_linear_and_is_reported(self):
        count = 5000
        self.env.cr.execute(
            """
            INSERT INTO crm_lead (name, email_from, email_normalized, type, active, user_id, create_date, won_status,
                                  probability, automated_probability)
            SELECT 'Demande de devis', 'contact@annuaire.example', 'contact@annuaire.example', 'lead', true, %s,
                   now(), 'pending', 0, 0
              FROM generate_series(1, %s)
            """,
            [self.seller.id, count],
        )
        start = time.monotonic()
        report = self.Pair.scan()
        self.assertLess(report["compared"], 20 * count)
        self.assertGreater(report["not_compared"], count * (count - 1) / 4)
        self.assertLess(time.monotonic() - start, 60)
        ((most,),) = self.env.execute_query(SQL("SELECT max(count) FROM crm_lead_match_key"))
        self.assertGreaterEqual(most, count, "no look-up goes through the leads of such a key")
        lead = self._lead(name="Demande de devis", contact_name=False, email_from="contact@annuaire.example",
                          phone=False, street=False, zip=False, city=False)  # fmt: skip
        start = time.monotonic()
        lead.find_duplicates(min_score=0)
        self.assertLess(time.monotonic() - start, 1)

    def test_the_queue_of_the_cron_is_worked_off(self):
        one, two = self._lead(), self._lead()
        self.Pair.search([]).unlink()
        self.env["crm.lead.match.queue"]._append((one | two).ids)
        with self.enter_registry_test_mode():
            self.env.ref("openfire_leads.ir_cron_match_queue").method_direct_trigger()
        self.env.invalidate_all()
        self.assertTrue(self._pair(one, two))
        self.assertFalse(
            self.env.execute_query(self.env["crm.lead.match.queue"]._awaiting_sql((one | two).ids))
        )
