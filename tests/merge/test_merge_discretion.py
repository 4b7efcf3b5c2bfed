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
        (self.hidden + merged.sudo()).with_context(
            openfire_merge={"survivor_id": self.hidden[0].id}
        ).with_user(self.colleague).merge_opportunity()
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
        for made_up in (1, "x", own.ids):
            with self.subTest(made_up=made_up), self.assertRaisesRegex(UserError, "what was chosen"):
                own.with_context(openfire_merge=made_up).merge_opportunity()
        self.assertEqual(len(own.exists()), 2)
        own.with_context(openfire_merge={"order": own[::-1].ids}).merge_opportunity()
        self.assertEqual(self.last_merge().survivor_id, own[0])

    def test_a_value_made_up_by_a_client_does_not_get_past_the_groups_of_a_field(self):
        self.patch(self.env["crm.lead"]._fields["referred"], "groups", "base.group_system")
        own = self.make_leads(2).with_user(self.salesman)
        with self.assertRaises(AccessError):
            own.with_context(openfire_merge={"values": {"referred": "Made up"}}).merge_opportunity()
        self.assertFalse(own.sudo()[0].referred)

    def test_a_lead_that_exists_again_is_told_to_those_who_may_read_it_only(self):
        merge, _survivor, restored = self.undone_merge_of_two_owners()
        mine, line = merge.with_user(self.salesman), merge.line_ids[1]
        self.env.invalidate_all()
        Line = self.env["crm.lead.merge.line"].with_user(self.salesman)
        self.assertEqual(mine.line_ids.mapped("name"), ["Request 0"])
        self.assertFalse(
            Line.search([("merge_id", "=", merge.id), ("email_from", "=", "secret@example.com")])
        )
        self.assertFalse(Line._read_group([("phone", "ilike", "99")], ["email_from"]))
        with self.assertRaises(AccessError):
            Line.browse(line.id).read(["email_from"])
        told = mine.read() + mine._export_rows(
            [["merged_names"], ["display_name"], ["line_ids", "email_from"]]
        )
        self.assert_silent(str(told))
        self.assertIn("a lead that you may not see", mine.display_name)
        for name in ("merged_names", "line_ids.name"):
            found = self.env["crm.lead.merge"].with_user(self.salesman).search([(name, "ilike", "Secret")])
            self.assertNotIn(merge, found)
        self.assertIn("Secret", merge.with_user(self.manager).merged_names)
        restored.user_id = self.salesman
        self.env.invalidate_all()
        self.assertEqual(mine.merged_names, "Secret request", "the rights are those of the lead as it is now")
        self.assertEqual(len(mine.line_ids), 2)

    def test_the_name_of_an_entry_is_not_told_by_what_refers_to_it(self):
        merge, _survivor, _restored = self.undone_merge_of_two_owners()
        line = merge.line_ids[0].with_user(self.salesman)
        self.assert_silent(str(line.read(["merge_id"])))

    def test_the_chatter_says_no_more_of_a_lead_that_exists_again(self):
        _merge, survivor, restored = self.undone_merge_of_two_owners()
        chatter = str(survivor.with_user(self.salesman).message_ids.mapped("body"))
        self.assert_silent(chatter)
        self.assertNotIn("secret@example.com", chatter)
        self.assertIn(f"lead no. {restored.id}", chatter)
        self.assertIn("This merge was undone", chatter)
        self.assertIn("See this merge", chatter)
        self.assertNotIn("See or undo this merge", chatter)

    def test_a_notification_does_not_name_what_its_reader_may_not_see(self):
        merge, _survivor, _restored = self.undone_merge_of_two_owners()
        self.assert_silent(merge.with_user(self.salesman)._told_undone())
        self.assertIn("Secret", merge.with_user(self.manager)._told_undone())

    def test_what_the_journal_keeps_goes_with_the_survivor(self):
        leads = self.make_leads(2, email_from="own@example.com")
        survivor = leads.with_user(self.salesman).merge_opportunity().sudo()
        merge = self.last_merge()
        mine, theirs = merge.with_user(self.salesman), merge.with_user(self.colleague)
        self.assertEqual(len(mine.line_ids), 2)
        survivor.user_id = self.colleague
        self.env.invalidate_all()
        self.assertFalse(mine.line_ids)
        self.env.invalidate_all()
        self.assertEqual(len(theirs.line_ids), 2)
        self.env.invalidate_all()
        self.assertIn("Request 1", mine.merged_names, "who merged knows what")

    def test_conflicts_are_told_to_who_may_read_the_survivor(self):
        leads = self.make_leads(2)
        survivor = leads.with_user(self.salesman).merge_opportunity().sudo()
        merge = self.last_merge().with_user(self.salesman)
        survivor.write({"partner_name": "Secret Ltd"})
        survivor.flush_recordset()
        merge.sudo().write(
            {
                "kept_conflicts": [
                    {
                        "type": "value",
                        "field": "partner_name",
                        "label": "Company",
                        "before": "Secret",
                        "current": "Secret Ltd",
                    }
                ]
            }
        )
        self.assertEqual(merge.conflicts[0]["current"], "Secret Ltd")
        merge.sudo().state = "undone"
        survivor.user_id = self.colleague
        self.env.invalidate_all()
        self.assert_silent(str(merge.read(["conflicts"])))
        self.assertEqual(merge.conflicts[0]["label"], "Company")

    def undone_merge_of_two_owners(self):
        """Return the entry of a manager's merge that is undone, the salesman's lead and the colleague's."""
        leads = self.make_leads(1) + self.hidden[1]
        self.hidden[1].write({"email_from": "secret@example.com", "phone": "09 99 99 99 99"})
        survivor = leads.with_user(self.manager).merge_opportunity().sudo()
        self.assertEqual(survivor, leads[0])
        merge = self.last_merge()
        merge.with_user(self.manager).action_undo()
        self.env.invalidate_all()
        return merge, leads[0], leads[1]
