"""Tables that no module knows: whatever they look like, their rows move and come back, or are refused by name."""

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .merge_common import MergeCase


class UnknownTablesCase(MergeCase):
    def setUp(self):
        super().setUp()
        self.leads = self.make_leads(4)
        self.first, self.second, self.third, self.bystander = self.leads
        self.ids = {name: getattr(self, name).id for name in ("first", "second", "third", "bystander")}

    def execute(self, query):
        """Execute SQL in which leads are named in braces; return the rows."""
        self.env.flush_all()
        self.env.cr.execute(query.format(**self.ids))
        return self.env.cr.fetchall() if self.env.cr.description else None

    def merge(self):
        return (self.first + self.second + self.third).merge_opportunity()

    def undone_merge(self):
        merge = self.last_merge()
        merge.action_undo()
        return merge

    def assert_moves_and_comes_back(self, query, expected):
        """What ``query`` returns after the merge is ``expected``; after the undo everything is as it was."""
        before = self.dump()
        self.merge()
        self.assertEqual(self.execute(query), expected)
        merge = self.undone_merge()
        self.assertFalse(merge.conflicts)
        self.assert_same_dump(before, self.dump())


@tagged("post_install", "-at_install")
class TestTablesWithoutIds(UnknownTablesCase):
    def test_rows_that_are_the_same_or_have_empty_columns(self):
        self.execute(
            """CREATE TABLE merge_loose (lead integer REFERENCES crm_lead ON DELETE CASCADE, note varchar, data json);
               INSERT INTO merge_loose VALUES ({first}, 'a', NULL), ({second}, 'a', NULL), ({second}, 'a', NULL),
                   ({second}, NULL, NULL), ({third}, NULL, '{{"x": 1}}'), ({bystander}, 'a', NULL)"""
        )
        self.assert_moves_and_comes_back(
            "SELECT lead = {first}, count(*) FROM merge_loose GROUP BY 1 ORDER BY 1", [(False, 1), (True, 5)]
        )

    def test_a_table_of_one_column(self):
        self.execute(
            """CREATE TABLE merge_single (lead integer REFERENCES crm_lead ON DELETE CASCADE);
               INSERT INTO merge_single VALUES ({first}), ({second}), ({second}), ({bystander})"""
        )
        self.assert_moves_and_comes_back("SELECT count(*) FROM merge_single WHERE lead = {first}", [(3,)])

    def test_one_unique_column_that_is_the_lead(self):
        self.execute(
            """CREATE TABLE merge_single (lead integer PRIMARY KEY REFERENCES crm_lead ON DELETE CASCADE, data json);
               INSERT INTO merge_single VALUES ({first}, '1'), ({second}, '2'), ({third}, '3')"""
        )
        self.assert_moves_and_comes_back("SELECT lead = {first}, data FROM merge_single", [(True, 1)])

    def test_an_id_that_is_no_key(self):
        self.execute(
            """CREATE TABLE merge_numbered (id varchar, lead integer REFERENCES crm_lead ON DELETE CASCADE);
               CREATE TABLE merge_counted (id integer, lead integer REFERENCES crm_lead ON DELETE CASCADE);
               INSERT INTO merge_numbered VALUES ('A', {second}), (NULL, {second}), ('A', {third});
               INSERT INTO merge_counted VALUES (1, {second}), (NULL, {second}), (1, {third})"""
        )
        self.assert_moves_and_comes_back(
            "SELECT count(*) FROM merge_numbered n, merge_counted c WHERE n.lead = {first} AND c.lead = {first}",
            [(9,)],
        )

    def test_columns_that_the_database_computes_of_the_lead(self):
        self.execute(
            """CREATE TABLE merge_doubled (lead integer REFERENCES crm_lead ON DELETE CASCADE, note varchar,
                   twice integer GENERATED ALWAYS AS (lead * 2) STORED);
               INSERT INTO merge_doubled VALUES ({second}, 'a'), ({third}, NULL)"""
        )
        self.assert_moves_and_comes_back(
            "SELECT count(*) FROM merge_doubled WHERE twice = {first} * 2", [(2,)]
        )

    def test_names_that_odoo_would_not_take(self):
        self.execute(
            """CREATE TABLE "merge odd" ("the lead" integer REFERENCES crm_lead ON DELETE CASCADE,
                   "per cent %" varchar, PRIMARY KEY ("the lead", "per cent %"));
               INSERT INTO "merge odd" VALUES ({first}, 'a'), ({second}, 'a'), ({third}, 'b')"""
        )
        self.assert_moves_and_comes_back(
            'SELECT count(*) FROM "merge odd" WHERE "the lead" = {first}', [(2,)]
        )

    def test_what_was_changed_since_is_left_and_told(self):
        self.execute(
            """CREATE TABLE merge_loose (lead integer REFERENCES crm_lead ON DELETE CASCADE, note varchar);
               INSERT INTO merge_loose VALUES ({second}, 'a'), ({second}, NULL)"""
        )
        self.merge()
        self.execute("UPDATE merge_loose SET note = 'b' WHERE note IS NULL")
        merge = self.undone_merge()
        self.assertEqual(
            merge.conflicts, [{"type": "changed", "table": "merge_loose", "model": None, "count": 1}]
        )
        self.assertEqual(
            self.execute("SELECT lead, note FROM merge_loose ORDER BY 2"),
            [(self.second.id, "a"), (self.first.id, "b")],
        )

    def test_rows_that_the_survivor_left_without_a_lead(self):
        self.execute(
            """CREATE TABLE merge_loose (lead integer REFERENCES crm_lead ON DELETE SET NULL, note varchar);
               INSERT INTO merge_loose VALUES ({second}, 'a'), ({second}, NULL)"""
        )
        survivor = self.merge()
        survivor.unlink()
        self.undone_merge()
        self.assertEqual(self.execute("SELECT DISTINCT lead FROM merge_loose"), [(self.second.id,)])


