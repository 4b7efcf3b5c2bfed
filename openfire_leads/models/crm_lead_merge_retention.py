"""How long the journal is kept, and how a person's data is erased from it."""

from datetime import timedelta

from odoo import api, models

BATCH = 1000


class CrmLeadMerge(models.Model):
    _inherit = "crm.lead.merge"

    @api.autovacuum
    def _gc_merges(self):
        """Delete merges older than ``openfire_leads.merge_retention_days``; 0 or nothing keeps all.

        :returns: how many were deleted, and whether there are more
        """
        parameters = self.env["ir.config_parameter"].sudo()  # read by the scheduler
        value = parameters.get_param("openfire_leads.merge_retention_days")
        days = int(value) if value and value.isdigit() else 0
        if not days:
            return 0, 0
        limit = self.env.cr.now() - timedelta(days=days)
        old = self.search([("date", "<", limit)], limit=BATCH, order="id")
        old.unlink()
        return len(old), len(old) == BATCH


class CrmLeadMergeLine(models.Model):
    _inherit = "crm.lead.merge.line"

    def unlink(self):
        """Erase a person from the journal: with one lead's data goes all that the merge kept of the others.

        What remains says that there was a merge, of whom by name of the leads only; it cannot be undone.
        """
        merges = self.merge_id
        result = super().unlink()
        merges.link_ids.unlink()
        # sudo: files that lost, kept at the journal's record
        self.env["ir.attachment"].sudo().search(
            [("res_model", "=", "crm.lead.merge"), ("res_id", "in", merges.ids)]
        ).unlink()
        rest = self.search([("merge_id", "in", merges.ids)])
        # sudo: nobody writes the journal by hand
        rest.sudo().write({"values_before": False, "values_after": False})
        merges.sudo().write({"merged_names": False})
        return result
