"""How far a scan is: for whoever waits for it."""

from math import ceil

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools import remote_calls
from ..duplicates.crm_lead_duplicate_backlog import Backlog
from .crm_lead_scan_batch import COMPARE, DONE, PAIR, SAMPLE, STORE, WEIGHTS

# who finished a part this many seconds ago is still taken to be at work
LATELY = 60
_OF_ALL = WEIGHTS[PAIR] + WEIGHTS[SAMPLE] + WEIGHTS[COMPARE]


class CrmLeadScan(models.Model):
    _inherit = "crm.lead.scan"

    message = fields.Char("Result", compute="_compute_message")

    @api.depends("state", "done", "compared", "pairs", "not_compared")
    @api.depends_context("lang")
    def _compute_message(self):
        for scan in self:
            scan.message = False if scan.state == "running" else scan._told()

    @api.model
    @remote_calls.checked()
    def scan_progress(self):
        """Return how far the scan is that is running, or what became of the last one.

        :return: ``{"id", "running", "state", "step", "done", "total", "rate", "seconds_left", "not_compared", "pairs",
            "groups", "stopped"}``: leads done and in all, leads a second, seconds left (``False`` where nothing is to
            be said), the step under way (see ``crm.lead.scan.batch``, 0 where none is); ``False`` for ``id`` and
            ``state`` where there never was a scan; whether it goes on only by ``work_along()``
        :raises AccessError: for others than sales managers
        """
        self.check_access("read")
        told = self._progress()
        del told["awaiting"]
        stopped = told["running"] and self.env["crm.lead.duplicate"]._is_background_stopped()
        return {**told, "stopped": stopped}

    @api.model
    def _progress(self):
        """Return what :meth:`scan_progress` does, and ``awaiting``: how many leads nobody had compared before."""
        self.flush_model()
        rows = self.env.execute_query(self._progress_sql())
        if not rows:
            nothing = dict.fromkeys(
                ("done", "total", "rate", "not_compared", "pairs", "groups", "step", "awaiting"), 0
            )
            return {"id": False, "running": False, "state": False, "seconds_left": False, **nothing}
        (told,) = (dict(zip(_COLUMNS, row, strict=True)) for row in rows)
        worked, of_work, seconds, workers = (told.pop(name) for name in _COLUMNS[-4:])
        running = told["running"] = told["state"] == "running"
        told |= {"rate": 0, "seconds_left": False}
        if running:
            # the work of a range counts as so many of its leads as it is of all that there is to do with a lead
            told["done"] = int(told["total"] * worked / of_work) if of_work else 0
            if worked and told["step"] <= COMPARE:
                speed = workers * worked / max(seconds, 0.001)
                told["rate"] = round(told["total"] * speed / of_work, 1)
                told["seconds_left"] = round((of_work - worked) / speed)
        else:
            told["step"] = 0
        return told

    @api.model
    def _progress_sql(self):
        through = SQL(
            """
            leads * CASE WHEN step >= %(done)s THEN CASE begun WHEN %(store)s THEN %(stored)s ELSE %(all)s END
                         WHEN step = %(compare)s THEN %(paired)s + %(sampled)s
                         WHEN step = %(sample)s THEN %(paired)s ELSE 0 END
            """,
            all=_OF_ALL,
            compare=COMPARE,
            done=DONE,
            paired=WEIGHTS[PAIR],
            sample=SAMPLE,
            sampled=WEIGHTS[SAMPLE],
            store=STORE,
            stored=WEIGHTS[STORE],
        )
        return SQL(
            """
            SELECT scan.id, scan.state, coalesce(b.step, 0), coalesce(scan.done, 0), coalesce(scan.total, 0),
                   coalesce(scan.awaiting, 0), coalesce(scan.not_compared, 0), coalesce(b.found, scan.pairs, 0),
                   coalesce(scan.groups, 0),
                   coalesce(b.worked, 0), coalesce(b.to_store, 0) + %(all)s * coalesce(b.to_compare, scan.total, 0),
                   coalesce(b.seconds, 0), greatest(b.workers, 1)
              FROM (SELECT * FROM crm_lead_scan ORDER BY state = 'running' DESC, id DESC LIMIT 1) scan
        CROSS JOIN LATERAL (
                SELECT min(step) AS step,
                       sum(found) FILTER (WHERE scan.state = 'running') AS found,
                       sum(%(through)s)::float AS worked,
                       sum(leads) FILTER (WHERE begun = %(store)s) * %(stored)s AS to_store,
                       sum(leads) FILTER (WHERE begun = %(pair)s) AS to_compare,
                       sum(seconds) FILTER (WHERE leads > 0) AS seconds,
                       count(DISTINCT worker) FILTER (
                            WHERE changed_on > clock_timestamp() AT TIME ZONE 'UTC' - %(lately)s * interval '1 second'
                       ) AS workers
                  FROM crm_lead_scan_batch WHERE scan_id = scan.id
             ) b
            """,
            all=_OF_ALL,
            lately=LATELY,
            pair=PAIR,
            store=STORE,
            stored=WEIGHTS[STORE],
            through=through,
        )


_COLUMNS = (
    *("id", "state", "step", "done", "total", "awaiting", "not_compared", "pairs", "groups"),
    *("worked", "of_work", "seconds", "workers"),
)


class CrmLeadDuplicate(models.Model):
    _inherit = "crm.lead.duplicate"

    @api.model
    def _backlog(self):
        """Add the leads that only the scan that is running compares, as far as it is not through with them."""
        scan, own = self.env["crm.lead.scan"]._progress(), Backlog(0)
        if scan["running"] and scan["awaiting"]:
            if scan["step"] > COMPARE:
                own = Backlog(0, otherwise=self.env._("Similar leads are being grouped"))
            else:
                share = 1 - scan["done"] / max(scan["total"], 1)
                own = Backlog(ceil(scan["awaiting"] * share), scan["seconds_left"])
        return [*super()._backlog(), own]
