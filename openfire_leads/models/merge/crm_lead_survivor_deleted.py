"""A survivor that is deleted leaves what the merged leads had to the journal: an undo brings them back with it."""

from odoo import models
from odoo.tools import SQL

from ...merging import keep_rows


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def unlink(self):
        """Keep what merges moved to these leads; what came to them otherwise is deleted with them."""
        merge_ids = self._merge_ids_of_survivors()
        if merge_ids:
            self.check_access("unlink")
            self.env.flush_all()
            keep_rows(self.env, merge_ids)
            self.env["ir.attachment"].invalidate_model(["res_model", "res_id", "res_field"], flush=False)
        return super().unlink()

    def _merge_ids_of_survivors(self):
        """Return the ids of the merges into these leads that can be undone; of leads being merged none, for what they
        have is moved."""
        if not self.ids or self._merge_runs_deleting():
            return []
        rows = self.env.execute_query(
            SQL(
                """SELECT m.id FROM crm_lead_merge m
                    WHERE m.survivor_res_id = ANY(%s) AND m.state = 'done' AND m.kind = 'merge' AND m.lead_count =
                          (SELECT count(*) FROM crm_lead_merge_line l WHERE l.merge_id = m.id)""",
                self.ids,
            )
        )
        return [row[0] for row in rows]
