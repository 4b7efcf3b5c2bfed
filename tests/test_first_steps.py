"""The first steps with the demo data: each link opens the right page for each user, and only there."""

from unittest import SkipTest

from odoo.modules.module import Manifest
from odoo.tests import HttpCase, TransactionCase, tagged

PAGE = "/odoo/first-steps"
STEPS = ("similar", "merge", "groups", "convert")
# whose case is opened for whom
CASES = {
    "admin": {"similar": "whitfield_2", "merge": ("brennan_1", "brennan_2"), "convert": "lindqvist"},
    "david": {"similar": "richard_2", "merge": ("durand_1", "durand_2"), "convert": "seul_1"},
    "claire": {"similar": "cheminees_1", "merge": ("cheminees_1", "cheminees_2"), "convert": "delaunay"},
}


class FirstStepsCase(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.env.ref("openfire_leads.first_steps_demo", raise_if_not_found=False):
            raise SkipTest("no demo data")
        cls.users = {login: cls.env["res.users"].search([("login", "=", login)]) for login in CASES}
        # as on the first day
        cls.env["crm.lead.merge"].search([]).unlink()

    def case(self, name):
        return self.env.ref(f"openfire_leads.crm_lead_{name}")

    def step(self, name, login):
        action = self.env.ref(f"openfire_leads.first_steps_demo_{name}")
        return action.with_user(self.users[login]).run()


@tagged("post_install", "-at_install")
class TestFirstSteps(FirstStepsCase):
    def test_each_user_is_led_to_a_case_of_their_own(self):
        for login, cases in CASES.items():
            with self.subTest(login):
                self.assertEqual(self.step("similar", login)["res_id"], self.case(cases["similar"]).id)
                self.assertEqual(self.step("convert", login)["res_id"], self.case(cases["convert"]).id)
                merged = self.step("merge", login)["context"]["active_ids"]
                self.assertEqual(merged, [self.case(name).id for name in cases["merge"]])

    def test_a_case_that_is_dealt_with_gives_way_to_another(self):
        (self.case("brennan_1") | self.case("brennan_2")).merge_opportunity()
        merged = self.step("merge", "admin")["context"]["active_ids"]
        self.assertEqual(merged, [self.case("durand_1").id, self.case("durand_2").id])

    def test_where_all_are_dealt_with_the_page_of_duplicates_opens(self):
        self.env["crm.lead"].search([]).unlink()
        for name in ("similar", "merge"):
            with self.subTest(name):
                self.assertEqual(self.step(name, "admin")["res_model"], "crm.lead.duplicate.group")

    def test_the_cases_come_first_in_lists(self):
        first = self.env["crm.lead"].search([], limit=6)
        self.assertEqual(first.user_id, self.users["admin"])
        self.assertEqual(
            {xml_id.split(".")[0] for xml_id in first.get_external_id().values()}, {"openfire_leads"}
        )

    def test_what_people_write_is_in_the_language_of_their_salesperson(self):
        for name, french, english in (
            ("seul_1", "Estimation poêle canalisable", "Estimate for a ducted stove"),
            ("delaunay", "Habillage de foyer en chêne", "Oak surround for a fireplace"),
            ("lindqvist", "Poêle suédois pour un appartement", "Swedish stove for a flat"),
        ):
            lead = self.case(name)
            with self.subTest(name):
                self.assertEqual(lead.name, french if lead.user_id.lang == "fr_FR" else english)

    def loaded(self):
        """Return what the client loads of the first steps."""
        assets = self.env["ir.asset"]
        paths = assets._get_asset_paths("web.assets_backend", assets._get_asset_params())
        return [path for path, *_others in paths if "/openfire_leads/static/src/demo/" in path]

    def test_no_database_without_the_demo_data_knows_of_it(self):
        self.assertTrue(self.loaded())
        self.env.ref("openfire_leads.first_steps_demo_asset").unlink()
        self.assertFalse(self.loaded())
        manifest = Manifest.for_addon("openfire_leads")
        self.assertFalse([path for path in manifest["data"] if "first_steps" in path])


@tagged("post_install", "-at_install")
class TestFirstStepsTours(FirstStepsCase, HttpCase):
    def tour(self, name, login, page=PAGE):
        self.start_tour(page, f"openfire_leads_first_steps_{name}", login=login)

    def test_the_administrator_tries_each(self):
        for name in STEPS:
            self.tour(name, "admin")

    def test_a_salesperson_tries_each(self):
        for name in STEPS:
            self.tour(name, "david")

    def test_who_has_merged_nothing_is_told_to_merge_first(self):
        self.tour("nothing_to_undo", "david")

    def test_the_last_merge_is_opened_to_be_taken_back(self):
        leads = self.case("durand_1") | self.case("durand_2")
        leads.with_user(self.users["david"]).merge_opportunity()
        self.tour("undo", "david")

    def test_a_line_above_leads_leads_there_until_it_is_closed(self):
        self.tour("banner", "admin", "/odoo/action-crm.crm_lead_all_leads")