@tagged("post_install", "-at_install")
class TestKeysOutOfTheOrdinary(UnknownTablesCase):
    def test_a_table_of_another_schema(self):
        self.execute(
            """CREATE SCHEMA merge_elsewhere;
               CREATE TABLE merge_elsewhere.visit (id serial PRIMARY KEY, name varchar,
                   lead integer REFERENCES crm_lead ON DELETE CASCADE, UNIQUE (lead, name));
               CREATE TABLE merge_elsewhere.loose (lead integer REFERENCES crm_lead ON DELETE SET NULL);
               CREATE TABLE merge_elsewhere.part (visit integer REFERENCES merge_elsewhere.visit ON DELETE CASCADE);
               INSERT INTO merge_elsewhere.visit (name, lead) VALUES ('a', {first}), ('a', {second}), ('b', {third});
               INSERT INTO merge_elsewhere.part SELECT id FROM merge_elsewhere.visit;
               INSERT INTO merge_elsewhere.loose VALUES ({second})"""
        )
        self.assert_moves_and_comes_back(
            """SELECT (SELECT count(*) FROM merge_elsewhere.visit WHERE lead = {first}),
                      (SELECT count(*) FROM merge_elsewhere.part),
                      (SELECT count(*) FROM merge_elsewhere.loose WHERE lead = {first})""",
            [(2, 2, 1)],
        )

    def test_a_key_of_several_columns(self):
        self.leads.company_id = self.env.company
        self.execute(
            """ALTER TABLE crm_lead ADD CONSTRAINT merge_both UNIQUE (id, company_id);
               CREATE TABLE merge_visit (id serial PRIMARY KEY, lead integer, company integer,
                   FOREIGN KEY (company, lead) REFERENCES crm_lead (company_id, id) ON DELETE CASCADE);
               INSERT INTO merge_visit (lead, company) SELECT id, company_id FROM crm_lead WHERE id = {second}"""
        )
        self.assert_moves_and_comes_back("SELECT count(*) FROM merge_visit WHERE lead = {first}", [(1,)])

    def test_a_key_to_something_else_than_the_id_is_refused_by_name(self):
        self.execute(
            """ALTER TABLE crm_lead ADD COLUMN merge_code varchar UNIQUE;
               CREATE TABLE merge_visit (id serial PRIMARY KEY,
                   code varchar REFERENCES crm_lead (merge_code) ON DELETE CASCADE);
               UPDATE crm_lead SET merge_code = id::text;
               INSERT INTO merge_visit (code) VALUES ({bystander}::text)"""
        )
        self.assertTrue((self.first + self.third).merge_opportunity(), "none of them has such a row")
        self.execute("INSERT INTO merge_visit (code) VALUES ({second}::text)")
        [blocker] = (self.first + self.second).preview_merge()["blockers"]
        self.assertRegex(blocker, r"merge_visit refers to one of these leads.*\(code\)")
        with self.assertRaisesRegex(UserError, r"merge_visit refers to one of these leads.*\(code\)"):
            (self.first + self.second).merge_opportunity()

    def test_a_row_that_the_database_numbers_always(self):
        self.execute(
            """CREATE TABLE merge_visit (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name varchar,
                   lead integer REFERENCES crm_lead ON DELETE CASCADE, UNIQUE (lead, name));
               INSERT INTO merge_visit (name, lead) VALUES ('a', {first}), ('a', {second}), ('b', {third})"""
        )
        self.assert_moves_and_comes_back("SELECT count(*) FROM merge_visit WHERE lead = {first}", [(2,)])

    def test_ids_beyond_the_integers(self):
        self.execute(
            """CREATE TABLE merge_visit (id bigint PRIMARY KEY, name varchar,
                   lead integer REFERENCES crm_lead ON DELETE CASCADE, UNIQUE (lead, name));
               INSERT INTO merge_visit (id, name, lead) VALUES
                   (5000000000, 'a', {first}), (5000000001, 'a', {second}), (5000000002, 'b', {third})"""
        )
        self.assert_moves_and_comes_back("SELECT count(*) FROM merge_visit WHERE lead = {first}", [(2,)])

    def test_a_partitioned_table(self):
        self.execute(
            """CREATE TABLE merge_visit (lead integer REFERENCES crm_lead ON DELETE CASCADE, day integer)
                   PARTITION BY LIST (day);
               CREATE TABLE merge_visit_1 PARTITION OF merge_visit FOR VALUES IN (1);
               CREATE TABLE merge_visit_2 PARTITION OF merge_visit DEFAULT;
               INSERT INTO merge_visit VALUES ({second}, 1), ({third}, 2), ({third}, NULL)"""
        )
        self.assert_moves_and_comes_back("SELECT count(*) FROM merge_visit WHERE lead = {first}", [(3,)])

    def test_a_table_whose_rows_are_all_in_one_that_inherits_from_it(self):
        self.execute(
            """CREATE TABLE merge_visit (lead integer REFERENCES crm_lead ON DELETE CASCADE, day integer);
               CREATE TABLE merge_long_visit () INHERITS (merge_visit);
               INSERT INTO merge_long_visit VALUES ({second}, 1), ({bystander}, 2)"""
        )
        self.assert_moves_and_comes_back("SELECT day FROM merge_visit WHERE lead = {first}", [(1,)])


