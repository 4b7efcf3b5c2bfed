"""Every stored field and every link is moved, combined or journaled; what is not fails by name."""

import base64
import re

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .merge_common import MergeCase

LEAD_FIELDS = [
    ("x_char", "char", {}),
    ("x_text", "text", {}),
    ("x_html", "html", {}),
    ("x_boolean", "boolean", {}),
    ("x_integer", "integer", {}),
    ("x_float", "float", {}),
    ("x_date", "date", {}),
    ("x_datetime", "datetime", {}),
    ("x_selection", "selection", {"selection": "[('a', 'A'), ('b', 'B')]"}),
    ("x_partner_id", "many2one", {"relation": "res.partner"}),
    ("x_parent_id", "many2one", {"relation": "crm.lead", "on_delete": "set null"}),
    ("x_partner_ids", "many2many", {"relation": "res.partner"}),
    ("x_file", "binary", {}),
    ("x_reference", "reference", {"selection": "[('res.partner', 'Contact'), ('crm.lead', 'Lead')]"}),
    ("x_translated", "char", {"translate": "standard"}),
    ("x_by_company", "char", {"company_dependent": True}),
    ("x_currency_id", "many2one", {"relation": "res.currency"}),
    ("x_money", "monetary", {"currency_field": "x_currency_id"}),
]
AWKWARD_FIELDS = [
    ("x_name", "char", {}),
    ("x_lead_id", "many2one", {"relation": "crm.lead", "required": True, "on_delete": "cascade"}),
    ("x_kept_by_id", "many2one", {"relation": "crm.lead", "on_delete": "restrict"}),
    ("x_reference", "reference", {"selection": "[('crm.lead', 'Lead')]"}),
    ("x_res_model", "char", {}),
    ("x_res_id", "integer", {}),
    ("x_by_company_id", "many2one", {"relation": "crm.lead", "company_dependent": True}),
    ("x_lead_ids", "many2many", {"relation": "crm.lead"}),
]


