"""A merge never moves a lead to another company: who works elsewhere is refused, beforehand and when it is done."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.openfire_leads.tests.common import LeadsCase


@tagged("post_install", "-at_install")
class TestMergeCompany(LeadsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager.company_ids |= cls.second_company
        cls.both = [cls.main_company.id, cls.second_company.id]
        cls.second_team = cls.env["crm.team"].create(
            {"name": "Second Team", "company_id": cls.second_company.id, "user_id": cls.foreigner.id}
        )
        cls.main_team = cls.env["crm.team"].create({"name": "Main Team", "company_id": cls.main_company.id})

    def leads(self, **values):
        values = {
            "type": "opportunity",
            "company_id": self.second_company.id,
            "user_id": self.foreigner.id,
            "team_id": self.second_team.id,
            **values,
        }
        leads = self.env["crm.lead"].create([{"name": f"Request {i}", **values} for i in range(2)])
        return leads.with_user(self.manager).with_context(allowed_company_ids=self.both)

    def merge(self, leads, user, team):
        wizard = leads.env["crm.merge.opportunity"].with_context(
            active_model="crm.lead", active_ids=leads.ids
        )
        return wizard.create({"user_id": user, "team_id": team}).action_merge()

    def test_people_of_another_company_are_refused_in_every_way(self):
        leads = self.leads()
        for user, team, message in (
            (False, self.main_team.id, "Main Team.*is a sales team of"),
            (self.salesperson.id, False, "Salesperson does not work in Second Company"),
            (self.salesperson.id, self.main_team.id, "Main Team"),
        ):
            with self.subTest(message=message):
                with self.assertRaisesRegex(UserError, message):
                    leads.merge_opportunity(user_id=user, team_id=team)
                with self.assertRaisesRegex(UserError, message):
                    self.merge(leads, user, team)
                preview = leads.preview_merge(user_id=user, team_id=team)
                self.assertRegex(preview["blockers"][0], message)
                self.assertEqual(leads.company_id, self.second_company)
                self.assertEqual(len(leads.exists()), 2)
        self.assertFalse(leads.preview_merge()["blockers"])

    def test_the_convert_window_refuses_them_too(self):
        old = self.leads(email_from="one@orange.example")[0]
        new = self.leads(type="lead", email_from="one@orange.example")[0]
        wizard = (
            new.env["crm.lead2opportunity.partner"]
            .with_context(active_ids=new.ids)
            .create({"lead_id": new.id, "name": "merge"})
        )
        self.assertIn(old, wizard.duplicated_lead_ids)
        wizard.write({"user_id": self.salesperson.id, "team_id": self.main_team.id})
        with self.assertRaisesRegex(UserError, "Main Team"):
            wizard.action_apply()
        self.assertEqual((old | new).exists().company_id, self.second_company)

    def test_people_of_the_same_company_and_teams_of_all_are_welcome(self):
        leads = self.leads()
        survivor = leads.merge_opportunity(user_id=self.manager.id, team_id=self.team.id)
        self.assertEqual((survivor.user_id, survivor.team_id), (self.manager, self.team))
        self.assertEqual(survivor.company_id, self.second_company)

    def test_a_salesperson_who_is_chosen_brings_no_team_of_another_company_along(self):
        self.foreigner.company_ids |= self.main_company
        self.main_team.member_ids = self.colleague
        self.colleague.company_ids |= self.second_company
        self.env["crm.team.member"].search([("user_id", "=", self.colleague.id)]).filtered(
            lambda member: member.crm_team_id != self.main_team
        ).unlink()
        leads = self.leads()
        shown = leads.preview_merge(user_id=self.colleague.id)
        self.assertFalse(shown["blockers"])
        survivor = leads.merge_opportunity(user_id=self.colleague.id)
        self.assertEqual(
            (survivor.user_id, survivor.team_id, survivor.company_id),
            (self.colleague, self.second_team, self.second_company),
        )

    def test_a_salesperson_filled_in_from_another_lead_does_not_take_it_along(self):
        old = self.leads(user_id=False, team_id=self.team.id)[0]
        new = self.leads(user_id=self.salesperson.id, team_id=self.team.id, company_id=False)[1]
        self.env.cr.execute("UPDATE crm_lead SET company_id = NULL WHERE id = %s", [new.id])
        self.env.invalidate_all()
        preview = (old | new).preview_merge()
        survivor = (old | new).merge_opportunity()
        self.assertEqual(survivor.company_id, self.second_company)
        self.assertFalse(survivor.user_id)
        self.assertFalse(preview["blockers"])

    def test_a_lead_of_no_company_does_not_give_its_people_another_companys(self):
        old = self.leads(user_id=self.salesperson.id, team_id=False, company_id=False)[0]
        self.env.cr.execute("UPDATE crm_lead SET company_id = NULL WHERE id = %s", [old.id])
        self.env.invalidate_all()
        new = self.leads()[1]
        with self.assertRaisesRegex(UserError, "Salesperson does not work in Second Company"):
            (old | new).merge_opportunity()
        survivor = (old | new).merge_opportunity(user_id=self.foreigner.id, team_id=self.second_team.id)
        self.assertEqual((survivor.user_id, survivor.company_id), (self.foreigner, self.second_company))

    def test_leads_of_no_company_take_the_teams(self):
        leads = self.leads(user_id=False, team_id=False, company_id=False)
        survivor = leads.merge_opportunity(team_id=self.main_team.id)
        self.assertEqual((survivor.team_id, survivor.company_id), (self.main_team, self.main_company))
        leads = self.leads(user_id=False, team_id=False, company_id=False)
        with self.assertRaisesRegex(UserError, "does not work in"):
            leads.merge_opportunity(user_id=self.salesperson.id, team_id=self.second_team.id)

    def test_leads_of_no_company_follow_a_chosen_salesperson_into_the_teams(self):
        self.env["ir.config_parameter"].set_param("openfire_leads.survivor_rule", "confidence")
        self.second_team.member_ids = self.foreigner
        everywhere = self.env["crm.team"].create({"name": "Everywhere", "company_id": False})
        leads = self.leads(company_id=False, user_id=False, team_id=everywhere.id)
        self.assertFalse(leads.company_id)
        preview = leads.preview_merge(user_id=self.foreigner.id)
        shown = {row["name"]: row["result"]["display"] for row in preview["fields"]}
        survivor = leads.merge_opportunity(user_id=self.foreigner.id)
        self.assertEqual((survivor.team_id, survivor.company_id), (self.second_team, self.second_company))
        self.assertEqual(shown["company_id"], self.second_company.name)

    def test_a_team_of_all_companies_without_a_salesperson_does_not_take_the_lead_out_of_its_company(self):
        values = {"user_id": False, "team_id": False, "email_from": "one@orange.example"}
        leads = self.leads(**values)
        survivor = leads.merge_opportunity(team_id=self.team.id)
        self.assertEqual((survivor.team_id, survivor.company_id), (self.team, self.second_company))
        new = self.leads(type="lead", **values)[1]
        wizard = (
            new.env["crm.lead2opportunity.partner"]
            .with_context(active_ids=new.ids)
            .create({"lead_id": new.id, "name": "merge", "team_id": self.other_team.id})
        )
        wizard.action_apply()
        self.assertEqual((survivor.team_id, survivor.company_id), (self.other_team, self.second_company))

    def test_a_lead_that_takes_anothers_company_tells_nothing_of_it_to_those_of_other_companies(self):
        shared, secret = self.shared_and_secret()
        merged = (shared | secret).merge_opportunity()
        self.assertEqual((merged, merged.company_id), (shared, self.second_company))
        merge = self.env["crm.lead.merge"].search([("survivor_id", "=", shared.id)])
        told = merge.with_user(self.outsider).read(["display_name", "merged_names", "survivor_name"])
        self.assertNotIn("Secret", str(told))
        self.assertFalse(merge.with_user(self.outsider).line_ids)
        self.assertIn("Secret", merge.with_user(self.manager).with_context(shared.env.context).merged_names)

    def test_the_chatter_of_a_lead_of_no_company_names_no_lead_of_one_that_exists_again(self):
        shared, secret = self.shared_and_secret()
        merged = (shared | secret).merge_opportunity()
        self.env["crm.lead.merge"].search([("survivor_id", "=", merged.id)]).with_env(
            merged.env
        ).action_undo()
        self.assertFalse(shared.company_id)
        seen = self.env["crm.lead"].with_user(self.outsider).browse(shared.id)
        chatter = str(seen.message_ids.mapped("body"))
        self.assertIn(f"lead no. {secret.id}", chatter)
        self.assertNotIn("Secret", chatter)

    def shared_and_secret(self):
        """Return a lead of no company, and one of the second company; ``outsider`` manages sales of the main one."""
        self.outsider = self.new_user("outsider", "sales_team.group_sale_manager")
        shared, secret = self.leads(company_id=False, user_id=False, team_id=False)
        secret.write({"name": "Secret request", "company_id": self.second_company.id})
        self.assertFalse(shared.company_id)
        return shared, secret
