from . import crm_lead_to_opportunity
from . import crm_lead_to_opportunity_mass
from . import crm_lead_to_opportunity_mass_line
from . import crm_merge_opportunity
from . import crm_lead_merge_undo
from . import crm_lead_merge_arrived
from . import crm_lead_duplicate_dismiss
from . import crm_lead_duplicate_merge
