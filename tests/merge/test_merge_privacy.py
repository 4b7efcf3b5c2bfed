"""A person's data in the journal: found and erased where people look for it, Odoo's *Privacy Lookup*."""

from unittest import SkipTest

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .merge_common import MergeCase


@tagged("post_install", "-at_install")
class TestMergePrivacy(MergeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "privacy.lookup.wizard" not in cls.env:
            raise SkipTest("the module privacy_lookup is not installed")
        cls.admin = new_test_user(cls.env, "merge_admin", groups="base.group_system")
        cls.leads = cls.make_leads(2)
        cls.leads[0].write({"contact_name": "Jean Petit", "email_from": "jean@example.com"})
        cls.leads[1].write(
            {
                "name": "Stove for Anna Roux",
                "contact_name": "Anna Roux",
                "email_from": "Anna <Anna.Roux@example.com>",
                "phone": "06 07 08 09 10",
                "city": "Lyon",
            }
        )
        cls.survivor = cls.leads.merge_opportunity()
        cls.merge = cls.env["crm.lead.merge"].search([], limit=1, order="id desc")
        cls.line = cls.merge.line_ids.filtered(lambda line: line.lead_res_id == cls.leads[1].id)

    def lookup(self, name, email):
        wizard = (
            self.env["privacy.lookup.wizard"].with_user(self.admin).create({"name": name, "email": email})
        )
        wizard.action_lookup()
        return wizard.line_ids.filtered(lambda found: found.res_model == "crm.lead.merge.line")

    def text_of_the_journal(self):
        """Return everything that the tables of the journal say."""
        self.env.flush_all()
        texts = []
        for table in ("crm_lead_merge", "crm_lead_merge_line", "crm_lead_merge_link"):
            self.env.cr.execute(f"SELECT string_agg(t::text, ' ') FROM {table} t")
            texts.append(self.env.cr.fetchone()[0] or "")
        return " ".join(texts)

    def test_an_erased_entry_says_so_where_its_lead_was_named(self):
        self.merge.line_ids.unlink()
        self.assertEqual(self.merge.survivor_name, "erased on request")
        self.assertFalse(self.merge.merged_names)

    def test_a_person_is_found_by_email_and_by_name(self):
        for name, email in (
            ("Somebody else", "anna.roux@example.com"),
            ("anna roux", "nobody@example.com"),
        ):
            with self.subTest(name=name, email=email):
                found = self.lookup(name, email)
                self.assertEqual(found.mapped("res_id"), self.line.ids)
                self.assertEqual(found.resource_ref, self.line, "the administrator can open it")
        self.assertFalse(self.lookup("Nobody", "nobody@example.com"))

    def test_a_person_known_as_a_customer_only_is_found(self):
        customer = self.env["res.partner"].create({"name": "Zoé Blanc", "email": "zoe@example.com"})
        leads = self.make_leads(2)
        leads[1].write({"partner_id": customer.id, "contact_name": False, "email_from": False})
        leads.merge_opportunity()
        lines = self.env["crm.lead.merge.line"].search([("lead_res_id", "=", leads[1].id)])
        self.assertEqual(self.lookup("Zoé Blanc", "other@example.com").mapped("res_id"), lines.ids)

    def test_a_person_erased_from_there_leaves_nothing_in_the_journal(self):
        self.survivor.city = "Paris"
        self.assertIn("Roux", self.text_of_the_journal())
        self.lookup("Anna Roux", "anna.roux@example.com").action_unlink()
        text = self.text_of_the_journal()
        for word in ("Roux", "06 07 08 09 10", "+33607080910"):
            self.assertNotIn(word, text)
        self.assertIn("jean@example.com", text, "of others, what they are found by stays")

    def test_what_the_undo_kept_is_erased_too(self):
        self.survivor.phone = "01 01 01 01 01"
        self.merge.action_undo()
        self.assertIn("01 01 01 01 01", self.text_of_the_journal())
        self.lookup("Anna Roux", "anna.roux@example.com").action_unlink()
        self.assertNotIn("01 01 01 01 01", self.text_of_the_journal())

    def test_the_lead_that_remains_is_not_found_by_erased_contacts(self):
        self.assertIn("roux", self.profile(self.survivor))
        self.lookup("Anna Roux", "anna.roux@example.com").action_unlink()
        self.assertNotIn("roux", self.profile(self.survivor))

    def profile(self, lead):
        """Return what the lead is compared by."""
        self.env["crm.lead"]._match_flush()
        self.env.cr.execute("SELECT profile::text FROM crm_lead_match WHERE lead_id = %s", (lead.id,))
        return self.env.cr.fetchone()[0].lower()

    def test_what_remains_says_that_it_cannot_be_undone(self):
        self.assertTrue(self.merge.with_user(self.manager).can_undo)
        self.lookup("Anna Roux", "anna.roux@example.com").action_unlink()
        merge = self.merge.with_user(self.manager)
        merge.invalidate_recordset()
        self.assertTrue(merge.is_erased)
        self.assertFalse(merge.can_undo)
        self.assertIn("Erased on request", merge.display_name)
        for undo in (merge.action_undo, merge.action_undo_or_ask):
            with self.assertRaisesRegex(UserError, "erased from the journal: it cannot be undone"):
                undo()
        self.assertEqual(self.survivor.city, "Lyon", "the lead that remains is as it was")

    def test_all_that_is_found_can_be_erased_at_once(self):
        wizard = (
            self.env["privacy.lookup.wizard"]
            .with_user(self.admin)
            .create({"name": "Jean Petit", "email": "jean@example.com"})
        )
        wizard.action_lookup()
        self.assertIn("crm.lead", wizard.line_ids.mapped("res_model"))
        wizard.line_ids.action_unlink_all()
        self.assertFalse(self.survivor.exists())
        self.assertNotIn("Petit", self.text_of_the_journal())

    def flush_tracking(self):
        """Have tracked values logged, as the end of the transaction does."""
        self.env.flush_all()
        self.env.cr.flush()

    def erase(self, line=None):
        (line or self.line).with_user(self.admin).unlink()
        self.env.invalidate_all()

    def chatter(self, lead):
        """Return everything that the chatter of a lead says, tracked values included."""
        self.flush_tracking()
        self.env.cr.execute(
            """SELECT string_agg(concat_ws(' ', m.subject, m.body, v.old_value_char, v.new_value_char), ' ')
                 FROM mail_message m LEFT JOIN mail_tracking_value v ON v.mail_message_id = m.id
                WHERE m.model = 'crm.lead' AND m.res_id = %s""",
            (lead.id,),
        )
        return self.env.cr.fetchone()[0]

    def assert_erased(self, lead):
        text = self.chatter(lead)
        for word in ("Roux", "06 07 08 09 10"):
            self.assertNotIn(word, text)
        self.assertIn("erased on request", text)

    def test_the_note_of_the_merge_is_erased(self):
        self.assertIn("Anna.Roux@example.com", self.chatter(self.survivor))
        self.erase()
        self.assert_erased(self.survivor)

    def test_the_note_is_erased_where_a_later_merge_took_it(self):
        older = self.make_leads(1)
        last = (
            (older + self.survivor).with_context(openfire_merge={"survivor_id": older.id}).merge_opportunity()
        )
        self.assertIn("Roux", self.chatter(last))
        self.erase()
        self.assertNotIn("Anna.Roux", self.chatter(last))

    def test_the_notes_are_erased_after_an_undo(self):
        self.merge.action_undo()
        self.assertIn("Roux", self.chatter(self.survivor))
        self.erase()
        self.assert_erased(self.survivor)

    def test_what_a_customer_replaced_is_erased_from_the_note(self):
        lead = self.make_leads(1, contact_name="Anna Roux", email_from="Anna.Roux@example.com")
        lead.partner_id = self.env["res.partner"].create({"name": "Firm", "email": "firm@example.com"})
        self.assertIn("Anna.Roux", self.chatter(lead))
        self.erase(self.env["crm.lead.merge.line"].search([("lead_res_id", "=", lead.id)]))
        self.assert_erased(lead)

    def test_tracked_values_are_erased_and_what_people_wrote_is_not(self):
        leads = self.make_leads(2).with_context(tracking_disable=False, mail_notrack=False)
        self.flush_tracking()
        leads[1].write({"email_from": "Anna.Roux@example.com"})
        leads[0].message_post(body="She called")
        leads.merge_opportunity()
        self.flush_tracking()
        self.assertIn("Anna.Roux", self.chatter(leads[0]))
        self.erase(self.env["crm.lead.merge.line"].search([("lead_res_id", "=", leads[1].id)]))
        self.assert_erased(leads[0])
        self.assertIn("She called", self.chatter(leads[0]))

    def test_messages_do_not_keep_the_name_of_the_erased_lead(self):
        leads = self.make_leads(2)
        leads[1].name = "Stove for Anna Roux"
        leads[1].message_post(body="Hello", subject="Quotation")
        file = self.env["ir.attachment"].create(
            {"name": "plan.txt", "raw": b"x", "res_model": "crm.lead", "res_id": leads[1].id}
        )
        leads.merge_opportunity()
        self.assertIn("Stove", file.name)
        self.erase(self.env["crm.lead.merge.line"].search([("lead_res_id", "=", leads[1].id)]))
        self.assertNotIn("Stove", self.chatter(leads[0]))
        self.assertIn("Quotation", self.chatter(leads[0]))
        self.assertEqual(file.name, "plan.txt")

    def test_notes_of_other_merges_stay(self):
        others = self.make_leads(2)
        others[1].email_from = "other@example.com"
        (others + self.survivor).with_context(
            openfire_merge={"survivor_id": self.survivor.id}
        ).merge_opportunity()
        self.erase()
        self.assertIn("other@example.com", self.chatter(self.survivor))
