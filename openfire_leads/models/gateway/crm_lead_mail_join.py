"""A mail from somebody who has an open lead joins that one, where the team wants it and there is no doubt who it is."""

import logging
from dataclasses import dataclass

from odoo import api, models

from ...tools.transactions import is_conflict, is_tried_again

_logger = logging.getLogger(__name__)

# the key under which a route says that by it a mail joins
_JOINING = "openfire_joining"


@dataclass(eq=False)
class Joining:
    """A mail on its way to the open lead of whoever asks.

    :ivar alias_route: the route as Odoo found it
    :ivar makes_lead: the route by which it makes a lead of its own instead
    :ivar evidence: why it is the same requester, as of ``find_duplicates``
    """

    alias_route: tuple
    makes_lead: tuple
    evidence: list

    @staticmethod
    def told(message_dict):
        """Return what Odoo read of the mail without whom else it names: anybody can write in another one's name, and
        would get from then on the answers to the one whose lead it is."""
        return {**message_dict, **dict.fromkeys(("cc", "cc_filtered", "to_filtered"), "")}


class CrmLead(models.Model):
    _inherit = "crm.lead"

    # ------------------------------------------------------------
    # Which lead
    # ------------------------------------------------------------

    @api.model
    def _mail_route_to_join(self, route, request, message_dict):
        """Return the route by which a mail joins the open lead of whoever asks, or None where it makes a lead.

        :param tuple route: a route that makes a lead
        :param request: ``MailRequest``
        :param dict message_dict: what Odoo read of the mail
        """
        model, _res_id, values, user_id, alias = route
        try:
            with self.env.cr.savepoint():
                found = self._mail_open_lead(request, message_dict, values or {})
        except Exception as error:
            if is_conflict(error) and is_tried_again(self.env):
                raise  # it is processed anew, with what there is then
            # no mail is lost because leads cannot be compared
            _logger.exception(
                "Nobody knows whether a mail's sender has an open lead: it makes one of its own"
            )
            return None
        if not found:
            return None
        lead, evidence = found
        joining = Joining(route, self._mail_route_of_request(route, request), evidence)
        return (model, lead.id, {_JOINING: joining}, user_id, alias)

    @api.model
    def _mail_joining(self, route):
        """Return the ``Joining`` of a route by which a mail joins, None of any other."""
        joining = (route[2] or {}).get(_JOINING)
        return joining if isinstance(joining, Joining) else None

    @api.model
    def _mail_open_lead(self, request, message_dict, values):
        """Return ``(lead, evidence)``: the one open lead of a mail's requester, or None where there is none, or doubt.

        Any team's of the company in which the mail would make a lead: a requester knows no teams.
        """
        # sudo: the gateway's user may be anybody, and nothing of what is found is shown to anybody
        leads = self.sudo()
        if leads.env["crm.team"].browse(values.get("team_id")).exists().incoming_known != "join":
            return None
        new = leads._mail_as_lead(request, message_dict, values)
        (found,) = new._likely_duplicates().values()
        known = {other_id: (score, evidence) for other_id, score, evidence, _pair_id in found}
        others = (
            leads.browse(known)
            .exists()
            .filtered(
                lambda other: (
                    other._duplicate_status() == "open"
                    and new._mail_in_company_of(other)
                    and new._is_certainly_requester(other, *known[other.id])
                )
            )
        )
        return (others, known[others.id][1]) if len(others) == 1 else None

    @api.model
    def _mail_as_lead(self, request, message_dict, values):
        """Return the lead that a mail would make, unsaved."""
        message_dict, values = self._mail_of_requester(request, message_dict, values)
        new = self.with_context(default_user_id=False).new({
            "name": message_dict.get("subject"),
            "email_from": message_dict.get("from"),
            "partner_id": message_dict.get("author_id"),
            **values,
        })  # fmt: skip
        if not new.user_id:
            # as Odoo gives it to the team's leader, whose company it is then
            new.user_id = new.team_id.user_id
        new.update(new._mail_filled(request))
        return new

    def _mail_in_company_of(self, other):
        """Return whether another lead is of the company in which this one is made, or is everybody's as this one's team
        is. Where there is but one company all are of it."""
        if other.company_id in (self.company_id, self.team_id.company_id):
            return True
        return self.env["res.company"].search_count([], limit=2) == 1

    # ------------------------------------------------------------
    # Joined
    # ------------------------------------------------------------

    def _mail_joined(self, message, message_dict, joining):
        """Keep how the mail came that has just joined this lead, and tell of it.

        :param message: :class:`email.message.EmailMessage`
        :param dict message_dict: what Odoo read of it
        :param joining: ``Joining``
        """
        # sudo: the gateway's user may be anybody
        lead = self.sudo()
        posted = lead.env["mail.message"].search(
            [
                ("model", "=", self._name),
                ("res_id", "=", lead.id),
                ("message_id", "=", message_dict["message_id"]),
            ],
            limit=1,
        )
        kept = lead.env["crm.lead.mail.aside"]._keep(
            message, message_dict, [joining.alias_route], "joined", posted
        )
        if not kept:
            return  # delivered twice: it was told of the first time
        responsible = lead.user_id or lead.team_id.user_id
        told = lead.with_context(lang=responsible.lang or lead.env.lang)
        told._message_log(body=told._mail_joined_note(kept, joining))
        partner = responsible.partner_id
        if responsible.active and partner not in posted.notified_partner_ids:
            told.message_notify(
                subject=told.env._("A mail joined “%(lead)s”", lead=lead.name),
                body=told._mail_joined_note(kept, joining),
                partner_ids=partner.ids,
                model_description=told.env["ir.model"]._get(self._name).display_name,
            )
        _logger.info("Mail with Message-Id %s joined %s", message_dict["message_id"], lead)

    def _mail_joined_note(self, kept, joining):
        return self.env["ir.qweb"]._render(
            "openfire_leads.crm_lead_mail_joined_note",
            {
                "kept_id": kept.id,
                "text": self.env._(
                    "A mail from %(sender)s to %(team)s joined this one: its sender is certainly the same requester "
                    "(%(reasons)s).",
                    sender=kept.email_from,
                    team=kept.team_id.name,
                    reasons=", ".join(self.env["crm.lead.duplicate"]._reasons(joining.evidence)),
                ),
            },
            minimal_qcontext=True,
        )

    def _take_message(self, message):
        """Give a message of another lead to this one, with its files. Whoever calls has checked access to both."""
        self.ensure_one()
        # sudo: administrators alone may move messages
        message = message.sudo()
        files = message.attachment_ids.filtered(
            lambda file: file.res_model == message.model and file.res_id == message.res_id
        )
        message.res_id = self.id
        files.res_id = self.id
