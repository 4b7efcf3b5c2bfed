"""Groups of leads that are likely one requester's: what people review."""

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ...matching import BANDS
from ...tools.remote_calls import PlainJson


class CrmLeadDuplicateGroup(models.Model):
    """Leads that are likely one requester's, made from the pairs (see ``crm_lead_duplicate_group_refresh``).

    A lead is in one group at most that is to review or skipped. A group that people have dealt with is *done* and says
    by whom and how; what is found of its leads later is another group. People see groups of which they may read a
    lead, and those leads only.
    """

    _name = "crm.lead.duplicate.group"
    _inherit = ["openfire.plain.fields"]
    _description = "Group of Similar Leads"
    _order = "score desc, id"
    _rec_name = "title"
    _rec_names_search = ["anything"]

    _technical_fields = frozenset({"values_digest", "skipped_digest", "dismissed_pair_ids"})

    state = fields.Selection(
        [("open", "To review"), ("skipped", "Skipped"), ("done", "Dealt with")],
        required=True,
        readonly=True,
        default="open",
        index=True,
        help="A group that was skipped comes back when something of it changes.",
    )
    lead_ids = fields.Many2many(
        "crm.lead",
        "crm_lead_duplicate_group_lead_rel",
        "group_id",
        "lead_id",
        string="Leads",
        readonly=True,
        context={"active_test": False},
    )
    lead_count = fields.Integer("Number of Leads", readonly=True, aggregator="sum")
    score = fields.Float(
        readonly=True,
        aggregator=None,
        help="The probability, in percent, of the weakest link that holds the group together.",
    )
    band = fields.Selection(
        [
            ("below", "below 50 %"),
            ("50", "50 to 80 %"),
            ("80", "80 to 95 %"),
            ("95", "95 to 99.7 %"),
            ("99.7", "99.7 % and above"),
        ],
        "Probability",
        readonly=True,
        index=True,
    )
    certain = fields.Boolean(compute="_compute_certain", search="_search_certain")
    newest_on = fields.Datetime("Newest Lead", readonly=True, help="When its newest lead was created.")
    # what the compared values of its leads are, and what they were when it was skipped
    values_digest = fields.Char(readonly=True)
    skipped_digest = fields.Char(readonly=True)
    # who has it open for review, and since when: the second reviewer is led on to the next group
    reviewer_id = fields.Many2one("res.users", "Being Reviewed by", readonly=True)
    reviewed_on = fields.Datetime("Opened for Review on", readonly=True)
    done_by_id = fields.Many2one("res.users", "Done by", readonly=True, index="btree_not_null")
    done_on = fields.Datetime("Done on", readonly=True, index="btree_not_null")
    outcome = fields.Selection([("merged", "Merged"), ("dismissed", "Not duplicates")], readonly=True)
    dismissed_pair_ids = PlainJson(readonly=True, help="Which pairs were dismissed with the group.")
    merge_id = fields.Many2one("crm.lead.merge", readonly=True, ondelete="set null")
    title = fields.Char(compute="_compute_title")

    @api.model
    def _band(self, score):
        """Return the value of the field ``band`` for a score."""
        return next((f"{least:g}" for least, most in BANDS if least <= score < most), "below")

    @api.depends("score")
    def _compute_certain(self):
        certainty = self.env["crm.lead.duplicate"]._matching_model().certainty
        for group in self:
            group.certain = group.score >= certainty

    def _search_certain(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self.env["crm.lead.duplicate"]._domain_certain(value)

    @api.depends("lead_ids.name", "lead_ids.contact_name", "lead_ids.partner_name")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_title(self):
        # as the user, in sudo too: Odoo reads what a record is called in sudo where another one refers to it
        for group in self:
            names = [lead._name_of_requester() for lead in group.sudo(False).lead_ids]
            group.title = " + ".join(dict.fromkeys(filter(None, names)))

    # ------------------------------------------------------------
    # ACCESS: who may read one of its leads
    # ------------------------------------------------------------

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, *, bypass_access=False, **kwargs):
        if not (self.env.su or bypass_access):
            domain = Domain(domain).map_conditions(self._readable_leads_only) & self._domain_visible()
        return super()._search(domain, offset, limit, order, bypass_access=bypass_access, **kwargs)

    @api.model
    def _readable_leads_only(self, condition):
        """Return a condition of a domain so that it finds no group by the id of a lead that the user may not read:
        Odoo compares ids without looking at the leads."""
        if condition.field_expr == "id" and condition.operator in ("any", "not any"):
            within = Domain(condition.value).map_conditions(self._readable_leads_only)
            return Domain("id", condition.operator, within)
        found = {"in": ("any", "in"), "=": ("any", "="), "not in": ("not any", "in"), "!=": ("not any", "=")}
        if condition.field_expr != "lead_ids" or condition.operator not in found:
            return condition
        operator, of_ids = found[condition.operator]
        return Domain("lead_ids", operator, [("id", of_ids, condition.value)])

    @api.model
    def _domain_visible(self):
        return Domain(
            "lead_ids", "in", self.env["crm.lead"].with_context(active_test=False)._search(Domain.TRUE)
        )

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self.env.su or not self:
            return result
        # sudo: the rule itself; the leads are those that the user may read
        seen = self.sudo().search(Domain("id", "in", self.ids) & self._domain_visible())
        hidden = self.browse(set(self.ids) - set(seen.ids))
        if not hidden:
            return result
        if result:
            return (result[0] | hidden, result[1])
        return (hidden, lambda: AccessError(self.env._("You may read none of the leads of this group.")))
