"""Working a bulk run off: batch by batch, each in a transaction of its own, with the rights of the run's user."""

import logging
import time
from contextlib import contextmanager
from weakref import WeakSet

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools import remote_calls
from ...tools.transactions import again_after_conflict, is_conflict, is_outage

_logger = logging.getLogger(__name__)

# groups merged in one transaction
BATCH = 100
# how long a call takes up, in seconds: Odoo's servers end one that takes a minute of the processor
SECONDS = 45
# cursors of which a merge waits a little for who is at work on a lead: nobody would see that, and try again
_patient = WeakSet()


class CrmLeadMergeRun(models.Model):
    _inherit = "crm.lead.merge.run"

    # ------------------------------------------------------------
    # VERBS
    # ------------------------------------------------------------

    @remote_calls.checked(one=True)
    def action_start(self):
        """Begin to merge what was planned, in the background.

        :raises UserError: it has begun already
        :raises AccessError: it is another's
        """
        self._check_state("planned")
        if self.user_id != self.env.user:
            raise UserError(self.env._("Only who planned a bulk merge begins it: plan one of your own."))
        self._begin("running")
        self._wake_up()
        return True

    @remote_calls.checked(one=True)
    def action_stop(self):
        """Stop merging after the batch that is being merged; the rest stays to do.

        :raises UserError: it is not at work
        """
        self._check_state("running")
        self.sudo().state = "stopped"  # sudo: nobody writes runs by hand
        return True

    @remote_calls.checked(one=True)
    def action_resume(self):
        """Go on with a run that was stopped; of one that is done, try those groups again that failed.

        :raises UserError: there is nothing to go on with
        """
        self._check_state("stopped", "done")
        failed = self.sudo().line_ids.filtered(lambda line: line.state == "failed")
        if self.state == "done" and not failed:
            raise UserError(self.env._("All of this bulk merge is done."))
        failed.write({"state": "planned", "words": False})
        self._begin("running")
        self._wake_up()
        return True

    def _check_state(self, *states):
        """Refuse what does not fit the state of this run, which the user may read.

        :raises UserError: it is in none of ``states``
        """
        self.ensure_one()
        self.check_access("read")
        if self.state not in states:
            raise UserError(
                self.env._("This bulk merge went on meanwhile: look at it again, then choose what to do.")
            )

    def _begin(self, state, **values):
        # sudo: nobody writes runs by hand
        self.sudo().write({"state": state, "begun_on": fields.Datetime.now(), "words": False, **values})

    def _wake_up(self):
        # sudo: whoever may merge has it done by the scheduled action
        self.env.ref("openfire_leads.ir_cron_merge_run").sudo()._trigger()

    def _shown(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Bulk Merge"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    # ------------------------------------------------------------
    # THE SCHEDULED ACTION
    # ------------------------------------------------------------

    @api.model
    def _cron_work_off(self):
        """Go on with what is at work, the oldest run first, as long as the scheduled action has time."""
        cron = self.env["ir.cron"]
        waiting = set()  # nothing is left to take of these: they are done, or others work on the rest
        cron._commit_progress(remaining=self._count_to_do(waiting))
        # a transaction of its own each time, so that it can begin anew
        while (
            done := again_after_conflict(
                self.env, lambda: self._work_next(waiting), wanted=lambda: self.env.cr not in _patient
            )
        ) is not None:
            if not cron._commit_progress(done, remaining=self._count_to_do(waiting)):
                break

    @api.model
    def _work_next(self, waiting):
        """Do a batch of the oldest run at work; return how many groups that was, None where no run is at work.

        :param waiting: ids of runs to leave alone; one of which nothing can be taken is added
        """
        run = self._at_work(waiting)[:1]
        if not run:
            return None
        done = run._work_batch()
        if not done:
            waiting.add(run.id)
        return done

    @api.model
    def _at_work(self, besides):
        return self.search(
            [("state", "in", ("running", "undoing")), ("id", "not in", list(besides))], order="id"
        )

    @api.model
    def _count_to_do(self, besides):
        runs = self._at_work(besides)
        return sum(run.to_undo_count if run.state == "undoing" else run.to_do_count for run in runs)

    def _work_within(self, seconds):
        """Do as much of this run as fits into this transaction; what is left goes on by the scheduled action.

        :param seconds: begin no batch after so long
        """
        begun = time.monotonic()
        run = self.sudo()  # what is done with leads is done as the run's user
        while run.state in ("running", "undoing") and time.monotonic() - begun < seconds:
            run._work_batch()

    def _work_batch(self):
        """Do the next batch of this run; return how many groups were dealt with, 0 where none is left to take.

        Called in sudo; what is done with leads is done as the run's user.
        """
        self.ensure_one()
        undoing = self.state == "undoing"
        # what is said of it is said to who has it done
        run = self.with_context(lang=(self.undo_user_id if undoing else self.user_id).lang)
        done = run._undo_batch() if undoing else run._merge_batch()
        self.env.flush_all()
        self.env.invalidate_all()
        return done

    # ------------------------------------------------------------
    # ONE BATCH
    # ------------------------------------------------------------

    def _merge_batch(self):
        lines = self._take_lines(SQL("state = 'planned'"), BATCH, SQL("id"))
        if not lines:
            if not self.to_do_count:
                self.state = "done"
            return 0
        refusal = self._why_not_as(self.user_id)
        if refusal:
            self.write({"state": "stopped", "words": refusal})
            return 0
        env = self._env_of(self.user_id)
        # in front of a group that is none any more nothing need be asked
        gone = lines.filtered(lambda line: not line.group_id)
        rest = lines - gone
        reasons = env["crm.lead.merge.guard"]._guard_reasons(rest._planned())
        gone.write({"state": "left_out", "reason": "changed"})
        for line in rest:
            if line.group_id.id in reasons:
                line.write({"state": "left_out", "reason": reasons[line.group_id.id][0]})
        with self._giving_a_moment():
            self._merge_lines(rest.filtered(lambda line: line.state == "planned"), env)
        return len(lines)

    def _take_lines(self, condition, limit, order):
        """Return the next lines of this run that nobody else works on, locked until the end of the transaction.

        :param condition: as ``SQL``, which lines
        :param limit: how many of them at most
        :param order: as ``SQL``, which of them come first
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id FROM crm_lead_merge_run_line
                 WHERE run_id = %s AND %s ORDER BY %s LIMIT %s FOR UPDATE SKIP LOCKED
                """,
                self.id,
                condition,
                order,
                limit,
            )
        )
        return self.line_ids.browse(line_id for (line_id,) in rows)

    def _merge_lines(self, lines, env):
        """Merge the groups of ``lines``, all at once; where that is not possible, one by one, so that one that
        cannot be merged holds up no other."""
        if not lines:
            return
        Lead, groups = env["crm.lead"], env["crm.lead.duplicate.group"]
        try:
            with self.env.cr.savepoint():
                survivors = Lead._merge_in_bulk(
                    [Lead.browse(line.lead_res_ids)._merge_joined() for line in lines]
                )
                merge_ids = groups.browse(line.group_id.id for line in lines)._note_merged(survivors)
                for line, merge_id in zip(lines, merge_ids, strict=True):
                    line.write({"state": "merged", "merge_id": merge_id, "words": False})
        except Exception as error:  # noqa: BLE001 - one group's fault is told, and holds up no other
            self._check_own_fault(error)
            if len(lines) == 1:
                lines.write({"state": "failed", "words": self._refusal_told(error)})
                return
            for line in lines:
                self._merge_lines(line, env)

    @api.model
    def _check_own_fault(self, error):
        """Raise ``error`` where it is no group's own fault: the transaction starts again, or the database is gone."""
        if is_conflict(error) or is_outage(error):
            raise error

    def _refusal_told(self, error):
        """Return what stands in the way, in words."""
        if isinstance(error, UserError):
            return str(error)
        _logger.error("A group of bulk merge %s failed", self.id, exc_info=error)
        return self.env._("An unexpected error: the server's log says more.")

    # ------------------------------------------------------------
    # ON WHOSE BEHALF
    # ------------------------------------------------------------

    def _env_of(self, user):
        """Return the environment of ``user`` at work on this run: with their own rights, in its companies."""
        return self._env_in(user, (self.company_id | self.company_ids) & user.company_ids)

    @api.model
    def _env_in(self, user, companies):
        """Return the environment of ``user``, with their own rights, language and time zone, in ``companies``."""
        context = {"lang": user.lang, "tz": user.tz, "allowed_company_ids": companies.ids}
        return self.env(user=user.id, su=False, context=context)

    def _why_not_as(self, user):
        """Return why nothing of this run may be done as ``user`` any more, in words, or False."""
        if user._is_superuser():
            return False
        refusal = self._why_no_right(user, self.kind)
        if refusal:
            return refusal
        if not (self.company_id | self.company_ids) & user.company_ids:
            return self.env._("%(user)s works in none of its companies any more.", user=user.name)
        return False

    @api.model
    def _why_no_right(self, user, kind):
        """Return why no bulk run of ``kind`` may be made as ``user``, in words, or False."""
        if not user.active:
            return self.env._("%(user)s is archived.", user=user.name)
        group = "salesman" if kind == "selected" else "manager"
        if not user.has_group(f"sales_team.group_sale_{group}"):
            return self.env._("%(user)s has no right to do so.", user=user.name)
        return False

    @contextmanager
    def _giving_a_moment(self):
        """Have a merge wait a little for who is at work on a lead, although a batch is done anew after a conflict."""
        _patient.add(self.env.cr)
        try:
            yield
        finally:
            _patient.discard(self.env.cr)
