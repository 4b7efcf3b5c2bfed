"""What is remembered of leads and contacts until the commit, when the transaction goes back to a savepoint."""

from contextlib import closing, suppress

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from ..merge.merge_common import CommittedCase
from .common_duplicates import DuplicatesCase

PERSON = {
    "contact_name": "Théodule Vandenbroucke",
    "email_from": "theodule.v@orange.fr",
    "phone": "0639981234",
}
CONTACT = {"name": "Théodule Vandenbroucke", "email": "theodule.v@orange.fr", "phone": "0639981234"}


@tagged("post_install", "-at_install", "openfire_duplicates")
class TestSavepoints(DuplicatesCase):
    def setUp(self):
        super().setUp()
        self.known = self._lead(PERSON, name="Poêle")
        self.commit()

    def commit(self):
        """Do what a commit does before it commits."""
        self.env.flush_all()
        self.env.cr.flush()

    def rolled_back(self, act, flush=False):
        """Act within a savepoint that is rolled back; with ``flush``, what is pending is written within it."""
        with closing(self.env.cr.savepoint(flush=False)):
            result = act()
            if flush:
                self.env.flush_all()
        return result

    def stored(self, table, column, ids):
        return self.env.execute_query(
            SQL(
                "SELECT 1 FROM %s WHERE %s = ANY(%s)",
                SQL.identifier(table),
                SQL.identifier(column),
                list(ids),
            )
        )

    def test_leads_and_contacts_of_a_rolled_back_savepoint_leave_nothing(self):
        for flush in (False, True):
            with self.subTest(flush=flush):
                lead, contact = self.rolled_back(
                    lambda: (self._lead(PERSON, name="Poêle"), self.env["res.partner"].create(CONTACT)), flush
                )
                self.commit()
                self.assertFalse(self.stored("crm_lead_match", "lead_id", lead.ids))
                self.assertFalse(self.stored("crm_lead_match_queue", "lead_id", lead.ids))
                self.assertFalse(self.stored("crm_partner_match_key", "partner_id", contact.ids))
                self.env.invalidate_all()
                self.assertFalse(self.known.duplicate_lead_ids - self.known)

    def test_many_leads_of_a_rolled_back_savepoint_leave_nothing(self):
        leads = self.rolled_back(lambda: self.Lead.create([{**PERSON, "name": f"N° {n}"} for n in range(60)]))
        contacts = self.rolled_back(lambda: self.env["res.partner"].create([CONTACT] * 60))
        self.commit()
        self.assertFalse(self.stored("crm_lead_match_queue", "lead_id", leads.ids))
        self.assertFalse(self.stored("crm_partner_match_key", "partner_id", contacts.ids))

    def test_what_stands_beside_a_rolled_back_savepoint_is_dealt_with(self):
        before = self._lead(PERSON, name="Poêle")
        self.rolled_back(lambda: self._lead(PERSON, name="Poêle"), flush=True)
        with self.env.cr.savepoint(flush=False):
            inside = self._lead(PERSON, name="Poêle")
            with suppress(UserError), self.env.cr.savepoint(flush=False):
                self._lead(PERSON, name="Poêle").flush_recordset()
                raise UserError("no")
        after = self._lead(PERSON, name="Poêle")
        self.commit()
        self.env.invalidate_all()
        self.assertEqual(self.known.duplicate_lead_ids - self.known, before + inside + after)

    def test_nested_savepoints_that_write_pending_values(self):
        with suppress(UserError), self.env.cr.savepoint():
            self._lead(PERSON, name="Poêle")
            with self.env.cr.savepoint():
                self._lead(PERSON, name="Poêle")
            raise UserError("no")
        kept = self._lead(PERSON, name="Poêle")
        self.commit()
        self.assertEqual(self.known.duplicate_lead_ids - self.known, kept)

    def test_leads_deleted_by_sql_leave_nothing(self):
        lead, contact = self._lead(PERSON, name="Poêle"), self.env["res.partner"].create(CONTACT)
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM crm_lead WHERE id = %s", [lead.id])
        self.env.cr.execute("DELETE FROM res_partner WHERE id = %s", [contact.id])
        self.commit()
        self.assertFalse(self.stored("crm_lead_match", "lead_id", lead.ids))
        self.assertFalse(self.stored("crm_partner_match_key", "partner_id", contact.ids))

    def test_a_value_of_a_rolled_back_savepoint_is_not_compared(self):
        other = self._lead(self.stranger)
        self.commit()

        def become_the_same():
            other.write({**PERSON, "name": "Poêle", "street": False, "zip": False, "city": False})

        self.rolled_back(become_the_same, flush=True)
        self.commit()
        self.env.invalidate_all()
        self.assertEqual(other.contact_name, self.stranger["contact_name"])
        self.assertFalse(self._pair(self.known, other))
        twin = self._lead(self.stranger)
        self.assertIn(other.id, self._found(twin))

    def test_a_contact_whose_firm_is_rolled_back_is_still_found(self):
        contact = self.env["res.partner"].create(CONTACT)
        self.commit()

        def join():
            contact.parent_id = self.env["res.partner"].create({"name": "Fumisterie", "is_company": True})

        self.rolled_back(join, flush=True)
        contact.name = "Théodule Vandenbroucke fils"
        self.commit()
        self.env.invalidate_all()
        self.assertIn(contact.id, [line["partner_id"] for line in self.known._find_similar_partners()])

    def test_reading_pairs_within_a_rolled_back_savepoint(self):
        def read():
            return self._lead(PERSON, name="Poêle").duplicate_lead_count

        self.assertEqual(self.rolled_back(read), 1)
        kept = self._lead(PERSON, name="Poêle")
        self.commit()
        self.env.invalidate_all()
        self.assertEqual(self.known.duplicate_lead_ids - self.known, kept)


