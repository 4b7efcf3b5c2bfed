"""The window that converts one lead: the customer is linked, created or left out exactly as chosen."""

from odoo import api, fields, models
from odoo.exceptions import MissingError, UserError


class CrmLead2opportunityPartner(models.TransientModel):
    _inherit = "crm.lead2opportunity.partner"

    # the documented order
    action = fields.Selection(
        selection_add=[
            ("exist", "Link to an existing customer"),
            ("create", "Create a new customer"),
            ("nothing", "Do not link to a customer"),
        ],
        ondelete={"nothing": lambda wizards: wizards.write({"action": "create"})},
    )
    customer_is_chosen = fields.Boolean(
        help="The choice of the customer came with the window. It was not set afterwards by code made for "
        "stock Odoo, for which “create” means “create unless there is one”.",
    )

    opened_lead_id = fields.Integer(
        help="The lead that the window was opened on; a merge meanwhile points the window to the survivor.",
    )

    # ------------------------------------------------------------
    # Proposals
    # ------------------------------------------------------------

    @api.depends("lead_id")
    def _compute_action(self):
        """Propose to link also when a customer is certainly the requester, though Odoo finds no exact match."""
        super()._compute_action()
        certainty = self.env["crm.lead.duplicate"]._matching_model().certainty
        for convert in self:
            if convert.action == "create" and convert._likeliest_customer(certainty):
                convert.action = "exist"

    @api.depends("action", "lead_id")
    def _compute_partner_id(self):
        """Where the user chooses to link, and Odoo finds no exact match, propose the likeliest customer.

        Code made for stock Odoo sees no proposal before it applies its choice: only who is certain is linked.
        """
        super()._compute_partner_id()
        certainty = self.env["crm.lead.duplicate"]._matching_model().certainty
        for convert in self:
            if convert.action == "exist" and not convert.partner_id:
                seen = not convert._origin or convert.customer_is_chosen
                convert.partner_id = convert._likeliest_customer(0 if seen else certainty)

    def _likeliest_customer(self, min_score=0):
        """Return the ``res.partner`` that is likeliest the requester, empty below ``min_score``."""
        likeliest = (self.similar_partners or [])[:1]
        ids = [line["id"] for line in likeliest if line["score"] >= min_score]
        return self.env["res.partner"].browse(ids)

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        """Say in the window what the documentation says, without touching the labels that belong to Odoo."""
        description = super().fields_get(allfields, attributes)
        labels = {
            "merge": self.env._("Merge with the existing opportunities"),
            "each_exist_or_create": self.env._("For each lead: link to its customer, or create one"),
        }
        for name in ("name", "action"):
            if "selection" in description.get(name, ()):
                description[name]["selection"] = [
                    (value, labels.get(value, label)) for value, label in description[name]["selection"]
                ]
        return description

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        lead_id = self.env.context.get("default_lead_id") or self.env.context.get("active_id")
        if "lead_id" in fields and lead_id and self._name == "crm.lead2opportunity.partner":
            lead = self.env["crm.lead"].browse(lead_id)
            try:
                in_the_way = lead.won_status == "won"
            except MissingError:
                in_the_way = True
            if in_the_way:
                raise UserError(lead._conversion_obstacle())
        return super().default_get(fields)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            lead = self.env["crm.lead"].browse(vals.get("lead_id") or ())
            if lead and not lead.exists():
                raise UserError(lead._explain_missing())
        wizards = super().create([{**vals, "customer_is_chosen": "action" in vals} for vals in vals_list])
        for wizard in wizards:
            wizard.opened_lead_id = wizard.lead_id.id
        return wizards

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_apply(self):
        if not self.exists():
            # deleted along with its lead
            raise UserError(self.env["crm.lead"]._explain_missing())
        opened_lead = self.env["crm.lead"].browse(self.opened_lead_id or ())
        if opened_lead and not opened_lead.exists():
            raise UserError(opened_lead._explain_missing())
        self._check_before_apply()
        return super().action_apply()

    def _check_before_apply(self):
        if self.name == "convert":
            self.lead_id._check_convertible()
            self._check_customer_chosen()

    def _check_customer_chosen(self):
        """Refuse to link nobody where the choice was to link somebody."""
        if self.customer_is_chosen and self.action == "exist" and not self.partner_id:
            raise UserError(self.env._("Choose the customer to link, or another choice for the customer."))

    def _convert_handle_partner(self, lead, action, partner_id):
        if not self._is_customer_choice_literal(lead):
            return super()._convert_handle_partner(lead, action, partner_id)
        # the salesperson chosen in the window becomes the new customer's, as in Odoo
        return lead.with_context(default_user_id=self.user_id.id)._apply_customer_choice(
            self.action, self.partner_id, self.commercial_partner_id
        )

    def _is_customer_choice_literal(self, lead):
        """Return whether the choice is to be taken to the letter for this lead.

        Not when merging: the choice is not offered then, and the survivor's customer stays. Nor for an
        opportunity (mass conversion may hold some): its customer was settled when it became one.
        """
        if self.name != "convert" or lead.type != "lead":
            return False
        return self.action == "nothing" or (self.customer_is_chosen and self.action in ("exist", "create"))
