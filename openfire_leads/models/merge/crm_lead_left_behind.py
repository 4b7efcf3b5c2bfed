"""What is written on a lead while it is being merged away, or later under its former id, goes to the survivor too.

Nothing holds a lead for whatever names it by model and id: notes of automation rules, mass mails, ratings, external
ids. What reaches a merged lead after its links were moved is looked for and moved as the rest was, with a line in the
journal of that merge, so that an undo takes it back (by :mod:`~.crm_lead_deleted`):

* before the merged leads are deleted: by what the merge itself brought about;
* when the merge is committed: by who was at work then and committed first;
* by a job, for a day, and once a day for a month: by who commits later, or remembers the former id;
* before an undo.

Each costs one query where there is nothing to move. Only the ids of leads that are gone are looked for, with the
model ``crm.lead`` beside them.
"""

import logging
from datetime import timedelta
from functools import partial

from odoo import SUPERUSER_ID, api, models
from odoo.tools import SQL

from ...merging import Run
from ...tools.transactions import again_after_conflict

_logger = logging.getLogger(__name__)

# for how long the job looks at a merge, and for how many days it is looked at once a day
OFTEN = timedelta(days=1)
DAILY = timedelta(days=30)
# at once
BATCH = 1000
# a lead merged into one that was merged into another one …: each step is one in the journal
LONGEST_CHAIN = 20


class CrmLeadMerge(models.Model):
    _inherit = "crm.lead.merge"

    def _take_along(self):
        """Move to the survivors what was written on the merged leads after their links had been moved.

        What is on a lead that went on into another one goes step by step, so that each merge can be undone. A merge
        that somebody is undoing is left alone.
        """
        Lead = self.env["crm.lead"]
        if self._has_nothing_behind():
            return
        for _step in range(LONGEST_CHAIN):
            runs = self._runs_of_gone()
            behind = Lead._merge_behind(runs) if runs else ()
            if not behind:
                return
            # sudo: users read the journal, the system writes it
            merges = self.sudo().browse({run.merge_id for run in behind})
            merges = merges.try_lock_for_update(allow_referencing=True)
            behind = [run for run in behind if run.merge_id in merges._ids]
            if not behind:
                return
            names = self._names_of_gone(merges)
            for run in behind:
                lang = merges.browse(run.merge_id).user_id.lang
                texts = Lead.with_context(lang=lang)._merge_source_texts
                run.texts = texts({lead_id: names.get(lead_id, "") for lead_id in run.order})
            Lead._merge_move_late(behind)
            merges._count_rows()

    def _has_nothing_behind(self):
        """Return whether a look at the merged leads' ids tells already that there is nothing to move: as long as their
        survivors exist, no other ids lead to them."""
        if len(self.survivor_id) < len(self):
            return False
        runs = [
            Run((merge.survivor_res_id, *merge.merged_ids), merge_id=merge.id)
            for merge in self
            if merge.merged_ids
        ]
        return not runs or not self.env["crm.lead"]._merge_behind(runs)

    def _runs_of_gone(self):
        """Return as runs who went into whom, for those leads of these merges, and of the merges that their survivors
        went into, that are gone and whose last survivor is there."""
        rows = self.env.execute_query(
            SQL(
                """WITH RECURSIVE step(lead, survivor, merge) AS (
                       SELECT l.lead_res_id, m.survivor_res_id, m.id
                         FROM crm_lead_merge m JOIN crm_lead_merge_line l ON l.merge_id = m.id
                        WHERE m.id = ANY(%(ids)s) AND %(counts)s
                    UNION
                       SELECT l.lead_res_id, m.survivor_res_id, m.id
                         FROM step s
                         JOIN crm_lead_merge_line l ON l.lead_res_id = s.survivor
                         JOIN crm_lead_merge m ON m.id = l.merge_id AND %(counts)s)
                   SELECT DISTINCT ON (s.lead) s.lead, s.survivor, s.merge,
                          EXISTS (SELECT FROM crm_lead l WHERE l.id = s.survivor)
                     FROM step s
                    WHERE NOT EXISTS (SELECT FROM crm_lead l WHERE l.id = s.lead)
                 ORDER BY s.lead, s.merge DESC""",
                ids=self.ids,
                counts=SQL(
                    """l.sequence > 0 AND m.state = 'done' AND m.kind = 'merge' AND m.lead_count =
                       (SELECT count(*) FROM crm_lead_merge_line x WHERE x.merge_id = m.id)"""
                ),
            )
        )
        steps = {lead: (survivor, is_there) for lead, survivor, _merge, is_there in rows}
        merged = {}
        for lead, survivor, merge, _is_there in rows:
            step, length = steps[lead], 0
            while step and not step[1] and length < LONGEST_CHAIN:
                step, length = steps.get(step[0]), length + 1
            if step and step[1]:
                merged.setdefault((survivor, merge), []).append(lead)
        return [
            Run((survivor, *leads), merge_id=merge, moved=True) for (survivor, merge), leads in merged.items()
        ]

    def _names_of_gone(self, merges):
        # sudo: names of the leads, to mark what came from them
        lines = self.env["crm.lead.merge.line"].sudo().search([("merge_id", "in", merges.ids)])
        return {line.lead_res_id: line.name or "" for line in lines}

    def _count_rows(self):
        """Bring up to date how many rows these merges touched."""
        self.env.cr.execute(
            SQL(
                """UPDATE crm_lead_merge m SET row_count = (
                          SELECT COALESCE(sum(row_count), 0) FROM crm_lead_merge_link WHERE merge_id = m.id)
                    WHERE m.id = ANY(%s)""",
                self.ids,
            )
        )
        self.invalidate_recordset(["row_count", "link_ids"])

    @api.model
    def _take_along_of_last(self, period):
        """Look for what was written on leads that were merged within this period."""
        since = self.env.cr.now() - period
        ids = self.search(
            [("state", "=", "done"), ("kind", "=", "merge"), ("date", ">=", since)], order="id"
        ).ids
        for start in range(0, len(ids), BATCH):
            self.browse(ids[start : start + BATCH])._take_along()

    @api.model
    def _cron_take_along(self):
        again_after_conflict(self.env, partial(self._take_along_of_last, OFTEN))

    @api.autovacuum
    def _gc_left_behind(self):
        self._take_along_of_last(DAILY)


def take_along_after_commit(registry, merge_ids):
    """Look for what stayed behind of merges that were just committed; the job does so later where this fails."""
    ids = list(merge_ids)  # they are forgotten with the transaction
    if not ids:
        return
    try:
        with registry.cursor() as cr:
            merges = api.Environment(cr, SUPERUSER_ID, {})["crm.lead.merge"].browse(ids)
            again_after_conflict(merges.env, merges._take_along)
        registry.signal_changes()
    except Exception:  # the merge is made: nothing that comes after it may look like its failure
        _logger.warning("Looking for what was left behind by merges %s failed", ids, exc_info=True)
