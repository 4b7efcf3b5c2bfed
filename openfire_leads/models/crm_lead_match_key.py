"""Match keys: which leads may be compared with which."""

from odoo import api, models
from odoo.tools import SQL

# A key of more leads than this is too common to compare all of them: neighbours by id are.
MAX_BLOCK = 60
# How many neighbours on each side, as `matching.candidate_pairs` takes them.
NEIGHBOURS = 2
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
    def _replace(self, keys):
        """Store ``keys``: ``{lead_id: iterable of keys}``; former keys of these leads go."""
        pairs = [(key, lead_id) for lead_id, own in keys.items() for key in own]
        values, owners = [key for key, _lead in pairs], [lead for _key, lead in pairs]
        self.env.cr.execute(
            SQL(
                """
                WITH new AS (SELECT * FROM unnest(%(values)s::bigint[], %(owners)s::int[]) AS new (key, lead_id)),
                     gone AS (
                        DELETE FROM crm_lead_match_key old
                         WHERE lead_id = ANY(%(leads)s)
                           AND NOT EXISTS (SELECT 1 FROM new WHERE new.key = old.key AND new.lead_id = old.lead_id)
                     )
                INSERT INTO crm_lead_match_key (key, lead_id) SELECT key, lead_id FROM new ON CONFLICT DO NOTHING
                """,
                values=values,
                owners=owners,
                leads=list(keys),
            )
        )

    @api.model
    def _candidates(self, keys):
        """Find what to compare leads with.

        :param keys: ``{lead_id: iterable of keys}``; the id ``UNSAVED`` stands for a lead not saved yet
        :return: ``({lead_id: set of other lead ids}, blocks)``; ``blocks`` lists ``(lead_id, key)`` whose
            block is too big, so that only neighbours are among the candidates
        """
        found = {lead_id: set() for lead_id in keys}
        owners = [lead_id for lead_id, own in keys.items() for _key in own]
        values = [key for own in keys.values() for key in own]
        if not values:
            return found, []
        sizes = {}
        for lead_id, key, others in self.env.execute_query(
            SQL(
                """
                SELECT own.lead_id, own.key, other.ids
                  FROM unnest(%s::int[], %s::bigint[]) AS own (lead_id, key)
            CROSS JOIN LATERAL (
                    SELECT array_agg(lead_id) AS ids FROM (
                        SELECT k.lead_id FROM crm_lead_match_key k
                         WHERE k.key = own.key AND k.lead_id != own.lead_id
                         LIMIT %s
                    ) first
                ) other
                 WHERE other.ids IS NOT NULL
                """,
                owners,
                values,
                MAX_BLOCK,
            )
        ):
            if len(others) < MAX_BLOCK:
                found[lead_id].update(others)
            else:
                sizes[lead_id, key] = True
        big = list(sizes)
        for lead_id, other_id in self._neighbours(big):
            found[lead_id].add(other_id)
        return found, big

    @api.model
    def _reach(self):
        return NEIGHBOURS

    @api.model
    def _neighbours(self, blocks):
        """Return ``[(lead_id, other_id), ...]``: the nearest by id in each of ``blocks``, on both sides."""
        if not blocks:
            return []
        return self.env.execute_query(
            SQL(
                """
                SELECT own.lead_id, near.lead_id
                  FROM unnest(%(owners)s::int[], %(values)s::bigint[]) AS own (lead_id, key)
            CROSS JOIN LATERAL (
                    (SELECT k.lead_id FROM crm_lead_match_key k
                      WHERE k.key = own.key AND k.lead_id > own.lead_id ORDER BY k.lead_id LIMIT %(reach)s)
                    UNION ALL
                    (SELECT k.lead_id FROM crm_lead_match_key k
                      WHERE k.key = own.key AND k.lead_id < own.lead_id ORDER BY k.lead_id DESC LIMIT %(reach)s)
                ) near
                """,
                owners=[lead_id for lead_id, _key in blocks],
                values=[key for _lead_id, key in blocks],
                reach=NEIGHBOURS,
            )
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
