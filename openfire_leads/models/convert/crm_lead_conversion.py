"""Conversions are journaled too, and can be undone as long as nothing was built on them."""

from odoo import api, models, tools
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...merging import (
    Catalogue,
    Journal,
    KeyLink,
    Relations,
    Run,
    created_digests,
    created_joined,
    identifier,
    relation,
    row_digests,
)
from ...tools import remote_calls

# tables that follow a lead or a customer around without anything being built on it; a meeting with a customer is
# told apart by the customer's own link to it
FOLLOWING = {
    *("calendar_event", "calendar_attendee"),
    *("crm_lead_merge", "crm_lead_merge_line", "crm_partner_match_key"),
    *("mail_activity", "mail_followers", "mail_message", "mail_notification", "res_partner"),
}


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @remote_calls.checked(
        partner=remote_calls.record("res.partner"),
        user_ids=remote_calls.optional_ids,
        team_id=remote_calls.existing_id("crm.team"),
    )
    def convert_opportunity(self, partner, user_ids=False, team_id=False):
        """Convert as Odoo does, with a journal. Automatic assignment, which converts leads by the thousand,
        has none: nobody chose anything there that could be taken back."""
        if self.env.context.get("mail_auto_subscribe_no_notify"):
            return super().convert_opportunity(partner, user_ids=user_ids, team_id=team_id)
        remote_calls.existing_ids("res.users", optional=True)(self.env, "user_ids", user_ids)
        runs, journal = self._conversion_open()
        leads = self.with_context(openfire_conversion_runs=runs) if runs else self
        result = super(CrmLead, leads).convert_opportunity(partner, user_ids=user_ids, team_id=team_id)
        self._conversion_close(runs, journal)
        return result

    def _conversion_open(self):
        """Start the journal of a conversion, for what is a lead now; nothing within a conversion.

        :returns: ``({lead id: run}, journal)``, empty if there is nothing to journal
        """
        leads = self.filtered(lambda lead: lead.type == "lead" and lead.active)
        if not leads or self._conversion_runs():
            return {}, None
        self.env.flush_all()
        [(last_partner_id,)] = self.env.execute_query(SQL("SELECT COALESCE(max(id), 0) FROM res_partner"))
        runs = {lead.id: Run(lead._ids, kind="conversion") for lead in leads}
        journal = Journal(self.env, list(runs.values()))
        journal.open()
        relations = Relations(self.env, self._merge_computed_relations())
        relations.look(list(runs))
        for run in runs.values():
            run.last_partner_id, run.relations = last_partner_id, relations
        return runs, journal

    @api.model
    def _conversion_runs(self):
        """Return ``{lead id: run}`` of the conversions going on. What a client puts into the context is none."""
        runs = self.env.context.get("openfire_conversion_runs")
        runs = runs.items() if isinstance(runs, dict) else ()
        return {lead_id: run for lead_id, run in runs if isinstance(run, Run)}

    @api.model
    def _conversion_close(self, runs, journal):
        """Keep what the conversion made: the leads as they are now, the customers it created."""
        if not runs:
            return
        self.env.flush_all()
        created, unchanged = {}, []
        leads = self.browse(runs).exists()
        for lead in leads:
            run = runs[lead.id]
            # sudo: ids only, to find a company created along with its contact
            customers = lead.sudo().partner_id | lead.sudo().partner_id.parent_id
            created[run.merge_id] = [one for one in customers.ids if one > run.last_partner_id]
            if lead.type != "opportunity":
                unchanged.append(run.merge_id)
        table = self.env["res.partner"]._table
        customer_ids = [one for ids in created.values() for one in ids]
        digests, joined = row_digests(self.env, table, customer_ids), self._conversion_joined(customer_ids)
        rows = {
            entry: [[one, digests[one], joined.get(one, {})] for one in ids] for entry, ids in created.items()
        }
        journal.add("created", table, rows)
        for run in runs.values():
            run.relations.journal([run])
        journal.close()
        # they are found by what gave way to the customer's values from now on
        leads._refresh_match()
        # sudo: users read the journal, the system writes it
        self.env["crm.lead.merge"].sudo().browse(unchanged).unlink()
        self._conversion_join_merge(runs)

    @api.model
    def _conversion_join_merge(self, runs):
        """Make each of these conversions part of the merge that the same click made into the same lead."""
        self.env.cr.execute(
            SQL(
                """UPDATE crm_lead_merge c
                      SET parent_id = (SELECT max(m.id) FROM crm_lead_merge m
                                        WHERE m.kind = 'merge' AND m.state = 'done' AND m.id < c.id
                                          AND m.survivor_res_id = c.survivor_res_id AND m.date = c.date
                                          AND m.user_id = c.user_id)
                    WHERE c.id = ANY(%s)""",
                [run.merge_id for run in runs.values()],
            )
        )
        self.env["crm.lead.merge"].invalidate_model(["parent_id", "child_ids"])

    def _conversion_extend_merge(self):
        """Have what a window set on this survivor right after merging belong to the merge, or to its conversion."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """UPDATE crm_lead_merge_line line
                      SET values_after = COALESCE((
                              SELECT later.values_before
                                FROM crm_lead_merge m
                                JOIN crm_lead_merge_line later ON later.merge_id = m.id AND later.sequence = 0
                               WHERE m.kind = 'conversion' AND m.state = 'done' AND m.id > line.merge_id
                                 AND m.survivor_res_id = line.lead_res_id
                            ORDER BY m.id LIMIT 1), to_jsonb(l))
                     FROM crm_lead l
                    WHERE l.id = line.lead_res_id AND line.sequence = 0 AND line.merge_id = (
                          SELECT max(id) FROM crm_lead_merge
                           WHERE kind = 'merge' AND state = 'done' AND survivor_res_id = %s AND date = %s)""",
                self.id,
                self.env.cr.now(),
            )
        )
        self.env["crm.lead.merge.line"].invalidate_model(["values_after"])

    @api.model
    @tools.ormcache(cache="stable")
    def _conversion_customer_links(self):
        """Return ``(table, column, has ids)`` of every foreign key to customers that counts as built on one."""
        catalogue = Catalogue(self.sudo().env)
        return tuple(
            (table, column, catalogue.has_id(table))
            for table, column in catalogue.references("res_partner")
            if table not in FOLLOWING
        )

    @api.model
    def _conversion_joined(self, customer_ids):
        """Return ``{customer id: {table: rows}}`` of the tables without ids that customers are in.

        A new customer is in some from the start: by fields of its own, and by computed ones of the lead.
        """
        tables = [
            (table, column) for table, column, has_id in self._conversion_customer_links() if not has_id
        ]
        if not customer_ids or not tables:
            return {}
        queries = [
            SQL(
                "SELECT %s, t.%s, count(*) FROM %s t WHERE t.%s = ANY(%s) GROUP BY 2",
                table,
                identifier(column),
                relation(table),
                identifier(column),
                customer_ids,
            )
            for table, column in tables
        ]
        joined = {}
        for table, customer_id, count in self.env.execute_query(SQL(" UNION ALL ").join(queries)):
            by_table = joined.setdefault(customer_id, {})
            by_table[table] = by_table.get(table, 0) + count
        return joined


class CrmLeadMerge(models.Model):
    _inherit = "crm.lead.merge"

    def _undo_check(self):
        """A conversion can be undone until the opportunity is won, or something was built on it."""
        result = super()._undo_check()
        built = self._undo_built()
        if built:
            raise UserError(
                self.env._(
                    "This conversion cannot be undone, because something was built on it: %(what)s.",
                    what=", ".join(built),
                )
            )
        return result

    def _undo_built(self):
        """Return, in words, what was made of the opportunity since."""
        if self.kind != "conversion":
            return super()._undo_built()
        self.env.flush_all()
        lead = self.survivor_id
        built = [self.env._("“%(name)s” is won", name=lead.name)] if lead.won_status == "won" else []
        return list(dict.fromkeys([*built, *self._conversion_built_on_lead(lead)]))

    def _undo_kept(self):
        """Return the customers that this conversion created and that stay: people have worked on them since."""
        kept = super()._undo_kept()
        if self.kind == "conversion":
            used = self._conversion_customers_in_use()
            kept += [
                {"type": "customer", "partner_id": customer.id, "what": what}
                for customer, what in used.items()
            ]
        return kept

    def _conversion_customers(self):
        """Return the customers that this conversion created and that still exist."""
        Partner = self.env["res.partner"]
        return Partner.browse(created_digests(self.env, self.id, Partner._table)).exists()

    def _conversion_customers_in_use(self):
        """Return ``{customer: [what in words]}`` of the created customers that were changed or used since."""
        # sudo: what holds a customer does not depend on who looks
        Partner = self.env["res.partner"].sudo()
        digests = created_digests(self.env, self.id, Partner._table)
        now = row_digests(self.env, Partner._table, list(digests))
        customers = Partner.browse(now)
        joined = self.env["crm.lead"]._conversion_joined(list(now))
        joined_before = created_joined(self.env, self.id, Partner._table)
        used = {}
        # contacts before their company, which stays with them
        for customer in customers.sorted(lambda customer: not customer.parent_id):
            what = [self.env._("changed values")] if now[customer.id] != digests[customer.id] else []
            what += self._conversion_built_on_customer(customer)
            before = joined_before.get(customer.id, {})
            what += [
                self.env["crm.lead"]._merge_records_label(None, table)
                for table, count in joined.get(customer.id, {}).items()
                if count > before.get(table, 0)
            ]
            what += [
                child.display_name for child in customer.child_ids if child not in customers or child in used
            ]
            if what:
                used[customer] = list(dict.fromkeys(what))
        return used

    def _conversion_built_on_customer(self, customer):
        """Return the labels of what was linked to a new customer since."""
        labels = []
        for table, column, has_id in self.env["crm.lead"]._conversion_customer_links():
            if not has_id:
                continue
            condition = SQL("id <> %s", self.survivor_res_id) if table == "crm_lead" else SQL("TRUE")
            [(count,)] = self.env.execute_query(
                SQL(
                    "SELECT count(*) FROM %s WHERE %s = %s AND %s",
                    relation(table),
                    identifier(column),
                    customer.id,
                    condition,
                )
            )
            if count:
                labels.append(self.env["crm.lead"]._merge_records_label(None, table))
        return labels + self._conversion_told_of_customer(customer)

    @api.model
    def _conversion_told_of_customer(self, customer):
        """Return the labels of what people wrote to a new customer, which no foreign key tells of."""
        of_customer = Domain("res_id", "=", customer.id)
        told = {
            "mail.message": Domain("model", "=", "res.partner")
            & Domain("message_type", "in", ("comment", "email", "email_outgoing")),
            "mail.activity": Domain("res_model", "=", "res.partner"),
            "ir.attachment": Domain("res_model", "=", "res.partner") & Domain("res_field", "=", False),
        }
        return [
            self.env["crm.lead"]._merge_records_label(model, customer.env[model]._table)
            for model, domain in told.items()
            if customer.env[model].search_count(domain & of_customer, limit=1)
        ]

    def _conversion_built_on_lead(self, lead):
        """Return the labels of documents that were linked to the lead after its conversion."""
        built = []
        for link in lead._merge_links():
            model = self.env.get(link.model) if link.model else None
            if (
                isinstance(link, KeyLink)
                and link.table not in {*FOLLOWING, "crm_lead"}
                and "create_date" in link.columns
                and model is not None
                and not model._transient
                and not link.derived
            ):
                [(count,)] = self.env.execute_query(
                    SQL(
                        "SELECT count(*) FROM %s WHERE %s = %s AND create_date > %s",
                        link.relation,
                        identifier(link.column),
                        lead.id,
                        self.date,
                    )
                )
                if count:
                    built.append(self.env["crm.lead"]._merge_records_label(link.model, link.table))
        return built

    def _undo_done(self, survivor, restored):
        """Take the customers away that a conversion created, but for those that stay; see :meth:`_undo_kept`."""
        if self.kind == "conversion":
            # sudo: whatever of it the user may read
            kept = self.sudo().kept_conflicts or ()
            stay = {one["partner_id"] for one in kept if one["type"] == "customer"}
            # sudo: salespeople may create customers but not delete them
            customers = self._conversion_customers().sudo().filtered(lambda one: one.id not in stay)
            customers.sorted("parent_id", reverse=True).unlink()
        return super()._undo_done(survivor, restored)
