"""Match keys: which leads may be compared with which."""

from odoo import api, models
from odoo.tools import SQL

from .. import matching

# Stands for a lead that is not saved yet: it would come after all others.
UNSAVED = 2**31 - 1


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
                SELECT key, lead_id FROM key_wanted ON CONFLICT DO NOTHING
            )
            """,
            values=[key for key, _lead_id in pairs],
            owners=[lead_id for _key, lead_id in pairs],
            leads=list(keys),
        )

    @api.model
    def _candidates(self, keys):
        """Find what to compare leads with: leads that share a key, and those of stored pairs.

        In a block too big to compare all of it these are the nearest by id, on both sides.

        :param keys: ``{lead_id: iterable of keys}``; the id ``UNSAVED`` stands for a lead not saved yet
        :return: ``({lead_id: set of other lead ids}, big, known)``; ``big`` lists ``(lead_id, key)`` of the blocks
            that are too big, ``known`` is the set of stored pairs ``(lead_id, other_lead_id)``
        """
        found, big, known = {lead_id: set() for lead_id in keys}, [], set()
        for lead_id, key, others, is_big in self.env.execute_query(self._candidates_sql(keys)):
            found[lead_id].update(others)
            if is_big:
                big.append((lead_id, key))
            if key is None:
                known.update((min(lead_id, other_id), max(lead_id, other_id)) for other_id in others)
        return found, big, known

    def _candidates_sql(self, keys):
        """Return the query for ``(lead_id, key, ids of other leads, whether these are neighbours only)``.

        The key of those that come from stored pairs is null.
        """
        return SQL(
            """
            SELECT own.lead_id, own.key, other.ids, other.is_big
              FROM unnest(%(owners)s::int[], %(values)s::bigint[]) AS own (lead_id, key)
        CROSS JOIN LATERAL (
                SELECT CASE WHEN count(*) < %(most)s THEN array_agg(lead_id) ELSE ARRAY(
                    (SELECT k.lead_id FROM crm_lead_match_key k
                      WHERE k.key = own.key AND k.lead_id > own.lead_id ORDER BY k.lead_id LIMIT %(reach)s)
                    UNION ALL
                    (SELECT k.lead_id FROM crm_lead_match_key k
                      WHERE k.key = own.key AND k.lead_id < own.lead_id ORDER BY k.lead_id DESC LIMIT %(reach)s)
                       ) END AS ids, count(*) >= %(most)s AS is_big
                  FROM (
                    SELECT k.lead_id FROM crm_lead_match_key k
                     WHERE k.key = own.key AND k.lead_id != own.lead_id LIMIT %(most)s
                       ) first
                ) other
             WHERE other.ids IS NOT NULL
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
            reach=matching.NEIGHBOURS,
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
