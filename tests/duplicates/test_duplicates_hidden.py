"""Duplicates that the user may not read: whom to ask, and asking by one click, without telling what they are."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common_duplicates import DuplicatesCase


@tagged("post_install", "-at_install", "openfire_duplicates")
class TestHiddenDuplicates(DuplicatesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leader = new_test_user(cls.env, "hidden_leader", "sales_team.group_sale_salesman_all_leads")
        cls.colleague = new_test_user(cls.env, "hidden_colleague", "sales_team.group_sale_salesman")
        cls.team = cls.env["crm.team"].create({"name": "Hidden team", "user_id": cls.leader.id})
        cls.mine = cls._lead()
        secret = {"name": "Projet Z", "description": "Marge 40 %", "city": "Cassel"}
        cls.theirs = cls._lead(**secret, user_id=cls.seller_of_all.id, team_id=cls.team.id)

    def as_seller(self, lead=None):
        return (lead or self.mine).with_user(self.seller)

    def activities(self):
        return self.env["mail.activity"].search(
            [("res_model", "=", "crm.lead"), ("res_id", "=", self.mine.id)]
        )

    def test_the_notice_tells_whom_to_ask_and_nothing_of_the_lead(self):
        notice = self.as_seller().duplicate_notice
        self.assertEqual(notice["hidden"], 1)
        self.assertEqual(notice["ask"], {"names": [self.seller_of_all.name], "asked": False})
        for word in ("Projet", "Marge", "Cassel"):
            self.assertNotIn(word, str(notice))

    def test_the_salesperson_gets_an_activity_on_the_askers_lead(self):
        self.assertEqual(self.as_seller().action_ask_about_duplicates(), [self.seller_of_all.name])
        activity = self.activities()
        self.assertEqual(
            (activity.user_id, activity.create_uid, activity.activity_type_id),
            (self.seller_of_all, self.seller, self.env.ref("mail.mail_activity_data_todo")),
        )
        self.assertTrue(self.mine.with_user(activity.user_id).has_access("read"))
        self.assertTrue(self.theirs.with_user(activity.user_id).has_access("read"))
        self.assertFalse(
            self.env["mail.activity"].search_count(
                [("res_model", "=", "crm.lead"), ("res_id", "=", self.theirs.id)]
            )
        )

    def test_the_asker_learns_nothing_of_the_hidden_lead(self):
        self.as_seller().action_ask_about_duplicates()
        seen = str(self.activities().with_user(self.seller).read(["summary", "note", "res_name"]))
        seen += str(self.mine.with_user(self.seller).message_ids.mapped("body"))
        for word in ("Projet", "Marge", "Cassel"):
            self.assertNotIn(word, seen)
        with self.assertRaises(AccessError):
            self.as_seller(self.theirs).read(["name"])

    def test_asking_twice_asks_once(self):
        self.as_seller().action_ask_about_duplicates()
        self.env.invalidate_all()
        self.assertTrue(self.as_seller().duplicate_notice["ask"]["asked"])
        self.assertEqual(self.as_seller().action_ask_about_duplicates(), [self.seller_of_all.name])
        self.assertEqual(len(self.activities()), 1)
        self.activities().action_feedback()
        self.env.invalidate_all()
        self.assertFalse(self.as_seller().duplicate_notice["ask"]["asked"], "it may be asked anew once done")

    def test_who_may_not_read_both_is_passed_over_for_the_teams_leader(self):
        self.theirs.write({"user_id": self.colleague.id, "team_id": self.team.id})
        self.assertEqual(self.as_seller().duplicate_notice["ask"]["names"], [self.leader.name])
        self.assertEqual(self.as_seller().action_ask_about_duplicates(), [self.leader.name])
        self.assertEqual(self.activities().user_id, self.leader)

    def test_without_a_leader_a_manager_is_asked(self):
        self.theirs.write({"user_id": self.colleague.id, "team_id": False})
        self.as_seller().action_ask_about_duplicates()
        user = self.activities().user_id
        self.assertTrue(user.has_group("sales_team.group_sale_manager"))
        self.assertTrue((self.mine | self.theirs).with_user(user).has_access("read"))

    def test_archived_and_portal_users_are_not_asked(self):
        self.seller_of_all.active = False
        self.leader.active = False
        self.as_seller().action_ask_about_duplicates()
        self.assertTrue(self.activities().user_id.active)

    def test_a_manager_of_another_company_is_not_asked(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.theirs.write({"user_id": self.colleague.id, "team_id": False})
        managers = self.env.ref("sales_team.group_sale_manager").all_user_ids - self.manager
        managers.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        (self.mine | self.theirs).company_id = self.env.ref("base.main_company")
        self.manager.company_ids = [(4, self.mine.company_id.id)]
        self.as_seller().action_ask_about_duplicates()
        self.assertEqual(self.activities().user_id, self.manager)

    def test_there_is_nothing_to_ask_where_nothing_is_hidden(self):
        with self.assertRaisesRegex(UserError, "hidden from you"):
            self.mine.with_user(self.manager).action_ask_about_duplicates()
        self.assertFalse(self.mine.with_user(self.manager).duplicate_notice["ask"])

    def test_who_may_not_change_the_lead_may_not_ask(self):
        with self.assertRaises(AccessError):
            self.as_seller(self.theirs).action_ask_about_duplicates()
        with self.assertRaises(AccessError):
            self.mine.with_user(self.colleague).action_ask_about_duplicates()
