"""find_duplicates and Odoo's own fields."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged, users

from .common_duplicates import DuplicatesCase


@tagged("post_install", "-at_install", "openfire_duplicates")
class TestFindDuplicates(DuplicatesCase):
    def test_one_answer_for_each_lead_in_order(self):
        one, stranger, two = self._lead(), self._lead(self.stranger), self._lead()
        result = (two | stranger | one).find_duplicates()
        self.assertEqual([line["lead_id"] for line in result], [two.id, stranger.id, one.id])
        self.assertEqual(result[1], {"lead_id": stranger.id, "duplicates": [], "hidden": 0})
        found = result[0]["duplicates"][0]
        self.assertEqual(set(found), {"lead_id", "score", "evidence"})
        self.assertEqual(found["lead_id"], one.id)
        self.assertEqual(set(found["evidence"][0]), {"field", "level", "similarity", "weight"})

    def test_the_likeliest_comes_first_and_the_limit_holds(self):
        one = self._lead()
        weak = self._lead(email_from=False, phone=False, street=False)
        strong = self._lead()
        scores = [line["score"] for line in one.find_duplicates()[0]["duplicates"]]
        self.assertEqual(scores, sorted(scores, reverse=True))
        self.assertEqual(self._found(one, limit=1), [strong.id])
        self.assertLessEqual(set(self._found(one)), {weak.id, strong.id})
        self.assertEqual(self._found(one, limit=0), [])

    def test_a_lower_score_may_be_asked_for(self):
        one = self._lead()
        two = self._lead(self.stranger, contact_name=one.contact_name, zip=one.zip, city=one.city)
        all_of_them = {
            line["lead_id"]: line["score"] for line in one.find_duplicates(min_score=0)[0]["duplicates"]
        }
        self.assertIn(two.id, all_of_them)
        self.assertNotIn(two.id, self._found(one, min_score=min(all_of_them[two.id] + 0.1, 100)))

    def test_bad_arguments_are_refused_in_words(self):
        lead = self._lead()
        for bad in (-1, 101, "abc", True):
            with self.subTest(bad=bad), self.assertRaises(UserError):
                lead.find_duplicates(min_score=bad)
        for bad in (-1, "abc", 1.5):
            with self.subTest(bad=bad), self.assertRaises(UserError):
                lead.find_duplicates(limit=bad)

    @users("pairs_seller")
    def test_what_may_not_be_read_is_counted_only(self):
        mine = self._lead()
        theirs = self._lead(user_id=self.manager.id, name="Secret subject")
        result = self.Lead.browse(mine.id).with_env(self.env).find_duplicates()
        self.assertEqual(result, [{"lead_id": mine.id, "duplicates": [], "hidden": 1}])
        with self.assertRaises(AccessError):
            self.env["crm.lead"].browse(theirs.id).find_duplicates()
        notice = self.env["crm.lead"].browse(mine.id).duplicate_notice
        self.assertEqual((notice["duplicates"], notice["hidden"]), ([], 1))
        self.assertNotIn("Secret", str(notice))

    def test_a_lead_of_another_company_is_counted_only(self):
        company = self.env["res.company"].create({"name": "Other company"})
        mine = self._lead(company_id=self.env.company.id)
        self._lead(company_id=company.id, user_id=False, team_id=False)
        result = (
            mine.with_user(self.seller_of_all)
            .with_context(allowed_company_ids=self.env.company.ids)
            .find_duplicates()
        )
        self.assertEqual(result, [{"lead_id": mine.id, "duplicates": [], "hidden": 1}])

    def test_lost_won_and_archived_leads_take_part_as_set(self):
        one, lost, won, archived = (self._lead(type="opportunity") for _i in range(4))
        lost.action_set_lost()
        won.action_set_won()
        archived.active = False
        self.assertEqual({one.id} | set(self._found(one)), {one.id, lost.id, won.id, archived.id})
        statuses = [
            line["status"] for line in one.with_user(self.manager)._get_duplicate_notice()["duplicates"]
        ]
        self.assertEqual(statuses, ["won", "lost", "archived"])
        set_param = self.env["ir.config_parameter"].set_param
        set_param("openfire_leads.match_lost", "False")
        self.assertEqual(set(self._found(one)), {won.id, archived.id})
        set_param("openfire_leads.match_won", "False")
        set_param("openfire_leads.match_archived", "False")
        self.assertEqual(self._found(one), [])
        self.env.invalidate_all()
        self.assertEqual(one.duplicate_lead_count, 0)

    def test_odoos_button_shows_the_pairs(self):
        one, two, stranger = self._lead(), self._lead(), self._lead(self.stranger)
        self.assertEqual(one.duplicate_lead_ids, one | two)
        self.assertEqual(one.duplicate_lead_count, 1)
        self.assertEqual(stranger.duplicate_lead_ids, stranger)
        action = one.action_show_potential_duplicates()
        self.assertEqual(set(action["domain"][0][2]), {one.id, two.id})

    def test_reading_many_counts_takes_few_queries(self):
        leads = self.Lead.create([{**self.person, "name": f"Sujet {i}"} for i in range(20)])
        leads.mapped("duplicate_lead_count")
        self.env.invalidate_all()
        self.env["crm.lead"].browse(leads.ids).fetch(["name"])
        with self.assertQueryCount(6):
            self.assertGreater(min(leads.mapped("duplicate_lead_count")), 0)

    def test_colleagues_are_similar_only_by_odoos_criteria(self):
        one = self._lead(
            email_from="anne@vitrerie-delattre.fr", contact_name="Anne Delattre", phone=False, street=False
        )
        two = self._lead(self.stranger, email_from="paul@vitrerie-delattre.fr", contact_name="Paul Simonet")
        self.assertEqual(one.duplicate_lead_count, 0)
        set_param = self.env["ir.config_parameter"].set_param
        set_param("openfire_leads.survivor_rule", "confidence")
        self.env.invalidate_all()
        self.assertEqual(one.duplicate_lead_count, 0, "who survives a merge is another setting")
        set_param("openfire_leads.similar_criteria", "odoo")
        set_param("openfire_leads.survivor_rule", False)
        self.env.invalidate_all()
        self.assertEqual(one.duplicate_lead_ids, one | two)
