"""What is found while leads wait for their first comparison."""

from unittest.mock import patch

from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.openfire_leads import matching

from .scan_common import NoScanCase, ScanCase

BEHIND = "odoo.addons.openfire_leads.models.duplicates.match_behind"


def forget(env, leads):
    """Forget that these leads were ever looked at, as after an installation."""
    env.flush_all()
    env["crm.lead"]._match_flush()
    for table in ("crm_lead_match", "crm_lead_match_queue", "crm_lead_duplicate"):
        env.cr.execute(f"DELETE FROM {table} WHERE lead_id = ANY(%s)", [leads.ids])


@tagged("post_install", "-at_install", "openfire_scan")
class TestScanBacklog(NoScanCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
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
class TestScanBacklogTold(NoScanCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.cr.execute("DELETE FROM crm_lead_match_queue")
        cls.env.cr.execute("DELETE FROM ir_cron_progress")
        cls.env["res.lang"]._activate_lang("fr_FR")

    def told(self, **context):
        return self.Pair.with_user(self.seller).with_context(**context).backlog()

    def scan(self, awaiting, total=1000, *, step=4, seconds=0):
        """Have a scan half of whose leads are through all of it but the rest, which is at ``step``."""
        scan = self.Scan._start_anew()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead_scan SET total = %s, awaiting = %s WHERE id = %s", [total, awaiting, scan.id]
        )
        self.env.cr.execute(
            "DELETE FROM crm_lead_scan_batch WHERE step < %s OR scan_id != %s", [step, scan.id]
        )
        for own_step in (100, step):
            self.env.cr.execute(
                """
                INSERT INTO crm_lead_scan_batch (scan_id, begun, step, leads, seconds, worker, changed_on)
                VALUES (%s, 4, %s, %s, %s, 1, now() AT TIME ZONE 'UTC')
                """,
                [scan.id, own_step, total // 2, seconds if own_step == 100 else 0],
            )
        return scan

    def test_nothing_is_said_where_nothing_waits(self):
        nothing = {
            "waiting": 0,
            "seconds_left": False,
            "message": False,
            "on_forms": True,
            "stopped": False,
            "stopped_action": False,
        }
        self.assertEqual(self.told(), nothing)
        self.scan(awaiting=0)
        self.assertEqual(self.told(), nothing, "a scan of what is compared already leaves nobody waiting")

    def test_leads_that_only_a_scan_compares_are_told_with_the_time_by_its_last_parts(self):
        self.scan(awaiting=36_400, total=40_000, seconds=300)
        self.assertEqual(
            self.told(),
            {"waiting": 18_200, "seconds_left": 300, "on_forms": True, "stopped": False, "stopped_action": False,
             "message": "18,200 leads still to compare, about 5 minutes"},
        )  # fmt: skip

    def test_no_time_is_told_where_nothing_is_known(self):
        self.scan(awaiting=800)
        self.assertEqual(self.told()["message"], "400 leads still to compare")

    def test_what_comes_after_the_comparison_is_told(self):
        self.scan(awaiting=800, step=9)
        self.assertEqual(
            self.told(), {**self.told(), "waiting": 0, "message": "Similar leads are being grouped"}
        )

    def test_all_wait_until_it_is_known_which(self):
        scan = self.Scan._start_anew()
        self.assertEqual(self.told()["waiting"], scan.total)

    def test_a_scan_that_takes_over_from_one_that_was_stopped_has_all_waiting(self):
        self.scan(awaiting=800).action_stop()
        self._lead()
        self.env["crm.lead"]._match_flush()
        scan = self.Scan._start()
        with self.enter_registry_test_mode():
            self.env["crm.lead.scan"]._step_plan(scan, self.env["crm.lead.scan.batch"]._claim())
        self.assertEqual(scan.awaiting, scan.total)

    def queue(self, leads, *, turn=None):
        self.env["crm.lead.match.queue"]._append(leads.ids)
        if turn:
            done, seconds = turn
            cron = self.env.ref("openfire_leads.ir_cron_match_queue")
            self.env.cr.execute(
                """
                INSERT INTO ir_cron_progress (cron_id, done, remaining, create_date, write_date)
                VALUES (%s, %s, 0, now() - %s * interval '1 second', now())
                """,
                [cron.id, done, seconds],
            )

    def test_the_queue_is_told_with_the_time_by_its_last_turns(self):
        leads = self._lead() + self._lead() + self._lead()
        self.env.flush_all()
        self.Lead._match_flush()
        self.env.cr.execute("DELETE FROM crm_lead_match_queue")
        self.queue(leads, turn=(1500, 100_000))
        told = self.told()
        self.assertEqual((told["waiting"], told["seconds_left"]), (3, 300))
        self.assertEqual(told["message"], "3 leads still to compare, about 5 minutes")

    def test_a_queue_of_many_is_estimated(self):
        leads = self._lead()
        self.env.flush_all()
        self.env.cr.execute(
            "INSERT INTO crm_lead_match_queue (lead_id, recheck) SELECT %s, false FROM generate_series(1, 60000)",
            [leads.id],
        )
        with patch("odoo.addons.openfire_leads.models.duplicates.crm_lead_duplicate_backlog.SHARE", 2):
            waiting = self.told()["waiting"]
        self.assertTrue(30_000 < waiting < 90_000, waiting)

    def test_one_is_one_and_a_page_of_groups_has_the_same_number(self):
        lead = self._lead()
        self.Lead._match_flush()
        self.env.cr.execute("DELETE FROM crm_lead_match_queue")
        self.queue(lead)
        self.assertEqual(self.told()["message"], "1 lead still to compare")
        page = self.env["crm.lead.duplicate.group"].with_user(self.seller).review_page()
        self.assertEqual(page["waiting"], 1)


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
