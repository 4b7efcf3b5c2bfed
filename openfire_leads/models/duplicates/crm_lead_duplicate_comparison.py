"""One pair, value against value, with the weight of each line."""

from odoo import api, fields, models
from odoo.fields import Domain

from ...tools import remote_calls
from .crm_lead_duplicate_reasons import DEGREES

# the fields of a lead whose values stand behind each field of the evidence, in the order of the form
VALUES = {
    "contact_name": ("contact_name",),
    "partner_name": ("partner_name",),
    "email": ("email_from",),
    "phone": ("phone",),
    "street": ("street",),
    "street2": ("street2",),
    "zip": ("zip",),
    "city": ("city",),
    "state": ("state_id",),
    "name": ("name",),
}


class CrmLeadDuplicate(models.Model):
    _inherit = "crm.lead.duplicate"

    reasons = fields.Char(compute="_compute_reasons")
    certain = fields.Boolean(compute="_compute_certain", search="_search_certain")
    comparison = remote_calls.PlainJson(compute="_compute_comparison", compute_sudo=False)

    @api.depends("evidence")
    @api.depends_context("lang")
    def _compute_reasons(self):
        for pair in self:
            pair.reasons = ", ".join(self._reasons(pair.evidence))

    @api.depends("score")
    def _compute_certain(self):
        certainty = self._matching_model().certainty
        for pair in self:
            pair.certain = pair.score >= certainty

    def _search_certain(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._domain_certain(value)

    @api.model
    def _domain_certain(self, wanted):
        """Return the domain of what has a ``score`` and is, or is not, certain: ``wanted`` holds the booleans."""
        certainty = self._matching_model().certainty
        found = {True: Domain("score", ">=", certainty), False: Domain("score", "<", certainty)}
        return Domain.OR(found[one] for one in map(bool, wanted))

    @api.depends("evidence", "lead_id", "other_lead_id")
    @api.depends_context("lang", "uid")
    def _compute_comparison(self):
        for pair in self:
            pair.comparison = pair._get_comparison()

    def _get_comparison(self):
        """Return what the table of a pair shows.

        :return: ``{"titles": [first, second], "lines": [{"field", "label", "values": [first, second], "level",
            "level_label", "percent", "weight"}, …]}``; a line without evidence has the weight 0, one whose
            level is no matter of degree has no percent
        """
        self.ensure_one()
        evidence = {line["field"]: line for line in self.evidence or []}
        names = [*VALUES, *(evidence.keys() - VALUES)]
        lines = [self._start_line(), *(self._comparison_line(name, evidence.get(name)) for name in names)]
        return {
            "titles": [self.lead_id.display_name, self.other_lead_id.display_name],
            "lines": [line for line in lines if line["weight"] or any(line["values"])],
        }

    def _start_line(self):
        """Return the line of what every pair starts from: two leads taken at random hardly are one requester's."""
        # How many leads there are tells nothing of a single one.
        statistics = self.env["crm.lead.match.term"].sudo()._statistics([])
        return {
            "field": "start",
            "label": self.env._("Starting point"),
            "values": ["", ""],
            "level": "start",
            "level_label": self.env._("any two leads"),
            "percent": None,
            "weight": round(self._matching_model().start(statistics), 1),
        }

    def _comparison_line(self, name, line):
        names = [one for one in VALUES.get(name, (name,)) if one in self.env["crm.lead"]._fields]
        line = line or {"level": "missing", "similarity": 0, "weight": 0}
        return {
            "field": name,
            "label": self._evidence_label(name),
            "values": [self._shown(lead, names) for lead in (self.lead_id, self.other_lead_id)],
            "level": line["level"],
            "level_label": self._evidence_level(name, line["level"]),
            "percent": round(100 * line["similarity"]) if line["level"] in DEGREES else None,
            "weight": round(line["weight"], 1),
        }

    @api.model
    def _shown(self, lead, names):
        values = (lead[name].display_name if lead._fields[name].relational else lead[name] for name in names)
        return ", ".join(str(value) for value in values if value)
