"""Drop the tables that are derived from leads and contacts: their form changes, and what they hold is made anew.

``init`` makes them again; ``crm.lead.duplicate._scan_stale`` has the leads compared, a scheduled action the contacts.
Pairs and groups stay: they hold what people said. The index of the pairs' state gives way to one of the dismissed.
"""

from odoo.tools import SQL, sql

DERIVED = (
    "crm_lead_match_key",
    "crm_lead_match",
    "crm_lead_match_term",
    "crm_lead_match_queue",
    "crm_partner_match_key",
    # parts of a scan refer to profiles and to rows of the queue
    "crm_lead_scan_batch",
)


def migrate(cr, version):
    for table in DERIVED:
        cr.execute(SQL("DROP TABLE IF EXISTS %s", SQL.identifier(table)))
    cr.execute("DROP INDEX IF EXISTS crm_lead_duplicate__state_index")
    if sql.table_exists(cr, "crm_lead_scan"):
        cr.execute("ALTER TABLE crm_lead_scan ALTER COLUMN not_compared TYPE numeric")
        cr.execute("""
            UPDATE crm_lead_scan SET state = 'stopped', ended_on = now() AT TIME ZONE 'UTC' WHERE state = 'running'
        """)
