"""The steps of a scan: what ``crm.lead.duplicate.scan()`` does at one stroke, cut into parts."""

import numpy as np

from odoo import api, models
from odoo.tools import SQL

from ... import matching
from .crm_lead_scan_batch import (
    COMPARE,
    COMPARE_LEADS,
    COMPARE_PAIRS,
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
    COUNT   once         terms are counted anew; ranges of all leads
    PAIR    each range   which leads of the range are to be compared with which that come after; where that
                         is many pairs, the range is cut
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
        self.env["crm.lead.scan.batch"]._add_ranges(scan.id, STORE, STORE_LEADS, stale)
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
        queue_ids = self.env["crm.lead.match.queue"]._hold(lead_ids)
        pairs._leave_failed(pairs._store_stale(lead_ids))
        return DONE, {"queue_ids": queue_ids}

    def _step_count(self, scan, batch):
        self.env["crm.lead.match.term"]._recount()
        scan.not_compared = self.env["crm.lead.match.key"]._count_left_out()
        current = SQL("SELECT lead_id AS id FROM crm_lead_match WHERE engine = %s", matching.ENGINE_VERSION)
        self.env["crm.lead.scan.batch"]._add_ranges(scan.id, PAIR, COMPARE_LEADS, current)
        return DONE, {}

    def _step_pair(self, scan, batch):
        found = self.env["crm.lead.match.key"]._pairs_from(batch.first_id, batch.last_id)
        lead_ids = self.env["crm.lead.match"]._current_lead_ids(batch.first_id, batch.last_id)
        parts = []
        for first_id, last_id, pairs in self._cut(found, batch.first_id, batch.last_id):
            leads = int(np.searchsorted(lead_ids, last_id, "right") - np.searchsorted(lead_ids, first_id))
            parts.append({
                "first_id": first_id,
                "last_id": last_id,
                "leads": leads,
                "pairs": pairs.tobytes(),
                "compared": len(pairs),
            })  # fmt: skip
        own, *others = parts
        self.env["crm.lead.scan.batch"]._add_parts(batch, SAMPLE, others)
        return SAMPLE, own

    @api.model
    def _cut(self, pairs, first_id, last_id):
        """Yield ``(first lead id, last one, pairs)``: ``pairs`` of a range in parts of not many more than
        :data:`COMPARE_PAIRS`, cut between two leads; one part at least."""
        start, ones = 0, pairs[:, 0]
        while len(pairs) > start + COMPARE_PAIRS:
            there = ones[start + COMPARE_PAIRS]
            end = int(np.searchsorted(ones, there))
            if end == start:  # one lead with so many
                end = int(np.searchsorted(ones, there, "right"))
            if end == len(pairs):
                break
            yield first_id, int(ones[end]) - 1, pairs[start:end]
            start, first_id = end, int(ones[end])
        yield first_id, last_id, pairs[start:]

    def _step_sample(self, scan, batch):
        pairs, batches = self.env["crm.lead.duplicate"], self.env["crm.lead.scan.batch"]
        before, total = batches._compared(batch)
        step = pairs._rate_step(total)
        usual = pairs._matching_model(of_leads=False)
        scores = pairs._scores_of(usual, self._pairs_of(batch)[-before % step :: step])
        return COMPARE, {"scores": scores.tobytes()}

    def _step_learn(self, scan, batch):
        pairs, batches = self.env["crm.lead.duplicate"], self.env["crm.lead.scan.batch"]
        scores = np.frombuffer(batches._scores(scan.id), np.float64)
        _before, total = batches._compared(batch)
        pairs._keep_rate(pairs._matching_model(of_leads=False), scores, total)
        self.env["crm.lead.match.lesson"]._learn(anew=True)
        scan.basis = self._basis()
        return DONE, {}

    def _step_compare(self, scan, batch):
        found = self.env["crm.lead.duplicate"]._compare_and_store(
            self._pairs_of(batch), batch.first_id, batch.last_id
        )
        return DONE, {"found": found}

    def _step_settle(self, scan, batch):
        self.env["crm.lead.match.queue"]._drop(self.env["crm.lead.scan.batch"]._queue_ids(scan.id))
        self.env["crm.lead.regroup.queue"]._append_all()
        return DONE, {}

    def _step_group(self, scan, batch):
        groups = self.env["crm.lead.duplicate.group"]
        groups._bring_up_to_date(GROUP_LEADS)
        if not self.env["crm.lead.regroup.queue"]._is_empty():
            return GROUP, {}
        scan._close("done")
        return None, {}

    @api.model
    def _pairs_of(self, batch):
        """Return the pairs of a range as an array of two columns of lead ids."""
        pairs = self.env["crm.lead.scan.batch"]._column(batch, "pairs")
        return np.frombuffer(bytes(pairs), np.int32).reshape(-1, 2)
