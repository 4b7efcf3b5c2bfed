from . import crm_lead_scan
from . import crm_lead_scan_batch
from . import crm_lead_scan_work
from . import crm_lead_scan_steps
from . import crm_lead_scan_progress
from . import crm_lead_scan_schedule
from . import match_queue_held
from . import res_config_settings
