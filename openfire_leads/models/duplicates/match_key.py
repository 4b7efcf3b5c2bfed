"""Match keys: which leads may be compared with which."""

from collections import defaultdict
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ... import matching

# Stands for a lead that is not saved yet: it would come after all others.
UNSAVED = 2**31 - 1


class Neighbourhood(NamedTuple):
    """What there is to compare some leads with.

    :param candidates: ``{lead_id: set of other lead ids}``
    :param big: ``{(lead_id, key): number of other leads}`` of the keys that too many share to be compared
    :param known: the stored pairs ``(lead_id, other_lead_id)`` that these leads are in
    :param profiles: ``{lead_id: profile}`` of the other leads; those never stored, or by another engine, are left out
    :param digests: ``{lead_id: digest}`` of the same
    :param statistics: how common the values of all of them are
    :param stored: ``{lead_id: compared values}`` of the leads that were stored, as the database has them
    :param behind: ids of leads without a profile that are to be compared, too
    """

    candidates: dict
    big: dict
    known: set
    profiles: dict
    digests: dict
    statistics: matching.Statistics
    stored: dict
    behind: list


class CrmLeadMatchKey(models.Model):
    """Keys that too many leads share, as counted last: no look-up goes through their leads.

    The keys themselves are kept with the profiles. Written by SQL only.
    """

    _name = "crm.lead.match.key"
    _inherit = "crm.lead.match.table"
    _description = "Match Key of Too Many Leads"
    _auto = False

    def init(self):
        self.env.cr.execute("""
            CREATE TABLE IF NOT EXISTS crm_lead_match_key (key integer PRIMARY KEY, count integer NOT NULL)
        """)

    @api.model
    def _keep(self, keys, counts):
        """Have the table hold these keys, each with how many leads share it; rows that are right are left alone."""
        self.env.cr.execute(
            SQL(
                """
                WITH new AS MATERIALIZED (SELECT * FROM unnest(%s::int[], %s::int[]) AS new (key, count)),
                     gone AS (
                        DELETE FROM crm_lead_match_key old
                         WHERE NOT EXISTS (SELECT 1 FROM new WHERE new.key = old.key)
                     )
                INSERT INTO crm_lead_match_key AS old (key, count) SELECT key, count FROM new
           ON CONFLICT (key) DO UPDATE SET count = excluded.count WHERE old.count != excluded.count
                """,
                keys.tolist(),
                counts.tolist(),
            )
        )

    @api.model
    def _look_up(self, keys, profiles, storing=(), condition=None, behind=None):
        """Find what to compare leads with, in one query: leads that share a key, and those of stored pairs.

        A key that more than ``matching.MAX_BLOCK`` leads share finds nobody.

        :param keys: ``{lead_id: iterable of keys}``; the id ``UNSAVED`` stands for a lead not saved yet
        :param profiles: ``{lead_id: profile}`` of the same leads
        :param storing: common table expressions to execute with the query
        :param condition: a condition on the lead ``other``, if not all are to be compared
        :param behind: leads whose e-mails and phones find leads without a profile, too
        :return: :class:`Neighbourhood`
        """
        found, leads, digests, counts, stored, without = [], {}, {}, {}, {}, []
        query = self._look_up_sql(keys, profiles, storing, condition, behind)
        # a clash with somebody who stores one of these leads is no error: the transaction starts again
        self.env.cr.execute(query, log_exceptions=not storing)
        for kind, number, other, size, ids, profile, values in self.env.cr.fetchall():
            if kind == "found":
                found.append((number, other, size, ids))
            elif kind == "lead":
                leads[number], digests[number] = matching.Profile.unpack(profile), other
            elif kind == "there":
                stored[number] = values
            elif kind == "behind":
                without.append(number)
            else:
                counts[number] = other
        statistics = self.env["crm.lead.match.term"]._statistics_of(counts)
        return Neighbourhood(*_with_mates(keys, found), leads, digests, statistics, stored, without)

    def _look_up_sql(self, keys, profiles, storing, condition, behind):
        """Return the query for ``(kind, number, number, size, ids, profile, compared values)``.

        ``found`` rows give lead, key, how many other leads have it, and their ids, where it is not too many: these
        are read as ``lead`` rows, with digest and profile. ``term`` rows give how common a term of any of them is.
        ``there`` rows give the compared values, as the database has them, of leads that are being stored. ``behind``
        rows give leads without a profile.
        """
        others = SQL(
            """
            SELECT other.id FROM crm_lead other WHERE other.id = ANY(ARRAY(SELECT unnest(ids) FROM found)) AND %s
            """,
            condition,
        )
        return SQL(
            """
            WITH %(storing)s %(candidates)s,
            lead AS MATERIALIZED (
                SELECT lead_id, digest, profile, terms FROM crm_lead_match
                 WHERE lead_id = ANY(ARRAY(%(others)s)) AND lead_id != ALL(%(leads)s) AND engine = %(engine)s
            )
            SELECT 'found', lead_id, key::bigint, size, ids, NULL, NULL::jsonb FROM found
         UNION ALL
            SELECT 'lead', lead_id, digest, NULL, NULL, profile, NULL FROM lead
         UNION ALL
            SELECT 'term', term, count, NULL, NULL, NULL, NULL FROM crm_lead_match_term
             WHERE term = ANY(ARRAY(SELECT unnest(terms) FROM lead UNION SELECT unnest(%(terms)s::int[])))
            %(there)s
            %(behind)s
            """,
            behind=SQL(
                "UNION ALL SELECT 'behind', id, NULL, NULL, NULL, NULL, NULL FROM (%s) behind",
                self.env["crm.lead.match"]._behind_sql(behind, condition),
            )
            if behind
            else SQL(),
            there=SQL("UNION ALL SELECT 'there', id, NULL, NULL, NULL, NULL, stored FROM lead_there")
            if storing
            else SQL(),
            storing=SQL("").join(SQL("%s, ", part) for part in storing),
            candidates=self._candidates_sql(keys),
            others=others if condition else SQL("SELECT unnest(ids) FROM found"),
            leads=list(keys),
            engine=matching.ENGINE_VERSION,
            terms=self.env["crm.lead.match.term"]._wanted(profiles.values()),
        )

    def _candidates_sql(self, keys):
        """Return the common table expressions that end in ``found``: ``(lead_id, key, size, ids of other leads)``.

        The key of those that come from stored pairs is null; so are the ids where there are too many. The leads given
        are not among each other's: what is stored of them may be out of date.
        """
        return SQL(
            """
            own AS MATERIALIZED (SELECT * FROM unnest(%(owners)s::int[], %(values)s::int[]) AS own (lead_id, key)),
            common AS MATERIALIZED (SELECT key, count FROM crm_lead_match_key WHERE key = ANY(%(values)s::int[])),
            near AS MATERIALIZED (
                SELECT lead_id, keys FROM crm_lead_match
                 WHERE keys && ARRAY(SELECT key FROM own EXCEPT SELECT key FROM common)
                   AND lead_id != ALL(%(leads)s) AND engine = %(engine)s
            ),
            block AS MATERIALIZED (
                SELECT key, count(*) AS size, array_agg(near.lead_id) AS ids
                  FROM near CROSS JOIN unnest(near.keys) AS key
                 WHERE key = ANY(%(values)s::int[]) AND key NOT IN (SELECT key FROM common)
              GROUP BY key
            ),
            found AS MATERIALIZED (
                SELECT lead_id, key, size, CASE WHEN size < %(most)s THEN ids END AS ids FROM own JOIN block USING (key)
             UNION ALL
                SELECT lead_id, key, count - 1, NULL FROM own JOIN common USING (key)
             UNION ALL
                SELECT lead_id, NULL, NULL, array_agg(other_lead_id) FROM crm_lead_duplicate
                 WHERE lead_id = ANY(%(leads)s) GROUP BY lead_id
             UNION ALL
                SELECT other_lead_id, NULL, NULL, array_agg(lead_id) FROM crm_lead_duplicate
                 WHERE other_lead_id = ANY(%(leads)s) GROUP BY other_lead_id
            )
            """,
            owners=[lead_id for lead_id, own in keys.items() for _key in own],
            values=[key for own in keys.values() for key in own],
            leads=list(keys),
            most=matching.MAX_BLOCK,
            engine=matching.ENGINE_VERSION,
        )


def _with_mates(keys, found):
    """Put together what the query found and which of the leads asked about share a key among themselves.

    :return: ``candidates``, ``big`` and ``known`` of :class:`Neighbourhood`
    """
    candidates, big, known, mates = {lead_id: set() for lead_id in keys}, {}, set(), defaultdict(set)
    for lead_id, own in keys.items():
        for key in own:
            mates[key].add(lead_id)
    shared = {(lead_id, key): set() for key, those in mates.items() if len(those) > 1 for lead_id in those}
    for lead_id, key, size, others in found:
        if others is None:
            big[lead_id, key] = size
            continue
        if key is None:
            known.update((min(lead_id, other_id), max(lead_id, other_id)) for other_id in others)
        shared.get((lead_id, key), candidates[lead_id]).update(others)
    for (lead_id, key), others in shared.items():
        block = others | mates[key]
        if (lead_id, key) not in big and len(block) <= matching.MAX_BLOCK:
            candidates[lead_id].update(block - {lead_id})
        else:
            big[lead_id, key] = max(big.get((lead_id, key), 0), len(block) - 1)
    return candidates, big, known
