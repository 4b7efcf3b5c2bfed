from . import crm_team
from . import crm_team_menu
from . import res_config_settings
