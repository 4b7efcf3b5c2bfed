"""Who may do what: a salesperson on their own leads and on no other, officers on none."""

import contextlib

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from odoo.addons.openfire_leads.tests.common import LeadsCase


@tagged("post_install", "-at_install")
class TestAccess(LeadsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.env["res.partner"].create({"name": "Known", "email": "known@example.com"})
        cls.own = cls.new_lead("Own", contact_name="Known", email_from="known@example.com")
        cls.own_second = cls.new_lead("Own too", email_from="second@example.com")
        cls.foreign = cls.new_lead("Colleague's", user_id=cls.colleague.id, email_from="third@example.com")

    def window(self, lead, user, model="crm.lead2opportunity.partner"):
        context = {"active_model": "crm.lead", "active_id": lead[:1].id, "active_ids": lead.ids}
        return Form(self.env[model].with_user(user).with_context(context))

    def convert(self, lead, user, **values):
        with self.window(lead, user) as form:
            form.name = "convert"
            for name, value in values.items():
                setattr(form, name, value)
        return form.save().action_apply()

    def test_a_salesperson_converts_their_own_lead_with_each_choice(self):
        for action in ("exist", "create", "nothing"):
            lead = self.new_lead(f"Own {action}", email_from="known@example.com", contact_name="Known")
            with self.subTest(action=action):
                self.convert(lead, self.salesperson, action=action)
                self.assertEqual(lead.type, "opportunity")
                self.assertEqual(bool(lead.partner_id), action != "nothing")

    def test_a_salesperson_hands_the_opportunity_to_a_colleague(self):
        action = self.convert(self.own, self.salesperson, action="nothing", user_id=self.colleague)
        self.assertEqual(self.own.user_id, self.colleague)
        self.assertEqual(self.own.type, "opportunity")
        # the opportunity is not theirs to see any more: back to what is
        self.assertNotIn("res_id", action)
        self.assertEqual(action["params"]["next"]["res_model"], "crm.lead")

    def test_a_salesperson_does_not_convert_a_colleagues_lead(self):
        with self.assertRaises(AccessError):
            self.convert(self.foreign, self.salesperson, action="nothing")
        self.assertEqual(self.foreign.type, "lead")

    def test_a_salesperson_converts_several_of_their_own(self):
        leads = self.own | self.own_second
        self.window(leads, self.salesperson, "crm.lead2opportunity.partner.mass").save().action_mass_convert()
        self.assertEqual(leads.mapped("type"), ["opportunity", "opportunity"])

    def test_a_salesperson_does_not_convert_a_colleagues_among_several(self):
        model = "crm.lead2opportunity.partner.mass"
        window = self.window(self.own | self.foreign, self.salesperson, model).save()
        told = window.action_mass_convert()["params"]["message"]
        self.assertEqual((self.own | self.foreign).mapped("type"), ["opportunity", "lead"])
        self.assertIn("You may not see some of the selected leads", told)
        self.assertNotIn(self.foreign.name, told)

    def test_a_salesperson_marks_their_own_as_lost_and_no_other(self):
        lost = self.env["crm.lead.lost"].with_user(self.salesperson)
        lost.create({"lead_ids": self.own.ids}).action_lost_reason_apply()
        self.assertEqual(self.own.won_status, "lost")
        with self.assertRaises(AccessError):
            lost.create({"lead_ids": self.foreign.ids}).action_lost_reason_apply()

    def test_a_salesperson_merges_their_own_and_no_other(self):
        survivor = (self.own | self.own_second).with_user(self.salesperson).merge_opportunity()
        self.assertEqual(len((self.own | self.own_second).exists()), 1)
        with self.assertRaises(AccessError):
            (survivor | self.foreign.with_user(self.salesperson)).merge_opportunity()
        self.assertTrue(self.foreign.exists())

    def test_those_who_see_all_leads_convert_any(self):
        for user, lead in ((self.all_leads, self.own), (self.manager, self.foreign)):
            with self.subTest(user=user.name):
                self.convert(lead, user, action="create")
                self.assertEqual(lead.type, "opportunity")

    def test_a_manager_of_another_company_converts_none_of_this_ones(self):
        self.own.company_id = self.main_company
        with self.assertRaises(AccessError):
            self.convert(self.own, self.foreigner, action="nothing")

    def test_an_officer_has_no_access(self):
        with self.assertRaises(AccessError):
            self.window(self.own, self.officer)
        with self.assertRaises(AccessError):
            self.own.with_user(self.officer).read(["name"])

    def test_only_managers_change_a_teams_mode(self):
        self.team.with_user(self.manager).lead_mode = "leads"
        for user in (self.salesperson, self.all_leads, self.officer):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self.team.with_user(user).lead_mode = "default"
        self.assertEqual(self.team.lead_mode, "leads")

    def test_only_managers_change_a_teams_alias(self):
        self.team.with_user(self.manager).alias_name = "nouveau"
        for user in (self.salesperson, self.all_leads):
            with self.subTest(user=user.name):
                # Odoo ignores it in silence for some: what counts is that it stays
                with contextlib.suppress(AccessError):
                    self.team.with_user(user).write({"alias_name": "autre"})
                self.assertEqual(self.team.alias_name, "nouveau")
