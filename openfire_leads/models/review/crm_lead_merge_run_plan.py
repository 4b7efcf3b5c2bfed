"""Planning a bulk run: which groups it would merge, and which it leaves out, and why. Nothing is merged here."""

from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import SQL

from .crm_lead_merge_guard import Planned


class Plan(NamedTuple):
    """What a bulk run would do.

    :param groups: list of :class:`~.crm_lead_merge_guard.Planned` to merge, in the order of the groups
    :param left_out: ``[(Planned, reason)]``, the reason being a code of ``crm.lead.merge.guard``
    """

    groups: list
    left_out: list

    def counts(self):
        """Return ``{reason: how many groups are left out for it}``."""
        reasons = [reason for _group, reason in self.left_out]
        return {reason: reasons.count(reason) for reason in dict.fromkeys(reasons)}


class CrmLeadMergeRun(models.Model):
    _inherit = "crm.lead.merge.run"

    @api.model
    def _plan(self, groups, certain, limit=None):
        """Return the :class:`Plan` of the user's bulk run over ``groups``, which the user may read.

        :param certain: whether they are merged because they are certain
        :param limit: merge so many groups at most, ``None`` for all; the best scores come first
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, array_agg(lead_id ORDER BY lead_id), values_digest FROM crm_lead_duplicate_group
                  JOIN crm_lead_duplicate_group_lead_rel ON group_id = id
                 WHERE id = ANY(%s) GROUP BY id ORDER BY score DESC, id
                """,
                groups.ids,
            )
        )
        planned = [Planned(group_id, tuple(lead_ids), digest, certain) for group_id, lead_ids, digest in rows]
        reasons = self.env["crm.lead.merge.guard"]._guard_reasons(planned)
        return Plan(
            [group for group in planned if group.group_id not in reasons][:limit],
            [(group, reasons[group.group_id][0]) for group in planned if group.group_id in reasons],
        )

    @api.model
    def _plan_run(self, kind, groups, limit=None):
        """Return a bulk run of the user's over ``groups``, planned and not begun; parameters: see :meth:`_plan`."""
        return self._make_run(kind, self._plan(groups, kind != "selected", limit))

    @api.model
    def _make_run(self, kind, plan):
        """Keep a :class:`Plan` as a bulk run of the user's that has not begun."""
        group_ids = [group.group_id for group in plan.groups] + [
            group.group_id for group, _reason in plan.left_out
        ]
        score = {
            group.id: group.score for group in self.env["crm.lead.duplicate.group"].sudo().browse(group_ids)
        }
        open_ids = self._open_lead_ids(plan)
        lines = [self._line_values(group, score, state="planned") for group in plan.groups]
        for group, reason in plan.left_out:
            values = self._line_values(group, score, state="left_out", reason=reason)
            lines.append({**values, "lead_res_ids": [one for one in group.lead_ids if one in open_ids]})
        # sudo: planned and checked as the user; nobody writes runs by hand
        return self.sudo().create({
            "kind": kind,
            "user_id": self.env.uid,
            "company_id": self.env.company.id,
            "company_ids": [Command.set(self.env.companies.ids)],
            "group_count": len(plan.groups),
            "lead_count": sum(len(group.lead_ids) for group in plan.groups),
            "line_ids": [Command.create(line) for line in lines],
        }).sudo(False)  # fmt: skip

    @api.model
    def _open_lead_ids(self, plan):
        """Return the ids of those leads of groups left out that the user may read: others are not told, nor kept."""
        lead_ids = [lead_id for group, _reason in plan.left_out for lead_id in group.lead_ids]
        leads = self.env["crm.lead"].with_context(active_test=False)
        return set(leads.search([("id", "in", lead_ids)]).ids)

    @api.model
    def _line_values(self, group, score, **values):
        return {
            "group_id": group.group_id,
            "lead_res_ids": list(group.lead_ids),
            "lead_count": len(group.lead_ids),
            "values_digest": group.digest,
            "score": score[group.group_id],
            **values,
        }

    @api.autovacuum
    def _gc_planned(self):
        """What somebody looked at a day ago and did not begin was not wanted, and is not true any more."""
        old = fields.Datetime.subtract(fields.Datetime.now(), days=1)
        runs = self.search([("state", "=", "planned"), ("date", "<", old)])
        runs.unlink()
        return len(runs), 0
