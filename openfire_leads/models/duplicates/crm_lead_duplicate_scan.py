"""The scan: pairs of many leads, or of the whole database, at once."""

import logging
import time

import numpy as np
import psycopg2

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, split_every

from ... import matching
from ...tools import remote_calls
from .crm_lead_duplicate_refresh import RATE

_logger = logging.getLogger(__name__)

# leads read, pairs compared, pairs written in one go: bounds the memory, not the result
READ_BATCH = 1000
COMPARE_BATCH = 200_000
WRITE_BATCH = 5000
# so many leads are looked up one by one; the whole database is compared in arrays
LOOK_UP_BATCH = 200
# how rare duplicates are is estimated on at most about so many pairs
RATE_PAIRS = 200_000


class CrmLeadDuplicate(models.Model):
    _inherit = "crm.lead.duplicate"

    @api.model
    @remote_calls.checked(lead_ids=remote_calls.optional_ids)
    def scan(self, lead_ids=None):
        """Bring pairs up to date.

        :param lead_ids: ids of the leads whose pairs are looked for, which the caller may read;
            ``None`` for the whole database, which only sales managers may ask for
        :return: ``{"leads", "compared", "pairs", "seconds", "not_compared"}``: leads looked at, pairs compared,
            pairs that reach the suspicion score, and pairs left out because they only share what a great
            many leads share
        :raises UserError: when ``lead_ids`` is no list of ids, or none of the leads exists
        """
        start = time.monotonic()
        self.env["crm.lead"]._match_flush()
        if lead_ids is None or lead_ids is False:
            if not (self.env.su or self.env.user.has_group("sales_team.group_sale_manager")):
                raise AccessError(self.env._("Only sales managers may scan all leads."))
            result = self.sudo()._scan_all()  # whatever the manager's companies: pairs are not theirs alone
        else:
            # those deleted meanwhile are left out
            leads = self.env["crm.lead"].with_context(active_test=False).browse(lead_ids).exists()
            if lead_ids and not leads:
                raise UserError(self.env._("None of the leads to scan is there any more."))
            leads.check_access("read")
            result = self.sudo()._scan_leads(leads.sudo())
        result["seconds"] = round(time.monotonic() - start, 3)
        return result

    @api.model
    def _queue_all(self):
        """Have the queue compare all leads."""
        self.env["crm.lead.match.queue"]._append(
            self.env["crm.lead"].with_context(active_test=False).search([], order="id").ids
        )

    @api.model
    def _scan_leads(self, leads):
        self.env["crm.lead"].flush_model()
        total = {"leads": len(leads), "compared": 0, "pairs": 0, "not_compared": 0}
        for batch in split_every(LOOK_UP_BATCH, leads.ids, leads.browse):
            looked_up = self._refresh(batch, lock=True)
            total["compared"] += len(looked_up.compared)
            total["pairs"] += len(looked_up.found)
            total["not_compared"] += self._count_not_compared(looked_up.blocks)
        self.env["crm.lead.match.queue"]._clear(leads.ids)
        return total

    @api.model
    def _scan_all(self):
        self.env["crm.lead"].flush_model()
        self.flush_model()
        failed = self._store_stale(self.env["crm.lead.match"]._stale_lead_ids())
        self.env["crm.lead.match.queue"]._clear()
        self._leave_failed(failed)
        self.env["crm.lead.match.term"]._recount()
        lead_ids, profiles = self._all_profiles()
        left, right, not_compared = self._all_candidates(lead_ids)
        pairs, usual = 0, self._matching_model(of_leads=False)
        table = usual.table(profiles, self.env["crm.lead.match.term"]._statistics())
        model = self._learn_model(usual, table, left, right)
        for first in range(0, len(left), COMPARE_BATCH):
            one, two = left[first : first + COMPARE_BATCH], right[first : first + COMPARE_BATCH]
            pairs += self._write_scanned(model, table, lead_ids, one, two)
        return {"leads": len(lead_ids), "compared": len(left), "pairs": pairs, "not_compared": not_compared}

    def _learn_model(self, usual, table, left, right):
        """Estimate on pairs from all over the database how rare duplicates are, and learn from what people judged.

        Both are kept; the model with them is returned.

        :param usual: the model without what was estimated before
        """
        step = self._rate_step(len(left))
        self._keep_rate(usual, usual.compare_many(table, left[::step], right[::step]), len(left))
        self.env["crm.lead.match.lesson"]._learn(anew=True)
        return self._matching_model()

    @api.model
    def _rate_step(self, compared):
        """Return of how many pairs one is looked at to estimate how rare duplicates are."""
        return max(compared // RATE_PAIRS, 1)

    @api.model
    def _keep_rate(self, usual, scores, compared):
        """Estimate how rare duplicates are, and keep it.

        :param usual: the model that gave ``scores``: one without what was estimated before
        :param scores: of the pairs that :meth:`_rate_step` chooses
        :param compared: how many pairs there are
        """
        # how many leads there are is all that the estimate asks for
        statistics = self.env["crm.lead.match.term"]._statistics([])
        prior = matching.estimated_prior(scores, statistics, usual, len(scores) / max(compared, 1))
        moved = round(prior - usual.prior, 1)
        self.env["ir.config_parameter"].sudo().set_param(RATE, str(moved) if moved else False)

    @api.model
    def _leave_failed(self, failed):
        """Leave the leads that have no profile to the queue; ``failed``: as :meth:`_store_stale` returns them."""
        queue = self.env["crm.lead.match.queue"]
        for lead_id in failed.keys() - queue._failed().keys():
            queue._append_again([lead_id], failures=1, error=failed[lead_id])

    def _store_stale(self, lead_ids):
        """Bring profiles and keys up to date; return ``{lead_id: exception}`` of the leads that have none now."""
        match, failed = self.env["crm.lead.match"], {}
        for batch in split_every(READ_BATCH, lead_ids, self.env["crm.lead"].browse):
            try:
                match._store(batch)
            except psycopg2.Error:
                raise  # the transaction is broken, or is to start again
            except Exception:
                _logger.exception("Leads cannot be compared: each one is tried by itself")
                failed.update(self._store_one_by_one(batch))
            batch.invalidate_recordset()
        return failed

    def _store_one_by_one(self, leads):
        failed = {}
        for lead in leads:
            try:
                self.env["crm.lead.match"]._store(lead)
            except psycopg2.Error:
                raise
            except Exception as error:  # noqa: BLE001 (kept with the lead, and told in Settings)
                failed[lead.id] = error
        return failed

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

    @api.model
    def _all_profiles(self):
        """Return an array of all lead ids, in order, and the list of their profiles."""
        rows = self.env.execute_query(
            SQL(
                "SELECT lead_id, profile FROM crm_lead_match WHERE engine = %s ORDER BY lead_id",
                matching.ENGINE_VERSION,
            )
        )
        return np.array([lead_id for lead_id, _dump in rows], np.int64), [
            matching.Profile.unpack(dump) for _lead_id, dump in rows
        ]

    @api.model
    def _all_candidates(self, lead_ids):
        """Return positions of pairs to compare, the first ones in order, and how many pairs were left out.

        Stored pairs are among them: what was found in a block that has grown too big since is judged again.
        """
        # Aggregated by the server: one row for each key, not one for each key of each lead.
        blocks = self.env.execute_query(
            SQL(
                """
                SELECT key, array_agg(lead_id) FROM crm_lead_match_key
                  JOIN crm_lead_match USING (lead_id) WHERE engine = %s
              GROUP BY key HAVING count(*) > 1
                """,
                matching.ENGINE_VERSION,
            )
        )
        sizes = [len(block) for _key, block in blocks]
        owner = np.searchsorted(
            lead_ids, np.array([one for _key, block in blocks for one in block], np.int64)
        )
        key = np.repeat(np.array([key for key, _block in blocks], np.int64), np.array(sizes, np.int64))
        found = matching.candidate_pairs_of_arrays(owner, key)
        stored = self.env.execute_query(SQL("SELECT lead_id, other_lead_id FROM crm_lead_duplicate"))
        stored = np.array(stored, np.int64).reshape(-1, 2)
        stored = np.searchsorted(lead_ids, stored[np.isin(stored, lead_ids).all(1)])
        pairs = np.unique(
            np.r_[
                found.left.astype(np.int64) << 32 | found.right, stored[:, 0] << np.int64(32) | stored[:, 1]
            ]
        )
        return pairs >> np.int64(32), pairs & np.int64(0xFFFFFFFF), found.not_compared
