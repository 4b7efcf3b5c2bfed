"""The conversion windows journal the whole conversion: customer, type, salesperson and team."""

from odoo import models
from odoo.tools import SQL


class CrmLead2opportunityPartner(models.TransientModel):
    _inherit = "crm.lead2opportunity.partner"

    def _convert_and_allocate(self, leads, user_ids, team_id=False):
        runs, journal = leads._conversion_open()
        if runs:
            leads = leads.with_context(openfire_conversion_runs=runs)
        result = super()._convert_and_allocate(leads, user_ids, team_id=team_id)
        leads._conversion_close(runs, journal)
        return result

    def _action_merge(self):
        """What the window sets on the survivor right after merging belongs to the merge, or to its conversion."""
        survivor = super()._action_merge()
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """UPDATE crm_lead_merge_line line
                      SET values_after = COALESCE((
                              SELECT later.values_before
                                FROM crm_lead_merge m
                                JOIN crm_lead_merge_line later ON later.merge_id = m.id AND later.sequence = 0
                               WHERE m.kind = 'conversion' AND m.state = 'done' AND m.id > line.merge_id
                                 AND m.survivor_res_id = line.lead_res_id
                            ORDER BY m.id LIMIT 1), to_jsonb(l))
                     FROM crm_lead l
                    WHERE l.id = line.lead_res_id AND line.sequence = 0 AND line.merge_id = (
                          SELECT max(id) FROM crm_lead_merge
                           WHERE kind = 'merge' AND state = 'done' AND survivor_res_id = %s AND date = %s)""",
                survivor.id,
                self.env.cr.now(),
            )
        )
        self.env["crm.lead.merge.line"].invalidate_model(["values_after"])
        return survivor
