"""Duplicates that the user may not read: whom to ask, and asking."""

from markupsafe import Markup

from odoo import models
from odoo.exceptions import UserError

from ...tools import remote_calls

# the likeliest ones; it takes a look at the rights of several people for each
LOOKED_AT = 10


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @remote_calls.checked(one=True)
    def action_ask_about_duplicates(self):
        """Ask those who may read both this lead and its hidden duplicates to compare them, each once.

        Each is given an activity on this lead. What the hidden leads are is told to nobody.

        :return: the names of those who were asked, now or before
        :raises UserError: nothing is hidden, or nobody may read both
        :raises AccessError: the user may not write to this lead
        """
        self.check_access("write")
        # sudo: what the user may not read is found, and told of by whom to ask only
        found = self.sudo()._likely_duplicates()[self.id]
        others = self.with_context(active_test=False).browse(other_id for other_id, *_rest in found)
        hidden = others - others._filtered_access("read")
        if not hidden:
            raise UserError(self.env._("This lead has no likely duplicate that is hidden from you."))
        users = self._whom_to_ask(hidden)
        if not users:
            raise UserError(self.env._("No colleague may see both leads: ask an administrator."))
        for user in users - self._asked_already(users):
            self._ask_to_compare(user)
        return users.mapped("name")

    def _describe_whom_to_ask(self, hidden):
        """Return ``{"names": [...], "asked": bool}``, ``False`` where nobody can be asked.

        :param hidden: duplicates of this lead that the user may not read
        """
        lead = self._origin
        users = lead._whom_to_ask(hidden) if lead else False
        if not users:
            return False
        return {"names": users.mapped("name"), "asked": users == lead._asked_already(users)}

    def _whom_to_ask(self, hidden):
        """Return who is to be asked about these hidden duplicates, as superuser: one for each of them.

        The duplicate's salesperson, else the leader of its team, else a sales manager: the first who
        may read both leads.
        """
        # sudo: users, and the salesperson and team of a hidden lead; only the names of users are told
        users = self.env["res.users"].sudo()
        managers = self.env.ref("sales_team.group_sale_manager").sudo().all_user_ids.sorted("id")
        for other in hidden[:LOOKED_AT].sudo():
            candidates = other.user_id | other.team_id.user_id | managers
            users |= next((user for user in candidates if self._may_compare(user, other)), users)
        return users

    def _may_compare(self, user, other):
        """Return whether ``user`` is a colleague who may read this lead and ``other``."""
        if not user.active or user.share or user == self.env.user:
            return False
        leads = (self | other).with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
        return len(leads._filtered_access("read")) == 2

    def _asked_already(self, users):
        """Return which of ``users`` have an activity of this kind on this lead by the user, still to be done."""
        activities = self.env["mail.activity"].search([
            ("res_model", "=", self._name),
            ("res_id", "=", self.id),
            ("user_id", "in", users.ids),
            ("create_uid", "=", self.env.uid),
        ])  # fmt: skip
        summaries = {(activity.user_id.id, activity.summary) for activity in activities}
        return users.filtered(lambda user: (user.id, self._ask_summary(user)) in summaries)

    def _ask_summary(self, user):
        return self.with_context(lang=user.lang).env._("Compare with a lead that is hidden from me")

    def _ask_to_compare(self, user):
        """Give ``user`` the activity, in their language. It is read by whoever reads this lead: it names no other."""
        self.ensure_one()
        note = self.with_context(lang=user.lang).env._(
            "This lead looks like one that %(name)s may not see. You may see both: compare them in the notice "
            "of likely duplicates on this lead, then merge them, or say that they are not duplicates.",
            name=self.env.user.name,
        )
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=user.id,
            summary=self._ask_summary(user),
            note=Markup("<p>%s</p>") % note,
        )
