"""The ways through menus that the documentation names exist, word for word, in English and in French."""

import re
from pathlib import Path

from odoo.tests import tagged

from .common import LeadsCase, needs_french

DOCS = Path(__file__).parents[1] / "docs"
WAY = re.compile(r"\*\*?([^*\n]+ > [^*\n]+?)\*")
# whose menus and windows are named
MODULES = ["base", "base_setup", "crm", "mail", "privacy_lookup", "sales_team", "web", "openfire_leads"]
SETTINGS = {"Settings", "Paramètres"}


@tagged("post_install", "-at_install")
class TestDocsMenus(LeadsCase):
    def ways(self, language):
        """Return the ways that the pages of a language name, each as a tuple of what is pressed."""
        text = " ".join(page.read_text(encoding="utf-8") for page in sorted((DOCS / language).glob("*.md")))
        ways = {tuple(way.replace("\N{NO-BREAK SPACE}", " ").split(" > ")) for way in WAY.findall(text)}
        self.assertGreater(len(ways), 15)
        return {way for way in ways if not way[0].startswith("⚙")}

    def check(self, language, env):
        menus = env["ir.ui.menu"].with_context(**{"ir.ui.menu.full_list": True}).search([])
        known = {self.names(menu) for menu in menus}
        actions = {
            ("Actions", name)
            for model in ("crm.lead", "res.partner")
            for kind in env["ir.actions.actions"].get_bindings(model).values()
            for name in (action["name"] for action in kind)
        }
        settings = env["res.config.settings"].get_view(view_type="form")["arch"]
        labels = {field["string"] for field in env["res.config.settings"].fields_get([], ["string"]).values()}
        missing = []
        for way in self.ways(language):
            if way in known | actions:
                continue
            if way[0] in SETTINGS and way[1] == "CRM":
                if way[2:] and not (f'string="{way[2]}"' in settings or way[2] in labels):
                    missing.append(way)
                continue
            missing.append(way)
        self.assertEqual(missing, [])

    def names(self, menu):
        return (*(self.names(menu.parent_id) if menu.parent_id else ()), menu.name)

    def test_english_menus(self):
        self.check("en", self.env(context={**self.env.context, "lang": "en_US"}))

    @needs_french
    def test_french_menus(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["ir.module.module"]._load_module_terms(MODULES, ["fr_FR"])
        self.check("fr", self.env(context={**self.env.context, "lang": "fr_FR"}))
