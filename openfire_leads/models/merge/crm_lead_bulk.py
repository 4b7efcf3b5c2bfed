"""Many merges at once: one lock, one journal, one statement per table for all of them."""

from odoo import api, models

from ...merging import Choices, Journal


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
        rows = leads._merge_lock()
        leads.check_access("write")
        runs, ordered = [], []
        for group in groups:
            members = group.with_prefetch(leads._prefetch_ids)
            run = members._merge_start(Choices(), unlinks=auto_unlink, in_bulk=True, rows=rows)
            runs.append(run)
            ordered.append(members._merge_ordered(run))
        journal = Journal(self.env, runs)
        journal.open()
        survivors = self.browse(run.survivor_id for run in runs)
        self._merge_move_links(runs)
        for group in ordered:
            group._merge_opportunity(auto_unlink=False, max_length=0)
        survivors._message_log_batch({run.survivor_id: run.body for run in runs if run.body})
        if auto_unlink:
            # sudo: as in Odoo's own merge, who may write the leads may merge them
            self.browse(lead_id for run in runs for lead_id in run.merged_ids).sudo().unlink()
        survivors._merge_finish(runs, journal)
        return survivors
