"""The window that converts a lead proposes similar opportunities and customers, with the reasons."""

from odoo import api, fields, models


class CrmLead2opportunityPartner(models.TransientModel):
    _inherit = "crm.lead2opportunity.partner"

    similar_leads = fields.Json(compute="_compute_similar_leads", compute_sudo=False)
    similar_partners = fields.Json(compute="_compute_similar_partners", compute_sudo=False)

    @api.depends("lead_id", "partner_id")
    def _compute_duplicated_lead_ids(self):
        """Besides those with the same e-mail or customer, select the similar opportunities that are open."""
        super()._compute_duplicated_lead_ids()
        if self._name != "crm.lead2opportunity.partner":
            return  # in mass, merging happens unseen: exact criteria only
        for convert in self.filtered("lead_id"):
            similar = convert._similar_opportunities()
            if similar:
                convert.duplicated_lead_ids |= similar | convert.lead_id

    def _similar_opportunities(self):
        """Return the open opportunities that are likely the same requester's and that the user may read."""
        others = self.env["crm.lead"].browse((self.similar_leads or {}).get("lead_ids", ()))
        return others.filtered(
            lambda lead: lead.type == "opportunity" and lead.active and lead.won_status == "pending"
        )

    @api.depends("lead_id")
    @api.depends_context("uid", "lang")
    def _compute_similar_leads(self):
        for convert in self:
            convert.similar_leads = convert.lead_id and convert.lead_id._get_duplicate_notice()

    @api.depends("lead_id")
    @api.depends_context("uid", "lang")
    def _compute_similar_partners(self):
        pair_model = self.env["crm.lead.duplicate"]
        for convert in self:
            convert.similar_partners = [
                {
                    "id": line["partner_id"],
                    "name": self.env["res.partner"].browse(line["partner_id"]).display_name,
                    "score": round(line["score"], 1),
                    "reasons": pair_model._reasons(line["evidence"]),
                }
                for line in (convert.lead_id._find_similar_partners() if convert.lead_id else ())
            ]
