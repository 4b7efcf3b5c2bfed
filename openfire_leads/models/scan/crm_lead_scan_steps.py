"""The steps of a scan: what ``crm.lead.duplicate.scan()`` does at one stroke, cut into parts."""

import numpy as np

from odoo import api, models
from odoo.tools import SQL

from ..duplicates.crm_lead_duplicate_compare import pairs_of, ranges
from .crm_lead_scan_batch import (
    COMPARE,
    COUNT,
    DONE,
    GROUP,
    LEARN,
    PAIR,
    PLAN,
    SAMPLE,
    SETTLE,
    STORE,
    STORE_LEADS,
)

# leads that are grouped at a time, with those that they are linked to
GROUP_LEADS = 10_000


class CrmLeadScan(models.Model):
    """
    ======= ============ ===================================================================================
    PLAN    once         ranges of the leads whose profiles are out of date
    STORE   each range   profiles and keys of these are made anew
    COUNT   once         terms are counted anew
    PAIR    once         which leads are to be compared with which; ranges of all leads
    SAMPLE  each range   a share of these pairs is compared, to estimate how rare duplicates are
    LEARN   once         that is estimated, and learnt from what people judged
    COMPARE each range   the pairs are compared and stored
    SETTLE  once         the queue is rid of what was compared; all that are paired or grouped are to be grouped
    GROUP   again and    groups are brought up to date, and the scan is done
            again
    ======= ============ ===================================================================================
    """

    _inherit = "crm.lead.scan"

    @api.model
    def _step(self, scan, batch):
        """Do the part ``batch``, which is locked.

        :return: its next step, ``None`` where the scan is over, and what to keep with it
        """
        verb = {
            PLAN: self._step_plan,
            STORE: self._step_store,
            COUNT: self._step_count,
            PAIR: self._step_pair,
            SAMPLE: self._step_sample,
            LEARN: self._step_learn,
            COMPARE: self._step_compare,
            SETTLE: self._step_settle,
            GROUP: self._step_group,
        }[batch.step]
        return verb(scan, batch)

    def _step_plan(self, scan, batch):
        stale = self.env["crm.lead.match"]._stale_sql()
        found = self.env["crm.lead.scan.batch"]._add_ranges(scan.id, STORE, STORE_LEADS, stale)
        scan.awaiting = scan.total if scan._takes_over() else found
        return DONE, {}

    def _step_store(self, scan, batch):
        pairs = self.env["crm.lead.duplicate"]
        stale = self.env["crm.lead.match"]._stale_sql()
        lead_ids = [
            lead_id
            for (lead_id,) in self.env.execute_query(
                SQL("%s AND l.id BETWEEN %s AND %s ORDER BY l.id", stale, batch.first_id, batch.last_id)
            )
        ]
        queue = self.env["crm.lead.match.queue"]
        free_ids = queue._free(lead_ids).ids
        queue_ids = queue._hold(free_ids)
        pairs._leave_failed(pairs._store_stale(free_ids))
        return DONE, {"queue_ids": queue_ids}

    def _step_count(self, scan, batch):
        self.env["crm.lead.match.term"]._recount()
        return DONE, {}

    def _step_pair(self, scan, batch):
        match = self.env["crm.lead.match"]
        blocks = match._blocks(scan.id)
        self.env["crm.lead.match.key"]._keep(*blocks.common)
        scan.not_compared = blocks.not_compared
        parts = [
            {"first_id": first_id, "last_id": last_id, "leads": leads}
            for first_id, last_id, leads in ranges(blocks, match._all_lead_ids())
        ]
        self.env["crm.lead.scan.batch"]._add_parts(batch, SAMPLE, parts)
        return DONE, {}

    def _step_sample(self, scan, batch):
        match, duplicates = self.env["crm.lead.match"], self.env["crm.lead.duplicate"]
        pairs, usual = self._pairs_of(scan, batch), duplicates._matching_model(of_leads=False)
        chosen = duplicates._sample(match._blocks(scan.id), pairs)
        scores = duplicates._scores_of(usual, chosen, match._whole(scan.id))
        return COMPARE, {"scores": scores.tobytes(), "compared": len(pairs)}

    def _step_learn(self, scan, batch):
        pairs, batches = self.env["crm.lead.duplicate"], self.env["crm.lead.scan.batch"]
        scores = np.frombuffer(batches._scores(scan.id), np.float64)
        compared = batches._compared(scan.id)
        pairs._keep_rate(pairs._matching_model(of_leads=False), scores, compared)
        self.env["crm.lead.match.lesson"]._learn(anew=True)
        scan.basis = self._basis()
        return DONE, {}

    def _step_compare(self, scan, batch):
        found = self.env["crm.lead.duplicate"]._compare_and_store(
            self._pairs_of(scan, batch),
            batch.first_id,
            batch.last_id,
            self.env["crm.lead.match"]._whole(scan.id),
        )
        return DONE, {"found": found}

    def _step_settle(self, scan, batch):
        self.env["crm.lead.match"]._forget_whole()
        self.env["crm.lead.match.queue"]._drop(self.env["crm.lead.scan.batch"]._queue_ids(scan.id))
        self.env["crm.lead.regroup.queue"]._append_all()
        return DONE, {}

    def _step_group(self, scan, batch):
        self.env["crm.lead.match"]._forget_whole()
        groups = self.env["crm.lead.duplicate.group"]
        groups._bring_up_to_date(GROUP_LEADS)
        if not self.env["crm.lead.regroup.queue"]._is_empty():
            return GROUP, {}
        scan._close("done")
        return None, {}

    @api.model
    def _pairs_of(self, scan, batch):
        """Return the pairs of a range as an array of two columns of lead ids."""
        return pairs_of(self.env["crm.lead.match"]._blocks(scan.id), batch.first_id, batch.last_id)
