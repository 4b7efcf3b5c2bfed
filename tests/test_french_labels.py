"""The French labels of the documentation, word for word, where a user meets them."""

from lxml import etree

from odoo.tests import tagged

from odoo.addons.openfire_leads.tests.common import LeadsCase, needs_french

ACTIONS = [
    "Marquer comme perdu",
    "Convertir en opportunités",
    "Fusionner pistes/opportunités",
    "Envoi de courriels en masse pour les Pistes / Opportunité",
    "Envoyer un SMS",
]


@needs_french
@tagged("post_install", "-at_install")
class TestFrenchLabels(LeadsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.env["ir.module.module"]._load_module_terms(["crm", "crm_sms", "openfire_leads"], ["fr_FR"])
        cls.french = cls.env(context={**cls.env.context, "lang": "fr_FR"})

    def arch(self, model, view_type="form", view=None):
        view_id = self.env.ref(view).id if view else False
        return etree.fromstring(self.french[model].get_view(view_id, view_type)["arch"])

    def labels(self, model, field):
        return [label for _value, label in self.french[model].fields_get([field])[field]["selection"]]

    def test_action_menu(self):
        for view_type in ("list", "kanban"):
            views = self.french["crm.lead"].get_views([(False, view_type)], {"toolbar": True})["views"]
            names = [action["name"] for action in views[view_type]["toolbar"]["action"]]
            self.assertEqual(names[: len(ACTIONS)], ACTIONS)

    def test_the_groups_of_a_bulk_merge_are_not_counted_under_the_name_of_its_state(self):
        # what agrees with a merge in French does not with groups
        model = "crm.lead.merge.run"
        states = self.labels(model, "state")
        for name in ("undone_count", "failed_count", "merged_count"):
            label = self.french[model].fields_get([name])[name]["string"]
            self.assertNotIn(label, [*states, "Échouée"])

    def test_convert_window(self):
        model = "crm.lead2opportunity.partner"
        self.assertEqual(
            self.labels(model, "name"),
            ["Convertir en opportunité", "Fusionner avec les opportunités existantes"],
        )
        self.assertEqual(
            self.labels(model, "action"),
            ["Lier à un client existant", "Créer un nouveau client", "Ne pas lier à un client"],
        )
        arch = self.arch(model)
        groups = [group.get("string") for group in arch.iter("group") if group.get("string")]
        self.assertEqual(
            groups, ["Action de conversion", "Attribuer cette opportunité à", "Opportunités", "Clients"]
        )
        buttons = [button.get("string") for button in arch.iter("button")]
        self.assertEqual(buttons, ["Comparer et choisir", "Créer une opportunité", "Fusionner", "Annuler"])
        fields = self.french[model].fields_get(["user_id", "team_id", "partner_id"])
        self.assertEqual(
            [fields[name]["string"] for name in ("user_id", "team_id", "partner_id")],
            ["Vendeur", "Équipe commerciale", "Client"],
        )

    def test_lead_form_and_menu(self):
        button = self.arch("crm.lead", view="crm.crm_lead_view_form").xpath(
            "//header/button[@string='Convertir en opportunité']"
        )
        self.assertEqual(len(button), 1)
        self.assertEqual(self.french.ref("crm.crm_menu_leads").name, "Pistes")

    def test_settings_and_team(self):
        arch = self.arch("res.config.settings", view="base.res_config_settings_view_form")
        self.assertTrue(arch.xpath("//setting[@id='lead_alias'][@string='Alias mail des pistes']"))
        self.assertTrue(arch.xpath("//setting[@id='crm_lead']//field[@name='group_use_lead']"))
        self.assertEqual(
            self.french["res.config.settings"].fields_get()["group_use_lead"]["string"], "Pistes"
        )
        self.assertEqual(
            self.labels("crm.team", "lead_mode"),
            ["Suivre le paramètre général", "Utiliser les pistes", "Pipeline uniquement"],
        )
