"""A range of leads compared as the scan of all leads does it: the same pairs, the same model, bounded memory."""

import numpy as np

from odoo import api, models
from odoo.tools import SQL

from ... import matching

# pairs whose leads are held in memory at a time
PAIRS = 50_000


class CrmLeadMatch(models.Model):
    _inherit = "crm.lead.match"

    @api.model
    def _current_lead_ids(self, first_id, last_id):
        """Return an array of the leads in this range that have a profile by this version of the engine, in order."""
        rows = self.env.execute_query(
            SQL(
                "SELECT lead_id FROM crm_lead_match WHERE lead_id BETWEEN %s AND %s AND engine = %s ORDER BY lead_id",
                first_id,
                last_id,
                matching.ENGINE_VERSION,
            )
        )
        return np.array([lead_id for (lead_id,) in rows], np.int64)


class CrmLeadMatchKey(models.Model):
    _inherit = "crm.lead.match.key"

    @api.model
    def _count_left_out(self):
        """Return how many pairs are not compared, for they share keys of too many leads; key by key."""
        [(count,)] = self.env.execute_query(
            SQL(
                """
                SELECT coalesce(sum(size * (size - 1) / 2), 0)::bigint FROM (
                    SELECT count(*) AS size FROM crm_lead_match_key JOIN crm_lead_match USING (lead_id)
                     WHERE engine = %(engine)s GROUP BY key HAVING count(*) > %(most)s
                ) block
                """,
                engine=matching.ENGINE_VERSION,
                most=matching.MAX_BLOCK,
            )
        )
        return count

    @api.model
    def _pairs_from(self, first_id, last_id):
        """Return which leads from ``first_id`` to ``last_id`` are to be compared with which that come after.

        Those that share a key that not too many have, and the pairs that are stored: what ``matching.candidate_pairs``
        gives of all leads, as far as it begins in this range.

        :return: an array of two columns of lead ids, in order, each pair once
        """
        rows = self.env.execute_query(
            SQL(
                """
                WITH own AS MATERIALIZED (
                    SELECT k.key, k.lead_id FROM crm_lead_match_key k JOIN crm_lead_match USING (lead_id)
                     WHERE k.lead_id BETWEEN %(first)s AND %(last)s AND engine = %(engine)s
                ), block AS MATERIALIZED (
                    SELECT key, size FROM (SELECT DISTINCT key FROM own) one CROSS JOIN LATERAL (
                        SELECT count(*) AS size FROM (
                            SELECT FROM crm_lead_match_key k WHERE k.key = one.key %(current)s LIMIT %(most)s + 1
                        ) AS first_ones
                    ) counted WHERE size > 1
                )
                SELECT own.lead_id, k.lead_id FROM block JOIN own USING (key)
                  JOIN crm_lead_match_key k ON k.key = own.key AND k.lead_id > own.lead_id
                 WHERE size <= %(most)s %(current)s
                 UNION
                SELECT pair.lead_id, pair.other_lead_id FROM crm_lead_duplicate pair
                  JOIN crm_lead_match one ON one.lead_id = pair.lead_id AND one.engine = %(engine)s
                  JOIN crm_lead_match other ON other.lead_id = pair.other_lead_id AND other.engine = %(engine)s
                 WHERE pair.lead_id BETWEEN %(first)s AND %(last)s
              ORDER BY 1, 2
                """,
                first=first_id,
                last=last_id,
                engine=matching.ENGINE_VERSION,
                current=self._current_sql(),
                most=matching.MAX_BLOCK,
            )
        )
        return np.array(rows, np.int32).reshape(-1, 2)

    @api.model
    def _current_sql(self):
        """Return the condition that the keys ``k`` are by this version of the engine; nothing where all of them are."""
        others = self.env.execute_query(
            SQL("SELECT FROM crm_lead_match WHERE engine != %s LIMIT 1", matching.ENGINE_VERSION)
        )
        if not others:
            return SQL()
        return SQL(
            "AND EXISTS (SELECT FROM crm_lead_match m WHERE m.lead_id = k.lead_id AND m.engine = %s)",
            matching.ENGINE_VERSION,
        )


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
                table = model.table(profiles, self._statistics_of(lead_ids))
                one, two = np.searchsorted(lead_ids, some).T
                yield table, lead_ids, one, two

    @api.model
    def _statistics_of(self, lead_ids):
        """Return how common the values of these leads are."""
        terms = self.env["crm.lead.match.term"]
        rows = self.env.execute_query(
            SQL(
                """
                SELECT term, count FROM crm_lead_match_term WHERE term IN (
                    SELECT unnest(terms) FROM crm_lead_match WHERE lead_id = ANY(%s)
                ) OR term = ANY(%s)
                """,
                lead_ids.tolist(),
                terms._wanted([]),
            )
        )
        return terms._statistics_of(dict(rows))
