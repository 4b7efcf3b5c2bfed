"""What becomes of a merge when leads of it are deleted: the merged ones by the merge itself, or later; the survivor."""

from dataclasses import replace
from functools import partial

from odoo import api, models
from odoo.tools import SQL

from ...merging import Batch, Journal, came_since, keep_emptied, keep_rows, left_behind, sequence_before
from .crm_lead_left_behind import take_along_after_commit

# in the cursor's cache, until the end of the transaction: {id of a merged lead: run}
WAITING = "openfire_merge_waiting"


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def unlink(self):
        """Keep what these leads have to do with merges.

        Of leads that are being merged: what the merge brought about on them is taken along. Of survivors: what merges
        moved to them is left to the journal, so that an undo brings it back with the merged leads; what came to them
        otherwise is deleted with them. And survivors are given what only one lead may have, when the last of the leads
        merged into them goes, whoever deletes it.
        """
        runs = self._merge_runs_deleting()
        if runs:
            self._merge_take_along(runs)
        merged = {lead_id for run in runs for lead_id in run.merged_ids}
        survivors = self.filtered(lambda lead: lead.id not in merged) if runs else self
        kept = survivors._merge_keep_for_undo()
        waiting = self.env.cr.cache.get(WAITING, {})
        later = [waiting.pop(lead_id) for lead_id in self._ids if lead_id in waiting]
        result = super(CrmLead, self._merge_not_deleted(runs)).unlink()
        if kept:
            self.env.flush_all()
            keep_emptied(self.env, *kept)
        for run in dict.fromkeys(later):
            self._merge_write_later(run, waiting)
        return result

    def _merge_wait(self, runs):
        """Remember what is to be done for these merges when they are made: look for what others wrote on the merged
        leads meanwhile when this transaction is committed, and where the merged leads stay, give the survivor what it
        is to get when they are deleted."""
        for run in runs:
            if run.later:
                self.env.cr.cache.setdefault(WAITING, {}).update(dict.fromkeys(run.merged_ids, run))
        postcommit = self.env.cr.postcommit
        merge_ids = postcommit.data.setdefault("openfire_merges", [])
        if not merge_ids:
            postcommit.add(partial(take_along_after_commit, self.env.registry, merge_ids))
        merge_ids += [run.merge_id for run in runs if run.unlinks]

    # ------------------------------------------------------------
    # MERGED LEADS
    # ------------------------------------------------------------

    def _merge_runs_deleting(self):
        """Return the merges being made by which these leads, or some of them, go into another one."""
        return [
            run
            for _journal, run in Journal.being_made(self.env)
            if run.plan and not set(run.merged_ids).isdisjoint(self._ids)
        ]

    def _merge_not_deleted(self, runs):
        """Return these leads without those that an automation rule has deleted already, which these runs merge; and
        remember them as deleted."""
        gone = self.browse(set().union(*(run.deleted for run in runs)).intersection(self._ids))
        for run in runs:
            run.deleted.update(set(run.merged_ids).intersection(self._ids))
        return self - (gone - gone.exists()) if gone else self

    @api.model
    def _merge_take_along(self, runs):
        """Move what points to the merged leads of these runs that are about to be deleted, whatever kind of link it is:
        what an automation rule brought about since their links were moved, or all of it where a rule deletes them
        before."""
        not_moved = [run for run in runs if not run.moved]
        if not_moved:
            self._merge_move_links(not_moved)
        self.env.flush_all()
        batch, links = Batch.of(runs), self._merge_links()
        links = came_since(self.env, batch, links, runs[0].counts)
        if links:
            self._merge_move_links(runs, links, sequence_before(self.env, batch, links))

    @api.model
    def _merge_behind(self, runs):
        """Return these runs with those of their merged leads only to which something points that would stay behind."""
        found = left_behind(self.env, Batch.of(runs), self._merge_links())
        narrowed = [
            replace(run, order=(run.survivor_id, *(lead for lead in run.merged_ids if lead in found)))
            for run in runs
        ]
        return [run for run in narrowed if run.merged_ids]

    @api.model
    def _merge_move_late(self, runs):
        """Move what would stay behind; it is journaled so as to be taken back last."""
        batch = Batch.of(runs)
        links = [link for link in self._merge_links() if link.behind(batch) is not None]
        self._merge_move_links(runs, links, sequence_before(self.env, batch, links))

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

    # ------------------------------------------------------------
    # SURVIVORS
    # ------------------------------------------------------------

    def _merge_keep_for_undo(self):
        """Keep in the journal what merges moved to these leads.

        :returns: the ids of the merges and the tables to look into when the leads are deleted, None without any
        """
        merge_ids = self._merge_ids_of_survivors() if self.ids else ()
        if not merge_ids:
            return None
        self.check_access("unlink")
        self.env.flush_all()
        tables = keep_rows(self.env, merge_ids)
        self.env["ir.attachment"].invalidate_model(["res_model", "res_id", "res_field"], flush=False)
        self._merge_keep_scoring(merge_ids)
        return merge_ids, tables

    def _merge_ids_of_survivors(self):
        """Return the ids of the merges into these leads that can be undone."""
        rows = self.env.execute_query(
            SQL(
                """SELECT m.id FROM crm_lead_merge m
                    WHERE m.survivor_res_id = ANY(%s) AND m.state = 'done' AND m.kind = 'merge' AND m.lead_count =
                          (SELECT count(*) FROM crm_lead_merge_line l WHERE l.merge_id = m.id)""",
                self.ids,
            )
        )
        return [row[0] for row in rows]
