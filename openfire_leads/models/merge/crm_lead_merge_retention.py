"""How long the journal is kept, and how a person's data is erased from it."""

from odoo import api, models

from ...tools import retention

BATCH = 1000


class CrmLeadMerge(models.Model):
    _inherit = "crm.lead.merge"

    @api.model
    def _retention_days(self):
        """Return how many days merges are kept: ``openfire_leads.merge_retention_days``, 0 for ever."""
        return retention.days(self.env, "openfire_leads.merge_retention_days")

    @api.autovacuum
    def _gc_merges(self):
        return retention.remove_older(self, "date", self._retention_days(), BATCH)

    def _erase(self):
        """Remove what the merges keep of people, beside the lines of those who are not asked for."""
        self._erase_notes()
        self.link_ids.unlink()
        # sudo: files that lost, kept at the journal's record
        self.env["ir.attachment"].sudo().search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        ).unlink()
        # sudo: nobody writes the journal by hand
        self.sudo().line_ids.write({"values_before": False, "values_after": False})
        self.sudo().write({"kept_conflicts": False})
        # they are not found by the erased e-mails and phones any more
        self.survivor_id._refresh_match()


class CrmLeadMergeLine(models.Model):
    _inherit = "crm.lead.merge.line"

    def unlink(self):
        """Erase a person from the journal: with one lead's data goes all that the merge kept of the others.

        What remains says that there was a merge, and when; it cannot be undone.
        """
        merges = self.merge_id
        result = super().unlink()
        merges._erase()
        return result
