from . import crm_lead_duplicate_report
