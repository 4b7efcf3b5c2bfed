"""Predictive scoring counts each sale once, predicts a result once, and its counters can be taken back."""

from odoo import models
from odoo.tools import SQL

from ...merging import Journal


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _pls_get_naive_bayes_probabilities(self, batch_mode=False, is_tooltip=False):
        """Take what the plan of the merge that is going on has predicted for its result, rather than do so again.

        Not while ``write`` has it in another stage on the way.
        """
        run = self._merge_run()
        plan = run and run.plan
        if (
            plan
            and not is_tooltip
            and self._ids == (plan.survivor_id,)
            and plan.outcome.predicted is not None
        ):
            stage = plan.decisions.get("stage_id")
            if stage and stage.value == self.stage_id.id:
                return {plan.survivor_id: plan.outcome.predicted}, {}
        return super()._pls_get_naive_bayes_probabilities(batch_mode=batch_mode, is_tooltip=is_tooltip)

    def _pls_increment_frequencies(self, from_state=None, to_state=None):
        """Keep the counts of predictive scoring right, and journal how they change.

        What one of the merged leads has counted already is not counted again. Nor is it taken off when the
        survivor is open again: as with the others, which go, it did happen.
        """
        run = self._merge_run()
        if not run or not run.merge_id or not self:
            return super()._pls_increment_frequencies(from_state=from_state, to_state=to_state)
        if from_state or to_state in run.counted:
            return None
        columns = SQL("SELECT id, won_count, lost_count FROM crm_lead_scoring_frequency")
        # sudo: salespeople do not read the frequencies
        Frequency = self.env["crm.lead.scoring.frequency"].sudo()
        Frequency.flush_model()
        before = {row[0]: row[1:] for row in self.env.execute_query(columns)}
        result = super()._pls_increment_frequencies(from_state=from_state, to_state=to_state)
        Frequency.flush_model()
        rows = []
        for frequency_id, *counts in self.env.execute_query(columns):
            won, lost = before.get(frequency_id, (0, 0))
            delta = {"won_count": float(counts[0] - won), "lost_count": float(counts[1] - lost)}
            if any(delta.values()):
                rows.append([frequency_id, delta, frequency_id not in before])
        if rows:
            Journal(self.env, [run]).add("delta", Frequency._table, {run.merge_id: rows})
        return result
