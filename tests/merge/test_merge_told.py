"""What a click merged is told in whole sentences and taken back as a whole; conversions are not called merges."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .merge_common import MergeCase


@tagged("post_install", "-at_install")
class TestMergeTold(MergeCase):
    def convert_window(self, leads, **values):
        return self.env["crm.lead2opportunity.partner"].create(
            {
                "lead_id": leads[-1].id,
                "name": "merge",
                "duplicated_lead_ids": [Command.set(leads.ids)],
                **values,
            }
        )

    def mass_window(self, leads):
        model = self.env["crm.lead2opportunity.partner.mass"].with_context(
            active_model="crm.lead", active_ids=leads.ids, active_id=leads[0].id
        )
        return model.create({"name": "convert", "deduplicate": True, "action": "nothing"})

    def test_one_lead_and_several_are_told_in_whole_sentences(self):
        for count, message in (
            (2, "“Request 1” was merged into “Request 0”."),
            (3, "“Request 1” and “Request 2” were merged into “Request 0”."),
            (5, "“Request 1”, “Request 2”, “Request 3”, and “Request 4” were merged into “Request 0”."),
            (7, "“Request 1”, “Request 2”, “Request 3”, and 3 others were merged into “Request 0”."),
        ):
            with self.subTest(count=count):
                window = self.convert_window(self.make_leads(count))
                window.action_apply()
                self.assertEqual(window.get_merge_result()["message"], message)

    def test_the_convert_window_takes_back_merge_and_conversion_at_once(self):
        leads = self.make_leads(2)
        window = self.convert_window(leads)
        self.assertFalse(window.get_merge_result())
        window.action_apply()
        self.assertEqual(leads.exists().type, "opportunity")
        result = window.get_merge_result()
        self.assertEqual((result["survivor_id"], result["merged_ids"]), (leads[0].id, leads[1].ids))
        self.assertTrue(result["can_undo"])
        window.action_undo_merge()
        self.assertEqual(leads.exists().mapped("type"), ["lead", "lead"])
        with self.assertRaisesRegex(UserError, "nothing to undo"):
            window.action_undo_merge()

    def test_a_conversion_alone_tells_of_no_merge(self):
        lead = self.make_leads(1)
        window = self.env["crm.lead2opportunity.partner"].with_context(
            active_id=lead.id, active_ids=lead.ids, active_model="crm.lead"
        )
        window = window.create({"lead_id": lead.id, "name": "convert", "action": "nothing"})
        window.action_apply()
        self.assertEqual(lead.type, "opportunity")
        self.assertFalse(window.get_merge_result())

    def test_the_mass_window_takes_back_all_that_one_click_did(self):
        one = self.make_leads(2, email_from="one@requester.example")
        other = self.make_leads(2, email_from="other@requester.example")
        alone = self.make_leads(1, email_from="alone@requester.example")
        leads = one | other | alone
        before = self.make_leads(2)._merge_opportunity()
        window = self.mass_window(leads)
        window.action_mass_convert()
        self.assertEqual(leads.exists().mapped("type"), ["opportunity"] * 3)
        result = window.get_merge_result()
        self.assertEqual(result["message"], "2 leads were merged into “Request 0” and “Request 0”.")
        self.assertFalse(result["survivor_id"])
        window.action_undo_merge()
        self.assertEqual(leads.exists(), leads)
        self.assertEqual(leads.mapped("type"), ["lead"] * 5)
        merge = self.env["crm.lead.merge"].search([("survivor_id", "=", before.id)])
        self.assertEqual(merge.state, "done", "what another click did stays")

    def test_what_a_client_writes_into_the_window_is_no_way_to_others_merges(self):
        theirs = self.make_leads(2)
        theirs.user_id = self.colleague
        survivor = theirs.with_user(self.colleague)._merge_opportunity()
        merge = self.env["crm.lead.merge"].search([("survivor_id", "=", survivor.id)])
        window = self.convert_window(self.make_leads(2)).with_user(self.salesman)
        window.sudo().journal_ids = merge.ids
        with self.assertRaises(UserError):
            window.action_undo_merge()
        window.sudo().journal_ids = "everything"
        with self.assertRaises(UserError):
            window.action_undo_merge()

    def test_a_conversion_is_called_so_wherever_it_is_undone(self):
        lead = self.make_leads(1)
        lead.convert_opportunity(False)
        entry = self.env["crm.lead.merge"].search([("survivor_id", "=", lead.id)])
        self.assertEqual(entry.kind, "conversion")
        self.assertEqual(entry.action_ask_undo()["name"], "Undo the conversion?")
        self.assertEqual(entry._told_undone(), "The conversion is undone.")
        entry.action_undo()
        with self.assertRaisesRegex(UserError, "This conversion was already undone by"):
            entry.action_undo()
        survivor = self.make_leads(2)._merge_opportunity()
        merge = self.env["crm.lead.merge"].search([("survivor_id", "=", survivor.id)])
        self.assertEqual(merge.action_ask_undo()["name"], "Undo the merge?")
        self.assertEqual(merge._told_undone(), "The merge is undone. Existing again: “Request 1”.")

    def test_the_form_of_a_merged_lead_leaves_no_traceback_in_the_log(self):
        leads = self.make_leads(2)
        leads._merge_opportunity()
        try:
            leads[1].web_read({"name": {}})
        except Exception as warning:  # noqa: BLE001
            self.assertEqual(warning.loglevel, 20)
        else:
            self.fail("nothing told where the lead went")
