"""When leads are called similar, which take part, and how people are told."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

# field of the settings -> parameter; a score or switch that was never set has its usual value
SCORES = {
    "lead_suspicion_score": "openfire_leads.suspicion_score",
    "lead_certainty_score": "openfire_leads.certainty_score",
}
SWITCHES = {
    "lead_match_lost": "openfire_leads.match_lost",
    "lead_match_won": "openfire_leads.match_won",
    "lead_match_archived": "openfire_leads.match_archived",
}


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    lead_suspicion_score = fields.Float(
        "Suspicion Score",
        help="From this probability on, in percent, two leads are shown as similar and merging is proposed.",
    )
    lead_certainty_score = fields.Float(
        "Certainty Score",
        help="From this probability on, in percent, two similar leads are marked as certain.",
    )
    lead_duplicate_proposal = fields.Selection(
        [
            ("window", "A window after saving, and a notice on the form"),
            ("notice", "A notice on the form"),
            ("off", "Nothing: only the Similar Leads button"),
        ],
        "Likely Duplicates",
        config_parameter="openfire_leads.duplicate_proposal",
        default="window",
    )
    lead_similar_criteria = fields.Selection(
        [
            ("pairs", "Leads that are likely one requester's"),
            ("odoo", "These, and all of one company, e-mail domain or phone (Odoo's criteria)"),
        ],
        "Similar Leads Button",
        config_parameter="openfire_leads.similar_criteria",
        default="pairs",
        help="Which leads the Similar Leads button of a lead counts and lists.",
    )
    lead_match_lost = fields.Boolean("Lost leads", help="Lost leads are mentioned as duplicates.")
    lead_match_won = fields.Boolean(
        "Won leads", help="Won leads are mentioned as duplicates: a customer already."
    )
    lead_match_archived = fields.Boolean("Archived leads", help="Archived leads are mentioned as duplicates.")
    lead_match_failed_count = fields.Integer(compute="_compute_lead_match_failed_count")

    def _compute_lead_match_failed_count(self):
        # sudo: whoever may open the settings may know how many; which ones is for who may read them
        self.lead_match_failed_count = len(self.env["crm.lead.match.queue"].sudo()._failed())

    @api.constrains("lead_suspicion_score", "lead_certainty_score")
    def _check_lead_scores(self):
        for settings in self:
            suspicion, certainty = settings.lead_suspicion_score, settings.lead_certainty_score
            if not (0 <= suspicion <= 100 and 0 <= certainty <= 100):
                raise ValidationError(
                    self.env._("The suspicion score and the certainty score must be between 0 and 100.")
                )
            if suspicion > certainty:
                raise ValidationError(
                    self.env._("The suspicion score must not be above the certainty score.")
                )

    @api.model
    def get_values(self):
        get_param = self.env["ir.config_parameter"].sudo().get_param
        model = self.env["crm.lead.duplicate"]._matching_model()
        return {
            **super().get_values(),
            # what is in force: a parameter that was spoilt by hand must not keep the settings from opening
            "lead_duplicate_proposal": self.env["crm.lead"]._duplicate_proposal(),
            "lead_similar_criteria": (
                "odoo" if self.env["crm.lead"]._match_honours_odoo_criteria() else "pairs"
            ),
            "lead_suspicion_score": model.suspicion,
            "lead_certainty_score": model.certainty,
            **{name: get_param(key, "True") != "False" for name, key in SWITCHES.items()},
        }

    def set_values(self):
        result = super().set_values()
        before = self.env["crm.lead.duplicate"]._matching_model()
        # Odoo's own way of keeping a parameter takes 0 and False for "never set".
        set_param = self.env["ir.config_parameter"].sudo().set_param
        for name, key in SCORES.items():
            set_param(key, repr(self[name]))
        for name, key in SWITCHES.items():
            set_param(key, str(self[name]))
        if self.lead_suspicion_score < before.suspicion:
            # what was not worth storing so far is now
            self.env["crm.lead.duplicate"].sudo()._queue_all()
        return result

    def action_show_failed_leads(self):
        """Show the leads that cannot be compared."""
        self.check_access("create")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Leads That Cannot Be Compared"),
            "res_model": "crm.lead",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", list(self.env["crm.lead.match.queue"].sudo()._failed()))],
            "context": {"active_test": False},
        }
