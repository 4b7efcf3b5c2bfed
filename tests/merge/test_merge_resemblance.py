"""The merge window says how much the leads resemble one another, and names those that do not."""

from odoo.tests import tagged

from .merge_common import MergeCase


@tagged("post_install", "-at_install")
class TestMergeResemblance(MergeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        people = (
            ("Poêle", "Théodule Vandenbroucke", "theodule.vandenbroucke@orange.example", "06 39 98 12 34"),
            (
                "Poêle bis",
                "Théodule Vandenbroucke",
                "theodule.vandenbroucke@orange.example",
                "06 39 98 12 34",
            ),
            ("Pergola", "Inès Castaing", "ines.castaing@free.example", "07 55 42 18 90"),
            ("Pergola bis", "Inès Castaing", "ines.castaing@free.example", "07 55 42 18 90"),
            ("Climatisation", "Zoé Quillévéré", "zoe@quillevere.example", "02 61 91 33 07"),
        )
        cls.leads = cls.env["crm.lead"].create(
            [
                {"name": name, "contact_name": contact, "email_from": email, "phone": phone, "type": "lead"}
                for name, contact, email, phone in people
            ]
        )
        cls.env.flush_all()
        cls.env["crm.lead"]._match_flush()

    def preview(self, *positions):
        leads = self.leads.browse([self.leads[position].id for position in positions])
        return self.env["crm.merge.opportunity"].get_merge_preview(leads.ids)

    def resemblance(self, preview):
        return {lead["id"]: lead["resemblance"] for lead in preview["leads"]}

    def test_one_requesters_leads_say_why_and_warn_of_nothing(self):
        preview = self.preview(0, 1)
        line = self.resemblance(preview)[self.leads[0].id]
        self.assertEqual(line["lead_id"], self.leads[1].id)
        self.assertTrue(line["alike"])
        self.assertIn("same phone", line["reasons"])
        self.assertEqual(preview["warnings"], [])

    def test_a_lead_that_is_like_no_other_is_named(self):
        preview = self.preview(0, 1, 4)
        self.assertFalse(self.resemblance(preview)[self.leads[4].id]["alike"])
        [warning] = preview["warnings"]
        self.assertRegex(warning, "“Climatisation” does not resemble")
        self.assertRegex(
            self.preview(0, 1, 2, 4)["warnings"][0], "“Pergola” and “Climatisation” do not resemble"
        )

    def test_two_pairs_of_two_people_are_told_apart(self):
        [warning] = self.preview(0, 1, 2, 3)["warnings"]
        self.assertRegex(warning, "“Pergola” and “Pergola bis” resemble each other, but none of the other")

    def test_leads_none_of_which_resembles_another_are_not_named_one_by_one(self):
        self.assertRegex(self.preview(0, 2, 4)["warnings"][0], "do not resemble one another")

    def test_what_somebody_said_to_be_no_duplicates_does_not_count(self):
        pair = self.env["crm.lead.duplicate"].search(
            [("lead_id", "=", self.leads[0].id), ("other_lead_id", "=", self.leads[1].id)]
        )
        pair.action_dismiss("brothers")
        preview = self.preview(0, 1)
        self.assertFalse(self.resemblance(preview)[self.leads[0].id]["alike"])
        self.assertEqual(len(preview["warnings"]), 1)

    def test_what_takes_no_part_in_the_search_is_compared_on_the_spot(self):
        self.leads[1].action_set_lost()
        self.env["ir.config_parameter"].set_param("openfire_leads.match_lost", "False")
        self.env.flush_all()
        self.assertTrue(self.resemblance(self.preview(0, 1))[self.leads[0].id]["alike"])
