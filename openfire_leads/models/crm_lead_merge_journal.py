"""The journal: one record per merge, with what it takes to undo it to the last row."""

import json

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL


class CrmLeadMerge(models.Model):
    """One run of a merge (or of a conversion), written by the run itself and by nobody else.

    The lead rows are kept in ``line_ids``, the rows of other tables that were moved, removed or
    set aside in ``link_ids``. Both are written in SQL by ``MergeJournal``.
    """

    _name = "crm.lead.merge"
    _description = "Merge of Leads"
    _order = "date desc, id desc"

    kind = fields.Selection(
        [("merge", "Merging"), ("conversion", "Conversion")], required=True, default="merge", readonly=True
    )
    state = fields.Selection(
        [("done", "Done"), ("undone", "Undone")], required=True, default="done", readonly=True, index=True
    )
    survivor_id = fields.Many2one("crm.lead", ondelete="set null", readonly=True, index="btree_not_null")
    # stays when the survivor is merged away or deleted in its turn
    survivor_res_id = fields.Integer("Survivor's ID", readonly=True, index=True)
    survivor_name = fields.Char(readonly=True)
    merged_ids = fields.Json("Merged leads' IDs", readonly=True)
    merged_names = fields.Text("Merged leads", readonly=True)
    lead_count = fields.Integer(
        "Leads", readonly=True, help="How many leads went into one, the survivor included"
    )
    row_count = fields.Integer(
        "Linked Records", readonly=True, help="How many linked records the merge touched"
    )
    rule = fields.Char("Survivor Rule", readonly=True)
    user_id = fields.Many2one("res.users", "Merged by", readonly=True, index="btree_not_null")
    date = fields.Datetime("Merged on", required=True, readonly=True, index=True)
    undo_user_id = fields.Many2one("res.users", "Undone by", readonly=True)
    undo_date = fields.Datetime("Undone on", readonly=True)
    conflicts = fields.Json(readonly=True, help="What the undo left as it was, because it had changed since")
    company_id = fields.Many2one("res.company", readonly=True, index="btree_not_null")
    team_id = fields.Many2one("crm.team", "Sales Team", ondelete="set null", readonly=True)
    line_ids = fields.One2many("crm.lead.merge.line", "merge_id", "Leads as they were", readonly=True)
    link_ids = fields.One2many("crm.lead.merge.link", "merge_id", "Linked records", readonly=True)
    can_undo = fields.Boolean(compute="_compute_can_undo")

    @api.depends("state", "user_id", "survivor_id")
    @api.depends_context("uid")
    def _compute_can_undo(self):
        for merge in self:
            merge.can_undo = merge.state == "done" and merge._may_undo()

    @api.depends("kind", "survivor_name", "merged_names")
    def _compute_display_name(self):
        for merge in self:
            if merge.kind == "merge":
                names = (merge.merged_names or "").replace("\n", ", ")
                merge.display_name = f"{names} → {merge.survivor_name}"
            else:
                merge.display_name = self.env._("Conversion of %(name)s", name=merge.survivor_name)

    def _may_undo(self):
        """Whether the user may take this merge back: who did it, and the managers."""
        self.ensure_one()
        return (
            self.env.su
            or self.user_id == self.env.user
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
    name = fields.Char("Opportunity")
    type = fields.Char()
    contact_name = fields.Char()
    partner_name = fields.Char("Company Name")
    email_from = fields.Char("Email")
    email_normalized = fields.Char("Normalized Email", index="btree_not_null")
    phone = fields.Char()
    phone_sanitized = fields.Char("Sanitized Number", index="btree_not_null")
    partner_id = fields.Many2one("res.partner", "Contact", ondelete="set null", index="btree_not_null")
    create_date = fields.Datetime("Created on")
    values_before = fields.Json(prefetch=False, groups="base.group_system")
    values_after = fields.Json(prefetch=False, groups="base.group_system")


class CrmLeadMergeLink(models.Model):
    """Rows of one table that a merge moved from one lead to another, removed or set aside.

    ``rows`` holds, for moved rows, ``[key, old value, new value, other columns before, after]``;
    for removed ones the whole row; for created ones the id; for a delta ``[key, {column: added}]``.
    """

    _name = "crm.lead.merge.link"
    _description = "Linked Records in a Merge"
    _order = "merge_id desc, sequence, id"
    _log_access = False

    merge_id = fields.Many2one("crm.lead.merge", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer(help="Order in which the merge worked; undone in the other direction")
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
    key_columns = fields.Json()
    model_name = fields.Char()
    row_count = fields.Integer("Records")
    label = fields.Char(compute="_compute_label")
    rows = fields.Json(prefetch=False, groups="base.group_system")

    @api.depends("table_name", "model_name")
    def _compute_label(self):
        for link in self:
            link.label = self.env["crm.lead"]._merge_records_label(link.model_name, link.table_name)


class MergeJournal:
    """Writes the journal of a run in SQL. Column values never leave the database.

    :param env: the environment of the user who merges
    :param runs: the :class:`MergeRun` of each merge that is being made together
    """

    def __init__(self, env, runs):
        self.env = env
        self.runs = runs

    def open(self):
        """Insert the merges and the leads as they are now; set ``run.merge_id`` on each run."""
        leads, owners, positions = [], [], []
        for run in self.runs:
            leads += run.order
            owners += [run.survivor_id] * len(run.order)
            positions += range(len(run.order))
        columns = [name for names in self.env["crm.lead"]._merge_json_columns() for name in names]
        rows = self.env.execute_query(
            SQL(
                """
                WITH member AS MATERIALIZED (
                    SELECT * FROM unnest(%(leads)s::int[], %(owners)s::int[], %(positions)s::int[])
                               AS r(lead, owner, position)),
                merge AS (
                    INSERT INTO crm_lead_merge (
                        kind, state, survivor_id, survivor_res_id, survivor_name,
                        merged_ids, merged_names, lead_count, row_count, rule, user_id, date,
                        company_id, team_id, create_uid, create_date, write_uid, write_date)
                    SELECT %(kind)s, 'done', s.id, s.id, s.name, COALESCE(m.ids, '[]'), m.names,
                           COALESCE(jsonb_array_length(m.ids), 0) + 1, 0, %(rule)s, %(uid)s, %(now)s,
                           s.company_id, s.team_id, %(uid)s, %(now)s, %(uid)s, %(now)s
                      FROM member r
                      JOIN crm_lead s ON s.id = r.lead
                      LEFT JOIN LATERAL (
                           SELECT jsonb_agg(l.id ORDER BY o.position) AS ids,
                                  string_agg(l.name, E'\n' ORDER BY o.position) AS names
                             FROM member o JOIN crm_lead l ON l.id = o.lead
                            WHERE o.owner = s.id AND o.position > 0) m ON TRUE
                     WHERE r.position = 0
                 RETURNING id, survivor_res_id)
                INSERT INTO crm_lead_merge_line (
                    merge_id, sequence, lead_res_id, name, type, contact_name, partner_name, email_from,
                    email_normalized, phone, phone_sanitized, partner_id, create_date, values_before)
                SELECT merge.id, r.position, l.id, l.name, l.type, l.contact_name, l.partner_name,
                       l.email_from, l.email_normalized, l.phone, l.phone_sanitized, l.partner_id,
                       l.create_date, to_jsonb(l)
                  FROM member r
                  JOIN merge ON merge.survivor_res_id = r.owner
                  JOIN crm_lead l ON l.id = r.lead
             RETURNING merge_id, sequence, lead_res_id, (
                       SELECT jsonb_object_agg(key, value) FROM jsonb_each(values_before)
                        WHERE key = ANY(%(columns)s) AND value NOT IN ('null', '{}')),
                       (SELECT last_value FROM mail_followers_id_seq)""",
                leads=leads,
                owners=owners,
                positions=positions,
                columns=columns,
                kind=self.runs[0].kind,
                rule=self.runs[0].rule or None,
                uid=self.env.uid,
                now=self.env.cr.now(),
            )
        )
        by_merge, by_survivor = {}, {run.survivor_id: run for run in self.runs}
        for merge_id, sequence, lead_id, found, last_follower_id in sorted(rows, key=lambda row: row[:2]):
            if sequence == 0:
                run = by_merge[merge_id] = by_survivor[lead_id]
                run.merge_id, run.last_follower_id = merge_id, last_follower_id
            if found:
                by_merge[merge_id].json_columns.append((lead_id, found))

    def add(self, run, action, table, rows):
        """Insert what Odoo did by itself: rows created, counters changed."""
        self.env.cr.execute(
            SQL(
                """INSERT INTO crm_lead_merge_link
                        (merge_id, sequence, action, table_name, key_columns, row_count, rows)
                   VALUES (%s, 100000, %s, %s, '["id"]', %s, %s)""",
                run.merge_id,
                action,
                table,
                len(rows),
                json.dumps(rows),
            )
        )

    def close(self):
        """Keep the survivors as the merge left them, who began to follow them, and how many rows it touched."""
        self.env.cr.execute(
            SQL(
                """
                WITH run AS MATERIALIZED (
                    SELECT * FROM unnest(%(merges)s::int[], %(survivors)s::int[], %(followers)s::bigint[])
                               AS r(merge, survivor, last_follower)),
                closed AS (
                    UPDATE crm_lead_merge_line line SET values_after = to_jsonb(l)
                      FROM run r JOIN crm_lead l ON l.id = r.survivor
                     WHERE line.merge_id = r.merge AND line.sequence = 0),
                followed AS (
                    INSERT INTO crm_lead_merge_link
                           (merge_id, sequence, action, table_name, key_columns, row_count, rows)
                    SELECT r.merge, 100000, 'created', 'mail_followers', '["id"]', count(*), jsonb_agg(f.id)
                      FROM run r
                      JOIN mail_followers f ON f.res_model = 'crm.lead' AND f.res_id = r.survivor
                       AND f.id > r.last_follower
                  GROUP BY r.merge)
                UPDATE crm_lead_merge m SET row_count = t.rows
                  FROM (SELECT merge_id, sum(row_count) AS rows FROM crm_lead_merge_link
                         WHERE merge_id = ANY(%(merges)s) GROUP BY merge_id) t
                 WHERE m.id = t.merge_id""",
                merges=[run.merge_id for run in self.runs],
                survivors=[run.survivor_id for run in self.runs],
                followers=[run.last_follower_id for run in self.runs],
            )
        )
        self.env["crm.lead.merge"].invalidate_model()
