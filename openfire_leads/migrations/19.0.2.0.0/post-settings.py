"""Keep what an administrator chose, where two settings were one; have the queue worked off as often as it is now."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    parameters = env["ir.config_parameter"]
    if parameters.get_param("openfire_leads.survivor_rule") == "confidence" and not parameters.get_param(
        "openfire_leads.similar_criteria"
    ):
        parameters.set_param("openfire_leads.similar_criteria", "odoo")
    queue = env.ref("openfire_leads.ir_cron_match_queue", raise_if_not_found=False)
    if queue and (queue.interval_number, queue.interval_type) == (10, "minutes"):
        queue.interval_number = 5
