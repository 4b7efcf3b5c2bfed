"""What the machine merged by itself, or all at once, is nobody's judgement; taking it back is."""

from odoo import api, models

MACHINE = ("certain", "automatic")


class CrmLeadMatchJudgement(models.Model):
    _inherit = "crm.lead.match.judgement"

    @api.model
    def _keep_merged(self, merges):
        # of what it was certain of itself it would only learn that it was right
        by_machine = self.env["crm.lead.merge"].search(
            [("id", "in", merges.ids), ("run_line_ids.run_id.kind", "in", MACHINE), ("state", "=", "done")]
        )
        super()._keep_merged(merges - by_machine)

    @api.model
    def _collect_undone(self):
        super()._collect_undone()
        known = self._search([("merge_id", "!=", False)]).subselect("merge_id")
        taken_back = self.env["crm.lead.merge"].search([
            ("run_line_ids.run_id.kind", "in", MACHINE),
            ("state", "=", "undone"), ("lead_count", "=", 2), ("id", "not in", known),
        ])  # fmt: skip
        if taken_back:
            self._keep_merged(taken_back)
