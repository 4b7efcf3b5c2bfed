from odoo.exceptions import UserError
from odoo.tests import tagged

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

    def test_conversion_on_which_something_was_built_stays(self):
        lead = self.make_leads(1, contact_name="Anna Roux")
        self.convert(lead, action="create")
        self.make_leads(1, partner_id=lead.partner_id.id)
        with self.assertRaisesRegex(UserError, "something was built on it: Lead.*Anna Roux"):
            self.last().action_undo()
        self.assertEqual(lead.type, "opportunity")

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

    def test_what_was_written_to_the_new_customer_is_not_thrown_away(self):
        for kind, build in (
            ("Messages", lambda customer: customer.message_post(body="Called", message_type="comment")),
            ("Attachments", self.attach),
            ("Activities", lambda customer: customer.activity_schedule("mail.mail_activity_data_todo")),
        ):
            with self.subTest(kind=kind):
                lead = self.make_leads(1, contact_name="Anna Roux")
                self.convert(lead, action="create")
                build(lead.partner_id)
                with self.assertRaisesRegex(UserError, f"{kind}.*Anna Roux"):
                    self.last().action_undo()
                self.assertTrue(lead.partner_id.exists())

    def attach(self, customer):
        self.env["ir.attachment"].create(
            {"name": "plan.txt", "raw": b"a plan", "res_model": "res.partner", "res_id": customer.id}
        )
