"""What the tables of the matching have in common."""

from odoo import models


class CrmLeadMatchTable(models.AbstractModel):
    """A table of derived data, written and read by SQL only, whose columns are no fields."""

    _name = "crm.lead.match.table"
    _description = "Table of the Matching"
    _auto = False
    _log_access = False

    def _check_removed_columns(self, log=False):
        # columns without a field are not left-overs here
        return
