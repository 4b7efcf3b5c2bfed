from . import crm_lead_merge
from . import crm_lead_merge_outcome
from . import crm_lead_merge_survivor
from . import crm_lead_merge_values
from . import crm_team
from . import crm_team_alias
from . import crm_team_menu
from . import res_config_settings
