"""Bring the journal of merges into its present form, so that merges made before can be undone."""

from odoo.tools import SQL, sql

# whom an entry names is read of its lines now, by the rights of their leads
FORMER = ("survivor_name", "merged_names")


def migrate(cr, version):
    if not sql.column_exists(cr, "crm_lead_merge_link", "kind"):
        sql.create_column(cr, "crm_lead_merge_link", "kind", "varchar")
        _fill_kinds(cr)
    for column in FORMER:
        cr.execute(SQL("ALTER TABLE crm_lead_merge DROP COLUMN IF EXISTS %s", SQL.identifier(column)))
    if sql.column_exists(cr, "crm_lead_merge", "conflicts"):
        sql.rename_column(cr, "crm_lead_merge", "conflicts", "kept_conflicts")


def _fill_kinds(cr):
    """Say of which kind (``merging.KINDS``) the links of former merges are; values in JSON of any kind are taken back
    in one way."""
    cr.execute("""
        UPDATE crm_lead_merge_link SET kind = CASE
               WHEN action IN ('created', 'delta') THEN action
               WHEN (table_name, column_name) = ('calendar_event', 'opportunity_id') THEN 'meeting'
               WHEN (table_name, column_name) = ('mail_message', 'res_id') THEN 'message'
               WHEN (table_name, column_name) = ('mail_followers', 'res_id') THEN 'follower'
               WHEN (table_name, column_name) = ('ir_attachment', 'res_id') THEN 'file'
               WHEN (table_name, column_name) = ('ir_default', 'json_value') THEN 'default'
               WHEN type = 'jsonb'::regtype THEN 'company'
               WHEN type IN ('varchar'::regtype, 'text'::regtype) THEN 'reference'
               WHEN key_columns IS DISTINCT FROM '["id"]' THEN 'many2many'
               WHEN is_key THEN 'key'
               ELSE 'pair' END
          FROM (
            SELECT link.id AS link_id, atttypid AS type, EXISTS (
                    SELECT FROM pg_constraint
                     WHERE contype = 'f' AND conrelid = attrelid AND conkey = ARRAY[attnum]
                   ) AS is_key
              FROM crm_lead_merge_link link
         LEFT JOIN pg_attribute ON attrelid = to_regclass(quote_ident(table_name)) AND attname = column_name
          ) AS found
         WHERE link_id = id
    """)
