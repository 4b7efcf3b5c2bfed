"""Predictive scoring counts each sale once, predicts a result once, and its counters can be taken back."""

from odoo import api, models
from odoo.tools import SQL

from ...merging import Journal

# Odoo keeps a tenth where it counts nothing
NOTHING = 0.15


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
        run = self._merge_own_run()
        if not run or not run.merge_id or not self:
            return super()._pls_increment_frequencies(from_state=from_state, to_state=to_state)
        if from_state or to_state in run.counted:
            return None
        before = self._scoring_counts()
        result = super()._pls_increment_frequencies(from_state=from_state, to_state=to_state)
        rows = []
        for frequency_id, counts in self._scoring_counts().items():
            won, lost = before.get(frequency_id, (0, 0))
            delta = {"won_count": float(counts[0] - won), "lost_count": float(counts[1] - lost)}
            if any(delta.values()):
                rows.append([frequency_id, delta, frequency_id not in before])
        if rows:
            table = self.env["crm.lead.scoring.frequency"]._table
            Journal(self.env, [run]).add("delta", table, {run.merge_id: rows})
        return result

    @api.model
    def _scoring_counts(self):
        """Return ``{id: (won, lost)}`` of all counts."""
        # sudo: salespeople do not read the frequencies
        self.env["crm.lead.scoring.frequency"].sudo().flush_model()
        rows = self.env.execute_query(SQL("SELECT id, won_count, lost_count FROM crm_lead_scoring_frequency"))
        return {row[0]: row[1:] for row in rows}

    def _scoring_count(self, counted=True):
        """Count these leads where they are won or lost, or take that off the counts, as a rebuild would.

        A count that is left at nothing goes: a rebuild makes none.
        """
        before = self._scoring_counts()
        for state, leads in self.grouped("won_status").items():
            if state in ("won", "lost"):
                leads._pls_increment_frequencies(**{"to_state" if counted else "from_state": state})
        self._scoring_forget_emptied(before)

    @api.model
    def _scoring_forget_emptied(self, before):
        """Delete the counts that are at nothing and were not so ``before``, see :meth:`_scoring_counts`."""
        emptied = [
            frequency_id
            for frequency_id, (won, lost) in self._scoring_counts().items()
            if won < NOTHING and lost < NOTHING and before.get(frequency_id) != (won, lost)
        ]
        # sudo: as above
        self.env["crm.lead.scoring.frequency"].sudo().browse(emptied).unlink()

    def _merge_keep_scoring(self, merge_ids):
        """Keep in the journal what these survivors, which will be deleted, have in counts that were rebuilt since their
        merges: an undo takes it off, as a rebuild would.

        :param merge_ids: merges into them that can be undone; it is kept with the last of each survivor's
        """
        # sudo: users read the journal, the system writes it
        merges = self.env["crm.lead.merge"].sudo().browse(merge_ids)
        last = {merge.survivor_res_id: merge for merge in merges.sorted("id") if merge._scoring_rebuilt()}
        table = self.env["crm.lead.scoring.frequency"]._table
        for lead in self.sudo().filtered(lambda lead: lead.id in last and lead.won_status in ("won", "lost")):
            before = self._scoring_counts()
            with self.env.cr.savepoint() as savepoint:
                lead._pls_increment_frequencies(from_state=lead.won_status)
                after = self._scoring_counts()
                savepoint.rollback()
            rows = [
                [
                    frequency_id,
                    {
                        "won_count": float(won - after[frequency_id][0]),
                        "lost_count": float(lost - after[frequency_id][1]),
                    },
                    False,
                ]
                for frequency_id, (won, lost) in before.items()
                if (won, lost) != after[frequency_id]
            ]
            Journal(self.env, []).add("delta", table, {last[lead.id].id: rows})


class CrmLeadMerge(models.Model):
    _inherit = "crm.lead.merge"

    def _undo(self, restore):
        """Where the counts of predictive scoring were rebuilt since, what the merge added is not in them, but what
        is left of its leads is: that goes, and the leads are counted as they are after the undo."""
        if not self._scoring_rebuilt():
            return super()._undo(restore)
        survivor = self.survivor_id.sudo()  # sudo: its outcome, whoever may see it
        survivor._scoring_count(counted=False)
        before = survivor._scoring_counts()
        result = super()._undo(restore)
        # of a survivor that was deleted it was the journal that took it off
        survivor._scoring_forget_emptied(before)
        (survivor | survivor.browse(self.merged_ids).exists())._scoring_count()
        return result

    def _scoring_rebuilt(self):
        """Whether the counts were rebuilt since this merge: those that there were are gone, all at once."""
        if self.kind != "merge" or not self.last_frequency_id:
            return False
        [(first_id,)] = self.env.execute_query(SQL("SELECT min(id) FROM crm_lead_scoring_frequency"))
        return bool(first_id) and first_id > self.last_frequency_id
