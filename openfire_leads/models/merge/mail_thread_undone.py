"""An answer to what came between a merge and its undo goes to the lead whose thread it is, moved there or not."""

from odoo import api, models
from odoo.tools.mail import unfold_references

# as many as Odoo looks at
LAST_REFERENCES = 32


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def message_route(self, message, message_dict, model=None, thread_id=None, custom_values=None):
        routes = super().message_route(
            message, message_dict, model=model, thread_id=thread_id, custom_values=custom_values
        )
        return [self._route_after_undo(route, message_dict) for route in routes or ()]

    @api.model
    def _route_after_undo(self, route, message_dict):
        """Return the way of a mail to a lead that was the survivor of a merge undone: to the lead whose thread it
        answers, by what it refers to."""
        route_model, lead_id = route[:2]
        if route_model != "crm.lead" or not lead_id:
            return route
        # sudo: the gateway's user may be anybody
        merges = self.env["crm.lead.merge"].sudo()
        undone = merges.search(
            [("survivor_res_id", "=", lead_id), ("state", "=", "undone"), ("kind", "=", "merge")]
        )
        if not undone:
            return route
        references = unfold_references(
            message_dict.get("references") or message_dict.get("in_reply_to") or ""
        )
        answered = merges.env["mail.message"].search(
            [("message_id", "in", references[-LAST_REFERENCES:]), ("model", "=", "crm.lead")], order="id desc"
        )
        for merge in undone:
            lead = merge._lead_of_thread(answered)
            if lead:
                return (route_model, lead.id, *route[2:])
        return route


class CrmLeadMerge(models.Model):
    _inherit = "crm.lead.merge"

    def _lead_of_thread(self, answered):
        """Return the lead that exists again and whose thread these messages are, the last one first; none if the last
        one is not on the survivor since the merge."""
        leads = self._leads_again()
        last = answered[:1]
        if last.res_id != self.survivor_res_id or last.create_date <= self.date:
            return leads.browse()
        own = answered.filtered(lambda message: message.res_id in leads._ids)[:1]
        return leads.browse(own.res_id or ()) or self._arrived_in_thread(last, leads)
