"""Whoever imported leads is told how many of them look like duplicates, once all of them are compared."""

import logging

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

from ...tools import remote_calls

_logger = logging.getLogger(__name__)


class CrmLeadImport(models.Model):
    _inherit = "crm.lead.import"

    duplicate_count = fields.Integer(
        "Likely Duplicates",
        compute="_compute_duplicate_count",
        help="How many of the imported leads look like another one, among those that you may read",
    )

    def _compute_duplicate_count(self):
        for one in self:
            one.duplicate_count = len(one._duplicates())

    def _duplicates(self):
        """Return the leads of this import that look like others, of the pairs that the user may see."""
        self.ensure_one()
        ours = ["|", ("lead_id.import_id", "=", self.id), ("other_lead_id.import_id", "=", self.id)]
        pairs = self.env["crm.lead.duplicate"].search_fetch(
            [("state", "=", "suspected"), *ours], ["lead_id", "other_lead_id"]
        )
        # sudo: with which import they came, of leads that the user may read
        leads = (pairs.lead_id | pairs.other_lead_id).sudo()
        return leads.filtered(lambda lead: lead.import_id == self).sudo(self.env.su)

    # ------------------------------------------------------------
    # SHOWING
    # ------------------------------------------------------------

    @remote_calls.checked(one=True)
    def action_show_leads(self):
        """Return the action that lists the imported leads."""
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "crm.lead",
            "view_mode": "list,kanban,form",
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "domain": [("import_id", "=", self.id)],
        }

    # ------------------------------------------------------------
    # TELLING
    # ------------------------------------------------------------

    def _came_to_an_end(self):
        """Have it told of this import when its leads are compared: at once where they are, else by the queue."""
        super()._came_to_an_end()
        self.env["crm.lead"]._match_flush()
        self._tell_compared()

    @api.model
    def _tell_compared(self):
        """Tell of the imports whose leads have all been compared, or cannot be."""
        # sudo: called by the queue, and for whoever imports
        imports = self.sudo()
        todo = imports.search(["|", ("state", "=", "comparing"), *imports._given_up()])
        if not todo:
            return
        try:
            with self.env.cr.savepoint():
                for one in todo._take_compared():
                    one._tell()
        except Exception:
            # neither an import nor the queue fails for it
            _logger.exception("The duplicates among imported leads cannot be told")

    def _take_compared(self):
        """Return those of these imports of which no lead waits to be compared; they are told from now on, by nobody
        else."""
        self.flush_model(["state"])
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE crm_lead_import SET state = 'told' WHERE id IN (
                    SELECT i.id FROM crm_lead_import i
                     WHERE i.id = ANY(%s) AND i.state != 'told' AND NOT EXISTS (
                        SELECT FROM crm_lead_match_queue q JOIN crm_lead l ON l.id = q.lead_id
                         WHERE l.import_id = i.id AND NOT q.recheck AND q.failures = 0)
                       FOR UPDATE SKIP LOCKED
                ) RETURNING id
                """,
                self.ids,
            )
        )
        self.invalidate_recordset(["state"])
        return self.browse(import_id for (import_id,) in rows)

    def _tell(self):
        """Tell whoever imported these leads: by a notification now, and by a message where there are duplicates.

        An import that brought no new lead leaves nothing behind.
        """
        if not self.lead_count:
            self.unlink()
            return
        user = self.user_id
        mine = self.with_user(user).with_context(
            lang=user.lang, allowed_company_ids=user.company_ids.ids, active_test=False
        )
        found, total = mine.duplicate_count, self.lead_count
        hidden = len(self.with_context(active_test=False)._duplicates()) - found
        text = mine._told_text(found, total, hidden)
        user._bus_send(
            "openfire_lead_import", {"import_id": self.id, "message": text, "has_duplicates": bool(found)}
        )
        if found or hidden:
            # by Odoo itself: who writes a message is not told of it
            mine.env["mail.thread"].with_user(SUPERUSER_ID).message_notify(
                model=self._name,
                res_id=self.id,
                subject=mine.env._("Import of “%(file)s”", file=self.name),
                body=mine.env["ir.qweb"]
                .with_user(SUPERUSER_ID)
                ._render(
                    "openfire_leads.crm_lead_import_notice",
                    {"import_id": self.id, "text": text},
                    minimal_qcontext=True,
                ),
                partner_ids=user.partner_id.ids,
            )

    def _told_text(self, found, total, hidden):
        if not found and not hidden:
            return self.env._("None of the %(total)s imported leads looks like a duplicate.", total=total)
        text = self.env._(
            "%(found)s of the %(total)s imported leads look like duplicates.", found=found, total=total
        )
        if hidden:
            text += " " + self.env._("%(count)s more look like leads that you may not read.", count=hidden)
        return text
