"""What is not written by ``write``: translations, values per company and files give way like any value."""

import base64

from odoo.tests import Form, new_test_user, tagged

from .merge_common import MergeCase

FIELDS = (
    ("x_slogan", "char", {"translate": "standard"}),
    ("x_code", "char", {"company_dependent": True}),
    ("x_kind", "selection", {"selection": "[('new', 'New')]", "company_dependent": True}),
    ("x_plan", "binary", {}),
    ("x_secret", "binary", {}),
)


@tagged("post_install", "-at_install")
class TestMergeApart(MergeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.add_fields(FIELDS)
        cls.other_company = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.hidden_company = cls.env["res.company"].create({"name": "Hidden"})
        cls.user = new_test_user(cls.env, "merge_apart", groups="sales_team.group_sale_manager")
        cls.user.company_ids |= cls.other_company
        cls.first, cls.second = cls.leads = cls.make_leads(2)

    def merge(self, leads=None, **picks):
        leads = (leads or self.leads).with_user(self.user)
        shown = leads.preview_merge(picks=picks)
        survivor = leads.with_context(openfire_merge={"picks": picks}).merge_opportunity()
        self.env.flush_all()
        survivor.invalidate_recordset()
        return {row["name"]: row for row in shown["fields"]}, survivor

    def undo(self, before):
        self.last_merge().action_undo()
        self.assert_same_dump(before, self.dump())

    def note(self, survivor):
        return str(survivor.message_ids.filtered(lambda one: "o_openfire_merged" in one.body)[:1].body)

    def file(self, text):
        return base64.b64encode(text.encode())

    def test_a_text_that_gave_way_is_told_in_all_its_languages(self):
        self.first.x_slogan = "Warm"
        self.second.x_slogan = "Cosy"
        self.second.with_context(lang="fr_FR").x_slogan = "Douillet"
        before = self.dump()
        shown, survivor = self.merge()
        self.assertEqual(shown["x_slogan"]["result"], {"lead_id": self.first.id, "display": "Warm"})
        self.assertEqual(survivor.x_slogan, "Warm")
        self.assertIn("x_slogan: Cosy", self.note(survivor))
        self.assertRegex(self.note(survivor), r"x_slogan \(French.*\): Douillet")
        self.undo(before)

    def test_a_text_can_be_picked_in_all_its_languages(self):
        self.first.x_slogan = "Warm"
        self.second.x_slogan = "Cosy"
        self.second.with_context(lang="fr_FR").x_slogan = "Douillet"
        before = self.dump()
        shown, survivor = self.merge(x_slogan=self.second.id)
        self.assertEqual(shown["x_slogan"]["how"], "picked")
        self.assertEqual(shown["x_slogan"]["result"]["display"], "Cosy")
        self.assertEqual(survivor.x_slogan, "Cosy")
        self.assertEqual(survivor.with_context(lang="fr_FR").x_slogan, "Douillet")
        self.assertIn("Replaced on this one", self.note(survivor))
        self.assertIn("x_slogan: Warm", self.note(survivor))
        self.undo(before)

    def test_a_blank_text_can_be_picked(self):
        self.first.x_slogan = "Warm"
        before = self.dump()
        _shown, survivor = self.merge(x_slogan=self.second.id)
        self.assertFalse(survivor.x_slogan)
        self.undo(before)

    def test_a_value_per_company_is_told_and_picked_company_by_company(self):
        for lead, here, there, hidden in ((self.first, "A", "B", "C"), (self.second, "D", "E", "F")):
            lead.x_code = here
            lead.with_company(self.other_company).x_code = there
            lead.with_company(self.hidden_company).x_code = hidden
        before = self.dump()
        shown, survivor = self.merge()
        self.assertEqual(shown["x_code"]["result"], {"lead_id": self.first.id, "display": "A"})
        note = self.note(survivor)
        self.assertIn("x_code: D", note)
        self.assertIn("x_code (Elsewhere): E", note)
        self.assertNotIn("Hidden", note, "a company that the user does not work in")
        self.undo(before)
        shown, survivor = self.merge(x_code=self.second.id)
        self.assertEqual(shown["x_code"]["result"], {"lead_id": self.second.id, "display": "D"})
        told = [survivor.sudo().with_company(one).x_code for one in (self.env.company, self.other_company)]
        self.assertEqual(told, ["D", "B"])
        self.undo(before)

    def test_what_a_lead_does_not_say_in_a_company_is_the_default_there(self):
        self.env["ir.default"].set("crm.lead", "x_code", "default", company_id=self.env.company.id)
        self.first.x_code = "A"
        shown, survivor = self.merge(x_code=self.second.id)
        self.assertEqual(shown["x_code"]["result"]["display"], "default")
        self.assertEqual(survivor.x_code, "default")

    def test_a_choice_per_company_that_is_no_longer_offered_is_told(self):
        self.env.cr.execute(
            "UPDATE crm_lead SET x_kind = jsonb_build_object(%s, 'dropped') WHERE id = %s",
            [str(self.env.company.id), self.second.id],
        )
        self.first.x_kind = "new"
        self.leads.invalidate_recordset()
        _shown, survivor = self.merge()
        self.assertIn("x_kind: dropped", self.note(survivor))

    def test_a_file_that_gave_way_is_among_the_survivors(self):
        self.first.x_plan, self.second.x_plan = self.file("own"), self.file("other")
        before = self.dump()
        shown, survivor = self.merge()
        self.assertEqual(shown["x_plan"]["result"]["lead_id"], self.first.id)
        self.assertEqual(survivor.x_plan, self.file("own"))
        self.assertIn("x_plan: a file, now among the attachments", self.note(survivor))
        domain = [("res_model", "=", "crm.lead"), ("res_id", "=", survivor.id)]
        files = self.env["ir.attachment"].with_user(self.user).search(domain)
        self.assertEqual((files.name, files.raw), ("x_plan (from Request 1)", b"other"))
        self.undo(before)

    def test_a_file_can_be_picked(self):
        self.first.x_plan, self.second.x_plan = self.file("own"), self.file("other")
        before = self.dump()
        shown, survivor = self.merge(x_plan=self.second.id)
        self.assertEqual((shown["x_plan"]["how"], shown["x_plan"]["choosable"]), ("picked", True))
        self.assertEqual(survivor.x_plan, self.file("other"))
        domain = [("res_model", "=", "crm.lead"), ("res_id", "=", survivor.id)]
        files = self.env["ir.attachment"].search(domain)
        self.assertEqual((files.name, files.raw), ("x_plan (from Request 0)", b"own"))
        self.undo(before)

    def test_a_blank_can_be_picked_instead_of_a_file(self):
        self.first.x_plan = self.file("own")
        before = self.dump()
        _shown, survivor = self.merge(x_plan=self.second.id)
        self.assertFalse(survivor.x_plan)
        self.assertIn("x_plan: a file", self.note(survivor))
        self.undo(before)

    def test_the_same_file_twice_is_kept_once(self):
        self.leads.x_plan = self.file("same")
        before = self.dump()
        shown, survivor = self.merge()
        self.assertNotIn("x_plan", shown)
        self.assertNotIn("x_plan", self.note(survivor))
        domain = [("res_model", "=", "crm.lead"), ("res_id", "=", survivor.id)]
        self.assertFalse(self.env["ir.attachment"].search(domain))
        self.undo(before)

    def test_a_file_that_groups_keep_from_some_stays_with_the_journal(self):
        self.patch(self.env["crm.lead"]._fields["x_secret"], "groups", "base.group_system")
        self.env.registry.clear_all_caches()
        self.addCleanup(self.env.registry.clear_all_caches)
        self.first.x_secret, self.second.x_secret = self.file("own"), self.file("other")
        before = self.dump()
        shown, survivor = self.merge()
        self.assertNotIn("x_secret", shown)
        self.assertNotIn("x_secret", self.note(survivor))
        file = self.env["ir.attachment"].search(
            [("res_model", "=", "crm.lead.merge"), ("res_id", "=", self.last_merge().id)]
        )
        self.assertEqual(file.raw, b"other")
        self.undo(before)

    def test_a_file_in_a_column_that_gave_way_is_among_the_survivors(self):
        field = self.env["crm.lead"]._fields["x_plan"]
        self.env.cr.execute("ALTER TABLE crm_lead ADD COLUMN x_plan bytea")
        self.patch(field, "attachment", False)
        self.patch(field, "column_type", ("bytea", "bytea"))
        self.env.registry.clear_all_caches()
        self.addCleanup(self.env.registry.clear_all_caches)
        self.first.x_plan, self.second.x_plan = self.file("own"), self.file("other")
        before = self.dump()
        _shown, survivor = self.merge()
        self.assertEqual(survivor.x_plan, self.file("own"))
        self.assertIn("x_plan: a file, now among the attachments", self.note(survivor))
        domain = [("res_model", "=", "crm.lead"), ("res_id", "=", survivor.id)]
        files = self.env["ir.attachment"].search(domain)
        self.assertEqual((files.name, files.raw), ("x_plan (from Request 1)", b"other"))
        self.undo(before)

    def test_a_file_that_gave_way_goes_with_who_is_erased(self):
        self.first.x_plan, self.second.x_plan = self.file("own"), self.file("other")
        _shown, survivor = self.merge()
        self.last_merge().line_ids.filtered(lambda line: line.sequence).unlink()
        domain = [("res_model", "=", "crm.lead"), ("res_id", "=", survivor.id)]
        self.assertFalse(self.env["ir.attachment"].search(domain))
        self.assertEqual(survivor.x_plan, self.file("own"))

    def test_many_merges_at_once_keep_each_its_files(self):
        leads = self.leads + self.make_leads(2)
        for lead in leads:
            lead.x_plan = self.file(str(lead.id))
            lead.x_slogan = f"Slogan {lead.id}"
        before = self.dump()
        survivors = leads.browse()._merge_in_bulk([leads[:2], leads[2:]])
        for survivor, merged in zip(survivors, (leads[1], leads[3]), strict=True):
            self.assertEqual(survivor.x_plan, self.file(str(survivor.id)))
            self.assertIn(f"x_slogan: Slogan {merged.id}", self.note(survivor))
            domain = [("res_model", "=", "crm.lead"), ("res_id", "=", survivor.id)]
            self.assertEqual(self.env["ir.attachment"].search(domain).raw, str(merged.id).encode())
        self.env["crm.lead.merge"].search([("survivor_id", "in", survivors.ids)]).action_undo()
        self.assert_same_dump(before, self.dump())

    def test_the_window_takes_the_picks(self):
        self.first.write({"x_slogan": "Warm", "x_code": "A", "x_plan": self.file("own")})
        self.second.write({"x_slogan": "Cosy", "x_code": "D", "x_plan": self.file("other")})
        action = self.leads.with_user(self.user)._open_merge_window()
        Wizard = self.env["crm.merge.opportunity"].with_user(self.user).with_context(action["context"])
        wizard = Form(Wizard.with_context(active_ids=self.leads.ids, active_model="crm.lead")).save()
        wizard.picks = dict.fromkeys(("x_slogan", "x_code", "x_plan"), self.second.id)
        wizard.action_merge()
        survivor = self.first
        self.assertEqual((survivor.x_slogan, survivor.x_code), ("Cosy", "D"))
        self.assertEqual(survivor.x_plan, self.file("other"))
