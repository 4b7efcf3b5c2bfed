"""Bulk merges that are made by themselves: off unless an administrator switches them on."""

from datetime import datetime
from typing import NamedTuple

import pytz

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import ValidationError

from ...tools import remote_calls
from ...tools.days import midnight

AUTO = [
    ("off", "Never: a manager does"),
    ("scan", "After each scan of all leads"),
    ("daily", "Every day"),
]
DEFAULT_HOUR = 6.0
DEFAULT_LIMIT = 500
# a number beyond is a slip of the hand
MOST_GROUPS = 1_000_000


class Automatic(NamedTuple):
    """What the settings say of merging by itself.

    :param when: ``off``, ``scan`` or ``daily``
    :param hour: of the day, by the clock of ``user``; managers are told from then on too
    :param limit: how many groups at once at most, 0 for all
    :param user: on whose behalf, may be empty or archived
    """

    when: str
    hour: float
    limit: int
    user: models.BaseModel

    def now(self):
        return datetime.now(pytz.timezone(self.user.tz or "UTC"))

    def is_time(self):
        """Return whether today's hour has come."""
        now = self.now()
        return now.hour + now.minute / 60 >= self.hour


class CrmLeadMergeRun(models.Model):
    _inherit = "crm.lead.merge.run"

    told_on = fields.Datetime("Managers Were Told on", readonly=True)

    @api.model
    def _automatic(self):
        """Return what the settings say, as :class:`Automatic`; what was spoilt by hand is as if it were not set."""
        get_param = self.env["ir.config_parameter"].get_param
        when, hour = get_param("openfire_leads.auto_merge"), get_param("openfire_leads.auto_merge_hour") or ""
        limit = get_param("openfire_leads.auto_merge_limit") or ""
        user = get_param("openfire_leads.auto_merge_user_id") or ""
        minutes = int(hour) if hour.isdecimal() and int(hour) < 24 * 60 else DEFAULT_HOUR * 60
        user_id = int(user) if user.isdecimal() and remote_calls.is_id(int(user)) else ()
        return Automatic(
            when if when in dict(AUTO) else "off",
            minutes / 60,
            min(int(limit), MOST_GROUPS) if limit.isdecimal() else DEFAULT_LIMIT,
            self.env["res.users"].browse(user_id).exists(),
        )

    @api.model
    def _set_automatic(self, when, hour, limit, user):
        """Keep what the settings say; parameters: see :class:`Automatic`.

        :raises ValidationError: it is switched on on behalf of somebody who is no sales manager
        """
        before, set_param = self._automatic(), self.env["ir.config_parameter"].set_param
        if when != "off" and (when, user) != (before.when, before.user):
            refusal = self._why_not_automatic(user)
            if refusal:
                raise ValidationError(
                    self.env._(
                        "%(why)s Choose a sales manager on whose behalf leads are merged.", why=refusal
                    )
                )
        set_param("openfire_leads.auto_merge", when)
        set_param("openfire_leads.auto_merge_hour", str(round(hour * 60)))
        set_param("openfire_leads.auto_merge_limit", str(limit))
        set_param("openfire_leads.auto_merge_user_id", str(user.id) if when != "off" else False)
        now = self._automatic()
        if now.when == "daily" and before.when != "daily" and now.is_time():
            # today's time is past: it begins tomorrow
            self._note_considered(now)

    @api.model
    def _why_not_automatic(self, user):
        """Return why nothing is merged on behalf of ``user``, in words, or False."""
        if not user:
            return self.env._("The user on whose behalf leads are merged does not exist any more.")
        return self._why_no_right(user, "automatic")

    # ------------------------------------------------------------
    # WHEN
    # ------------------------------------------------------------

    @api.model
    def _cron_automatic(self):
        """Merge by itself when it is time, and tell managers what was merged. Called every hour."""
        automatic = self._automatic()
        if automatic.when == "daily" and automatic.is_time() and not self._is_considered(automatic):
            self._note_considered(automatic)
            self._merge_automatically()
        self._tell_managers()

    @api.model
    def _note_considered(self, automatic):
        self.env["ir.config_parameter"].set_param("openfire_leads.auto_merge_on", str(automatic.now().date()))

    @api.model
    def _is_considered(self, automatic):
        return self.env["ir.config_parameter"].get_param("openfire_leads.auto_merge_on") == str(
            automatic.now().date()
        )

    @api.model
    def _merge_automatically(self):
        """Begin a bulk merge of the groups that are certain, on behalf of the user of the settings, and return it.

        Where there is nothing to merge, or the last one is still at work, there is none. Where it may not be done, it
        stops at once and says why.
        """
        automatic = self._automatic()
        if self.search_count([("kind", "=", "automatic"), ("state", "in", ("running", "undoing"))], limit=1):
            return self.browse()
        user = automatic.user
        refusal = self.with_context(lang=user.lang)._why_not_automatic(user)
        if refusal:
            return self._refused(user, refusal)
        # their own company first: it is the current one
        env = self._env_in(user, user.company_id | user.company_ids)
        plan = env["crm.lead.duplicate.group"]._plan_certain(automatic.limit or None)
        if not plan.groups:
            return self.browse()
        run = env[self._name]._make_run("automatic", plan).sudo()
        run._begin("running")
        run._wake_up()
        return run

    @api.model
    def _refused(self, user, refusal):
        """Keep, for managers to be told, that nothing was merged, and why; once until they are."""
        waiting = self.search([*self._domain_to_tell(), ("words", "=", refusal)], limit=1)
        return waiting or self.create({
            "kind": "automatic",
            "state": "stopped",
            "words": refusal,
            "user_id": user.id or SUPERUSER_ID,
            "company_id": (user.company_id or self.env.company).id,
        })  # fmt: skip

    # ------------------------------------------------------------
    # THE DIGEST
    # ------------------------------------------------------------

    @api.model
    def _domain_to_tell(self):
        return [
            ("kind", "=", "automatic"), ("told_on", "=", False), ("state", "in", ("stopped", "done", "undone")),
        ]  # fmt: skip

    @api.model
    def _tell_managers(self):
        """Tell sales managers what was merged by itself, once a day at most, and only if something was.

        Each is told of the runs that they may see.
        """
        runs = self.search(self._domain_to_tell())
        if not runs or not self._automatic().is_time() or self._is_told_today():
            return
        for manager in self._managers():
            seen = runs.with_env(self._env_in(manager, manager.company_ids))._filtered_access("read")
            if seen:
                seen._tell(manager)
        runs.told_on = fields.Datetime.now()

    @api.model
    def _is_told_today(self):
        return bool(self.search_count([("told_on", ">=", midnight(self._automatic().user))], limit=1))

    @api.model
    def _managers(self):
        return self.env.ref("sales_team.group_sale_manager").all_user_ids.filtered(
            lambda user: user.active and not user.share and user.id != SUPERUSER_ID
        )

    def _tell(self, manager):
        """Tell one manager of these runs, in their language."""
        body = self.env["ir.qweb"]._render(
            "openfire_leads.crm_lead_merge_run_digest",
            {"runs": self, "base_url": self.get_base_url()},
            minimal_qcontext=True,
        )
        # sudo: the system tells, whatever the manager may write
        self.env["mail.thread"].sudo().message_notify(
            model=self._name,
            res_id=self[:1].id,
            partner_ids=manager.partner_id.ids,
            subject=self.env._("Duplicates merged automatically"),
            body=body,
            author_id=self.env.ref("base.partner_root").id,
        )
