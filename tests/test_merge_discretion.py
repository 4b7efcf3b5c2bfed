"""What merging tells of leads that the user may not read: nothing but their number."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .merge_common import MergeCase


@tagged("post_install", "-at_install")
class TestMergeDiscretion(MergeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hidden = cls.make_leads(2, user_id=cls.colleague.id)
        cls.hidden[0].name, cls.hidden[1].name = "Secret survivor", "Secret request"

    def last_merge(self):
        return self.env["crm.lead.merge"].search([], order="id desc", limit=1)

    def assert_silent(self, text):
        self.assertNotIn("Secret", text)
        self.assertNotIn("merge_colleague", text)

    def test_a_hidden_merge_is_not_named_when_its_lead_is_selected(self):
        own = self.make_leads(1)
        self.hidden.with_user(self.colleague).merge_opportunity()
        selected = (own + self.hidden[1]).with_user(self.salesman)
        with self.assertRaises(UserError) as caught:
            selected.merge_opportunity()
        self.assert_silent(str(caught.exception))
        preview = self.env["crm.merge.opportunity"].with_user(self.salesman).get_merge_preview(selected.ids)
        self.assert_silent(str(preview))
        with self.assertRaises(UserError) as caught:
            self.env["crm.merge.opportunity"].with_user(self.salesman).create(
                {"opportunity_ids": [Command.set(selected.ids)]}
            )
        self.assert_silent(str(caught.exception))

    def test_a_hidden_lead_in_use_is_not_named(self):
        own = self.make_leads(1)
        message = str((own + self.hidden[0]).with_user(self.salesman)._merge_lock_error())
        self.assertIn("Request 0", message)
        self.assert_silent(message)
        self.assertIn("Secret", str(self.hidden.with_user(self.colleague)._merge_lock_error()))

    def test_a_hidden_later_merge_is_told_without_names(self):
        own = self.make_leads(2)
        merged = own.with_user(self.salesman).merge_opportunity()
        merge = self.last_merge()
        merged.sudo().user_id = self.colleague
        (self.hidden + merged.sudo()).with_context(openfire_merge_survivor_id=self.hidden[0].id).with_user(
            self.colleague
        ).merge_opportunity()
        with self.assertRaises(UserError) as caught:
            merge.with_user(self.salesman).action_undo()
        self.assertIn("Undo first", str(caught.exception))
        self.assertNotIn("Secret", str(caught.exception))

    def test_the_window_of_the_undo_names_no_hidden_merge(self):
        self.hidden.with_user(self.colleague).merge_opportunity()
        merge = self.last_merge()
        with self.assertRaises(AccessError):
            window = self.env["crm.lead.merge.undo"].with_user(self.salesman).create({"merge_id": merge.id})
            window.read(["survivor_name"])

    def test_a_value_kept_from_the_user_by_groups_is_merged_and_not_told(self):
        self.patch(self.env["crm.lead"]._fields["referred"], "groups", "base.group_system")
        own = self.make_leads(2)
        own[1].referred = "Classified"
        survivor = own.with_user(self.salesman).merge_opportunity()
        self.assertEqual(survivor.sudo().referred, "Classified")
        merge = self.last_merge()
        survivor.sudo().referred = "Classified too"
        self.assertEqual(merge.undo_conflicts()[0]["field"], "referred")
        mine = merge.with_user(self.salesman)
        self.assertFalse(mine.undo_conflicts())
        mine.action_undo()
        self.assertNotIn("Classified", str(mine.read(["conflicts"])))
        self.assertEqual(survivor.sudo().referred, "Classified too")

    def test_a_value_kept_from_the_user_by_groups_is_not_given_back_by_them(self):
        self.patch(self.env["crm.lead"]._fields["referred"], "groups", "base.group_system")
        own = self.make_leads(2)
        own[1].referred = "Classified"
        survivor = own.with_user(self.salesman).merge_opportunity()
        survivor.sudo().referred = "Classified too"
        self.last_merge().with_user(self.salesman).action_undo(restore=["referred"])
        self.assertEqual(survivor.sudo().referred, "Classified too")

    def test_a_context_made_up_by_a_client_is_no_run(self):
        own = self.make_leads(2).with_user(self.salesman)
        for made_up in ({"order": own.ids}, 1, "x", own.ids):
            with self.subTest(made_up=made_up), self.env.cr.savepoint():
                own.with_context(openfire_merge_run=made_up).merge_opportunity()
                merge = self.last_merge()
                self.assertEqual(merge.survivor_id, own[0])
                merge.action_undo()

    def test_a_value_made_up_by_a_client_does_not_get_past_the_groups_of_a_field(self):
        self.patch(self.env["crm.lead"]._fields["referred"], "groups", "base.group_system")
        own = self.make_leads(2).with_user(self.salesman)
        with self.assertRaises(AccessError):
            own.with_context(openfire_merge_values={"referred": "Made up"}).merge_opportunity()
        self.assertFalse(own.sudo()[0].referred)
