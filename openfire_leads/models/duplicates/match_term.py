"""How common each value is among this database's own leads."""

from odoo import api, models
from odoo.tools import SQL

from ... import matching

# The row of this term holds how many leads were counted. A hash of 64 bits is not 0 in practice.
TOTAL = 0
# Counted anew when the number of leads has changed by more than this share since.
DRIFT = 0.1


class CrmLeadMatchTerm(models.Model):
    """Counts of terms, those seen once left out. Written by SQL only, by scans and the queue.

    Single saves leave it alone: two salespeople who enter two leads of one town must not wait for each other.
    """

    _name = "crm.lead.match.term"
    _inherit = "crm.lead.match.table"
    _description = "Frequency of a Value among Leads"
    _auto = False

    def init(self):
        self.env.cr.execute("""
            CREATE TABLE IF NOT EXISTS crm_lead_match_term (term bigint PRIMARY KEY, count integer NOT NULL)
        """)

    @api.model
    def _recount(self):
        """Count all terms anew; rows whose count is right already are left alone."""
        self.env.cr.execute(
            SQL(
                """
                WITH new AS MATERIALIZED (
                        SELECT term, count(*)::int AS count FROM crm_lead_match, unnest(terms) AS term
                      GROUP BY term HAVING count(*) > 1
                     UNION ALL SELECT %(total)s, count(*)::int FROM crm_lead_match
                     ),
                     gone AS (
                        DELETE FROM crm_lead_match_term old
                         WHERE NOT EXISTS (SELECT 1 FROM new WHERE new.term = old.term)
                     )
                INSERT INTO crm_lead_match_term AS old (term, count) SELECT term, count FROM new
           ON CONFLICT (term) DO UPDATE SET count = excluded.count WHERE old.count != excluded.count
                """,
                total=TOTAL,
            )
        )

    @api.model
    def _recount_if_drifted(self):
        """Count anew when many leads came or went since the last count."""
        ((counted, now),) = self.env.execute_query(
            SQL(
                """
                SELECT (SELECT count FROM crm_lead_match_term WHERE term = %s), (SELECT count(*) FROM crm_lead_match)
                """,
                TOTAL,
            )
        )
        if abs(now - (counted or 0)) > DRIFT * (counted or 0):
            self._recount()

    @api.model
    def _statistics(self, profiles=None):
        """Return ``matching.Statistics`` for comparing ``profiles``; ``None`` for whatever is stored."""
        condition = SQL("TRUE") if profiles is None else SQL("term = ANY(%s)", self._wanted(profiles))
        return self._statistics_of(
            dict(
                self.env.execute_query(SQL("SELECT term, count FROM crm_lead_match_term WHERE %s", condition))
            )
        )

    @api.model
    def _wanted(self, profiles):
        """Return the terms whose counts it takes to compare ``profiles``."""
        return list({TOTAL}.union(*map(matching.terms, profiles)))

    @api.model
    def _statistics_of(self, counts):
        return matching.Statistics(counts.pop(TOTAL, 0), counts)
