"""Several people, and the scheduled action, at the same time."""

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, get_db_name, tagged


@tagged("post_install", "-at_install", "openfire_duplicates")
class TestSeveralAtOnce(BaseCase):
    """Real transactions: what is created here is deleted at the end."""

    def setUp(self):
        super().setUp()
        Registry(get_db_name())
        self.connection = db_connect(get_db_name())
        with self.connection.cursor() as cr:
            leads = self._env(cr)["crm.lead"].create(
                [
                    {"name": "A", "contact_name": "Théodule Vandenbroucke", "email_from": "t.v@exemple.fr"},
                    {"name": "B", "contact_name": "Théodule Vandenbroucke", "email_from": "t.v@exemple.fr"},
                ]
            )
            self.one_id, self.two_id = leads.ids
        self.addCleanup(self._delete)

    def _env(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})

    def _delete(self):
        with self.connection.cursor() as cr:
            self._env(cr)["crm.lead"].browse([self.one_id, self.two_id]).exists().unlink()

    def _pairs(self):
        with self.connection.cursor() as cr:
            cr.execute("SELECT state FROM crm_lead_duplicate WHERE lead_id = %s", [self.one_id])
            return [state for (state,) in cr.fetchall()]

    def _move_away(self, cr):
        self._env(cr)["crm.lead"].browse(self.two_id).write(
            {"contact_name": "Solange Etchegoyen", "email_from": "sol@exemple.org"}
        )

    def test_pairs_are_there_after_the_commit(self):
        self.assertEqual(self._pairs(), ["suspected"])

    def test_a_scan_does_not_write_what_has_changed_meanwhile(self):
        with self.connection.cursor() as scanning:
            env = self._env(scanning)
            env["crm.lead"].browse(self.two_id).read(["name"])  # its transaction sees the values of now
            with self.connection.cursor() as saving:
                self._move_away(saving)
            self.assertEqual(self._pairs(), [])
            with self.assertRaises(SerializationFailure):
                env["crm.lead.duplicate"].scan([self.one_id])
            scanning.rollback()
            env.invalidate_all()
            env["crm.lead.duplicate"].scan([self.one_id])
        self.assertEqual(self._pairs(), [])

    def test_the_queue_starts_again_when_a_lead_changes_meanwhile(self):
        with self.connection.cursor() as cr:
            self._env(cr)["crm.lead.match.queue"]._append([self.one_id])
        with self.connection.cursor() as working:
            env = self._env(working)
            queue, interrupted = env["crm.lead.match.queue"], []
            work_off = type(queue)._work_off

            def interrupt_once(self_, *args, **kwargs):
                if not interrupted:
                    interrupted.append(True)
                    with self.connection.cursor() as saving:
                        self._move_away(saving)
                return work_off(self_, *args, **kwargs)

            self.patch(type(queue), "_work_off", interrupt_once)
            queue._cron_work_off()
        self.assertEqual(self._pairs(), [])

    def test_twins_saved_at_the_same_instant_find_each_other_by_the_queue(self):
        twin = {"name": "C", "contact_name": "Aldebert Quemener", "email_from": "aldebert@exemple.fr"}
        with self.connection.cursor() as first, self.connection.cursor() as second:
            second.execute(
                "SELECT 1 FROM crm_lead LIMIT 1"
            )  # its snapshot comes before the first one's commit
            one = self._env(first)["crm.lead"].create(twin).id
            first.commit()
            two = self._env(second)["crm.lead"].create(twin).id
        self.addCleanup(self._delete_leads, [one, two])
        with self.connection.cursor() as cr:
            self._env(cr)["crm.lead.match.queue"]._cron_work_off()
        with self.connection.cursor() as cr:
            cr.execute(
                "SELECT count(*) FROM crm_lead_duplicate WHERE (lead_id, other_lead_id) = (%s, %s)",
                [one, two],
            )
            self.assertEqual(cr.fetchone(), (1,))

    def _delete_leads(self, lead_ids):
        with self.connection.cursor() as cr:
            self._env(cr)["crm.lead"].browse(lead_ids).exists().unlink()
