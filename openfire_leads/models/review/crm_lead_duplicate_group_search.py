"""By what groups are found: anything that one would type, and whose they are."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# evidence that weighs less (in bits) is no reason to look for
LEAST_WEIGHT = 2


class CrmLeadDuplicateGroup(models.Model):
    _inherit = "crm.lead.duplicate.group"

    team_ids = fields.Many2many(
        "crm.team",
        string="Sales Teams",
        compute="_compute_whose",
        search="_search_team_ids",
        compute_sudo=False,
    )
    user_ids = fields.Many2many(
        "res.users",
        string="Salespeople",
        compute="_compute_whose",
        search="_search_user_ids",
        compute_sudo=False,
    )
    anything = fields.Char(
        "Name, E-mail, Phone or Subject", compute="_compute_anything", search="_search_anything"
    )
    reason = fields.Selection("_reason_selection", compute="_compute_reason", search="_search_reason")
    entry_channel = fields.Selection(
        selection=lambda self: self.env["crm.lead"]._fields["entry_channel"]._description_selection(self.env),
        string="Came In By",
        compute="_compute_entry_channel",
        search="_search_entry_channel",
    )
    with_hidden = fields.Boolean(
        "With Hidden Leads", compute="_compute_with_hidden", search="_search_with_hidden", compute_sudo=False
    )

    @api.depends("lead_ids.team_id", "lead_ids.user_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_whose(self):
        for group in self:
            group.team_ids = group.lead_ids.team_id
            group.user_ids = group.lead_ids.user_id

    def _search_team_ids(self, operator, value):
        return self._search_leads("team_id", operator, value)

    def _search_user_ids(self, operator, value):
        return self._search_leads("user_id", operator, value)

    @api.model
    def _search_leads(self, name, operator, value):
        if operator not in ("in", "any", "ilike"):
            return NotImplemented
        return Domain("lead_ids", "any", [(name, operator, value)])

    def _compute_anything(self):
        self.anything = False  # only to search by

    def _search_anything(self, operator, value):
        if operator == "in":
            return Domain.OR(self._search_anything("ilike", one) for one in value if one)
        if operator != "ilike":
            return NotImplemented
        names = ("contact_name", "partner_name", "partner_id", "email_from", "name", "phone", "city")
        found = Domain.OR(Domain(name, "ilike", value) for name in names)
        if sum(character.isdigit() for character in str(value)) >= 3:
            # Odoo's own search of numbers, however they are written
            found |= Domain("phone_mobile_search", "ilike", value)
        return Domain("lead_ids", "any", found)

    @api.model
    def _reason_selection(self):
        pairs = self.env["crm.lead.duplicate"]
        names = ("email", "phone", "contact_name", "partner_name", "street", "name")
        return [(name, pairs._evidence_label(name)) for name in names]

    def _compute_reason(self):
        self.reason = False  # only to search by

    def _search_reason(self, operator, value):
        """Find the groups that a pair which the user may read holds together by one of these fields."""
        if operator != "in":
            return NotImplemented
        pairs = self.env["crm.lead.duplicate"]._search([("state", "=", "suspected")])
        found = SQL(
            """(
                SELECT one.group_id FROM crm_lead_duplicate pair
                  JOIN crm_lead_duplicate_group_lead_rel one ON one.lead_id = pair.lead_id
                  JOIN crm_lead_duplicate_group_lead_rel other
                    ON other.lead_id = pair.other_lead_id AND other.group_id = one.group_id
                 WHERE pair.id IN %s AND EXISTS (
                       SELECT FROM jsonb_array_elements(pair.evidence) AS line
                        WHERE line->>'field' = ANY(%s::text[]) AND (line->>'weight')::float >= %s)
            )""",
            pairs.subselect(),
            # "is not set" asks for none of them
            [name for name in value if isinstance(name, str)],
            LEAST_WEIGHT,
        )
        return Domain("id", "in", found)

    def _compute_entry_channel(self):
        self.entry_channel = False  # only to search by: each lead has its own

    def _search_entry_channel(self, operator, value):
        return self._search_leads("entry_channel", operator, value)

    @api.depends("hidden_count")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_with_hidden(self):
        for group in self:
            group.with_hidden = bool(group.hidden_count)

    def _search_with_hidden(self, operator, value):
        """Find the groups to review of which the user may not read every lead."""
        if operator != "in":
            return NotImplemented
        readable = self.env["crm.lead"].with_context(active_test=False)._search(Domain.TRUE)
        found = SQL(
            "(SELECT group_id FROM crm_lead_duplicate_group_lead_rel WHERE lead_id NOT IN %s)",
            readable.subselect(),
        )
        return Domain("id", "in", found) & Domain("state", "!=", "done")

    @api.model
    def _search_panel_domain_image(self, field_name, domain, set_count=False, limit=False):
        """Add whose leads are: the search panel lists those of the leads that the user may read, without counts."""
        if field_name not in ("team_ids", "user_ids"):
            return super()._search_panel_domain_image(field_name, domain, set_count, limit)
        leads = self.env["crm.lead"].with_context(active_test=False)
        of_groups = SQL(
            "(SELECT lead_id FROM crm_lead_duplicate_group_lead_rel WHERE group_id IN %s)",
            self._search(domain).subselect(),
        )
        name = field_name.removesuffix("s")
        found = leads._read_group([("id", "in", of_groups), (name, "!=", False)], [name], limit=limit or None)
        return {owner.id: {"id": owner.id, "display_name": owner.display_name} for (owner,) in found}
