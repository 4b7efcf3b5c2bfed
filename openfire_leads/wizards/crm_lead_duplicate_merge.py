"""Several merges at one stroke: pairs were selected that have nothing to do with one another."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.merge.crm_lead_merge import ODOO_MAX_LENGTH
from ..tools import remote_calls
from ..tools.client_actions import notify_undo


class CrmLeadDuplicateMerge(models.TransientModel):
    _name = "crm.lead.duplicate.merge"
    _description = "Merge Several Groups of Similar Leads"

    pair_ids = fields.Many2many("crm.lead.duplicate", string="Pairs", required=True)
    group_count = fields.Integer("Merges", compute="_compute_groups", compute_sudo=False)
    group_names = fields.Text("Leads of Each Merge", compute="_compute_groups", compute_sudo=False)
    merge_ids = fields.Many2many("crm.lead.merge", string="Merges Made", readonly=True)

    @api.depends("pair_ids")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_groups(self):
        for wizard in self:
            groups = wizard.pair_ids._origin._groups_to_merge()
            wizard.group_count = len(groups)
            wizard.group_names = "\n".join(
                f"{number}. {' + '.join(group.mapped('display_name'))}"
                for number, group in enumerate(groups, 1)
            )

    @remote_calls.checked(one=True)
    def action_merge(self):
        """Merge each group into one lead of its own, and offer to take all of that back.

        :raises UserError: when there is nothing to merge any more, or a group has too many leads
        """
        # sudo: a field leaves out what the user may not read any more, and less than announced would be merged
        self.sudo().pair_ids.sudo(False).check_access("read")
        groups = self.pair_ids._groups_to_merge()
        if not groups:
            raise UserError(self.env._("These leads were merged or deleted meanwhile."))
        for group in groups:
            group._merge_check_number(ODOO_MAX_LENGTH)
        last = self.env["crm.lead.merge"].sudo().search([], order="id desc", limit=1)  # sudo: only its id
        survivors = self.env["crm.lead"]._merge_in_bulk(groups)
        self.merge_ids = self.env["crm.lead.merge"].search(
            [("survivor_id", "in", survivors.ids), ("id", ">", last.id or 0), ("kind", "=", "merge")]
        )
        names = ", ".join(survivors.mapped("display_name"))
        if len(survivors) == 1:
            message = self.env._("Merged into one lead: %(names)s.", names=names)
        else:
            message = self.env._(
                "%(count)d merges done. Leads that remain: %(names)s.", count=len(survivors), names=names
            )
        return notify_undo(message, self._name, "action_undo", self.ids)

    @remote_calls.checked(one=True)
    def action_undo(self):
        """Take back the merges that this window made.

        :raises UserError, AccessError: as ``crm.lead.merge.action_undo``
        """
        merges = self.merge_ids.filtered(lambda merge: merge.state == "done")
        if not merges:
            raise UserError(self.env._("Nothing was merged from this window: there is nothing to undo."))
        merges._undo_and_tell()
        return True
