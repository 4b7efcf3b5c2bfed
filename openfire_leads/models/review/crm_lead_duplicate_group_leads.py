"""What a group shows of its leads: of those that the user may read, and how many others there are."""

from odoo import api, fields, models


class CrmLeadDuplicateGroup(models.Model):
    _inherit = "crm.lead.duplicate.group"

    survivor_id = fields.Many2one(
        "crm.lead",
        "Lead that Remains",
        compute="_compute_leads",
        compute_sudo=False,
        help="The lead that a merge keeps, as the rule in Settings says.",
    )
    hidden_count = fields.Integer(
        "Hidden Leads",
        compute="_compute_leads",
        compute_sudo=False,
        help="How many of its leads the user may not read.",
    )
    pair_ids = fields.Many2many(
        "crm.lead.duplicate", string="Pairs", compute="_compute_pair_ids", compute_sudo=False
    )
    reasons = fields.Char(compute="_compute_pair_ids", compute_sudo=False)
    contact = fields.Char(compute="_compute_leads", compute_sudo=False)
    email = fields.Char("E-mail", compute="_compute_leads", compute_sudo=False)
    phone = fields.Char(compute="_compute_leads", compute_sudo=False)
    city = fields.Char(compute="_compute_leads", compute_sudo=False)
    subject = fields.Char(compute="_compute_leads", compute_sudo=False)

    @api.depends("lead_ids", "lead_count", "state")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_leads(self):
        for group in self:
            leads = group.lead_ids
            group.survivor_id = leads._merge_sort()[:1]
            group.hidden_count = 0 if group.state == "done" else group.lead_count - len(leads)
            group.contact = leads._values_told("contact_name", "partner_name")
            group.email = leads._values_told("email_from")
            group.phone = leads._values_told("phone")
            group.city = leads._values_told("city")
            group.subject = leads._values_told("name")

    @api.depends("lead_ids", "state")
    @api.depends_context("uid", "lang", "allowed_company_ids")
    def _compute_pair_ids(self):
        # of a group that is done, the leads may be in another one by now
        live = self.filtered(lambda group: group.state != "done")
        home = {lead_id: group for group in live for lead_id in group.lead_ids.ids}
        pairs = self.env["crm.lead.duplicate"].search(
            [("lead_id", "in", list(home)), ("other_lead_id", "in", list(home)), ("state", "=", "suspected")]
        )
        own = pairs.filtered(lambda pair: home[pair.lead_id.id] == home[pair.other_lead_id.id])
        of_group = own.grouped(lambda pair: home[pair.lead_id.id])
        for group in self:
            group.pair_ids = of_group.get(group, pairs.browse())
            group.reasons = ", ".join(
                dict.fromkeys(reason for pair in group.pair_ids for reason in pair._reasons(pair.evidence))
            )


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _name_of_requester(self):
        """Return by what a lead is called in a list of groups."""
        self.ensure_one()
        return self.contact_name or self.partner_name or self.name

    def _values_told(self, *names):
        """Return the different values of these leads as one text; of each lead the first of ``names`` that it has."""
        values = (next(filter(None, (lead[name] for name in names)), None) for lead in self)
        return " · ".join({value.casefold(): value for value in values if value}.values())
