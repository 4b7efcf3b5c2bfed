"""The comparison model, for an administrator to look at."""

from odoo import Command, api, fields, models
from odoo.tools.misc import formatLang

from ... import matching
from ...tools import remote_calls
from .match_lesson import SWITCH

# differences of weights below this many bits are not worth telling
LEAST_TOLD = 0.05
# What to show: field of the evidence, two leads that differ in it. Nobody's data.
EXAMPLES = (
    ("email", {"emails": ("e.lamoureux@orange.fr",)}, {"emails": ("e.lamoureux@orange.fr",)}),
    ("email", {"emails": ("e.lamoureux@orange.fr",)}, {"emails": ("e.lamoureux@ornage.fr",)}),
    ("email", {"emails": ("e.lamoureux@orange.fr",)}, {"emails": ("paul.tissot@free.fr",)}),
    ("phone", {"phones": ("06 39 98 01 02",)}, {"phones": ("+33 6 39 98 01 02",)}),
    ("phone", {"phones": ("06 39 98 01 02",)}, {"phones": ("06 39 98 01 20",)}),
    ("phone", {"phones": ("06 39 98 01 02",)}, {"phones": ("07 39 98 47 31",)}),
    ("phone", {"phones": ("06 39 98 01 02",)}, {"phones": ("02 61 91 55 66",)}),
    ("phone", {"phones": ("02 61 91 55 66",)}, {"phones": ("02 61 91 55 66",)}),
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
    rate = fields.Text("How Rare Duplicates Are", readonly=True)
    learnt = fields.Text("What Was Learnt", readonly=True)
    learns = fields.Boolean(readonly=True)
    band_ids = fields.One2many("crm.lead.matching.band", "model_id", "Judgements", readonly=True)

    @api.model
    def action_open(self):
        """Show the model with the scores of the settings and the frequencies of now."""
        self.check_access("create")
        # The frequencies tell nothing of a single lead.
        profiles = [_profile(values) for _name, one, two in EXAMPLES for values in (one, two)]
        statistics = self.env["crm.lead.match.term"].sudo()._statistics(profiles)
        model = self.env["crm.lead.duplicate"]._matching_model()
        # sudo: how many were judged, and how rightly, tells nothing of a single lead
        judgements = self.env["crm.lead.match.judgement"].sudo()
        judgements._collect()
        bands = judgements._measured()
        get_param = self.env["ir.config_parameter"].sudo().get_param
        examples = [self._example(example, model, statistics) for example in EXAMPLES]
        shown = self.create(
            {
                "suspicion_score": model.suspicion,
                "certainty_score": model.certainty,
                "leads_counted": statistics.records,
                "example_ids": [Command.create(values) for values in examples if values],
                "rate": self._told_rate(model),
                "learnt": self._told_learnt(model, sum(band.judged for band in bands)),
                "learns": get_param(SWITCH) != "False",
                "band_ids": [
                    Command.create(
                        {
                            "least": band.least,
                            "most": min(band.most, 100),
                            "judged": band.judged,
                            "same": band.same,
                            "claimed": band.claimed / 100,
                            "right": band.same / band.judged,
                        }
                    )
                    for band in bands
                    if band.judged
                ],
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
        evidence = model.compare(_profile(one), _profile(two), statistics).evidence
        line = next((line for line in evidence if line["field"] == name), None)
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

    # ------------------------------------------------------------
    # WHAT WAS LEARNT
    # ------------------------------------------------------------

    @api.model
    def _told_rate(self, model):
        """Return in words how the start of every pair differs from the usual one."""
        moved = model.prior - matching.Model().prior
        if abs(moved) < LEAST_TOLD:
            return self.env._("As in databases in general: every pair of leads starts as usual.")
        if moved > 0:
            return self.env._(
                "Duplicates are more frequent here than in databases in general: every pair starts %(bits)s higher.",
                bits=formatLang(self.env, moved, digits=1),
            )
        return self.env._(
            "Duplicates are rarer here than in databases in general: every pair starts %(bits)s lower.",
            bits=formatLang(self.env, -moved, digits=1),
        )

    @api.model
    def _told_learnt(self, model, judged):
        """Return in words what the judgements taught last, or why nothing."""
        if self.env["ir.config_parameter"].sudo().get_param(SWITCH) == "False":
            return self.env._("Nothing is learnt: somebody went back to the standard weights.")
        lesson = self.env["crm.lead.match.lesson"].search([], limit=1)
        if not lesson:
            return self.env._(
                "Nothing yet: pairs that were shown and then merged or put aside are judgements. There are %(count)d, "
                "and %(fewest)d are needed before anything is learnt.",
                count=judged,
                fewest=matching.FEWEST_JUDGEMENTS,
            )
        return "\n".join([lesson._told(), *self._told_changes(model)])

    @api.model
    def _told_changes(self, model):
        """Return lines on the levels that weigh otherwise than in the standard model, the largest change first."""
        pair_model, changes = self.env["crm.lead.duplicate"], []
        for name, usual in matching.Model().scales.items():
            field = matching.FIELDS[name]
            for before, after in zip(usual, model.scales[name], strict=True):
                moved = after.base - before.base
                if abs(moved) >= LEAST_TOLD:
                    line = self.env._(
                        "%(field)s, %(level)s: %(bits)s",
                        field=pair_model._evidence_label(field),
                        level=pair_model._evidence_level(field, before.name),
                        bits=f"{'+' if moved > 0 else '−'}{formatLang(self.env, abs(moved), digits=1)}",
                    )
                    changes.append((-abs(moved), line))
        if not changes:
            return []
        title = self.env._("What weighs otherwise than usual:")
        return [title, *(line for _moved, line in sorted(changes))]

    @remote_calls.checked()
    def action_use_standard(self):
        """Go back to the standard weights, and learn nothing from judgements until somebody wants it again."""
        return self._switch(False)

    @remote_calls.checked()
    def action_learn(self):
        """Learn from judgements again."""
        return self._switch(True)

    @api.model
    def _switch(self, learns):
        self.check_access("create")
        # sudo: who may see how leads are compared may choose it
        self.env["ir.config_parameter"].sudo().set_param(SWITCH, str(learns))
        lessons = self.env["crm.lead.match.lesson"].sudo()
        changed = lessons._learn(anew=True) if learns else lessons._use(lessons)
        if changed:
            self.env["crm.lead.duplicate"].sudo()._queue_all()
        return self.action_open()

    @remote_calls.checked()
    def action_show_lessons(self):
        """Show everything that was learnt or tried so far."""
        self.check_access("create")
        return self.env["ir.actions.act_window"]._for_xml_id("openfire_leads.crm_lead_match_lesson_action")

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


class CrmLeadMatchingBand(models.TransientModel):
    _name = "crm.lead.matching.band"
    _description = "Judgements of Leads by Score"

    model_id = fields.Many2one("crm.lead.matching.model", required=True, ondelete="cascade", index=True)
    least = fields.Float("From", digits=(5, 1), readonly=True)
    most = fields.Float("To", digits=(5, 1), readonly=True)
    judged = fields.Integer("Pairs Judged", readonly=True)
    same = fields.Integer("One Requester", readonly=True)
    claimed = fields.Float(readonly=True)
    right = fields.Float(readonly=True)


def _profile(values):
    return matching.profile(matching.Record(country_code="FR", **values))
