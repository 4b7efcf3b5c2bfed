"""Whoever merges, it is journaled and can be undone: conversion of many, assignment, other modules."""

from odoo.tests import tagged

from .merge_common import MergeCase


@tagged("post_install", "-at_install")
class TestMergeEntrances(MergeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.same = {"contact_name": "Anna Roux", "email_from": "anna.roux@example.com", "phone": "0607080910"}

    def merges_of(self, leads):
        return self.env["crm.lead.merge"].search(
            [("kind", "=", "merge"), ("line_ids.lead_res_id", "in", leads.ids)]
        )

    def assert_back(self, leads, messages):
        self.assertEqual(leads.exists(), leads)
        for lead in leads:
            self.assertLessEqual(messages[lead.id], set(lead.message_ids.ids))

    def messages(self, leads):
        return {lead.id: set(lead.message_ids.ids) for lead in leads}

    def test_a_conversion_of_many_that_merges_duplicates_is_undone(self):
        leads = self.make_leads(3, **self.same)
        messages = self.messages(leads)
        wizard = (
            self.env["crm.lead2opportunity.partner.mass"]
            .with_context(active_model="crm.lead", active_ids=leads.ids, active_id=leads[0].id)
            .create({"deduplicate": True, "user_ids": [(6, 0, self.salesman.ids)]})
        )
        wizard.action_mass_convert()
        survivor = leads.exists()
        self.assertEqual(len(survivor), 1)
        self.env["crm.lead.merge"].search([("line_ids.lead_res_id", "in", leads.ids)]).action_undo()
        self.assert_back(leads, messages)
        self.assertEqual(set(leads.mapped("type")), {"lead"})

    def test_an_assignment_that_merges_duplicates_is_undone(self):
        team = self.env["crm.team"].create(
            {"name": "Assigned", "use_leads": True, "assignment_domain": "[('name', '=like', 'Request %')]"}
        )
        self.env["crm.team.member"].create(
            {"crm_team_id": team.id, "user_id": self.salesman.id, "assignment_max": 1000}
        )
        leads = self.make_leads(3, user_id=False, team_id=False, **self.same)
        leads.flush_recordset()
        messages = self.messages(leads)
        team._allocate_leads(creation_delta_days=0)
        survivor = leads.exists()
        self.assertEqual((survivor, survivor.team_id), (leads[0], team))
        merge = self.merges_of(leads)
        self.assertEqual((len(merge), merge.survivor_id, merge.lead_count), (1, survivor, 3))
        merge.action_undo()
        self.assert_back(leads, messages)

    def test_leads_are_merged_again_after_an_undo(self):
        leads = self.make_leads(3, **self.same)
        for lead in leads:
            self.give_past(lead)
        before = self.dump()
        for _time in range(2):
            leads.merge_opportunity()
            self.merges_of(leads).filtered(lambda merge: merge.state == "done").action_undo()
        (leads[0] + leads[2]).merge_opportunity()
        self.assertEqual(leads.exists(), leads[:2])
        self.merges_of(leads).filtered(lambda merge: merge.state == "done").action_undo()
        self.assert_same_dump(before, self.dump())

    def test_a_chain_of_four_is_undone_in_reverse(self):
        leads = self.make_leads(5)
        for position, lead in enumerate(leads):
            self.give_past(lead)
            lead.write({"city": f"City {position}" if position else False, "phone": f"060708091{position}"})
        before = self.dump()
        merges = self.env["crm.lead.merge"]
        for other in leads[1:]:
            (leads[0] + other).merge_opportunity()
            merges += self.merges_of(other)
        self.assertEqual((leads.exists(), len(merges)), (leads[0], 4))
        for merge in reversed(merges):
            merge.action_undo()
        self.assert_same_dump(before, self.dump())
