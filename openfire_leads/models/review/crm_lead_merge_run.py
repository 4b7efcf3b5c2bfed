"""Bulk runs: many groups merged by one click, each by a merge of its own, and taken back by one click."""

import math

from odoo import api, fields, models
from odoo.tools import SQL, format_datetime
from odoo.tools.misc import format_duration

# of which the rate is told, in seconds
RATE_OF = 60
# the fields that count groups, and which; what could not be undone is merged too
COUNTED = {
    "to_do_count": SQL("line.state = 'planned'"),
    "merged_count": SQL("line.state = 'merged' AND merge.state IS DISTINCT FROM 'undone'"),
    "undone_count": SQL("line.state = 'merged' AND merge.state = 'undone'"),
    "kept_count": SQL("line.state = 'merged' AND merge.state = 'done' AND line.words IS NOT NULL"),
    "failed_count": SQL("line.state = 'failed'"),
    "left_out_count": SQL("line.state = 'left_out'"),
    "to_undo_count": SQL("line.state = 'merged' AND merge.state = 'done' AND line.words IS NULL"),
}


class CrmLeadMergeRun(models.Model):
    """One bulk run. Its groups are planned first (``line_ids``), looked at, then merged batch by batch.

    It is its user's; sales managers see the others' too, where they may see all companies that it was made in. What it
    does it does with the rights of its user.
    """

    _name = "crm.lead.merge.run"
    _inherit = ["openfire.plain.fields"]
    _description = "Bulk Merge"
    _order = "date desc, id desc"

    _technical_fields = frozenset({"begun_on"})

    kind = fields.Selection(
        [("selected", "Chosen groups"), ("certain", "All certain groups"), ("automatic", "Automatic")],
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("running", "Merging"),
            ("stopped", "Stopped"),
            ("done", "Done"),
            ("undoing", "Being Undone"),
            ("undone", "Undone"),
        ],
        required=True,
        readonly=True,
        default="planned",
        index=True,
    )
    user_id = fields.Many2one("res.users", "Done by", required=True, readonly=True, index=True)
    date = fields.Datetime(
        "Planned on", required=True, readonly=True, default=fields.Datetime.now, index=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    company_ids = fields.Many2many(
        "res.company",
        string="Companies",
        readonly=True,
        help="Of which its user saw the leads when planning.",
    )
    # what is at work now began then
    begun_on = fields.Datetime(readonly=True)
    undo_user_id = fields.Many2one("res.users", "Undone by", readonly=True)
    words = fields.Char("Why It Stopped", readonly=True)
    line_ids = fields.One2many("crm.lead.merge.run.line", "run_id", "Groups", readonly=True)
    group_count = fields.Integer("Groups Planned", readonly=True, aggregator="sum")
    lead_count = fields.Integer("Leads Planned", readonly=True, aggregator="sum")
    to_do_count = fields.Integer("To Do", compute="_compute_counts")
    merged_count = fields.Integer("Merged", compute="_compute_counts")
    undone_count = fields.Integer("Undone Groups", compute="_compute_counts")
    kept_count = fields.Integer("Not Undone", compute="_compute_counts")
    failed_count = fields.Integer("Failed Groups", compute="_compute_counts")
    left_out_count = fields.Integer("Left Out", compute="_compute_counts")
    to_undo_count = fields.Integer("To Undo", compute="_compute_counts")
    left_out = fields.Char("Why Left Out", compute="_compute_left_out")
    progress = fields.Float(compute="_compute_progress", help="In percent.")
    progress_words = fields.Char("At Work", compute="_compute_progress")
    merge_ids = fields.Many2many("crm.lead.merge", string="Merges", compute="_compute_merge_ids")

    @api.depends("kind", "date")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for run in self:
            run.display_name = f"{kinds.get(run.kind, '')} · {format_datetime(self.env, run.date)}"

    # ------------------------------------------------------------
    # COUNTS: of all that is the run's, whose planning left out what its user could not see
    # ------------------------------------------------------------

    @api.depends("line_ids.state", "line_ids.merge_id.state", "line_ids.words")
    def _compute_counts(self):
        counts = self._counts()
        nothing = dict.fromkeys(COUNTED, 0)
        for run in self:
            run.update(counts.get(run.id, nothing))

    def _counts(self):
        """Return ``{run id: {name of a field of :data:`COUNTED`: count}}``, of runs that have groups."""
        self.env["crm.lead.merge"].flush_model(["state"])
        self.env["crm.lead.merge.run.line"].flush_model()
        counts = SQL(", ").join(
            SQL("count(*) FILTER (WHERE %s)", condition) for condition in COUNTED.values()
        )
        return {
            run_id: dict(zip(COUNTED, numbers, strict=True))
            for run_id, *numbers in self.env.execute_query(
                SQL(
                    """
                    SELECT run_id, %s
                      FROM crm_lead_merge_run_line line LEFT JOIN crm_lead_merge merge ON merge.id = merge_id
                     WHERE run_id = ANY(%s) GROUP BY run_id
                    """,
                    counts,
                    self.ids,
                )
            )
        }

    @api.depends("line_ids.state", "line_ids.reason")
    @api.depends_context("lang")
    def _compute_left_out(self):
        reasons = self._left_out()
        labels = dict(self.env["crm.lead.merge.run.line"]._reason_selection())
        for run in self:
            run.left_out = ", ".join(
                self.env._("%(reason)s: %(count)d", reason=labels.get(code, code), count=count)
                for code, count in reasons.get(run.id, {}).items()
            )

    def _left_out(self):
        """Return ``{run id: {reason: how many groups were left out for it}}``, the most frequent reason first."""
        self.env["crm.lead.merge.run.line"].flush_model()
        found = {}
        for run_id, reason, count in self.env.execute_query(
            SQL(
                """
                SELECT run_id, reason, count(*) FROM crm_lead_merge_run_line
                 WHERE run_id = ANY(%s) AND state = 'left_out' GROUP BY run_id, reason ORDER BY 3 DESC, 2
                """,
                self.ids,
            )
        ):
            found.setdefault(run_id, {})[reason] = count
        return found

    @api.depends("line_ids.merge_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_merge_ids(self):
        for run in self:
            # as the user: of what was merged, the entries that one may read
            run.merge_ids = (
                self.env["crm.lead.merge"].sudo(False).search([("run_line_ids.run_id", "=", run.id)])
            )

    # ------------------------------------------------------------
    # PROGRESS
    # ------------------------------------------------------------

    @api.depends("state", "group_count", "to_do_count", "merged_count", "undone_count", "to_undo_count")
    @api.depends_context("lang")
    def _compute_progress(self):
        for run in self:
            if run.state == "undoing":
                total = run.merged_count + run.undone_count
                left = run.to_undo_count
            else:
                total, left = run.group_count, run.to_do_count
            run.progress = 100.0 * (total - left) / total if total else 100.0
            run.progress_words = run._progress_told(total - left, total, run._rate())

    def _rate(self):
        """Return how many groups a second were dealt with in the last minute, 0 where nothing is at work."""
        if self.state not in ("running", "undoing") or not self.begun_on:
            return 0
        [(count, seconds)] = self.env.execute_query(
            SQL(
                """
                SELECT count(*), least(%(span)s, extract(epoch FROM now() AT TIME ZONE 'UTC' - %(begun)s))
                  FROM crm_lead_merge_run_line line LEFT JOIN crm_lead_merge merge ON merge.id = merge_id
                 WHERE run_id = %(run)s AND line.state != 'planned'
                   AND %(date)s >= greatest(%(begun)s, now() AT TIME ZONE 'UTC' - %(span)s * interval '1 second')
                """,
                span=RATE_OF,
                begun=self.begun_on,
                run=self.id,
                date=SQL("merge.undo_date" if self.state == "undoing" else "line.write_date"),
            )
        )
        return count / float(seconds) if seconds and seconds > 0 else 0

    def _progress_told(self, done, total, rate):
        if self.state not in ("running", "undoing"):
            return False
        if not rate:
            return self.env._("%(done)d of %(total)d", done=done, total=total)
        return self.env._(
            "%(done)d of %(total)d, %(rate)d a minute, time left (h:min): %(left)s",
            done=done,
            total=total,
            rate=round(rate * 60),
            left=format_duration(math.ceil((total - done) / rate / 60) / 60),
        )
