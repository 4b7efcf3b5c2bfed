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
    :param big: ``(lead_id, key)`` of the blocks that are too big to be compared
    :param known: the stored pairs ``(lead_id, other_lead_id)`` that these leads are in
    :param profiles: ``{lead_id: profile}`` of the other leads; those never stored, or by another engine, are left out
    :param digests: ``{lead_id: digest}`` of the same
    :param statistics: how common the values of all of them are
    :param stored: ``{lead_id: compared values}`` of the leads that were stored, as the database has them
    """

    candidates: dict
    big: list
    known: set
    profiles: dict
    digests: dict
    statistics: matching.Statistics
    stored: dict


class CrmLeadMatchKey(models.Model):
    """Keys of leads, by key. Written by SQL only; the primary key is ``(key, lead_id)``."""

    _name = "crm.lead.match.key"
    _inherit = "crm.lead.match.table"
    _description = "Match Key of a Lead"
    _auto = False

    def init(self):
        self.env.cr.execute("""
            CREATE TABLE IF NOT EXISTS crm_lead_match_key (
                key bigint NOT NULL,
                lead_id integer NOT NULL REFERENCES crm_lead ON DELETE CASCADE,
                PRIMARY KEY (key, lead_id)
            );
            CREATE INDEX IF NOT EXISTS crm_lead_match_key_lead_id_idx ON crm_lead_match_key (lead_id);
        """)

    @api.model
    def _replace_sql(self, keys):
        """Return the common table expressions ``key_gone`` and ``key_new`` by which these become the leads' keys.

        Beside them stands ``lead_there``, the leads that exist: see ``crm.lead.match._store_sql``.

        :param keys: ``{lead_id: iterable of keys}``; former keys of these leads go
        """
        pairs = [(key, lead_id) for lead_id, own in keys.items() for key in own]
        return SQL(
            """
            key_wanted AS (SELECT * FROM unnest(%(values)s::bigint[], %(owners)s::int[]) AS one (key, lead_id)),
            key_gone AS (
                DELETE FROM crm_lead_match_key old
                 WHERE lead_id = ANY(%(leads)s) AND NOT EXISTS (
                    SELECT 1 FROM key_wanted WHERE key_wanted.key = old.key AND key_wanted.lead_id = old.lead_id
                 )
            ),
            key_new AS (
                INSERT INTO crm_lead_match_key (key, lead_id)
                SELECT key, lead_id FROM key_wanted JOIN lead_there ON lead_there.id = lead_id ON CONFLICT DO NOTHING
            )
            """,
            values=[key for key, _lead_id in pairs],
            owners=[lead_id for _key, lead_id in pairs],
            leads=list(keys),
        )

    @api.model
    def _look_up(self, keys, profiles, storing=(), condition=None):
        """Find what to compare leads with, in one query: leads that share a key, and those of stored pairs.

        A block of more leads than ``matching.MAX_BLOCK`` finds nobody.

        :param keys: ``{lead_id: iterable of keys}``; the id ``UNSAVED`` stands for a lead not saved yet
        :param profiles: ``{lead_id: profile}`` of the same leads
        :param storing: common table expressions to execute with the query
        :param condition: a condition on the lead ``other``, if not all are to be compared
        :return: :class:`Neighbourhood`
        """
        found, leads, digests, counts, stored = [], {}, {}, {}, {}
        query = self._look_up_sql(keys, profiles, storing, condition)
        for kind, number, other, is_big, ids, dump in self.env.execute_query(query):
            if kind == "found":
                found.append((number, other, ids, is_big))
            elif kind == "lead":
                leads[number], digests[number] = matching.Profile.unpack(dump), other
            elif kind == "there":
                stored[number] = dump
            else:
                counts[number] = other
        statistics = self.env["crm.lead.match.term"]._statistics_of(counts)
        return Neighbourhood(*_with_mates(keys, found), leads, digests, statistics, stored)

    def _look_up_sql(self, keys, profiles, storing, condition):
        """Return the query for ``(kind, number, number, whether the block is too big, ids, profile)``.

        ``found`` rows give lead, key, and ids of other leads: these are read as ``lead`` rows, with digest and
        profile. ``term`` rows give how common a term of any of them is. ``there`` rows give the compared values, as
        the database has them, of leads that are being stored.
        """
        others = SQL(
            """
            SELECT other.id FROM crm_lead other WHERE other.id = ANY(ARRAY(SELECT unnest(ids) FROM found)) AND %s
            """,
            condition,
        )
        return SQL(
            """
            WITH %(storing)s
            found AS MATERIALIZED (%(candidates)s),
            lead AS MATERIALIZED (
                SELECT lead_id, digest, profile, terms FROM crm_lead_match
                 WHERE lead_id = ANY(ARRAY(%(others)s)) AND lead_id != ALL(%(leads)s) AND engine = %(engine)s
            )
            SELECT 'found', lead_id::bigint, key, is_big, ids, NULL::jsonb FROM found
         UNION ALL
            SELECT 'lead', lead_id::bigint, digest, NULL, NULL, profile FROM lead
         UNION ALL
            SELECT 'term', term, count, NULL, NULL, NULL FROM crm_lead_match_term
             WHERE term = ANY(ARRAY(SELECT unnest(terms) FROM lead UNION SELECT unnest(%(terms)s::bigint[])))
            %(there)s
            """,
            there=SQL("UNION ALL SELECT 'there', id, NULL, NULL, NULL, stored FROM lead_there")
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
        """Return the query for ``(lead_id, key, ids of other leads, whether there are too many for any)``.

        The key of those that come from stored pairs is null. The leads given are not among each other's: what is
        stored of them may be out of date.
        """
        return SQL(
            """
            SELECT own.lead_id, own.key, other.ids, other.is_big
              FROM unnest(%(owners)s::int[], %(values)s::bigint[]) AS own (lead_id, key)
        CROSS JOIN LATERAL (
                SELECT CASE WHEN count(*) < %(most)s THEN array_agg(lead_id) END AS ids, count(*) >= %(most)s AS is_big
                  FROM (
                    SELECT k.lead_id FROM crm_lead_match_key k
                     WHERE k.key = own.key AND k.lead_id != ALL(%(leads)s) LIMIT %(most)s
                       ) first
                ) other
             WHERE other.ids IS NOT NULL OR other.is_big
         UNION ALL
            SELECT lead_id, NULL, array_agg(other_lead_id), false FROM crm_lead_duplicate
             WHERE lead_id = ANY(%(leads)s) GROUP BY lead_id
         UNION ALL
            SELECT other_lead_id, NULL, array_agg(lead_id), false FROM crm_lead_duplicate
             WHERE other_lead_id = ANY(%(leads)s) GROUP BY other_lead_id
            """,
            owners=[lead_id for lead_id, own in keys.items() for _key in own],
            values=[key for own in keys.values() for key in own],
            leads=list(keys),
            most=matching.MAX_BLOCK,
        )

    @api.model
    def _block_sizes(self, keys):
        """Return ``{key: number of leads}`` of ``keys``."""
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT key, count(*) FROM crm_lead_match_key WHERE key = ANY(%s) GROUP BY key",
                    list(keys),
                )
            )
        )


def _with_mates(keys, found):
    """Put together what the query found and which of the leads asked about share a key among themselves.

    :return: ``candidates``, ``big`` and ``known`` of :class:`Neighbourhood`
    """
    candidates, big, known, mates = {lead_id: set() for lead_id in keys}, set(), set(), defaultdict(set)
    for lead_id, own in keys.items():
        for key in own:
            mates[key].add(lead_id)
    shared = {(lead_id, key): set() for key, those in mates.items() if len(those) > 1 for lead_id in those}
    for lead_id, key, others, is_big in found:
        if key is None:
            known.update((min(lead_id, other_id), max(lead_id, other_id)) for other_id in others)
        if is_big:
            big.add((lead_id, key))
        shared.get((lead_id, key), candidates[lead_id]).update(others or ())
    for (lead_id, key), others in shared.items():
        block = others | mates[key]
        if (lead_id, key) in big or len(block) > matching.MAX_BLOCK:
            big.add((lead_id, key))
        else:
            candidates[lead_id].update(block - {lead_id})
    return candidates, sorted(big), known
