"""Prove that a database of the version before is upgraded, and that all that was in it is there and can be used.

Makes a throw-away database with the addon and some leads, merges, an undo, a conversion, a dismissal; turns it back
into the form of the version before (``upgrade/``), upgrades as if it had very many leads, and looks at everything.
Exits with 1 when something is amiss.

    python tests/check_upgrade.py -c ODOO.CONF --template DATABASE

The template is a database with the addon's dependencies. It is not a ``test_*`` module: it needs a database of its own.
"""

import argparse
import os
import sys
from contextlib import closing
from pathlib import Path
from unittest.mock import patch

import invariants

import odoo
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service import db as service
from odoo.tools import SQL, config

ADDON = "openfire_leads"
FORM = Path(__file__).with_name("upgrade") / "form_of_19.0.1.0.0.sql"
PEOPLE = (
    ("Théodule Vandenbroucke", "theodule.vandenbroucke@orange.fr"),
    ("Solange Etchegoyen", "sol.etchegoyen@free.fr"),
    ("Aldebert Quemener", "aldebert.quemener@laposte.net"),
    ("Hildegarde Zimmermann", "hilde.zimmermann@gmx.de"),
)
# of more leads than this an upgrade leaves the comparison to the background
LIMIT = "odoo.addons.openfire_leads.models.scan.crm_lead_duplicate_install.AT_ONCE"
CATALOGUE = """
    SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns
     WHERE table_schema = 'public' AND (table_name ~ '^crm_(lead|team$|partner_match)' OR table_name = 'ir_cron')
"""


def fill(env):
    """Make two leads each of some people; merge those of the first and the second, undo the latter, dismiss those of
    the third, convert one. Return ``{what: ids}`` as ``invariants.remember`` does, the merged lead included."""
    leads = env["crm.lead"].create(
        [
            {"type": "lead", "name": f"Stove {number}", "contact_name": name, "email_from": email}
            for name, email in PEOPLE
            for number in range(2)
        ]
    )
    for lead in leads:
        lead.message_post(body=f"own-{lead.id}-")
        lead.activity_schedule("mail.mail_activity_data_todo", summary="To do")
    known = invariants.remember(env)
    leads[:2].merge_opportunity()
    leads[2:4].merge_opportunity()
    env["crm.lead.merge"].search([("survivor_id", "=", leads[2].id)]).action_undo()
    env["crm.lead.duplicate"].search(
        [("lead_id", "=", leads[4].id), ("other_lead_id", "=", leads[5].id)]
    ).action_dismiss()
    leads[6].convert_opportunity(env["res.partner"])
    return known


def amiss(env, known, columns):
    """Return what is not as it was, or cannot be used any more."""
    found = [f"a column differs: {column}" for column in columns ^ _columns(env)]
    if not env["crm.lead.scan"]._running():
        found.append("the leads are not being compared in the background")
    invariants.settle(env)
    found += invariants.broken(env, known)
    merges, pairs = env["crm.lead.merge"].search([]), env["crm.lead.duplicate"]
    if sorted(merges.mapped("state")) != ["done", "done", "undone"]:
        found.append(f"the journal has {merges.mapped('state')}")
    if not pairs.search_count([("state", "=", "dismissed")]):
        found.append("the dismissal is forgotten")
    if not env["crm.lead.duplicate.group"].search_count([]):
        found.append("there are no groups")
    if env["ir.config_parameter"].get_param("openfire_leads.similar_criteria") != "odoo":
        found.append("similar leads are others than the administrator chose")
    loose = env.execute_query(
        SQL("""
            SELECT line.id FROM crm_lead_merge_line line LEFT JOIN crm_lead ON crm_lead.id = lead_res_id
             WHERE lead_id IS DISTINCT FROM crm_lead.id
        """)
    )
    found += [f"line {line_id} of the journal is not tied to its lead" for (line_id,) in loose]
    merges.filtered(lambda merge: merge.state == "done").action_undo()
    env.cr.commit()
    invariants.settle(env)
    found += invariants.broken(env, known)
    missing = set(known["leads"]) - set(env["crm.lead"].browse(known["leads"]).exists().ids)
    found += [f"lead {lead_id} did not come back with the undo" for lead_id in missing]
    return found + _strayed(env)


def upgraded(database):
    return Registry.new(database, update_module=True, upgrade_modules=[ADDON])


def _strayed(env):
    """Return whose own message is another lead's now."""
    rows = env.execute_query(
        SQL(
            "SELECT res_id FROM mail_message WHERE body LIKE '%%own-%%' AND body NOT LIKE '%%own-' || res_id || '-%%'"
        )
    )
    return [f"lead {lead_id} has another one's message" for (lead_id,) in rows]


def _columns(env):
    return set(env.execute_query(SQL(CATALOGUE)))


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-c", "--config", default=os.environ.get("ODOO_RC"))
    parser.add_argument("--template", required=True)
    parser.add_argument("--database", default=f"upgrade_{os.getpid()}")
    options = parser.parse_args(arguments)
    config.parse_config(["-c", options.config, "--no-http", "--log-level=warn"])
    database = options.database
    try:
        service.exp_duplicate_database(options.template, database)
        with Registry.new(database, update_module=True, install_modules=[ADDON]).cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            columns = _columns(env)
            known = fill(env)
        with odoo.sql_db.db_connect(database).cursor() as cr:
            cr.execute(FORM.read_text(encoding="utf-8"))
        with patch(LIMIT, 0), upgraded(database).cursor() as cr:
            found = amiss(api.Environment(cr, SUPERUSER_ID, {}), known, columns)
    finally:
        odoo.sql_db.close_db(database)
        with closing(odoo.sql_db.db_connect("postgres").cursor()) as cr:
            cr._cnx.autocommit = True
            cr.execute(SQL("DROP DATABASE IF EXISTS %s", SQL.identifier(database)))
    print("\n".join(found))
    print(f"{len(known['leads'])} leads, {len(found)} things amiss after the upgrade")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
