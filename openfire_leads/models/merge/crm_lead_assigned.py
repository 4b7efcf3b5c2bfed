"""Who is told of a lead that is his now: by what one click gave in the end, once, and not on the way."""

from contextlib import contextmanager
from dataclasses import dataclass, field

from odoo import api, models

ASSIGNED = "mail.message_user_assigned"


@dataclass(eq=False)
class Assignments:
    """Notices "you have been assigned" that wait for the end of what makes them.

    :param before: ``{lead id: id of the salesperson}`` before the first of them
    :param leads: ids of the leads that they are about, in order
    """

    before: dict[int, int | bool] = field(default_factory=dict)
    leads: dict[int, None] = field(default_factory=dict)


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.model
    @contextmanager
    def _assigned_told_once(self):
        """Have Odoo's notices of an assignment wait until the block ends, and tell only what changed by then.

        The block hands on what it is given, in the context key ``openfire_assigned``. A block within a block leaves
        telling to the outer one.
        """
        waiting = self._assigned_waiting()
        if waiting is not None:
            yield waiting
            return
        waiting = Assignments()
        yield waiting
        self._assigned_tell(waiting)

    @api.model
    def _assigned_waiting(self):
        """Return the ``Assignments`` that wait, or None. What a client puts into the context is none."""
        waiting = self.env.context.get("openfire_assigned")
        return waiting if isinstance(waiting, Assignments) else None

    def write(self, vals):
        waiting = self._assigned_waiting() if "user_id" in vals else None
        if waiting is not None:
            for lead in self:
                waiting.before.setdefault(lead.id, lead.user_id.id)
        return super().write(vals)

    def _message_auto_subscribe_notify(self, partner_ids, template):
        waiting = self._assigned_waiting()
        if waiting is None or template != ASSIGNED:
            return super()._message_auto_subscribe_notify(partner_ids, template)
        # whom to tell is asked at the end: it may be somebody else by then
        waiting.leads.update(dict.fromkeys(self._ids))
        return None

    @api.model
    def _assigned_tell(self, waiting):
        """Tell each salesperson of the leads that are his and were not before; as in Odoo, nobody of his own doing."""
        # sudo: whose a lead is, and its name for him; who gave it away may see it no longer
        by_user = self.sudo().browse(waiting.leads).exists().grouped("user_id")
        for user, leads in by_user.items():
            new = leads.filtered(lambda lead: waiting.before.get(lead.id, False) != lead.user_id.id)
            if new and user.active and user != self.env.user:
                new.with_context(lang=user.partner_id.lang)._assigned_notify(user.partner_id)

    def _assigned_notify(self, partner):
        """Tell a salesperson of these leads: of one as Odoo does, of several in one notice."""
        if len(self) == 1:
            self._message_auto_subscribe_notify(partner.ids, ASSIGNED)
            return
        if self.env.context.get("mail_auto_subscribe_no_notify"):
            return
        body = self.env["ir.qweb"]._render(
            "openfire_leads.crm_lead_assigned_notice",
            {
                "leads": [
                    {"id": lead.id, "name": lead.display_name, "link": lead._notify_get_action_link("view")}
                    for lead in self
                ]
            },
            minimal_qcontext=True,
        )
        self[0].message_notify(
            subject=self.env._("You have been assigned to %(count)s leads", count=len(self)),
            body=self.env["mail.render.mixin"]._replace_local_links(body),
            partner_ids=partner.ids,
            email_layout_xmlid="mail.mail_notification_layout",
            model_description=self.env["ir.model"]._get(self._name).display_name,
        )
