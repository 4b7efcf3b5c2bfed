"""What was found, merged, dismissed and undone over time: a row for each event, of what the reader may read."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...matching import BANDS


class CrmLeadDuplicateReport(models.Model):
    """Read from what is kept anyway: groups, pairs, and the journal of merges.

    ========= ================================================================== =========================
    event     one for each                                                       date
    ========= ================================================================== =========================
    found     group of similar leads, to review or dealt with; and merge of      when the group, or the
              leads that had been found and were not merged as a group           first of the pairs, was made
    merged    merge                                                              when it was made
    dismissed group that was dismissed, and pair that was dismissed by itself    when it was
    undone    merge that was taken back                                          when it was
    ========= ================================================================== =========================

    Team, salesperson and company are those of the lead that remains, or of the oldest one that the reader may read; the
    door is that by which the newest one came in: the duplicate.
    The query is made for each reader: it holds what their record rules and companies let them read of leads, groups,
    pairs and merges.
    """

    _name = "crm.lead.duplicate.report"
    _description = "Duplicates Over Time"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "event"
    _depends = {
        "crm.lead": ["user_id", "team_id", "company_id", "entry_channel"],
        "crm.lead.duplicate": [
            "lead_id",
            "other_lead_id",
            "score",
            "state",
            "dismissed_on",
            "dismissed_by_id",
        ],
        "crm.lead.duplicate.group": [
            *("state", "outcome", "score", "lead_count", "lead_ids", "merge_id"),
            *("done_on", "done_by_id", "dismissed_pair_ids"),
        ],
        "crm.lead.merge.line": ["merge_id", "values_before", "create_date", "lead_res_id"],
        "crm.lead.merge": [
            *("kind", "state", "date", "user_id", "undo_date", "undo_user_id"),
            *("survivor_id", "team_id", "company_id", "lead_count"),
        ],
    }

    event = fields.Selection(
        [
            ("found", "Groups found"),
            ("merged", "Merges"),
            ("dismissed", "Not duplicates"),
            ("undone", "Merges undone"),
        ],
        readonly=True,
    )
    date = fields.Datetime(readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    entry_channel = fields.Selection(
        selection="_entry_channel_selection",
        string="Came In By",
        readonly=True,
        help="How the newest of the leads came in.",
    )
    done_by_id = fields.Many2one("res.users", "Done by", readonly=True)
    band = fields.Selection(selection="_band_selection", string="Probability", readonly=True)
    score = fields.Float(
        readonly=True,
        aggregator="avg",
        help="The probability that the leads were one requester's, in percent.",
    )
    lead_count = fields.Integer("Leads Concerned", readonly=True)
    leads_fewer = fields.Integer(
        readonly=True,
        help="How many leads there are fewer: merged ones less those that came back.",
    )

    @api.model
    def _band_selection(self):
        return self.env["crm.lead.duplicate.group"]._fields["band"]._description_selection(self.env)

    @api.model
    def _entry_channel_selection(self):
        return self.env["crm.lead"]._fields["entry_channel"]._description_selection(self.env)

    @property
    def _table_query(self):
        return SQL(
            """
            WITH %(sources)s
            SELECT id, event, date, user_id, team_id, company_id, entry_channel, done_by_id, score, %(band)s AS band,
                   lead_count, leads_fewer
              FROM (%(events)s) event
            """,
            sources=SQL(", ").join(self._sources()),
            band=self._band_sql(),
            events=SQL(" UNION ALL ").join(
                [
                    self._found(),
                    self._found_before_merging(),
                    self._merged(),
                    self._dismissed(),
                    self._undone(),
                ]
            ),
        )

    @api.model
    def _band_sql(self):
        bands = SQL(" ").join(
            SQL("WHEN score >= %s THEN %s", least, f"{least:g}") for least, _most in reversed(BANDS)
        )
        return SQL("CASE %s WHEN score IS NOT NULL THEN 'below' END", bands)

    # ------------------------------------------------------------
    # SOURCES: what the reader may read
    # ------------------------------------------------------------

    @api.model
    def _sources(self):
        """Return the common table expressions ``lead``, ``grouped``, ``merge`` and ``known``."""

        def readable(model):
            return self.env[model].with_context(active_test=False)._search(Domain.TRUE).subselect()

        return [
            SQL(
                """
                lead AS NOT MATERIALIZED (
                    SELECT id, user_id, team_id, company_id, entry_channel FROM crm_lead WHERE id IN %s
                )
                """,
                readable("crm.lead"),
            ),
            SQL(
                """
                grouped AS (
                    SELECT own.*, first.user_id, first.team_id, first.company_id, last.entry_channel
                      FROM crm_lead_duplicate_group own
         LEFT JOIN LATERAL (
                        SELECT lead.* FROM crm_lead_duplicate_group_lead_rel rel JOIN lead ON lead.id = rel.lead_id
                         WHERE rel.group_id = own.id ORDER BY lead.id LIMIT 1
                     ) first ON true
         LEFT JOIN LATERAL (
                        SELECT lead.* FROM crm_lead_duplicate_group_lead_rel rel JOIN lead ON lead.id = rel.lead_id
                         WHERE rel.group_id = own.id ORDER BY lead.id DESC LIMIT 1
                     ) last ON true
                     WHERE own.id IN %s
                )
                """,
                readable("crm.lead.duplicate.group"),
            ),
            SQL(
                """
                merge AS (
                    SELECT own.*, lead.user_id AS salesperson_id, last.entry_channel FROM crm_lead_merge own
                 LEFT JOIN lead ON lead.id = own.survivor_id
         LEFT JOIN LATERAL (
                        SELECT line.values_before->>'entry_channel' AS entry_channel FROM crm_lead_merge_line line
                         WHERE line.merge_id = own.id ORDER BY line.create_date DESC, line.lead_res_id DESC LIMIT 1
                     ) last ON true
                     WHERE own.kind = 'merge' AND own.id IN %s
                )
                """,
                readable("crm.lead.merge"),
            ),
            # of each merge, what was suspected of its leads before: the journal keeps these rows
            SQL(
                """
                known AS (
                    SELECT link.merge_id, min((r.e->>'create_date')::timestamp) AS found_on,
                           max((r.e->>'score')::float) AS score
                      FROM crm_lead_merge_link link
                      JOIN merge ON merge.id = link.merge_id
                CROSS JOIN LATERAL jsonb_array_elements(link.rows) r(e)
                     WHERE link.table_name = 'crm_lead_duplicate' AND link.action = 'removed'
                       AND r.e->>'state' = 'suspected'
                       AND (r.e->>'lead_id')::int = ANY(%(members)s)
                       AND (r.e->>'other_lead_id')::int = ANY(%(members)s)
                  GROUP BY link.merge_id
                )
                """,
                members=SQL(
                    """
                    ARRAY(SELECT line.lead_res_id FROM crm_lead_merge_line line WHERE line.merge_id = link.merge_id)
                    """
                ),
            ),
        ]

    # ------------------------------------------------------------
    # EVENTS: six kinds of rows, of which each has every sixth id
    # ------------------------------------------------------------

    @api.model
    def _found(self):
        return SQL(
            """
            SELECT id * 6 AS id, 'found' AS event, create_date AS date, user_id, team_id, company_id,
                   entry_channel, NULL::int AS done_by_id, score, lead_count, 0 AS leads_fewer
              FROM grouped
            """
        )

    @api.model
    def _found_before_merging(self):
        return SQL(
            """
            SELECT merge.id * 6 + 1, 'found', known.found_on, salesperson_id, team_id, company_id, entry_channel,
                   NULL, score, lead_count, 0
              FROM merge JOIN known ON known.merge_id = merge.id
             WHERE state = 'done'
               AND NOT EXISTS (SELECT FROM crm_lead_duplicate_group own WHERE own.merge_id = merge.id)
            """
        )

    @api.model
    def _merged(self):
        return SQL(
            """
            SELECT merge.id * 6 + 2, 'merged', date, salesperson_id, team_id, company_id, entry_channel, merge.user_id,
                   score, lead_count, lead_count - 1
              FROM merge LEFT JOIN known ON known.merge_id = merge.id
            """
        )

    @api.model
    def _dismissed(self):
        return SQL(
            """
            SELECT id * 6 + 3, 'dismissed', done_on, user_id, team_id, company_id, entry_channel, done_by_id, score,
                   lead_count, 0
              FROM grouped WHERE state = 'done' AND outcome = 'dismissed'
         UNION ALL
            SELECT pair.id * 6 + 5, 'dismissed', dismissed_on, lead.user_id, lead.team_id, lead.company_id,
                   other.entry_channel, dismissed_by_id, score, 2, 0
              FROM crm_lead_duplicate pair
              JOIN lead ON lead.id = pair.lead_id
              JOIN lead other ON other.id = pair.other_lead_id
             WHERE pair.state = 'dismissed' AND pair.dismissed_on IS NOT NULL AND pair.id IN %s
               AND pair.id NOT IN (
                SELECT jsonb_array_elements_text(dismissed_pair_ids)::int FROM crm_lead_duplicate_group
                 WHERE outcome = 'dismissed' AND jsonb_typeof(dismissed_pair_ids) = 'array'
               )
            """,
            self.env["crm.lead.duplicate"].with_context(active_test=False)._search(Domain.TRUE).subselect(),
        )

    @api.model
    def _undone(self):
        return SQL(
            """
            SELECT merge.id * 6 + 4, 'undone', undo_date, salesperson_id, team_id, company_id, entry_channel,
                   undo_user_id, score, lead_count, 1 - lead_count
              FROM merge LEFT JOIN known ON known.merge_id = merge.id WHERE state = 'undone'
            """
        )
