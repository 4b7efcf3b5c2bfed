"""Columns of leads that are out of the ordinary, and columns and tables that are gone when a merge is undone."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .merge_common import MergeCase

# who is assigned a lead is told, whatever becomes of it
MAILED = (
    *("mail_message", "mail_tracking_value", "mail_mail", "mail_mail_res_partner_rel"),
    *("mail_message_res_partner_rel", "mail_notification"),
)


@tagged("post_install", "-at_install")
class TestMergeLeadColumns(MergeCase):
    """Columns of the leads themselves that are out of the ordinary."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.add_fields(
            (
                ("x_like_id", "many2one", {"relation": "crm.lead", "on_delete": "set null"}),
                ("x_about", "reference", {"selection": "[('crm.lead', 'Lead')]"}),
                ("x_like_by_company", "many2one", {"relation": "crm.lead", "company_dependent": True}),
                ("x_gone", "char", {}),
                ("x_kind", "selection", {"selection": "[('new', 'New')]"}),
                ("x_number", "char", {}),
            )
        )
        cls.env.flush_all()
        cls.env.cr.execute(
            """ALTER TABLE crm_lead
                 ADD COLUMN merge_bytes bytea,
                 ADD COLUMN merge_length integer GENERATED ALWAYS AS (length(name)) STORED"""
        )
        cls.leads = cls.make_leads(4)

    def point(self, lead, to):
        lead.write({"x_like_id": to.id, "x_about": f"crm.lead,{to.id}", "x_like_by_company": to.id})

    def pointed_to(self, lead):
        lead.flush_recordset()
        lead.invalidate_recordset()
        self.env.cr.execute("SELECT x_about FROM crm_lead WHERE id = %s", (lead.id,))
        [about] = self.env.cr.fetchone()
        return lead.x_like_id.id, about, lead.x_like_by_company.id

    def test_a_choice_that_the_field_no_longer_offers_goes_along(self):
        """A selection's value that was taken from it since is still what the lead says."""
        for rule in ("oldest", "confidence"):
            with self.subTest(rule=rule):
                self.env["ir.config_parameter"].set_param("openfire_leads.survivor_rule", rule)
                first, second = self.make_leads(2, type="opportunity")
                self.env.cr.execute("UPDATE crm_lead SET x_kind = 'dropped' WHERE id = %s", [second.id])
                (first + second).invalidate_recordset()
                shown = (first + second).preview_merge()
                self.assertIn("dropped", str([row for row in shown["fields"] if row["name"] == "x_kind"]))
                survivor = (first + second).merge_opportunity()
                self.env.flush_all()
                self.env.cr.execute("SELECT x_kind FROM crm_lead WHERE id = %s", [survivor.id])
                self.assertEqual(self.env.cr.fetchone()[0], "dropped")
                self.last_merge().action_undo()
                self.env.cr.execute("SELECT x_kind FROM crm_lead WHERE id = %s", [second.id])
                self.assertEqual(self.env.cr.fetchone()[0], "dropped")

    def dropped_choice(self, lead):
        """What the column of a lead says, where the ORM may know no such choice."""
        self.env.flush_all()
        self.env.cr.execute("SELECT x_kind FROM crm_lead WHERE id = %s", [lead.id])
        return self.env.cr.fetchone()[0]

    def leads_with_a_dropped_choice(self):
        leads = self.make_leads(2, type="opportunity")
        self.env.cr.execute("UPDATE crm_lead SET x_kind = 'dropped' WHERE id = %s", [leads[1].id])
        leads.invalidate_recordset()
        return leads

    def convert_window(self, leads):
        return self.env["crm.lead2opportunity.partner"].create(
            {"lead_id": leads[-1].id, "name": "merge", "duplicated_lead_ids": [Command.set(leads.ids)]}
        )

    def test_a_choice_that_is_no_longer_offered_stops_no_window(self):
        leads = self.leads_with_a_dropped_choice()
        before = self.dump()
        wizard = self.env["crm.merge.opportunity"].create({"opportunity_ids": [Command.set(leads.ids)]})
        wizard.picks = {"x_kind": leads[1].id}
        wizard.get_merge_preview(leads.ids, picks=wizard.picks)
        wizard.action_merge()
        self.assertEqual(self.dropped_choice(leads[0]), "dropped")
        self.last_merge().undo_choices()
        wizard.action_undo_merge()
        wizard.unlink()
        self.assert_same_dump(before, self.dump())
        self.convert_window(leads).action_apply()
        self.assertEqual(self.dropped_choice(leads.exists()), "dropped")
        self.last_merge().action_undo()
        self.assertEqual(self.dropped_choice(leads[1]), "dropped")

    def test_a_choice_that_is_no_longer_offered_is_told_before_an_undo(self):
        leads = self.leads_with_a_dropped_choice()
        self.env.cr.execute("UPDATE crm_lead SET x_kind = 'older' WHERE id = %s", [leads[0].id])
        leads.invalidate_recordset()
        picks = {"picks": {"x_kind": leads[1].id}}
        survivor = leads.with_context(openfire_merge=picks).merge_opportunity()
        self.assertEqual(self.dropped_choice(survivor), "dropped")
        survivor.x_kind = "new"
        [choice] = self.last_merge().undo_choices()
        self.assertEqual((choice["before"], choice["current"]), ("older", "New"))
        self.last_merge().action_undo(restore=["x_kind"])
        self.assertEqual(self.dropped_choice(leads[0]), "older")

    def test_links_between_the_merged_leads_do_not_remain(self):
        first, second, third, bystander = self.leads
        self.point(first, second)
        self.point(second, first)
        before = self.dump()
        survivor = (first + second).merge_opportunity()
        self.assertEqual(self.pointed_to(survivor), (False, None, False))
        self.last_merge().action_undo()
        self.assert_same_dump(before, self.dump())
        self.point(third, bystander)
        before = self.dump()
        survivor = (first + second + third).merge_opportunity()
        self.assertEqual(self.pointed_to(survivor), (bystander.id, f"crm.lead,{bystander.id}", bystander.id))
        self.last_merge().action_undo()
        self.assert_same_dump(before, self.dump())

    def test_a_picked_link_to_a_merged_lead_does_not_remain(self):
        first, second, _third, bystander = self.leads
        self.point(first, bystander)
        self.point(second, first)
        picks = {"x_like_id": second.id, "x_about": second.id}
        survivor = (first + second).with_context(openfire_merge={"picks": picks}).merge_opportunity()
        self.assertEqual(self.pointed_to(survivor), (False, None, bystander.id))

    def test_links_of_other_leads_move_and_come_back(self):
        first, second, third, bystander = self.leads
        self.point(bystander, third)
        before = self.dump()
        survivor = (first + second + third).merge_opportunity()
        self.assertEqual(self.pointed_to(bystander), (survivor.id, f"crm.lead,{survivor.id}", survivor.id))
        self.last_merge().action_undo()
        self.assert_same_dump(before, self.dump())

    def test_columns_that_no_module_knows_come_back(self):
        first, second, _third, _bystander = self.leads
        self.env.cr.execute(
            "UPDATE crm_lead SET merge_bytes = %s WHERE id = ANY(%s)", (b"\x00\xff'\\", self.leads.ids)
        )
        before = self.dump()
        (first + second).merge_opportunity()
        merge = self.last_merge()
        merge.action_undo()
        self.assertFalse(merge.conflicts)
        self.assert_same_dump(before, self.dump())

    def test_a_value_that_only_one_lead_may_have_goes_to_the_survivor_and_back(self):
        first, second, third, bystander = self.leads
        self.env.flush_all()
        self.env.cr.execute("CREATE UNIQUE INDEX merge_number ON crm_lead (x_number, company_id)")
        self.leads.company_id = self.env.company
        second.x_number, bystander.x_number = "A1", "A2"
        before = self.dump()
        survivor = (first + second).with_user(self.salesman).merge_opportunity()
        self.assertEqual(survivor.x_number, "A1")
        self.last_merge().action_undo()
        self.assert_same_dump(before, self.dump())
        survivors = self.env["crm.lead"]._merge_in_bulk([first + second, third + bystander])
        self.assertEqual(survivors.mapped("x_number"), ["A1", "A2"])
        self.env["crm.lead.merge"].search([("survivor_id", "in", survivors.ids)]).filtered(
            lambda merge: merge.state == "done"
        ).action_undo()
        self.assert_same_dump(before, self.dump())

    def unique_numbers(self):
        self.env.flush_all()
        self.env.cr.execute("CREATE UNIQUE INDEX merge_number ON crm_lead (x_number)")

    def test_a_value_that_only_one_lead_may_have_goes_through_the_convert_window(self):
        first, second, _third, _bystander = self.leads
        self.unique_numbers()
        for kinds in (("lead", "lead"), ("opportunity", "lead")):
            with self.subTest(kinds=kinds):
                first.type, second.type = kinds
                second.x_number = "A1"
                before = self.dump()
                wizard = self.convert_window(first + second)
                wizard.action_apply()
                self.assertEqual(first.exists().x_number, "A1")
                note = first.message_ids.filtered(lambda one: "o_openfire_merged" in one.body)[:1]
                self.assertNotIn("A1", note.body, "nothing gave way")
                wizard.action_undo_merge()
                wizard.unlink()
                self.assertEqual((first.x_number, second.exists().x_number), (False, "A1"))
                self.assert_same_dump(before, self.dump(), additions=MAILED)

    def test_a_value_that_only_one_lead_may_have_follows_when_the_merged_leads_are_deleted_afterwards(self):
        first, second, third, _bystander = self.leads
        self.unique_numbers()
        second.x_number = "A1"
        before = self.dump()
        survivor = (first + second + third)._merge_opportunity(auto_unlink=False)
        second.unlink()
        self.assertFalse(survivor.x_number, "one is left")
        third.unlink()
        self.assertEqual(survivor.x_number, "A1")
        self.last_merge().action_undo()
        self.assert_same_dump(before, self.dump())

    def test_a_merge_that_was_given_up_gives_nothing_later(self):
        first, second, _third, _bystander = self.leads
        self.unique_numbers()
        second.x_number = "A1"
        with self.env.cr.savepoint() as savepoint:
            (first + second)._merge_opportunity(auto_unlink=False)
            savepoint.rollback()
        self.env.invalidate_all()
        second.unlink()
        self.assertFalse(first.x_number)

    def test_a_value_that_only_one_lead_may_have_stays_with_a_lead_that_is_not_deleted(self):
        first, second, _third, _bystander = self.leads
        self.env.flush_all()
        self.env.cr.execute("CREATE UNIQUE INDEX merge_number ON crm_lead (x_number)")
        second.x_number = "A1"
        survivor = (first + second)._merge_opportunity(auto_unlink=False)
        self.assertFalse(survivor.x_number)
        self.assertIn("A1", survivor.message_ids[0].body, "told as a value that gave way")

    def test_undo_after_a_field_of_the_lead_was_removed(self):
        first, second, _third, _bystander = self.leads
        second.write({"x_gone": "gone", "city": "Lyon"})
        (first + second).merge_opportunity()
        self.env["ir.model.fields"]._get("crm.lead", "x_gone").unlink()
        self.last_merge().action_undo()
        self.assertEqual(second.city, "Lyon")
        self.assertFalse(first.city)

    def test_undo_that_the_database_refuses_changes_nothing_and_says_why(self):
        first, second, _third, _bystander = self.leads
        second.city = "Lyon"
        survivor = (first + second).merge_opportunity()
        self.env.flush_all()
        self.env.cr.execute(
            "ALTER TABLE crm_lead ADD CHECK (city <> 'Lyon' OR type = 'opportunity') NOT VALID"
        )
        merge = self.last_merge()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(
                UserError, "cannot be undone as things are.*rule “crm_lead_check.*table crm_lead"
            ),
            self.env.cr.savepoint(),
        ):
            merge.action_undo()
        self.assertEqual((merge.state, survivor.city, second.exists().ids), ("done", "Lyon", []))


