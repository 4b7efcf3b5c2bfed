"""The scan of all leads in the background: started, stopped, told, kept for a while."""

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL, format_datetime

from ...tools import remote_calls, retention

# how many days what became of a scan is kept, and how many scans are removed in one go
DEFAULT_DAYS, BATCH = 90, 100


class CrmLeadScan(models.Model):
    """One comparison of all leads, in batches (``crm.lead.scan.batch``) that scheduled actions work off.

    It finds what ``crm.lead.duplicate.scan()`` finds. There is one at a time at most.
    """

    _name = "crm.lead.scan"
    _inherit = ["openfire.plain.fields"]
    _description = "Scan of All Leads"
    _order = "id desc"
    _rec_name = "started_on"

    _technical_fields = frozenset({"basis", "awaiting"})

    state = fields.Selection(
        [("running", "Running"), ("done", "Done"), ("stopped", "Stopped"), ("failed", "Failed")],
        required=True,
        readonly=True,
        default="running",
    )
    started_by_id = fields.Many2one("res.users", "Started by", readonly=True, ondelete="set null")
    started_on = fields.Datetime("Started on", required=True, readonly=True, index=True)
    ended_on = fields.Datetime("Ended on", readonly=True)
    seconds = fields.Integer("Duration in Seconds", readonly=True, aggregator="avg")
    total = fields.Integer("Leads", readonly=True, aggregator=None)
    done = fields.Integer("Leads Compared", readonly=True, aggregator=None)
    compared = fields.Integer("Comparisons", readonly=True, aggregator=None)
    pairs = fields.Integer("Pairs of Similar Leads", readonly=True, aggregator=None)
    groups = fields.Integer("Groups to Review", readonly=True, aggregator=None)
    # of a million leads they are more than an integer holds
    not_compared = fields.Float(
        "Pairs Left Out",
        digits=(20, 0),
        readonly=True,
        aggregator=None,
        help="Pairs that were not compared, for they share only what a great many leads share.",
    )
    queued = fields.Integer(
        "Leads Left to the Queue",
        readonly=True,
        aggregator=None,
        help="Leads that could not be compared together, or changed all the time: they are compared one by one.",
    )
    error = fields.Text(readonly=True)
    # how many leads had not been compared as they were when it began; all of them until that is found out
    awaiting = fields.Integer(readonly=True, aggregator=None)
    # by which scores, weights and engine it compared
    basis = fields.Char(readonly=True)

    _one_running = models.UniqueIndex("(state) WHERE state = 'running'")

    # ------------------------------------------------------------
    # STARTING AND STOPPING
    # ------------------------------------------------------------

    @api.model
    @remote_calls.checked()
    def action_start(self):
        """Have all leads compared in the background, unless that is going on already.

        :return: the action that shows the scan that is running
        :raises AccessError: for others than sales managers
        """
        self._check_manager()
        return self.sudo()._start()._action_show()  # sudo: nobody writes scans by hand

    @remote_calls.checked()
    def action_stop(self):
        """Stop these scans, if they are running: what they found so far stays.

        :raises AccessError: for others than sales managers
        """
        self._check_manager()
        running = self.exists().filtered(lambda scan: scan.state == "running")
        running.sudo()._close("stopped")  # sudo: nobody writes scans by hand
        return True

    def _check_manager(self):
        if not (self.env.su or self.env.user.has_group("sales_team.group_sale_manager")):
            raise AccessError(self.env._("Only sales managers may scan all leads."))

    @api.model
    def _start(self, awaited=False):
        """Start a scan; return it, or the one that is running.

        Should somebody else just be starting one, this transaction is to start again (serialization failure).

        :param awaited: whether leads are known to have been compared with none so far
        """
        self.flush_model()
        self.env["crm.lead"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO crm_lead_scan (state, started_by_id, started_on, total, awaiting, create_uid, write_uid,
                                           create_date, write_date)
                SELECT 'running', %(uid)s, %(now)s, count(*), CASE WHEN %(awaited)s THEN count(*) ELSE 0 END, %(uid)s,
                       %(uid)s, %(now)s, %(now)s
                  FROM crm_lead
                ON CONFLICT DO NOTHING RETURNING id
                """,
                awaited=awaited,
                uid=self.env.uid,
                now=fields.Datetime.now(),
            )
        )
        if not rows:
            return self._running()
        scan = self.browse(rows[0])
        self.env["crm.lead.scan.batch"]._begin(scan)
        self._wake_up()
        return scan

    @api.model
    def _running(self):
        return self.search([("state", "=", "running")], limit=1)

    def _close(self, state, error=False):
        """Note how this scan ended and what it found, and let go of its batches."""
        batches = self.env["crm.lead.scan.batch"]
        for scan in self:
            scan.write({
                "state": state,
                "error": error,
                "ended_on": fields.Datetime.now(),
                "seconds": (fields.Datetime.now() - scan.started_on).total_seconds(),
                "groups": self.env["crm.lead.duplicate.group"].search_count([("state", "!=", "done")]),
                **batches._sums(scan),
            })  # fmt: skip
            batches._let_go(scan)

    def _action_show(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Scan of All Leads"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    # ------------------------------------------------------------
    # TELLING
    # ------------------------------------------------------------

    def _told(self):
        """Return in words what a scan found."""
        self.ensure_one()
        # the numbers stand apart, so that the words are right with any number, in any language
        lines = [
            self.env._(
                "Leads looked at: %(leads)d. Comparisons: %(compared)d. Pairs of similar leads: %(pairs)d.",
                leads=self.done,
                compared=self.compared,
                pairs=self.pairs,
            )
        ]
        if self.not_compared:
            lines.append(
                self.env._(
                    "Pairs left out, for they share only what a great many leads share: %(count)d.",
                    count=self.not_compared,
                )
            )
        return " ".join(lines)

    def _tell_starter(self):
        """Tell the user who started this scan, wherever they are in the web client, what it found."""
        user = self.started_by_id
        if user.active and user.share is False:
            message = self.with_context(lang=user.lang)._told()
            user._bus_send("simple_notification", {"type": "success", "message": message, "sticky": True})

    @api.depends("started_on")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        for scan in self:
            scan.display_name = self.env._(
                "Scan of %(date)s",
                date=format_datetime(self.env, scan.started_on or fields.Datetime.now(), dt_format="short"),
            )

    # ------------------------------------------------------------
    # KEEPING
    # ------------------------------------------------------------

    @api.model
    def _retention_days(self):
        """Return how many days scans are kept: ``openfire_leads.scan_days``, 0 for ever."""
        return retention.days(self.env, "openfire_leads.scan_days", DEFAULT_DAYS)

    @api.autovacuum
    def _gc_scans(self):
        return retention.remove_older(self, "started_on", self._retention_days(), BATCH)
