"""The comparison model, for an administrator to look at."""

from odoo import Command, api, fields, models

from ... import matching

# What to show: field of the evidence, two leads that differ in it. Nobody's data.
EXAMPLES = (
    ("email", {"emails": ("e.lamoureux@orange.fr",)}, {"emails": ("e.lamoureux@orange.fr",)}),
    ("email", {"emails": ("e.lamoureux@orange.fr",)}, {"emails": ("e.lamoureux@ornage.fr",)}),
    ("email", {"emails": ("e.lamoureux@orange.fr",)}, {"emails": ("paul.tissot@free.fr",)}),
    ("phone", {"phones": ("06 39 98 01 02",)}, {"phones": ("+33 6 39 98 01 02",)}),
    ("phone", {"phones": ("06 39 98 01 02",)}, {"phones": ("06 39 98 01 20",)}),
    ("phone", {"phones": ("06 39 98 01 02",)}, {"phones": ("02 61 91 55 66",)}),
    ("contact_name", {"contact_name": "Élise Lamoureux"}, {"contact_name": "LAMOUREUX Elise"}),
    ("contact_name", {"contact_name": "Élise Lamoureux"}, {"contact_name": "Elise Lamoreux"}),
    ("contact_name", {"contact_name": "Élise Lamoureux"}, {"contact_name": "Bruno Lamoureux"}),
    ("contact_name", {"contact_name": "Élise Lamoureux"}, {"contact_name": "Paul Tissot"}),
    ("partner_name", {"partner_name": "Tissot Chauffage SARL"}, {"partner_name": "TISSOT CHAUFFAGE"}),
    ("partner_name", {"partner_name": "Tissot Chauffage SARL"}, {"partner_name": "Delmas Couverture"}),
    ("street", {"street": "12 av. de la Gare"}, {"street": "12 avenue de la Gare"}),
    ("street", {"street": "12 av. de la Gare"}, {"street": "3 rue des Lilas"}),
    ("zip", {"zip": "68200"}, {"zip": "68200"}),
    ("zip", {"zip": "68200"}, {"zip": "29000"}),
    ("city", {"city": "Saint-Brieuc"}, {"city": "ST BRIEUC CEDEX"}),
    ("city", {"city": "Saint-Brieuc"}, {"city": "Mulhouse"}),
    ("name", {"name": "Insert Godin 3124"}, {"name": "insert godin 3124"}),
    ("name", {"name": "Insert Godin 3124"}, {"name": "Pose de volets"}),
)


class CrmLeadMatchingModel(models.TransientModel):
    _name = "crm.lead.matching.model"
    _description = "Comparison Model of Leads"

    suspicion_score = fields.Float(readonly=True)
    certainty_score = fields.Float(readonly=True)
    leads_counted = fields.Integer(readonly=True)
    example_ids = fields.One2many("crm.lead.matching.example", "model_id", "Examples", readonly=True)

    @api.model
    def action_open(self):
        """Show the model with the scores of the settings and the frequencies of now."""
        self.check_access("create")
        # The frequencies tell nothing of a single lead.
        statistics = self.env["crm.lead.match.term"].sudo()._statistics()
        model = self.env["crm.lead.duplicate"]._matching_model()
        examples = [self._example(example, model, statistics) for example in EXAMPLES]
        shown = self.create(
            {
                "suspicion_score": model.suspicion,
                "certainty_score": model.certainty,
                "leads_counted": statistics.records,
                "example_ids": [Command.create(values) for values in examples if values],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("How Leads Are Compared"),
            "res_model": self._name,
            "res_id": shown.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def _compute_display_name(self):
        for record in self:
            record.display_name = self.env._("How leads are compared")

    @api.model
    def _example(self, example, model, statistics):
        """Return the values of one line: what the model says of two leads that have but this field."""
        name, one, two = example
        profiles = [matching.profile(matching.Record(country_code="FR", **values)) for values in (one, two)]
        line = next(
            (line for line in model.compare(*profiles, statistics).evidence if line["field"] == name), None
        )
        if not line:
            return None
        pair_model = self.env["crm.lead.duplicate"]
        return {
            "field_label": pair_model._evidence_label(name),
            "value": self._text(one),
            "other_value": self._text(two),
            "level": pair_model._evidence_level(name, line["level"]),
            "similarity": line["similarity"],
            "weight": line["weight"],
        }

    @api.model
    def _text(self, values):
        (value,) = values.values()
        return value if isinstance(value, str) else value[0]

    def action_show_settings(self):
        """Open the settings, where the scores are set."""
        return self.env["ir.actions.actions"]._for_xml_id("crm.crm_config_settings_action")


class CrmLeadMatchingExample(models.TransientModel):
    _name = "crm.lead.matching.example"
    _description = "Example of a Comparison of Leads"

    model_id = fields.Many2one("crm.lead.matching.model", required=True, ondelete="cascade", index=True)
    field_label = fields.Char("Field", readonly=True)
    value = fields.Char("First Value", readonly=True)
    other_value = fields.Char("Second Value", readonly=True)
    level = fields.Char("Comparison", readonly=True)
    similarity = fields.Float("Alike", readonly=True)
    weight = fields.Float(readonly=True)
