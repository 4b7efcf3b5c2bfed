"""The window that converts several leads at once."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmLead2opportunityPartnerMass(models.TransientModel):
    _inherit = "crm.lead2opportunity.partner.mass"

    action = fields.Selection(
        selection_add=[("each_chosen", "For each lead: as chosen below")],
        ondelete={"each_chosen": lambda wizards: wizards.write({"action": "each_exist_or_create"})},
    )
    line_ids = fields.One2many(
        "crm.lead2opportunity.partner.mass.line",
        "wizard_id",
        "Customer of Each Lead",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )

    @api.depends("action", "lead_tomerge_ids")
    def _compute_line_ids(self):
        for wizard in self:
            leads = wizard.lead_tomerge_ids if wizard.action == "each_chosen" else self.env["crm.lead"]
            if wizard.line_ids.lead_id != leads:
                lines = [(0, 0, {"lead_id": lead._origin.id}) for lead in leads if lead.type == "lead"]
                wizard.line_ids = [(5, 0, 0), *lines]

    @api.model
    def default_get(self, fields):
        """Leave out what was deleted or merged since the list was loaded; refuse when nothing is left."""
        active_ids = self.env.context.get("active_ids") or []
        leads = self.env["crm.lead"].browse(active_ids).exists()
        if active_ids and not leads:
            raise UserError(self._explain_nothing_left())
        # Odoo refuses to open the window when the lead clicked last is closed: let it look at an open one
        first = leads.filtered(lambda lead: lead.probability < 100)[:1]
        wizard = self.with_context(active_ids=leads.ids, active_id=first.id)
        return super(CrmLead2opportunityPartnerMass, wizard).default_get(fields)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if "lead_tomerge_ids" in vals:
                vals["lead_tomerge_ids"] = self._existing_leads_commands(vals["lead_tomerge_ids"])
        return super().create(vals_list)

    def action_mass_convert(self):
        """Convert the leads selected, tell which ones were left as they are and why.

        Won, lost and archived ones are left alone: converting them would mean to reopen them.
        """
        self.ensure_one()
        if self.name == "merge":
            # Odoo would merge all requesters into a single lead: merge each one with its own
            self.write({"name": "convert", "deduplicate": True})
        self._check_customer_chosen()
        leads = self._selected_leads()
        skipped = {lead: obstacle for lead in leads if (obstacle := self._mass_obstacle(lead))}
        convertible = leads.filtered(lambda lead: lead not in skipped)
        if not convertible:
            raise UserError("\n".join(skipped.values()) or self._explain_nothing_left())
        wizard = self.with_context(active_ids=convertible.ids)
        action = super(CrmLead2opportunityPartnerMass, wizard).action_mass_convert()
        return self._tell_skipped(skipped, action)

    def action_apply(self):
        """Show all the opportunities, where Odoo opens the form of the first one."""
        action = super().action_apply()
        opportunities = self.env["crm.lead"].browse(self.env.context.get("active_ids") or ()).exists()
        if len(opportunities) > 1:
            action = self.env["ir.actions.act_window"]._for_xml_id("crm.crm_lead_opportunities")
            action["domain"] = [("id", "in", opportunities.ids)]
            action["context"] = {"default_type": "opportunity"}
        return action

    def _convert_handle_partner(self, lead, action, partner_id):
        line = self.line_ids.filtered(lambda line: line.lead_id == lead)[:1]
        if self.action != "each_chosen" or not line or lead.type != "lead":
            return super()._convert_handle_partner(lead, action, partner_id)
        lead_with_user = lead.with_context(default_user_id=self.user_id.id)
        return lead_with_user._apply_customer_choice(line.action, line.partner_id, self.env["res.partner"])

    def _check_customer_chosen(self):
        super()._check_customer_chosen()
        if self.action == "each_chosen":
            lines = self.line_ids.filtered(lambda line: line.action == "exist" and not line.partner_id)
            if lines:
                raise UserError(
                    self.env._(
                        "Choose the customer to link to “%(name)s”, or another choice for the customer.",
                        name=lines[0].lead_id.name,
                    )
                )

    def _check_before_apply(self):
        """Leave it to ``action_mass_convert``, which looks at each lead."""

    def _selected_leads(self):
        """Return the leads to convert, in the order of the list they were selected in."""
        ids = self.env.context.get("active_ids") or self.lead_tomerge_ids.ids
        return self.env["crm.lead"].browse(ids).exists()

    def _mass_obstacle(self, lead):
        # opportunities may be among them: salesperson, team and customer are set on these too, as in Odoo
        return (lead.won_status == "won" or not lead.active) and lead._conversion_obstacle()

    @api.model
    def _explain_nothing_left(self):
        return self.env._(
            "None of the selected leads is there any more: they were deleted or merged meanwhile. "
            "Reload the list."
        )

    @api.model
    def _existing_leads_commands(self, commands):
        """Return commands of ``lead_tomerge_ids`` without the leads that are gone."""
        ids = []
        for command in commands:
            if isinstance(command, int):
                ids.append(command)
            elif command[0] == 6:
                ids.extend(command[2])
            elif command[0] == 4:
                ids.append(command[1])
        leads = self.env["crm.lead"].browse(ids).exists()
        if ids and not leads:
            raise UserError(self._explain_nothing_left())
        return [(6, 0, leads.ids)]

    @api.model
    def _tell_skipped(self, skipped, action):
        """Return ``action`` preceded by a notification of what was not converted."""
        if not skipped:
            return action
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "title": self.env._("Not converted"),
                "message": "\n".join(skipped.values()),
                "next": action,
            },
        }
