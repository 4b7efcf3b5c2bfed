"""The scan: pairs of many leads, or of the whole database, at once."""

import logging
import time

import numpy as np
import psycopg2

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import split_every

from ... import matching
from ...tools import remote_calls
from .crm_lead_duplicate_compare import numbers_of, pairs_of, ranges
from .crm_lead_duplicate_refresh import RATE

_logger = logging.getLogger(__name__)

# leads read in one go: bounds the memory, not the result
READ_BATCH = 1000
# so many leads are looked up one by one; the whole database is compared in arrays
LOOK_UP_BATCH = 200
# how rare duplicates are is estimated on at most about so many pairs
RATE_PAIRS = 200_000
# an odd number of 64 bits whose multiples look like chance (the golden ratio's, as Knuth has it for hashing)
_MIX = np.uint64(0x9E3779B97F4A7C15)


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
            many leads share (a float: they may be more than an integer holds).
            Of the whole database also ``scan_id``: where others are at work on leads just now, it
            is compared in the background by this ``crm.lead.scan``, nothing is counted yet, and ``message`` says so;
            ``False`` otherwise
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
        result["not_compared"] = float(result["not_compared"])
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
            total["not_compared"] += looked_up.not_compared
        self.env["crm.lead.match.queue"]._clear(leads.ids)
        return total

    @api.model
    def _scan_all(self):
        self.env["crm.lead"].flush_model()
        self.flush_model()
        match = self.env["crm.lead.match"]
        failed = self._store_stale(match._stale_lead_ids())
        self.env["crm.lead.match.queue"]._clear()
        self._leave_failed(failed)
        self.env["crm.lead.match.term"]._recount()
        lead_ids, blocks = match._all_lead_ids(), match._read_blocks()
        self.env["crm.lead.match.key"]._keep(*blocks.common)
        parts = [(first_id, last_id) for first_id, last_id, _leads in ranges(blocks, lead_ids)]
        usual, whole = self._matching_model(of_leads=False), match._read_whole()
        compared, scores = 0, [np.zeros(0)]
        for part in parts:
            some = pairs_of(blocks, *part)
            compared += len(some)
            scores.append(self._scores_of(usual, self._sample(blocks, some), whole))
        self._keep_rate(usual, np.concatenate(scores), compared)
        self.env["crm.lead.match.lesson"]._learn(anew=True)
        pairs = sum(self._compare_and_store(pairs_of(blocks, *part), *part, whole) for part in parts)
        return {
            "leads": len(lead_ids),
            "compared": compared,
            "pairs": pairs,
            "not_compared": blocks.not_compared,
        }

    @api.model
    def _sample(self, blocks, pairs):
        """Return those of ``pairs``, some of the pairs of ``blocks``, by which it is estimated how rare duplicates are.

        Whoever looks at which pairs, in the end the same ones were chosen.
        """
        share = max(blocks.most // RATE_PAIRS, 1)
        mixed = numbers_of(pairs).astype(np.uint64) * _MIX >> np.uint64(32)
        return pairs[mixed % np.uint64(share) == 0]

    @api.model
    def _keep_rate(self, usual, scores, compared):
        """Estimate how rare duplicates are, and keep it.

        :param usual: the model that gave ``scores``: one without what was estimated before
        :param scores: of the pairs that :meth:`_sample` chooses
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
