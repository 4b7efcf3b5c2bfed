"""Many groups merged by one click: all certain ones, or those that were ticked."""

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ...tools import remote_calls
from .crm_lead_merge_run_work import SECONDS


class CrmLeadDuplicateGroup(models.Model):
    _inherit = "crm.lead.duplicate.group"

    @api.model
    @remote_calls.checked(dry_run=remote_calls.flag, limit=remote_calls.count)
    def merge_certain(self, dry_run=True, limit=None):
        """Merge all groups that are certain and that the guard rails let pass, or tell what that would do.

        As many as fit into 45 seconds are merged before the call returns, and are kept if it succeeds; the rest goes on
        by the scheduled action.

        :param dry_run: only tell
        :param limit: merge so many groups at most, ``None`` for all; those with the best score come first
        :return: ``{"groups": how many are to be merged, "leads": of how many leads, "left_out": {reason: how many
            groups}, "run_id": id of the ``crm.lead.merge.run``, False in a dry run, "list": [{"group_id", "lead_ids",
            "survivor_id", "name", "score"}, ...], "merged": how many are merged now, "failed": how many could not be,
            "to_do": how many are merged in the background}``; the reasons are those of ``crm.lead.merge.guard``
        :raises AccessError: for others than sales managers
        """
        plan = self._plan_certain(limit)
        told = {
            "groups": len(plan.groups),
            "leads": sum(len(group.lead_ids) for group in plan.groups),
            "left_out": plan.counts(),
            "run_id": False,
            "list": self._tell_planned(plan.groups),
            "merged": 0,
            "failed": 0,
            "to_do": len(plan.groups),
        }
        if dry_run:
            return told
        run = self.env["crm.lead.merge.run"]._make_run("certain", plan)
        run._begin("running")
        run._work_within(SECONDS)
        if run.state == "running":
            run._wake_up()
        return {
            **told,
            "run_id": run.id,
            # guard rails and leads may have changed while it was at work
            "left_out": run.sudo()._left_out().get(run.id, {}),
            "merged": run.merged_count,
            "failed": run.failed_count,
            "to_do": run.to_do_count,
        }

    @api.model
    @remote_calls.checked()
    def action_plan_certain(self):
        """Plan a bulk merge of all groups that are certain, and show what would be merged, what is left out, and why.

        :return: the action of the run, which merges nothing before it is started
        :raises UserError: there is none
        :raises AccessError: for others than sales managers
        """
        plan = self._plan_certain()
        if not plan.groups and not plan.left_out:
            raise UserError(
                self.env._("There is no group of which it is certain that its leads are duplicates.")
            )
        return self.env["crm.lead.merge.run"]._make_run("certain", plan)._shown()

    @remote_calls.checked()
    def action_plan_merges(self):
        """Plan a bulk merge of these groups, and show it as :meth:`action_plan_certain` does.

        :return: the action of the run, which merges nothing before it is started
        :raises UserError: one of them was dealt with meanwhile
        """
        return self.env["crm.lead.merge.run"]._plan_run("selected", self._to_deal_with())._shown()

    @api.model
    def _plan_certain(self, limit=None):
        """Return the ``Plan`` of merging all groups that are certain, brought up to date."""
        if not (self.env.su or self.env.user.has_group("sales_team.group_sale_manager")):
            raise AccessError(self.env._("Only sales managers may merge all groups that are certain."))
        self._bring_up_to_date(limit=None)
        groups = self.search([("state", "=", "open"), ("certain", "=", True)])
        return self.env["crm.lead.merge.run"]._plan(groups, certain=True, limit=limit)

    @api.model
    def _after_scan(self):
        """Merge what is certain, in the background, where the settings say so."""
        super()._after_scan()
        runs = self.env["crm.lead.merge.run"]
        if runs._automatic().when == "scan":
            runs._merge_automatically()

    @api.model
    def _tell_planned(self, planned):
        """Return what other programs are told of groups that are to be merged; the user may read all their leads."""
        leads = self.env["crm.lead"].browse([lead_id for group in planned for lead_id in group.lead_ids])
        groups = self.browse(group.group_id for group in planned)
        return [
            {
                "group_id": group.id,
                "lead_ids": list(one.lead_ids),
                "survivor_id": leads.browse(one.lead_ids).with_prefetch(leads._ids)._merge_joined()[:1].id,
                "name": group.title,
                "score": group.score,
            }
            for group, one in zip(groups, planned, strict=True)
        ]
