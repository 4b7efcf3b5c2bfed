"""Many pairs compared at once, and what they give stored: with bounded memory, for scans of all leads."""

import numpy as np

from odoo import api, models
from odoo.tools import SQL

# leads of a range, and pairs of these: they bound memory and the time of a transaction
RANGE_LEADS, RANGE_PAIRS = 10_000, 100_000
# pairs whose leads are held in memory at a time
PAIRS = 50_000
# pairs written in one go
WRITE_BATCH = 5000


class CrmLeadDuplicate(models.Model):
    _inherit = "crm.lead.duplicate"

    @api.model
    def _scores_of(self, model, pairs):
        """Return the scores of ``pairs``, an array of two columns of lead ids, by ``model``; those of leads that are
        gone are left out."""
        scores = [np.zeros(0)]
        for table, _lead_ids, one, two in self._tables_of(model, pairs):
            scores.append(model.compare_many(table, one, two))
        return np.concatenate(scores)

    @api.model
    def _compare_and_store(self, pairs, first_id, last_id):
        """Compare ``pairs``, and those that are stored of the leads from ``first_id`` to ``last_id``; store what
        reaches the suspicion score.

        :return: how many do
        """
        stored = self.env.execute_query(
            SQL(
                "SELECT lead_id, other_lead_id FROM crm_lead_duplicate WHERE lead_id BETWEEN %s AND %s",
                first_id,
                last_id,
            )
        )
        pairs = np.unique(np.concatenate([pairs, np.array(stored, np.int32).reshape(-1, 2)]), axis=0)
        model = self._matching_model()
        return sum(
            self._write_scanned(model, table, lead_ids, one, two)
            for table, lead_ids, one, two in self._tables_of(model, pairs)
        )

    @api.model
    def _tables_of(self, model, pairs):
        """Yield ``(table of profiles, their lead ids, positions of the ones, of the others)``, some pairs at a time."""
        for first in range(0, len(pairs), PAIRS):
            some = pairs[first : first + PAIRS]
            stored = self.env["crm.lead.match"]._load_profiles(np.unique(some).tolist())
            lead_ids = np.array([lead_id for lead_id, _digest, _profile in stored], np.int64)
            profiles = [profile for _lead_id, _digest, profile in stored]
            some = some[np.isin(some, lead_ids).all(1)]
            if len(some):
                table = model.table(
                    profiles, self.env["crm.lead.match.term"]._statistics_of_leads(lead_ids.tolist())
                )
                one, two = np.searchsorted(lead_ids, some).T
                yield table, lead_ids, one, two

    def _write_scanned(self, model, table, lead_ids, one, two):
        """Compare the pairs at positions ``one``, ``two``, store what reaches the suspicion score; return how many."""
        scores = model.compare_many(table, one, two)
        likely = np.flatnonzero(scores >= model.suspicion)
        ids = list(zip(lead_ids[one].tolist(), lead_ids[two].tolist(), strict=True))
        known = self._known_among(ids)
        for first in range(0, len(likely), WRITE_BATCH):
            chosen = likely[first : first + WRITE_BATCH]
            evidence = model.explain(table, one[chosen], two[chosen])
            found = {
                ids[position]: (float(scores[position]), lines)
                for position, lines in zip(chosen.tolist(), evidence, strict=True)
            }
            self._write_pairs(found, set())
        reached = {ids[position] for position in likely.tolist()}
        self._write_pairs({}, known - reached)
        return len(likely)

    @api.model
    def _known_among(self, pairs):
        """Return which of ``pairs``, which are in order, are stored."""
        if not pairs:
            return set()
        rows = self.env.execute_query(
            SQL(
                "SELECT lead_id, other_lead_id FROM crm_lead_duplicate WHERE lead_id BETWEEN %s AND %s",
                pairs[0][0],
                pairs[-1][0],
            )
        )
        return set(rows).intersection(pairs)


def ranges(pairs, lead_ids):
    """Yield ``(first lead id, last one, number of leads, pairs)``: all leads in ranges, and the pairs that begin there.

    A range has :data:`RANGE_LEADS` leads at most, and not many more than :data:`RANGE_PAIRS` pairs.

    :param pairs: an array of two columns of lead ids, in order
    :param lead_ids: an array of the ids of all leads, in order
    """
    ones, first = pairs[:, 0], 0
    while first < len(lead_ids):
        last = min(first + RANGE_LEADS, len(lead_ids))
        start, end = np.searchsorted(ones, [lead_ids[first], lead_ids[last - 1] + 1])
        if end - start > RANGE_PAIRS:
            # cut between two leads; a lead with so many pairs is a range of its own
            last = max(int(np.searchsorted(lead_ids, ones[start + RANGE_PAIRS])), first + 1)
            end = int(np.searchsorted(ones, lead_ids[last - 1], "right"))
        yield int(lead_ids[first]), int(lead_ids[last - 1]), last - first, pairs[start:end]
        first = last
