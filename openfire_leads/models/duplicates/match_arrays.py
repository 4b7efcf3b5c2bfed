"""What is stored of all leads, as arrays: for a scan, which looks at everything at once."""

import numpy as np

from odoo import api, models
from odoo.tools import SQL

from ... import matching
from ...tools import arrays


class CrmLeadMatch(models.Model):
    _inherit = "crm.lead.match"

    @api.model
    def _all_lead_ids(self):
        """Return an array of the leads that have a profile by this version of the engine, in order."""
        query = SQL(
            "SELECT lead_id FROM crm_lead_match WHERE engine = %s ORDER BY lead_id", matching.ENGINE_VERSION
        )
        return arrays.read(self.env.cr, query, lead_id=np.int32)["lead_id"]

    @api.model
    def _read_blocks(self):
        """Return the ``matching.Blocks`` of all leads: which share a key that not too many share."""
        query = SQL(
            "SELECT lead_id, unnest(keys) FROM crm_lead_match WHERE engine = %s", matching.ENGINE_VERSION
        )
        stored = arrays.read(self.env.cr, query, lead_id=np.int32, key=np.int32)
        return matching.Blocks(stored["lead_id"], stored["key"])
