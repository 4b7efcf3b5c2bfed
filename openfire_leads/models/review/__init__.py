from . import regroup_queue
from . import crm_lead_duplicate_group
from . import crm_lead_duplicate_group_leads
from . import crm_lead_duplicate_group_search
from . import crm_lead_duplicate_group_refresh
from . import crm_lead_duplicate_group_verbs
from . import crm_lead_merging
from . import match_queue_work
