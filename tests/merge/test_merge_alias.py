"""A mail to an alias that names a merged lead arrives: at the survivor, or with it in what it makes; one that names
what was deleted makes a lead without it."""

from odoo.tests import new_test_user, tagged

from .merge_common import MergeCase

MAIL = """From: Jeanne Moulin <jeanne@moulin.example>
To: %(to)s
Subject: A stove
Message-Id: <%(number)s.alias@moulin.example>
Date: Fri, 20 Nov 2026 10:00:00 +0100

For the kitchen.
"""


@tagged("post_install", "-at_install")
class TestMergeAlias(MergeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.add_fields(
            [
                ("x_parent_id", "many2one", {"relation": "crm.lead"}),
                ("x_other_ids", "many2many", {"relation": "crm.lead"}),
            ]
        )
        domain = cls.env["mail.alias.domain"].create(
            {"name": "merge.example", "bounce_alias": "b", "catchall_alias": "c"}
        )
        cls.env.company.alias_domain_id = domain
        cls.team = cls.env["crm.team"].create(
            {"name": "Stoves", "alias_name": "stoves", "alias_domain_id": domain.id}
        )
        cls.alias = cls.team.alias_id
        cls.first, cls.second, cls.third = cls.leads = cls.make_leads(3)
        cls.number = 0

    def set_defaults(self):
        self.team.alias_defaults = str(
            {"x_parent_id": self.second.id, "x_other_ids": [(4, self.second.id), (4, self.third.id)]}
        )

    def deliver(self):
        """Deliver a mail to the team, return the lead that it made."""
        type(self).number += 1
        raw = MAIL % {"to": "stoves@merge.example", "number": self.number}
        lead_id = self.env["mail.thread"].message_process("res.partner", raw.encode())
        self.env.flush_all()
        return self.env["crm.lead"].browse(lead_id)

    def merge(self):
        (self.first + self.second).merge_opportunity()

    def assert_names(self, lead, other):
        self.assertNotIn(lead, self.leads)
        self.assertEqual(
            (lead.team_id, lead.x_parent_id, lead.x_other_ids), (self.team, other, other + self.third)
        )

    def test_the_defaults_follow_the_lead_and_go_back_with_it(self):
        self.set_defaults()
        self.merge()
        self.assert_names(self.deliver(), self.first)
        self.last_merge().action_undo()
        self.assert_names(self.deliver(), self.second)

    def test_defaults_written_under_the_former_id(self):
        self.merge()
        self.set_defaults()
        self.assert_names(self.deliver(), self.first)

    def test_commands_that_set_several_leads(self):
        self.merge()
        self.team.alias_defaults = str({"x_other_ids": [(6, 0, [self.second.id, self.first.id])]})
        self.assertEqual(self.deliver().x_other_ids, self.first)

    def test_an_alias_of_one_lead(self):
        for late in (False, True):
            with self.subTest(late=late):
                self.first, self.second = self.make_leads(2)
                if late:
                    self.merge()
                # as who wrote it while the merge was not committed yet
                self.env.flush_all()
                self.env.cr.execute(
                    "UPDATE mail_alias SET alias_force_thread_id = %s WHERE id = %s",
                    (self.second.id, self.alias.id),
                )
                self.alias.invalidate_recordset()
                if not late:
                    self.merge()
                self.assertEqual(self.deliver(), self.first)
                self.assertIn("For the kitchen", self.first.message_ids[0].body)

    def make_alias(self, defaults):
        """Have the mails of :meth:`deliver` go to an alias that belongs to no team."""
        self.team.alias_name = False
        return self.env["mail.alias"].create(
            {
                "alias_name": "stoves",
                "alias_domain_id": self.env.company.alias_domain_id.id,
                "alias_model_id": self.env["ir.model"]._get_id("crm.lead"),
                "alias_defaults": str(defaults),
            }
        )

    def test_what_was_deleted_is_left_out_and_told_in_the_log(self):
        user = new_test_user(self.env, "gone", groups="sales_team.group_sale_salesman")
        team = self.env["crm.team"].create({"name": "Gone"})
        partner = self.env["res.partner"].create({"name": "Gone"})
        tags = self.tags
        alias = self.make_alias(
            {
                "type": "lead",
                "city": "Lyon",
                "user_id": user.id,
                "team_id": team.id,
                "partner_id": partner.id,
                "x_parent_id": self.second.id,
                "x_other_ids": [(4, self.second.id), (4, self.third.id)],
                "tag_ids": [(6, 0, [tags[0].id, tags[1].id])],
            }
        )
        former = alias.alias_defaults
        for record in (user, team, partner, tags[0], self.second):
            record.unlink()
        with self.assertLogs("odoo.addons.openfire_leads", "WARNING") as log:
            lead = self.deliver()
        self.assertTrue(lead.exists())
        self.assertEqual((lead.name, lead.city, lead.type), ("A stove", "Lyon", "lead"))
        self.assertFalse(lead.user_id or lead.partner_id or lead.x_parent_id)
        self.assertNotEqual(lead.team_id.id, team.id)
        self.assertEqual((lead.tag_ids, lead.x_other_ids), (tags[1], self.third))
        for name in ("user_id", "team_id", "partner_id", "tag_ids", "x_parent_id", "x_other_ids"):
            self.assertIn(name, log.output[0])
        self.assertNotIn("city", log.output[0])
        self.assertEqual(alias.alias_defaults, former)

    def test_records_given_as_ids_alone_are_left_out_likewise(self):
        gone = self.env["crm.tag"].create({"name": "Gone"})
        self.make_alias({"tag_ids": [gone.id, self.tags[1].id], "x_other_ids": [(5, 0, 0)]})
        gone.unlink()
        with self.assertLogs("odoo.addons.openfire_leads", "WARNING"):
            self.assertEqual(self.deliver().tag_ids, self.tags[1])

    def test_where_all_exist_nothing_is_told(self):
        self.make_alias({"user_id": self.salesman.id, "tag_ids": [(4, self.tags[1].id)]})
        with self.assertNoLogs("odoo.addons.openfire_leads.models.merge", "WARNING"):
            self.assertEqual(self.deliver().user_id, self.salesman)
