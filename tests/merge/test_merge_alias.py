"""A mail to an alias that names a merged lead arrives: at the survivor, or with it in what it makes."""

from odoo.tests import tagged

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
