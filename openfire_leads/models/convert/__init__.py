from . import crm_lead_convert
from . import crm_lead_customer_proposal
from . import crm_lead_conversion
from . import crm_lead_customer_link
