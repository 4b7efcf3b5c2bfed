"""What came to the survivor between a merge and its undo, and belongs to a lead that exists again."""

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import email_normalize_all

from ...tools import remote_calls

# what people write, or are written
WRITTEN = ("email", "comment", "email_outgoing")
# more than that are not looked at
MOST = 200


class CrmLeadMerge(models.Model):
    _inherit = "crm.lead.merge"

    @remote_calls.checked(one=True)
    def action_show_arrived(self):
        """Return the action of the window that proposes to move what came since this merge to the leads it is for.

        :raises UserError: there is nothing to propose
        """
        self.check_access("read")
        window = self._arrived_window()
        if not window:
            raise UserError(self.env._("No message that came since seems to belong to another lead."))
        return window

    def _arrived_window(self):
        """Return the action of that window for these merges, or None where there is nothing to propose."""
        arrived = self._arrived()
        if not arrived:
            return None
        lines = [(0, 0, {"message_id": message.id, "lead_id": lead.id}) for message, lead in arrived]
        window = self.env["crm.lead.merge.arrived"].create({"merge_ids": self.ids, "line_ids": lines})
        action = self.env["ir.actions.act_window"]._for_xml_id("openfire_leads.crm_lead_merge_arrived_action")
        return {**action, "res_id": window.id}

    def _arrived(self):
        """Return ``[(message, lead)]``: what is on the survivors of these merges since they were made, and seems to
        belong to a lead that exists again. The user may write both leads."""
        found = {}
        for merge in self._with_survivor_to_write():
            leads = merge._leads_again()._filtered_access("write")
            for message in merge._messages_since() if leads else ():
                lead = merge._arrived_for(message, leads)
                if lead:
                    found.setdefault(message, lead)
        return sorted(found.items(), key=lambda pair: pair[0].id)

    def _with_survivor_to_write(self):
        """Return those of these merges that are undone and whose survivor the user may write."""
        return self.filtered(
            lambda merge: (
                merge.kind == "merge"
                and merge.state == "undone"
                and merge.survivor_id
                and merge.survivor_id.has_access("write")
            )
        )

    def _leads_again(self):
        """Return the leads that this merge had merged and that exist."""
        self.ensure_one()
        return self.env["crm.lead"].browse(self.merged_ids or ()).exists()

    def _messages_since(self):
        """Return what people wrote on the survivor of this merge since it was made."""
        self.ensure_one()
        return self.env["mail.message"].search(
            [
                *(("model", "=", "crm.lead"), ("res_id", "=", self.survivor_id.id)),
                *(("create_date", ">", self.date), ("message_type", "in", WRITTEN)),
            ],
            order="id",
            limit=MOST,
        )

    def _arrived_for(self, message, leads):
        """Return which of ``leads`` a message belongs to, or none: by its thread, its sender, its addressees."""
        message, survivor = message.sudo(), self.survivor_id.sudo()
        in_thread = self._arrived_in_thread(message, leads)
        if in_thread or (message.message_type == "email" and message.parent_id):
            return in_thread
        addressees = message.partner_ids
        if message.message_type == "email":
            partners, addresses = message.author_id, message.email_from
        else:
            partners, addresses = addressees, message.outgoing_email_to
        emails = {*email_normalize_all(addresses or ""), *partners.mapped("email_normalized")} - {False}
        if survivor.email_normalized in emails or survivor.partner_id & partners:
            return leads.browse()
        # sudo: addresses of leads that the user may write
        fitting = leads.sudo().filtered(
            lambda lead: lead.email_normalized in emails or lead.partner_id & partners
        )
        return leads.browse(fitting.ids) if len(fitting) == 1 else leads.browse()

    def _arrived_in_thread(self, message, leads):
        """Return which of ``leads`` a message belongs to by what it answers, directly or through others that came
        since; none if it answers nothing of theirs.

        A mail says what it answers. A comment is given the last message before it: it is taken for an answer where
        that is a mail.
        """
        # sudo: the thread, whoever may read all of it
        message, seen = message.sudo(), set()
        while message and message.id not in seen:
            seen.add(message.id)
            parent = message.parent_id
            answers = message.message_type == "email" or (
                message.message_type == "comment" and parent.message_type == "email"
            )
            if not answers or parent.model != "crm.lead":
                break
            if parent.res_id in leads._ids:
                return leads.browse(parent.res_id)
            if parent.res_id != self.survivor_res_id or parent.create_date <= self.date:
                break
            message = parent
        return leads.browse()

    def _arrived_move(self, message, lead):
        """Give a message that came since this merge to a lead that exists again, with its files.

        :raises AccessError: the user may not write one of the leads
        """
        (self.survivor_id + lead).check_access("write")
        lead._take_message(message)