@tagged("post_install", "-at_install")
class TestUndoWithoutTheModule(MergeCase):
    """A module whose records were moved is uninstalled before the undo."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addClassCleanup(cls.registry.reset_changes)
        cls.env["ir.model"].create(
            {
                "name": "Visit",
                "model": "x_merge_visit",
                "field_id": [
                    Command.create({"name": name, "ttype": ttype, "field_description": name, **options})
                    for name, ttype, options in (
                        ("x_lead_id", "many2one", {"relation": "crm.lead", "on_delete": "cascade"}),
                        ("x_also_id", "many2one", {"relation": "crm.lead", "on_delete": "set null"}),
                        ("x_lead_ids", "many2many", {"relation": "crm.lead"}),
                    )
                ],
            }
        )
        cls.leads = cls.make_leads(2)
        cls.leads[1].city = "Lyon"
        cls.visit = cls.env["x_merge_visit"].create(
            {
                "x_lead_id": cls.leads[1].id,
                "x_also_id": cls.leads[1].id,
                "x_lead_ids": [Command.link(cls.leads[1].id)],
            }
        )

    def undone_merge(self):
        merge = self.env["crm.lead.merge"].search([], limit=1, order="id desc")
        merge.action_undo()
        self.assertEqual(self.leads[1].city, "Lyon")
        self.assertFalse(self.leads[0].city)
        return merge

    def test_the_model_is_gone(self):
        survivor = self.leads.merge_opportunity()
        self.env["ir.model"]._get("x_merge_visit").unlink()
        merge = self.undone_merge()
        missing = {"type": "missing", "table": "x_merge_visit", "model": "x_merge_visit", "count": 1}
        self.assertEqual(merge.conflicts, [missing, missing])
        note = survivor.message_ids[0].body
        self.assertIn("1 × x_merge_visit: their module was uninstalled", note)

    def test_one_of_its_fields_is_gone(self):
        self.leads.merge_opportunity()
        self.env["ir.model.fields"]._get("x_merge_visit", "x_also_id").unlink()
        merge = self.undone_merge()
        self.assertEqual([conflict["type"] for conflict in merge.conflicts], ["missing"])
        self.assertEqual((self.visit.x_lead_id, self.visit.x_lead_ids), (self.leads[1], self.leads[1]))
