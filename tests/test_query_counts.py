"""How many queries the everyday actions take: those on many leads no more than on a few."""

from unittest.mock import patch

from odoo.tests import Form, tagged

from .duplicates.common_duplicates import DuplicatesCase

# as measured, with a few to spare for another version of Odoo
FORM = 132
FORM_KNOWN = 132
ASSIGN = 66


@tagged("post_install", "-at_install", "openfire_duplicates")
class TestQueryCounts(DuplicatesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("openfire_leads.duplicate_proposal", "window")
        cls.requesters = cls.Lead.create([cls.requester(number) for number in range(40)] * 2)
        cls.env.flush_all()
        cls.Lead._match_flush()
        while cls.env["crm.lead.match.queue"]._work_off():
            pass

    @classmethod
    def requester(cls, number):
        return {
            **cls.stranger,
            "name": f"Demande {number}",
            "contact_name": f"Prénom{number:02} Nom{number * 7919}",
            "email_from": f"adresse{number}@exemple{number}.fr",
            "phone": f"05 59 00 {number:02} 22",
        }

    def queries(self, act):
        """Return how many queries ``act`` takes with nothing in the cache but what every request needs."""
        act()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        act()
        self.env.flush_all()
        self.Lead._match_flush()
        return self.env.cr.sql_log_count - before

    def test_counting_duplicates_of_a_page_of_leads_takes_as_many_queries_as_of_one(self):
        leads = self.requesters.with_user(self.seller)
        self.assertTrue(all(leads.mapped("duplicate_lead_count")))
        few = self.queries(lambda: (leads[0] + leads[40]).mapped("duplicate_lead_count"))
        many = self.queries(lambda: leads.mapped("duplicate_lead_count"))
        self.assertEqual(few, many)
        self.assertLessEqual(many, 4)

    def test_a_list_of_pairs_takes_as_many_queries_as_one_pair(self):
        pairs = self.Pair.with_user(self.manager).search([("lead_id", "in", self.requesters.ids)])
        self.assertGreaterEqual(len(pairs), 40)
        shown = {
            name: {"fields": {"display_name": {}}} if name.endswith("_id") else {}
            for name in ("lead_id", "other_lead_id", "score", "reasons", "certain", "state", "display_name")
        }
        few = self.queries(lambda: pairs[:2].web_read(shown))
        self.assertEqual(few, self.queries(lambda: pairs.web_read(shown)))

    def test_a_lead_is_created_in_few_queries(self):
        self.assertLessEqual(self.queries(lambda: self._lead(self.requester(50))), 40)

    def test_ten_leads_are_created_in_few_queries_each(self):
        created = self.queries(lambda: self.Lead.create([self.requester(60 + n) for n in range(10)]))
        self.assertLessEqual(created, 75)

    def test_a_lead_is_opened_in_few_queries(self):
        lead = self.requesters[0].with_user(self.seller)
        self.assertLessEqual(self.queries(lambda: lead.web_read({"duplicate_notice": {}, "name": {}})), 12)

    def test_the_convert_window_opens_in_few_queries(self):
        model = self.env["crm.lead2opportunity.partner"].with_user(self.seller)
        lead = self.requesters[0]
        window = model.with_context(active_model="crm.lead", active_id=lead.id, active_ids=lead.ids)
        # it merges: six are for what the merge window says of the same leads
        self.assertLessEqual(self.queries(lambda: Form(window)), 38)

    def test_a_merge_takes_as_many_queries_whatever_hangs_on_the_leads(self):
        def merge(messages):
            leads = self.Lead.create([self.requester(80), self.requester(80)])
            self.Lead._match_flush()
            for lead in leads:
                for _number in range(messages):
                    lead.message_post(body="x")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            leads.merge_opportunity()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        merge(1)
        few, many = merge(1), merge(30)
        self.assertLessEqual(many, few + 5)
        self.assertLessEqual(few, 30)

    def fill_in(self, number):
        """Fill in and save a form with nine fields, as the web client does."""
        with Form(self.Lead.with_user(self.seller).with_context(default_type="lead")) as form:
            for name, value in self.requester(number).items():
                if name == "country_id":
                    form.country_id = self.env.ref("base.fr")
                elif name not in ("user_id", "type"):
                    setattr(form, name, value)
            form.partner_name = "Fumisterie"

    def test_a_form_is_filled_in_and_saved_in_few_queries(self):
        self.assertLessEqual(self.queries(lambda: self.fill_in(90)), FORM)

    def test_a_form_that_resembles_other_leads_is_filled_in_and_saved_in_few_queries(self):
        self.assertLessEqual(self.queries(lambda: self.fill_in(3)), FORM_KNOWN)

    def test_a_form_being_filled_in_is_looked_up_once_for_each_compared_value(self):
        keys = type(self.env["crm.lead.match.key"])
        with patch.object(keys, "_look_up", autospec=True, side_effect=keys._look_up) as look_up:
            form = Form(self.Lead.with_user(self.seller).with_context(default_type="lead"))
            look_up.reset_mock()
            form.email_from = self.requester(3)["email_from"]
            self.assertEqual(look_up.call_count, 1)
            self.assertEqual(form.duplicate_lead_count, 2)
            self.assertTrue(form.duplicate_notice)
            form.function = "Gérante"
            self.assertEqual(look_up.call_count, 1)
            form.phone = self.requester(3)["phone"]
            self.assertEqual(look_up.call_count, 2)
            found = form.duplicate_notice
            form.country_id = self.env.ref("base.be")
            self.assertEqual(look_up.call_count, 2, "the number is but written another way")
            self.assertEqual(form.duplicate_notice, found)

    def test_a_lead_like_nobody_is_compared_in_one_query(self):
        for name in ("Xavier Brzt", "Zoé Wyzgrt"):  # after the first one the settings are known
            self.Lead.create({"name": name[::-1], "contact_name": name, "type": "lead", "user_id": False})
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.Lead._match_flush()
        self.assertEqual(self.env.cr.sql_log_count - before, 1)

    def test_leads_are_assigned_in_few_queries(self):
        team = self.env["crm.team"].create(
            {
                "name": "Assigned",
                "use_leads": True,
                "crm_team_member_ids": [(0, 0, {"user_id": self.seller.id})],
            }
        )

        def assign():
            leads = self.Lead.create([{**self.requester(n), "user_id": False} for n in (92, 93, 94, 95)] * 2)
            self.env.flush_all()
            self.Lead._match_flush()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            team._allocate_leads_deduplicate(leads)
            self.env.flush_all()
            self.Lead._match_flush()
            taken = self.env.cr.sql_log_count - before
            leads.exists().unlink()
            return taken

        assign()
        self.assertLessEqual(assign(), ASSIGN)
