"""Settings of the scan of all leads: its button, and when it starts by itself."""

from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError

# the scheduled action that starts it: what is set is kept there
CRON = "openfire_leads.ir_cron_lead_scan_start"
SUNDAY = 6


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    lead_scan_schedule = fields.Selection(
        [("never", "Never"), ("daily", "Every day"), ("weekly", "Every Sunday")],
        "Scan of All Leads",
        default="weekly",
        required=True,
        help="How often all leads are compared anew, in the background. Nothing is done when nothing has changed.",
    )
    lead_scan_hour = fields.Float("Hour of the Scan", help="In your own time zone.")

    @api.constrains("lead_scan_hour")
    def _check_lead_scan_hour(self):
        if any(not 0 <= settings.lead_scan_hour < 24 for settings in self):
            raise ValidationError(self.env._("The scan of all leads starts at an hour from 0:00 to 23:59."))

    @api.model
    def get_values(self):
        schedule, hour = "never", 0
        if cron := self._lead_scan_cron():
            local = fields.Datetime.context_timestamp(self, cron.nextcall)
            hour = local.hour + local.minute / 60
            if cron.active:
                schedule = "weekly" if cron.interval_type == "weeks" else "daily"
        return {**super().get_values(), "lead_scan_schedule": schedule, "lead_scan_hour": hour}

    def set_values(self):
        before = self.get_values()
        result = super().set_values()
        changed = self.lead_scan_schedule != before["lead_scan_schedule"] or (
            round(self.lead_scan_hour * 60) != round(before["lead_scan_hour"] * 60)
        )
        cron = self._lead_scan_cron()
        if cron and changed:
            cron.write({
                "active": self.lead_scan_schedule != "never",
                "interval_number": 1,
                "interval_type": "weeks" if self.lead_scan_schedule == "weekly" else "days",
                "nextcall": self._lead_scan_next(),
            })  # fmt: skip
        return result

    def _lead_scan_cron(self):
        """Return the scheduled action that starts the scan, if nobody deleted it."""
        cron = self.env.ref(CRON, raise_if_not_found=False)
        return cron and cron.sudo()  # sudo: who may open and save the settings

    def _lead_scan_next(self):
        """Return when the next scan starts, in UTC, as these settings say."""
        now = fields.Datetime.context_timestamp(self, datetime.now())
        minutes = round(self.lead_scan_hour * 60)
        local = datetime.combine(now.date(), time(minutes // 60 % 24, minutes % 60))
        if local <= now.replace(tzinfo=None):
            local += timedelta(days=1)
        if self.lead_scan_schedule == "weekly":
            local += timedelta(days=(SUNDAY - local.weekday()) % 7)
        return now.tzinfo.localize(local).astimezone(pytz.utc).replace(tzinfo=None)

    def action_scan_leads(self):
        """Have all leads compared in the background, and show how far that is."""
        return self.env["crm.lead.scan"].action_start()
