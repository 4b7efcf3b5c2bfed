"""The mail gateway, for leads: which mails are leads', and what of them makes a lead.

Mail for other models passes through as if the addon were not there: it is not processed anew after a conflict, and
holds no lead for which it could fail. Mail for leads is not lost because somebody merges, or undoes a merge, while it
comes.
"""

import logging

from odoo import api, models

from ...tools.transactions import again_after_conflict, is_conflict, is_tried_again

_logger = logging.getLogger(__name__)


class IncomingMail:
    """A mail on its way through the gateway; in the context, for Odoo's verbs hand on nothing else.

    :ivar raw: the mail as it came, as bytes, or None where only the parsed one was given
    :ivar model: the model that the gateway was told to use where no alias is named
    :ivar for_leads: whether it goes to leads; None until that is known
    :ivar is_chosen: a person decided that it is a request
    """

    def __init__(self, raw=None, model=None, is_chosen=False):
        self.raw = raw
        self.model = model
        self.for_leads = None
        self.is_chosen = is_chosen


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def message_process(self, model, message, *args, **kwargs):
        """Process a mail for leads anew where another transaction came in its way.

        An answer to a lead waits for the merge or the undo that holds the lead, and fails then, for its transaction
        does not see what became of the lead. Odoo tries a request again; a mail that it fetched counts as handled.
        """
        raw = getattr(message, "data", message)  # as it comes over XML-RPC
        raw = raw.encode("utf-8") if isinstance(raw, str) else bytes(raw)
        mail = IncomingMail(raw, model)

        def process():
            mail.for_leads = None
            thread = self.with_context(openfire_incoming=mail)
            return super(MailThread, thread).message_process(model, message, *args, **kwargs)

        return again_after_conflict(self.env, process, wanted=lambda: bool(mail.for_leads))

    @api.model
    def message_route(self, message, message_dict, model=None, thread_id=None, custom_values=None):
        """Extend what becomes of a mail for leads.

        * A reply is known by In-Reply-To also when References name nothing but mails of others.
        * ``alias+tag@`` is the alias.
        * A mail that is no request is set aside; it still joins the thread of the lead that it answers.
        * The lead's values are those of whoever asks, who may be another one than the sender.
        * It joins an open lead of whoever asks, where the team has chosen that.
        """
        thread = self._with_incoming_mail(message, model)
        leads = thread.env["crm.lead"]
        if thread._incoming_mail().for_leads:
            leads._mail_prepare_routing(message_dict)
        routes = super(MailThread, thread).message_route(
            message, message_dict, model=model, thread_id=thread_id, custom_values=custom_values
        )
        if not any(self._route_makes_lead(route) for route in routes):
            return routes
        reason = leads._mail_why_aside(message, message_dict)
        if reason:
            aside = [route for route in routes if self._route_makes_lead(route)]
            leads.env["crm.lead.mail.aside"]._keep(message, message_dict, aside, reason)
            return [route for route in routes if not self._route_makes_lead(route)]
        request = leads._mail_request(message, message_dict)
        return [
            leads._mail_route_to_join(route, request, message_dict)
            or leads._mail_route_of_request(route, request)
            if self._route_makes_lead(route)
            else route
            for route in routes
        ]

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        """Extend: where a mail cannot join the lead that was found, it makes one as if none had been found."""
        leads, thread_id, others, joined = self.env["crm.lead"], False, [], set()
        for route in routes or ():
            joining = leads._mail_joining(route)
            if not joining:
                others.append(route)
            elif route[1] not in joined:  # once, by whatever aliases it comes
                try:
                    with self.env.cr.savepoint():
                        super()._message_route_process(message, joining.told(message_dict), [route])
                        leads.browse(route[1])._mail_joined(message, message_dict, joining)
                    joined.add(route[1])
                    thread_id = route[1]
                except Exception as error:
                    if is_conflict(error) and is_tried_again(self.env):
                        raise  # it is processed anew, with what there is then
                    _logger.exception("A mail cannot join lead %s: it makes a lead of its own", route[1])
                    others.append(joining.makes_lead)
        if others or not joined:
            thread_id = super()._message_route_process(message, message_dict, others)
        return thread_id

    @api.model
    def _route_makes_lead(self, route):
        route_model, res_id = route[:2]
        return route_model == "crm.lead" and not res_id

    @api.model
    def _incoming_mail(self):
        """Return the mail that is on its way, or None. What a client puts into the context is no mail."""
        mail = self.env.context.get("openfire_incoming")
        return mail if isinstance(mail, IncomingMail) else None

    @api.model
    def _with_incoming_mail(self, message, model=None):
        """Return these threads with the mail that is on its way in the context, and known whether it is a lead's."""
        mail = self._incoming_mail() or IncomingMail(model=model)
        if mail.for_leads is None:
            mail.for_leads = self.env["crm.lead"]._mail_goes_to_leads(message, mail.model or model)
        if mail is self._incoming_mail():
            return self
        return self.with_context(openfire_incoming=mail)
