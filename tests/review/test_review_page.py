"""What the page is told, and what a reviewer does with a group on it."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, new_test_user, tagged

from odoo.addons.openfire_leads.models.review import crm_lead_duplicate_group_page
from odoo.addons.openfire_leads.tools.days import midnight

from .review_common import ReviewCase


@tagged("post_install", "-at_install", "openfire_review")
class TestReviewPage(ReviewCase):
    def open(self, group, user=None):
        return group.with_user(user or self.seller).review_open()

    def pair_group(self, base=None, **values):
        return self.groups(self._lead(base), self._lead(base, **values))

    def test_likeliest_groups_first_and_counts(self):
        first = self.pair_group()
        second = self.pair_group(self.stranger, email_from="solange@free.fr", phone=False)
        page = self.Group.with_user(self.seller).review_page([("state", "=", "open")])
        self.assertEqual([row["id"] for row in page["rows"]], [first.id, second.id])
        self.assertEqual((page["total"], page["left"], page["today"], page["pace"]), (2, 2, [], 0))
        self.assertIn("Théodule", page["rows"][0]["title"])
        self.assertIn("same mobile phone", page["rows"][0]["reasons"])
        sheet = self.open(first)
        self.seller_group(first).review_merge(sheet["digest"], sheet["lead_ids"])
        page = self.Group.with_user(self.seller).review_page([("state", "=", "open")], limit=1)
        self.assertEqual((page["total"], page["left"]), (1, 1))
        self.assertEqual(page["today"], [{"name": self.seller.name, "count": 1, "own": True}])
        # done yesterday
        first.done_on -= timedelta(days=2)
        page = self.Group.with_user(self.seller).review_page([])
        self.assertEqual((page["total"], page["left"], page["today"]), (2, 1, []))

    def seller_group(self, group):
        return group.with_user(self.seller)

    def test_pace_leaves_breaks_out(self):
        now = fields.Datetime.now().replace(hour=12, minute=0)
        other = {
            "contact_name": "Ernestine Blanchecotte",
            "email_from": "e.b@free.fr",
            "phone": "01 44 00 11 99",
        }
        groups = (
            self.pair_group() | self.pair_group(self.stranger) | self.pair_group({**self.stranger, **other})
        )
        self.assertEqual(len(groups), 3)
        self.patch(crm_lead_duplicate_group_page, "midnight", lambda _user: now.replace(hour=0))
        for group, seconds in zip(groups, (0, 20, 3620), strict=False):
            group.sudo().write({
                "state": "done", "outcome": "dismissed", "done_by_id": self.seller.id,
                "done_on": now + timedelta(seconds=seconds),
            })  # fmt: skip
        self.assertEqual(self.Group.with_user(self.seller).review_page([])["pace"], 20)

    def test_the_day_begins_by_the_users_clock_also_when_it_was_put_forward(self):
        self.seller.tz = "Europe/Paris"
        for now, began in (
            ("2026-03-28 23:30:00", "2026-03-28 23:00:00"),
            ("2026-03-29 10:00:00", "2026-03-28 23:00:00"),  # one hour less since
            ("2026-03-30 10:00:00", "2026-03-29 22:00:00"),
        ):
            with self.subTest(now=now), freeze_time(now):
                self.assertEqual(fields.Datetime.to_string(midnight(self.seller)), began)

    def test_the_group_comes_with_its_merge_and_its_links(self):
        leads = self._lead() | self._lead(city="Lille")
        sheet = self.open(self.groups(*leads))
        self.assertEqual(sheet["lead_ids"], leads.ids)
        self.assertEqual(sheet["preview"]["survivor_id"], leads[0].id)
        self.assertIn("city", [field["name"] for field in sheet["preview"]["fields"]])
        [link] = sheet["links"]
        self.assertEqual((link["lead_id"], link["other_lead_id"]), tuple(leads.ids))
        self.assertIn("same mobile phone", link["reasons"])
        self.assertEqual((sheet["hidden_count"], sheet["ask"], sheet["told"]), (0, False, False))

    def test_merged_with_what_was_picked(self):
        leads = self._lead() | self._lead(city="Lille") | self._lead()
        group = self.seller_group(self.groups(*leads))
        sheet = self.open(group)
        action = group.review_merge(
            sheet["digest"], leads[:2].ids, survivor_id=leads[1].id, picks={"city": leads[0].id}
        )
        self.assertEqual(leads.exists(), leads[1:])
        self.assertEqual(leads[1].city, "Hazebrouck")
        self.assertEqual((group.outcome, group.merge_id.survivor_id), ("merged", leads[1]))
        self.assertEqual(self.groups(leads[1]).lead_ids, leads[1:], "the third is a duplicate still")
        self.undo(action, self.seller)
        self.assertEqual(leads.exists(), leads)
        self.assertEqual(leads[1].city, "Lille")
        page = self.Group.with_user(self.seller).review_page([], lead_ids=leads[0].ids)
        self.assertEqual(page["found_id"], self.groups(leads[0]).id)

    def test_a_group_that_changed_since_it_was_shown_is_refused(self):
        leads = self._lead() | self._lead() | self._lead()
        group = self.seller_group(self.groups(*leads))

        def verbs(sheet):
            return (
                lambda: group.review_merge(sheet["digest"], sheet["lead_ids"]),
                lambda: group.review_dismiss(sheet["digest"]),
                lambda: group.review_leave_out(sheet["digest"], leads[2].ids),
                lambda: group.review_skip(sheet["digest"]),
            )

        changes = (
            lambda: leads[1].write({"phone": "06 39 98 12 35"}),
            leads[0].unlink,
            self._lead,
        )
        for change in changes:
            sheet = self.open(group)
            change()
            self.env.flush_all()
            for verb in verbs(sheet):
                with self.assertRaisesRegex(UserError, "changed since you opened it"):
                    verb()
        sheet = self.open(group)
        with self.assertRaisesRegex(UserError, "changed"):
            group.review_merge(sheet["digest"], [leads[1].id, self._lead(self.stranger).id])
        leads[1:2].unlink()
        group.lead_ids.sudo()[1:].unlink()
        self.assertFalse(self.open(group))
        with self.assertRaisesRegex(UserError, "meanwhile"):
            group.review_skip(sheet["digest"])

    def test_dismissed_left_out_and_skipped(self):
        leads = self._lead() | self._lead() | self._lead()
        group = self.seller_group(self.groups(*leads))
        group.review_leave_out(self.open(group)["digest"], leads[2].ids)
        self.assertEqual(self.open(group)["lead_ids"], leads[:2].ids)
        action = group.review_skip(self.open(group)["digest"])
        self.assertEqual(group.state, "skipped")
        self.undo(action, self.seller)
        group.review_dismiss(self.open(group)["digest"], "two houses")
        self.assertEqual(self._pair(*leads[:2]).dismiss_reason, "two houses")
        self.assertIn(self.seller.name, self.open(group)["told"])

    def test_won_ones_as_the_rule_says(self):
        leads = self._lead() | self._lead() | self._lead()
        leads[1].action_set_won()
        group = self.seller_group(self.groups(*leads))
        self.env["ir.config_parameter"].set_param("openfire_leads.survivor_rule", "confidence")
        sheet = self.open(group)
        self.assertEqual((sheet["won_ids"], sheet["include_won"]), (leads[1].ids, False))
        self.assertNotIn(leads[1].id, [lead["id"] for lead in sheet["preview"]["leads"]])
        self.env["ir.config_parameter"].set_param("openfire_leads.survivor_rule", "oldest")
        sheet = self.open(group)
        self.assertEqual(len(sheet["preview"]["leads"]), 3)

    def test_hidden_leads_are_counted_and_asked_about(self):
        team = self.env["crm.team"].create({"name": "Nord", "user_id": self.manager.id})
        own = self._lead()
        secret = self._lead(user_id=self.seller_of_all.id, team_id=team.id, name="Secret", city="Geheim")
        group = self.groups(own, secret)
        sheet = self.open(group)
        self.assertEqual((sheet["lead_ids"], sheet["hidden_count"], sheet["lead_count"]), (own.ids, 1, 2))
        self.assertEqual(sheet["ask"], {"names": [self.seller_of_all.name], "asked": False})
        self.assertFalse(sheet["preview"])
        self.assertNotRegex(str(sheet), "Secret|Geheim")
        self.assertEqual(self.seller_group(group).review_ask(), [self.seller_of_all.name])
        self.assertEqual(own.activity_ids.user_id, self.seller_of_all)
        self.assertTrue(self.open(group)["ask"]["asked"])
        for verb in (
            lambda: self.seller_group(group).review_merge(sheet["digest"], own.ids),
            lambda: self.seller_group(group).review_dismiss(sheet["digest"]),
        ):
            with self.assertRaises(UserError):
                verb()
        self.seller_group(group).review_skip(sheet["digest"])

    def test_nothing_is_asked_where_nothing_is_hidden(self):
        group = self.seller_group(self.pair_group())
        with self.assertRaises(UserError):
            group.review_ask()

    def test_nothing_of_a_group_of_others(self):
        group = self.pair_group({**self.person, "user_id": self.manager.id})
        other = new_test_user(self.env, "review_other", "sales_team.group_sale_salesman")
        theirs = group.with_user(other)
        self.assertFalse(theirs.review_sheets())
        self.assertFalse(self.Group.with_user(other).review_page([])["rows"])
        for verb in (theirs.review_open, theirs.review_claim, theirs.review_ask):
            with self.assertRaises(AccessError):
                verb()
        self.assertFalse(group.reviewer_id)

    def test_next_group_costs_few_queries_however_many_there_are(self):
        def queries(group):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            group.with_user(self.seller).review_sheets()
            return self.env.cr.sql_log_count - start

        group = self.pair_group()
        queries(group)
        few = queries(group)
        self.assertLess(few, 70)
        for number in range(8):
            name = f"{'ABCDEFGH'[number] * 4}ine Vasseur{number}"
            values = {"contact_name": name, "email_from": f"{number}{number}@vasseur.fr", "phone": False}
            self.pair_group({**self.stranger, **values})
        self.assertEqual(queries(group), few)
