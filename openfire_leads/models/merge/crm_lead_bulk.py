"""Many merges at once: one lock, one journal, one statement per table for all of them."""

from odoo import api, models

from ...merging import Choices, Findings, Journal, Turn


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.model
    def _merge_in_bulk(self, groups, auto_unlink=True):
        """Merge each of ``groups`` into one lead, as :meth:`_merge_opportunity` does, but much faster.

        Each group has a journal of its own and can be undone by itself. All or nothing: a group
        that cannot be merged stops them all.

        :param groups: recordsets of at least two leads each, none in two groups
        :param auto_unlink: delete the merged leads
        :returns: the survivors, in the order of the groups
        :raises ValueError: a lead is in two groups
        """
        leads = self.union(*groups)
        if len(leads) != sum(len(group) for group in groups):
            raise ValueError("A lead cannot be merged in two groups at once")
        if not leads:
            return self
        if leads._merge_being_made():
            # one after the other, each as it is by then
            return self.concat(
                *(group._merge_opportunity(auto_unlink=auto_unlink, max_length=0) for group in groups)
            )
        rows = leads._merge_lock()
        leads.check_access("write")
        groups = [group.with_prefetch(leads._prefetch_ids) for group in groups]
        runs = self._merge_plan_in_bulk(groups, rows, auto_unlink)
        journal = Journal(self.env, runs)
        survivors = self.browse(run.survivor_id for run in runs)
        with journal.writing():
            self._merge_move_links(runs)
            turn = Turn()
            with self._assigned_told_once() as assigned, leads._merge_protecting():
                for group, run in zip(groups, runs, strict=True):
                    turn.run = run
                    group._merge_ordered(run, assigned, turn)._merge_opportunity(
                        auto_unlink=False, max_length=0
                    )
                turn.run = None
                survivors._message_log_batch({run.survivor_id: run.body for run in runs if run.body})
                if auto_unlink:
                    # sudo: as in Odoo's own merge, who may write the leads may merge them
                    self.browse(lead_id for run in runs for lead_id in run.merged_ids).sudo().unlink()
                survivors._merge_finish(runs, journal)
        return survivors

    @api.model
    def _merge_plan_in_bulk(self, groups, rows, unlinks):
        """Return the ``Run`` of each group, with the chances of all of them predicted at once.

        :param rows: what :meth:`_merge_column_rows` returns for all the leads
        """
        choices = Choices()
        for group in groups:
            group._merge_check(choices)
        # sudo: as in the draft
        read = self.union(*groups).sudo()._merge_read()
        fresh = groups[0]._merge_nothing_imagined()
        drafts = [group._merge_draft(choices, read, fresh) for group in groups]
        self._merge_predict(drafts)
        findings = Findings(rows, drafts)
        return [group._merge_start(choices, unlinks=unlinks, in_bulk=True, rows=findings) for group in groups]
