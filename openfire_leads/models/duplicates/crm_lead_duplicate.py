"""Pairs of leads suspected to be one request or requester."""

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ...tools import remote_calls
from .crm_lead_refresh import DEPENDENT


class CrmLeadDuplicate(models.Model):
    """A pair, stored once: ``lead_id < other_lead_id``.

    Scores and evidence are kept by the matching (see ``crm_lead_duplicate_refresh``); people only
    dismiss and merge. A pair is visible to whoever may read both of its leads.
    """

    _name = "crm.lead.duplicate"
    _inherit = ["openfire.plain.fields"]
    _description = "Pair of Similar Leads"
    _order = "score desc, id desc"
    _rec_name = "lead_id"

    _technical_fields = frozenset(
        {"values_digest", "dismissed_digest", "closed_digests", "evidence", "comparison"}
    )

    lead_id = fields.Many2one("crm.lead", "First Lead", required=True, readonly=True, ondelete="cascade")
    other_lead_id = fields.Many2one(
        "crm.lead", "Second Lead", required=True, readonly=True, ondelete="cascade", index=True
    )
    score = fields.Float(
        readonly=True, aggregator=None, help="The probability that both are one requester, in percent."
    )
    evidence = remote_calls.PlainJson(
        readonly=True, help="Field by field: how alike, and how much that weighs."
    )
    state = fields.Selection(
        [("suspected", "To check"), ("dismissed", "Not duplicates")],
        required=True,
        readonly=True,
        default="suspected",
    )
    dismissed_by_id = fields.Many2one("res.users", "Dismissed by", readonly=True)
    dismissed_on = fields.Datetime("Dismissed on", readonly=True)
    dismiss_reason = fields.Char("Reason", readonly=True)
    # what the compared values were: at the last comparison, at the dismissal, when the window was closed by whom
    values_digest = fields.Char(readonly=True)
    dismissed_digest = fields.Char(readonly=True)
    closed_digests = remote_calls.PlainJson(readonly=True)

    _lead_order = models.Constraint(
        "CHECK (lead_id < other_lead_id)", "A pair is stored once, the older lead first."
    )
    _pair_unique = models.UniqueIndex("(lead_id, other_lead_id)")
    # the rare ones only: of an index of both states PostgreSQL makes bad use as long as it has not counted them
    _dismissed_idx = models.Index("(id) WHERE state = 'dismissed'")

    # ------------------------------------------------------------
    # ACCESS: as both leads
    # ------------------------------------------------------------

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, *, bypass_access=False, **kwargs):
        self.env["crm.lead"]._match_flush()
        if not (self.env.su or bypass_access):
            readable = self.env["crm.lead"].with_context(active_test=False)._search(Domain.TRUE)
            domain = (
                Domain(domain) & Domain("lead_id", "in", readable) & Domain("other_lead_id", "in", readable)
            )
        return super()._search(domain, offset, limit, order, bypass_access=bypass_access, **kwargs)

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self.env.su or not self:
            return result
        pairs = self.sudo()
        leads = self.env["crm.lead"].browse((pairs.lead_id | pairs.other_lead_id).ids)
        readable = set(leads._filtered_access("read")._ids)
        hidden = pairs.filtered(lambda pair: not {pair.lead_id.id, pair.other_lead_id.id} <= readable)
        if not hidden:
            return result
        hidden = self.browse(hidden.ids)
        if result:
            return (result[0] | hidden, result[1])
        return (hidden, lambda: AccessError(self.env._("You may not read both leads of this pair.")))

    @api.depends("lead_id", "other_lead_id")
    def _compute_display_name(self):
        for pair in self:
            pair.display_name = f"{pair.lead_id.display_name} ↔ {pair.other_lead_id.display_name}"

    # ------------------------------------------------------------
    # VERBS
    # ------------------------------------------------------------

    @remote_calls.checked(reason=remote_calls.text)
    def action_dismiss(self, reason=False):
        """Remember that these pairs are not duplicates, until a compared value of theirs changes.

        :param reason: why, in the user's words
        :raises AccessError: when the user may not read both leads, or may change neither
        """
        self._check_verb()
        # Access is checked; the fields themselves are nobody's to write.
        for pair in self.sudo():
            pair.write({
                "state": "dismissed",
                "dismissed_by_id": self.env.uid,
                "dismissed_on": fields.Datetime.now(),
                "dismiss_reason": reason and reason.strip()[:500],
                "dismissed_digest": pair.values_digest,
            })  # fmt: skip
        self._invalidate_leads()
        return True

    @remote_calls.checked()
    def action_suspect(self):
        """Take the dismissal of these pairs back."""
        pairs = self.exists()
        pairs._check_verb()
        # Access is checked; the fields themselves are nobody's to write.
        pairs.sudo().write({
            "state": "suspected",
            "dismissed_by_id": False,
            "dismissed_on": False,
            "dismiss_reason": False,
            "dismissed_digest": False,
        })  # fmt: skip
        self._invalidate_leads()
        return True

    @remote_calls.checked()
    def action_merge(self):
        """Open the merge window on the leads of these pairs.

        Pairs of several requesters, which no pair of the selection connects, are several merges: the window that
        lists them is opened instead.
        """
        self.check_access("read")
        if len(self._groups_to_merge()) > 1:
            action = self.env["ir.actions.act_window"]._for_xml_id(
                "openfire_leads.crm_lead_duplicate_merge_action"
            )
            return {**action, "context": {"default_pair_ids": self.ids}}
        return (self.lead_id | self.other_lead_id)._open_merge_window()

    @remote_calls.checked(one=True)
    def action_open_lead(self):
        """Open the first lead of the pair."""
        return self.lead_id.redirect_lead_opportunity_view()

    @remote_calls.checked(one=True)
    def action_open_other_lead(self):
        """Open the second lead of the pair."""
        return self.other_lead_id.redirect_lead_opportunity_view()

    @remote_calls.checked()
    def close_window(self):
        """Remember that the user closed the window on these pairs: as they are now, they are not proposed again."""
        self.check_access("read")
        for pair in self.sudo():  # a memory of the user's own; access to the leads is checked
            pair.closed_digests = {**(pair.closed_digests or {}), str(self.env.uid): pair.values_digest}
        return True

    def _check_verb(self):
        self.check_access("read")
        for pair in self:
            leads = pair.lead_id | pair.other_lead_id
            if not leads._filtered_access("write"):
                raise AccessError(self.env._("You may change neither of these leads."))

    def _invalidate_leads(self):
        self.env["crm.lead"].invalidate_model(DEPENDENT, flush=False)
