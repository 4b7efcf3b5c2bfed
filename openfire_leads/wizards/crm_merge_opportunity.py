"""The merge window: who survives, which values stay, what becomes of won ones."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class CrmMergeOpportunity(models.TransientModel):
    _inherit = "crm.merge.opportunity"

    won_ids = fields.Many2many(
        "crm.lead", "crm_merge_opportunity_won_rel", "merge_id", "lead_id", string="Won opportunities",
        context={"active_test": False},
    )  # fmt: skip
    include_won = fields.Boolean(
        "Merge the won ones too", default=lambda self: self.env["crm.lead"]._merge_survivor_rule() == "oldest"
    )
    candidate_ids = fields.Many2many(
        "crm.lead", compute="_compute_candidate_ids", string="Leads that will be merged",
        context={"active_test": False},
    )  # fmt: skip
    survivor_id = fields.Many2one(
        "crm.lead",
        "Lead that remains",
        compute="_compute_survivor_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', candidate_ids)]",
        context={"active_test": False},
        help="The others are merged into it; its values win.",
    )
    # {field name: lead id}, see CrmLead._merge_opportunity
    picks = fields.Json("Values taken from another lead", default=dict)

    @api.model
    def default_get(self, fields):
        """Keep won opportunities in the selection instead of dropping them in silence.

        Under the rule ``confidence`` they are left out as in Odoo, until the user says otherwise.
        """
        result = super().default_get(fields)
        selected = self.env["crm.lead"].browse(self.env.context.get("active_ids") or ()).exists()
        if self.env.context.get("active_model", "crm.lead") != "crm.lead" or not selected:
            return result
        won = selected.filtered(lambda lead: lead.won_status == "won")
        if "won_ids" in fields:
            result["won_ids"] = [Command.set(won.ids)]
        if "opportunity_ids" in fields and selected._merge_survivor_rule() == "oldest":
            result["opportunity_ids"] = [Command.set(selected.ids)]
        return result

    @api.depends("opportunity_ids", "won_ids", "include_won")
    def _compute_candidate_ids(self):
        for wizard in self:
            wizard.candidate_ids = wizard._leads_to_merge()

    @api.depends("candidate_ids")
    def _compute_survivor_id(self):
        for wizard in self:
            leads = wizard.candidate_ids._origin.exists()
            if wizard.survivor_id._origin not in leads:
                wizard.survivor_id = leads._merge_sort()[:1]

    # Not as constraints, which are checked as superuser: the window would name a lead that the user may not read.

    @api.model_create_multi
    def create(self, vals_list):
        wizards = super().create(vals_list)
        wizards.survivor_id.check_access("read")
        return wizards

    def write(self, vals):
        result = super().write(vals)
        if "survivor_id" in vals:
            self.survivor_id.check_access("read")
        return result

    def _leads_to_merge(self):
        """Return the leads of the window that will be merged."""
        self.ensure_one()
        leads = (
            self.opportunity_ids | self.won_ids if self.include_won else self.opportunity_ids - self.won_ids
        )
        # in a window that is open, ids stand for what may be gone by now
        return leads._origin.exists()

    def action_merge(self):
        """Merge as the window says."""
        self.ensure_one()
        leads = self._leads_to_merge()
        if len(leads) < 2:
            raise UserError(self.env._("Select at least two leads or opportunities to merge them."))
        self.opportunity_ids = leads
        picks = {name: lead for name, lead in (self.picks or {}).items() if lead in leads.ids}
        wizard = self.with_context(openfire_merge_survivor_id=self.survivor_id.id, openfire_merge_picks=picks)
        return wizard._merge_and_redirect()

    def _merge_and_redirect(self):
        """Hook: merge ``opportunity_ids`` as Odoo does; return the action that shows the survivor."""
        return super().action_merge()  # pylint: disable=super-method-mismatch
