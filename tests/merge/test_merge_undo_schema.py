"""The schema is another one when a merge is undone: columns were added, changed their type, became required."""

from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL

from .merge_common import MergeCase


class SchemaCase(MergeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addClassCleanup(cls.registry.reset_changes)

    @classmethod
    def add_field(cls, name, ttype, model="crm.lead", **options):
        return cls.add_fields([(name, ttype, options)], model)

    def execute(self, query):
        self.env.flush_all()
        self.env.cr.execute(query)

    def column(self, lead, name, table="crm_lead"):
        """Return what the database has in a column of a row."""
        self.env.flush_all()
        [(value,)] = self.env.execute_query(
            SQL("SELECT %s FROM %s WHERE id = %s", SQL.identifier(name), SQL.identifier(table), lead.id)
        )
        return value

    def undone_merge(self):
        merge = self.env["crm.lead.merge"].search([], limit=1, order="id desc")
        merge.action_undo()
        return merge


@tagged("post_install", "-at_install")
class TestUndoOfTexts(SchemaCase):
    """A text became a text per language, or the other way round."""

    def setUp(self):
        super().setUp()
        # each test changes the fields again
        self.addCleanup(self.registry.reset_changes)
        self.env["res.lang"]._activate_lang("fr_FR")
        self.plain = self.add_field("x_plain", "char")
        self.translated = self.add_field("x_translated", "char", translate="standard")
        self.of_followers = self.add_field("x_of_follower", "char", model="mail.followers")
        self.first, self.second, self.third = self.make_leads(3)
        self.second.write({"x_plain": "Oak", "x_translated": "Ash"})
        self.second.with_context(lang="fr_FR").x_translated = "Frêne"

    def test_a_text_became_translated(self):
        survivor = (self.first + self.second).merge_opportunity()
        self.assertEqual(survivor.x_plain, "Oak")
        self.plain.translate = "standard"
        self.env.invalidate_all()
        merge = self.undone_merge()
        self.assertEqual(self.column(self.second, "x_plain"), {"en_US": "Oak"})
        self.assertEqual((self.second.x_plain, self.first.x_plain), ("Oak", False))
        self.assertFalse(merge.conflicts)

    def test_what_was_written_in_another_language_since_is_kept(self):
        self.first.x_plain = "Elm"
        survivor = (self.first + self.second).merge_opportunity()
        self.plain.translate = "standard"
        survivor.invalidate_recordset()
        survivor.with_context(lang="fr_FR").x_plain = "Orme"
        self.undone_merge()
        self.assertEqual(self.column(self.first, "x_plain"), {"en_US": "Elm", "fr_FR": "Orme"})

    def test_a_translated_text_became_plain(self):
        (self.first + self.second).merge_opportunity()
        self.translated.translate = False
        self.env.invalidate_all()
        merge = self.undone_merge()
        self.assertEqual(self.column(self.second, "x_translated"), "Ash")
        self.assertFalse(self.first.x_translated)
        self.assertFalse(merge.conflicts)

    def test_a_text_of_a_row_that_was_removed(self):
        partner = self.env["res.partner"].create({"name": "Follower"})
        (self.first + self.second).message_subscribe(partner.ids)
        follower = self.second.message_follower_ids.filtered(lambda row: row.partner_id == partner)
        follower.sudo().x_of_follower = "Beech"
        (self.first + self.second).merge_opportunity()
        self.assertFalse(follower.exists())
        self.of_followers.translate = "standard"
        self.env.invalidate_all()
        self.undone_merge()
        self.assertEqual(self.column(follower, "x_of_follower", "mail_followers"), {"en_US": "Beech"})


@tagged("post_install", "-at_install")
class TestUndoOfNewColumns(SchemaCase):
    """Columns that the journal knows nothing of."""

    def setUp(self):
        super().setUp()
        self.addCleanup(self.registry.reset_changes)
        self.first, self.second = self.make_leads(2, color=4)
        partner = self.env["res.partner"].create({"name": "Follower"})
        (self.first + self.second).message_subscribe(partner.ids)
        self.follower = self.second.message_follower_ids.filtered(lambda row: row.partner_id == partner)
        (self.first + self.second).merge_opportunity()
        self.assertFalse(self.follower.exists())

    def test_a_stored_computed_field_is_computed(self):
        for model, depends, value in (
            ("crm.lead", "color", "record.color + 1"),
            ("mail.followers", "res_id", "record.res_id + 1"),
        ):
            self.add_field(
                "x_computed",
                "integer",
                model=model,
                compute=f"for record in self: record['x_computed'] = {value}",
                depends=depends,
                readonly=True,
                store=True,
            )
        self.undone_merge()
        self.assertEqual(self.column(self.second, "x_computed"), 5)
        self.assertEqual(self.column(self.follower, "x_computed", "mail_followers"), self.second.id + 1)

    def test_a_new_field_takes_the_default_of_the_model(self):
        self.add_field("x_kind", "char")
        self.add_field("x_size", "integer")
        fields = self.env["crm.lead"]._fields
        with (
            patch.object(fields["x_kind"], "default", lambda model: "Usual"),
            patch.object(fields["x_size"], "default", lambda model: 7),
        ):
            self.undone_merge()
        self.assertEqual((self.second.x_kind, self.second.x_size), ("Usual", 7))

    def test_what_must_not_be_empty_takes_a_default_or_zero(self):
        for table in ("crm_lead", "mail_followers"):
            self.execute(
                f"""ALTER TABLE {table}
                      ADD COLUMN merge_default integer NOT NULL DEFAULT 3,
                      ADD COLUMN merge_text varchar, ADD COLUMN merge_number numeric, ADD COLUMN merge_yes boolean,
                      ADD COLUMN merge_date timestamp, ADD COLUMN merge_json jsonb;
                    UPDATE {table} SET merge_text = 'x', merge_number = 1, merge_yes = TRUE, merge_date = now(),
                           merge_json = '[]';
                    ALTER TABLE {table}
                      ALTER merge_text SET NOT NULL, ALTER merge_number SET NOT NULL, ALTER merge_yes SET NOT NULL,
                      ALTER merge_date SET NOT NULL, ALTER merge_json SET NOT NULL"""
            )
        self.undone_merge()
        for record, table in ((self.second, "crm_lead"), (self.follower, "mail_followers")):
            values = [
                self.column(record, f"merge_{name}", table)
                for name in ("default", "text", "number", "yes", "json")
            ]
            self.assertEqual(values, [3, "", 0, False, {}])

    def test_a_field_that_was_empty_is_required_now(self):
        self.assertFalse(self.second.exists())
        self.execute(
            """UPDATE crm_lead SET function = 'Owner' WHERE function IS NULL;
               ALTER TABLE crm_lead ALTER function SET NOT NULL"""
        )
        self.env.invalidate_all()
        with patch.object(self.env["crm.lead"]._fields["function"], "default", lambda model: "Buyer"):
            self.undone_merge()
        self.assertEqual(self.second.function, "Buyer")


@tagged("post_install", "-at_install")
class TestUndoOfChangedTypes(SchemaCase):
    """Columns of another type than the one they had."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.flush_all()
        cls.env.cr.execute(
            """ALTER TABLE crm_lead ADD COLUMN merge_area varchar, ADD COLUMN merge_day varchar,
                                    ADD COLUMN merge_size numeric, ADD COLUMN merge_code varchar;
               ALTER TABLE mail_followers ADD COLUMN merge_area varchar"""
        )
        cls.first, cls.second, cls.third = cls.make_leads(3)

    def give(self, lead, **values):
        sets = SQL(", ").join(SQL("%s = %s", SQL.identifier(name), value) for name, value in values.items())
        self.execute(SQL("UPDATE crm_lead SET %s WHERE id = %s", sets, lead.id))

    def change_types(self):
        self.execute(
            """ALTER TABLE crm_lead
                 ALTER merge_area TYPE integer USING NULL, ALTER merge_day TYPE date USING NULL,
                 ALTER merge_size TYPE varchar USING merge_size::varchar,
                 ALTER merge_code TYPE varchar(3) USING NULL"""
        )

    def test_values_are_cast_and_what_does_not_fit_is_left_out_and_told(self):
        self.give(self.second, merge_area="12", merge_day="2026-02-03", merge_size=1.5, merge_code="abcd")
        self.give(self.third, merge_area="twelve", merge_day="soon", merge_size=2, merge_code="abc")
        (self.first + self.second + self.third).merge_opportunity()
        self.change_types()
        merge = self.undone_merge()
        found = [
            [str(self.column(lead, f"merge_{name}")) for name in ("area", "day", "size", "code")]
            for lead in (self.second, self.third)
        ]
        self.assertEqual(found, [["12", "2026-02-03", "1.5", "None"], ["None", "None", "2", "abc"]])
        told = {
            conflict["field"]: conflict["count"]
            for conflict in merge.conflicts
            if conflict["type"] == "unfit"
        }
        self.assertEqual(told, {"merge_area": 1, "merge_day": 1, "merge_code": 1})
        self.assertIn("merge_area (1 × ", self.first.message_ids[0].body)

    def test_the_survivor_keeps_what_its_former_value_cannot_replace(self):
        self.give(self.first, merge_area="twelve")
        self.give(self.second, merge_area="13")
        (self.first + self.second).merge_opportunity()
        self.execute(
            """UPDATE crm_lead_merge_line SET values_after = values_after || '{"merge_area": "13"}' WHERE sequence = 0;
               UPDATE crm_lead SET merge_area = '13';
               ALTER TABLE crm_lead ALTER merge_area TYPE integer USING merge_area::integer"""
        )
        merge = self.undone_merge()
        self.assertEqual(self.column(self.first, "merge_area"), 13)
        self.assertEqual([c["field"] for c in merge.conflicts if c["type"] == "unfit"], ["merge_area"])

    def test_a_row_that_was_removed_comes_back_without_what_does_not_fit(self):
        partner = self.env["res.partner"].create({"name": "Follower"})
        (self.first + self.second).message_subscribe(partner.ids)
        follower = self.second.message_follower_ids.filtered(lambda row: row.partner_id == partner)
        self.execute(SQL("UPDATE mail_followers SET merge_area = 'twelve' WHERE id = %s", follower.id))
        (self.first + self.second).merge_opportunity()
        self.execute("ALTER TABLE mail_followers ALTER merge_area TYPE integer USING NULL")
        merge = self.undone_merge()
        self.assertTrue(follower.exists())
        self.assertIn(
            {
                "type": "unfit",
                "table": "mail_followers",
                "model": "mail.followers",
                "field": "merge_area",
                "count": 1,
            },
            merge.conflicts,
        )


@tagged("post_install", "-at_install")
class TestUndoAfterUndo(SchemaCase):
    """What an undo has learnt of the tables is of use to the next one only as long as it is true."""

    def setUp(self):
        super().setUp()
        self.execute("ALTER TABLE crm_lead ADD COLUMN merge_rooms varchar")
        self.first, self.second = self.make_leads(2)
        self.execute(
            SQL(
                "UPDATE crm_lead SET merge_rooms = CASE id WHEN %s THEN 'three' ELSE 'many' END",
                self.second.id,
            )
        )
        (self.first + self.second).merge_opportunity()
        self.assertFalse(self.undone_merge().conflicts)
        self.assertEqual(self.column(self.second, "merge_rooms"), "three")
        (self.first + self.second).merge_opportunity()

    def test_a_type_that_was_changed_in_between(self):
        self.execute("ALTER TABLE crm_lead ALTER merge_rooms TYPE integer USING 0")
        [conflict] = self.undone_merge().conflicts
        self.assertEqual((conflict["type"], conflict["field"]), ("unfit", "merge_rooms"))
        self.assertIsNone(self.column(self.second, "merge_rooms"))

    def test_a_default_that_was_changed_in_between(self):
        self.execute("ALTER TABLE crm_lead ADD COLUMN merge_floors integer NOT NULL DEFAULT 1")
        self.undone_merge()
        self.assertEqual(self.column(self.second, "merge_floors"), 1)
        (self.first + self.second).merge_opportunity()
        self.execute("ALTER TABLE crm_lead DROP COLUMN merge_floors")
        self.execute("ALTER TABLE crm_lead ADD COLUMN merge_floors integer NOT NULL DEFAULT 2")
        self.undone_merge()
        # the column has the name of the former one, and so its value
        self.assertEqual(self.column(self.second, "merge_floors"), 1)
        self.assertEqual(self.column(self.first, "merge_floors"), 2)

    def test_a_reference_that_was_added_in_between(self):
        self.execute("ALTER TABLE crm_lead ADD COLUMN merge_house integer")
        self.undone_merge()
        self.execute(SQL("UPDATE crm_lead SET merge_house = 7 WHERE id = %s", self.second.id))
        (self.first + self.second).merge_opportunity()
        self.execute("CREATE TABLE merge_house (id integer PRIMARY KEY)")
        self.execute(
            "ALTER TABLE crm_lead ADD FOREIGN KEY (merge_house) REFERENCES merge_house ON DELETE SET NULL"
        )
        [conflict] = self.undone_merge().conflicts
        self.assertEqual((conflict["type"], conflict["field"]), ("gone", "merge_house"))
