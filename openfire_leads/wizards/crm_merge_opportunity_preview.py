"""What the merge window shows: the table drawn by the widget ``openfire_merge_table``."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.crm_lead_merge import ODOO_MAX_LENGTH


class CrmMergeOpportunity(models.TransientModel):
    _inherit = "crm.merge.opportunity"

    missing_count = fields.Integer(
        "Missing", help="How many of the selected leads no longer exist, or may not be seen by the user"
    )
    merge_blocked = fields.Boolean("Cannot Be Merged", help="Set by the window while something is in the way")
    merge_id = fields.Many2one("crm.lead.merge", readonly=True)

    @api.model
    def default_get(self, fields):
        """Leave out what is gone or not for the user to see, and count it, so that the window can tell."""
        selected = self.env.context.get("active_ids")
        if not selected:
            return super().default_get(fields)
        leads = self.env["crm.lead"].browse(selected).exists()._filtered_access("read")
        result = super(CrmMergeOpportunity, self.with_context(active_ids=leads.ids)).default_get(fields)
        if "missing_count" in fields:
            result["missing_count"] = len(set(selected)) - len(leads)
        return result

    @api.model_create_multi
    def create(self, vals_list):
        """Say in plain words that a lead is gone, where the database would speak of foreign keys."""
        leads = self.env["crm.lead"].browse(
            {
                lead_id
                for vals in vals_list
                for command in vals.get("opportunity_ids") or ()
                for lead_id in (command[2] if command[0] == Command.SET else command[1:2])
                if command[0] in (Command.SET, Command.LINK)
            }
        )
        gone = leads - leads.exists()
        if gone:
            raise UserError(leads._merge_missing_message(gone))
        return super().create(vals_list)

    def action_merge(self):
        """Remember what was merged, for the Undo button that is shown afterwards."""
        self.ensure_one()
        action = super().action_merge()
        self.merge_id = self.env["crm.lead.merge"].search(
            [("survivor_id", "=", action["res_id"]), ("user_id", "=", self.env.uid), ("kind", "=", "merge")],
            order="id desc",
            limit=1,
        )
        return action

    def action_undo_merge(self):
        """Take back what this window did: the merge, and the conversion that came with it."""
        self.ensure_one()
        merge = self.merge_id
        # the journal's date is the transaction's: what was made at one stroke has the same
        together = merge.search(
            [
                ("survivor_res_id", "=", merge.survivor_res_id),
                ("user_id", "=", merge.user_id.id),
                ("date", "=", merge.date),
                ("state", "=", "done"),
            ]
        )
        return together._undo_and_tell() if len(together) > 1 else merge.action_ask_undo()

    @api.model
    def get_merge_preview(self, lead_ids, survivor_id=False, picks=None, user_id=False, team_id=False):
        """Return what the window shows. Writes nothing, and raises nothing that a selection can cause.

        :param lead_ids: the leads to merge
        :param survivor_id: the lead to keep, or False for the rule's
        :param picks: ``{field name: lead id}``, values picked by hand
        :param user_id: the salesperson the result is to be assigned to, or False
        :param team_id: the same for the sales team
        :returns: as ``crm.lead.preview_merge``, with on each lead ``type_label`` and ``badges``
            (``[{"label", "tone"}]``), on each field ``how`` the result came about (``survivor``, ``filled``,
            ``combined``, ``picked`` or ``forced``), and ``gone_ids``: the leads that no longer exist or that
            the user may no longer see
        """
        leads = self.env["crm.lead"].browse(lead_ids).exists()._filtered_access("read")
        gone = self.env["crm.lead"].browse(lead_ids) - leads
        obstacle = self._preview_obstacle(leads)
        if obstacle:
            preview = {"survivor_id": False, "leads": [], "fields": [], "links": [], "blockers": [obstacle]}
            preview["outcome"] = {"messages": []}
        else:
            preview = self._preview_of(leads, survivor_id, picks, user_id, team_id)
        preview["gone_ids"] = gone.ids
        if gone:
            preview["blockers"].insert(0, leads._merge_missing_message(gone))
        return preview

    @api.model
    def _preview_obstacle(self, leads):
        """Return why there is nothing to compare, as a sentence, or None."""
        if len(leads) < 2:
            return self.env._("Select at least two leads or opportunities to merge them.")
        try:
            leads._merge_check_number(ODOO_MAX_LENGTH)
        except UserError as error:
            return str(error)
        return None

    @api.model
    def _preview_of(self, leads, survivor_id, picks, user_id, team_id):
        """Return the preview of ``crm.lead.preview_merge``, completed with what only a window needs."""
        picks = {fname: lead_id for fname, lead_id in (picks or {}).items() if lead_id in leads._ids}
        preview = leads.preview_merge(
            survivor_id=survivor_id,
            picks=picks,
            user_id=user_id,
            team_id=team_id,
        )
        types = dict(leads._fields["type"]._description_selection(self.env))
        for lead in preview["leads"]:
            lead["type_label"] = types[lead["type"]]
            lead["badges"] = self._preview_badges(lead)
        asked = {"user_id": user_id, "team_id": team_id}
        for row in preview["fields"]:
            origin_id = row["result"]["lead_id"]
            if asked.get(row["name"]):
                row.update(how="forced", choosable=False)
            elif row["name"] in picks:
                row["how"] = "picked"
            elif row["combined"] or not origin_id:
                row["how"] = "combined"
            else:
                row["how"] = "survivor" if origin_id == preview["survivor_id"] else "filled"
        return preview

    @api.model
    def _preview_badges(self, lead):
        """Return what is to be seen at once about a lead: won, lost, archived."""
        if lead["won_status"] == "won":
            return [{"label": self.env._("Won"), "tone": "success"}]
        if lead["won_status"] == "lost":
            return [{"label": self.env._("Lost"), "tone": "danger"}]
        if not lead["active"]:
            return [{"label": self.env._("Archived"), "tone": "secondary"}]
        return []

    def get_merge_result(self):
        """Return what to tell after a merge, or False if there was none.

        :returns: ``{"merge_id", "survivor_id", "message", "can_undo"}``
        """
        self.ensure_one()
        merge = self.merge_id
        if not merge:
            return False
        return {
            "merge_id": merge.id,
            "survivor_id": merge.survivor_id.id,
            "message": self.env._(
                "“%(names)s” merged into “%(survivor)s”.",
                names="”, “".join((merge.merged_names or "").split("\n")),
                survivor=merge.survivor_name,
            ),
            "can_undo": merge.can_undo,
        }
