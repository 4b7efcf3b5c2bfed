"""The window that converts several leads at once."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..merging import Choices
from ..models.merge.chosen_records import chosen_ids
from ..tools import remote_calls
from ..tools.client_actions import with_views


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
        active_ids = remote_calls.context_ids(self.env)
        leads = self.env["crm.lead"].browse(active_ids).exists()
        if active_ids and not leads:
            raise UserError(self._explain_nothing_left())
        # Odoo refuses to open the window when the lead clicked last is closed: let it look at an open one
        first = leads._filtered_access("read").filtered(lambda lead: lead.probability < 100)[:1]
        wizard = self.with_context(active_ids=leads.ids, active_id=first.id)
        return super(CrmLead2opportunityPartnerMass, wizard).default_get(fields)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if "lead_tomerge_ids" in vals:
                vals["lead_tomerge_ids"] = self._existing_leads_commands(vals["lead_tomerge_ids"])
            if vals.get("line_ids"):
                vals["line_ids"] = self._existing_lines_commands(vals["line_ids"])
        return super().create(vals_list)

    @remote_calls.checked(one=True)
    def action_mass_convert(self):
        """Convert the leads selected, tell which ones were left as they are and why.

        Won, lost and archived ones are left alone: converting them would mean to reopen them.
        """
        with self._remember_journal() as window:
            return window._mass_convert()

    def _mass_convert(self):
        if self.name == "merge":
            # Odoo would merge all requesters into a single lead: merge each one with its own
            self.write({"name": "convert", "deduplicate": True})
        self._check_customer_chosen()
        leads = self._selected_leads()
        changeable = leads.exists()._filtered_access("write")
        skipped = {lead: self._mass_refusal(lead) for lead in leads - changeable}
        skipped |= {lead: obstacle for lead in changeable if (obstacle := self._mass_obstacle(lead))}
        nameless = changeable.filtered(lambda lead: lead.type == "lead" and not lead._customer_name())
        convertible = leads.filtered(lambda lead: lead not in skipped)
        if not convertible:
            raise UserError("\n".join(dict.fromkeys(skipped.values())) or self._explain_nothing_left())
        if self.deduplicate:
            convertible = self._merge_each_requester(convertible)
            self.deduplicate = False  # it is done
        wizard = self.with_context(active_ids=convertible.ids)
        action = super(CrmLead2opportunityPartnerMass, wizard).action_mass_convert()
        nameless = nameless.exists() - self.env["crm.lead"].concat(*skipped)
        alone = nameless.filtered(lambda lead: not lead.partner_id and self._mass_choice(lead)[0] == "create")
        told = [
            self.env._("“%(name)s” was converted without a customer, for it names nobody.", name=lead.name)
            for lead in alone
        ]
        return self._tell_left(list(skipped.values()), told, action)

    @remote_calls.checked(one=True)
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
        if lead.type != "lead":
            return super()._convert_handle_partner(lead, action, partner_id)
        choice, partner, firm = self._mass_choice(lead)
        if choice == "create" and not lead._customer_name():
            return None  # told at the end
        if self.action not in ("each_chosen", "each_exist_or_create"):
            return super()._convert_handle_partner(lead, action, partner_id)
        lead_with_user = lead.with_context(default_user_id=self.user_id.id)
        return lead_with_user._apply_customer_choice(choice, partner, firm)

    def _mass_choice(self, lead):
        """Return what becomes of the lead's customer: ``(choice, res.partner to link, company to put it in)``."""
        nobody = self.env["res.partner"]
        if self.action == "each_chosen":
            line = self.line_ids.filtered(lambda line: line.lead_id == lead)[:1]
            if line:
                firm = self._customer_parent(lead) if line.action == "create" else nobody
                return line.action, line.partner_id, firm
        if self.action in ("each_chosen", "each_exist_or_create"):
            proposal = lead._propose_customer(exact_only=True)
            return proposal["action"], proposal["partner"], proposal["firm"]
        return self.action, self.partner_id, nobody

    def _customer_parent(self, lead):
        """There is no company to choose in mass: a new contact goes into the firm that is known."""
        return lead._find_customer_firm()

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
        """Return the leads to convert, in the order of the list they were selected in, the missing ones too."""
        ids = remote_calls.context_ids(self.env) or self.lead_tomerge_ids.ids
        return self.env["crm.lead"].browse(dict.fromkeys(ids))

    @api.model
    def _mass_refusal(self, lead):
        """Return why a lead that is gone, or that the user may not change, is left as it is, as a sentence."""
        if not lead.exists():
            return lead._explain_missing()
        if not lead.has_access("read"):
            return self.env._("You may not see some of the selected leads: they were left as they are.")
        return self.env._("You may read “%(name)s”, but not change it.", name=lead.name)

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
        ids = chosen_ids(commands)
        leads = self.env["crm.lead"].browse(ids).exists()
        if ids and not leads:
            raise UserError(self._explain_nothing_left())
        return [(6, 0, leads.ids)]

    @api.model
    def _chosen_to_forget(self, vals):
        """What the user may not see any more is told when all is done."""
        return super()._chosen_to_forget(vals) | {"lead_tomerge_ids"}

    @api.model
    def _existing_lines_commands(self, commands):
        """Return commands of ``line_ids`` without the new lines of leads that are gone, or that the user may not see
        any more: these are told when all is done."""

        def lead_id(command):
            is_new = isinstance(command, list | tuple) and command[0] == Command.CREATE
            return is_new and command[2].get("lead_id")

        ids = [lead_id(command) for command in commands if remote_calls.is_id(lead_id(command))]
        left_out = set(ids) - set(self.env["crm.lead"].browse(ids).exists()._filtered_access("read").ids)
        return [command for command in commands if lead_id(command) not in left_out]

    @api.model
    def _tell_left(self, skipped, alone, action):
        """Return ``action`` preceded by a notification of what was not converted, or has no customer.

        :param skipped: sentences, one for each lead that was not converted
        :param alone: sentences, one for each lead that was converted without the customer asked for
        """
        if not skipped and not alone:
            return action
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "title": self.env._("Not converted") if skipped else self.env._("Without a customer"),
                "message": "\n".join(dict.fromkeys(skipped + alone)),
                "next": with_views(action),
            },
        }

    # ------------------------------------------------------------
    # Merging each requester's leads first, whatever the order and the selection
    # ------------------------------------------------------------

    def _merge_each_requester(self, leads):
        """Merge each of these leads with those of the same requester, selected or not.

        :returns: what is to be converted, in the order of ``leads``: those left alone, and the survivors
        """
        became = {}
        for lead in leads:
            if lead.id in became:
                continue
            group = self._mass_mergeable(lead)
            if len(group) > 1:
                self._check_mass_assignment(group)
                survivor = group.merge_opportunity()
                became.update(dict.fromkeys(group.ids, survivor.id))
        return self.env["crm.lead"].browse(
            dict.fromkeys(self._what_became(lead.id, became) for lead in leads)
        )

    @staticmethod
    def _what_became(lead_id, became):
        """Return the id of the lead that this one is in by now: a survivor may have been merged on."""
        while became.get(lead_id, lead_id) != lead_id:
            lead_id = became[lead_id]
        return lead_id

    def _mass_mergeable(self, lead):
        """Return the leads to merge with this one, it included: by Odoo's exact criteria, only what can be merged.

        Somebody else's that the user may not change, and those of another company, stay as they are.
        """
        found = self.env["crm.lead"]._get_lead_duplicates(
            partner=lead.partner_id, email=lead.partner_id.email or lead.email_from, include_lost=False
        )
        if not found - lead:
            return lead
        group = (lead | found)._filtered_access("write")
        company = lead.company_id or group.company_id[:1]
        return group.filtered(lambda other: not other.company_id or other.company_id == company)

    def _check_mass_assignment(self, group):
        """Refuse salespeople by whom what remains of ``group`` would change company."""
        kept = group._merge_assignment()[0] and not self.force_assignment
        for user in () if kept else self.user_ids:
            group._merge_check_assignment(Choices(user_id=user.id, team_id=self.team_id.id))
