"""Whether nobody works in the background: its scheduled actions are off, or no server runs any."""

from odoo import api, models
from odoo.tools import SQL

# the scheduled actions without which contacts or leads are left uncompared, in the order in which they help each other
CRONS = ("ir_cron_partner_match", "ir_cron_match_queue", "ir_cron_lead_scan")
# one that is due every few minutes, and that nothing but the scheduler runs: it tells whether there is one
REGULAR = "ir_cron_merge_left_behind"
# so many minutes late it is where no server runs scheduled actions; where one serves many databases, some are late
LATE = 60


class CrmLeadDuplicate(models.Model):
    """A neutralised copy of a database has its scheduled actions off, a server may run none of them."""

    _inherit = "crm.lead.duplicate"

    @api.model
    def _is_background_stopped(self):
        """Return whether leads and contacts are not compared in the background, and will not be by themselves."""
        self.env["ir.cron"].flush_model(["active", "nextcall"])
        ((on, late),) = self.env.execute_query(
            SQL(
                """
                SELECT count(*) FILTER (WHERE data.name = ANY(%(crons)s)),
                       count(*) FILTER (WHERE data.name = %(regular)s
                           AND cron.nextcall < now() AT TIME ZONE 'UTC' - %(late)s * interval '1 minute')
                  FROM ir_model_data data JOIN ir_cron cron ON cron.id = data.res_id AND cron.active
                 WHERE data.module = 'openfire_leads' AND data.model = 'ir.cron'
                """,
                crons=list(CRONS),
                regular=REGULAR,
                late=LATE,
            )
        )
        return on < len(CRONS) or late > 0

    @api.model
    def _background_crons(self, names=CRONS):
        """Return those of these scheduled actions that nobody has deleted, whether they are on or off."""
        crons = self.env["ir.cron"].sudo()  # sudo: to run them, or to show them to an administrator
        for name in names:
            crons |= self.env.ref(f"openfire_leads.{name}", raise_if_not_found=False) or crons.browse()
        return crons

    @api.model
    def _told_of_stop(self):
        """Return what ``backlog()`` tells of it: ``{"stopped", "stopped_action"}``, ``False`` where all is well."""
        if not self._is_background_stopped():
            return {"stopped": False, "stopped_action": False}
        user = self.env.user
        told = [
            self.env._(
                "Scheduled actions do not run, so leads and contacts are not compared in the background."
            )
        ]
        if user.has_group("sales_team.group_sale_manager"):
            told.append(self.env._("A scan of all leads makes up for it at once."))
        is_administrator = user.has_group("base.group_system")
        told.append(
            self.env._("Have them turned on again:")
            if is_administrator
            else self.env._("Ask an administrator to turn them on again.")
        )
        return {
            "stopped": " ".join(told),
            "stopped_action": is_administrator and self._show_background_crons(),
        }

    @api.model
    def _show_background_crons(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("base.ir_cron_act")
        return {
            **action,
            "domain": [("id", "in", self._background_crons((*CRONS, REGULAR)).ids)],
            "context": {"active_test": False},
        }
