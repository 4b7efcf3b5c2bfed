"""Conversions are journaled too, and can be undone as long as nothing was built on them."""

from odoo import api, models, tools
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .crm_lead_merge import MergeRun
from .crm_lead_merge_journal import MergeJournal
from .crm_lead_merge_links import LinkFinder

# tables that follow a lead or a customer around without anything being built on it
FOLLOWING = {
    *("calendar_event", "calendar_event_res_partner_rel", "calendar_attendee"),
    *("crm_lead_merge", "crm_lead_merge_line", "crm_partner_match_key"),
    *("mail_activity", "mail_followers", "mail_message", "mail_notification", "res_partner"),
}


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def convert_opportunity(self, partner, user_ids=False, team_id=False):
        """Convert as Odoo does, with a journal. Automatic assignment, which converts leads by the thousand,
        has none: nobody chose anything there that could be taken back."""
        if self.env.context.get("mail_auto_subscribe_no_notify"):
            return super().convert_opportunity(partner, user_ids=user_ids, team_id=team_id)
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
        runs = {lead.id: MergeRun(lead.ids, False, kind="conversion") for lead in leads}
        journal = MergeJournal(self.env, list(runs.values()))
        journal.open()
        for run in runs.values():
            run.last_partner_id = last_partner_id
        return runs, journal

    @api.model
    def _conversion_runs(self):
        """Return ``{lead id: run}`` of the conversions going on. What a client puts into the context is none."""
        runs = self.env.context.get("openfire_conversion_runs")
        runs = runs.items() if isinstance(runs, dict) else ()
        return {lead_id: run for lead_id, run in runs if isinstance(run, MergeRun)}

    @api.model
    def _conversion_close(self, runs, journal):
        """Keep what the conversion made: the leads as they are now, the customers it created."""
        if not runs:
            return
        self.env.flush_all()
        unchanged = []
        for lead in self.browse(runs).exists():
            run = runs[lead.id]
            # sudo: ids only, to find a company created along with its contact
            customers = lead.sudo().partner_id | lead.sudo().partner_id.parent_id
            created = [partner_id for partner_id in customers.ids if partner_id > run.last_partner_id]
            if created:
                run.touched = created
                journal.add(run, "created", "res_partner", created)
            if lead.type != "opportunity":
                unchanged.append(run.merge_id)
        journal.close()
        # sudo: users read the journal, the system writes it
        self.env["crm.lead.merge"].sudo().browse(unchanged).unlink()

    @api.model
    @tools.ormcache(cache="stable")
    def _conversion_customer_links(self):
        """Return ``(table, column)`` of every foreign key to customers that counts as built on one."""
        finder = LinkFinder(self.sudo().env, "res.partner")
        return tuple(link for link in finder.references["res_partner"] if link[0] not in FOLLOWING)


class CrmLeadMerge(models.Model):
    _inherit = "crm.lead.merge"

    def _undo_check(self):
        """A conversion can be undone until the opportunity is won, or something was built on it."""
        result = super()._undo_check()
        if self.kind == "conversion":
            built = self._conversion_built()
            if built:
                raise UserError(
                    self.env._(
                        "This conversion cannot be undone, because something was built on it: %(what)s.",
                        what=", ".join(built),
                    )
                )
        return result

    def _conversion_customers(self):
        """Return the customers that this conversion created and that still exist."""
        rows = self.env.execute_query(
            SQL(
                """SELECT e::int FROM crm_lead_merge_link k, jsonb_array_elements(k.rows) e
                    WHERE k.merge_id = %s AND k.action = 'created' AND k.table_name = 'res_partner'""",
                self.id,
            )
        )
        return self.env["res.partner"].browse(row[0] for row in rows).exists()

    def _conversion_built(self):
        """Return, in words, what was made of the opportunity and of its new customer since."""
        self.env.flush_all()
        lead = self.survivor_id
        built = [self.env._("“%(name)s” is won", name=lead.name)] if lead.won_status == "won" else []
        built += self._conversion_built_on_lead(lead)
        # sudo: what stands in the way does not depend on who looks
        customers = self._conversion_customers().sudo()
        for table, column, _on_delete in lead._conversion_customer_links() if customers else ():
            condition = SQL("id <> %s", lead.id) if table == "crm_lead" else SQL("TRUE")
            [(count,)] = self.env.execute_query(
                SQL(
                    "SELECT count(*) FROM %s WHERE %s = ANY(%s) AND %s",
                    SQL.identifier(table),
                    SQL.identifier(column),
                    customers.ids,
                    condition,
                )
            )
            if count:
                built.append(
                    f"{self.env['crm.lead']._merge_records_label(None, table)} ({', '.join(customers.mapped('name'))})"
                )
        built += self._conversion_built_on_customers(customers)
        return list(dict.fromkeys(built))

    @api.model
    def _conversion_built_on_customers(self, customers):
        """Return the labels of what people wrote to new customers, which no foreign key tells of."""
        of_customers = Domain("res_id", "in", customers.ids)
        told = {
            "mail.message": Domain("model", "=", "res.partner")
            & Domain("message_type", "in", ("comment", "email", "email_outgoing")),
            "mail.activity": Domain("res_model", "=", "res.partner"),
            "ir.attachment": Domain("res_model", "=", "res.partner") & Domain("res_field", "=", False),
        }
        names = ", ".join(customers.mapped("name"))
        return [
            f"{self.env['crm.lead']._merge_records_label(model, customers.env[model]._table)} ({names})"
            for model, domain in told.items()
            if customers and customers.env[model].search_count(domain & of_customers, limit=1)
        ]

    def _conversion_built_on_lead(self, lead):
        """Return the labels of documents that were linked to the lead after its conversion."""
        built = []
        for link in lead._merge_links():
            model = self.env.get(link.model) if link.model else None
            if (
                link.kind == "key"
                and link.table not in {*FOLLOWING, "crm_lead"}
                and "create_date" in link.columns
                and model is not None
                and not model._transient
                and not link.journal_only
            ):
                [(count,)] = self.env.execute_query(
                    SQL(
                        "SELECT count(*) FROM %s WHERE %s = %s AND create_date > %s",
                        SQL.identifier(link.table),
                        SQL.identifier(link.column),
                        lead.id,
                        self.date,
                    )
                )
                if count:
                    built.append(self.env["crm.lead"]._merge_records_label(link.model, link.table))
        return built

    def _undo_done(self, survivor, restored):
        """Take the customer away that a conversion created; nothing was built on it, see _undo_check."""
        if self.kind == "conversion":
            # sudo: salespeople may create customers but not delete them
            customers = self._conversion_customers().sudo()
            customers.sorted("parent_id", reverse=True).unlink()
        return super()._undo_done(survivor, restored)
