"""Who compares many leads at a time: many workers, each some of them, or one all of them."""

from odoo import api, models
from odoo.tools import SQL

# the advisory lock of a database on which they agree
LOCK = 0x0F1EAD5


class CrmLeadMatch(models.Model):
    """Workers who come in each other's way would do everything twice, and be refused by the database at the end."""

    _inherit = "crm.lead.match"

    @api.model
    def _works_with_others(self):
        """Return whether nobody compares all leads at one stroke; until this transaction ends nobody begins to."""
        return self._try_lock(SQL("pg_try_advisory_xact_lock_shared"))

    @api.model
    def _works_alone(self):
        """Return whether nobody is at work on many leads; until this transaction ends nobody else begins to."""
        return self._try_lock(SQL("pg_try_advisory_xact_lock"))

    def _try_lock(self, function):
        ((locked,),) = self.env.execute_query(SQL("SELECT %s(%s)", function, LOCK))
        return locked
