"""Customers who were merged into others: an undo finds them under the id that they have now."""

from odoo import api, fields, models


class CrmLeadMergeCustomer(models.Model):
    """A customer who was merged into another one.

    Merging customers rewrites every foreign key, this one included, but not the ids that the journal keeps in JSON.
    """

    _name = "crm.lead.merge.customer"
    _description = "Merged Customer"
    _log_access = False

    former_id = fields.Integer("Former ID", required=True, readonly=True)
    partner_id = fields.Many2one("res.partner", required=True, readonly=True, ondelete="cascade", index=True)

    _former_uniq = models.UniqueIndex("(former_id)")


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Remember under which id these customers live on, besides."""
        result = super()._update_foreign_keys(src_partners, dst_partner)
        # sudo: nobody writes it by hand
        self.env["crm.lead.merge.customer"].sudo().create(
            [{"former_id": partner.id, "partner_id": dst_partner.id} for partner in src_partners]
        )
        return result
