"""How common each value is among this database's own leads."""

import numpy as np

from odoo import api, models
from odoo.tools import SQL

from ... import matching
from ...tools import arrays

# The rows of these terms hold something else. No term is one of these numbers: see ``matching/hashing.py``.
TOTAL = 0  # how many leads were counted
LAST = 1  # the highest id among them
RECOUNTED = 2  # how many leads there were when all were counted anew
# Counted anew when the number of leads has changed by more than this share since.
DRIFT = 0.1
# A value that so many new leads share, and twice as many and so on, makes their pairs be looked at again.
COMMON = 8


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
            CREATE TABLE IF NOT EXISTS crm_lead_match_term (term integer PRIMARY KEY, count integer NOT NULL)
        """)

    @api.model
    def _recount(self):
        """Count all terms anew; rows whose count is right already are left alone."""
        new = self._count_all()
        old = arrays.read(
            self.env.cr,
            SQL("SELECT term, count FROM crm_lead_match_term ORDER BY term"),
            term=np.int32,
            count=np.int32,
        )
        gone = np.setdiff1d(old["term"], new["term"], assume_unique=True)
        # each row as one number
        changed = np.setdiff1d(new.view(np.int64), old.view(np.int64), assume_unique=True).view(new.dtype)
        self.env.cr.execute(SQL("DELETE FROM crm_lead_match_term WHERE term = ANY(%s)", gone.tolist()))
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_lead_match_term (term, count) SELECT * FROM unnest(%s::int[], %s::int[])
           ON CONFLICT (term) DO UPDATE SET count = excluded.count
                """,
                changed["term"].tolist(),
                changed["count"].tolist(),
            )
        )

    @api.model
    def _count_all(self):
        """Return the rows that there are to be, as an array with the columns ``term`` and ``count``."""
        ((total, last),) = self.env.execute_query(
            SQL("SELECT count(*), coalesce(max(lead_id), 0) FROM crm_lead_match")
        )
        parts = self.env["crm.lead.match"]._read_lists("terms", SQL("true"))
        terms, counts = np.unique(np.concatenate([terms for _leads, terms in parts]), return_counts=True)
        several = counts > 1
        more = {TOTAL: total, RECOUNTED: total, LAST: last}
        found = np.empty(int(several.sum()) + len(more), [("term", np.int32), ("count", np.int32)])
        found["term"] = np.concatenate([terms[several], [*more]])
        found["count"] = np.concatenate([counts[several], [*more.values()]])
        return found

    @api.model
    def _recount_if_drifted(self):
        """Count anew when many leads came or went since the last count."""
        ((counted, now),) = self.env.execute_query(
            SQL(
                """
                SELECT (SELECT count FROM crm_lead_match_term WHERE term = %s), (SELECT count(*) FROM crm_lead_match)
                """,
                RECOUNTED,
            )
        )
        if abs(now - (counted or 0)) > DRIFT * (counted or 0):
            self._recount()

    @api.model
    def _count_new(self):
        """Add to the counts what the leads made since the last count have.

        :return: the ids of the leads whose pairs rest on a value that many have by now: of the new ones and of those
            that are paired with them
        """
        rows = self.env.execute_query(
            SQL(
                """
                WITH new AS MATERIALIZED (
                        SELECT lead_id, terms FROM crm_lead_match
                         WHERE lead_id > (SELECT count FROM crm_lead_match_term WHERE term = %(last)s)
                     ),
                     here AS MATERIALIZED (
                        SELECT term, count(*)::int AS count FROM new, unnest(terms) AS term GROUP BY term
                     ),
                     stored AS (
                        INSERT INTO crm_lead_match_term AS old (term, count)
                        SELECT here.term, here.count FROM here LEFT JOIN crm_lead_match_term known USING (term)
                         WHERE here.count > 1 OR known.term IS NOT NULL
                     UNION ALL SELECT %(total)s, count(*)::int FROM new HAVING count(*) > 0
                   ON CONFLICT (term) DO UPDATE SET count = old.count + excluded.count
                     ),
                     marked AS (
                        UPDATE crm_lead_match_term SET count = (SELECT max(lead_id) FROM new)
                         WHERE term = %(last)s AND EXISTS (SELECT FROM new)
                     ),
                     common AS (
                        SELECT here.term FROM here LEFT JOIN crm_lead_match_term known USING (term)
                         WHERE here.count + coalesce(known.count, 0) >= %(common)s
                           AND %(doublings_after)s > %(doublings_before)s
                     ),
                     sharing AS MATERIALIZED (
                        SELECT lead_id FROM new WHERE terms && (SELECT array_agg(term) FROM common)
                     )
                SELECT lead_id FROM sharing
                 UNION SELECT pair.other_lead_id FROM crm_lead_duplicate pair JOIN sharing USING (lead_id)
                 UNION SELECT pair.lead_id FROM crm_lead_duplicate pair
                         JOIN sharing ON sharing.lead_id = pair.other_lead_id
                """,
                total=TOTAL,
                last=LAST,
                common=COMMON,
                doublings_after=_doublings(SQL("here.count + coalesce(known.count, 0)")),
                doublings_before=_doublings(SQL("coalesce(known.count, 0)")),
            )
        )
        return [lead_id for (lead_id,) in rows]

    @api.model
    def _statistics(self, profiles):
        """Return ``matching.Statistics`` for comparing ``profiles``."""
        wanted = self._wanted(profiles)
        rows = self.env.execute_query(
            SQL("SELECT term, count FROM crm_lead_match_term WHERE term = ANY(%s)", wanted)
        )
        return self._statistics_of(dict(rows))

    @api.model
    def _statistics_of_leads(self, lead_ids):
        """Return ``matching.Statistics`` for comparing these leads as they are stored."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT term, count FROM crm_lead_match_term WHERE term IN (
                    SELECT unnest(terms) FROM crm_lead_match WHERE lead_id = ANY(%s)
                ) OR term = %s
                """,
                lead_ids,
                TOTAL,
            )
        )
        return self._statistics_of(dict(rows))

    @api.model
    def _all_statistics(self):
        """Return ``matching.Statistics`` for comparing any leads."""
        query = SQL("SELECT term, count FROM crm_lead_match_term WHERE term != ALL(%s)", [LAST, RECOUNTED])
        counts = arrays.read(self.env.cr, query, term=np.int32, count=np.int32)
        return self._statistics_of(dict(zip(counts["term"].tolist(), counts["count"].tolist(), strict=True)))

    @api.model
    def _wanted(self, profiles):
        """Return the terms whose counts it takes to compare ``profiles``."""
        return list({TOTAL}.union(*map(matching.terms, profiles)))

    @api.model
    def _statistics_of(self, counts):
        return matching.Statistics(counts.pop(TOTAL, 0), counts)


def _doublings(number):
    """Return how many binary digits a number has, in SQL."""
    return SQL("length(ltrim((%s)::int::bit(32)::text, '0'))", number)
