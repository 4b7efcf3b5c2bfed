from . import merged_leads
