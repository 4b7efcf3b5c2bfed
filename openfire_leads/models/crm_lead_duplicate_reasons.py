"""Evidence in plain words."""

from odoo import api, models
from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

# field -> (the same, alike, another one): whole phrases, for in many languages the words of one depend on the other
PHRASES = {
    "email": (_lt("same e-mail"), _lt("similar e-mail"), _lt("other e-mail")),
    "phone": (_lt("same phone"), _lt("similar phone"), _lt("other phone")),
    "contact_name": (_lt("same contact name"), _lt("similar contact name"), _lt("other contact name")),
    "partner_name": (_lt("same company"), _lt("similar company"), _lt("other company")),
    "street": (_lt("same street"), _lt("similar street"), _lt("other street")),
    "zip": (_lt("same postcode"), _lt("similar postcode"), _lt("other postcode")),
    "city": (_lt("same town"), _lt("similar town"), _lt("other town")),
    "state": (_lt("same state"), _lt("similar state"), _lt("other state")),
    "name": (_lt("same subject"), _lt("similar subject"), _lt("other subject")),
}
LABELS = {
    "email": _lt("E-mail"),
    "phone": _lt("Phone"),
    "contact_name": _lt("Contact name"),
    "partner_name": _lt("Company"),
    "street": _lt("Street"),
    "zip": _lt("Postcode"),
    "city": _lt("Town"),
    "state": _lt("State"),
    "name": _lt("Subject"),
}
LEVELS = {
    "exact": _lt("the same"),
    "very_close": _lt("almost the same"),
    "close": _lt("similar"),
    "partial": _lt("partly the same"),
    "different": _lt("different"),
    "missing": _lt("missing"),
}
# evidence below this many bits says next to nothing
LEAST_WEIGHT = 0.5


class CrmLeadDuplicate(models.Model):
    _inherit = "crm.lead.duplicate"

    @api.model
    def _reasons(self, evidence, limit=4):
        """Return ``evidence`` in plain, translated words, the weightiest first.

        :return: e.g. ``["same phone", "similar contact name 92 %", "other town"]``
        """
        telling = [line for line in evidence or [] if abs(line["weight"]) >= LEAST_WEIGHT]
        telling.sort(key=lambda line: -abs(line["weight"]))
        return [self._reason(line) for line in telling[:limit]]

    @api.model
    def _reason(self, line):
        if line["field"] not in PHRASES:
            # a field that another module compares: its own label serves
            return f"{self._evidence_label(line['field'])}: {self._evidence_level(line['level'])}"
        same, alike, other = PHRASES[line["field"]]
        if line["level"] == "exact":
            return self._translated(same)
        if line["level"] == "different":
            return self._translated(other)
        return self.env._(
            "%(reason)s %(percent)d %%",
            reason=self._translated(alike),
            percent=round(100 * line["similarity"]),
        )

    @api.model
    def _evidence_label(self, name):
        """Return the label of a field that evidence names."""
        if name in LABELS:
            return self._translated(LABELS[name])
        field = self.env["crm.lead"]._fields.get(name)
        return field._description_string(self.env) if field else name

    @api.model
    def _evidence_level(self, level):
        """Return a level of comparison in words."""
        return self._translated(LEVELS[level]) if level in LEVELS else level

    def _translated(self, phrase):
        return self.env._(phrase)  # pylint: disable=gettext-variable
