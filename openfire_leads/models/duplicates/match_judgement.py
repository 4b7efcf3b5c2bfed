"""What people said of pairs of leads, kept as what the comparison found: no values of theirs, and nobody's name."""

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL
from odoo.tools.json import scriptsafe as json

from ... import matching
from ...tools.remote_calls import PlainJson

# judgements that are made ready in one go, and the most that are learnt from: the latest
BATCH, MOST = 1000, 5000


class CrmLeadMatchJudgement(models.Model):
    """A pair that somebody dismissed or merged, as it was then. The last word on a pair counts.

    It is made of what others keep (dismissals, the journal of merges), by :meth:`_collect`, and outlives the leads:
    their ids only tell which judgements hang together.
    """

    _name = "crm.lead.match.judgement"
    _description = "Judgement of Two Leads"
    _order = "date desc, id desc"
    _log_access = False

    lead_res_id = fields.Integer(required=True)
    other_lead_res_id = fields.Integer(required=True)
    same = fields.Boolean()
    date = fields.Datetime(required=True)
    score = fields.Float(required=True, aggregator=None)
    grounds = PlainJson(required=True, prefetch=False)
    # of a dismissal: what the compared values were
    digest = fields.Char()

    _pair_unique = models.UniqueIndex("(lead_res_id, other_lead_res_id)")

    @api.model
    def _collect(self):
        """Bring the judgements up to date with what people said since the last time."""
        self.env.flush_all()
        self._collect_dismissals()
        self.invalidate_model(flush=False)

    @api.model
    def _collect_dismissals(self):
        """Keep the pairs that people dismissed, their values being those still; forget those suspected again."""
        self.env.cr.execute("""
            DELETE FROM crm_lead_match_judgement j USING crm_lead_duplicate p
             WHERE p.lead_id = j.lead_res_id AND p.other_lead_id = j.other_lead_res_id
               AND j.digest IS NOT NULL AND p.dismissed_digest IS NULL
        """)
        while rows := self.env.execute_query(
            SQL(
                """
                SELECT p.lead_id, p.other_lead_id, FALSE, p.dismissed_on, p.score, p.dismissed_digest,
                       one.profile, other.profile
                  FROM crm_lead_duplicate p
                  JOIN crm_lead_match one ON one.lead_id = p.lead_id AND one.engine = %(engine)s
                  JOIN crm_lead_match other ON other.lead_id = p.other_lead_id AND other.engine = %(engine)s
             LEFT JOIN crm_lead_match_judgement j
                    ON j.lead_res_id = p.lead_id AND j.other_lead_res_id = p.other_lead_id
                 WHERE p.dismissed_digest = one.digest || ':' || other.digest
                   AND p.dismissed_on IS NOT NULL AND p.dismissed_by_id != %(system)s
                   AND (j.digest = p.dismissed_digest AND j.grounds->'engine' = to_jsonb(%(engine)s::int)) IS NOT TRUE
              ORDER BY p.lead_id, p.other_lead_id LIMIT %(limit)s
                """,
                engine=matching.ENGINE_VERSION,
                system=SUPERUSER_ID,
                limit=BATCH,
            )
        ):
            self._keep([(*row[:6], *map(matching.Profile.unpack, row[6:])) for row in rows])

    @api.model
    def _keep(self, rows):
        """Store judgements, instead of what was said of the same pair before.

        :param rows: ``(lead id, other lead's id, whether the same, date, score, digest, profile, other profile)``,
            of one pair the last one last
        """
        rows = list({row[:2]: row for row in rows}.values())
        if not rows:
            return
        profiles = [profile for row in rows for profile in row[6:]]
        statistics = self.env["crm.lead.match.term"]._statistics(profiles)
        left = range(0, len(profiles), 2)
        grounds = matching.grounds(profiles, left, range(1, len(profiles), 2), statistics)
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_lead_match_judgement AS old
                       (lead_res_id, other_lead_res_id, same, date, score, digest, grounds)
                SELECT * FROM unnest(%s::int[], %s::int[], %s::bool[], %s::timestamp[], %s::float[], %s::text[],
                                     %s::jsonb[])
           ON CONFLICT (lead_res_id, other_lead_res_id) DO UPDATE
                   SET same = excluded.same, date = excluded.date, digest = excluded.digest,
                       grounds = excluded.grounds,
                       score = CASE WHEN old.date = excluded.date THEN old.score ELSE excluded.score END
                """,
                *([row[number] for row in rows] for number in range(6)),
                [json.dumps(one) for one in grounds],
            )
        )

    @api.model
    def _judgements(self):
        """Return the latest judgements, as ``matching.Judgement``."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT lead_res_id, other_lead_res_id, same, score, grounds FROM crm_lead_match_judgement
              ORDER BY date DESC, id DESC LIMIT %s
                """,
                MOST,
            )
        )
        return [matching.Judgement(*row) for row in rows]

    @api.model
    def _measured(self):
        """Return what judgements say of each band of scores: see ``matching.measured``."""
        return matching.measured(self._judgements())
