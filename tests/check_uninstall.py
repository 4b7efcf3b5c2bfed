"""Prove that uninstalling the addon leaves nothing of it in the database.

Makes a throw-away database with CRM, dumps it (tables, columns, indexes, constraints, and every row), installs the
addon, uses it a little, uninstalls it, dumps again and prints every difference. Exits with 1 when there is one.

    python tests/check_uninstall.py -c ODOO.CONF [--template DATABASE]

With ``--template`` the database is copied from one that has ``crm`` installed, which saves half a minute.
It is not a ``test_*`` module: it needs a database of its own.
"""

import argparse
import os
import sys
from contextlib import closing

import odoo
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service import db as service
from odoo.tools import SQL, config

ADDON = "openfire_leads"
# Tables that any use of Odoo changes, whatever the module: notices to browsers, wake-ups of crons, caches.
VOLATILE_TABLES = {
    "base_registry_signaling",
    "bus_bus",
    "ir_attachment",
    "ir_cron_progress",
    "ir_cron_trigger",
    "ir_logging",
    "ir_module_module",
}
VOLATILE_TABLE_PREFIX = "orm_signaling_"
VOLATILE_COLUMNS = ["write_date", "write_uid", "create_date", "nextcall", "lastcall"]
# Odoo itself sets this one right at the next installation of anything.
VOLATILE_NAMES = {"constraint rule_group_rel.rule_group_rel_group_id_fkey"}

CATALOGUE = {
    "column": """
        SELECT table_name || '.' || column_name, data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '')
          FROM information_schema.columns WHERE table_schema = 'public'""",
    "index": "SELECT tablename || '.' || indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "constraint": """
        SELECT conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
          FROM pg_constraint WHERE connamespace = 'public'::regnamespace""",
    "sequence": "SELECT sequencename, '' FROM pg_sequences WHERE schemaname = 'public'",
    "function": "SELECT proname, '' FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    "extension": "SELECT extname, '' FROM pg_extension",
}


def dump(database):
    """Return ``{name of a thing: what it is}`` for everything in a database."""
    found = {}
    with Registry(database).cursor() as cr:
        for kind, query in CATALOGUE.items():
            cr.execute(query)
            found.update({f"{kind} {name}": value for name, value in cr.fetchall()})
        cr.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cr.fetchall():
            if table in VOLATILE_TABLES or table.startswith(VOLATILE_TABLE_PREFIX):
                continue
            cr.execute(
                SQL(
                    "SELECT (to_jsonb(t) - %s::text[])::text FROM %s t",
                    VOLATILE_COLUMNS,
                    SQL.identifier(table),
                )
            )
            for (row,) in cr.fetchall():
                key = f"row of {table}: {row}"
                found[key] = found.get(key, 0) + 1
    return {name: value for name, value in found.items() if name not in VOLATILE_NAMES}


def use(database):
    """Leave traces: a team's own choice, the switch on and off, settings, similar leads, a dismissal, merges, one of
    them undone, a conversion, a lead that cannot be compared."""
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        team = env["crm.team"].create({"name": "Trace", "lead_mode": "leads"})
        user_group, lead_group = env.ref("base.group_user"), env.ref("crm.group_use_lead")
        user_group._apply_group(lead_group)
        user_group._remove_group(lead_group)
        leads = env["crm.lead"].create(
            [{"name": f"Trace {n}", "email_from": "a@example.com", "team_id": team.id} for n in range(3)]
        )
        env.flush_all()
        # not through Settings, whose saving writes parameters of other modules too
        for name, value in (
            ("duplicate_proposal", "notice"),
            ("merge_max_leads", "7"),
            ("suspicion_score", "40"),
        ):
            env["ir.config_parameter"].set_param(f"openfire_leads.{name}", value)
        env["crm.lead.duplicate"].search([("lead_id", "in", leads.ids)], limit=1).action_dismiss("no")
        leads[:2].merge_opportunity()
        env["crm.lead.merge"].search([("survivor_id", "in", leads.ids)]).action_undo()
        leads[1:].merge_opportunity()
        leads[0].convert_opportunity(env["res.partner"])
        env["crm.lead.match.queue"]._append_again(leads[0].ids, failures=1, error=ValueError("x"))
        leads.exists().unlink()
        team.unlink()
        env.flush_all()


def module(database, verb):
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        getattr(env["ir.module.module"].search([("name", "=", ADDON)]), verb)()


def prepare(database, template):
    if template:
        service.exp_duplicate_database(template, database)
    else:
        service._create_empty_database(database)
    modules = [] if template else ["crm"]
    registry = Registry.new(database, update_module=True, install_modules=modules)
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        env["ir.module.module"].update_list()
        # moving the switch writes what was never set, in stock Odoo too
        cr.execute("UPDATE crm_team SET use_leads = false WHERE use_leads IS NULL")
        # what the addon depends on stays after it is uninstalled: install it first
        names = env["ir.module.module"].search([("name", "=", ADDON)]).dependencies_id.mapped("name")
        needed = env["ir.module.module"].search([("name", "in", names), ("state", "!=", "installed")])
        if needed:
            needed.button_immediate_install()


def drop(database):
    odoo.sql_db.close_db(database)
    connection = odoo.sql_db.db_connect("postgres")
    with closing(connection.cursor()) as cr:
        cr._cnx.autocommit = True
        cr.execute(SQL("DROP DATABASE IF EXISTS %s", SQL.identifier(database)))


def main(arguments):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("-c", "--config", default=os.environ.get("ODOO_RC"))
    parser.add_argument("--template")
    parser.add_argument("--database", default=f"uninstall_{os.getpid()}")
    options = parser.parse_args(arguments)
    config.parse_config(["-c", options.config, "--no-http", "--log-level=warn"])
    try:
        prepare(options.database, options.template)
        before = dump(options.database)
        module(options.database, "button_immediate_install")
        installed = dump(options.database)
        use(options.database)
        module(options.database, "button_immediate_uninstall")
        after = dump(options.database)
        module(options.database, "button_immediate_install")  # and nothing is in the way of coming back
    finally:
        drop(options.database)
    left = sorted(f"left behind: {name} {after[name]}" for name in after if after[name] != before.get(name))
    lost = sorted(
        f"lost or changed: {name} {before[name]}" for name in before if before[name] != after.get(name)
    )
    print("\n".join(left + lost))
    print(
        f"{len(installed) - len(before)} things more when installed, {len(left) + len(lost)} differences after"
    )
    return 1 if left or lost or len(installed) <= len(before) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
