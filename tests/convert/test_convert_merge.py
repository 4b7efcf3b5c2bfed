"""Merging from the convert window: whose it stays, what is chosen beforehand, what is said where nothing is left."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from odoo.addons.openfire_leads.tests.common import LeadsCase


class ConvertMergeCase(LeadsCase):
    def window(self, lead, user=None):
        model = self.env["crm.lead2opportunity.partner"].with_user(user or self.env.user)
        return Form(
            model.with_context(active_model="crm.lead", active_id=lead.id, active_ids=lead.ids),
        )

    def opportunity(self, **values):
        return self.new_lead("Affaire en cours", **{"type": "opportunity", **self.person, **values})

    def request(self, **values):
        return self.new_lead("Nouvelle demande", **{**self.person, **values})

    person = {
        "contact_name": "Jeanne Moulin",
        "email_from": "jeanne.moulin@orange.example",
        "phone": "06 39 98 12 34",
    }


@tagged("post_install", "-at_install")
class TestConvertMergeAssignment(ConvertMergeCase):
    def setUp(self):
        super().setUp()
        self.old = self.opportunity(user_id=self.colleague.id, team_id=self.other_team.id)

    def assert_is_colleagues(self):
        self.assertEqual((self.old.user_id, self.old.team_id), (self.colleague, self.other_team))

    def test_the_survivors_own_people_are_proposed_and_kept(self):
        for values in ({"user_id": False, "team_id": False}, {}, {"user_id": False}):
            with self.subTest(values=values):
                lead = self.request(**values)
                form = self.window(lead)
                self.assertEqual(form.name, "merge")
                self.assertEqual((form.user_id, form.team_id), (self.colleague, self.other_team))
                form.save().action_apply()
                self.assertFalse(lead.exists())
                self.assert_is_colleagues()

    def test_a_survivor_without_salesperson_takes_the_leads(self):
        self.old.write({"user_id": False, "team_id": self.other_team.id})
        lead = self.request()
        preview = (self.old | lead).preview_merge()
        form = self.window(lead)
        form.save().action_apply()
        self.assertEqual((self.old.user_id, self.old.team_id), (self.salesperson, self.other_team))
        shown = {row["name"]: row["result"]["display"] for row in preview["fields"]}
        self.assertEqual(shown["user_id"], self.salesperson.name)
        self.assertEqual(shown["team_id"], self.other_team.name)

    def test_who_gives_it_to_a_colleague_while_merging_sees_it_no_more(self):
        for first in ("lead", "opportunity"):
            with self.subTest(first=first):
                person = {"email_from": f"{first}@orange.example"}
                makers = [self.request, self.opportunity]
                leads = [make(**person) for make in (makers if first == "lead" else makers[::-1])]
                form = self.window(leads[first != "lead"], self.salesperson)
                self.assertEqual(form.name, "merge")
                form.user_id = self.colleague
                told = form.save().action_apply()
                self.assertEqual(told["tag"], "display_notification")
                self.assertEqual(leads[0].user_id, self.colleague)
                self.assertFalse(leads[1].exists())

    def test_what_the_window_foresees_is_not_written_on_the_leads_that_it_lists(self):
        lead = self.request(email_from="other@orange.example")
        other = self.opportunity(email_from="other@orange.example")
        window = self.env["crm.lead2opportunity.partner"].with_context(
            active_model="crm.lead", active_id=lead.id, active_ids=lead.ids
        )
        listed = {key: {} for key in ("type", "user_id", "team_id", "stage_id", "company_id")}
        names = (
            "name",
            "user_id",
            "team_id",
            "lead_id",
            "merge_blockers",
            "proposed_user_id",
            "proposed_team_id",
        )
        shown = {**{key: {} for key in names}, "duplicated_lead_ids": {"fields": listed}}
        opened = window.onchange({}, [], shown)["value"]
        self.assertEqual(opened["name"], "merge")
        self.assertEqual(
            {command[:2] for command in opened["duplicated_lead_ids"]}, {(4, lead.id), (4, other.id)}
        )
        chosen = {
            **{"name": "merge", "lead_id": lead.id, "user_id": self.colleague.id, "team_id": self.team.id},
            **{"proposed_user_id": self.salesperson.id, "proposed_team_id": self.team.id},
            "duplicated_lead_ids": [Command.link(lead.id), Command.link(other.id)],
        }
        answered = window.onchange(chosen, ["user_id"], shown)["value"]
        self.assertNotIn("duplicated_lead_ids", answered)

    def test_whom_the_user_names_gets_it(self):
        with self.window(self.request()) as form:
            form.user_id = self.all_leads
            self.assertEqual(form.team_id, self.team)
        form.save().action_apply()
        self.assertEqual((self.old.user_id, self.old.team_id), (self.all_leads, self.team))

    def test_the_team_alone_can_be_changed(self):
        with self.window(self.request()) as form:
            form.team_id = self.team
        form.save().action_apply()
        self.assertEqual((self.old.user_id, self.old.team_id), (self.colleague, self.team))

    def test_a_choice_stays_when_the_list_changes(self):
        third = self.opportunity(user_id=self.manager.id)
        with self.window(self.request()) as form:
            form.user_id = self.all_leads
            form.duplicated_lead_ids.remove(third.id)
            self.assertEqual(form.user_id, self.all_leads)

    def test_back_to_converting_the_lead_has_its_own_people_again(self):
        lead = self.request(user_id=False, team_id=False)
        with self.window(lead) as form:
            form.name = "convert"
            self.assertFalse(form.user_id)
            self.assertFalse(form.team_id)
        form.save().action_apply()
        self.assertFalse(lead.user_id)
        self.assertNotEqual(lead.team_id, self.other_team)

    def test_comparing_first_keeps_the_choice_made_in_the_convert_window(self):
        for chosen in (False, True):
            with self.subTest(chosen=chosen):
                wizard = self.window(self.request()).save()
                if chosen:
                    wizard.write({"user_id": self.all_leads.id, "team_id": self.team.id})
                action = wizard.action_compare()
                merge = self.env["crm.merge.opportunity"].with_context(**action["context"]).create({})
                self.assertEqual(merge.user_id, self.all_leads if chosen else self.env["res.users"])
                merge.action_merge()
                if chosen:
                    self.assertEqual((self.old.user_id, self.old.team_id), (self.all_leads, self.team))
                else:
                    self.assert_is_colleagues()

    def test_the_lead_chosen_to_survive_while_comparing_keeps_its_own_people(self):
        lead = self.request()
        action = self.window(lead).save().action_compare()
        merge = self.env["crm.merge.opportunity"].with_context(**action["context"]).create({})
        merge.survivor_id = lead
        merge.action_merge()
        self.assertEqual((self.old | lead).exists(), lead)
        self.assertEqual((lead.user_id, lead.team_id), (self.salesperson, self.team))

    def test_under_odoos_rule_its_survivor_keeps_its_own_people(self):
        self.env["ir.config_parameter"].set_param("openfire_leads.survivor_rule", "confidence")
        lead = self.request(user_id=False, team_id=False)
        self.window(lead).save().action_apply()
        self.assert_is_colleagues()

    def test_code_that_names_a_salesperson_is_heeded(self):
        lead = self.request()
        self.env["crm.lead2opportunity.partner"].with_context(active_ids=lead.ids).create(
            {"lead_id": lead.id, "name": "merge", "user_id": self.all_leads.id, "team_id": self.team.id}
        ).action_apply()
        self.assertEqual((self.old.user_id, self.old.team_id), (self.all_leads, self.team))


@tagged("post_install", "-at_install")
class TestConvertMergePreselected(ConvertMergeCase):
    def assert_proposal(self, name, old, new):
        form = self.window(new)
        self.assertEqual(form.name, name)
        listed = {lead.id for lead in form.duplicated_lead_ids}
        self.assertEqual(old.id in listed, name == "merge")
        return form

    def test_the_same_mail_or_customer_is_the_requesters_own(self):
        old = self.opportunity()
        self.assert_proposal("merge", old, self.request(phone=False))
        self.assert_proposal("merge", old, self.request(contact_name="Paul Moulin", phone=False))
        partner = self.env["res.partner"].create({"name": "Jeanne Moulin"})
        old.write({"partner_id": partner.id, "email_from": False})
        self.assert_proposal("merge", old, self.request(partner_id=partner.id, email_from=False))

    def test_the_same_name_and_phone_are_the_requesters_own(self):
        address = {"street": "3 rue des Lilas", "zip": "74000", "city": "Annecy"}
        old = self.opportunity(**address)
        self.assert_proposal("merge", old, self.request(email_from=False, **address))

    def test_colleagues_of_one_firm_are_shown_and_not_preselected(self):
        firm = {
            "partner_name": "Menuiserie Bertholet",
            "phone": "04 50 99 12 00",
            "street": "3 rue des Lilas",
            "zip": "74000",
            "city": "Annecy",
        }
        for mail in (False, "contact@menuiserie-bertholet.example"):
            with self.subTest(mail=mail):
                old = self.opportunity(contact_name="Luc Fabre", email_from=mail, **firm)
                new = self.request(contact_name="Sonia Haddad", email_from=mail, **firm)
                form = self.assert_proposal("convert", old, new)
                if mail:
                    form.name = "merge"
                    self.assertIn(old.id, {lead.id for lead in form.duplicated_lead_ids}, "it is offered")
                old.active = False

    def test_a_name_that_is_alike_is_not_enough(self):
        address = {"street": "3 rue des Lilas", "zip": "74000", "city": "Annecy"}
        old = self.opportunity(
            contact_name="Michel Durand", email_from="michel.durand@orange.example", **address
        )
        new = self.request(
            contact_name="Michèle Durand",
            email_from="michele@free.example",
            phone="06 39 98 77 00",
            **address,
        )
        self.assert_proposal("convert", old, new)

    def test_one_role_in_two_firms_is_nobodys(self):
        old = self.opportunity(
            contact_name="Service achats", partner_name="Batibois", email_from="achats@batibois.example"
        )
        new = self.request(
            contact_name="Service achats", partner_name="Couvralu", email_from="achats@couvralu.example"
        )
        self.assert_proposal("convert", old, new)

    def test_a_firm_as_customer_is_not_one_person(self):
        firm = self.env["res.partner"].create({"name": "Bertholet", "is_company": True})
        old = self.opportunity(partner_id=firm.id, contact_name="Luc Fabre", email_from=False, phone=False)
        new = self.request(partner_id=firm.id, contact_name="Sonia Haddad", email_from=False, phone=False)
        self.assert_proposal("convert", old, new)

    def test_what_was_said_to_be_no_duplicate_is_not_preselected(self):
        old, new = self.opportunity(), self.request()
        pair = self.env["crm.lead.duplicate"].search(
            [("lead_id", "=", min(old.id, new.id)), ("other_lead_id", "=", max(old.id, new.id))]
        )
        pair.action_dismiss()
        self.assert_proposal("convert", old, new)

    def test_the_rule_can_be_overridden(self):
        old, new = self.opportunity(), self.request()
        self.patch(type(new), "_is_own_request", lambda *_arguments: False)
        self.assert_proposal("convert", old, new)


@tagged("post_install", "-at_install")
class TestConvertNothingToMerge(ConvertMergeCase):
    def test_where_the_only_duplicate_is_won_merging_says_that_there_is_nothing(self):
        self.opportunity().action_set_won()
        lead = self.request()
        form = self.window(lead)
        self.assertEqual(form.name, "convert")
        form.name = "merge"
        self.assertTrue(form.nothing_to_merge)
        wizard = form.save()
        for act in (wizard.action_apply, wizard.action_compare):
            with self.assertRaisesRegex(UserError, "nothing to merge “Nouvelle demande” with"):
                act()
        wizard.name = "convert"
        wizard.action_apply()
        self.assertEqual(lead.type, "opportunity")

    def test_the_merge_window_does_not_open_on_one_lead(self):
        lead = self.request()
        model = self.env["crm.merge.opportunity"]
        for ids in (lead.ids, lead.ids * 2):
            with self.subTest(ids=ids), self.assertRaisesRegex(UserError, "at least two"):
                Form(model.with_context(active_model="crm.lead", active_ids=ids, active_id=lead.id))

    def test_the_merge_window_does_not_open_when_only_one_is_left(self):
        lead, gone = self.request(), self.request()
        ids = (lead | gone).ids
        gone.unlink()
        with self.assertRaisesRegex(UserError, "no longer exists"):
            Form(self.env["crm.merge.opportunity"].with_context(active_model="crm.lead", active_ids=ids))


@tagged("post_install", "-at_install")
class TestConvertMergeWarnings(ConvertMergeCase):
    """The window says what the merge window says of the same leads."""

    def setUp(self):
        super().setUp()
        self.other = self.env["res.company"].create({"name": "Other"})
        self.chief = new_test_user(self.env, "chief", groups="sales_team.group_sale_manager")
        self.chief.company_ids |= self.other

    def window(self, lead, user=None):
        companies = self.env.company | self.other
        user = (user or self.chief).with_context(allowed_company_ids=companies.ids)
        model = self.env["crm.lead2opportunity.partner"].with_env(user.with_user(user).env)
        return Form(model.with_context(active_model="crm.lead", active_id=lead.id, active_ids=lead.ids))

    def assert_said(self, form, **expected):
        preview = form.duplicated_lead_ids[:].preview_merge()
        self.assertEqual(form.merge_warnings or "", "\n".join(preview["warnings"]))
        self.assertEqual(form.merge_blockers or "", "\n".join(preview["blockers"]))
        for name, text in expected.items():
            self.assertIn(text, form[name])

    def test_an_amount_that_is_converted(self):
        yen = self.env["res.currency"].with_context(active_test=False).search([("name", "=", "JPY")])
        yen.active = True
        self.other.currency_id = yen
        self.env["res.currency.rate"].create(
            {"currency_id": self.env.company.currency_id.id, "company_id": self.other.id, "rate": 0.01}
        )
        nobody = {"user_id": False, "team_id": False}
        self.opportunity(expected_revenue=1000, company_id=False, **nobody)
        form = self.window(self.request(company_id=self.other.id, **nobody))
        self.assertEqual(form.name, "merge")
        self.assert_said(form, merge_warnings="at today's rate")
        form.name = "convert"
        self.assertFalse(form.merge_warnings)

    def test_leads_of_several_companies(self):
        nobody = {"user_id": False, "team_id": False}
        self.opportunity(company_id=self.env.company.id, **nobody)
        form = self.window(self.request(company_id=self.other.id, **nobody))
        form.name = "merge"
        self.assert_said(form, merge_blockers="different companies")

    def test_a_lead_that_does_not_resemble_the_others(self):
        self.opportunity()
        form = self.window(self.request())
        self.assertFalse(form.merge_warnings)
        stranger = self.new_lead("Un poêle", type="opportunity", contact_name="Karl Eichner")
        form.duplicated_lead_ids.add(stranger)
        self.assert_said(form, merge_warnings="Un poêle")

    def test_a_salesperson_who_may_not_have_it(self):
        self.opportunity(company_id=self.env.company.id)
        form = self.window(self.request(company_id=self.env.company.id))
        self.assertFalse(form.merge_blockers)
        stranger = self.salesperson.copy(
            {"login": "stranger", "company_id": self.other.id, "company_ids": [Command.set(self.other.ids)]}
        )
        form.user_id = stranger
        self.assertIn(stranger.name, form.merge_blockers)
