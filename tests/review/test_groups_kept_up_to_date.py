"""Groups follow the pairs, whichever door these change by."""

import random

from odoo.tests import tagged

from .review_common import ReviewCase


@tagged("post_install", "-at_install", "openfire_review")
class TestGroupsKeptUpToDate(ReviewCase):
    def test_leads_of_one_requester_are_one_group(self):
        leads = self._lead() | self._lead() | self._lead() | self._lead(self.stranger)
        group = self.groups(*leads)
        self.assertEqual(group.lead_ids, leads[:3])
        self.assertEqual((group.lead_count, group.state, group.band), (3, "open", "99.7"))
        self.assertTrue(group.certain)
        self.assertEqual(group.survivor_id, leads[0])
        self.assertEqual(group.newest_on, leads[2].create_date)
        self.assertIn("same e-mail", group.reasons)
        self.assertEqual(len(group.pair_ids), 3)

    def test_score_is_that_of_the_weakest_link(self):
        one, two, third = self._lead(), self._lead(), self._lead(email_from=False, street=False, zip=False)
        group = self.groups(one, two, third)
        self.assertEqual(len(group.lead_ids), 3)
        links = sorted(group.pair_ids.mapped("score"))
        self.assertEqual(group.score, links[1], "the best two of three links hold it")

    def test_a_new_lead_joins_its_group_and_leaves_others_alone(self):
        one = self._lead() | self._lead()
        other = self._lead(self.stranger) | self._lead(self.stranger)
        first, second = self.groups(*one), self.groups(*other)
        written = second.write_date
        new = self._lead()
        self.assertEqual(self.groups(new), first)
        self.assertEqual(first.lead_ids, one | new)
        self.assertEqual((self.groups(*other), second.write_date), (second, written))

    def test_leads_that_hang_together_are_dealt_with_once(self):
        people = self.requesters(3)
        self.groups(*people[0])
        self.env["crm.lead.regroup.queue"]._append_all()
        dealt_with = []
        while count := self.Group._bring_up_to_date(1):
            dealt_with.append(count)
        self.assertEqual(dealt_with, [2, 2, 2])
        self.assertTrue(all(len(self.groups(*leads)) == 1 for leads in people))

    def test_an_edit_takes_a_lead_out(self):
        leads = self._lead() | self._lead() | self._lead()
        group = self.groups(*leads)
        leads[1].write({name: self.stranger[name] for name in self.stranger})
        self.assertEqual(self.groups(leads[0]), group)
        self.assertEqual(group.lead_ids, leads[0] | leads[2])
        self.assertFalse(self.groups(leads[1]))

    def test_a_dismissed_pair_holds_its_leads_apart(self):
        one, two = self._lead(), self._lead()
        group = self.groups(one, two)
        self._pair(one, two).action_dismiss()
        self.assertFalse(self.groups(one, two))
        self.assertFalse(group.exists())
        third = self._lead()
        self.assertEqual(len(self.groups(one, two, third).lead_ids), 2)
        self._pair(one, two).action_suspect()
        self.assertEqual(self.groups(third).lead_ids, one | two | third)

    def test_a_merge_elsewhere_and_its_undo(self):
        leads = self._lead() | self._lead() | self._lead()
        group = self.groups(*leads)
        survivor = leads[:2].merge_opportunity()
        self.assertEqual(self.groups(survivor), group)
        self.assertEqual(group.lead_ids, leads[0] | leads[2])
        self.env["crm.lead.merge"].search([("survivor_id", "=", survivor.id)]).action_undo()
        self.assertEqual(self.groups(survivor).lead_ids, leads)

    def test_deleted_leads(self):
        leads = self._lead() | self._lead()
        group = self.groups(*leads)
        leads[1].unlink()
        self.assertFalse(self.groups(leads[0]))
        self.assertFalse(group.exists())
        leads = self._lead(self.stranger) | self._lead(self.stranger)
        group = self.groups(*leads)
        leads.unlink()
        with self.enter_registry_test_mode():
            self.env.ref("openfire_leads.ir_cron_match_queue").method_direct_trigger()
        self.assertFalse(group.exists())

    def test_step_by_step_gives_what_grouping_all_gives(self):
        draw = random.Random(7)
        people = [
            {
                **self.person,
                "contact_name": f"{first} Vandenbroucke",
                "email_from": f"{first}@example.org".lower(),
            }
            for first in ("Théodule", "Marie", "Solange", "Marc")
        ]
        leads = self.Lead.browse()
        for _step in range(25):
            values = dict(draw.choice(people))
            for name in draw.sample(("email_from", "phone", "street", "zip"), draw.randint(0, 3)):
                values[name] = False
            leads |= self._lead(values)
            if draw.random() < 0.3:
                draw.choice(leads).write({"contact_name": draw.choice(people)["contact_name"]})
            if draw.random() < 0.2:
                self.Pair.search([("state", "=", "suspected")], limit=1).action_dismiss()
            self.groups(*leads)

        def made():
            return sorted(
                (group.lead_ids.ids, group.score, group.lead_count) for group in self.groups(*leads)
            )

        before = made()
        self.assertGreater(len(before), 1)
        self.Group._regroup_all()
        self.assertEqual(made(), before)

    def test_scanning_all_groups(self):
        leads = self._lead() | self._lead()
        result = self.Group.with_user(self.manager).scan_groups()
        self.assertEqual((result["groups"], result["certain"]), (1, 1))
        self.assertEqual(self.groups(*leads).lead_ids, leads)
