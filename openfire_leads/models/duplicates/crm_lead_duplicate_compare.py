"""Many pairs compared at once, and what they give stored: with bounded memory, for scans of all leads."""

import numpy as np

from odoo import api, models
from odoo.tools import SQL, split_every

from .match_whole import MISSING, Whole

# leads of a range, and pairs of these: they bound memory and the time of a transaction
RANGE_LEADS, RANGE_PAIRS = 25_000, 400_000
# pairs whose leads are held in memory at a time
PAIRS = 50_000
# pairs written in one go
WRITE_BATCH = 5000


class CrmLeadDuplicate(models.Model):
    _inherit = "crm.lead.duplicate"

    @api.model
    def _scores_of(self, model, pairs, whole=None):
        """Return the scores of ``pairs``, an array of two columns of lead ids, by ``model``; those of leads that are
        gone are left out.

        :param whole: the profiles of all leads, where they are at hand
        """
        scores = [np.zeros(0)]
        for some, one, two in self._with_profiles(model, pairs, whole):
            scores.append(model.compare_many(some.table, one, two))
        return np.concatenate(scores)

    @api.model
    def _compare_and_store(self, pairs, first_id, last_id, whole=None):
        """Compare ``pairs``, and those that are stored of the leads from ``first_id`` to ``last_id``; store what
        reaches the suspicion score.

        :param whole: the profiles of all leads, where they are at hand
        :return: how many do
        """
        query = SQL(
            "SELECT lead_id, other_lead_id FROM crm_lead_duplicate WHERE lead_id BETWEEN %s AND %s",
            first_id,
            last_id,
        )
        stored = np.array(self.env.execute_query(query), np.int64).reshape(-1, 2)
        known, model = np.sort(numbers_of(stored)), self._matching_model()
        more = stored[~_among(numbers_of(stored), numbers_of(pairs))]
        pairs = np.concatenate([pairs, more.astype(pairs.dtype)])
        return sum(
            self._write_scanned(model, some, one, two, known)
            for some, one, two in self._with_profiles(model, pairs, whole)
        )

    @api.model
    def _with_profiles(self, model, pairs, whole):
        """Yield ``(Whole, positions of the ones, of the others)``, of some pairs at a time those that have profiles.

        :param whole: where it is ``None``, the profiles of some pairs are read
        """
        step = PAIRS if whole is None else max(len(pairs), 1)
        for first in range(0, len(pairs), step):
            some = pairs[first : first + step]
            around = whole or self._read_profiles(model, some)
            one, two = around.find(some[:, 0]), around.find(some[:, 1])
            there = (one != MISSING) & (two != MISSING)
            yield around, one[there], two[there]

    @api.model
    def _read_profiles(self, model, pairs):
        """Return the :class:`Whole` of the leads of ``pairs`` alone."""
        stored = self.env["crm.lead.match"]._load_profiles(np.unique(pairs).tolist())
        lead_ids = [lead_id for lead_id, _digest, _profile in stored]
        return Whole(
            np.array(lead_ids, np.int64),
            np.array([digest for _lead_id, digest, _profile in stored], np.int64),
            model.table(
                [profile for _lead_id, _digest, profile in stored],
                self.env["crm.lead.match.term"]._statistics_of_leads(lead_ids),
            ),
        )

    def _write_scanned(self, model, around, one, two, known):
        """Compare the pairs at positions ``one``, ``two`` of ``around``, and store what reaches the suspicion score.

        What has changed since ``around`` was read is left out: who changed it has it compared.

        :param known: the numbers of the pairs that are stored, of these leads and others, in order
        :return: how many reach it
        """
        likely, scores, evidence = model.explain_likely(around.table, one, two)
        pairs = np.stack([around.lead_ids[one], around.lead_ids[two]], axis=1)
        is_known = _among(numbers_of(pairs), known)
        lost = is_known.copy()
        lost[likely] = False
        self._write_as_seen(around, {}, set(map(tuple, pairs[lost].tolist())))
        outcomes = list(
            zip(map(tuple, pairs[likely].tolist()), zip(scores.tolist(), evidence, strict=True), strict=True)
        )
        stored = set(map(tuple, pairs[likely[is_known[likely]]].tolist()))
        for some in split_every(WRITE_BATCH, outcomes, dict):
            self._write_as_seen(around, self._without_unchanged(some, stored & some.keys(), around), set())
        return len(likely)

    def _without_unchanged(self, found, stored, around):
        """Return ``found`` without what is right already: its leads need not be kept from changing.

        :param stored: which of the pairs are stored
        """
        if not stored:
            return found
        lead_ids = sorted({lead_id for pair in stored for lead_id in pair})
        digests = dict(zip(lead_ids, around.digests_of(lead_ids), strict=True))
        wrong = self._changed_sql(sorted(stored), found, digests)
        changed = set(self.env.execute_query(SQL("SELECT one, two FROM (%s) AS changed", wrong)))
        return {pair: outcome for pair, outcome in found.items() if pair not in stored or pair in changed}

    def _write_as_seen(self, around, found, lost):
        """Store ``found`` and forget ``lost``, see ``_write_pairs``, of leads that are as they were read."""
        lead_ids = sorted({lead_id for pair in found.keys() | lost for lead_id in pair})
        if not lead_ids:
            return
        digests = self._digests(lead_ids, lock=True)
        found, lost = self._without_busy(found, lost, digests)
        changed = {
            lead_id
            for lead_id, digest in zip(lead_ids, around.digests_of(lead_ids), strict=True)
            if digests.get(lead_id) != digest
        }
        self._write_pairs(
            {pair: outcome for pair, outcome in found.items() if changed.isdisjoint(pair)},
            {pair for pair in lost if changed.isdisjoint(pair)},
            digests,
        )


def ranges(blocks, lead_ids):
    """Yield ``(first lead id, last one, number of leads)``: all leads in ranges.

    A range has :data:`RANGE_LEADS` leads at most, and :data:`RANGE_PAIRS` pairs unless these are one lead's.

    :param blocks: the ``matching.Blocks`` of all leads
    :param lead_ids: an array of the ids of all leads, in order
    """
    until, first = blocks.most_until(lead_ids), 0
    while first < len(lead_ids):
        before = until[first - 1] if first else 0
        last = int(np.searchsorted(until, before + RANGE_PAIRS, "right"))
        last = min(max(last, first + 1), first + RANGE_LEADS, len(lead_ids))
        yield int(lead_ids[first]), int(lead_ids[last - 1]), last - first
        first = last


def pairs_of(blocks, first_id, last_id):
    """Return the pairs of ``blocks`` that begin in a range of leads as an array of two columns of ids.

    They are in the order of :func:`numbers_of`.
    """
    return np.stack(blocks.pairs(int(first_id), int(last_id)), axis=1)


def _among(numbers, others):
    """Return which of ``numbers`` are among ``others``, which are in order."""
    if not len(others):
        return np.zeros(len(numbers), bool)
    return others[np.searchsorted(others, numbers).clip(max=len(others) - 1)] == numbers


def numbers_of(pairs):
    """Return a number for each pair, in the order in which ``Blocks.pairs`` has them."""
    return pairs[:, 1].astype(np.int64) << 32 | pairs[:, 0]
