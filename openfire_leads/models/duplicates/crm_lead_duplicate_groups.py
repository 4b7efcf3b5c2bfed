"""Pairs that hang together are one merge; those that do not are several."""

from odoo import models


class CrmLeadDuplicate(models.Model):
    _inherit = "crm.lead.duplicate"

    def _connected_groups(self):
        """Return the leads of these pairs as recordsets, one for each set of leads that the pairs connect.

        Within a group, and among the groups, the lead that a merge keeps stands first, as the rule says.
        """
        group_of = {}
        for pair in self:
            ids = {pair.lead_id.id, pair.other_lead_id.id}
            joined = set().union(ids, *(group_of[one] for one in ids if one in group_of))
            group_of.update(dict.fromkeys(joined, joined))
        unique = {id(group): group for group in group_of.values()}.values()
        leads = self.env["crm.lead"].with_context(active_test=False)
        return [leads.browse(sorted(group))._merge_sort() for group in sorted(unique, key=min)]

    def _groups_to_merge(self):
        """Return the groups that merging makes one of each.

        Under Odoo's own survivor rule won opportunities are left out, as in the merge window.
        """
        groups = self._connected_groups()
        if self.env["crm.lead"]._merge_survivor_rule() != "oldest":
            groups = [group.filtered(lambda lead: lead.won_status != "won") for group in groups]
        return [group for group in groups if len(group) > 1]