@tagged("post_install", "-at_install")
class TestRowsThatClash(UnknownTablesCase):
    def test_nothing_may_be_the_same_as_nothing(self):
        if self.env.cr.connection.server_version < 150000:
            self.skipTest("NULLS NOT DISTINCT came with PostgreSQL 15")
        self.execute(
            """CREATE TABLE merge_visit (id serial PRIMARY KEY, name varchar,
                   lead integer REFERENCES crm_lead ON DELETE CASCADE, UNIQUE NULLS NOT DISTINCT (lead, name));
               INSERT INTO merge_visit (name, lead) VALUES (NULL, {first}), (NULL, {second}), ('b', {third})"""
        )
        self.assert_moves_and_comes_back("SELECT count(*) FROM merge_visit WHERE lead = {first}", [(2,)])

    def test_an_exclusion_constraint(self):
        self.execute(
            """CREATE TABLE merge_visit (id serial PRIMARY KEY, days int4range,
                   lead integer REFERENCES crm_lead ON DELETE CASCADE,
                   EXCLUDE USING gist (int4range(lead, lead, '[]') WITH &&, days WITH &&));
               INSERT INTO merge_visit (days, lead) VALUES ('[1,5)', {first}), ('[4,8)', {second}),
                   ('[5,6)', {third}), ('[9,10)', {third}), (NULL, {third})"""
        )
        self.assert_moves_and_comes_back(
            "SELECT days::text FROM merge_visit WHERE lead = {first} ORDER BY 1",
            [("[1,5)",), ("[9,10)",), (None,)],
        )

    def make_stoves(self, parts):
        """A table of stoves of which one clashes, and a table of parts that refers to it."""
        self.execute(
            """CREATE TABLE merge_stove (id integer PRIMARY KEY, name varchar, code varchar DEFAULT 'x',
                   lead integer REFERENCES crm_lead ON DELETE CASCADE, UNIQUE (lead, name), UNIQUE (id, name));
               INSERT INTO merge_stove (id, name, lead)
               VALUES (1, 'oak', {first}), (2, 'oak', {second}), (3, 'ash', {third});"""
            + parts
        )

    def assert_rows_that_hold_on_come_back(self, action):
        self.make_stoves(
            f"""CREATE TABLE merge_part (id serial PRIMARY KEY, stove integer REFERENCES merge_stove {action});
                CREATE TABLE merge_screw (part integer REFERENCES merge_part {action});
                INSERT INTO merge_part (id, stove) VALUES (1, 1), (2, 2), (3, 3);
                INSERT INTO merge_screw VALUES (1), (2), (2)"""
        )
        self.assert_moves_and_comes_back(
            "SELECT count(*), (SELECT count(*) FROM merge_screw) FROM merge_part", [(2, 1)]
        )

    def test_rows_that_hold_on_to_one_that_clashes(self):
        self.assert_rows_that_hold_on_come_back("")

    def test_rows_that_hold_on_at_once_to_one_that_clashes(self):
        self.assert_rows_that_hold_on_come_back("ON DELETE RESTRICT")

    def test_rows_that_are_emptied_have_no_id(self):
        self.make_stoves(
            """CREATE TABLE merge_part (stove integer REFERENCES merge_stove ON DELETE SET NULL, note varchar);
               INSERT INTO merge_part VALUES (2, 'a'), (2, NULL), (3, NULL)"""
        )
        self.assert_moves_and_comes_back("SELECT count(*) FROM merge_part WHERE stove IS NULL", [(2,)])

    def test_rows_that_take_their_default(self):
        self.make_stoves(
            """CREATE TABLE merge_part (
                   id serial, stove integer DEFAULT 3 REFERENCES merge_stove ON DELETE SET DEFAULT);
               INSERT INTO merge_part (stove) VALUES (2), (1)"""
        )
        self.assert_moves_and_comes_back("SELECT stove FROM merge_part ORDER BY 1", [(1,), (3,)])

    def test_a_key_of_several_columns_to_what_clashes(self):
        self.make_stoves(
            """CREATE TABLE merge_part (id serial PRIMARY KEY, stove integer, name varchar,
                   FOREIGN KEY (name, stove) REFERENCES merge_stove (name, id) ON DELETE SET NULL);
               CREATE TABLE merge_screw (stove integer, name varchar,
                   FOREIGN KEY (stove, name) REFERENCES merge_stove (id, name) ON DELETE CASCADE);
               INSERT INTO merge_part (stove, name) VALUES (2, 'oak'), (1, 'oak');
               INSERT INTO merge_screw VALUES (2, 'oak'), (1, 'oak')"""
        )
        self.assert_moves_and_comes_back(
            "SELECT count(*), (SELECT count(*) FROM merge_screw) FROM merge_part WHERE stove IS NULL",
            [(1, 1)],
        )

    def assert_rows_of_the_same_table_come_back(self, action, left):
        self.make_stoves(
            f"""ALTER TABLE merge_stove ADD COLUMN above integer REFERENCES merge_stove {action};
                INSERT INTO merge_stove (id, name, above) VALUES (4, 'pipe', 2);
                INSERT INTO merge_stove (id, name, above, lead) VALUES (5, 'cap', 4, {{third}})"""
        )
        self.assert_moves_and_comes_back("SELECT id FROM merge_stove ORDER BY 1", [(one,) for one in left])

    def test_rows_of_the_same_table_that_are_removed_along(self):
        self.assert_rows_of_the_same_table_come_back("ON DELETE CASCADE", [1, 3])

    def test_rows_of_the_same_table_that_hold_on(self):
        self.assert_rows_of_the_same_table_come_back("ON DELETE RESTRICT", [1, 3])

    def test_rows_of_the_same_table_that_are_emptied(self):
        self.assert_rows_of_the_same_table_come_back("ON DELETE SET NULL", [1, 3, 4, 5])

    def test_a_row_that_comes_back_when_what_it_referred_to_is_gone(self):
        self.make_stoves(
            """CREATE TABLE merge_wood (id integer PRIMARY KEY);
               INSERT INTO merge_wood VALUES (1), (2);
               ALTER TABLE merge_stove ADD COLUMN wood integer REFERENCES merge_wood;
               UPDATE merge_stove SET wood = 2 WHERE id = 2"""
        )
        self.merge()
        self.execute("DELETE FROM merge_wood WHERE id = 2")
        self.undone_merge()
        self.assertEqual(
            self.execute("SELECT lead, wood FROM merge_stove WHERE id = 2"), [(self.second.id, None)]
        )

    def test_a_row_that_would_refer_to_one_that_did_not_come_back(self):
        self.make_stoves(
            """CREATE TABLE merge_wood (id integer PRIMARY KEY);
               INSERT INTO merge_wood VALUES (1), (2);
               ALTER TABLE merge_stove ADD COLUMN wood integer REFERENCES merge_wood ON DELETE CASCADE;
               UPDATE merge_stove SET wood = 2 WHERE id = 2;
               CREATE TABLE merge_part (id serial, stove integer REFERENCES merge_stove ON DELETE SET NULL);
               INSERT INTO merge_part (stove) VALUES (2)"""
        )
        self.merge()
        self.execute("DELETE FROM merge_wood WHERE id = 2")
        merge = self.undone_merge()
        self.assertEqual(
            {conflict["table"] for conflict in merge.conflicts},
            {"merge_stove", "merge_part"},
            "told, not refused",
        )


