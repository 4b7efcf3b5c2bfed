from . import crm_lead_entry_channel
