"""Compare and group all leads in the background, where they were too many to be compared in the upgrade itself; else
group those whose pairs were found before there were groups."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    if env["crm.lead.match.queue"]._count_waiting():
        env["crm.lead.scan"]._start()
    else:
        env["crm.lead.regroup.queue"]._append_all()
