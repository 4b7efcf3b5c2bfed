"""Leads of a group that the user may not read: whom to ask about them, and asking."""

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools import remote_calls


class CrmLeadDuplicateGroup(models.Model):
    _inherit = "crm.lead.duplicate.group"

    @remote_calls.checked(one=True)
    def review_ask(self):
        """Ask those who may read the hidden leads of this group to compare them with the user's own.

        :return: the names of those who were asked, see ``crm.lead.action_ask_about_duplicates``
        :raises UserError: nothing is hidden, the user may change none of the leads that resemble hidden ones, or nobody
            may read both
        """
        group = self._to_deal_with()
        leads = [lead for lead, _hidden in group._hidden_by_lead()]
        if not leads:
            raise UserError(
                self.env._(
                    "Of this group there is no lead of yours that resembles one which is hidden from you."
                )
            )
        return list(dict.fromkeys(name for lead in leads for name in lead.action_ask_about_duplicates()))

    def _describe_whom_to_ask(self):
        """Return ``{"names": […], "asked": bool}``, ``False`` where nobody can be asked."""
        if not self.hidden_count:
            return False
        found = [lead._describe_whom_to_ask(hidden) for lead, hidden in self._hidden_by_lead()]
        found = [one for one in found if one]
        return found and {
            "names": list(dict.fromkeys(name for one in found for name in one["names"])),
            "asked": all(one["asked"] for one in found),
        }

    def _hidden_by_lead(self):
        """Return ``[(lead, hidden leads that it resembles), …]``, the leads being those that the user may change.

        Each hidden lead is named once, if any lead of the group that the user may change resembles it.
        """
        leads = self.lead_ids._filtered_access("write")
        hidden = self._hidden_leads()
        pairs = self.env["crm.lead.duplicate"].sudo().search([  # sudo: only whom to ask is told
            ("state", "=", "suspected"),
            "|",
            "&", ("lead_id", "in", leads.ids), ("other_lead_id", "in", hidden.ids),
            "&", ("other_lead_id", "in", leads.ids), ("lead_id", "in", hidden.ids),
        ])  # fmt: skip
        found, told = {}, set()
        for pair in pairs:
            other = pair.lead_id if pair.lead_id in hidden else pair.other_lead_id
            if other.id not in told:
                told.add(other.id)
                found.setdefault((pair.lead_id + pair.other_lead_id - other).id, []).append(other.id)
        return [(leads.browse(lead_id), leads.browse(ids)) for lead_id, ids in found.items()]

    def _hidden_leads(self):
        # in SQL: the field's cache holds the leads of whoever read it first
        rows = self.env.execute_query(
            SQL("SELECT lead_id FROM crm_lead_duplicate_group_lead_rel WHERE group_id = ANY(%s)", self.ids)
        )
        leads = self.env["crm.lead"].browse(lead_id for (lead_id,) in rows)
        return leads - leads._filtered_access("read")
