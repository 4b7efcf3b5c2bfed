"""What is found while leads wait for their first comparison."""

from unittest.mock import patch

from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.openfire_leads import matching
from odoo.addons.openfire_leads.tests.duplicates.common_duplicates import DuplicatesCase

from .scan_common import ScanCase

BEHIND = "odoo.addons.openfire_leads.models.duplicates.match_behind"


def forget(env, leads):
    """Forget that these leads were ever looked at, as after an installation."""
    env.flush_all()
    env["crm.lead"]._match_flush()
    for table in ("crm_lead_match", "crm_lead_match_key", "crm_lead_match_queue", "crm_lead_duplicate"):
        env.cr.execute(f"DELETE FROM {table} WHERE lead_id = ANY(%s)", [leads.ids])


@tagged("post_install", "-at_install", "openfire_scan")
class TestScanBacklog(DuplicatesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.lead.scan"].search([]).unlink()
        cls.old = cls._lead(phone="06 12 34 56 78")
        forget(cls.env, cls.old)
        cls.env["crm.lead.scan"]._start_anew()

    def saved(self, **values):
        lead = self._lead(**values)
        self.env.flush_all()
        self.Lead._match_flush()
        return lead

    def test_a_lead_saved_meanwhile_is_paired_with_one_of_its_address_at_once(self):
        lead = self.saved(email_from="Theodule.Vandenbroucke@Orange.FR", phone=False)
        self.assertTrue(self._pair(self.old, lead))
        self.assertEqual(self._found(lead), self.old.ids)

    def test_a_lead_saved_meanwhile_is_paired_with_one_of_its_phone_at_once(self):
        lead = self.saved(email_from=False, phone="+33612345678")
        self.assertTrue(self._pair(self.old, lead))

    def test_a_lead_edited_meanwhile_is_paired_at_once(self):
        lead = self.saved(**self.stranger)
        self.assertFalse(self._found(lead))
        lead.write(
            {name: self.person[name] for name in ("contact_name", "email_from", "street", "zip", "city")}
        )
        self.assertEqual(self._found(lead), self.old.ids)

    def test_what_was_found_so_has_profile_and_keys_and_makes_a_group(self):
        lead = self.saved()
        self.assertTrue(self.env["crm.lead.match"]._stored_profile(self.old.id))
        groups = self.env["crm.lead.duplicate.group"]
        groups._bring_up_to_date()
        self.assertEqual(groups.search([("lead_ids", "in", lead.ids)]).lead_ids, self.old + lead)

    def test_a_form_being_filled_in_finds_it(self):
        with Form(self.Lead.with_user(self.seller).with_context(default_type="lead")) as form:
            form.name = "Poêle"
            form.contact_name = self.person["contact_name"]
            form.email_from = self.person["email_from"]
            self.assertEqual(form.duplicate_lead_count, 1)
            form.email_from = "somebody.else@example.org"

    def test_it_scores_as_it_does_once_all_are_compared(self):
        lead = self.saved(email_from=False, street=False)
        score = self._pair(self.old, lead).score
        self.Pair.scan(lead.ids)
        self.assertAlmostEqual(self._pair(self.old, lead).score, score, 4)

    def test_one_that_is_asked_about_is_compared_on_the_spot(self):
        other = self.saved(**self.stranger)
        forget(self.env, other)
        self.saved(**{**self.stranger, "name": "Twin"})
        self.Pair.search([]).unlink()
        self.assertEqual(len(self._found(other)), 1)

    def test_who_shares_neither_is_left_to_the_scan(self):
        lead = self.saved(email_from="t.vandenbroucke@firme.example", phone=False)
        self.assertFalse(self._found(lead))
        with self.enter_registry_test_mode():
            self.env.ref("openfire_leads.ir_cron_lead_scan").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self._found(lead), self.old.ids)

    def test_one_that_cannot_be_compared_holds_nobody_up(self):
        profile = matching.profile

        def fail(record, **kwargs):
            if record.id == self.old.id:
                raise ValueError("unreadable")
            return profile(record, **kwargs)

        with patch.object(matching, "profile", fail), mute_logger(BEHIND):
            lead = self.saved()
        self.assertFalse(self._pair(self.old, lead))
        self.assertTrue(self.env["crm.lead.match"]._stored_profile(lead.id))

    def queries(self, name):
        lead = self._lead({"name": name[::-1], "contact_name": name, "email_from": f"{name[:4]}@example.com"})
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self.Lead._match_flush()
        self.assertTrue(lead)
        return self.env.cr.sql_log_count - before

    def test_it_takes_no_query_more_where_there_is_nobody(self):
        self.queries("Xavier Brzt")
        self.assertEqual(self.queries("Zoé Wyzgrt"), 1)

    def test_nobody_is_looked_for_once_nothing_waits(self):
        self.env["crm.lead.scan"]._running()._close("stopped")
        self.env.cr.execute("DELETE FROM crm_lead_match_queue")
        lead = self.saved()
        self.assertFalse(self._pair(self.old, lead))

    def test_leads_that_wait_in_the_queue_without_a_profile_are_found(self):
        self.env["crm.lead.scan"]._running()._close("stopped")
        self.env["crm.lead.match.queue"]._append(self.old.ids)
        lead = self.saved()
        self.assertTrue(self._pair(self.old, lead))


@tagged("post_install", "-at_install", "openfire_scan")
class TestScanBacklogAtOnce(ScanCase):
    def test_a_save_does_not_wait_for_who_is_just_storing_the_other_lead(self):
        self.act(lambda env: forget(env, env["crm.lead"].browse(self.ids)))
        self.act(lambda env: env["crm.lead.scan"]._start_anew())
        twin = {"name": "New", "contact_name": "Solange Etchegoyen", "email_from": "sol.etchegoyen@free.fr"}
        with self.registry.cursor() as storing:
            env = self.environment(storing)
            env["crm.lead.match"]._store(env["crm.lead"].browse(self.ids))
            made = self.act(lambda env: env["crm.lead"].create(twin).id)
            self.ids.append(made)
            self.assertTrue([pair for pair in self.found()[0] if made in pair])
        self.work()
        self.assertTrue([pair for pair in self.found()[0] if made in pair])
