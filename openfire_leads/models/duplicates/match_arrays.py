"""What is stored of all leads, as arrays: for a scan, which looks at everything at once."""

import numpy as np

from odoo import api, models
from odoo.tools import SQL

from ... import matching
from ...tools import arrays

# ids of leads in a range that is read in one go
_READ = 200_000


class CrmLeadMatch(models.Model):
    _inherit = "crm.lead.match"

    @api.model
    def _all_lead_ids(self):
        """Return an array of the leads that have a profile by this version of the engine, in order."""
        query = SQL(
            "SELECT lead_id FROM crm_lead_match WHERE engine = %s ORDER BY lead_id", matching.ENGINE_VERSION
        )
        return arrays.read(self.env.cr, query, lead_id=np.int32)["lead_id"]

    @api.model
    def _read_blocks(self):
        """Return the ``matching.Blocks`` of all leads: which share a key that not too many share."""
        parts = self._read_lists("keys", SQL("engine = %s", matching.ENGINE_VERSION))
        leads, keys = zip(*parts, strict=True)
        return matching.Blocks(np.concatenate(leads), np.concatenate(keys))

    @api.model
    def _read_lists(self, column, condition):
        """Yield two arrays, some leads at a time: for each number in the lists of ``column`` its lead, and the number.

        :param condition: on the leads' rows, as SQL
        """
        yield np.zeros(0, np.int32), np.zeros(0, np.int32)
        for first, last in self._ranges_to_read():
            query = SQL(
                """
                SELECT lead_id AS owner, %s AS list FROM crm_lead_match WHERE lead_id BETWEEN %s AND %s AND %s
                """,
                SQL.identifier(column),
                first,
                last,
                condition,
            )
            yield arrays.read_lists(self.env.cr, query)

    @api.model
    def _read_profiles(self):
        """Return the ids of all leads that have a profile, in order, their digests, and a list of their profiles."""
        lead_ids, digests, profiles = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], []
        for first, last in self._ranges_to_read():
            # in no order: to put them into one takes PostgreSQL longer than to read them
            query = SQL(
                r"""
                SELECT string_agg(int4send(lead_id), ''), string_agg(int8send(digest), ''), string_agg(profile, E'\n')
                  FROM crm_lead_match WHERE lead_id BETWEEN %s AND %s AND engine = %s
                """,
                first,
                last,
                matching.ENGINE_VERSION,
            )
            ids, own, texts = arrays.read_bytes(self.env.cr, query)
            if ids:
                lead_ids.append(np.frombuffer(ids, ">i4").astype(np.int64))
                digests.append(np.frombuffer(own, ">i8").astype(np.int64))
                profiles += str(texts, "utf-8").split("\n")
        found, order = np.concatenate(lead_ids), slice(None)
        if (np.diff(found) < 0).any():
            order = np.argsort(found)
            profiles = [profiles[place] for place in order.tolist()]
        return found[order], np.concatenate(digests)[order], profiles

    @api.model
    def _ranges_to_read(self):
        """Yield the first and the last id of ranges of leads that are read in one go."""
        ((last,),) = self.env.execute_query(SQL("SELECT coalesce(max(lead_id), 0) FROM crm_lead_match"))
        for first in range(1, last + 1, _READ):
            yield first, first + _READ - 1
