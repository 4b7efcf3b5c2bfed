"""The merge window's wizard: what it shows, what it passes on, what it says when it cannot."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged, users

from .merge_common import MergeCase


@tagged("post_install", "-at_install")
class TestMergeWindow(MergeCase):
    def open_window(self, leads, **context):
        """The wizard as the Action menu of the list opens it."""
        return self.env["crm.merge.opportunity"].with_context(
            active_model="crm.lead", active_ids=leads.ids, active_id=leads[:1].id, **context
        )

    def preview(self, leads, **choices):
        return self.env["crm.merge.opportunity"].get_merge_preview(leads.ids, **choices)

    def row(self, preview, fname):
        return next((row for row in preview["fields"] if row["name"] == fname), None)

    # --- what is shown ---------------------------------------------------------------------

    def test_each_result_says_where_it_comes_from(self):
        leads = self.make_leads(3)
        leads[0].city = "Lyon"
        leads[1].write({"city": "Villeurbanne", "phone": "04 72 00 00 02"})
        leads[2].city = "Bron"
        leads[1].tag_ids = self.tags[0]
        leads[2].tag_ids = self.tags[1]
        preview = self.preview(leads, picks={"city": leads[2].id}, user_id=self.colleague.id)
        self.assertEqual(preview["survivor_id"], leads[0].id)
        self.assertEqual(self.row(preview, "name")["how"], "survivor")
        self.assertEqual(self.row(preview, "phone")["how"], "filled")
        self.assertEqual(self.row(preview, "tag_ids")["how"], "combined")
        self.assertEqual(self.row(preview, "city")["how"], "picked")
        self.assertEqual(self.row(preview, "city")["result"]["display"], "Bron")
        self.assertFalse(preview["blockers"])

    def test_an_assignment_asked_for_is_the_result(self):
        leads = self.make_leads(2)
        leads[1].user_id = self.colleague
        row = self.row(self.preview(leads, user_id=self.manager.id), "user_id")
        self.assertEqual((row["how"], row["choosable"]), ("asked", False))
        self.assertEqual(row["result"]["display"], self.manager.name)

    def test_won_lost_and_archived_leads_are_marked(self):
        leads = self.make_leads(4, type="opportunity")
        leads[0].action_set_won()
        leads[1].action_set_lost()
        leads[2].active = False
        preview = self.preview(leads)
        badges = {lead["id"]: [badge["label"] for badge in lead["badges"]] for lead in preview["leads"]}
        self.assertEqual([badges[lead.id] for lead in leads], [["Won"], ["Lost"], ["Archived"], []])

    def test_choices_of_a_lead_that_was_left_out_are_dropped(self):
        leads = self.make_leads(3)
        leads[0].city, leads[1].city, leads[2].city = "Lyon", "Bron", "Oullins"
        preview = self.preview(leads[:2], survivor_id=leads[2].id, picks={"city": leads[2].id})
        self.assertEqual(preview["survivor_id"], leads[0].id)
        self.assertEqual(self.row(preview, "city")["result"]["display"], "Lyon")

    # --- what is passed on -----------------------------------------------------------------

    def test_the_survivor_and_the_values_picked_are_merged_as_shown(self):
        leads = self.make_leads(3)
        for lead, city, phone in zip(leads, ("Lyon", "Bron", "Oullins"), ("01", "02", "03"), strict=True):
            lead.write({"city": city, "phone": phone})
        window = Form(self.open_window(leads)).save()
        # as the table writes them
        window.write({"survivor_id": leads[1].id, "picks": {"city": leads[2].id, "phone": leads[0].id}})
        action = window.action_merge()
        self.assertEqual(action["res_model"], "crm.lead")
        self.assertEqual(action["res_id"], leads[1].id)
        self.assertEqual(leads.exists(), leads[1])
        self.assertEqual(leads[1].name, "Request 1")
        self.assertEqual(leads[1].city, "Oullins")
        self.assertEqual(leads[1].phone, "01")

    def test_the_stock_wizard_works_as_before(self):
        leads = self.make_leads(2)
        window = self.open_window(leads).create({"user_id": self.colleague.id})
        action = window.action_merge()
        survivor = self.env["crm.lead"].browse(action["res_id"])
        self.assertEqual(survivor, leads[0])
        self.assertEqual(survivor.user_id, self.colleague)

    def test_a_merge_can_be_undone_from_its_notification(self):
        leads = self.make_leads(3)
        window = self.open_window(leads).create({})
        self.assertFalse(window.get_merge_result())
        window.action_merge()
        result = window.get_merge_result()
        self.assertIn("“Request 1” and “Request 2” were merged into “Request 0”.", result["message"])
        self.assertTrue(result["can_undo"])
        window.action_undo_merge()
        self.assertEqual(len(leads.exists()), 3)
        self.assertFalse(window.get_merge_result()["can_undo"])

    # --- from the convert window -----------------------------------------------------------

    def test_conversion_goes_on_with_what_was_chosen_and_is_undone_with_it(self):
        leads = self.make_leads(3, email_from="same@requester.example")
        for lead, city in zip(leads, ("Lyon", "Bron", "Oullins"), strict=True):
            lead.city = city
        convert = self.env["crm.lead2opportunity.partner"].create(
            {
                "lead_id": leads[0].id,
                "name": "merge",
                "duplicated_lead_ids": [Command.set(leads.ids)],
                "user_id": self.colleague.id,
                "force_assignment": True,
            }
        )
        action = convert.action_compare()
        form = Form(self.env[action["res_model"]].with_context(**action["context"]))
        self.assertEqual(form.opportunity_ids.ids, leads.ids)
        window = form.save()
        window.write({"survivor_id": leads[1].id, "picks": {"city": leads[2].id}})
        action = window.action_merge()
        self.assertEqual(leads.exists().ids, [action["res_id"]])
        survivor = leads[1]
        self.assertEqual(survivor.exists().type, "opportunity")
        self.assertEqual((survivor.city, survivor.user_id), ("Oullins", self.colleague))
        window.action_undo_merge()
        self.assertEqual(len(leads.exists()), 3)
        self.assertEqual(leads.mapped("type"), ["lead"] * 3)
        self.assertEqual(leads.mapped("city"), ["Lyon", "Bron", "Oullins"])
        self.assertEqual(leads.user_id, self.salesman)

    def test_the_salesperson_chosen_in_the_convert_window_is_respected_whoever_survives(self):
        leads = self.make_leads(2)
        convert = self.env["crm.lead2opportunity.partner"].create(
            {
                "lead_id": leads[1].id,
                "name": "merge",
                "duplicated_lead_ids": [Command.set(leads.ids)],
                "user_id": self.colleague.id,
                "force_assignment": True,
            }
        )
        convert.action_apply()
        self.assertEqual(leads.exists(), leads[0])
        self.assertEqual(leads[0].user_id, self.colleague)

    # --- what is in the way ----------------------------------------------------------------

    def test_a_single_lead_is_not_enough(self):
        preview = self.preview(self.make_leads(1))
        self.assertEqual(preview["blockers"], ["Select at least two leads or opportunities to merge them."])
        self.assertFalse(preview["leads"])
        self.assertTrue(self.preview(self.env["crm.lead"])["blockers"])

    @users("merge_sales")
    def test_five_hundred_leads_are_refused_without_comparing_them(self):
        leads = self.make_leads(500)
        preview = self.preview(leads)
        self.assertEqual(len(preview["blockers"]), 1)
        self.assertIn("500", preview["blockers"][0])
        self.assertFalse(preview["leads"])
        window = self.open_window(leads).create({})
        with self.assertRaisesRegex(UserError, "500"):
            window.action_merge()

    def test_leads_of_two_companies_are_refused(self):
        leads = self.make_leads(2, user_id=False, team_id=False)
        company = self.env["res.company"].create({"name": "Other Company"})
        self.env.user.company_ids += company
        leads[0].company_id = self.env.company
        leads[1].company_id = company
        manager = new_test_user(
            self.env,
            "merge_two_companies",
            groups="sales_team.group_sale_manager",
            company_ids=[(6, 0, (self.env.company + company).ids)],
        )
        window = self.env["crm.merge.opportunity"].with_user(manager)
        window = window.with_context(allowed_company_ids=(self.env.company + company).ids)
        preview = window.get_merge_preview(leads.ids)
        self.assertEqual(len(preview["blockers"]), 1)
        self.assertIn("Other Company", preview["blockers"][0])
        self.assertEqual(len(preview["leads"]), 2)

    @users("merge_sales")
    def test_a_lead_that_may_be_read_but_not_written_is_named(self):
        leads = self.make_leads(2)
        self.env["ir.rule"].sudo().create(
            {
                "name": "no writing",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "domain_force": f"[('id', '!=', {leads[1].id})]",
                "perm_read": False,
                "perm_unlink": False,
                "perm_create": False,
            }
        )
        preview = self.preview(leads)
        self.assertEqual(len(preview["leads"]), 2)
        self.assertEqual(len(preview["blockers"]), 1)
        self.assertIn("Request 1", preview["blockers"][0])

    @users("merge_sales")
    def test_leads_that_the_user_cannot_see_are_left_out_and_counted(self):
        leads = self.make_leads(3)
        leads[2].sudo().user_id = self.colleague
        deleted = self.make_leads(1)
        selected = leads + deleted
        deleted.sudo().unlink()
        form = Form(self.open_window(selected))
        self.assertEqual(form.opportunity_ids.ids, leads[:2].ids)
        self.assertEqual(form.missing_count, 2)

    def test_people_deleted_meanwhile_are_told_by_their_place_in_the_window(self):
        team = self.env["crm.team"].create({"name": "Ephemeral"})
        form = Form(self.open_window(self.make_leads(2)))
        form.team_id = team
        team.unlink()
        self.env.flush_all()
        with self.assertRaisesRegex(UserError, "“Sales Team”: what was chosen there was deleted"):
            form.save()
        form.team_id = self.env["crm.team"]
        form.save().action_merge()

    @users("merge_sales")
    def test_a_lead_given_to_a_colleague_meanwhile_is_told_without_its_name(self):
        leads = self.make_leads(3)
        form = Form(self.open_window(leads))
        leads[2].sudo().write({"user_id": self.colleague.id, "name": "Secret"})
        self.env.flush_all()
        with self.assertRaisesRegex(UserError, "you may not see it any more") as caught:
            form.save()
        self.assertNotIn("Secret", str(caught.exception))

    def test_a_lead_merged_meanwhile_is_told_and_stops_the_merge(self):
        leads = self.make_leads(4)
        meanwhile = leads[2:].with_context(openfire_merge={"survivor_id": leads[3].id})
        self.assertEqual(meanwhile._merge_opportunity(), leads[3])
        preview = self.preview(leads[:3])
        self.assertEqual(preview["gone_ids"], leads[2].ids)
        self.assertIn("into “Request 3”", preview["blockers"][0])
        self.assertEqual(len(preview["leads"]), 2)
        with self.assertRaisesRegex(UserError, "into “Request 3”"):
            self.env["crm.merge.opportunity"].create({"opportunity_ids": [Command.set(leads[:3].ids)]})
        with self.assertRaisesRegex(UserError, "into “Request 3”"):
            commands = [Command.link(lead_id) for lead_id in leads[:3].ids]
            self.env["crm.merge.opportunity"].create({"opportunity_ids": commands})
        self.assertEqual(len(leads[:2].exists()), 2)
