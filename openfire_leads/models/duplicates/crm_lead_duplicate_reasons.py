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
    "street2": (
        _lt("same address complement"),
        _lt("similar address complement"),
        _lt("other address complement"),
    ),
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
    "street2": _lt("Address complement"),
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
# field -> level -> (the reason, the level) where a field has levels of its own
SPECIAL = {
    "email": {
        "exact_own_domain": (_lt("same e-mail"), _lt("the same")),
        "same_mailbox": (_lt("same mailbox, dots elsewhere"), _lt("the same mailbox, dots elsewhere")),
        "same_local": (_lt("same e-mail name at another domain"), _lt("same name, other domain")),
        "same_domain": (_lt("another e-mail at the same domain"), _lt("other name, same domain")),
    },
    "phone": {
        "exact_mobile": (_lt("same mobile phone"), _lt("the same mobile phone")),
        "other_mobile": (_lt("other mobile phone"), _lt("two mobile phones")),
        "other_kind": (_lt("a mobile phone and another one"), _lt("a mobile phone and a landline")),
    },
    "contact_name": {
        "short_form": (_lt("short form of the contact name"), _lt("short form of the same name")),
        "initials": (_lt("contact name with the same initials"), _lt("same initials")),
        "completed": (
            _lt("contact name completed by the e-mail"),
            _lt("the same with the first name in the e-mail"),
        ),
        "partial": (_lt("contact name partly the same"), _lt("partly the same")),
        "other_surname": (_lt("another surname"), _lt("same first name, other surname")),
        "other_first_name": (_lt("another first name"), _lt("same name, other first name")),
        "crosswise": (_lt("contact name in the company's place"), _lt("in the company's place")),
        "crosswise_surname": (
            _lt("surname in the company's place"),
            _lt("the surname, in the company's place"),
        ),
        "crosswise_partial": (
            _lt("contact name partly in the company's place"),
            _lt("partly in the company's place"),
        ),
        "crosswise_different": (_lt("other contact name"), _lt("not in the company's place")),
        "mentioned": (_lt("contact name in the e-mail or subject"), _lt("in the other's e-mail or subject")),
        "partly_mentioned": (
            _lt("contact name partly in the e-mail or subject"),
            _lt("partly in the other's e-mail or subject"),
        ),
        "not_mentioned": (
            _lt("contact name not in the e-mail or subject"),
            _lt("not in the other's e-mail or subject"),
        ),
        "other_in_email": (_lt("another name in the e-mail"), _lt("another name in the e-mail")),
    },
    "partner_name": {
        "partial": (_lt("company partly the same"), _lt("partly the same")),
        "contradicting": (_lt("another company"), _lt("alike, but another one")),
    },
    "street": {
        "no_number": (_lt("same street, without number"), _lt("the same, without number")),
        "other_number": (_lt("same street, other number"), _lt("same street, other number")),
        "partial": (_lt("street partly the same"), _lt("partly the same")),
        "partial_no_number": (
            _lt("street partly the same, without number"),
            _lt("partly the same, without number"),
        ),
        "same_number": (_lt("other street, same number"), _lt("other street, same number")),
    },
    "street2": {
        "other_unit": (_lt("another flat or building"), _lt("other flat or building")),
    },
    "zip": {
        "same_area": (_lt("neighbouring postcode"), _lt("same beginning")),
    },
    "name": {
        "partial": (_lt("subject partly the same"), _lt("partly the same")),
    },
}
# levels that are a matter of degree: how alike is worth telling
DEGREES = {"very_close", "close", "partial"}
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
        name, level = line["field"], line["level"]
        if level in SPECIAL.get(name, ()):
            return self._translated(SPECIAL[name][level][0])
        if name not in PHRASES or level not in LEVELS:
            # a field or a level that another module compares: its own label serves
            return f"{self._evidence_label(name)}: {self._evidence_level(name, level)}"
        same, alike, other = PHRASES[name]
        if level == "exact":
            return self._translated(same)
        if level == "different":
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
    def _evidence_level(self, name, level):
        """Return in words how alike the values of the field ``name`` are."""
        if level in SPECIAL.get(name, ()):
            return self._translated(SPECIAL[name][level][1])
        return self._translated(LEVELS[level]) if level in LEVELS else level

    def _translated(self, phrase):
        return self.env._(phrase)  # pylint: disable=gettext-variable
