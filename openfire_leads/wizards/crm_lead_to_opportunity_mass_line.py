"""One lead of several that are converted at once, and what becomes of its customer."""

from odoo import api, fields, models


class CrmLead2opportunityPartnerMassLine(models.TransientModel):
    _name = "crm.lead2opportunity.partner.mass.line"
    _inherit = ["openfire.chosen.records"]
    _description = "Customer of a Lead to Convert"

    wizard_id = fields.Many2one(
        "crm.lead2opportunity.partner.mass", required=True, ondelete="cascade", index=True
    )
    lead_id = fields.Many2one("crm.lead", required=True, ondelete="cascade")
    action = fields.Selection(
        [
            ("exist", "Link to an existing customer"),
            ("create", "Create a new customer"),
            ("nothing", "Do not link to a customer"),
        ],
        string="Choice",
        required=True,
        compute="_compute_action",
        precompute=True,
        store=True,
        readonly=False,
    )
    partner_id = fields.Many2one(
        "res.partner", "Customer", compute="_compute_partner_id", precompute=True, store=True, readonly=False
    )

    @api.depends("lead_id")
    def _compute_action(self):
        for line in self:
            line.action = line.lead_id._propose_customer()["action"] if line.lead_id else "create"

    @api.depends("lead_id", "action")
    def _compute_partner_id(self):
        for line in self:
            if not line.lead_id or line.action != "exist":
                line.partner_id = False
            elif not line.partner_id:
                proposed = line.lead_id._propose_customer()["partner"]
                line.partner_id = proposed or line.lead_id._find_matching_partner()

    # Not as constraints, which are checked as superuser: the window would name a lead that the user may not read.

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.lead_id.check_access("read")
        return lines

    def write(self, vals):
        result = super().write(vals)
        self.lead_id.check_access("read")
        return result