@tagged("post_install", "-at_install", "openfire_duplicates")
class TestCommitBesideOthers(CommittedCase):
    def make(self, env):
        self.known_id = env["crm.lead"].create({**PERSON, "name": "Poêle"}).id
        self.made = []

    def remove(self, env):
        env["crm.lead"].browse([self.known_id, *self.made]).exists().unlink()

    def create(self, cr):
        lead = self.environment(cr)["crm.lead"].create({**PERSON, "name": "Poêle"})
        self.made.append(lead.id)
        return lead

    def test_a_similar_lead_deleted_meanwhile_fails_no_save(self):
        with self.registry.cursor() as saver, self.registry.cursor() as other:
            saver.execute("SELECT 1 FROM crm_lead LIMIT 1")  # from now on it sees the other one
            self.environment(other)["crm.lead"].browse(self.known_id).unlink()
            other.commit()
            lead = self.create(saver)
            saver.commit()
            self.assertTrue(lead.exists())
            self.environment(saver)["crm.lead.match.queue"]._work_off()
            self.assertFalse(lead.duplicate_lead_ids - lead)

    def test_a_similar_lead_merged_away_meanwhile_fails_no_save(self):
        with self.registry.cursor() as other:
            twin = self.create(other)
        with self.registry.cursor() as saver, self.registry.cursor() as other:
            saver.execute("SELECT 1 FROM crm_lead LIMIT 1")
            leads = self.environment(other)["crm.lead"].browse([self.known_id, twin.id])
            leads.merge_opportunity()
            other.commit()
            lead = self.create(saver)
            saver.commit()
            self.assertTrue(lead.exists())
            while self.environment(saver)["crm.lead.match.queue"]._work_off():
                pass
            saver.commit()
            self.assertEqual((lead.duplicate_lead_ids - lead).ids, [self.known_id])

    def test_a_commit_after_a_rolled_back_savepoint_keeps_the_rest(self):
        with self.registry.cursor() as cr:
            env = self.environment(cr)
            with closing(cr.savepoint(flush=False)):
                env["res.partner"].create(CONTACT)
                env["crm.lead"].create({**PERSON, "name": "Poêle"})
            lead = self.create(cr)
        with self.registry.cursor() as cr:
            found = self.environment(cr)["crm.lead"].browse(lead.id)
            self.assertEqual((found.duplicate_lead_ids - found).ids, [self.known_id])