@tagged("post_install", "-at_install")
class TestTwoKeys(UnknownTablesCase):
    """Rows that join a lead to another one, which becomes the same lead."""

    def make_joins(self, lead, other):
        self.execute(
            f"""CREATE TABLE merge_join (id integer PRIMARY KEY,
                    lead integer {lead} REFERENCES crm_lead ON DELETE CASCADE,
                    another integer {other} REFERENCES crm_lead ON DELETE CASCADE);
                INSERT INTO merge_join VALUES (1, {{first}}, {{second}}), (2, {{second}}, {{first}}),
                    (3, {{second}}, {{third}}), (4, {{second}}, {{bystander}}), (5, {{bystander}}, {{third}}),
                    (6, {{second}}, {{second}})"""
        )

    def assert_joins(self, expected):
        names = {None: None, **{lead: name for name, lead in self.ids.items()}}
        before = self.dump()
        self.merge()
        rows = self.execute("SELECT id, lead, another FROM merge_join ORDER BY id")
        self.assertEqual({one: (names[lead], names[other]) for one, lead, other in rows}, expected)
        merge = self.undone_merge()
        self.assertFalse(merge.conflicts)
        self.assert_same_dump(before, self.dump())

    stays = {4: ("first", "bystander"), 5: ("bystander", "first"), 6: ("first", "first")}

    def test_the_key_that_may_be_empty_is(self):
        self.make_joins("NOT NULL", "")
        self.assert_joins({**dict.fromkeys((1, 2, 3), ("first", None)), **self.stays})

    def test_the_first_key_is_emptied_where_the_other_must_not_be(self):
        self.make_joins("", "NOT NULL")
        self.assert_joins({**dict.fromkeys((1, 2, 3), (None, "first")), **self.stays})

    def test_the_later_key_is_emptied_where_both_may_be(self):
        self.make_joins("", "")
        self.assert_joins({**dict.fromkeys((1, 2, 3), ("first", None)), **self.stays})

    def test_a_row_that_must_have_both_is_set_aside(self):
        self.make_joins("NOT NULL", "NOT NULL")
        self.assert_joins(self.stays)


