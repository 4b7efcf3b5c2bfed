"""The profiles of all leads, in the memory of whoever scans: each is read and prepared once, not once a pair."""

import logging
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import psycopg2

from odoo import api, models
from odoo.tools import SQL

from ... import matching

_logger = logging.getLogger(__name__)

# With more leads than this they are read some at a time: a million take about 1.2 GB, and Odoo's usual limit is 2.5.
MOST = 1_500_000
MISSING = -1
# ids that lie no further apart are found in an array of all ids in between: 128 MB at most
_WIDEST = 1 << 25


@dataclass(frozen=True)
class Whole:
    """All leads that have a profile.

    :param lead_ids: an array of their ids, in order
    :param digests: an array of the digests of the values that the profiles were made from
    :param table: the profiles, a ``matching.Table``
    """

    lead_ids: np.ndarray
    digests: np.ndarray
    table: matching.Table

    def digests_of(self, lead_ids):
        """Return the digests of leads that are among these, as a list."""
        return self.digests[self.find(np.asarray(lead_ids))].tolist()

    def find(self, lead_ids):
        """Return the positions of leads, :data:`MISSING` of those that are not among these, as an array."""
        if self._places is not None:
            numbers = lead_ids.astype(np.int64) - (self.lead_ids[0] - 1)
            return self._places[numbers.clip(0, len(self._places) - 1)]
        places = np.searchsorted(self.lead_ids, lead_ids).clip(max=max(len(self.lead_ids) - 1, 0))
        there = self.lead_ids[places] == lead_ids if len(self.lead_ids) else False
        return np.where(there, places, MISSING)

    @cached_property
    def _places(self):
        """The position of each id, from the one before the first to the one after the last.

        ``None`` where the ids lie so far apart that it would be too large.
        """
        span = int(self.lead_ids[-1] - self.lead_ids[0]) if len(self.lead_ids) else _WIDEST
        if span >= _WIDEST:
            return None
        places = np.full(span + 3, MISSING, np.int32)
        places[self.lead_ids - (self.lead_ids[0] - 1)] = np.arange(len(self.lead_ids))
        return places


# of the scan that this process works on: its parts come one by one, each a call of the scheduled action's
_kept: dict = {}


class CrmLeadMatch(models.Model):
    _inherit = "crm.lead.match"

    @api.model
    def _whole(self, scan_id):
        """Return the :class:`Whole`, ``None`` where there are too many leads for it or it cannot be made.

        It is kept until :meth:`_forget_whole`. A lead that changes meanwhile is compared by who changes it: whoever
        writes what comes of the table is to leave out the leads whose digest is another one by now.

        :param scan_id: the scan that it is read for, once
        """
        return self._once(scan_id, "profiles", lambda: self._read_whole(scan_id))

    @api.model
    def _blocks(self, scan_id):
        """Return which leads are to be compared, see :meth:`_read_blocks`, kept likewise."""
        return self._once(scan_id, "keys", self._read_blocks)

    @api.model
    def _read_ahead(self, scan_id):
        """Read what :meth:`_whole` and :meth:`_blocks` return as far as it can be read while terms are counted.

        :return: whether it was not there already
        """
        if "uncounted" in _kept.get((self.env.cr.dbname, scan_id), {}):
            return False
        self._once(scan_id, "uncounted", self._read_uncounted)
        self._blocks(scan_id)
        return True

    @api.model
    def _once(self, scan_id, what, read):
        scan = (self.env.cr.dbname, scan_id)
        if scan not in _kept:
            _kept.clear()
            _kept[scan] = {}
        if what not in _kept[scan]:
            _kept[scan][what] = read()
        return _kept[scan][what]

    @api.model
    def _forget_whole(self):
        """Free the memory that :meth:`_whole` and :meth:`_blocks` take."""
        _kept.clear()

    @api.model
    def _read_whole(self, scan_id=None):
        """Return what :meth:`_whole` does, read now or ahead."""
        ahead = _kept.get((self.env.cr.dbname, scan_id), {})
        whole = ahead.pop("uncounted") if "uncounted" in ahead else self._read_uncounted()
        if whole:
            whole.table.count_by(self.env["crm.lead.match.term"]._all_statistics())
        return whole

    @api.model
    def _read_uncounted(self):
        """Return the same, whose table does not know yet how common values are."""
        if not 0 < self._count_profiles() <= MOST:
            return None
        try:
            lead_ids, digests, packed = self._read_profiles()
            return Whole(lead_ids, digests, matching.Table.of_packed(packed))
        except psycopg2.Error:
            raise
        except Exception:
            # one profile that cannot be read is not to keep all others from being compared
            _logger.exception(
                "The profiles of all leads cannot be prepared at once: they are read some at a time"
            )
            return None

    @api.model
    def _count_profiles(self):
        """Return how many leads have a profile by this version of the engine."""
        query = SQL("SELECT count(*) FROM crm_lead_match WHERE engine = %s", matching.ENGINE_VERSION)
        ((count,),) = self.env.execute_query(query)
        return count
