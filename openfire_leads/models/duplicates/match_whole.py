"""The profiles of all leads, in the memory of whoever scans: each is read and prepared once, not once a pair."""

import logging
from typing import NamedTuple

import numpy as np
import psycopg2

from odoo import api, models
from odoo.tools import SQL

from ... import matching
from ...tools import arrays

_logger = logging.getLogger(__name__)

# With more leads than this they are read some at a time: a million take about 1.2 GB, and Odoo's usual limit is 2.5.
MOST = 1_500_000
# leads read in one go
_READ = 200_000


class Whole(NamedTuple):
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
        return self.digests[np.searchsorted(self.lead_ids, lead_ids)].tolist()


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
        return self._once(scan_id, "profiles", self._read_whole)

    @api.model
    def _blocks(self, scan_id):
        """Return which leads are to be compared, see :meth:`_read_blocks`, kept likewise."""
        return self._once(scan_id, "keys", self._read_blocks)

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
    def _read_whole(self):
        query = SQL(
            "SELECT lead_id, digest FROM crm_lead_match WHERE engine = %s ORDER BY lead_id",
            matching.ENGINE_VERSION,
        )
        stored = arrays.read(self.env.cr, query, lead_id=np.int32, digest=np.int64)
        lead_ids = stored["lead_id"].astype(np.int64)
        if not 0 < len(lead_ids) <= MOST:
            return None
        try:
            table = self._read_table(lead_ids)
        except psycopg2.Error:
            raise
        except Exception:
            # one profile that cannot be read is not to keep all others from being compared
            _logger.exception(
                "The profiles of all leads cannot be prepared at once: they are read some at a time"
            )
            return None
        return Whole(lead_ids, stored["digest"].copy(), table)

    @api.model
    def _read_table(self, lead_ids):
        """Return the ``matching.Table`` of the stored profiles of these leads: an array of ids, in order."""
        packed = []
        for first in range(0, len(lead_ids), _READ):
            some = lead_ids[first : first + _READ]
            ((texts,),) = self.env.execute_query(
                SQL(
                    r"""
                    SELECT string_agg(profile, E'\n' ORDER BY lead_id) FROM crm_lead_match
                     WHERE lead_id BETWEEN %s AND %s AND engine = %s
                    """,
                    int(some[0]),
                    int(some[-1]),
                    matching.ENGINE_VERSION,
                )
            )
            packed += texts.split("\n")
        return matching.Table.of_packed(packed, self.env["crm.lead.match.term"]._all_statistics())
