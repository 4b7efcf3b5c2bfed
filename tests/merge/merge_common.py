"""What the tests of merging share: leads with a past, and dumps of the whole database."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta

from odoo import api
from odoo.fields import Command
from odoo.orm.registry import Registry
from odoo.tests import BaseCase, TransactionCase, get_db_name, new_test_user
from odoo.tools import SQL

from odoo.addons.openfire_leads.merging import identifier

# what is derived from the leads at any time, and housekeeping
NOT_DUMPED = {
    "crm_lead_match",
    "crm_lead_match_key",
    "crm_lead_match_queue",
    "crm_lead_regroup_queue",
    "crm_lead_match_term",
    "crm_lead_duplicate",
    "bus_bus",
    "ir_cron_trigger",
    "ir_logging",
    "ir_profile",
}

JOURNAL = {"crm_lead_merge", "crm_lead_merge_line", "crm_lead_merge_link"}


def dump_rows(env, *, journal=False):
    """Return ``{table: {row as text: how many}}`` of the whole database, the journal's rows if asked for."""
    env.flush_all()
    tables = env.execute_query(
        SQL(
            """SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relkind IN ('r', 'p') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
             ORDER BY 2, 1"""
        )
    )
    dump = {}
    for schema, table in tables:
        if table in NOT_DUMPED or (table in JOURNAL and not journal):
            continue
        rows = env.execute_query(
            SQL("SELECT t::text, count(*) FROM %s t GROUP BY 1", identifier(schema, table))
        )
        if rows:
            dump[table] = dict(rows)
    return dump


def differences(before, after, *, additions=()):
    """Return what two dumps do not have in common, table by table; ``additions`` may have more rows."""
    found = []
    for table in sorted(before.keys() | after.keys()):
        old, new = before.get(table, {}), after.get(table, {})
        if old == new:
            continue
        gone = [row for row in old if old[row] > new.get(row, 0)]
        added = [row for row in new if new[row] > old.get(row, 0)]
        if gone or (added and table not in additions):
            found.append(f"{table}\n  - {gone[:3]}\n  + {added[:3]}")
    return found


