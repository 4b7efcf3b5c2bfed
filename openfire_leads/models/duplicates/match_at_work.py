"""Who compares many leads at a time: many workers, each some of them, or one all of them."""

from odoo import api, models
from odoo.tools import SQL

# the advisory lock of a database on which they agree
LOCK = 0x0F1EAD5


class CrmLeadMatch(models.Model):
    """Workers who come in each other's way would do everything twice, and be refused by the database at the end."""

    _inherit = "crm.lead.match"

    @api.model
    def _with_others_sql(self):
        """Return the condition that nobody compares all leads at one stroke; then nobody begins to until this
        transaction ends.

        A part of the statement that takes the work: what another worker took before that is seen as taken.
        """
        return SQL("(SELECT pg_try_advisory_xact_lock_shared(%s))", LOCK)

    @api.model
    def _works_alone(self):
        """Return whether nobody is at work on many leads; then nobody else begins to until this transaction ends."""
        ((locked,),) = self.env.execute_query(SQL("SELECT pg_try_advisory_xact_lock(%s)", LOCK))
        return locked
