"""Undoing from the client: at once, or with a choice where the survivor was changed since."""

from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .merge_common import MergeCase


@tagged("post_install", "-at_install")
class TestMergeWindowUndo(MergeCase):
    def merge(self, leads, user=None):
        survivor = leads.with_user(user or self.env.user)._merge_opportunity()
        merge = self.env["crm.lead.merge"].search([("survivor_id", "=", survivor.id)], limit=1)
        return survivor, merge.with_user(user or self.env.user)

    def ask(self, merge):
        action = merge.action_undo_or_ask()
        self.assertEqual(action["res_model"], "crm.lead.merge.undo")
        return Form(self.env[action["res_model"]].with_user(merge.env.user).with_context(**action["context"]))

    def test_an_unchanged_survivor_needs_no_question(self):
        leads = self.make_leads(2)
        survivor, merge = self.merge(leads)
        action = merge.action_undo_or_ask()
        self.assertEqual((action["res_model"], action["res_id"]), ("crm.lead", survivor.id))
        self.assertEqual(merge.state, "undone")

    def test_what_was_changed_since_is_shown_as_people_read_it(self):
        leads = self.make_leads(2)
        leads[1].write({"date_deadline": "2026-03-31", "partner_name": "SARL Poêles"})
        country = self.env.ref("base.be")
        leads[1].country_id = self.env.ref("base.fr")
        survivor, merge = self.merge(leads, self.salesman)
        survivor.write(
            {"date_deadline": "2026-04-30", "country_id": country.id, "partner_name": "SAS Poêles"}
        )
        window = self.ask(merge)
        choices = {choice["field"]: choice for choice in window.choices}
        self.assertEqual(choices["partner_name"]["current"], "SAS Poêles")
        self.assertEqual(choices["country_id"]["current"], country.display_name)
        self.assertIn("2026", choices["date_deadline"]["current"])
        self.assertEqual([choices[name]["before"] for name in ("partner_name", "country_id")], ["", ""])

    def test_what_was_changed_since_is_kept_unless_chosen_otherwise(self):
        leads = self.make_leads(2)
        leads[1].write({"phone": "04 72 00 00 02", "function": "Owner"})
        survivor, merge = self.merge(leads, self.salesman)
        survivor.write({"phone": "06 00 00 00 03", "function": "Tenant"})
        window = self.ask(merge).save()
        window.restore = ["function"]
        window.action_undo()
        self.assertEqual(len(leads.exists()), 2)
        self.assertEqual(survivor.phone, "06 00 00 00 03")
        self.assertFalse(survivor.function)

    def test_the_question_is_not_put_where_the_undo_would_be_refused(self):
        leads = self.make_leads(2)
        leads[1].phone = "04 72 00 00 02"
        survivor, merge = self.merge(leads, self.salesman)
        survivor.phone = "06 00 00 00 03"
        with self.assertRaises(AccessError):
            merge.with_user(self.colleague).action_undo_or_ask()
        merge.action_undo()
        with self.assertRaises(UserError):
            merge.action_undo_or_ask()

    def test_list_cards_and_form_of_the_journal_ask_once(self):
        leads = self.make_leads(2)
        leads[1].phone = "04 72 00 00 02"
        survivor, merge = self.merge(leads, self.salesman)
        for view in ("list", "kanban", "form"):
            arch = etree.fromstring(self.env["crm.lead.merge"].get_view(view_type=view)["arch"])
            [name] = [
                node.get("name")
                for node in arch.iter("button", "a")
                if node.get("string", node.text) == "Undo"
            ]
            # the client puts no question of its own before the one that the server answers with
            self.assertFalse(
                [node for node in arch.iter() if isinstance(node.tag, str) and node.get("confirm")]
            )
            self.assertEqual(name, "action_ask_undo")
        for phone, choices in ((survivor.phone, []), ("06 00 00 00 03", ["phone"])):
            survivor.phone = phone
            action = merge.action_ask_undo()
            window = Form(
                self.env[action["res_model"]].with_user(self.salesman).with_context(**action["context"])
            )
            self.assertEqual([choice["field"] for choice in window.choices or ()], choices)
        self.assertEqual(merge.state, "done")
        window.save().action_undo()
        self.assertEqual(merge.state, "undone")