class CommittedCase(BaseCase):
    """Several transactions: what :meth:`make` commits, :meth:`remove` removes."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            self.make(self.environment(cr))
        self.addCleanup(self._clean_up)

    def environment(self, cr):
        return api.Environment(cr, api.SUPERUSER_ID, {"tracking_disable": True})

    @contextmanager
    def waiting_for(self, holder, act):
        """Do ``act`` in a thread: the block begins when that waits for the transaction of the cursor ``holder``,
        and must end it; what ``act`` raises is raised after the block."""
        with ThreadPoolExecutor(1) as pool:
            acting = pool.submit(act)
            try:
                self._wait_until_blocked(holder, acting)
                yield
            finally:
                holder.rollback()  # where the block did not get so far
            acting.result(timeout=60)

    def _wait_until_blocked(self, holder, acting):
        holder_pid = holder.connection.info.backend_pid
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and not acting.done():
            with self.registry.cursor() as cr:
                cr.execute(
                    "SELECT FROM pg_stat_activity WHERE %s = ANY(pg_blocking_pids(pid))", (holder_pid,)
                )
                if cr.rowcount:
                    return
            time.sleep(0.05)
        self.fail("it does not wait")

    def _clean_up(self):
        with self.registry.cursor() as cr:
            self.remove(self.environment(cr))


class MergeCase(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("openfire_leads.survivor_rule", False)
        cls.salesman = new_test_user(cls.env, "merge_sales", groups="sales_team.group_sale_salesman")
        cls.colleague = new_test_user(cls.env, "merge_colleague", groups="sales_team.group_sale_salesman")
        cls.manager = new_test_user(cls.env, "merge_manager", groups="sales_team.group_sale_manager")
        cls.tags = cls.env["crm.tag"].create([{"name": f"Tag {i}"} for i in range(4)])

    @classmethod
    def add_fields(cls, fields, model="crm.lead"):
        """Return new fields of a model, for the time of the class.

        :param fields: ``[(name, type, other values of ir.model.fields), …]``
        """
        cls.addClassCleanup(cls.registry.reset_changes)
        model_id = cls.env["ir.model"]._get_id(model)
        return cls.env["ir.model.fields"].create(
            [
                {"model_id": model_id, "name": name, "ttype": ttype, "field_description": name, **options}
                for name, ttype, options in fields
            ]
        )

    @classmethod
    def make_model(cls, name, model):
        """Make a model, for the time of the class, of records with a lead: ``x_typed`` and ``x_derived`` are computed
        from its city, and the first of them may be written."""
        cls.addClassCleanup(cls.registry.reset_changes)
        model_id = cls.env["ir.model"].create({"name": name, "model": model}).id
        computed = {"ttype": "char", "store": True, "depends": "x_lead_id.city"}
        for field, values in (
            ("x_lead_id", {"ttype": "many2one", "relation": "crm.lead", "on_delete": "cascade"}),
            ("x_typed", {**computed, "readonly": False}),
            ("x_derived", {**computed, "readonly": True}),
        ):
            if "depends" in values:
                values["compute"] = f"for record in self: record['{field}'] = record.x_lead_id.city"
            cls.env["ir.model.fields"].create(
                {"model_id": model_id, "name": field, "field_description": field, **values}
            )

    def last_merge(self):
        return self.env["crm.lead.merge"].search([], limit=1, order="id desc")

    @classmethod
    def make_leads(cls, count, **values):
        """Leads of the salesman, the first one the oldest."""
        leads = cls.env["crm.lead"].create(
            [
                {"name": f"Request {i}", "type": "lead", "user_id": cls.salesman.id, **values}
                for i in range(count)
            ]
        )
        leads.flush_recordset()
        for position, lead in enumerate(leads):
            cls.env.cr.execute(
                "UPDATE crm_lead SET create_date = %s WHERE id = %s",
                (datetime(2026, 1, 1) + timedelta(days=position), lead.id),
            )
        leads.invalidate_recordset()
        return leads

    def give_past(self, lead):
        """Messages, followers, activities, meetings, files, scheduled messages, an external id."""
        partner = self.env["res.partner"].create({"name": f"Follower of {lead.name}"})
        lead.message_post(body="Hello", subject="Quotation", subtype_xmlid="mail.mt_comment")
        lead.message_post(body="No subject")
        lead.message_subscribe((partner + self.env.user.partner_id + self.manager.partner_id).ids)
        lead.activity_schedule("mail.mail_activity_data_todo", summary="To do")
        done = lead.activity_schedule("mail.mail_activity_data_call", summary="Called")
        done._action_done()
        self.env["calendar.event"].create(
            {
                "name": "Visit",
                "start": "2026-02-01 10:00:00",
                "stop": "2026-02-01 11:00:00",
                "privacy": "private",
                "user_id": self.colleague.id,
                "opportunity_id": lead.id,
                "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
                "res_id": lead.id,
            }
        )
        self.env["ir.attachment"].create(
            {"name": "plan.txt", "raw": b"a plan", "res_model": "crm.lead", "res_id": lead.id}
        )
        self.env["mail.scheduled.message"].create(
            {
                "author_id": self.env.user.partner_id.id,
                "model": "crm.lead",
                "res_id": lead.id,
                "body": "Later",
                "scheduled_date": datetime.now() + timedelta(days=30),
            }
        )
        self.env["ir.model.data"].create(
            {"module": "__import__", "name": f"lead_{lead.id}", "model": "crm.lead", "res_id": lead.id}
        )
        lead.tag_ids = [Command.link(self.tags[lead.id % 4].id), Command.link(self.tags[0].id)]

    def dump(self):
        """Return ``{table: {row as text: how many}}`` of the whole database."""
        return dump_rows(self.env)

    def assert_same_dump(self, before, after, *, additions=("mail_message", "mail_tracking_value")):
        """The database is what it was, but for rows added to the chatter."""
        found = differences(before, after, additions=additions)
        self.assertFalse(found, "\n".join(found))
