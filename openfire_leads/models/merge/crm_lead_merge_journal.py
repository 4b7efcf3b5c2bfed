"""The journal: one record per merge, with what it takes to undo it to the last row."""

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import format_datetime

from ...tools.remote_calls import PlainJson

# what one click did is one entry; the action of the journal says the same
LISTED = Domain("parent_id", "=", False) | (
    Domain("parent_id.state", "=", "undone") & Domain("state", "=", "done")
)


class CrmLeadMerge(models.Model):
    """One run of a merge (or a conversion, or a link to a customer), written by the run itself and by nobody else.

    The lead rows are kept in ``line_ids``, the rows of other tables that were moved, removed or
    set aside in ``link_ids``. Both are written in SQL by :class:`~..merging.Journal`.
    """

    _name = "crm.lead.merge"
    _inherit = ["openfire.plain.fields"]
    _description = "Merge of Leads"
    _order = "date desc, id desc"

    _technical_fields = frozenset(
        {"survivor_res_id", "merged_ids", "rule", "conflicts", "kept_conflicts", "last_frequency_id"}
    )

    kind = fields.Selection(
        [("merge", "Merging"), ("conversion", "Conversion"), ("link", "Linking to a customer")],
        required=True,
        default="merge",
        readonly=True,
    )
    state = fields.Selection(
        [("done", "Done"), ("undone", "Undone")], required=True, default="done", readonly=True, index=True
    )
    survivor_id = fields.Many2one(
        "crm.lead", "Lead that remains", ondelete="set null", readonly=True, index="btree_not_null"
    )
    # stays when the survivor is merged away or deleted in its turn
    survivor_res_id = fields.Integer("Survivor's ID", readonly=True, index=True)
    survivor_name = fields.Char("Lead", compute="_compute_names", search="_search_survivor_name")
    merged_ids = PlainJson("Merged leads' IDs", readonly=True)
    merged_names = fields.Text("Merged leads", compute="_compute_names", search="_search_merged_names")
    lead_count = fields.Integer(
        "Leads", readonly=True, help="How many leads took part: of a merge, the one that remains included"
    )
    row_count = fields.Integer(
        "Linked Records", readonly=True, help="How many linked records were moved or changed with the leads"
    )
    rule = fields.Char("Survivor Rule", readonly=True)
    # the counts of predictive scoring that there are all have higher ids once they were rebuilt
    last_frequency_id = fields.Integer("Last Count of Predictive Scoring", readonly=True)
    user_id = fields.Many2one("res.users", "Done by", readonly=True, index="btree_not_null")
    date = fields.Datetime("Done on", required=True, readonly=True, index=True)
    undo_user_id = fields.Many2one("res.users", "Undone by", readonly=True)
    undo_date = fields.Datetime("Undone on", readonly=True)
    kept_conflicts = PlainJson(readonly=True, prefetch=False, groups="base.group_system")
    conflicts = PlainJson(
        compute="_compute_conflicts", help="What the undo left as it was, because it had changed since"
    )
    company_id = fields.Many2one("res.company", readonly=True, index="btree_not_null")
    team_id = fields.Many2one("crm.team", "Sales Team", ondelete="set null", readonly=True)
    parent_id = fields.Many2one(
        "crm.lead.merge",
        "Part of",
        ondelete="set null",
        readonly=True,
        index="btree_not_null",
        help="The merge that the same click made: undoing it takes this conversion back as well",
    )
    child_ids = fields.One2many("crm.lead.merge", "parent_id", "Made together with it", readonly=True)
    line_ids = fields.One2many("crm.lead.merge.line", "merge_id", "Leads as they were", readonly=True)
    link_ids = fields.One2many("crm.lead.merge.link", "merge_id", "Linked records", readonly=True)
    is_erased = fields.Boolean(
        "Erased",
        compute="_compute_is_erased",
        help="A person's data was erased from it, so it cannot be undone any more",
    )
    can_undo = fields.Boolean(compute="_compute_can_undo")

    @api.depends("lead_count", "line_ids")
    def _compute_is_erased(self):
        # sudo: what was erased does not depend on who looks
        groups = (
            self.env["crm.lead.merge.line"]
            .sudo()
            ._read_group([("merge_id", "in", self.ids)], ["merge_id"], ["__count"])
        )
        counts = {merge.id: count for merge, count in groups}
        for merge in self:
            merge.is_erased = counts.get(merge.id, 0) != merge.lead_count

    @api.depends("state", "user_id", "survivor_id", "is_erased", "kind")
    @api.depends_context("uid")
    def _compute_can_undo(self):
        # what a link to a customer replaced is kept to be found by, nothing to take back
        open_ones = self.filtered(lambda merge: merge.state == "done" and merge.kind != "link")
        in_the_way = open_ones._undo_later_merges()
        for merge in self:
            merge.can_undo = (
                merge in open_ones
                and not merge.is_erased
                and merge._may_undo()
                and not in_the_way[merge]
                and not merge._undo_survivor_refusal()
            )

    @api.depends("line_ids.name", "line_ids.lead_id", "state", "is_erased")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_names(self):
        told = self._lines_told().grouped("merge_id")
        nothing = self.env["crm.lead.merge.line"]
        for merge in self:
            lines = told.get(merge, nothing)
            survivor = lines.filtered(lambda line: line.sequence == 0)
            merged = (lines - survivor).sorted("sequence")
            merge.survivor_name = survivor.name or (
                self.env._("erased on request") if merge.is_erased else merge._name_hidden(1)
            )
            if merge.is_erased:
                merge.merged_names = False
                continue
            names = merged.mapped(lambda line: line.name or "")
            hidden = merge.lead_count - 1 - len(names)
            merge.merged_names = (
                "\n".join([*names, *([merge._name_hidden(hidden)] if hidden else [])]) or False
            )

    def _lines_told(self):
        """Return the leads of these entries whose names the user is told: those whose data they may read now, and
        all of what they merged themselves until it is undone.

        The one place that decides so, for names, sentences and conflicts; in sudo too, where Odoo reads the name
        of an entry that another record refers to. The data itself is for the record rules of the lines.
        """
        self.check_access("read")
        # sudo, and not: what is told depends on the person, who has seen the names of what they merged
        Line = self.env["crm.lead.merge.line"].sudo(False)
        readable = Line.search([("merge_id", "in", self.ids)]) if Line.has_access("read") else Line
        own = self.sudo().filtered(lambda merge: merge.state == "done" and merge.user_id == self.env.user)
        return readable.sudo() | Line.sudo().search([("merge_id", "in", own.ids)])

    def _name_hidden(self, count):
        """Return what stands for leads that are not named."""
        if count == 1:
            return self.env._("a lead that you may not see")
        return self.env._("%(count)s leads that you may not see", count=count)

    @api.model
    def _search_survivor_name(self, operator, value):
        return Domain("line_ids", "any", [("sequence", "=", 0), ("name", operator, value)])

    @api.model
    def _search_merged_names(self, operator, value):
        return Domain("line_ids", "any", [("sequence", ">", 0), ("name", operator, value)])

    @api.depends("kept_conflicts", "line_ids.lead_id", "state")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_conflicts(self):
        # sudo: the values of leads that the user may not read are taken out
        entries = self.sudo()
        told = set()
        if any(entry.kept_conflicts for entry in entries):
            told = {(line.merge_id.id, line.lead_res_id) for line in self._lines_told()}
        for merge, entry in zip(self, entries, strict=True):
            merge.conflicts = [
                conflict
                if (merge.id, conflict.get("lead_id", entry.survivor_res_id)) in told
                else {**conflict, **dict.fromkeys(conflict.keys() & {"before", "current"}, None)}
                | ({"what": []} if "what" in conflict else {})
                for conflict in entry.kept_conflicts or ()
            ] or False

    @api.depends("kind", "survivor_name", "merged_names", "is_erased")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_display_name(self):
        for merge in self:
            merge.display_name = merge._name_to_display()

    def _name_to_display(self):
        if self.is_erased:
            return self._in_words("erased_name", date=format_datetime(self.env, self.date))
        if self.kind == "merge":
            names = (self.merged_names or "").replace("\n", ", ")
            return f"{names} → {self.survivor_name}"
        if self.kind == "link":
            return self.env._("“%(name)s” linked to a customer", name=self.survivor_name)
        return self.env._("Conversion of %(name)s", name=self.survivor_name)

    def _may_undo(self):
        """Whether the user may take this merge back: who did it, whose lead it is now, and the managers."""
        self.ensure_one()
        return (
            self.env.su
            or self.user_id == self.env.user
            # sudo: the survivor may be hidden from who asks, who is not its salesperson then
            or self.sudo().survivor_id.user_id == self.env.user
            or self.env.user.has_group("sales_team.group_sale_manager")
        )

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse: the journal is written by merging."""
        if not self.env.su:
            raise AccessError(self.env._("The journal of merges is written by merging only."))
        return super().create(vals_list)


class CrmLeadMergeLine(models.Model):
    """A lead as it was before a merge; for the survivor also as the merge left it."""

    _name = "crm.lead.merge.line"
    _description = "Lead in a Merge"
    _order = "merge_id desc, sequence, id"
    # people are looked up in it by e-mail and by this name (Privacy Lookup)
    _rec_name = "contact_name"
    _log_access = False

    merge_id = fields.Many2one("crm.lead.merge", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer(help="0 for the survivor, then in order of precedence")
    lead_res_id = fields.Integer("Former ID", index=True)
    # as long as the lead exists, its rights are those of the line
    lead_id = fields.Many2one("crm.lead", "Existing Lead", ondelete="set null", index="btree_not_null")
    name = fields.Char("Subject")
    type = fields.Selection([("lead", "Lead"), ("opportunity", "Opportunity")])
    contact_name = fields.Char()
    partner_name = fields.Char("Company Name")
    email_from = fields.Char("Email")
    email_normalized = fields.Char("Normalized Email", index="btree_not_null")
    phone = fields.Char()
    phone_sanitized = fields.Char("Sanitized Number", index="btree_not_null")
    partner_id = fields.Many2one("res.partner", "Contact", ondelete="set null", index="btree_not_null")
    create_date = fields.Datetime("Created on")
    values_before = PlainJson(prefetch=False, groups="base.group_system")
    values_after = PlainJson(prefetch=False, groups="base.group_system")


class CrmLeadMergeLink(models.Model):
    """Rows of one table that a merge moved from one lead to another, removed or set aside.

    What ``rows`` holds is told in :mod:`~..merging.journal`.
    """

    _name = "crm.lead.merge.link"
    _description = "Linked Records in a Merge"
    _order = "merge_id desc, sequence, id"
    _log_access = False

    merge_id = fields.Many2one("crm.lead.merge", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer(help="Order in which the merge worked; undone in the other direction")
    # the name of the class that puts the rows back
    kind = fields.Char(required=True)
    action = fields.Selection(
        [
            ("moved", "Moved"),
            ("removed", "Kept in the journal"),
            ("created", "Created"),
            ("delta", "Counted"),
        ],
        required=True,
    )
    table_name = fields.Char(required=True)
    column_name = fields.Char()
    key_columns = PlainJson()
    model_name = fields.Char()
    row_count = fields.Integer("Records")
    label = fields.Char(compute="_compute_label")
    rows = PlainJson(prefetch=False, groups="base.group_system")

    @api.depends("table_name", "model_name")
    def _compute_label(self):
        for link in self:
            link.label = self.env["crm.lead"]._merge_records_label(link.model_name, link.table_name)