@tagged("post_install", "-at_install")
class TestWhatLeadsReferTo(UnknownTablesCase):
    """Records to which leads refer and that were deleted since."""

    def make_kinds(self, column):
        self.execute(
            f"""CREATE TABLE merge_kind (id integer PRIMARY KEY);
                INSERT INTO merge_kind VALUES (1), (2);
                ALTER TABLE crm_lead ADD COLUMN merge_kind {column};
                UPDATE crm_lead SET merge_kind = 1"""
        )

    def test_one_that_must_be_there_is_named(self):
        self.make_kinds("integer REFERENCES merge_kind")
        self.execute("UPDATE crm_lead SET merge_kind = 2 WHERE id = {second}")
        self.execute("ALTER TABLE crm_lead ALTER merge_kind SET NOT NULL")
        self.merge()
        self.execute("DELETE FROM merge_kind WHERE id = 2")
        merge = self.last_merge()
        with self.assertRaisesRegex(UserError, r"merge_kind.*must not be empty.*no\. 2.*nothing was undone"):
            merge.action_undo()
        self.execute("ALTER TABLE crm_lead ALTER merge_kind DROP NOT NULL")
        merge.action_undo()
        self.assertEqual(self.execute("SELECT merge_kind FROM crm_lead WHERE id = {second}"), [(None,)])

    @mute_logger("odoo.sql_db")
    def test_a_key_to_something_else_than_an_id_comes_back(self):
        self.execute(
            """CREATE TABLE merge_kind (id integer PRIMARY KEY, code varchar UNIQUE);
               INSERT INTO merge_kind VALUES (1, 'A'), (2, 'B');
               ALTER TABLE crm_lead ADD COLUMN merge_kind varchar REFERENCES merge_kind (code);
               UPDATE crm_lead SET merge_kind = 'B' WHERE id = {second}"""
        )
        self.assert_moves_and_comes_back("SELECT merge_kind FROM crm_lead WHERE id = {first}", [(None,)])
