"""What only one lead may have reaches the survivor as soon as the merged leads are gone, whoever deletes them."""

from odoo import models

from ...merging import Journal

# in the cursor's cache, until the end of the transaction: {id of a merged lead: run}
WAITING = "openfire_merge_waiting"


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def unlink(self):
        """Give survivors what only one lead may have, when the last of the leads merged into them goes."""
        waiting = self.env.cr.cache.get(WAITING, {})
        runs = [waiting.pop(lead_id) for lead_id in self._ids if lead_id in waiting]
        result = super().unlink()
        for run in dict.fromkeys(runs):
            self._merge_write_later(run, waiting)
        return result

    def _merge_wait(self, run):
        """Remember what the survivor is to get when the merged leads, which this merge leaves, are deleted."""
        if run.later:
            self.env.cr.cache.setdefault(WAITING, {}).update(dict.fromkeys(run.merged_ids, run))

    def _merge_write_later(self, run, waiting):
        """Write what a survivor was to get, if all the leads merged into it are gone and the merge stands."""
        if any(waiting.get(lead_id) is run for lead_id in run.merged_ids):
            return
        survivor = self.browse(run.survivor_id).exists()
        # sudo: whether the merge stands does not depend on who may read it
        merge = self.env["crm.lead.merge"].sudo().browse(run.merge_id).exists()
        if not survivor or merge.state != "done":
            return
        survivor = survivor.sudo().with_context(openfire_merge=run)  # sudo: see _merge_settle
        raw = survivor._merge_raw_values(run.later)
        survivor.write({name: value for name, value in run.later.items() if name not in raw})
        if raw:
            survivor._merge_write_columns(raw)
        self.env.flush_all()
        Journal(self.env, [run]).amend(run, list(run.later))
