"""Merging from the list of pairs: pairs that hang together are one merge, others are several."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common_duplicates import DuplicatesCase


@tagged("post_install", "-at_install", "openfire_duplicates")
class TestGroupsOfPairs(DuplicatesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.one, cls.two, cls.three = cls._lead(), cls._lead(), cls._lead()
        cls.ann, cls.bea = cls._lead(cls.stranger), cls._lead(cls.stranger)

    def pairs(self):
        return (
            self._pair(self.one, self.two) | self._pair(self.two, self.three) | self._pair(self.ann, self.bea)
        )

    def window(self, pairs):
        action = pairs.with_user(self.seller).action_merge()
        self.assertEqual(action["res_model"], "crm.lead.duplicate.merge")
        return Form(self.env[action["res_model"]].with_user(self.seller).with_context(**action["context"]))

    def test_pairs_that_hang_together_open_the_merge_window(self):
        action = self.pairs()[:2].with_user(self.seller).action_merge()
        self.assertEqual(action["res_model"], "crm.merge.opportunity")
        self.assertEqual(action["context"]["active_ids"], (self.one | self.two | self.three).ids)

    def test_unrelated_pairs_are_listed_as_several_merges(self):
        window = self.window(self.pairs())
        self.assertEqual(window.group_count, 2)
        names = " + ".join((self.one | self.two | self.three).mapped("name"))
        self.assertEqual(
            window.group_names, f"1. {names}\n2. {' + '.join((self.ann | self.bea).mapped('name'))}"
        )

    def test_each_group_becomes_one_lead_and_one_click_takes_all_back(self):
        leads = self.one | self.two | self.three | self.ann | self.bea
        window = self.window(self.pairs()).save()
        action = window.action_merge()
        self.assertEqual(leads.exists(), self.one | self.ann)
        self.assertEqual(window.merge_ids.mapped("lead_count"), [2, 3])
        self.assertEqual(window.merge_ids.user_id, self.seller)
        self.assertIn("2 merges done", action["params"]["message"])
        undo = action["params"]["undo"]
        getattr(self.env[undo["model"]].with_user(self.seller).browse(undo["ids"]), undo["method"])()
        self.assertEqual(leads.exists(), leads)
        self.assertEqual(set(window.merge_ids.mapped("state")), {"undone"})
        with self.assertRaisesRegex(UserError, "nothing to undo"):
            window.action_undo()

    def test_only_leads_that_one_may_change_are_merged(self):
        window = self.window(self.pairs()).save()
        self.bea.user_id = self.manager
        with self.assertRaises(AccessError):
            window.action_merge()
        self.assertEqual(len((self.one | self.two | self.ann | self.bea).exists()), 4)

    def test_a_group_takes_no_more_leads_than_one_merge_may(self):
        window = self.window(self.pairs()).save()
        self.env["ir.config_parameter"].set_param("openfire_leads.merge_max_leads", "2")
        with self.assertRaisesRegex(UserError, "At most 2"):
            window.action_merge()

    def test_pairs_merged_meanwhile_are_told(self):
        window = self.window(self.pairs()).save()
        (self.one | self.two | self.three).merge_opportunity()
        (self.ann | self.bea).merge_opportunity()
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "merged or deleted"):
            window.action_merge()

    def test_won_ones_are_left_out_under_odoos_rule_only(self):
        self.bea.action_set_won()
        self.assertEqual(len(self.pairs()._groups_to_merge()), 2)
        self.env["ir.config_parameter"].set_param("openfire_leads.survivor_rule", "confidence")
        self.assertEqual(len(self.pairs()._groups_to_merge()), 1)


@tagged("post_install", "-at_install", "openfire_duplicates")
class TestFieldsOffered(DuplicatesCase):
    def test_no_technical_field_is_offered_for_grouping_filtering_or_export(self):
        for model, names in {
            "crm.lead.duplicate": ("values_digest", "dismissed_digest", "write_uid"),
            "crm.lead.merge": ("survivor_res_id", "rule"),
            "crm.lead.mail.aside": ("message_id", "alias_id", "raw_name"),
        }.items():
            described = self.env[model].with_user(self.manager).fields_get()
            for name in names:
                for attribute in ("groupable", "searchable", "exportable"):
                    with self.subTest(model=model, name=name, attribute=attribute):
                        self.assertFalse(described[name][attribute])
        described = self.Pair.fields_get()
        self.assertTrue(described["dismissed_by_id"]["groupable"])
        self.assertTrue(described["score"]["sortable"], "the list is sorted by what it shows")
