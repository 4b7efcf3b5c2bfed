"""What there is to do in a scan, in parts that several workers take from one table."""

from typing import NamedTuple

from psycopg2 import Binary

from odoo import api, models
from odoo.tools import SQL

# The steps in their order; one begins when the one before is done. Of those between which a range of leads goes on,
# each range is a row; the others are a row of their own.
PLAN, STORE, COUNT, PAIR, SAMPLE, LEARN, COMPARE, SETTLE, GROUP = range(1, 10)
# what was done, and what was given up
DONE, QUEUED = 100, 101
# so much of the work of a lead is the step: for the progress that is shown
WEIGHTS = {STORE: 3, PAIR: 1, SAMPLE: 1, COMPARE: 2}
# leads of a range that are read anew: they bound memory and the time of a transaction
STORE_LEADS = 2000


class Batch(NamedTuple):
    """A part of a scan that a worker took: ``step`` of the leads from ``first_id`` to ``last_id``."""

    id: int
    scan_id: int
    step: int
    first_id: int
    last_id: int
    attempts: int

    @property
    def is_range(self):
        """Whether it is of some leads only."""
        return bool(self.last_id)


class CrmLeadScanBatch(models.Model):
    """Parts of a scan. A row is locked while somebody is at it, and free again when its worker is killed."""

    _name = "crm.lead.scan.batch"
    _inherit = "crm.lead.match.table"
    _description = "Part of a Scan of Leads"
    _auto = False

    def init(self):
        # scores: an array of numbers as bytes, for the next step
        self.env.cr.execute("""
            CREATE TABLE IF NOT EXISTS crm_lead_scan_batch (
                id bigserial PRIMARY KEY,
                scan_id integer NOT NULL REFERENCES crm_lead_scan ON DELETE CASCADE,
                begun smallint NOT NULL,
                step smallint NOT NULL,
                first_id integer NOT NULL DEFAULT 0,
                last_id integer NOT NULL DEFAULT 0,
                leads integer NOT NULL DEFAULT 0,
                attempts smallint NOT NULL DEFAULT 0,
                error text,
                queue_ids bigint[],
                scores bytea,
                compared integer NOT NULL DEFAULT 0,
                found integer NOT NULL DEFAULT 0,
                seconds double precision NOT NULL DEFAULT 0,
                worker integer,
                changed_on timestamp
            );
            CREATE INDEX IF NOT EXISTS crm_lead_scan_batch_step_idx ON crm_lead_scan_batch (scan_id, step);
            -- numbers: to compress them takes longer than to write them
            ALTER TABLE crm_lead_scan_batch ALTER COLUMN scores SET STORAGE EXTERNAL;
        """)

    # ------------------------------------------------------------
    # MAKING
    # ------------------------------------------------------------

    @api.model
    def _begin(self, scan):
        """Make the steps of a scan that are no ranges of leads."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_lead_scan_batch (scan_id, begun, step)
                SELECT %s, step, step FROM unnest(%s::smallint[]) AS step
                """,
                scan.id,
                [PLAN, COUNT, PAIR, LEARN, SETTLE, GROUP],
            )
        )

    @api.model
    def _add_ranges(self, scan_id, step, size, leads):
        """Make a row for each range of leads; return how many leads there are in all.

        :param size: leads in a range
        :param leads: the query for their ids, as a column ``id``
        """
        ((count,),) = self.env.execute_query(
            SQL(
                """
                WITH made AS (
                INSERT INTO crm_lead_scan_batch (scan_id, begun, step, first_id, last_id, leads)
                SELECT %(scan)s, %(step)s, %(step)s, min(id), max(id), count(*)
                  FROM (SELECT id, (row_number() OVER (ORDER BY id) - 1) / %(size)s AS number FROM (%(leads)s) l) n
              GROUP BY number ORDER BY number
                RETURNING leads
                ) SELECT coalesce(sum(leads), 0)::int FROM made
                """,
                scan=scan_id,
                step=step,
                size=size,
                leads=leads,
            )
        )
        return count

    @api.model
    def _add_parts(self, batch, step, parts):
        """Make rows for what was cut from ``batch``; ``parts``: values of columns for each, bytes for arrays."""
        for part in parts:
            values = {"scan_id": batch.scan_id, "begun": batch.step, "step": step, **part}
            self.env.cr.execute(
                SQL(
                    "INSERT INTO crm_lead_scan_batch (%s) VALUES %s",
                    SQL(", ").join(map(SQL.identifier, values)),
                    tuple(map(_stored, values.values())),
                )
            )

    # ------------------------------------------------------------
    # TAKING
    # ------------------------------------------------------------

    @api.model
    def _claim(self):
        """Note that one more attempt is made at a part whose turn it is; return the :class:`Batch`, if there is one.

        The newest leads come first: they are those that people look at.

        To be committed, so that an attempt counts that ends with the server killed; then it is to be locked.
        """
        query = SQL(
            """
            UPDATE crm_lead_scan_batch SET attempts = attempts + 1 WHERE id = (
                SELECT own.id FROM crm_lead_scan_batch own
                  JOIN crm_lead_scan scan ON scan.id = scan_id AND scan.state = 'running'
                 WHERE own.step = (SELECT min(step) FROM crm_lead_scan_batch WHERE scan_id = scan.id)
                   AND own.step < %s AND %s
              ORDER BY own.attempts, own.first_id DESC LIMIT 1 FOR UPDATE OF own SKIP LOCKED
            ) RETURNING id, scan_id, step, first_id, last_id, attempts
            """,
            DONE,
            self.env["crm.lead.match"]._with_others_sql(),
        )
        # that another worker was faster is no error: this one looks again
        self.env.cr.execute(query, log_exceptions=False)
        rows = self.env.cr.fetchall()
        return Batch(*rows[0]) if rows else None

    @api.model
    def _lock(self, batch):
        """Lock a part for this transaction; return whether it is still to be done, and by nobody else."""
        query = SQL(
            """
            SELECT FROM crm_lead_scan_batch WHERE id = %s AND step = %s AND %s
               AND EXISTS (SELECT FROM crm_lead_scan WHERE id = scan_id AND state = 'running')
               FOR UPDATE SKIP LOCKED
            """,
            batch.id,
            batch.step,
            self.env["crm.lead.match"]._with_others_sql(),
        )
        # that another worker was faster is no error
        self.env.cr.execute(query, log_exceptions=False)
        return bool(self.env.cr.rowcount)

    @api.model
    def _go_on(self, batch, step, seconds=0, **values):
        """Note that a part is through its step, and what comes of it.

        :param step: the next one
        :param seconds: how long it took
        :param values: of further columns; bytes for arrays
        """
        columns = {
            "step": step,
            "attempts": 0,
            "error": None,
            **{name: _stored(value) for name, value in values.items()},
        }
        self.env.cr.execute(
            SQL(
                """
                UPDATE crm_lead_scan_batch SET %s, seconds = seconds + %s, worker = pg_backend_pid(),
                       changed_on = clock_timestamp() AT TIME ZONE 'UTC' WHERE id = %s
                """,
                SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), value) for name, value in columns.items()
                ),
                seconds,
                batch.id,
            )
        )

    @api.model
    def _note_error(self, batch, error, back=0):
        """Keep what went wrong with a part; ``back``: how many attempts it does not count for."""
        text = (
            f"{type(error).__name__}: {error}"[:500].encode("utf-8", "replace").decode().replace("\x00", "")
        )
        self.env.cr.execute(
            SQL(
                "UPDATE crm_lead_scan_batch SET error = %s, attempts = attempts - %s WHERE id = %s",
                text,
                back,
                batch.id,
            ),
            log_exceptions=False,
        )

    # ------------------------------------------------------------
    # READING
    # ------------------------------------------------------------

    @api.model
    def _column(self, batch, name):
        rows = self.env.execute_query(
            SQL("SELECT %s FROM crm_lead_scan_batch WHERE id = %s", SQL.identifier(name), batch.id)
        )
        return rows[0][0]

    @api.model
    def _count_open(self, scan_id):
        """Return how many parts are yet to be done; more may be made of them."""
        ((count,),) = self.env.execute_query(
            SQL("SELECT count(*) FROM crm_lead_scan_batch WHERE scan_id = %s AND step < %s", scan_id, DONE)
        )
        return count

    @api.model
    def _is_past(self, scan_id, step):
        """Return whether a scan has begun with ``step``, or is further."""
        now = self._step_of(scan_id)
        return now is None or now >= step

    @api.model
    def _step_of(self, scan_id):
        """Return the step whose turn it is, ``None`` where there is none."""
        rows = self.env.execute_query(
            SQL("SELECT min(step) FROM crm_lead_scan_batch WHERE scan_id = %s", scan_id)
        )
        return rows[0][0]

    @api.model
    def _compared(self, scan_id):
        """Return how many pairs a scan compares, once it has looked at all of them."""
        ((compared,),) = self.env.execute_query(
            SQL(
                "SELECT coalesce(sum(compared), 0)::bigint FROM crm_lead_scan_batch WHERE scan_id = %s",
                scan_id,
            )
        )
        return compared

    @api.model
    def _scores(self, scan_id):
        """Return the scores of the pairs that were looked at beforehand, in their order, as bytes."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT scores FROM crm_lead_scan_batch WHERE scan_id = %s AND scores IS NOT NULL ORDER BY first_id
                """,
                scan_id,
            )
        )
        return b"".join(bytes(scores) for (scores,) in rows)

    @api.model
    def _queue_ids(self, scan_id):
        """Return which rows of the queue a scan has held, of all its parts."""
        rows = self.env.execute_query(
            SQL(
                "SELECT unnest(queue_ids) FROM crm_lead_scan_batch WHERE scan_id = %s AND step = %s",
                scan_id,
                DONE,
            )
        )
        return [queue_id for (queue_id,) in rows]

    @api.model
    def _sums(self, scan):
        """Return what the parts of a scan found so far, by the names of its fields."""
        ((done, queued, compared, found),) = self.env.execute_query(
            SQL(
                """
                SELECT coalesce(sum(leads) FILTER (WHERE begun = %(pair)s AND step = %(done)s), 0)::int,
                       coalesce(sum(leads) FILTER (WHERE step = %(queued)s), 0)::int,
                       coalesce(sum(compared) FILTER (WHERE step = %(done)s), 0)::int,
                       coalesce(sum(found), 0)::int
                  FROM crm_lead_scan_batch WHERE scan_id = %(scan)s
                """,
                done=DONE,
                pair=PAIR,
                queued=QUEUED,
                scan=scan.id,
            )
        )
        return {"done": done, "queued": queued, "compared": compared, "pairs": found}

    # ------------------------------------------------------------
    # ENDING
    # ------------------------------------------------------------

    @api.model
    def _let_go(self, scan):
        """Delete the parts of a scan that is over, and let the queue have the leads that it was to compare.

        What a worker is still at goes with the scans that come after.
        """
        queue = self.env["crm.lead.match.queue"]
        rows = self.env.execute_query(
            SQL(
                """
                DELETE FROM crm_lead_scan_batch WHERE id IN (
                    SELECT own.id FROM crm_lead_scan_batch own JOIN crm_lead_scan scan ON scan.id = scan_id
                     WHERE scan.state <> 'running' OR scan.id = %s FOR UPDATE OF own SKIP LOCKED
                ) RETURNING queue_ids
                """,
                scan.id,
            )
        )
        queue._release([queue_id for (ids,) in rows for queue_id in ids or ()])


def _stored(value):
    return Binary(value) if isinstance(value, bytes) else value
