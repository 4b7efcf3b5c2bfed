"""Nobody learns of a lead that they may not read."""

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common_duplicates import DuplicatesCase


@tagged("post_install", "-at_install", "openfire_duplicates")
class TestPairAccess(DuplicatesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mine, cls.mine_too = cls._lead(), cls._lead()
        cls.theirs = cls._lead(user_id=cls.manager.id)

    def test_a_salesperson_sees_pairs_of_own_leads_only(self):
        pairs = self.Pair.with_user(self.seller)
        ours = self.mine | self.mine_too | self.theirs
        domain = [("lead_id", "in", ours.ids)]
        self.assertEqual(pairs.search(domain), self._pair(self.mine, self.mine_too))
        self.assertEqual(pairs.search_count(domain), 1)
        self.assertEqual(pairs._read_group(domain, [], ["__count"]), [(1,)])
        hidden = self._pair(self.mine, self.theirs).with_user(self.seller)
        with self.assertRaises(AccessError):
            hidden.read(["score"])
        with self.assertRaises(AccessError):
            hidden.mapped("comparison")
        for verb in ("check_access", "close_window", "action_dismiss", "action_suspect", "action_merge"):
            arguments = ["read"] if verb == "check_access" else []
            with self.subTest(verb=verb), self.assertRaises(AccessError):
                getattr(hidden, verb)(*arguments)

    def test_a_manager_sees_all_pairs(self):
        for user in (self.manager, self.seller_of_all):
            self.assertEqual(len(self.Pair.with_user(user).search([("lead_id", "=", self.mine.id)])), 2)

    def test_who_sells_nothing_sees_nothing(self):
        clerk = new_test_user(self.env, "pairs_clerk", "base.group_user")
        with self.assertRaises(AccessError):
            self.Pair.with_user(clerk).search([])

    def test_scores_are_nobodys_to_write(self):
        pair = self._pair(self.mine, self.mine_too)
        for user in (self.seller, self.manager):
            for write in (
                lambda pair: pair.write({"score": 1}),
                lambda pair: pair.unlink(),
                lambda pair: pair.create({"lead_id": self.mine.id, "other_lead_id": self.theirs.id}),
            ):
                with self.assertRaises(AccessError):
                    write(pair.with_user(user))

    def test_only_managers_scan_everything(self):
        with self.assertRaises(AccessError):
            self.Pair.with_user(self.seller).scan()
        with self.assertRaises(AccessError):
            self.Pair.with_user(self.seller).scan(self.theirs.ids)
        self.assertEqual(self.Pair.with_user(self.seller).scan(self.mine.ids)["leads"], 1)
        self.assertGreaterEqual(self.Pair.with_user(self.manager).scan()["leads"], 3)

    def test_the_match_tables_are_closed(self):
        for model in ("crm.lead.match", "crm.lead.match.key", "crm.lead.match.term", "crm.lead.match.queue"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.manager).check_access("read")

    def test_pairs_across_companies_are_seen_with_both_companies(self):
        company = self.env["res.company"].create({"name": "Other company"})
        self.mine.company_id = self.env.company
        other = self._lead(company_id=company.id, user_id=False, team_id=False)
        pair = self._pair(self.mine, other)
        self.assertTrue(pair)
        both = {"company_ids": [(4, company.id)]}
        self.manager.write(both)
        pairs = self.Pair.with_user(self.manager)
        domain = [("id", "=", pair.id)]
        self.assertFalse(pairs.with_context(allowed_company_ids=self.env.company.ids).search(domain))
        self.assertTrue(
            pairs.with_context(allowed_company_ids=[self.env.company.id, company.id]).search(domain)
        )

    def test_merging_from_a_pair_opens_the_merge_window_on_both(self):
        pair = self._pair(self.mine, self.mine_too).with_user(self.seller)
        action = pair.action_merge()
        self.assertEqual(action["res_model"], "crm.merge.opportunity")
        self.assertEqual(action["context"]["active_ids"], [self.mine.id, self.mine_too.id])
        with self.assertRaises(AccessError):
            self.mine.with_user(self.seller).action_merge_with(self.theirs.ids)
