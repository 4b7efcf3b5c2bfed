"""A new version of the engine: what was stored by the former one is made anew."""

from unittest.mock import patch

from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

from odoo.addons.openfire_leads.matching import ENGINE_VERSION
from odoo.addons.openfire_leads.models.duplicates import crm_lead_duplicate_install


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

    def test_many_leads_are_left_to_the_queue(self):
        with patch.object(crm_lead_duplicate_install, "SCAN_AT_INSTALL", 1):
            self.env["crm.lead.duplicate"]._scan_stale()
        waiting = {
            row[0]
            for row in self.env.execute_query(self.env["crm.lead.match.queue"]._awaiting_sql(self.leads.ids))
        }
        self.assertEqual(waiting, set(self.leads.ids))

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
