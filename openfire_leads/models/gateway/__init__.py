from . import crm_lead_mail
from . import crm_lead_mail_aside
from . import crm_lead_mail_join
from . import crm_team_alias
from . import crm_team_incoming
from . import mail_thread
from . import mail_thread_reading
