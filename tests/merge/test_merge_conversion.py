from ast import literal_eval

from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tests import tagged

from odoo.addons.openfire_leads.models.merge.crm_lead_merge_journal import LISTED

from .merge_common import MergeCase


@tagged("post_install", "-at_install")
class TestConversionUndo(MergeCase):
    def convert(self, lead, user=None, **values):
        return (
            self.env["crm.lead2opportunity.partner"]
            .with_user(user or self.env.user)
            .with_context(active_model="crm.lead", active_id=lead.id, active_ids=lead.ids)
            .create({"name": "convert", "lead_id": lead.id, **values})
            .action_apply()
        )

    def last(self):
        return self.env["crm.lead.merge"].search([], limit=1, order="id desc")

    def test_undo_takes_back_customer_salesperson_team_and_type(self):
        lead = self.make_leads(
            1, contact_name="Anna Roux", email_from="anna@example.com", partner_name="Roux SARL"
        )
        team = self.env["crm.team"].create({"name": "Other", "member_ids": [(4, self.colleague.id)]})
        before = self.dump()
        self.convert(lead, self.salesman, action="create", user_id=self.colleague.id, team_id=team.id)
        self.assertEqual((lead.type, lead.user_id, lead.team_id), ("opportunity", self.colleague, team))
        customer = lead.partner_id
        self.assertTrue(customer)
        journal = self.last()
        self.assertEqual(
            (journal.kind, journal.user_id, journal.survivor_id), ("conversion", self.salesman, lead)
        )
        journal.action_undo()
        self.assertFalse(customer.exists())
        self.assertEqual((lead.type, lead.user_id, lead.partner_id.id), ("lead", self.salesman, False))
        after = self.dump()
        wizards = {
            table for table in after if table.startswith(("crm_lead2opportunity", "crm_lead_crm_lead2"))
        }
        self.assert_same_dump(
            before,
            after,
            # the colleague was told of the assignment by mail
            additions=(
                *("mail_message", "mail_tracking_value", "mail_notification", "mail_mail"),
                *("mail_message_res_partner_rel", "mail_mail_res_partner_rel"),
                *wizards,
            ),
        )

    def test_a_customer_whom_others_need_stays(self):
        lead = self.make_leads(1, contact_name="Anna Roux")
        self.convert(lead, action="create")
        customer = lead.partner_id
        other = self.make_leads(1, partner_id=customer.id)
        self.last().action_undo()
        self.assertEqual((lead.type, lead.partner_id.id, other.partner_id), ("lead", False, customer))
        self.assertIn("“Anna Roux” stays, because of: Lead", lead.message_ids[0].body)

    def test_won_opportunity_is_not_made_a_lead_again(self):
        lead = self.make_leads(1)
        self.convert(lead, action="nothing")
        lead.action_set_won()
        with self.assertRaisesRegex(UserError, "is won"):
            self.last().action_undo()

    def test_existing_customer_is_left_alone(self):
        partner = self.env["res.partner"].create({"name": "Known"})
        lead = self.make_leads(1)
        self.convert(lead, action="exist", partner_id=partner.id)
        self.last().action_undo()
        self.assertTrue(partner.exists())
        self.assertFalse(lead.partner_id)

    def test_mass_conversion_journals_each_lead(self):
        leads = self.make_leads(3)
        wizard = (
            self.env["crm.lead2opportunity.partner.mass"]
            .with_context(active_model="crm.lead", active_ids=leads.ids, active_id=leads[0].id)
            .create({"deduplicate": False, "user_ids": [(6, 0, self.salesman.ids)]})
        )
        wizard.action_mass_convert()
        journals = self.env["crm.lead.merge"].search([("survivor_id", "in", leads.ids)])
        self.assertEqual(len(journals), 3)
        journals.action_undo()
        self.assertEqual(set(leads.mapped("type")), {"lead"})

    def test_merge_in_the_conversion_window_is_undone_step_by_step(self):
        leads = self.make_leads(2, email_from="anna@example.com", contact_name="Anna")
        before = leads.read(["type", "user_id", "team_id", "active", "partner_id"])
        wizard = (
            self.env["crm.lead2opportunity.partner"]
            .with_context(active_model="crm.lead", active_id=leads[0].id, active_ids=leads[0].ids)
            .create({"name": "merge", "lead_id": leads[0].id, "duplicated_lead_ids": [(6, 0, leads.ids)]})
        )
        wizard.user_id = self.colleague
        wizard.action_apply()
        survivor = leads.exists()
        self.assertEqual((survivor.type, survivor.user_id), ("opportunity", self.colleague))
        conversion = self.last()
        self.assertEqual(conversion.kind, "conversion")
        conversion.action_undo()
        merge = self.env["crm.lead.merge"].search([("kind", "=", "merge")], limit=1, order="id desc")
        merge.action_undo()
        self.assertFalse([conflict for conflict in merge.conflicts or [] if conflict["type"] == "value"])
        self.assertEqual(leads.read(["type", "user_id", "team_id", "active", "partner_id"]), before)

    def test_a_customer_who_was_worked_on_stays_and_is_told(self):
        meeting = {"name": "Visit", "start": "2026-03-02 09:00:00", "stop": "2026-03-02 10:00:00"}
        for what, work in (
            ("Messages", lambda customer: customer.message_post(body="Called", message_type="comment")),
            ("Attachments", self.attach),
            ("Activities", lambda customer: customer.activity_schedule("mail.mail_activity_data_todo")),
            ("changed values", lambda customer: customer.write({"comment": "<p>Rings twice</p>"})),
            ("changed values", lambda customer: customer.write({"street": "3 rue Haute"})),
            (
                "Meetings",
                lambda customer: self.env["calendar.event"].create(
                    {**meeting, "partner_ids": [(6, 0, customer.ids)]}
                ),
            ),
        ):
            with self.subTest(what=what):
                lead = self.make_leads(1, contact_name="Anna Roux")
                self.convert(lead, action="create")
                customer = lead.partner_id
                work(customer)
                journal = self.last()
                self.assertTrue(journal.can_undo)
                journal.action_undo()
                self.assertTrue(customer.exists())
                self.assertEqual((lead.type, lead.partner_id.id), ("lead", False))
                self.assertEqual([one["partner_id"] for one in journal.conflicts], customer.ids)
                self.assertIn(what, lead.message_ids[0].body)

    def test_a_company_stays_with_the_contact_who_was_worked_on(self):
        lead = self.make_leads(1, contact_name="Anna Roux", partner_name="Roux SARL")
        self.convert(lead, action="create")
        contact, company = lead.partner_id, lead.partner_id.parent_id
        self.assertTrue(company)
        contact.function = "Owner"
        self.last().action_undo()
        self.assertEqual((contact | company).exists(), contact | company)

    def test_only_the_company_that_was_worked_on_stays(self):
        lead = self.make_leads(1, contact_name="Anna Roux", partner_name="Roux SARL")
        self.convert(lead, action="create")
        contact, company = lead.partner_id, lead.partner_id.parent_id
        company.ref = "C12"
        self.last().action_undo()
        self.assertEqual((contact | company).exists(), company)

    # --- converted and merged in one click ---------------------------------------------------

    def convert_and_merge(self, leads):
        wizard = (
            self.env["crm.lead2opportunity.partner"]
            .with_context(active_model="crm.lead", active_id=leads[0].id, active_ids=leads[0].ids)
            .create({"name": "merge", "lead_id": leads[0].id, "duplicated_lead_ids": [(6, 0, leads.ids)]})
        )
        wizard.action_apply()
        survivor = leads.exists()
        self.assertEqual((len(survivor), survivor.type), (1, "opportunity"))
        return survivor

    def test_one_click_is_one_entry_and_undone_as_one(self):
        leads = self.make_leads(2, email_from="anna@example.com", contact_name="Anna")
        before = leads.read(["type", "user_id", "team_id", "active", "partner_id", "date_conversion"])
        survivor = self.convert_and_merge(leads)
        self.assertEqual(survivor.merge_count, 1)
        entry = self.env["crm.lead.merge"].search(survivor.action_view_merges()["domain"])
        self.assertEqual((entry.kind, entry.child_ids.kind), ("merge", "conversion"))
        entry.action_undo()
        self.assertEqual(entry.child_ids.state, "undone")
        self.assertEqual(
            leads.read(["type", "user_id", "team_id", "active", "partner_id", "date_conversion"]), before
        )

    def test_the_journal_lists_what_a_lead_counts(self):
        action = self.env.ref("openfire_leads.crm_lead_merge_action")
        self.assertEqual(list(Domain(literal_eval(action.domain))), list(LISTED))

    def test_merge_is_undone_although_the_conversion_of_the_same_click_cannot_be(self):
        leads = self.make_leads(2, email_from="anna@example.com", contact_name="Anna")
        survivor = self.convert_and_merge(leads)
        survivor.action_set_won()
        entry = self.env["crm.lead.merge"].search(survivor.action_view_merges()["domain"])
        self.assertTrue(entry.can_undo)
        entry.action_undo()
        self.assertEqual(len(leads.exists()), 2)
        self.assertEqual((survivor.type, survivor.won_status), ("opportunity", "won"))
        self.assertEqual((leads - survivor).type, "lead")
        self.assertIn("It stays an opportunity", survivor.message_ids[0].body)
        # what is left of the click is an entry of its own from now on
        listed = self.env["crm.lead.merge"].search(survivor.action_view_merges()["domain"])
        self.assertEqual(listed, entry | entry.child_ids)

    def test_merge_is_undone_although_its_survivor_was_converted_later(self):
        leads = self.make_leads(2, email_from="anna@example.com", contact_name="Anna")
        survivor = leads.merge_opportunity()
        merge = self.last()
        merge.sudo().date = "2026-01-05 10:00:00"
        self.convert(survivor, action="nothing")
        self.assertTrue(merge.can_undo)
        merge.action_undo()
        self.assertEqual((survivor.type, (leads - survivor).type), ("opportunity", "lead"))

    def attach(self, customer):
        self.env["ir.attachment"].create(
            {"name": "plan.txt", "raw": b"a plan", "res_model": "res.partner", "res_id": customer.id}
        )
