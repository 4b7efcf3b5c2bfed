"""Taking a bulk run back: all of its merges, the last one first, each by itself."""

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools import remote_calls
from .crm_lead_merge_run_work import SECONDS

# merges undone in one transaction
BATCH = 50


class CrmLeadMergeRun(models.Model):
    _inherit = "crm.lead.merge.run"

    @remote_calls.checked(one=True)
    def action_undo(self):
        """Undo all merges of this run, the last one first: each that can be, whatever becomes of the others.

        What does not fit into 45 seconds goes on in the background; the state is ``undoing`` until then. What was to
        be merged yet is not any more.

        :return: ``{"undone": how many merges are undone now, "kept": [{"merge_id", "name", "reason"}, ...],
            "left": how many are undone in the background}``; ``reason`` says why a merge could not be undone, in words
        :raises UserError: there is nothing to undo, or the run is at work
        """
        self._begin_undo()
        self._work_within(SECONDS)
        if self.state == "undoing":
            self._wake_up()
        kept = self.line_ids.filtered(lambda line: line.words and line.merge_state == "done")
        return {
            "undone": self.undone_count,
            "kept": [
                {"merge_id": line.merge_id.id, "name": line.name, "reason": line.words} for line in kept
            ],
            "left": self.to_undo_count,
        }

    @remote_calls.checked(one=True)
    def action_undo_in_background(self):
        """Undo as :meth:`action_undo`, all of it in the background.

        :raises UserError: as :meth:`action_undo`
        """
        self._begin_undo()
        self._wake_up()
        return True

    @remote_calls.checked(one=True)
    def action_show_merges(self):
        """Return the action that shows the merges of this run in the journal."""
        self.check_access("read")
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("openfire_leads.crm_lead_merge_action"),
            "domain": [("run_line_ids.run_id", "=", self.id)],
        }

    def _begin_undo(self):
        self._check_state("stopped", "done", "undone")
        lines = self.sudo().line_ids  # sudo: nobody writes runs by hand
        lines.filtered(lambda line: line.state == "merged" and line.words).write({"words": False})
        if not self.to_undo_count:
            raise UserError(self.env._("None of the merges of this run can be undone any more."))
        lines.filtered(lambda line: line.state == "planned").write({"state": "left_out", "reason": "stopped"})
        self._begin("undoing", undo_user_id=self.env.uid)

    def _undo_batch(self):
        """Undo the next merges of this run; return how many were dealt with. See :meth:`_work_batch`."""
        lines = self._take_lines(
            SQL(
                """
                state = 'merged' AND words IS NULL
                AND EXISTS (SELECT FROM crm_lead_merge m WHERE m.id = merge_id AND m.state = 'done')
                """
            ),
            BATCH,
            SQL("merge_id DESC"),
        )
        if not lines:
            if not self.to_undo_count:
                self.state = "undone"
                # what is found of the leads that exist again
                self.env["crm.lead.duplicate.group"]._bring_up_to_date(limit=None)
            return 0
        refusal = self._why_not_as(self.undo_user_id)
        if refusal:
            self.write({"state": "done", "words": refusal})
            return 0
        env = self._env_of(self.undo_user_id)
        with self._giving_a_moment():
            self._undo_lines(lines, env)
        undone = lines.filtered(lambda line: line.merge_state == "undone").merge_id
        # what is found of their leads is another group
        self.env["crm.lead.duplicate.group"].search([("merge_id", "in", undone.ids)]).unlink()
        return len(lines)

    def _undo_lines(self, lines, env):
        """Undo the merges of ``lines``; where one fails half-way, one by one, so that it holds up no other."""
        try:
            with self.env.cr.savepoint():
                for line in lines:
                    merge = env["crm.lead.merge"].browse(line.merge_id.id)
                    try:
                        merge._undo_check()
                    except UserError as refusal:  # nothing is done yet
                        line.write({"words": self._refusal_told(refusal)})
                    else:
                        merge._undo(set())
        except Exception as error:  # noqa: BLE001 - what cannot be undone is told, and holds up nothing else
            self._check_own_fault(error)
            if len(lines) == 1:
                lines.write({"words": self._refusal_told(error)})
                return
            for line in lines:
                self._undo_lines(line, env)
