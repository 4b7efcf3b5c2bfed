"""Mass conversion with its default settings: each requester's leads become one opportunity, nothing is lost."""

from itertools import permutations

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from odoo.addons.openfire_leads.tests.common import LeadsCase


@tagged("post_install", "-at_install")
class TestMassConvertDuplicates(LeadsCase):
    def person(self, number, name="Demande", **values):
        return self.new_lead(
            name,
            contact_name=f"Personne Numéro{number}",
            email_from=f"personne.numero{number}@orange.example",
            **values,
        )

    def window(self, leads, active=True, user=None):
        model = self.env["crm.lead2opportunity.partner.mass"].with_user(user or self.env.user)
        context = {"active_model": "crm.lead", "active_ids": leads.ids}
        if active:
            context["active_id"] = leads[:1].id
        return Form(model.with_context(**context))

    def convert(self, leads, **options):
        return self.window(leads, **options).save().action_mass_convert()

    def test_two_leads_of_one_person_in_any_order_become_one(self):
        for active in (True, False):
            for order in permutations(range(3)):
                with self.subTest(order=order, active=active), self.env.cr.savepoint() as savepoint:
                    leads = self.person(1, "Ancienne") | self.person(1, "Récente") | self.person(2, "Autre")
                    self.convert(self.env["crm.lead"].browse([leads.ids[i] for i in order]), active=active)
                    self.assertEqual(leads.exists(), leads[0] | leads[2])
                    self.assertEqual(leads.exists().mapped("type"), ["opportunity"] * 2)
                    savepoint.rollback()
                    self.env.invalidate_all()

    def test_the_older_one_need_not_be_selected(self):
        older = self.person(1, "Ancienne", type="opportunity")
        newer, other = self.person(1, "Récente"), self.person(2, "Autre")
        action = self.convert(newer | other)
        self.assertEqual((older | newer).exists(), older)
        self.assertEqual(self.env["crm.lead"].search(action["domain"]), older | other)

    def test_without_deduplication_each_stays_its_own(self):
        leads = self.person(1) | self.person(1)
        with self.window(leads.sorted(reverse=True)) as form:
            form.deduplicate = False
        form.save().action_mass_convert()
        self.assertEqual(len(leads.exists()), 2)

    def test_rows_loaded_twice_become_one_opportunity_each(self):
        rows = [
            {
                "name": f"Devis {i}",
                "type": "lead",
                "contact_name": f"Client Numéro{i}",
                "email_from": f"client.numero{i}@orange.example",
                "phone": f"06 39 98 10 {i:02}",
                "description": f"<p>Note {i}</p>",
                "user_id": self.salesperson.id,
            }
            for i in range(20)
        ]
        first, second = self.env["crm.lead"].create(rows), self.env["crm.lead"].create(rows)
        self.convert((first | second).sorted(lambda lead: -lead.id))
        self.assertEqual((first | second).exists(), first)
        self.assertEqual(set(first.mapped("type")), {"opportunity"})
        self.assertEqual(len(first.partner_id), 20)
        for i, lead in enumerate(first):
            self.assertEqual((lead.name, lead.phone), (f"Devis {i}", f"06 39 98 10 {i:02}"))
            self.assertIn(f"Note {i}", lead.description)

    def test_three_that_hang_together_by_mail_and_customer_become_one(self):
        partner = self.env["res.partner"].create({"name": "Lien", "email": "lien@orange.example"})
        one = self.new_lead("Un", email_from="un@orange.example")
        two = self.new_lead("Deux", email_from="un@orange.example", partner_id=partner.id)
        two.email_from = "un@orange.example"
        three = self.new_lead("Trois", partner_id=partner.id)
        for order in permutations((one, two, three)):
            with self.subTest(order=[lead.name for lead in order]), self.env.cr.savepoint() as savepoint:
                self.convert(self.env["crm.lead"].union(*order))
                self.assertEqual(set((one | two | three).exists().mapped("type")), {"opportunity"})
                savepoint.rollback()
                self.env.invalidate_all()

    def test_those_gone_meanwhile_are_named_and_the_others_converted(self):
        merged, survivor, deleted = self.person(1, "Fusionnée"), self.person(3, "Reste"), self.person(2)
        kept = self.person(4, "Gardée")
        wizard = self.window(merged | deleted | kept).save()
        (survivor | merged).with_context(openfire_merge={"survivor_id": survivor.id}).merge_opportunity()
        deleted.unlink()
        action = wizard.action_mass_convert()
        self.assertEqual(kept.type, "opportunity")
        self.assertEqual(survivor.type, "lead")
        self.assertIn("merged into “Reste”", action["params"]["message"])
        self.assertIn("deleted", action["params"]["message"])

    def test_one_that_may_not_be_changed_is_left_and_named(self):
        locked, own = self.person(1, "Verrouillée"), self.person(2, "À moi")
        twin = self.person(1, "Jumelle")
        self.env["ir.rule"].create({
            "name": "Locked",
            "model_id": self.env["ir.model"]._get_id("crm.lead"),
            "domain_force": f"[('id', '!=', {locked.id})]",
            "perm_read": False, "perm_create": False, "perm_unlink": False,
        })  # fmt: skip
        action = self.convert(locked | twin | own, user=self.all_leads)
        self.assertEqual((locked | twin | own).exists(), locked | twin | own)
        self.assertEqual((twin | own).mapped("type"), ["opportunity"] * 2)
        self.assertEqual(locked.type, "lead")
        self.assertIn("Verrouillée", action["params"]["message"])

    def test_survivors_keep_their_salesperson_unless_everybody_is_assigned_anew(self):
        for force, expected in ((False, self.colleague), (True, self.all_leads)):
            with self.subTest(force=force):
                number = 10 + force
                owned = self.person(
                    number, type="opportunity", user_id=self.colleague.id, team_id=self.other_team.id
                )
                new = self.person(number, user_id=False, team_id=False)
                with self.window(new) as form:
                    form.user_ids.add(self.all_leads)
                    form.force_assignment = force
                form.save().action_mass_convert()
                self.assertEqual((owned | new).exists(), owned)
                self.assertEqual(owned.user_id, expected)
                self.assertEqual(owned.team_id, self.team if force else self.other_team)

    def test_one_persons_leads_of_two_companies_stay_two(self):
        self.env.user.company_ids |= self.second_company
        self.env = self.env(
            context={
                **self.env.context,
                "allowed_company_ids": (self.main_company | self.second_company).ids,
            }
        )
        here = self.person(1, team_id=False, company_id=self.main_company.id)
        there = self.person(1, team_id=False, user_id=self.foreigner.id, company_id=self.second_company.id)
        leads = (here | there).with_env(self.env)
        self.convert(leads)
        self.assertEqual(leads.exists(), leads)
        self.assertEqual(leads.company_id, self.main_company | self.second_company)
        self.assertEqual(set(leads.mapped("type")), {"opportunity"})

    def test_salespeople_of_another_company_do_not_take_what_was_merged(self):
        values = {"company_id": self.main_company.id, "user_id": False, "team_id": False}
        leads = self.person(1, **values) | self.person(1, **values)
        with self.window(leads, user=self.manager) as form:
            form.user_ids.add(self.foreigner)
        with self.assertRaisesRegex(UserError, "Foreigner does not work in"):
            form.save().action_mass_convert()
