"""The groups of a bulk run: what was planned with each, and what became of it."""

from odoo import api, fields, models

from ...tools.remote_calls import PlainJson
from .crm_lead_merge_guard import Planned


class CrmLeadMergeRunLine(models.Model):
    """One group of a bulk run. It keeps ids and no names: what leads are called is asked of them, or of the merge."""

    _name = "crm.lead.merge.run.line"
    _inherit = ["openfire.plain.fields"]
    _description = "Group of a Bulk Merge"
    _order = "run_id desc, id"

    _technical_fields = frozenset({"lead_res_ids", "values_digest"})

    run_id = fields.Many2one(
        "crm.lead.merge.run", required=True, readonly=True, ondelete="cascade", index=True
    )
    group_id = fields.Many2one(
        "crm.lead.duplicate.group", readonly=True, ondelete="set null", index="btree_not_null"
    )
    # as planned: of a group with leads that the user may not read, those that they may
    lead_res_ids = PlainJson("IDs of its leads", required=True, readonly=True)
    lead_count = fields.Integer("Leads", readonly=True)
    values_digest = fields.Char(readonly=True)
    score = fields.Float("Probability", readonly=True, aggregator=None)
    certain = fields.Boolean(compute="_compute_certain")
    state = fields.Selection(
        [("planned", "To do"), ("merged", "Merged"), ("left_out", "Left out"), ("failed", "Failed")],
        required=True,
        readonly=True,
        index=True,
    )
    reason = fields.Selection("_reason_selection", "Why Left Out", readonly=True)
    words = fields.Char("What Stands in the Way", readonly=True)
    merge_id = fields.Many2one("crm.lead.merge", readonly=True, ondelete="set null", index="btree_not_null")
    merge_state = fields.Selection(related="merge_id.state", string="State of the Merge")
    name = fields.Char("Leads of the Group", compute="_compute_name")

    @api.model
    def _reason_selection(self):
        return [
            *((code, guard.label) for code, guard in self.env["crm.lead.merge.guard"]._guards().items()),
            ("stopped", self.env._("Stopped before its turn")),
        ]

    @api.depends("score")
    def _compute_certain(self):
        certainty = self.env["crm.lead.duplicate"]._matching_model().certainty
        for line in self:
            line.certain = line.score >= certainty

    @api.depends("lead_res_ids", "merge_id")
    @api.depends_context("uid", "lang", "allowed_company_ids")
    def _compute_name(self):
        # as the user, in sudo too: leads are named to those who may read them, or what the journal has of them
        merges = self.merge_id.sudo(False)._filtered_access("read")
        told = merges.filtered(lambda merge: not merge.is_erased)._lines_told().grouped("merge_id")
        ids = {lead_id for line in self if not line.merge_id for lead_id in line.lead_res_ids}
        leads = self.env["crm.lead"].sudo(False).with_context(active_test=False)
        by_id = leads.search([("id", "in", list(ids))]).grouped("id")
        for line in self:
            merge = line.merge_id
            if not merge:
                named = [by_id[lead_id] for lead_id in line.lead_res_ids if lead_id in by_id]
            else:
                named = told.get(merge, merge.line_ids.browse()).sorted("sequence")
            names = [one.contact_name or one.partner_name or one.name for one in named]
            line.name = " + ".join(dict.fromkeys(filter(None, names))) or (
                merge.display_name if merge.sudo(False) in merges else False
            )

    def _compute_display_name(self):
        for line in self:
            line.display_name = line.name

    def _planned(self):
        """Return these lines as the :class:`~.crm_lead_merge_guard.Planned` that they were made of."""
        return [
            Planned(
                line.group_id.id,
                tuple(line.lead_res_ids),
                line.values_digest,
                line.run_id.kind != "selected",
            )
            for line in self
        ]


class CrmLeadMerge(models.Model):
    _inherit = "crm.lead.merge"

    run_line_ids = fields.One2many("crm.lead.merge.run.line", "merge_id", "In Bulk Merges", readonly=True)

    def _erase(self):
        """What was said of the leads by name goes with them."""
        # sudo: nobody writes it by hand
        self.sudo().run_line_ids.write({"words": False})
        return super()._erase()
