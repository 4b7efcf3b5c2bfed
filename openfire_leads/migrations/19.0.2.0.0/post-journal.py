"""Tie each line of the journal to its lead, as long as that exists: its rights are those of the line."""


def migrate(cr, version):
    cr.execute("""
        UPDATE crm_lead_merge_line SET lead_id = lead_res_id
         WHERE lead_id IS NULL AND EXISTS (SELECT FROM crm_lead WHERE id = lead_res_id)
    """)
