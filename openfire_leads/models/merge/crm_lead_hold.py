"""Nothing is added to a lead while it is being merged away.

Messages, followers, activities and files are tied to their lead by no foreign key: without this, what somebody adds
while the lead is being merged would stay behind on a lead that no longer exists. Now it waits for the merge,
and the request is tried again, or the merge is told that somebody is at work.

Where nobody would try again (a job), nothing is held, so that nothing fails: what was added is taken along later, as
is whatever comes by other ways (:mod:`~.crm_lead_left_behind`).
"""

from odoo import api, models
from odoo.tools import SQL

from ...tools.transactions import is_tried_again


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def message_post(self, **kwargs):
        self._merge_hold()
        return super().message_post(**kwargs)

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        self._merge_hold()
        return super().message_subscribe(partner_ids=partner_ids, subtype_ids=subtype_ids)

    def _merge_hold(self):
        """Keep the leads from being merged until the end of the transaction, if it is done anew where that fails."""
        ids = self._not_created_now().ids
        if ids and is_tried_again(self.env):
            self.env.cr.execute(SQL("SELECT FROM crm_lead WHERE id IN %s FOR KEY SHARE", tuple(ids)))


def _hold_leads_of(records, model_field):
    """Hold the leads among what these records belong to, by ``model_field`` and ``res_id``."""
    # sudo: to whom one was given may be the only one to read it
    of_leads = records.sudo().filtered(lambda record: record[model_field] == "crm.lead")
    records.env["crm.lead"].browse(set(of_leads.mapped("res_id")))._merge_hold()


class MailActivity(models.Model):
    _inherit = "mail.activity"

    @api.model_create_multi
    def create(self, vals_list):
        activities = super().create(vals_list)
        _hold_leads_of(activities, "res_model")
        return activities


class MailScheduledMessage(models.Model):
    _inherit = "mail.scheduled.message"

    @api.model_create_multi
    def create(self, vals_list):
        messages = super().create(vals_list)
        _hold_leads_of(messages, "model")
        return messages


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    @api.model_create_multi
    def create(self, vals_list):
        attachments = super().create(vals_list)
        ids = {
            vals["res_id"] for vals in vals_list if vals.get("res_model") == "crm.lead" and vals.get("res_id")
        }
        self.env["crm.lead"].browse(ids)._merge_hold()
        return attachments
