"""What an administrator sees in *Apps* before the addon is installed."""

import re

from lxml import html

from odoo.tests import TransactionCase, tagged
from odoo.tools import file_path
from odoo.tools.safe_eval import safe_eval


@tagged("post_install", "-at_install")
class TestApps(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.module = cls.env.ref("base.module_openfire_leads")

    def test_the_usual_filter_of_apps_finds_it(self):
        action = self.env.ref("base.open_module_tree")
        self.assertEqual(safe_eval(action.context), {"search_default_app": 1})
        search = html.fromstring(self.env.ref("base.view_module_filter").arch)
        (shown,) = search.xpath("//filter[@name='app']/@domain")
        self.assertIn(self.module, self.env["ir.module.module"].search(safe_eval(shown)))

    def test_it_contains_no_in_app_purchases(self):
        self.assertFalse(self.module.has_iap)

    def test_it_needs_crm_only(self):
        self.assertEqual(set(self.module.dependencies_id.mapped("name")), {"crm", "base_import"})

    def test_module_info_is_a_page_in_english_and_french(self):
        page = self.module.description_html
        self.assertIn("Duplicates", page)
        self.assertIn("Doublons", page)

    def test_the_page_names_the_packages_that_the_manifest_lists(self):
        page = html.fromstring(self.module.description_html)
        named = [set(re.findall(r"'(\S+)'", block.text_content())) for block in page.xpath("//pre")]
        listed = set(
            self.env["ir.module.module"].get_module_info("openfire_leads")["external_dependencies"]["python"]
        )
        self.assertEqual(named, [listed, listed])

    def test_the_pictures_of_the_page_are_there_and_none_comes_from_elsewhere(self):
        page = html.fromstring(self.module.description_html)
        pictures = page.xpath("//img/@src")
        self.assertGreater(len(pictures), 4)
        pictures += self.env["ir.module.module"].get_module_info("openfire_leads")["images"]
        for source in pictures:
            path = source.removeprefix("/").removeprefix("openfire_leads/")
            self.assertTrue(file_path(f"openfire_leads/{path}"), source)
        self.assertFalse(page.xpath("//@href"))
