"""Mails to aliases of leads that made no lead, being no requests or having joined one: kept for a while where people
see them and can make leads of them."""

import base64
import email
import email.policy
import logging
from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError

from ...tools import remote_calls, retention
from .mail_thread import IncomingMail

_logger = logging.getLogger(__name__)

DEFAULT_DAYS = 90
BATCH = 200


class CrmLeadMailAside(models.Model):
    _name = "crm.lead.mail.aside"
    _inherit = ["openfire.plain.fields"]
    _description = "Mail Set Aside"
    _order = "date desc, id desc"

    _technical_fields = frozenset({"message_id", "alias_id", "lead_values", "raw", "raw_name"})

    name = fields.Char("Subject", readonly=True)
    email_from = fields.Char("From", readonly=True)
    date = fields.Datetime(required=True, readonly=True, index=True)
    body = fields.Html("Message", readonly=True, sanitize_style=True, strip_classes=True)
    attachment_names = fields.Char("Attachments", readonly=True)
    reason = fields.Selection(
        [
            ("automatic", "Automatic answer"),
            ("newsletter", "Newsletter"),
            ("calendar", "Reply of a calendar"),
            ("own", "Sent from one of our own addresses"),
            ("joined", "Joined an open lead or opportunity"),
        ],
        required=True,
        readonly=True,
    )
    team_id = fields.Many2one(
        "crm.team", "Sales Team", readonly=True, index="btree_not_null", ondelete="set null"
    )
    company_id = fields.Many2one(related="team_id.company_id", store=True)
    lead_id = fields.Many2one("crm.lead", readonly=True, index="btree_not_null", ondelete="set null")
    # For the server alone: who reads the mail may not read the lead.
    joined_lead_id = fields.Many2one(
        "crm.lead", index="btree_not_null", ondelete="set null", groups=fields.NO_ACCESS
    )
    joined_message_id = fields.Many2one(
        "mail.message", index="btree_not_null", ondelete="set null", groups=fields.NO_ACCESS
    )
    message_id = fields.Char("Message-Id", readonly=True, index=True)
    alias_id = fields.Many2one("mail.alias", readonly=True, index="btree_not_null", ondelete="set null")
    lead_values = fields.Json(readonly=True, help="What the lead is given where there is no alias to say it")
    raw = fields.Binary("Original Mail", readonly=True, attachment=True)
    raw_name = fields.Char(compute="_compute_raw_name")

    @api.depends("name")
    def _compute_raw_name(self):
        for mail in self:
            mail.raw_name = f"{(mail.name or 'mail').replace('/', '-')[:60]}.eml"

    @api.depends("name")
    def _compute_display_name(self):
        for mail in self:
            mail.display_name = mail.name or self.env._("No Subject")

    # ------------------------------------------------------------
    # Keeping
    # ------------------------------------------------------------

    @api.model
    def _keep(self, message, message_dict, routes, reason, joined=None):
        """Keep a mail that makes no lead, once for each team that it was sent to; return what is kept.

        :param message: :class:`email.message.EmailMessage`
        :param dict message_dict: what Odoo read of it
        :param list routes: those by which it would make leads
        :param str reason: a value of ``reason``
        :param joined: the ``mail.message`` that it is on the lead which it joined
        """
        incoming = self.env["mail.thread"]._incoming_mail()
        raw = (incoming and incoming.raw) or message.as_bytes()
        values = {
            "name": message_dict.get("subject"),
            "email_from": message_dict.get("email_from"),
            "date": message_dict.get("date") or fields.Datetime.now(),
            "body": message_dict.get("body"),
            "attachment_names": ", ".join(one.fname or "" for one in message_dict.get("attachments") or ()),
            "reason": reason,
            "message_id": message_dict.get("message_id"),
            "joined_lead_id": joined.res_id if joined else False,
            "joined_message_id": joined.id if joined else False,
            "raw": base64.b64encode(raw),
        }
        # sudo: the gateway's user may be anybody, and nobody writes these by hand
        mails = all_kept = self.sudo()
        for _model, _res_id, custom_values, _user_id, alias in routes:
            lead_values = custom_values or {}
            team = self.env["crm.team"].sudo().browse(lead_values.get("team_id")).exists()
            same = [("message_id", "=", values["message_id"]), ("team_id", "=", team.id)]
            if mails.search_count(same, limit=1):
                continue  # delivered twice
            kept = mails.create(
                {
                    **values,
                    "team_id": team.id,
                    "alias_id": alias.id if alias else False,
                    "lead_values": lead_values,
                }
            )
            all_kept += kept
            _logger.info(
                "Mail from %s to %s with Message-Id %s is set aside as %s (%s)",
                values["email_from"],
                message_dict.get("to"),
                values["message_id"],
                kept,
                reason,
            )
        return all_kept

    @api.model
    def _retention_days(self):
        """Return how many days mails are kept: ``openfire_leads.mail_aside_days``, 0 for ever."""
        return retention.days(self.env, "openfire_leads.mail_aside_days", DEFAULT_DAYS)

    @api.autovacuum
    def _gc_mails(self):
        return retention.remove_older(self, "create_date", self._retention_days(), BATCH)

    # ------------------------------------------------------------
    # Making leads
    # ------------------------------------------------------------

    @remote_calls.checked()
    def action_make_lead(self):
        """Make a lead of each of these mails, as if it had just come and were a request.

        One that had joined a lead is taken off that one, with its files.

        :returns: the action that shows what was made
        :raise AccessError: one joined a lead that the user may not write
        :raise UserError: when somebody else is doing the same
        """
        self.check_access("read")
        self.env["crm.lead"].check_access("create")
        # sudo: salespeople do not write these; they were checked above
        mails = self.sudo()
        joined = mails.filtered(lambda mail: not mail.lead_id and mail.joined_message_id).joined_lead_id
        joined.sudo(False).check_access("write")  # the mail is taken off it
        try:
            mails.lock_for_update()
        except LockError as error:
            raise UserError(
                self.env._("Somebody else is making a lead of this mail right now: look again in a moment.")
            ) from error
        for mail in mails:
            if not mail.lead_id:
                mail._make_lead()
        return self._action_leads(mails.lead_id.sudo(False))

    @api.model
    def _action_leads(self, leads):
        # the alias may give them to a colleague whose leads the user may not read: they are made all the same
        readable = leads._filtered_access("read")
        if leads and not readable:
            names = ", ".join(leads.sudo().user_id.mapped("name"))  # sudo: who to ask, nothing else
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "type": "success",
                    "message": self.env._("Done. It belongs to somebody else now: %(names)s.", names=names),
                    "next": {"type": "ir.actions.client", "tag": "soft_reload"},
                },
            }
        leads = readable
        action = {"type": "ir.actions.act_window", "res_model": "crm.lead", "name": self.env._("Leads")}
        if len(leads) == 1:
            return {**action, "name": leads.name, "view_mode": "form", "res_id": leads.id}
        return {**action, "view_mode": "list,form", "domain": [("id", "in", leads.ids)]}

    def _make_lead(self):
        """Process the mail as it came; ``self`` is one, as superuser."""
        self.ensure_one()
        raw = base64.b64decode(self.raw or b"")
        message = email.message_from_bytes(raw, policy=email.policy.SMTP)
        incoming = IncomingMail(raw, "crm.lead", is_chosen=True)
        thread = self.env["mail.thread"].with_context(openfire_incoming=incoming)
        message_dict = thread.message_parse(message)
        request = thread.env["crm.lead"]._mail_request(message, message_dict)
        user_id = thread._mail_find_user_for_gateway(message_dict["email_from"], alias=self.alias_id).id
        route = ("crm.lead", False, self._lead_values(), user_id or self.env.uid, self.alias_id or None)
        routes = [thread.env["crm.lead"]._mail_route_of_request(route, request)]
        message_dict.update(thread._message_parse_post_process(message, message_dict, routes))
        message_dict.pop("parent_id", None)
        if self.joined_message_id:
            self._make_lead_of_joined(message_dict, routes[0])
        else:
            self.lead_id = thread._message_route_process(message, message_dict, routes)

    def _make_lead_of_joined(self, message_dict, route):
        """Make the lead as Odoo does, and have it take the message that there is."""
        model, _res_id, values, user_id, _alias = route
        leads = self.env[model].with_context(mail_create_nosubscribe=True, mail_create_nolog=True)
        lead = leads.with_user(user_id).sudo().message_new(message_dict, values)
        message, joined = self.joined_message_id, self.joined_lead_id
        message.parent_id = False  # what stays where it was
        lead.with_env(self.env)._take_message(message)
        self.lead_id = lead
        if joined:
            joined._message_log(
                body=self.env["ir.qweb"]._render(
                    "openfire_leads.crm_lead_mail_taken_note",
                    {
                        "lead_id": lead.id,
                        "name": lead.name,
                        "text": self.env._(
                            "The mail from %(sender)s was made a lead of its own:", sender=self.email_from
                        ),
                    },
                    minimal_qcontext=True,
                )
            )

    @remote_calls.checked(one=True)
    def action_open_joined(self):
        """Open the lead that this mail joined.

        :raise UserError: it joined none, or the lead is gone
        :raise AccessError: the user may not read it
        """
        self.check_access("read")
        # sudo: which one it is; access to it is checked next
        lead = self.sudo().joined_lead_id.sudo(False)
        if not lead:
            raise UserError(self.env._("The lead that this mail joined is no longer there."))
        lead.check_access("read")
        return lead.redirect_lead_opportunity_view()

    def _lead_values(self):
        """Return what the alias gives to a lead, as it is now; as it was, where there is none any more."""
        values = literal_eval(self.alias_id.alias_defaults) if self.alias_id else dict(self.lead_values or {})
        if not self.env["crm.team"].browse(values.get("team_id")).exists():
            values.pop("team_id", None)
        return values
