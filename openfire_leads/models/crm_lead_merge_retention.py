"""How long the journal is kept, and how a person's data is erased from it."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_datetime

BATCH = 1000
# a hundred years: what is more than that is a slip of the hand, and would be no date
MOST_DAYS = 36_500


class CrmLeadMerge(models.Model):
    _inherit = "crm.lead.merge"

    is_erased = fields.Boolean(
        "Erased",
        compute="_compute_is_erased",
        help="A person's data was erased from it, so it cannot be undone any more",
    )

    @api.model
    def _retention_days(self):
        """Return how many days merges are kept: ``openfire_leads.merge_retention_days``, 0 for ever."""
        # sudo: read by the scheduler and the settings
        value = self.env["ir.config_parameter"].sudo().get_param("openfire_leads.merge_retention_days")
        return min(int(value), MOST_DAYS) if value and value.isdecimal() else 0

    @api.autovacuum
    def _gc_merges(self):
        """Delete merges that are older than they are kept.

        :returns: how many were deleted, and whether there are more
        """
        days = self._retention_days()
        if not days:
            return 0, 0
        limit = self.env.cr.now() - timedelta(days=days)
        old = self.search([("date", "<", limit)], limit=BATCH, order="id")
        old.unlink()
        return len(old), len(old) == BATCH

    @api.depends("lead_count", "line_ids")
    def _compute_is_erased(self):
        # sudo: what was erased does not depend on who looks
        groups = (
            self.env["crm.lead.merge.line"]
            .sudo()
            ._read_group([("merge_id", "in", self.ids)], ["merge_id"], ["__count"])
        )
        counts = {merge.id: count for merge, count in groups}
        for merge in self:
            merge.is_erased = counts.get(merge.id, 0) != merge.lead_count

    @api.depends("is_erased")
    def _compute_can_undo(self):
        super()._compute_can_undo()
        self.filtered("is_erased").can_undo = False

    @api.depends("is_erased")
    def _compute_display_name(self):
        super()._compute_display_name()
        for merge in self.filtered("is_erased"):
            merge.display_name = self.env._(
                "Erased on request: merge of %(date)s", date=format_datetime(self.env, merge.date)
            )

    def _erase(self):
        """Remove what the merges keep of people, beside the lines of those who are not asked for."""
        self.link_ids.unlink()
        # sudo: files that lost, kept at the journal's record
        self.env["ir.attachment"].sudo().search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        ).unlink()
        # sudo: nobody writes the journal by hand
        self.sudo().line_ids.write({"values_before": False, "values_after": False})
        self.sudo().write({"merged_names": False, "conflicts": False})
        survivor_erased = self.filtered(lambda merge: 0 not in merge.line_ids.mapped("sequence"))
        survivor_erased.sudo().write({"survivor_name": False})
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
