"""A new version of the engine: what was stored by the former one is made anew."""

from unittest.mock import patch

from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

from odoo.addons.openfire_leads.matching import ENGINE_VERSION
from odoo.addons.openfire_leads.models.scan import crm_lead_duplicate_install


@tagged("post_install", "-at_install")
class TestEngineChange(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leads = cls.env["crm.lead"].create(
            [{"name": "Poêle", "contact_name": "Ulysse Quintrec", "email_from": "u.quintrec@example.com"}] * 2
        )
        cls.partner = cls.env["res.partner"].create({"name": "Ulysse Quintrec"})
        cls.env.flush_all()
        cls.env["crm.lead"]._match_flush()
        cls.env["res.partner"]._match_flush()
        cls.env.cr.execute("UPDATE crm_lead_match SET engine = %s", [ENGINE_VERSION - 1])
        cls.env.cr.execute("DELETE FROM crm_lead_duplicate")

    def found(self):
        [result] = self.leads[0].find_duplicates()
        return [duplicate["lead_id"] for duplicate in result["duplicates"]]

    def test_few_leads_are_compared_by_the_upgrade_itself(self):
        self.assertFalse(self.found())
        self.env["crm.lead.duplicate"]._scan_stale()
        self.assertEqual(self.found(), self.leads[1].ids)

    def waiting(self):
        self.env.cr.execute("SELECT lead_id FROM crm_lead_match_queue WHERE NOT recheck")
        return {lead_id for (lead_id,) in self.env.cr.fetchall()}

    def test_many_leads_are_compared_in_the_background_and_none_by_the_upgrade(self):
        self.env.cr.execute("DELETE FROM crm_lead_match_queue")
        with (
            patch.object(crm_lead_duplicate_install, "AT_ONCE", 1),
            patch.object(type(self.env["crm.lead.match"]), "_store", side_effect=AssertionError),
        ):
            self.env["crm.lead.duplicate"]._scan_stale()
        scan = self.env["crm.lead.scan"]._running()
        self.assertGreaterEqual(scan.total, 2)
        self.assertEqual(scan.awaiting, scan.total)
        self.assertFalse(self.waiting(), "the queue leaves them to the scan")
        with self.enter_registry_test_mode():
            self.env.ref("openfire_leads.ir_cron_lead_scan").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(scan.state, "done")
        self.assertEqual(self.found(), self.leads[1].ids)

    def test_a_scan_of_the_former_version_gives_way_to_one_of_this(self):
        former = self.env["crm.lead.scan"]._start()
        with patch.object(crm_lead_duplicate_install, "AT_ONCE", 1):
            self.env["crm.lead.duplicate"]._scan_stale()
        self.assertEqual(former.state, "stopped")
        self.assertTrue(self.env["crm.lead.scan"]._running().awaiting)

    def test_few_leads_of_many_are_left_to_the_queue(self):
        self.env["crm.lead.duplicate"].scan()
        self.env.cr.execute("DELETE FROM crm_lead_match WHERE lead_id = %s", [self.leads[0].id])
        with patch.object(crm_lead_duplicate_install, "AT_ONCE", 1):
            self.env["crm.lead.duplicate"]._scan_stale()
        self.assertFalse(self.env["crm.lead.scan"]._running())
        self.assertEqual(self.waiting(), set(self.leads[0].ids))

    def test_many_leads_are_compared_anew_by_a_scan_and_few_by_the_queue(self):
        pairs, scans = self.env["crm.lead.duplicate"], self.env["crm.lead.scan"]
        pairs.scan()
        pairs._queue_all()
        self.assertFalse(scans._running())
        self.assertLessEqual(set(self.leads.ids), self.waiting())
        self.env["crm.lead.match.queue"]._clear()
        with patch.object(crm_lead_duplicate_install, "AT_ONCE", 1):
            pairs._queue_all()
            scan = scans._running()
            self.assertTrue(scan)
            pairs._queue_all()
            self.assertEqual(scans._running(), scan, "it has compared nothing yet")
            self.env.cr.execute("UPDATE crm_lead_scan_batch SET step = 7 WHERE step < 7")
            pairs._queue_all()
        self.assertEqual(scan.state, "stopped", "it compared some as they are not to be compared any more")
        self.assertFalse(self.waiting())

    def test_nothing_is_done_when_nothing_is_stale(self):
        self.env["crm.lead.duplicate"].scan()
        with patch.object(type(self.env["crm.lead.duplicate"]), "_refresh", side_effect=AssertionError):
            self.env["crm.lead.duplicate"]._scan_stale()

    def test_contacts_of_the_former_version_are_done_again(self):
        marks = self.env.execute_query(
            SQL("SELECT key FROM crm_partner_match_key WHERE partner_id = %s", self.partner.id)
        )
        self.assertIn((ENGINE_VERSION,), marks)
        self.env.cr.execute(
            "UPDATE crm_partner_match_key SET key = %s WHERE key = %s", [ENGINE_VERSION - 1, ENGINE_VERSION]
        )
        self.assertTrue(self.env["crm.partner.match.key"]._store_missing())