@tagged("post_install", "-at_install")
class TestMergeNothingLost(MergeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.model"].create(
            {"name": "Awkward", "model": "x_merge_awkward", "field_id": [Command.clear()]}
        )
        cls.add_fields(LEAD_FIELDS)
        cls.add_fields(AWKWARD_FIELDS, "x_merge_awkward")
        cls.env.flush_all()
        cls.env.cr.execute(
            """ALTER TABLE x_merge_awkward ADD CONSTRAINT merge_uniq UNIQUE (x_lead_id, x_name);
               CREATE UNIQUE INDEX merge_awkward_partial ON x_merge_awkward (COALESCE(x_kept_by_id, 0))
                WHERE x_name = 'sole';
               CREATE TABLE merge_unknown (lead integer REFERENCES crm_lead ON DELETE CASCADE, note varchar,
                PRIMARY KEY (lead, note))"""
        )
        cls.partners = cls.env["res.partner"].create([{"name": f"Partner {i}"} for i in range(3)])

    def awkward(self, lead, name, **values):
        return self.env["x_merge_awkward"].create({"x_lead_id": lead.id, "x_name": name, **values})

    def fill(self, lead, text):
        lead.write(
            {
                "x_char": text,
                "x_text": text,
                "x_html": f"<p>{text}</p>",
                "x_boolean": True,
                "x_integer": 7,
                "x_float": 7.25,
                "x_date": "2026-02-03",
                "x_datetime": "2026-02-03 04:05:06",
                "x_selection": "b",
                "x_partner_id": self.partners[0].id,
                "x_partner_ids": self.partners[:2].ids,
                "x_file": base64.b64encode(text.encode()),
                "x_reference": f"res.partner,{self.partners[1].id}",
                "x_translated": text,
                "x_by_company": text,
                "x_currency_id": self.env.ref("base.EUR").id,
                "x_money": 12.5,
            }
        )

    # --- the walks -------------------------------------------------------------------------

    def test_every_column_that_can_point_to_a_lead_is_known(self):
        Lead = self.env["crm.lead"]
        known = {(link.table, link.column) for link in Lead._merge_links()}
        known_tables = Lead._merge_ignored_tables()
        missing = [
            f"{table}.{column}"
            for table, column in sorted(self.links_of_registry() | self.links_of_catalogue())
            if (table, column) not in known and table not in known_tables
        ]
        self.assertFalse(missing, "neither moved nor journaled: " + ", ".join(missing))

    def links_of_catalogue(self):
        rows = self.env.execute_query(
            SQL(
                """SELECT tc.table_name, kcu.column_name
                     FROM information_schema.table_constraints tc
                     JOIN information_schema.key_column_usage kcu USING (constraint_schema, constraint_name)
                     JOIN information_schema.constraint_column_usage ccu USING (constraint_schema, constraint_name)
                    WHERE tc.constraint_type = 'FOREIGN KEY' AND ccu.table_name = 'crm_lead'
                UNION
                   SELECT a.table_name, a.column_name
                     FROM information_schema.columns a JOIN information_schema.columns b
                       ON a.table_name = b.table_name AND b.column_name = replace(a.column_name, '_id', '_model')
                     JOIN information_schema.tables t ON t.table_name = a.table_name AND t.table_type = 'BASE TABLE'
                    WHERE a.column_name LIKE '%%res_id' AND a.data_type = 'integer'"""
            )
        )
        return set(rows)

    def links_of_registry(self):
        links = set()
        for model in self.env.registry.values():
            if model._abstract or not self.registry.is_an_ordinary_table(self.env[model._name]):
                continue
            for name, field in model._fields.items():
                if not field.store:
                    continue
                if field.type == "many2many" and "crm.lead" in (field.comodel_name, model._name):
                    if field.comodel_name == "crm.lead":
                        links.add((field.relation, field.column2))
                    if model._name == "crm.lead":
                        links.add((field.relation, field.column1))
                elif (field.type == "many2one" and field.comodel_name == "crm.lead") or field.type in (
                    *("reference", "many2one_reference", "properties", "properties_definition"),
                ):
                    links.add((model._table, name))
        return links

    def test_every_field_of_a_merged_lead_is_combined_or_journaled(self):
        leads = self.make_leads(2)
        self.fill(leads[1], "from the other")
        merged = leads[1]
        stored = {
            name: merged._fields[name].convert_to_write(merged[name], merged)
            for name, field in merged._fields.items()
            if field.store and field.type not in ("one2many", "many2many") and merged[name]
        }
        survivor = leads.merge_opportunity()
        line = self.last_merge().line_ids.filtered(lambda line: line.lead_res_id == merged.id)
        lost = []
        for name, value in stored.items():
            field = survivor._fields[name]
            combined = field.convert_to_write(survivor[name], survivor) == value
            journaled = field.column_type and name in line.values_before
            if not combined and not journaled:
                lost.append(name)
        self.assertFalse(lost, "neither combined nor journaled: " + ", ".join(lost))

    # --- values ----------------------------------------------------------------------------

    def test_blanks_are_filled_in_fields_that_nobody_lists(self):
        leads = self.make_leads(3)
        self.fill(leads[2], "youngest")
        self.fill(leads[1], "middle")
        expected = {
            name: leads[1]._fields[name].convert_to_write(leads[1][name], leads[1])
            for name, ttype, _options in LEAD_FIELDS
            if ttype != "many2many"
        }
        leads[2].x_partner_ids = self.partners[2]
        survivor = leads.merge_opportunity()
        for name, value in expected.items():
            self.assertEqual(survivor._fields[name].convert_to_write(survivor[name], survivor), value, name)
        self.assertEqual(survivor.x_partner_ids, self.partners)

    def test_survivors_values_win_in_fields_that_nobody_lists(self):
        leads = self.make_leads(2)
        self.fill(leads[1], "other")
        leads[0].write({"x_char": "own", "x_translated": "own", "x_by_company": "own", "x_money": 1})
        leads[0].x_file = base64.b64encode(b"own")
        survivor = leads.merge_opportunity()
        self.assertEqual((survivor.x_char, survivor.x_translated, survivor.x_by_company), ("own",) * 3)
        self.assertEqual(base64.b64decode(survivor.x_file), b"own")
        # no currency of the other lead on the survivor's own amount, but a blank is a blank
        self.assertEqual(survivor.x_money, 1)
        kept = self.env["ir.attachment"].search(
            [("res_model", "=", "crm.lead"), ("res_id", "=", survivor.id)]
        )
        self.assertEqual(kept.raw, b"other", "the file that lost can be opened on the survivor")

    def test_translations_come_together_and_companies_one_by_one(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        other = self.env["res.company"].create({"name": "Other"})
        leads = self.make_leads(2)
        leads[1].x_translated = "Stove"
        leads[1].with_context(lang="fr_FR").x_translated = "Poêle"
        leads[0].x_by_company = "here"
        leads[1].x_by_company = "not here"
        leads[1].with_company(other).x_by_company = "there"
        survivor = leads.merge_opportunity()
        self.assertEqual(survivor.with_context(lang="fr_FR").x_translated, "Poêle")
        self.assertEqual(survivor.x_by_company, "here")
        self.assertEqual(survivor.with_company(other).x_by_company, "there")

    def test_properties_are_combined_by_name(self):
        team = self.env["crm.team"].create({"name": "Stoves"})
        leads = self.make_leads(2, team_id=team.id)
        team.lead_properties_definition = [
            {"name": "aaaa", "type": "char", "string": "Flue"},
            {"name": "bbbb", "type": "char", "string": "Wood"},
            {"name": "cccc", "type": "many2one", "comodel": "crm.lead", "string": "Other lead"},
        ]
        third = self.make_leads(1, team_id=team.id)
        leads[0].lead_properties = {"aaaa": "own"}
        leads[1].lead_properties = {"aaaa": "other", "bbbb": "oak"}
        third.lead_properties = {"cccc": leads[1].id}
        self.env.flush_all()
        before = self.dump()
        survivor = leads.merge_opportunity()
        self.assertEqual(survivor.lead_properties["aaaa"], "own")
        self.assertEqual(survivor.lead_properties["bbbb"], "oak")
        self.assertEqual(third.lead_properties["cccc"], survivor)
        self.last_merge().action_undo()
        self.assert_same_dump(before, self.dump())

    # --- links -----------------------------------------------------------------------------

    def test_awkward_links_move_and_come_back(self):
        leads = self.make_leads(4)
        first, second, third, bystander = leads
        clash = self.awkward(second, "same")
        self.awkward(first, "same")
        moved = self.awkward(second, "other", x_kept_by_id=second.id)
        self.awkward(third, "same", x_reference=f"crm.lead,{second.id}")
        sole = self.awkward(bystander, "sole", x_kept_by_id=second.id)
        pair = self.awkward(
            bystander, "pair", x_res_model="crm.lead", x_res_id=third.id, x_by_company_id=third.id
        )
        pair.x_lead_ids = first + second + bystander
        self.fill(first, "first")
        self.fill(second, "second")
        bystander.x_parent_id = second
        first.x_parent_id = third
        second.x_parent_id = first
        self.env.cr.execute(
            "INSERT INTO merge_unknown VALUES (%s, 'a'), (%s, 'a'), (%s, 'b')",
            (first.id, second.id, third.id),
        )
        self.env.flush_all()
        before = self.dump()
        survivor = (first + second + third).merge_opportunity()
        self.assertFalse(clash.exists(), "the row that clashed is in the journal")
        self.assertEqual((moved.x_lead_id, moved.x_kept_by_id), (survivor, survivor))
        self.assertEqual(sole.x_kept_by_id, survivor)
        self.assertEqual((pair.x_res_id, pair.x_by_company_id), (survivor.id, survivor))
        self.assertEqual(pair.x_lead_ids, survivor + bystander)
        self.assertEqual(bystander.x_parent_id, survivor)
        self.assertFalse(survivor.x_parent_id)
        self.env.cr.execute("SELECT lead, note FROM merge_unknown ORDER BY 2")
        self.assertEqual(self.env.cr.fetchall(), [(survivor.id, "a"), (survivor.id, "b")])
        self.last_merge().action_undo()
        self.assert_same_dump(before, self.dump())

    def test_link_that_cannot_move_stops_the_merge_by_name(self):
        leads = self.make_leads(2)
        self.awkward(leads[1], "stubborn")
        self.env.flush_all()
        self.env.cr.execute(
            f"ALTER TABLE x_merge_awkward ADD CHECK (x_name <> 'stubborn' OR x_lead_id = {leads[1].id})"
        )
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(
                UserError, "Awkward.*x_merge_awkward, x_lead_id.*rule “x_merge_awkward_check”"
            ) as caught,
            self.env.cr.savepoint(),
        ):
            leads.merge_opportunity()
        self.assertNotIn("violates", str(caught.exception))
        self.assertEqual(leads.exists(), leads)

    def hold(self, record):
        """Return a new record that holds on to this one."""
        self.env.cr.execute(
            "ALTER TABLE x_merge_awkward ADD COLUMN held_by integer REFERENCES x_merge_awkward ON DELETE RESTRICT"
        )
        # the ORM does so for a field of its own
        self.registry.clear_cache("stable")
        self.addCleanup(self.registry.clear_cache, "stable")
        holder = self.awkward(self.make_leads(1), "holder")
        self.env.flush_all()
        self.env.cr.execute("UPDATE x_merge_awkward SET held_by = %s WHERE id = %s", (record.id, holder.id))
        return holder

    def test_a_record_that_holds_on_to_one_that_clashes_stops_the_merge_by_name(self):
        leads = self.make_leads(2)
        clash = [self.awkward(lead, "same") for lead in leads][1]
        holder = self.hold(clash)
        [blocker] = leads.preview_merge()["blockers"]
        self.assertRegex(blocker, "Awkward: .*“same”.*Awkward: delete “holder”")
        with self.assertRaisesRegex(UserError, re.escape(blocker)):
            leads.merge_opportunity()
        self.assertTrue(holder.exists())
        holder.unlink()
        self.assertFalse(leads.preview_merge()["blockers"])
        self.assertTrue(leads.merge_opportunity())

    def test_a_record_that_the_user_may_not_see_stops_the_merge_by_its_number(self):
        leads = self.make_leads(2)
        clash = [self.awkward(lead, "same") for lead in leads][1]
        holder = self.hold(clash)
        [blocker] = leads.with_user(self.salesman).preview_merge()["blockers"]
        self.assertRegex(blocker, f"no. {clash.id} .*delete no. {holder.id},")

    def test_undo_tells_of_a_table_that_is_gone(self):
        leads = self.make_leads(2)
        self.env.cr.execute("INSERT INTO merge_unknown VALUES (%s, 'a')", (leads[1].id,))
        leads.merge_opportunity()
        self.env.cr.execute("DROP TABLE merge_unknown")
        merge = self.last_merge()
        merge.action_undo()
        self.assertIn(
            {"type": "missing", "table": "merge_unknown", "model": None, "count": 1}, merge.conflicts
        )
        self.assertEqual(leads.exists(), leads)
