"""Groups and the scan of all leads: all found anew at one stroke, and what follows a scan."""

import time

from odoo import api, models

from ...tools import remote_calls


class CrmLeadDuplicateGroup(models.Model):
    _inherit = "crm.lead.duplicate.group"

    @api.model
    @remote_calls.checked()
    def scan_groups(self):
        """Compare all leads and group them anew.

        :return: what ``crm.lead.duplicate.scan()`` returns, and besides how many ``groups`` there are and how many of
            them are ``certain``
        :raises AccessError: for others than sales managers
        """
        start = time.monotonic()
        result = self.env["crm.lead.duplicate"].scan()
        groups = self.sudo()  # as the scan: groups are not the manager's alone
        if not result["scan_id"]:  # else the scan in the background does it
            groups._regroup_all()
            groups._after_scan()
        return {
            **result,
            "groups": groups.search_count([("state", "!=", "done")]),
            "certain": groups.search_count([("state", "!=", "done"), ("certain", "=", True)]),
            "seconds": round(time.monotonic() - start, 3),
        }

    @api.model
    def _after_scan(self):
        """Hook: a scan of all leads is done and the groups are up to date. Nothing is done here.

        It is called in sudo, once for each scan.

        1. By the scheduled action that ended a scan in the background, in a transaction of its own that begins after
           the scan's result is committed: it may commit in between. What it raises is logged and takes nothing of the
           scan back. Where the server is killed meanwhile it is not called again.
        2. By :meth:`scan_groups`, in the transaction of the call: what it raises takes the scan back.
        """
