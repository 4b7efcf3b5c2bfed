"""The window that converts one lead: convert or merge, salesperson and team, and the customer exactly as chosen."""

from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import MissingError, UserError

from ..tools import remote_calls


class CrmLead2opportunityPartner(models.TransientModel):
    _name = "crm.lead2opportunity.partner"
    _inherit = ["crm.lead2opportunity.partner", "crm.lead.merge.result"]

    _noted_fields = frozenset({"proposed_user_id", "proposed_team_id"})

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

    customer_proposal = fields.Json(compute="_compute_customer_proposal", compute_sudo=False)
    # what the proposal and what is shown are made of: looked up once
    found_partners = fields.Json(compute="_compute_found_partners", compute_sudo=False)
    opened_lead_id = fields.Integer(
        help="The lead that the window was opened on; a merge meanwhile points the window to the survivor.",
    )
    similar_leads = remote_calls.PlainJson(compute="_compute_similar_leads", compute_sudo=False)
    similar_partners = remote_calls.PlainJson(compute="_compute_similar_partners", compute_sudo=False)
    nothing_to_merge = fields.Boolean(
        "Nothing to Merge", compute="_compute_nothing_to_merge", compute_sudo=False
    )
    merge_blockers = fields.Text(
        "What Stands in the Way of Merging", compute="_compute_merge_remarks", compute_sudo=False
    )
    merge_warnings = fields.Text(
        "What to Look at before Merging", compute="_compute_merge_remarks", compute_sudo=False
    )
    # what the window last proposed: anything else was chosen by the user
    proposed_user_id = fields.Many2one(
        "res.users",
        "Proposed Salesperson",
        compute="_compute_user_id",
        store=True,
        readonly=False,
        compute_sudo=False,
    )
    proposed_team_id = fields.Many2one(
        "crm.team",
        "Team Proposed for Merging",
        compute="_compute_team_id",
        store=True,
        readonly=False,
        compute_sudo=False,
    )

    # ------------------------------------------------------------
    # Proposals
    # ------------------------------------------------------------

    @api.depends("lead_id")
    @api.depends_context("uid")
    def _compute_found_partners(self):
        for convert in self:
            convert.found_partners = convert.lead_id._find_similar_partners() if convert.lead_id else []

    @api.depends("lead_id")
    def _compute_customer_proposal(self):
        for convert in self:
            lead = convert.lead_id
            proposal = {"action": "create", "partner": lead, "firm": lead}
            if lead:
                proposal = lead._propose_customer(lambda convert=convert: convert.found_partners or [])
            convert.customer_proposal = {
                "action": proposal["action"],
                "partner_id": proposal["partner"].id,
                "firm_id": proposal["firm"].id,
            }

    @api.depends("lead_id")
    def _compute_action(self):
        """Propose to link who is evidently the requester, and a new contact where only the firm is known."""
        super()._compute_action()
        for convert in self:
            if convert.lead_id:
                convert.action = convert.customer_proposal["action"]

    @api.depends("action", "lead_id")
    def _compute_partner_id(self):
        """Where the user chooses to link, and Odoo finds no exact match, propose the likeliest customer.

        Code made for stock Odoo sees no proposal before it applies its choice: only who is evident is linked.
        """
        super()._compute_partner_id()
        for convert in self:
            if convert.action != "exist" or not convert.lead_id:
                continue
            proposed = convert._customer_proposed("partner_id")
            if proposed:
                convert.partner_id = proposed
            elif not convert.partner_id and (not convert._origin or convert.customer_is_chosen):
                convert.partner_id = convert._likeliest_customer()

    @api.depends("action", "lead_id")
    def _compute_commercial_partner_id(self):
        """Propose the firm of a new contact; who chose another one keeps it."""
        super()._compute_commercial_partner_id()
        for convert in self:
            if convert.action == "create" and not convert.commercial_partner_id:
                convert.commercial_partner_id = convert._customer_proposed("firm_id")

    def _customer_proposed(self, key):
        return self.env["res.partner"].browse((self.customer_proposal or {}).get(key) or ())

    def _likeliest_customer(self):
        """Return the ``res.partner`` that is likeliest the requester, however unlikely."""
        return self.env["res.partner"].browse(line["id"] for line in (self.similar_partners or [])[:1])

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
        remote_calls.context_ids(self.env)
        lead_id = remote_calls.context_id(self.env, "default_lead_id")
        lead_id = lead_id or remote_calls.context_id(self.env, "active_id")
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

    @api.model
    def _chosen_to_forget(self, vals):
        """Whoever converts does not merge: what else there was to merge may be gone."""
        converting = vals.get("name") == "convert"
        return super()._chosen_to_forget(vals) | ({"duplicated_lead_ids"} if converting else set())

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    @remote_calls.checked(one=True)
    def action_apply(self):
        if not self.exists():
            # deleted along with its lead
            raise UserError(self.env["crm.lead"]._explain_missing())
        self._check_before_apply()
        with self._remember_journal() as window:
            return super(CrmLead2opportunityPartner, window).action_apply()

    def _check_before_apply(self):
        opened_lead = self.env["crm.lead"].browse(self.opened_lead_id or ())
        if opened_lead and not opened_lead.exists():
            raise UserError(opened_lead._explain_missing())
        if self.name == "convert":
            self.lead_id._check_convertible()
            self._check_customer_chosen()
        else:
            self._check_something_to_merge()

    def _check_customer_chosen(self):
        """Refuse to link nobody where the choice was to link somebody."""
        if self.customer_is_chosen and self.action == "exist" and not self.partner_id:
            raise UserError(self.env._("Choose the customer to link, or another choice for the customer."))

    def _convert_handle_partner(self, lead, action, partner_id):
        if not self._is_customer_choice_literal(lead):
            return super()._convert_handle_partner(lead, action, partner_id)
        # the salesperson chosen in the window becomes the new customer's, as in Odoo
        return lead.with_context(default_user_id=self.user_id.id)._apply_customer_choice(
            self.action, self.partner_id, self._customer_parent(lead)
        )

    def _customer_parent(self, _lead):
        """Return the company to put a new customer of the lead in, as chosen; may be empty."""
        return self.commercial_partner_id

    def _is_customer_choice_literal(self, lead):
        """Return whether the choice is to be taken to the letter for this lead.

        Not when merging: the choice is not offered then, and the survivor's customer stays. Nor for an
        opportunity (mass conversion may hold some): its customer was settled when it became one.
        """
        if self.name != "convert" or lead.type != "lead":
            return False
        return self.action == "nothing" or (self.customer_is_chosen and self.action in ("exist", "create"))

    def _convert_and_allocate(self, leads, user_ids, team_id=False):
        """Journal the whole conversion: customer, type, salesperson and team."""
        runs, journal = leads._conversion_open()
        if runs:
            leads = leads.with_context(openfire_conversion_runs=runs)
        result = super()._convert_and_allocate(leads, user_ids, team_id=team_id)
        leads._conversion_close(runs, journal)
        return result

    # ------------------------------------------------------------
    # Similar leads and customers
    # ------------------------------------------------------------

    @api.depends("lead_id", "partner_id")
    def _compute_duplicated_lead_ids(self):
        """Select what is beyond doubt the requester's own, so that merging is proposed; see `_own_requests`."""
        super()._compute_duplicated_lead_ids()
        if self._name != "crm.lead2opportunity.partner":
            return  # in mass, merging happens unseen: exact criteria only
        for convert in self.filtered("lead_id"):
            lead = convert.lead_id._origin
            found = convert.duplicated_lead_ids._origin | convert._similar_opportunities()
            convert.duplicated_lead_ids = lead | lead._own_requests(found - lead)

    @api.onchange("name")
    def _onchange_name(self):
        """Who asks for merging sees everything that may be the requester's, to choose from."""
        if self._name != "crm.lead2opportunity.partner" or self.name != "merge" or not self.nothing_to_merge:
            return
        lead = self.lead_id._origin
        email = lead.partner_id.email or lead.email_from
        by_odoo = lead._get_lead_duplicates(self.partner_id._origin, email, include_lost=True)
        self.duplicated_lead_ids = lead | by_odoo | self._similar_opportunities()

    @api.depends("lead_id", "duplicated_lead_ids")
    def _compute_nothing_to_merge(self):
        for convert in self:
            convert.nothing_to_merge = not (convert.duplicated_lead_ids._origin - convert.lead_id._origin)

    def _check_something_to_merge(self):
        """Say what to do where the lead is the only one to be merged."""
        if self.nothing_to_merge:
            raise UserError(
                self.env._(
                    "There is nothing to merge “%(name)s” with: add an opportunity to the list, "
                    "or choose to convert it.",
                    name=self.lead_id.name,
                )
            )

    @api.depends("lead_id", "name", "duplicated_lead_ids", "user_id", "team_id")
    @api.depends_context("uid", "lang")
    def _compute_merge_remarks(self):
        """Say what the merge window says of the same leads: what stands in the way, and what to look at twice."""
        for convert in self:
            remarks = {}
            if convert._merges_selection():
                user, team = convert._asked_assignment()
                leads = convert._merge_selection()
                with leads._merge_only_imagining():
                    remarks = leads._merge_preview_of_window(user._origin.id, team._origin.id)
            convert.merge_blockers = "\n".join(remarks.get("blockers", ()))
            convert.merge_warnings = "\n".join(remarks.get("warnings", ()))

    def _similar_opportunities(self):
        """Return the open opportunities that are likely the same requester's and that the user may read."""
        # in a window that is open, ids stand for what may be gone by now
        others = self.env["crm.lead"].browse((self.similar_leads or {}).get("lead_ids", ())).exists()
        return others.filtered(
            lambda lead: lead.type == "opportunity" and lead.active and lead.won_status == "pending"
        )

    @api.depends("lead_id")
    @api.depends_context("uid", "lang")
    def _compute_similar_leads(self):
        for convert in self:
            convert.similar_leads = convert.lead_id and convert.lead_id._get_duplicate_notice()

    @api.depends("found_partners")
    @api.depends_context("uid", "lang")
    def _compute_similar_partners(self):
        pair_model = self.env["crm.lead.duplicate"]
        for convert in self:
            convert.similar_partners = [
                {
                    "id": line["partner_id"],
                    "name": self.env["res.partner"].browse(line["partner_id"]).display_name,
                    "score": round(line["score"], 1),
                    "reasons": pair_model._reasons(line["evidence"]),
                }
                for line in convert.found_partners or ()
            ]

    # ------------------------------------------------------------
    # Merging
    # ------------------------------------------------------------

    @api.depends("lead_id", "name", "duplicated_lead_ids")
    def _compute_user_id(self):
        """When merging, propose the salesperson that the merge gives by itself."""
        merging = self.filtered(lambda convert: convert._merges_selection())
        proposals = {convert: convert._merge_proposal()[0] for convert in merging}
        for convert in self - merging:
            proposals[convert] = convert.lead_id.user_id
        for convert, proposal in proposals.items():
            if convert.user_id == convert.proposed_user_id:
                convert.user_id = proposal
            convert.proposed_user_id = proposal

    @api.depends("user_id", "lead_id", "name", "duplicated_lead_ids")
    def _compute_team_id(self):
        """When merging, propose the team that the merge gives; follow the salesperson once that one is chosen."""
        merging = self.filtered(lambda convert: convert._merges_selection() and not convert._chosen_user())
        for convert in merging:
            proposal = convert._merge_proposal()[1]
            if convert.team_id == convert.proposed_team_id:
                convert.team_id = proposal
            convert.proposed_team_id = proposal
        others = self - merging
        for convert in others.filtered(lambda convert: not convert._merges_selection()):
            if convert.proposed_team_id and convert.team_id == convert.proposed_team_id:
                # back from merging to converting: it was the other opportunity's
                convert.team_id = False
            convert.proposed_team_id = False
        super(CrmLead2opportunityPartner, others)._compute_team_id()

    def _merges_selection(self):
        """Whether the window merges the lead with the opportunities listed."""
        self.ensure_one()
        return self._name == "crm.lead2opportunity.partner" and self.name == "merge" and bool(self.lead_id)

    def _merge_selection(self):
        """Return the leads that merging from this window makes one."""
        return (self.duplicated_lead_ids | self.lead_id)._origin.exists()

    def _merge_proposal(self):
        """Return the salesperson and the team that merging gives when the user asks for no others."""
        leads = self._merge_selection()
        with leads._merge_only_imagining():
            return leads._merge_assignment()

    def _chosen_user(self):
        """Return whether the user changed the salesperson that the window proposed."""
        return self.user_id != self.proposed_user_id

    def _chosen_team(self):
        return self.team_id != self.proposed_team_id

    def _asked_assignment(self):
        """Return the salesperson and the team that the user asks for; empty where the merge is to decide."""
        user = self.user_id if self._chosen_user() else self.user_id.browse()
        asks_team = self._chosen_user() or self._chosen_team()
        return user, self.team_id if asks_team else self.team_id.browse()

    def _action_merge(self):
        """Set salesperson and team on the survivor only where the user changed them.

        Odoo writes what the window says on it: so let the window say what the merge gives. What it sets right
        after merging belongs to the merge, or to its conversion.
        """
        leads = self._merge_selection()
        user, team = leads._merge_assignment()
        asked_user, asked_team = self._asked_assignment()
        user = asked_user if self._chosen_user() else user
        team = asked_team or team
        leads._merge_check_assignment(
            replace(leads._merge_choices(), user_id=asked_user.id, team_id=asked_team.id)
        )
        company = leads.company_id[:1]
        self.write({"user_id": user.id, "team_id": team.id})
        chosen = self.env.context.get("openfire_merge")
        choices = {**(chosen if isinstance(chosen, dict) else {}), "deletes": True}
        wizard = self.with_context(openfire_merge=choices)
        survivor = super(CrmLead2opportunityPartner, wizard)._action_merge().with_env(self.env)
        # sudo: it may be a colleague's by now, whom the user gave it to
        given = survivor.sudo()
        if company and given.company_id != company:
            # Odoo derived it anew, for instance from a team of all companies
            given.company_id = company
        survivor._conversion_extend_merge()
        return survivor

    @remote_calls.checked(one=True)
    def action_compare(self):
        """Open the merge window on the lead and the opportunities to merge it with."""
        self._check_something_to_merge()
        action = (self.duplicated_lead_ids | self.lead_id)._open_merge_window()
        action["context"]["default_convert_id"] = self.id
        if self._chosen_user():
            action["context"]["default_user_id"] = self.user_id.id
        if self._chosen_user() or self._chosen_team():
            action["context"]["default_team_id"] = self.team_id.id
        return action
