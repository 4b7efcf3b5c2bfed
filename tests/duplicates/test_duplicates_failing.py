"""A lead on which the comparison fails: it is saved, it is told, and it holds up no other."""

from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.openfire_leads import matching

from .common_duplicates import DuplicatesCase

LOGGERS = (
    "odoo.addons.openfire_leads.models.scan.crm_lead_duplicate_install",
    "odoo.addons.openfire_leads.models.duplicates.crm_lead_duplicate_scan",
    "odoo.addons.openfire_leads.models.duplicates.crm_lead_find",
    "odoo.addons.openfire_leads.models.duplicates.crm_lead_similar_customers",
    "odoo.addons.openfire_leads.models.duplicates.match_queue_work",
    "odoo.addons.openfire_leads.models.duplicates.crm_lead_refresh",
    "odoo.addons.openfire_leads.models.duplicates.partner_match_key",
)


@tagged("post_install", "-at_install", "openfire_duplicates")
class TestFailingLeads(DuplicatesCase):
    def setUp(self):
        super().setUp()
        self.queue = self.env["crm.lead.match.queue"]
        self.env.cr.execute("DELETE FROM crm_lead_match_queue")
        self.profile = matching.profile
        self.startPatcher(patch.object(matching, "profile", self.read))
        self.error = None
        self.enterContext(mute_logger(*LOGGERS))

    def read(self, record, **kwargs):
        if self.error and "poison" in record.name + record.contact_name:
            raise self.error
        return self.profile(record, **kwargs)

    def work_off(self):
        with self.enter_registry_test_mode():
            self.env.ref("openfire_leads.ir_cron_match_queue").method_direct_trigger()
        self.env.invalidate_all()

    def in_queue(self):
        """Return three leads that await comparison; the second one cannot be compared."""
        leads = self._lead(), self._lead(self.stranger, name="poison"), self._lead()
        self.env.flush_all()
        self.Lead._match_flush()
        self.Pair.search([]).unlink()
        self.queue._clear()
        self.queue._append([lead.id for lead in leads])
        self.error = ValueError("unreadable \udcff\x00")
        return leads

    def test_a_scan_of_everything_compares_the_others_and_keeps_the_error_once(self):
        one, poison, two = self.in_queue()
        self.env.cr.execute("DELETE FROM crm_lead_match")
        for _turn in range(2):
            self.Pair.scan()
            self.assertTrue(self._pair(one, two))
            self.assertEqual(list(self.queue._failed()), [poison.id])
            self.env.cr.execute("SELECT count(*) FROM crm_lead_match_queue")
            self.assertEqual(self.env.cr.fetchone(), (1,))

    def test_a_scan_leaves_pairs_of_leads_without_a_profile_alone(self):
        one, two = self._lead(), self._lead()
        pair = self._pair(one, two)
        later = self._lead(self.stranger)
        self.env.cr.execute("UPDATE crm_lead_match SET engine = -1 WHERE lead_id = %s", [one.id])
        with patch.object(type(self.env["crm.lead.match"]), "_stale_lead_ids", lambda model: []):
            self.Pair.scan()
        self.assertTrue(pair.exists())
        self.assertFalse(self.Pair.search([("lead_id", "in", [two.id, later.id])]))

    def test_the_others_are_compared_all_the_same(self):
        one, poison, two = self.in_queue()
        self.work_off()
        self.assertTrue(self._pair(one, two))
        self.assertEqual(list(self.queue._failed()), [poison.id])
        self.assertIn("unreadable", self.queue._failed()[poison.id])

    def test_it_is_tried_again_later_and_later(self):
        _one, poison, _two = self.in_queue()
        waits = []
        for _turn in range(3):
            self.work_off()
            self.work_off()
            self.env.cr.execute(
                "SELECT failures, not_before - now() AT TIME ZONE 'UTC' FROM crm_lead_match_queue WHERE lead_id = %s",
                [poison.id],
            )
            ((failures, wait),) = self.env.cr.fetchall()
            waits.append((failures, round(wait.total_seconds() / 60)))
            self.env.cr.execute("UPDATE crm_lead_match_queue SET not_before = NULL")
        self.assertEqual(waits, [(1, 10), (2, 20), (3, 40)])

    def test_it_is_compared_as_soon_as_it_can_be(self):
        one, poison, _two = self.in_queue()
        self.work_off()
        self.error = None
        poison.write({key: self.person[key] for key in ("contact_name", "email_from", "phone")})
        self.assertTrue(self._pair(one, poison))
        self.work_off()
        self.assertFalse(self.queue._failed())

    def test_a_lead_that_cannot_be_compared_is_saved_and_shown(self):
        twin = self._lead()
        self.error = ValueError("unreadable")
        form = Form(self.Lead)
        form.name = "poison"
        form.phone = twin.phone
        lead = form.save()
        self.Lead._match_flush()
        self.assertEqual(list(self.queue._failed()), [lead.id])
        self.env.invalidate_all()
        self.assertEqual(Form(lead).name, "poison")
        self.assertEqual(lead.duplicate_lead_count, 0)
        self.error = None
        self.work_off()
        self.assertFalse(self.queue._failed())

    def test_a_lead_that_others_keep_changing_is_no_failure(self):
        one, busy, two = self.in_queue()
        self.error = SerializationFailure()
        self.work_off()
        self.assertTrue(self._pair(one, two))
        self.assertFalse(self.queue._failed())
        self.assertTrue(self.env.execute_query(self.queue._awaiting_sql(busy.ids)))

    def test_a_scan_of_all_leads_leaves_it_to_the_queue(self):
        one, poison, two = self.in_queue()
        self.work_off()
        self.Pair.search([]).unlink()
        self.Pair.scan()
        self.assertTrue(self._pair(one, two))
        self.assertEqual(list(self.queue._failed()), [poison.id])

    def test_the_addon_is_upgraded_all_the_same(self):
        one, poison, two = self.in_queue()
        self.Pair._scan_stale()
        self.work_off()
        self.assertTrue(self._pair(one, two))
        self.assertEqual(list(self.queue._failed()), [poison.id])

    def test_an_upgrade_tries_again_at_once(self):
        one, poison, _two = self.in_queue()
        self.work_off()
        self.error = None
        poison.write({key: self.person[key] for key in ("contact_name", "email_from", "phone")})
        self.env.cr.execute("DELETE FROM crm_lead_match_queue WHERE error IS NULL")
        self.Pair._scan_stale()
        self.work_off()
        self.assertFalse(self.queue._failed())
        self.assertTrue(self._pair(one, poison))

    def test_settings_tell_of_it(self):
        _one, poison, _two = self.in_queue()
        settings = self.env["res.config.settings"]
        self.assertEqual(Form(settings).lead_match_failed_count, 0)
        self.work_off()
        self.assertEqual(Form(settings).lead_match_failed_count, 1)
        action = settings.create({}).action_show_failed_leads()
        self.assertEqual(self.Lead.search(action["domain"]), poison)

    def test_it_is_converted_all_the_same(self):
        self.error = ValueError("unreadable")
        lead = self._lead(self.stranger, name="poison")
        window = self.env["crm.lead2opportunity.partner"].with_context(active_id=lead.id, active_ids=lead.ids)
        with Form(window) as form:
            self.assertFalse(form.similar_partners)
            form.name = "convert"
            form.action = "create"
        form.save().action_apply()
        self.assertEqual(lead.type, "opportunity")

    def test_a_contact_that_cannot_be_compared_holds_up_no_other(self):
        self.error = ValueError("unreadable")
        values = {"email": self.person["email_from"], "phone": self.person["phone"]}
        poison, good = self.env["res.partner"].create(
            [{"name": "poison", **values}, {"name": self.person["contact_name"], **values}]
        )
        found = [line["partner_id"] for line in self._lead()._find_similar_partners()]
        self.assertIn(good.id, found)
        self.assertNotIn(poison.id, found)
        keys = self.env["crm.partner.match.key"]
        keys._forget((poison | good).ids)
        with self.enter_registry_test_mode():
            self.env.ref("openfire_leads.ir_cron_partner_match").method_direct_trigger()
        self.assertIn(good.id, [line["partner_id"] for line in self._lead()._find_similar_partners()])
        self.assertFalse(keys._store_missing())
