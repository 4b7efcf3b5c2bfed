"""How long the journal is kept, and how a person's data is erased from it."""

from odoo import api, models
from odoo.tools import SQL

from ...tools import retention

BATCH = 1000


class CrmLeadMerge(models.Model):
    _inherit = "crm.lead.merge"

    @api.model
    def _retention_days(self):
        """Return how many days merges are kept: ``openfire_leads.merge_retention_days``, 0 for ever."""
        return retention.days(self.env, "openfire_leads.merge_retention_days")

    @api.autovacuum
    def _gc_merges(self):
        return retention.remove_older(self, "date", self._retention_days(), BATCH)

    def _erase(self):
        """Remove what the merges keep of people, beside the lines of those who are not asked for."""
        self._erase_notes()
        self._kept_files().unlink()
        self.link_ids.unlink()
        # sudo: files that lost, kept at the journal's record
        self.env["ir.attachment"].sudo().search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        ).unlink()
        # sudo: nobody writes the journal by hand
        self.sudo().line_ids.write({"values_before": False, "values_after": False})
        self.sudo().write({"kept_conflicts": False})
        # they are not found by the erased e-mails and phones any more
        self.survivor_id._refresh_match()

    def _kept_files(self):
        """Return the files that gave way in a field and are among the survivors' since."""
        rows = self.env.execute_query(
            SQL(
                """SELECT CASE k.action WHEN 'created' THEN (r.e #>> '{}')::int ELSE (r.e->>0)::int END
                     FROM crm_lead_merge_link k CROSS JOIN LATERAL jsonb_array_elements(k.rows) AS r(e)
                    WHERE k.merge_id = ANY(%s) AND k.table_name = 'ir_attachment'
                      AND (k.action = 'created'
                           OR k.action = 'moved' AND r.e->3->>'res_field' IS NOT NULL
                              AND r.e->4 ? 'res_field' AND r.e->4->>'res_field' IS NULL)""",
                self.ids,
            )
        )
        # sudo: whoever erases a person may read none of the leads
        return self.env["ir.attachment"].sudo().browse(row[0] for row in rows).exists()


class CrmLeadMergeLine(models.Model):
    _inherit = "crm.lead.merge.line"

    def unlink(self):
        """Erase a person from the journal: with one lead's data goes all that the merge kept of the others.

        What remains says that there was a merge, and when; it cannot be undone.
        """
        merges = self.merge_id
        result = super().unlink()
        merges._erase()
        return result
