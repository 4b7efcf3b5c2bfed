"""Two reviewers do not get the same group."""

from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.openfire_leads.tests.merge.merge_common import CommittedCase

from .review_common import ReviewCase


@tagged("post_install", "-at_install", "openfire_review")
class TestReviewClaims(ReviewCase):
    def setUp(self):
        super().setUp()
        group = self.groups(self._lead(), self._lead())
        self.own, self.others = group.with_user(self.seller), group.with_user(self.manager)

    def test_the_first_has_it_and_the_second_is_told_who(self):
        self.assertFalse(self.own.review_open()["reviewer"])
        sheet = self.others.review_open()
        self.assertEqual(sheet["reviewer"], self.seller.name)
        self.assertEqual(self.own.reviewer_id, self.seller)
        [row] = self.others.review_page([])["rows"]
        self.assertEqual(row["reviewer"], self.seller.name)
        self.assertFalse(self.own.review_page([])["rows"][0]["reviewer"])
        with self.assertRaisesRegex(UserError, "pairs_seller .* is reviewing"):
            self.others.review_merge(sheet["digest"], sheet["lead_ids"])

    def test_it_becomes_free_when_left_and_after_ten_minutes(self):
        self.own.review_claim()
        self.others.review_leave()
        self.assertTrue(self.others.review_claim()["reviewer"], "one gives up one's own claims only")
        self.own.review_leave()
        self.assertFalse(self.others.review_claim()["reviewer"])
        self.others.sudo().reviewed_on = fields.Datetime.now() - timedelta(minutes=9)
        self.assertTrue(self.own.review_claim()["reviewer"])
        self.others.review_claim()  # renewed
        self.assertGreater(self.others.reviewed_on, fields.Datetime.now() - timedelta(minutes=1))
        self.others.sudo().reviewed_on = fields.Datetime.now() - timedelta(minutes=11)
        self.assertFalse(self.own.review_claim()["reviewer"])
        self.assertEqual(self.own.reviewer_id, self.seller)

    def test_opening_the_next_one_leaves_the_former(self):
        stranger = self._lead(self.stranger) | self._lead(self.stranger)
        later = self.groups(*stranger).with_user(self.seller)
        self.own.review_open()
        later.review_open(leave_id=self.own.id)
        self.assertFalse(self.own.reviewer_id)
        self.assertEqual(later.reviewer_id, self.seller)

    def test_what_is_done_is_claimed_by_nobody(self):
        self.own.action_dismiss()
        self.assertEqual(self.others.review_claim()["state"], "done")
        self.assertFalse(self.own.reviewer_id)


@tagged("post_install", "-at_install", "openfire_review")
class TestReviewClaimsAtOnce(CommittedCase):
    def make(self, env):
        users = [
            new_test_user(env, f"claims_{name}", "sales_team.group_sale_salesman_all_leads") for name in "ab"
        ]
        self.user_ids = [user.id for user in users]
        values = {"name": "Poêle", "contact_name": "Théodule Vandenbroucke", "phone": "06 39 98 12 34",
                  "email_from": "theodule.vandenbroucke@orange.fr"}  # fmt: skip
        self.lead_ids = env["crm.lead"].create([values, values]).ids
        env["crm.lead.duplicate.group"]._bring_up_to_date(limit=None)
        self.group_id = env["crm.lead.duplicate.group"].search([("lead_ids", "in", self.lead_ids)]).id

    def remove(self, env):
        env["crm.lead"].browse(self.lead_ids).exists().unlink()
        env["crm.lead.duplicate.group"]._bring_up_to_date(limit=None)
        env["crm.lead.duplicate.group"].browse(self.group_id).exists().unlink()
        env["res.users"].browse(self.user_ids).unlink()

    def group(self, cr, position):
        env = self.environment(cr)(user=self.user_ids[position])
        return env["crm.lead.duplicate.group"].browse(self.group_id)

    def test_one_of_two_at_one_instant_has_it(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            self.group(second, 1).read(["state"])  # its transaction has begun
            self.assertFalse(self.group(first, 0).review_claim()["reviewer"])
            first.commit()
            # which Odoo answers by making the request anew
            with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
                self.group(second, 1).review_claim()
            second.rollback()
            self.assertTrue(self.group(second, 1).review_claim()["reviewer"])
