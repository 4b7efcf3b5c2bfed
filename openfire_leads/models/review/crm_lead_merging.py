"""What merging leads has to do with their groups."""

from odoo import api, models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.model
    def _merge_ignored_models(self):
        """Groups are made anew from the pairs: a merge leaves them alone."""
        return [*super()._merge_ignored_models(), "crm.lead.duplicate.group"]

    @api.model
    def _merge_joins_won(self):
        """Return whether won leads are merged with their group: not under Odoo's own rule, as in the merge window."""
        return self._merge_survivor_rule() == "oldest"

    def _merge_joined(self):
        """Return those of a group's leads that its merge joins, the one that remains first."""
        leads = self._merge_sort()
        return leads if self._merge_joins_won() else leads.filtered(lambda lead: lead.won_status != "won")
