"""The merge window: who survives, which values stay, what becomes of won ones, and what it shows of all that."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.merge.crm_lead_merge import ODOO_MAX_LENGTH
from ..tools import remote_calls


class CrmMergeOpportunity(models.TransientModel):
    _name = "crm.merge.opportunity"
    _inherit = ["crm.merge.opportunity", "crm.lead.merge.result"]

    won_ids = fields.Many2many(
        "crm.lead", "crm_merge_opportunity_won_rel", "merge_id", "lead_id", string="Won opportunities",
        context={"active_test": False},
    )  # fmt: skip
    include_won = fields.Boolean(
        "Merge the won ones too", default=lambda self: self.env["crm.lead"]._merge_survivor_rule() == "oldest"
    )
    candidate_ids = fields.Many2many(
        "crm.lead", compute="_compute_candidate_ids", string="Leads that will be merged",
        context={"active_test": False},
    )  # fmt: skip
    survivor_id = fields.Many2one(
        "crm.lead",
        "Lead that remains",
        compute="_compute_survivor_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', candidate_ids)]",
        context={"active_test": False},
        help="The others are merged into it; its values win.",
    )
    # {field name: lead id}, see merging.plan.Choices
    picks = remote_calls.PlainJson("Values taken from another lead", default=dict)
    missing_count = fields.Integer(
        "Missing", help="How many of the selected leads no longer exist, or may not be seen by the user"
    )
    merge_blocked = fields.Boolean("Cannot Be Merged", help="Set by the window while something is in the way")
    convert_id = fields.Many2one(
        "crm.lead2opportunity.partner",
        "Conversion",
        ondelete="set null",
        help="The convert window from which this one was opened: it converts and assigns the result",
    )

    @api.model
    def default_get(self, fields):
        """Leave out what is gone or not for the user to see, and count it, so that the window can tell.

        Won opportunities stay in the selection instead of being dropped in silence; under the rule ``confidence``
        they are left out as in Odoo, until the user says otherwise.
        """
        selected = remote_calls.context_ids(self.env)
        if not selected:
            return super().default_get(fields)
        leads = self.env["crm.lead"].browse(dict.fromkeys(selected)).exists()._filtered_access("read")
        of_leads = self.env.context.get("active_model", "crm.lead") == "crm.lead"
        if len(leads) < 2 and of_leads:
            # before the window opens: there would be nothing in it
            raise UserError(self._explain_too_few(self.env["crm.lead"].browse(set(selected)) - leads))
        result = super(CrmMergeOpportunity, self.with_context(active_ids=leads.ids)).default_get(fields)
        if "missing_count" in fields:
            result["missing_count"] = len(set(selected)) - len(leads)
        if not of_leads or not leads:
            return result
        if "won_ids" in fields:
            result["won_ids"] = [Command.set(leads.filtered(lambda lead: lead.won_status == "won").ids)]
        if "opportunity_ids" in fields and leads._merge_survivor_rule() == "oldest":
            result["opportunity_ids"] = [Command.set(leads.ids)]
        return result

    # Not a constraint, which is checked as superuser: the window would name a lead that the user may not read.

    @api.model_create_multi
    def create(self, vals_list):
        wizards = super().create(vals_list)
        wizards.survivor_id.check_access("read")
        return wizards

    def write(self, vals):
        result = super().write(vals)
        if "survivor_id" in vals:
            self.survivor_id.check_access("read")
        return result

    @api.depends("opportunity_ids", "won_ids", "include_won")
    def _compute_candidate_ids(self):
        for wizard in self:
            wizard.candidate_ids = wizard._leads_to_merge()

    @api.depends("candidate_ids")
    def _compute_survivor_id(self):
        for wizard in self:
            leads = wizard.candidate_ids._origin.exists()
            if wizard.survivor_id._origin not in leads:
                wizard.survivor_id = leads._merge_order()[:1]

    # ------------------------------------------------------------
    # Merging
    # ------------------------------------------------------------

    @remote_calls.checked(one=True)
    def action_merge(self):
        """Merge as the window says, and remember it for the Undo button that is shown afterwards."""
        leads = self._leads_to_merge()
        if len(leads) < 2:
            raise UserError(self._explain_too_few(leads.browse()))
        self.opportunity_ids = leads
        # a lead that was taken out of the window, or is gone, has no value to give any more
        picks = remote_calls.lead_of_each(self.env, "picks", self.picks)
        picks = {name: lead for name, lead in picks.items() if lead in leads.ids}
        choices = {"survivor_id": self.survivor_id.id, "picks": picks}
        with self._remember_journal() as window:
            return window.with_context(openfire_merge=choices)._merge_and_redirect()

    def _merge_and_redirect(self):
        """Leave merging to the convert window that this one was opened from, if there is one."""
        if not self.convert_id:
            return super().action_merge()
        leads = self.opportunity_ids
        lead = self.convert_id.lead_id if self.convert_id.lead_id in leads else leads[0]
        values = {
            "name": "merge",
            "duplicated_lead_ids": [Command.set(leads.ids)],
            # as this window shows it: who is named here, else the survivor's own
            "user_id": self.user_id.id,
            "team_id": self.team_id.id,
            "proposed_user_id": False,
            "proposed_team_id": False,
        }
        if lead != self.convert_id.lead_id:
            values["lead_id"] = lead.id
        self.convert_id.write(values)
        return self.convert_id.action_apply()

    def _leads_to_merge(self):
        """Return the leads of the window that will be merged."""
        self.ensure_one()
        leads = (
            self.opportunity_ids | self.won_ids if self.include_won else self.opportunity_ids - self.won_ids
        )
        # in a window that is open, ids stand for what may be gone by now
        return leads._origin.exists()

    # ------------------------------------------------------------
    # What the window shows
    # ------------------------------------------------------------

    @api.model
    @remote_calls.checked(
        lead_ids=remote_calls.ids,
        survivor_id=remote_calls.one_id,
        picks=remote_calls.lead_of_each,
        user_id=remote_calls.existing_id("res.users"),
        team_id=remote_calls.existing_id("crm.team"),
    )
    def get_merge_preview(self, lead_ids, survivor_id=False, picks=None, user_id=False, team_id=False):
        """Return what the window shows. Writes nothing, and raises nothing that a selection can cause: a survivor that
        is not among the leads stands among the ``blockers``.

        :param lead_ids: the leads to merge
        :param survivor_id: the lead to keep, or False for the rule's
        :param picks: ``{field name: lead id}``, values picked by hand
        :param user_id: the salesperson the result is to be assigned to, or False
        :param team_id: the same for the sales team
        :returns: as ``crm.lead.preview_merge``, with on each lead ``type_label`` and ``badges``
            (``[{"label", "tone"}]``), and ``gone_ids``: the leads that no longer exist or that
            the user may no longer see
        """
        leads = self.env["crm.lead"].browse(lead_ids).exists()._filtered_access("read")
        gone = self.env["crm.lead"].browse(lead_ids) - leads
        obstacle = self._preview_obstacle(leads)
        if obstacle:
            preview = {"survivor_id": False, "leads": [], "fields": [], "links": [], "blockers": [obstacle]}
            preview |= {"outcome": {"messages": []}, "warnings": []}
        else:
            preview = self._preview_of(leads, survivor_id, picks, user_id, team_id)
        preview["gone_ids"] = gone.ids
        if survivor_id and survivor_id not in leads._ids:
            preview["blockers"].append(leads._merge_survivor_message())
        if gone:
            preview["blockers"].insert(0, leads._merge_missing_message(gone))
        return preview

    @api.model
    def _explain_too_few(self, missing):
        """Return why there are not two leads to merge, as a sentence.

        :param missing: what of the selection is gone, or not for the user to see
        """
        if missing:
            return self.env["crm.lead"]._merge_missing_message(missing)
        return self.env._("Select at least two leads or opportunities to merge them.")

    @api.model
    def _preview_obstacle(self, leads):
        """Return why there is nothing to compare, as a sentence, or None."""
        if len(leads) < 2:
            return self._explain_too_few(leads.browse())
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
            survivor_id=survivor_id in leads._ids and survivor_id,
            picks=picks,
            user_id=user_id,
            team_id=team_id,
        )
        types = dict(leads._fields["type"]._description_selection(self.env))
        for lead in preview["leads"]:
            lead["type_label"] = types[lead["type"]]
            lead["badges"] = self._preview_badges(lead)
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
