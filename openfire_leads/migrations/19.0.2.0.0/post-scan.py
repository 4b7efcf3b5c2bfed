"""Group the leads whose pairs were found before there were groups, unless a scan does so that the upgrade started."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    if not env["crm.lead.scan"]._running():
        env["crm.lead.regroup.queue"]._append_all()
