"""Odoo's allocation of leads to teams merges what the pairs say, and nothing that somebody told apart."""

from odoo.tests import tagged

from odoo.addons.openfire_leads.tests.common import needs_french

from .merge_common import MergeCase


@tagged("post_install", "-at_install")
class TestMergeAllocation(MergeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.anna = {
            **{"contact_name": "Anna Roux", "phone": "0607080910", "street": "3 rue des Lilas"},
            **{"zip": "64000", "city": "Pau", "email_from": "anna.roux@example.com"},
        }
        cls.team = cls.env["crm.team"].create(
            {"name": "Allocated", "use_leads": True, "assignment_domain": "[('name', '=like', 'Request %')]"}
        )
        cls.env["crm.team.member"].create(
            {"crm_team_id": cls.team.id, "user_id": cls.salesman.id, "assignment_max": 1000}
        )

    def requests(self, *values):
        """Unassigned leads, the first one the oldest, with their pairs."""
        leads = self.make_leads(len(values), user_id=False, team_id=False)
        for lead, own in zip(leads, values, strict=True):
            lead.write({**self.anna, **own})
        self.env.flush_all()
        self.env["crm.lead"]._match_flush()
        return leads

    def pair(self, one, two):
        one, two = sorted((one.id, two.id))
        return self.env["crm.lead.duplicate"].search([("lead_id", "=", one), ("other_lead_id", "=", two)])

    def allocate(self, user=None):
        self.team.with_user(user or self.env.user)._allocate_leads(creation_delta_days=0)
        self.env.flush_all()

    def test_a_certain_pair_is_merged_whatever_its_addresses(self):
        leads = self.requests({}, {"email_from": "a.roux@example.net"})
        self.assertTrue(self.pair(*leads).certain)
        self.allocate()
        self.assertEqual(leads.exists(), leads[0])
        self.assertEqual(leads.exists().team_id, self.team)
        self.env["crm.lead.merge"].search([("survivor_id", "=", leads[0].id)]).action_undo()
        self.assertEqual(leads.exists(), leads)

    def test_a_certain_pair_is_merged_where_the_lead_has_no_address(self):
        leads = self.requests({"email_from": False}, {"email_from": False})
        self.assertTrue(self.pair(*leads).certain)
        self.allocate()
        self.assertEqual(leads.exists(), leads[0])

    @needs_french
    def test_the_merge_is_noted_in_the_language_of_the_team(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.salesman.lang = "fr_FR"
        leads = self.requests({}, {"email_from": "a.roux@example.net"})
        self.allocate()
        self.assertIn("Fusionnée dans celle-ci", str(leads.exists().message_ids.mapped("body")))

    def test_a_likely_pair_is_left_to_people(self):
        leads = self.requests({}, {"email_from": "a.roux@example.net", "phone": False, "street": False})
        self.assertTrue(self.pair(*leads))
        self.assertFalse(self.pair(*leads).certain)
        self.allocate()
        self.assertEqual(leads.exists(), leads)
        self.assertEqual(leads.team_id, self.team)

    def test_the_same_address_is_merged_as_in_odoo(self):
        leads = self.requests(
            {}, {"contact_name": "Bernard Petit", "phone": False, "street": False, "zip": False}
        )
        self.assertFalse(self.pair(*leads).certain)
        self.allocate()
        self.assertEqual(leads.exists(), leads[0])

    def test_who_was_told_apart_is_not_merged(self):
        for other in ({}, {"email_from": "a.roux@example.net"}):
            with self.subTest(other=other):
                leads = self.requests({}, other)
                self.pair(*leads).action_dismiss()
                self.allocate()
                self.assertEqual(leads.exists(), leads)
                self.assertEqual(leads.team_id, self.team)
                leads.unlink()

    def test_who_was_told_apart_is_not_merged_by_way_of_a_third(self):
        leads = self.requests({}, {}, {"email_from": "a.roux@example.net"})
        self.pair(leads[0], leads[1]).action_dismiss()
        self.assertTrue(self.pair(leads[0], leads[2]).certain and self.pair(leads[1], leads[2]).certain)
        self.allocate()
        self.assertLessEqual(leads[0] | leads[1], leads.exists())

    def test_what_is_lost_is_not_merged(self):
        leads = self.requests({"email_from": "a.roux@example.net"}, {})
        leads[0].action_set_lost()
        self.allocate()
        self.assertEqual(leads.exists(), leads)

    def test_one_of_another_company_is_not_merged(self):
        second = self.env["res.company"].create({"name": "Second"})
        leads = self.requests({}, {"email_from": "a.roux@example.net"}, {})
        leads[0].company_id = second
        leads[2].company_id = self.env.company
        self.allocate()
        self.assertIn(leads[0], leads.exists())

    def test_a_manager_merges_likewise(self):
        leads = self.requests({}, {"email_from": "a.roux@example.net"})
        self.allocate(self.manager)
        self.assertEqual(leads.exists(), leads[0])

    def test_the_opportunity_of_a_colleague_takes_the_new_lead(self):
        leads = self.requests({"type": "opportunity"}, {"email_from": "a.roux@example.net"})
        leads[0].write({"user_id": self.colleague.id})
        self.env.flush_all()
        self.allocate()
        self.assertEqual((leads.exists(), leads[0].user_id), (leads[0], self.colleague))

    def test_many_leads_take_no_more_queries_of_pairs_than_few(self):
        def asked(count):
            leads = self.requests(
                *[{"email_from": f"p{n}@example{n}.net", "contact_name": False} for n in range(count)]
            )
            found = {lead: lead for lead in leads}
            self.env.flush_all()
            self.env["crm.lead"]._follow_pairs(found)
            before = self.env.cr.sql_log_count
            self.env["crm.lead"]._follow_pairs(found)
            taken = self.env.cr.sql_log_count - before
            leads.unlink()
            return taken

        self.assertEqual(asked(12), asked(2))
