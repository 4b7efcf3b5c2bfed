"""Properties that refer to leads, of leads and of other models: moved, journaled, given back."""

from dataclasses import replace

from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.openfire_leads.merging.links.json_values import path_filter

from .merge_common import MergeCase

ONE = {"name": "aaaa1111", "type": "many2one", "comodel": "crm.lead", "string": "Came from"}
MANY = {"name": "bbbb2222", "type": "many2many", "comodel": "crm.lead", "string": "Asked for"}
OTHER_MANY = {"name": "cccc3333", "type": "many2many", "comodel": "crm.lead", "string": "Lost"}
PARTNERS = {"name": "dddd4444", "type": "many2many", "comodel": "res.partner", "string": "Friends"}
TEXT = {"name": "eeee5555", "type": "char", "string": "Stove"}


@tagged("post_install", "-at_install")
class TestMergeProperties(MergeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.definition = cls.env["properties.base.definition"]._get_definition_for_property_field(
            "res.partner", "properties"
        )
        cls.definition.properties_definition = [ONE, MANY, OTHER_MANY, PARTNERS, TEXT]
        cls.leads = cls.make_leads(4)

    def contact(self, **properties):
        return self.env["res.partner"].create({"name": "Anna", "properties": properties})

    def stored(self, record, column="properties"):
        """Return the properties as they are in the database: the ORM leaves out ids of deleted records."""
        self.env.flush_all()
        self.env.cr.execute(f"SELECT {column} FROM {record._table} WHERE id = %s", (record.id,))
        return self.env.cr.fetchone()[0]

    def test_properties_of_contacts_move_and_come_back(self):
        first, second, third, bystander = self.leads
        friend = self.contact(
            aaaa1111=second.id,
            bbbb2222=[third.id, bystander.id, second.id, first.id],
            cccc3333=[],
            # the same number as a lead, but of another model
            dddd4444=self.env["res.partner"].browse(second.id).exists().ids,
            eeee5555=str(second.id),
        )
        untouched = self.contact(aaaa1111=bystander.id, bbbb2222=[bystander.id])
        before, stored = self.dump(), self.stored(friend)
        survivor = (first + second + third).with_user(self.salesman).merge_opportunity()
        self.assertEqual(
            self.stored(friend),
            {**stored, "aaaa1111": survivor.id, "bbbb2222": [survivor.id, bystander.id]},
        )
        self.assertEqual(friend.properties["aaaa1111"], survivor.sudo())
        self.assertEqual(self.stored(untouched)["bbbb2222"], [bystander.id])
        merge = self.last_merge()
        self.assertIn(("res_partner", "properties"), self.tables(merge))
        merge.action_undo()
        self.assertFalse(merge.conflicts)
        self.assert_same_dump(before, self.dump())

    def tables(self, merge):
        return [(link.table_name, link.column_name) for link in merge.link_ids]

    def test_properties_of_another_lead_of_the_team_move_and_come_back(self):
        team = self.env["crm.team"].create({"name": "Stoves", "lead_properties_definition": [ONE, MANY]})
        first, second, third, bystander = self.leads
        self.leads.team_id = team
        bystander.lead_properties = {"aaaa1111": third.id, "bbbb2222": [second.id, bystander.id]}
        before = self.dump()
        (first + second + third).merge_opportunity()
        self.assertEqual(
            self.stored(bystander, "lead_properties"),
            {"aaaa1111": first.id, "bbbb2222": [first.id, bystander.id]},
        )
        self.last_merge().action_undo()
        self.assert_same_dump(before, self.dump())

    def test_properties_between_the_merged_leads_do_not_remain(self):
        team = self.env["crm.team"].create({"name": "Stoves", "lead_properties_definition": [ONE, MANY]})
        first, second, _third, bystander = self.leads
        self.leads.team_id = team
        first.lead_properties = {"aaaa1111": second.id}
        second.lead_properties = {"aaaa1111": first.id, "bbbb2222": [first.id, bystander.id]}
        before = self.dump()
        survivor = (first + second).merge_opportunity()
        stored = self.stored(survivor, "lead_properties")
        self.assertFalse(stored["aaaa1111"])
        self.assertEqual(stored["bbbb2222"], [bystander.id])
        self.last_merge().action_undo()
        self.assert_same_dump(before, self.dump())

    def test_default_of_a_property_moves_and_comes_back(self):
        first, second, _third, bystander = self.leads
        self.definition.properties_definition = [
            {**ONE, "default": second.id},
            {**MANY, "default": [bystander.id, second.id]},
            {**TEXT, "default": str(second.id)},
        ]
        before = self.dump()
        (first + second).merge_opportunity()
        one, many, text = self.stored(self.definition, "properties_definition")
        self.assertEqual(one["default"], first.id)
        self.assertEqual(many["default"], [bystander.id, first.id])
        self.assertEqual(text["default"], str(second.id))
        self.last_merge().action_undo()
        self.assert_same_dump(before, self.dump())

    def test_merges_that_touch_one_record_are_undone_in_any_order(self):
        first, second, third, fourth = self.leads
        friend = self.contact(aaaa1111=second.id, bbbb2222=[fourth.id])
        before = self.dump()
        (first + second).merge_opportunity()
        earlier = self.last_merge()
        (third + fourth).merge_opportunity()
        later = self.last_merge()
        earlier.action_undo()
        self.assertFalse(earlier.conflicts)
        self.assertEqual(self.stored(friend)["aaaa1111"], second.id)
        self.assertEqual(self.stored(friend)["bbbb2222"], [third.id])
        later.action_undo()
        self.assertFalse(later.conflicts)
        self.assert_same_dump(before, self.dump())

    def test_merges_in_bulk_that_touch_one_record_are_undone_one_by_one(self):
        first, second, third, fourth = self.leads
        friend = self.contact(aaaa1111=second.id, bbbb2222=[fourth.id])
        before = self.dump()
        self.env["crm.lead"]._merge_in_bulk([first + second, third + fourth])
        self.assertEqual(self.stored(friend)["aaaa1111"], first.id)
        self.assertEqual(self.stored(friend)["bbbb2222"], [third.id])
        for merge in self.env["crm.lead.merge"].search([("survivor_id", "in", (first + third).ids)]):
            merge.action_undo()
            self.assertFalse(merge.conflicts)
        self.assert_same_dump(before, self.dump())

    def test_property_changed_since_is_kept_and_told(self):
        first, second, third, bystander = self.leads
        friend = self.contact(aaaa1111=second.id, bbbb2222=[third.id])
        (first + second + third).merge_opportunity()
        friend.properties = {**self.stored(friend), "aaaa1111": bystander.id}
        merge = self.last_merge()
        merge.action_undo()
        self.assertEqual(self.stored(friend)["aaaa1111"], bystander.id)
        self.assertEqual(self.stored(friend)["bbbb2222"], [third.id])
        self.assertEqual(
            merge.conflicts, [{"type": "changed", "table": "res_partner", "model": "res.partner", "count": 1}]
        )

    def test_own_properties_filled_since_stay_and_those_of_the_merged_lead_go_back(self):
        other = {"name": "ffff6666", "type": "char", "string": "Wood"}
        team = self.env["crm.team"].create({"name": "Stoves", "lead_properties_definition": [TEXT, other]})
        first, second, _third, _bystander = self.leads
        self.leads.team_id = team
        second.lead_properties = {"eeee5555": "cast iron"}
        survivor = (first + second).merge_opportunity()
        survivor.lead_properties = {"eeee5555": "cast iron", "ffff6666": "oak"}
        merge = self.last_merge()
        self.assertFalse(merge.undo_conflicts())
        merge.action_undo()
        self.assertFalse(merge.conflicts)
        self.assertEqual(self.stored(survivor, "lead_properties"), {"ffff6666": "oak"})
        self.assertEqual(self.stored(second, "lead_properties")["eeee5555"], "cast iron")

    def test_own_property_changed_since_stays_unless_asked_for(self):
        team = self.env["crm.team"].create({"name": "Stoves", "lead_properties_definition": [TEXT]})
        first, second, _third, _bystander = self.leads
        self.leads.team_id = team
        second.lead_properties = {"eeee5555": "cast iron"}
        for restore, left in ((None, "steel"), (["lead_properties"], False)):
            survivor = (first + second).merge_opportunity()
            survivor.lead_properties = {"eeee5555": "steel"}
            merge = self.last_merge()
            self.assertEqual([conflict["field"] for conflict in merge.undo_conflicts()], ["lead_properties"])
            merge.action_undo(restore=restore)
            stored = self.stored(survivor, "lead_properties") or {}
            self.assertEqual(stored.get("eeee5555", False), left)
            first.lead_properties = {"eeee5555": False}

    def test_property_moves_although_the_row_does_not_tell_whose_definition_applies(self):
        links = [
            replace(link, base_field_id=None)
            if link.kind == "property" and link.table == "res_partner"
            else link
            for link in self.env["crm.lead"]._merge_links()
        ]
        self.patch(type(self.env["crm.lead"]), "_merge_links", lambda _self: links)
        first, second, _third, _bystander = self.leads
        friend = self.contact(aaaa1111=second.id)
        before = self.dump()
        (first + second).merge_opportunity()
        self.assertEqual(self.stored(friend)["aaaa1111"], first.id)
        self.last_merge().action_undo()
        self.assert_same_dump(before, self.dump())

    def test_json_is_looked_into_for_more_leads_than_one_merge_may_take(self):
        for count in (1, 2, 3, 7, 20_000):
            among = f"$[*] ? ({path_filter(range(1, count + 1))})"
            rows = self.env.execute_query(
                SQL(
                    "SELECT x::int FROM jsonb_path_query('[0, 1, 3, 7, 20000, 20001]', %s::jsonpath) x",
                    among,
                )
            )
            with self.subTest(count=count):
                self.assertEqual([x for (x,) in rows], [x for x in (1, 3, 7, 20_000) if x <= count])
